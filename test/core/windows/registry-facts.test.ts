// Facts out of several values: identity, services, machine password, user rights, name servers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { Writer } from '../../../src/core/bytes/writer.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { inquireIdentity } from '../../../src/core/windows/identity.ts';
import type { Inquiry } from '../../../src/core/windows/inquiry.ts';
import { inquireMachinePassword } from '../../../src/core/windows/machine-password.ts';
import { inquireNameServers } from '../../../src/core/windows/name-servers.ts';
import { inquireServices } from '../../../src/core/windows/services.ts';
import { throughRegistry } from '../../../src/core/windows/through-registry.ts';
import { inquireUserRights } from '../../../src/core/windows/user-rights.ts';
import { ask, CONTEXT, type Data, type FakeMachine, type Key } from './fake-machine.ts';

/** The value of a fact; a text for anything that is not present. */
function fact(inquiry: Inquiry<Evidence>, name: keyof Evidence, machine: FakeMachine, rounds = 1): unknown {
  const asked = ask(machine, inquiry);
  assert.equal(asked.rounds, rounds);
  const observed = asked.value[name];
  if (observed?.state === 'present') return observed.value;
  return observed?.state === 'unknown' ? `unknown: ${observed.detail}` : observed?.state;
}

/** Data without a type, as the LSA writes all of its. */
function untyped(...bytes: readonly number[]): Data {
  return { type: 0, data: Uint8Array.from(bytes) };
}

function lsaName(text: string): Data {
  const name = encodeUtf16le(text);
  return {
    type: 0,
    data: new Writer()
      .u16le(name.length)
      .u16le(name.length + 2)
      .u32le(8)
      .bytes(name)
      .u16le(0)
      .toBytes(),
  };
}

/** S-1-5-21-226059406-2984137831-1201299043, of a real domain. */
const DOMAIN_SID = untyped(
  ...[1, 4, 0, 0, 0, 0, 0, 5, 0x15, 0, 0, 0],
  ...[0x8e, 0x64, 0x79, 0x0d, 0x67, 0x54, 0xde, 0xb1, 0x63, 0x5e, 0x9a, 0x47],
);

const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const TCPIP = 'SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
const LSA = 'SECURITY\\Policy';

describe('which Windows', () => {
  const rows: readonly (readonly [title: string, version: Key, is: unknown])[] = [
    [
      'Server 2022',
      {
        ProductName: 'Windows Server 2022 Datacenter',
        CurrentBuildNumber: '20348',
        InstallationType: 'Server Core',
        UBR: 2340,
        DisplayVersion: '21H2',
      },
      {
        productName: 'Windows Server 2022 Datacenter',
        build: 20348,
        installationType: 'Server Core',
        revision: 2340,
        displayVersion: '21H2',
      },
    ],
    [
      'Server 2008 does not say that it is a server, except by its name',
      { ProductName: 'Windows Server (R) 2008 Standard', CurrentBuildNumber: '6002' },
      { productName: 'Windows Server (R) 2008 Standard', build: 6002, installationType: 'Server' },
    ],
    [
      'hardly anything there',
      { CurrentBuildNumber: '7601' },
      { productName: 'Windows', build: 7601, installationType: 'Client' },
    ],
    ['no build', { ProductName: 'Windows 10 Pro' }, 'absent'],
    [
      'a build that is no number',
      { CurrentBuildNumber: 'abc' },
      `unknown: ${VERSION}!CurrentBuildNumber is not a decimal number as text`,
    ],
  ];
  for (const [title, version, is] of rows) {
    test(title, () =>
      assert.deepEqual(
        fact(inquireIdentity(CONTEXT), 'os.version', { registry: { [VERSION]: version } }),
        is,
      ),
    );
  }
});

