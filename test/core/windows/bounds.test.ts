// Where each inquiry draws a line: how much is looked at, which builds, which names, and what another answer than asked for is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { Writer } from '../../../src/core/bytes/writer.ts';
import type { Evidence, FactName } from '../../../src/core/model/facts.ts';
import { readFileVersion } from '../../../src/core/windows/by-registry/file-version.ts';
import { inquireIdentity } from '../../../src/core/windows/identity.ts';
import type { Answer, Inquiry, Question } from '../../../src/core/windows/inquiry.ts';
import { inquireLocalPolicy } from '../../../src/core/windows/local-policy.ts';
import { inquireLogons } from '../../../src/core/windows/logons.ts';
import { inquireMachine } from '../../../src/core/windows/machine.ts';
import { inquireMachinePassword } from '../../../src/core/windows/machine-password.ts';
import { inquireNameServers } from '../../../src/core/windows/name-servers.ts';
import { inquireRdsUpdate } from '../../../src/core/windows/rds-update.ts';
import { throughRegistry } from '../../../src/core/windows/through-registry.ts';
import { inquireTimeline } from '../../../src/core/windows/timeline.ts';
import { inquireUserRights } from '../../../src/core/windows/user-rights.ts';
import { ask, CONTEXT, type Data, type FakeMachine, type Key } from './fake-machine.ts';

function fact(inquiry: Inquiry<Evidence>, name: FactName, machine: FakeMachine): unknown {
  const observed = ask(machine, inquiry).value[name];
  return observed?.state === 'present' ? observed.value : observed?.state;
}

const untyped = (data: Uint8Array): Data => ({ type: 0, data });
const LSA = 'SECURITY\\Policy';

describe('the time of the machine password', () => {
  const CUPD = `${LSA}\\Secrets\\$MACHINE.ACC\\CupdTime`;
  const NETLOGON = 'SYSTEM\\CurrentControlSet\\Services\\Netlogon\\Parameters';
  /** FILETIME: hundreds of nanoseconds since 1601 ([MS-DTYP] 2.3.3). */
  const filetime = (millis: number): Data =>
    untyped(new Writer().u64le((BigInt(millis) + 11_644_473_600_000n) * 10_000n).toBytes());
  const look = (registry: Readonly<Record<string, Key>>, unreadable: readonly string[] = []) =>
    fact(inquireMachinePassword(CONTEXT), 'machinePassword.changedAt', { registry, unreadable });
  const last = Date.UTC(9999, 11, 31);
  test('the last day of the calendar, and the one after it', () => {
    assert.deepEqual(look({ [CUPD]: { '': filetime(last) } }), {
      changedAt: '9999-12-31T00:00:00.000Z',
      changesDisabled: false,
      maximumAgeDays: 30,
    });
    assert.equal(look({ [CUPD]: { '': filetime(last + 86_400_000) } }), 'unknown');
  });
  test('nine bytes, a text', () => {
    assert.equal(look({ [CUPD]: { '': untyped(new Uint8Array(9)) } }), 'unknown');
    assert.equal(look({ [CUPD]: { '': '2026-01-01' } }), 'unknown');
  });
  test('changes that are not switched off', () => {
    const found = look({ [CUPD]: { '': filetime(0) }, [NETLOGON]: { DisablePasswordChange: 0 } });
    assert.deepEqual(found, {
      changedAt: '1970-01-01T00:00:00.000Z',
      changesDisabled: false,
      maximumAgeDays: 30,
    });
  });
  test('each of the three that cannot be read', () => {
    const registry = { [CUPD]: { '': filetime(0) } };
    for (const place of [`${CUPD}!`, `${NETLOGON}!DisablePasswordChange`, `${NETLOGON}!MaximumPasswordAge`])
      assert.equal(look(registry, [place]), 'unknown', place);
  });
});