describe('which domain', () => {
  const rows: readonly (readonly [
    title: string,
    registry: Readonly<Record<string, Key>>,
    is: unknown,
    unreadable?: readonly string[],
  ])[] = [
    [
      'a member',
      {
        [TCPIP]: { Domain: 'corp.example' },
        [`${LSA}\\PolPrDmN`]: { '': lsaName('CORP') },
        [`${LSA}\\PolPrDmS`]: { '': DOMAIN_SID },
      },
      { joined: true, domain: 'corp.example', netbiosDomain: 'CORP' },
    ],
    [
      'a member whose suffix is not the domain',
      {
        [TCPIP]: { Domain: 'site.example' },
        [`${LSA}\\PolDnDDN`]: { '': lsaName('ad.corp.example') },
        [`${LSA}\\PolPrDmN`]: { '': lsaName('CORP') },
        [`${LSA}\\PolPrDmS`]: { '': DOMAIN_SID },
      },
      { joined: true, domain: 'ad.corp.example', netbiosDomain: 'CORP' },
    ],
    [
      'a workgroup, with a suffix that somebody set',
      {
        [TCPIP]: { Domain: 'corp.example' },
        [`${LSA}\\PolPrDmN`]: { '': lsaName('WORKGROUP') },
        [`${LSA}\\PolPrDmS`]: { '': untyped() },
      },
      { joined: false },
    ],
    ['no SID at all', { [TCPIP]: { Domain: '' } }, { joined: false }],
    [
      'SECURITY cannot be read: a suffix proves nothing',
      { [TCPIP]: { Domain: 'corp.example' } },
      `unknown: ${LSA}\\PolPrDmS! is damaged`,
      ['SECURITY'],
    ],
    [
      'what Entra left cannot be read, of a member',
      { [`${LSA}\\PolPrDmN`]: { '': lsaName('CORP') }, [`${LSA}\\PolPrDmS`]: { '': DOMAIN_SID } },
      { joined: true, netbiosDomain: 'CORP' },
      ['SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo'],
    ],
    [
      'what Entra left cannot be read',
      {},
      'unknown: SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo is damaged',
      ['SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo'],
    ],
    [
      'the LSA has a name that cannot be read: the suffix may be another',
      { [TCPIP]: { Domain: 'other.example' }, [`${LSA}\\PolPrDmS`]: { '': DOMAIN_SID } },
      { joined: true },
      [`${LSA}\\PolDnDDN!`],
    ],
    ['nothing can be read', {}, `unknown: ${LSA}\\PolPrDmS! is damaged`, ['SECURITY', 'SYSTEM']],
    [
      'Entra joined',
      { 'SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo\\0123ABCD': {} },
      { joined: false, entraJoined: true },
    ],
    [
      'was Entra joined',
      { 'SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo': {} },
      { joined: false },
    ],
    [
      'a name that says it is longer than it is',
      {
        [`${LSA}\\PolPrDmN`]: { '': untyped(0xff, 0xff, 0, 0, 8, 0, 0, 0, 0x41, 0) },
        [`${LSA}\\PolPrDmS`]: { '': DOMAIN_SID },
      },
      { joined: true },
    ],
  ];
  for (const [title, registry, is, unreadable = []] of rows) {
    test(title, () =>
      assert.deepEqual(fact(inquireIdentity(CONTEXT), 'domain.membership', { registry, unreadable }), is),
    );
  }

  test('the SID of the machine', () => {
    const sid = (data: Data) =>
      fact(inquireIdentity(CONTEXT), 'machine.sid', { registry: { [`${LSA}\\PolAcDmS`]: { '': data } } });
    assert.equal(sid(DOMAIN_SID), 'S-1-5-21-226059406-2984137831-1201299043');
    assert.equal(sid(untyped(1, 4, 0, 0)), `unknown: ${LSA}\\PolAcDmS! is not a SID`);
    assert.equal(sid('S-1-5-21-1-2-3'), `unknown: ${LSA}\\PolAcDmS! is not a SID`);
  });

  test('the name of the machine', () => {
    const key = 'SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName';
    const named = (registry: Readonly<Record<string, Key>>) =>
      fact(inquireIdentity(CONTEXT), 'computer.name', { registry });
    assert.equal(named({ [key]: { ComputerName: 'VM1' } }), 'VM1');
    assert.equal(named({}), 'absent');
    assert.equal(named({ [key]: { ComputerName: 1 } }), `unknown: ${key}!ComputerName is not a text`);
  });
});