describe('who the machine is', () => {
  const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
  const TCPIP = 'SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
  const look = (
    name: FactName,
    registry: Readonly<Record<string, Key>>,
    unreadable: readonly string[] = [],
  ) => fact(inquireIdentity(CONTEXT), name, { registry, unreadable });
  const BUILD = { CurrentBuildNumber: '20348' };
  const SID = untyped(Uint8Array.from([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]));
  const lsaName = (text: string): Data => {
    const name = encodeUtf16le(text);
    return untyped(new Writer().u16le(name.length).u16le(name.length).u32le(8).bytes(name).toBytes());
  };

  test('product and type that cannot be read make the version unknown; what is left out may be', () => {
    const whole = { productName: 'Windows', build: 20348, installationType: 'Client' };
    for (const name of ['ProductName', 'InstallationType', 'CurrentBuildNumber'])
      assert.equal(look('os.version', { [VERSION]: BUILD }, [`${VERSION}!${name}`]), 'unknown', name);
    for (const name of ['UBR', 'DisplayVersion'])
      assert.deepEqual(look('os.version', { [VERSION]: BUILD }, [`${VERSION}!${name}`]), whole, name);
    assert.equal(look('os.version', { [VERSION]: { ...BUILD, ProductName: 5 } }), 'unknown');
    assert.deepEqual(look('os.version', { [VERSION]: { ...BUILD, UBR: '7', DisplayVersion: 7 } }), whole);
  });
  test('a server by its name, and by what it says of itself', () => {
    const type = (values: Key) => {
      const found = look('os.version', { [VERSION]: { ...BUILD, ...values } }) as {
        readonly installationType: string;
      };
      return found.installationType;
    };
    assert.equal(type({ ProductName: 'WINDOWS SERVER 2008' }), 'Server');
    assert.equal(type({ ProductName: 'Windows Server', InstallationType: 'Client' }), 'Client');
  });
  test('the SID of the domain: absent where it is empty, unknown where it is none', () => {
    assert.equal(look('domain.sid', { [`${LSA}\\PolPrDmS`]: { '': SID } }), 'S-1-5-18');
    assert.equal(look('domain.sid', { [`${LSA}\\PolPrDmS`]: { '': untyped(new Uint8Array(0)) } }), 'absent');
    assert.equal(look('domain.sid', {}), 'absent');
    assert.equal(look('domain.sid', { [`${LSA}\\PolPrDmS`]: { '': untyped(new Uint8Array(4)) } }), 'unknown');
    assert.equal(look('domain.sid', { [`${LSA}\\PolPrDmS`]: { '': 'S-1-5-18' } }), 'unknown');
  });
  const member = (rest: Readonly<Record<string, Key>>, unreadable: readonly string[] = []) =>
    look('domain.membership', { [`${LSA}\\PolPrDmS`]: { '': SID }, ...rest }, unreadable);
  test('the names of a member that are not there, empty, or cannot be read', () => {
    assert.deepEqual(member({}), { joined: true });
    assert.deepEqual(member({ [TCPIP]: { Domain: '' } }), { joined: true });
    assert.deepEqual(
      member({ [TCPIP]: { Domain: 'corp.example' }, [`${LSA}\\PolDnDDN`]: { '': lsaName('') } }),
      {
        joined: true,
        domain: 'corp.example',
      },
    );
    assert.deepEqual(member({ [`${LSA}\\PolPrDmN`]: { '': lsaName('CORP') } }, [`${LSA}\\PolPrDmN!`]), {
      joined: true,
    });
    assert.deepEqual(member({ [`${LSA}\\PolDnDDN`]: { '': 'corp.example' } }), { joined: true });
    assert.deepEqual(member({ [TCPIP]: { Domain: 'corp.example' } }, [`${TCPIP}!Domain`]), { joined: true });
    const join = 'SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo\\0123';
    assert.deepEqual(member({ [join]: {} }), { joined: true, entraJoined: true });
  });
  test('a name of the LSA longer than 255 bytes, and one cut off by a byte', () => {
    const long = 'x'.repeat(200);
    assert.deepEqual(member({ [`${LSA}\\PolPrDmN`]: { '': lsaName(long) } }), {
      joined: true,
      netbiosDomain: long,
    });
    const cut = untyped(
      new Writer().u16le(4).u16le(4).u32le(8).bytes(encodeUtf16le('CO').subarray(0, 3)).toBytes(),
    );
    assert.deepEqual(member({ [`${LSA}\\PolPrDmN`]: { '': cut } }), { joined: true });
    assert.deepEqual(member({ [`${LSA}\\PolPrDmN`]: { '': untyped(new Uint8Array(0)) } }), { joined: true });
  });
});

describe('KB3080079', () => {
  const PACKAGES = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages';
  const look = (states: Readonly<Record<string, Data>>, build = 7601): unknown => {
    const registry = Object.fromEntries(
      Object.entries(states).map(([name, CurrentState]) => [`${PACKAGES}\\${name}`, { CurrentState }]),
    );
    const os = { productName: 'Windows', build, installationType: 'Server' };
    const { value } = ask({ registry }, inquireRdsUpdate(CONTEXT, os));
    return value.state === 'present' ? value.value.sign : value.state;
  };
  const NAME = 'Package_for_KB3080079~31bf';
  test('Windows 7 and Server 2008 R2 alone', () =>
    assert.deepEqual(
      [7599, 7600, 7601, 7602, 9200].map((build) => look({ [NAME]: 0x70 }, build)),
      ['absent', NAME, NAME, 'absent', 'absent'],
    ));
  const names: readonly (readonly [name: string, counts: boolean])[] = [
    [NAME, true],
    [NAME.toLowerCase(), true],
    ['Package_12_for_KB3080079~31bf', true],
    ['Package_for_KB30800790~31bf', false],
    ['Package_x_for_KB3080079~31bf', false],
    ['xPackage_for_KB3080079~31bf', false],
    ['Package_for_KB3080079_RTM~31bf', false],
  ];
  for (const [name, counts] of names)
    test(name, () => assert.equal(look({ [name]: 0x70 }), counts ? name : 'absent'));
  test('states', () =>
    assert.deepEqual(
      [0x70, 0x50, 0, 0x40, 0x60, 'x'].map((state) => look({ [NAME]: state })),
      [NAME, NAME, 'absent', 'absent', 'absent', 'absent'],
    ));
  test('the first that is installed, of sixteen', () => {
    const many = (installed: number) =>
      look(
        Object.fromEntries(
          Array.from({ length: 20 }, (_, index) => [
            `Package_${index}_for_KB3080079~`,
            index === installed ? 0x70 : 0x40,
          ]),
        ),
      );
    assert.deepEqual(
      [many(1), many(15), many(16)],
      ['Package_1_for_KB3080079~', 'Package_15_for_KB3080079~', 'absent'],
    );
  });
});

describe('how many', () => {
  const times = (many: number, make: (index: number) => readonly [string, Key]) =>
    Object.fromEntries(Array.from({ length: many }, (_, index) => make(index)));
  test('network interfaces: 256', () => {
    const key = 'SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces';
    const registry = times(300, (index) => [`${key}\\{${index}}`, { NameServer: '192.0.2.1' }]);
    assert.equal(
      (fact(inquireNameServers(CONTEXT), 'dns.servers', { registry }) as readonly unknown[]).length,
      256,
    );
  });
  test('accounts with rights: a thousand, and only those that are SIDs', () => {
    const registry = {
      'SECURITY\\Policy\\Accounts\\xS-1-1-0\\ActSysAc': { '': 0x2 },
      ...times(1100, (index) => [`SECURITY\\Policy\\Accounts\\S-1-5-21-${index}\\ActSysAc`, { '': 0x2 }]),
    };
    const rights = fact(inquireUserRights(CONTEXT), 'user.rights', { registry }) as {
      readonly network: readonly string[];
    };
    assert.equal(rights.network.length, 1000);
    assert.equal(rights.network[0], 'S-1-5-21-0');
  });
});