describe('services', () => {
  const key = 'SYSTEM\\CurrentControlSet\\Services\\TermService';
  const rows: readonly (readonly [title: string, machine: FakeMachine, is: unknown])[] = [
    [
      'as Windows sets it',
      {
        registry: {
          [key]: {
            Start: 3,
            Type: 0x20,
            ObjectName: 'NT Authority\\NetworkService',
            ImagePath: { type: 2, data: '%SystemRoot%\\System32\\svchost.exe -k NetworkService' },
          },
        },
      },
      {
        startType: 3,
        type: 0x20,
        objectName: 'NT Authority\\NetworkService',
        imagePath: '%SystemRoot%\\System32\\svchost.exe -k NetworkService',
      },
    ],
    ['disabled', { registry: { [key]: { start: 4 } } }, { startType: 4 }],
    [
      'an account that is a number',
      { registry: { [key]: { Start: 2, ObjectName: 5 } } },
      `unknown: ${key}!ObjectName is not a text`,
    ],
    [
      'a program that is a number',
      { registry: { [key]: { Start: 2, ImagePath: 5 } } },
      `unknown: ${key}!ImagePath is not a text`,
    ],
    [
      'a kind in words',
      { registry: { [key]: { Start: 2, Type: 'own' } } },
      `unknown: ${key}!Type is not a number`,
    ],
    [
      'all three, of one that is disabled',
      { registry: { [key]: { Start: 4, ObjectName: 5, ImagePath: 5, Type: 'own' } } },
      { startType: 4 },
    ],
    ['no such service', { registry: {} }, 'absent'],
    ['no start type', { registry: { [key]: { Type: 0x20 } } }, `unknown: ${key}!Start does not exist`],
    [
      'a start type in words',
      { registry: { [key]: { Start: '4' } } },
      `unknown: ${key}!Start is not a number`,
    ],
    ['unreadable', { unreadable: [key] }, `unknown: ${key} is damaged`],
    [
      'a damaged list without the start type',
      { registry: { [key]: { Type: 0x20 } }, incomplete: [key] },
      `unknown: ${key}: value list is damaged`,
    ],
    [
      'a damaged list with the start type',
      { registry: { [key]: { Start: 2 } }, incomplete: [key] },
      `unknown: ${key}: value list is damaged`,
    ],
    [
      'a damaged list of a service that is disabled',
      { registry: { [key]: { Start: 4 } }, incomplete: [key] },
      { startType: 4 },
    ],
  ];
  for (const [title, machine, is] of rows) {
    test(title, () => assert.deepEqual(fact(inquireServices(CONTEXT), 'service.TermService', machine), is));
  }

  test('all of them in one round', () => {
    const { value } = ask({}, inquireServices(CONTEXT));
    assert.deepEqual(Object.keys(value), [
      'service.TermService',
      'service.UmRdpService',
      'service.SessionEnv',
      'service.gpsvc',
      'service.Netlogon',
      'service.KeyIso',
      'service.CryptSvc',
      'service.Dnscache',
      'service.W32Time',
      'service.MpsSvc',
      'service.BFE',
      'service.TermService.dependencies',
      'service.Netlogon.dependencies',
      'service.gpsvc.dependencies',
      'service.MpsSvc.dependencies',
    ]);
  });
});

describe('the password of the machine account', () => {
  const secret = 'SECURITY\\Policy\\Secrets\\$MACHINE.ACC\\CupdTime';
  const netlogon = 'SYSTEM\\CurrentControlSet\\Services\\Netlogon\\Parameters';
  /** 2016-11-08 13:28:03.816 UTC, of a real machine. */
  const time = untyped(0x84, 0x8b, 0xfd, 0xee, 0xc3, 0x39, 0xd2, 0x01);
  const rows: readonly (readonly [title: string, registry: Readonly<Record<string, Key>>, is: unknown])[] = [
    [
      'nothing set',
      { [secret]: { '': time } },
      { changedAt: '2016-11-08T13:28:03.816Z', changesDisabled: false, maximumAgeDays: 30 },
    ],
    [
      'changes are off',
      { [secret]: { '': time }, [netlogon]: { DisablePasswordChange: 1, MaximumPasswordAge: 90 } },
      { changedAt: '2016-11-08T13:28:03.816Z', changesDisabled: true, maximumAgeDays: 90 },
    ],
    ['no such secret', { [netlogon]: { DisablePasswordChange: 1 } }, 'absent'],
    ['half a time', { [secret]: { '': untyped(1, 2, 3, 4) } }, `unknown: ${secret}! is not a time`],
    [
      'a time that no calendar has',
      { [secret]: { '': untyped(255, 255, 255, 255, 255, 255, 255, 255) } },
      `unknown: ${secret}! is not a time`,
    ],
  ];
  for (const [title, registry, is] of rows) {
    test(title, () =>
      assert.deepEqual(fact(inquireMachinePassword(CONTEXT), 'machinePassword.changedAt', { registry }), is),
    );
  }

  test('no secret is ever asked for', () => {
    const inquiry = throughRegistry(inquireMachinePassword(CONTEXT));
    const { value: questions } = inquiry.next();
    assert.ok(Array.isArray(questions), 'it asks');
    for (const question of questions)
      assert.doesNotMatch(JSON.stringify(question), /CurrVal|OldVal/i, 'a secret is asked for');
  });
});