test('what an address is: the one that DHCP gave, else the one by hand, and never 0.0.0.0', () => {
  const key = 'SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\{A}';
  const rows: readonly (readonly [
    values: Key,
    servers: readonly string[],
    source: string,
    address: string | undefined,
  ])[] = [
    [{ EnableDHCP: 1, DhcpIPAddress: '0.0.0.0', IPAddress: ['10.0.0.9'] }, [], 'none', '10.0.0.9'],
    [{ EnableDHCP: 2, DhcpNameServer: '10.0.0.4' }, ['10.0.0.4'], 'dhcp', undefined],
    [{ DhcpNameServer: '10.0.0.4', DhcpIPAddress: '10.0.0.8' }, ['10.0.0.4'], 'dhcp', '10.0.0.8'],
    [
      { EnableDHCP: 0, NameServer: '10.0.0.5', DhcpNameServer: '10.0.0.4', DhcpIPAddress: '10.0.0.8' },
      ['10.0.0.5'],
      'static',
      undefined,
    ],
  ];
  for (const [values, servers, source, address] of rows) {
    assert.deepEqual(fact(inquireNameServers(CONTEXT), 'dns.servers', { registry: { [key]: values } }), [
      { id: '{A}', servers, source, ...(address === undefined ? {} : { address }) },
    ]);
  }
  for (const values of [{ EnableDHCP: 'yes' }, { DhcpNameServer: 5 }, { NameServer: 5 }] as readonly Key[])
    assert.equal(
      fact(inquireNameServers(CONTEXT), 'dns.servers', { registry: { [key]: values } }),
      'unknown',
    );
});

describe('the version of a file, to its last byte', () => {
  const info = (build: number): Uint8Array =>
    new Writer()
      .u32le(0xfeef04bd)
      .u32le(0x10000)
      .u32le(0x000a0001)
      .u32le((build << 16) | 7)
      .toBytes();
  test('that ends with it', () => {
    assert.equal(readFileVersion(info(300)), '10.1.300.7');
    assert.equal(readFileVersion(info(300).subarray(0, 15)), undefined);
  });
  test('the first that is whole counts, whatever stands before', () => {
    const part = Uint8Array.of(0xbd, 0x04, 0xef, 0x00, 0xbd);
    const bytes = Uint8Array.from([...part, ...info(1), ...info(2)]);
    assert.equal(readFileVersion(bytes), '10.1.1.7');
    // Inside a larger buffer too.
    const shifted = new Uint8Array(64);
    shifted.set(info(5), 32);
    assert.equal(readFileVersion(shifted.subarray(30)), '10.1.5.7');
  });
});

describe('which values of a policy file bear on a sign-in', () => {
  const PATH = '\\Windows\\System32\\GroupPolicy\\Machine\\Registry.pol';
  const entry = (key: string, type: number, data: Uint8Array): Uint8Array =>
    new Writer()
      .bytes(encodeUtf16le(`[${key}\0;x\0;`))
      .u32le(type)
      .bytes(encodeUtf16le(';'))
      .u32le(data.length)
      .bytes(encodeUtf16le(';'))
      .bytes(data)
      .bytes(encodeUtf16le(']'))
      .toBytes();
  const look = (key: string, type = 4, data = new Writer().u32le(7).toBytes()): unknown => {
    const content = new Writer()
      .bytes(encodeUtf16le('\u5250\u6765'))
      .u32le(1)
      .bytes(entry(key, type, data))
      .toBytes();
    const found = fact(inquireLocalPolicy(CONTEXT), 'grouppolicy.local', { files: { [PATH]: { content } } });
    return (found as { readonly values: Readonly<Record<string, unknown>> }).values[`${key}!x`];
  };
  const keys: readonly (readonly [key: string, counts: boolean])[] = [
    ['Software\\Policies\\Microsoft\\Windows NT\\TERMINAL SERVICES', true],
    ['Software\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL', true],
    ['Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\CredSSP\\Parameters', true],
    ['Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters', true],
    ['Software\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile', true],
    ['Software\\Policies\\Microsoft\\Windows\\CredentialsDelegation', true],
    ['System\\CurrentControlSet\\Control\\Lsa', true],
    ['System\\CurrentControlSet\\Control\\Lsa\\MSV1_0', true],
    ['System\\CurrentControlSet\\Control\\LsaExtensionConfig', false],
    ['System\\CurrentControlSet\\Control\\xLsa', false],
    ['Software\\Policies\\Microsoft\\Windows Defender', false],
  ];
  for (const [key, counts] of keys) test(key, () => assert.equal(look(key), counts ? 7 : undefined));
  test('data of each type', () => {
    const ts = 'a\\Terminal Services';
    const text = encodeUtf16le('a\0b\0\0');
    assert.deepEqual(
      [
        look(ts, 1, text),
        look(ts, 2, text),
        look(ts, 7, text),
        look(ts, 3, text),
        look(ts, 4, text.subarray(0, 2)),
        look(ts, 11, new Uint8Array(4)),
      ],
      ['a, b', 'a, b', 'a, b', '10 bytes', '2 bytes', '4 bytes'],
    );
  });
});