describe('user rights', () => {
  const account = (sid: string) => `SECURITY\\Policy\\Accounts\\${sid}`;
  const mask = (sid: string, bits: number): Readonly<Record<string, Key>> => ({
    [`${account(sid)}\\ActSysAc`]: { '': untyped(bits & 0xff, bits >>> 8, 0, 0) },
  });
  const machine: FakeMachine = {
    registry: {
      ...mask('S-1-1-0', 0x2),
      ...mask('S-1-5-32-544', 0x407),
      ...mask('S-1-5-32-555', 0x400),
      ...mask('S-1-5-113', 0x880),
      ...mask('S-1-5-32-546', 0x80),
      [`${account('S-1-5-19')}\\Privilgs`]: {},
      [`${account('nobody')}\\ActSysAc`]: { '': untyped(0xff, 0xff, 0, 0) },
    },
  };
  const rights = (changed: Partial<FakeMachine>, rounds = 2) =>
    fact(inquireUserRights(CONTEXT), 'user.rights', { ...machine, ...changed }, rounds);

  test('each bit of the mask', () =>
    assert.deepEqual(rights({}), {
      remoteInteractive: ['S-1-5-32-544', 'S-1-5-32-555'],
      network: ['S-1-1-0', 'S-1-5-32-544'],
      denyRemoteInteractive: ['S-1-5-113'],
      denyNetwork: ['S-1-5-113', 'S-1-5-32-546'],
    }));
  test('one mask cannot be read: it could deny everybody', () => {
    const place = `${account('S-1-1-0')}\\ActSysAc!`;
    assert.equal(rights({ unreadable: [place] }), `unknown: ${place} is damaged`);
  });
  test('no accounts', () => {
    assert.equal(rights({ registry: {} }, 1), 'unknown: the LSA policy lists no accounts');
    assert.equal(
      rights({ registry: { 'SECURITY\\Policy\\Accounts': {} } }, 1),
      'unknown: the LSA policy lists no accounts',
    );
  });
  test('SECURITY cannot be read', () =>
    assert.equal(rights({ unreadable: ['SECURITY'] }, 1), 'unknown: SECURITY\\Policy\\Accounts is damaged'));
});

describe('name servers', () => {
  const key = `${TCPIP}\\Interfaces\\{A}`;
  const rows: readonly (readonly [title: string, values: Key, is: unknown])[] = [
    [
      'by DHCP',
      { EnableDHCP: 1, NameServer: '', DhcpNameServer: '10.0.0.4 10.0.0.5', DhcpIPAddress: '10.0.0.9' },
      { servers: ['10.0.0.4', '10.0.0.5'], source: 'dhcp', address: '10.0.0.9' },
    ],
    [
      'by hand over DHCP',
      { EnableDHCP: 1, NameServer: '8.8.8.8,1.1.1.1', DhcpNameServer: '10.0.0.4', IPAddress: ['0.0.0.0'] },
      { servers: ['8.8.8.8', '1.1.1.1'], source: 'static' },
    ],
    [
      'what DHCP once gave counts no more',
      { EnableDHCP: 0, DhcpNameServer: '10.0.0.4', DhcpIPAddress: '10.0.0.9', IPAddress: ['10.1.0.9'] },
      { servers: [], source: 'none', address: '10.1.0.9' },
    ],
    [
      'the address that DHCP gives, not the one that was set before',
      { EnableDHCP: 1, IPAddress: ['10.1.0.9'], DhcpIPAddress: '10.0.0.9' },
      { servers: [], source: 'none', address: '10.0.0.9' },
    ],
    ['nothing', {}, { servers: [], source: 'none' }],
  ];
  for (const [title, values, is] of rows) {
    test(title, () => {
      const found = fact(inquireNameServers(CONTEXT), 'dns.servers', { registry: { [key]: values } }, 2);
      assert.deepEqual(found, [{ id: '{A}', ...(is as object) }]);
    });
  }
  test('what cannot be read', () => {
    const look = (machine: FakeMachine, rounds: number) =>
      fact(inquireNameServers(CONTEXT), 'dns.servers', machine, rounds);
    assert.equal(look({}, 1), 'unknown: no network interface is listed');
    assert.equal(look({ unreadable: ['SYSTEM'] }, 1), `unknown: ${TCPIP}\\Interfaces is damaged`);
    assert.equal(look({ registry: { [key]: {} }, unreadable: [key] }, 2), `unknown: ${key} is damaged`);
    assert.equal(
      look({ registry: { [key]: {} }, incomplete: [key] }, 2),
      `unknown: ${key}: value list is damaged`,
    );
    assert.equal(
      look({ registry: { [key]: { NameServer: 1 } } }, 2),
      `unknown: ${key}!NameServer is not a list of addresses`,
    );
  });
  test('no interface', () =>
    assert.deepEqual(
      fact(inquireNameServers(CONTEXT), 'dns.servers', { registry: { [`${TCPIP}\\Interfaces`]: {} } }, 1),
      [],
    ));
});