describe('what is asked for', () => {
  const asked = (inquiry: Inquiry<unknown>): readonly Question[] => {
    const step = inquiry.next();
    assert.ok(step.done !== true);
    return step.value;
  };
  const FORTNIGHT = 14 * 24 * 60 * 60 * 1000;
  test('sign-ins: a fortnight, 60,000, and 24 MB of the log', () => {
    const question = {
      kind: 'logons',
      channel: 'Security',
      withinMillis: FORTNIGHT,
      limit: 60_000,
      bytes: 24 * 1024 * 1024,
    };
    assert.deepEqual(asked(inquireLogons(CONTEXT)), [question]);
    const account = { name: 'alice', domain: '' };
    assert.deepEqual(asked(inquireLogons({ ...CONTEXT, account })), [{ ...question, account }]);
  });
  test('events: a fortnight of each channel, 400, each provider once with all its events', () => {
    const questions = asked(inquireTimeline(CONTEXT));
    const channels = questions.map((question) => (question.kind === 'events' ? question.channel : ''));
    assert.equal(new Set(channels).size, channels.length);
    for (const question of questions) {
      assert.ok(question.kind === 'events');
      assert.deepEqual([question.withinMillis, question.limit], [FORTNIGHT, 400]);
      const providers = question.select.map(({ provider }) => provider);
      assert.equal(new Set(providers).size, providers.length);
    }
    const security = questions.find(
      (question) => question.kind === 'events' && question.channel === 'Security',
    );
    assert.ok(security?.kind === 'events');
    const ids =
      security.select.find(({ provider }) => provider === 'Microsoft-Windows-Security-Auditing')?.ids ?? [];
    for (const id of [4624, 4625, 4776]) assert.ok(ids.includes(id), String(id));
    assert.ok(!security.select.some(({ provider }) => provider === 'Schannel'));
  });
});

describe('an answer to another question, or none', () => {
  /** Everything is answered with `answer`; which facts are then present? */
  const present = (answer: Answer | undefined): readonly string[] => {
    const inquiry = throughRegistry(inquireMachine(CONTEXT));
    let step = inquiry.next();
    for (let round = 0; !step.done && round < 20; round += 1)
      step = inquiry.next(answer === undefined ? [] : step.value.map(() => answer));
    assert.ok(step.done === true);
    return Object.entries(step.value).flatMap(([name, observed]) =>
      observed?.state === 'unknown' ? [] : [name],
    );
  };
  test('nothing is told', () => {
    assert.deepEqual(present(undefined), []);
    const at = 'x';
    assert.deepEqual(
      present({ state: 'present', at, value: { kind: 'file', file: { size: 1, modifiedAt: '' } } }),
      [],
    );
    assert.deepEqual(present({ state: 'unknown', at, why: 'timeout' }), []);
  });
});
