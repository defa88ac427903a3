// The firewall as far as it concerns the listener: rules as Windows wrote them, profiles, policies.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { FirewallState } from '../../../src/core/model/windows-facts.ts';
import { inquireFirewall } from '../../../src/core/windows/firewall.ts';
import { parseFirewallRule } from '../../../src/core/windows/firewall-rule.ts';
import { ask, CONTEXT, type Data, type FakeMachine, type Key } from './fake-machine.ts';

const LOCAL = 'SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const POLICY = 'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
const RDP = 'SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp';

/** The rules of a real Windows 10 and a real Windows 7, and one that an administrator made. */
const REAL = {
  'RemoteDesktop-UserMode-In-TCP':
    'v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|Desc=@FirewallAPI.dll,-28756|EmbedCtxt=@FirewallAPI.dll,-28752|',
  'RemoteDesktop-UserMode-In-UDP':
    'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28776|',
  'RemoteDesktop-In-TCP-WS':
    'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3387|App=System|Name=@FirewallAPI.dll,-28780|',
  'RemoteDesktop-In-TCP':
    'v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|Profile=Private|LPort=3389|App=System|Name=@FirewallAPI.dll,-28753|Desc=@FirewallAPI.dll,-28756|EmbedCtxt=@FirewallAPI.dll,-28752|',
  'RemoteDesktop-Shadow-In-TCP':
    'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|App=%SystemRoot%\\system32\\RdpSa.exe|Name=@FirewallAPI.dll,-28778|Edge=TRUE|Defer=App|',
  '{04900A37-8028-47D3-A25E-F10DD492EC8C}':
    'v2.30|Action=Allow|Active=TRUE|Dir=In|Profile=Domain|Profile=Private|Name=@{Microsoft.AAD.BrokerPlugin_1000.19041.1023.0_neutral_neutral_cw5n1h2txyewy?ms-resource://Microsoft.AAD.BrokerPlugin/resources/PackageDisplayName}|LUOwn=S-1-5-21-3701996020-3811166631-2097765435-1000|AppPkgId=S-1-15-2-1910091885-1573563583-1104941280-2418270861-3411158377-2822700936-2990310272|Platform=2:6:2|Platform2=GTEQ|',
};

function look(machine: FakeMachine): FirewallState {
  const { value, rounds } = ask(machine, inquireFirewall(CONTEXT));
  assert.equal(rounds, 1);
  const observed = value['firewall.rdp'];
  assert.ok(observed?.state === 'present', `it is ${JSON.stringify(observed)}`);
  return observed.value;
}

function whyUnknown(machine: FakeMachine): unknown {
  const observed = ask(machine, inquireFirewall(CONTEXT)).value['firewall.rdp'];
  return observed?.state === 'unknown' ? observed.detail : observed;
}

function withRules(local: Key, policy?: Key, more: Readonly<Record<string, Key>> = {}): FakeMachine {
  return {
    registry: {
      [`${LOCAL}\\FirewallRules`]: local,
      ...(policy === undefined ? {} : { [`${POLICY}\\FirewallRules`]: policy }),
      ...more,
    },
  };
}

describe('which rules concern the listener', () => {
  test('of a real Windows: none for another protocol, port, program or app package', () => {
    assert.deepEqual(look(withRules(REAL)).rules, [
      {
        id: 'RemoteDesktop-UserMode-In-TCP',
        name: '@FirewallAPI.dll,-28775',
        active: false,
        action: 'allow',
        profiles: ['domain', 'private', 'public'],
        protocol: 6,
        localPorts: ['3389'],
        remoteAddresses: [],
        setBy: 'machine',
      },
      {
        id: 'RemoteDesktop-In-TCP',
        name: '@FirewallAPI.dll,-28753',
        active: true,
        action: 'allow',
        profiles: ['domain', 'private'],
        protocol: 6,
        localPorts: ['3389'],
        remoteAddresses: [],
        setBy: 'machine',
      },
    ]);
  });

  const rows: readonly (readonly [rule: string, concerns: boolean])[] = [
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=80|LPort=3389|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=3000-4000|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=3389-3389|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=3390-4000|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_20=IPTLSIn|LPort2_10=IPTLSIn|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=RPC|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=33890|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=256|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=3389|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=six|LPort=3389|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|LPort=3389|', false],
    ['v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389|', true],
    ['v2.30|Action=Block|Active=TRUE|Dir=In|Svc=TermService|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Svc=*|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Svc=w32time|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=System|', true],
    [
      'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=C:\\Windows\\System32\\SVCHOST.exe|',
      true,
    ],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=C:\\other\\mysvchost.exe|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|AppPkgId=S-1-15-2-1|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|App=System|TTK2_27=WFDKmDriver|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LUAuth=O:LSD:(A;;CC;;;S-1-5-84-0-0-0-0-0)|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|RPort=5000|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=3000-3388|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=3000-3389|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=3389-4000|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=80-90|LPort2_10=3389-3390|', true],
    ['v2.30|Action=Allow|Active=TRUE|dir=IN|protocol=6|lport=3389|', true],
    ['v2.30|Action=Allow|Active=TRUE|Protocol=6|LPort=3389|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Svc=TERMSERVICE|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=svchost.exe|', false],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=SYSTEM|Svc=w32time|', false],
    // No field of ours: its name only ends, or begins, like one.
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|XTTK=1|XRPort=80|XLUAuth=1|', true],
    ['v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=80|XLPort=3389|LPortx=3389|', false],
    ['v2.30x|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|', false],
    ['xv2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|', false],
    ['v2|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|', false],
    ['v22.300|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|', true],
    ['2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|', false],
    ['', false],
  ];
  for (const [rule, concerns] of rows) {
    test(rule.slice(6) || 'nothing', () =>
      assert.equal(look(withRules({ rule })).rules.length, concerns ? 1 : 0),
    );
  }

  test('a rule that is no text is passed over', () =>
    assert.deepEqual(look(withRules({ rule: 3389 })).rules, []));

  test('the port is the one of the listener', () => {
    const rules = {
      a: 'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|',
      b: 'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=13389|',
    };
    const ids = look(withRules(rules, undefined, { [RDP]: { PortNumber: 13389 } })).rules.map(({ id }) => id);
    assert.deepEqual(ids, ['b']);
  });

  test('what a rule says', () => {
    const [rule] = look(
      withRules({
        x: 'v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Public|LPort2_10=3380-3400|RA4=10.0.0.0/255.0.0.0|RA42=LocalSubnet|RA6=fe80::/64|RA62=LocalSubnet|Name=nobody|',
      }),
    ).rules;
    assert.deepEqual(rule, {
      id: 'x',
      name: 'nobody',
      active: true,
      action: 'block',
      profiles: ['public'],
      protocol: 6,
      localPorts: ['3380-3400'],
      remoteAddresses: ['10.0.0.0/255.0.0.0', 'LocalSubnet', 'fe80::/64', 'LocalSubnet'],
      setBy: 'machine',
    });
  });

  test('capitals mean nothing; what is not said is not on, allows, and holds in every profile', () => {
    const one = (text: string) => look(withRules({ x: `v2.30|Dir=In|${text}` })).rules[0];
    assert.equal(one('Action=BLOCK|')?.action, 'block');
    assert.equal(one('Action=ByPass|')?.action, 'allow');
    assert.equal(one('')?.action, 'allow');
    assert.equal(one('Active=true|')?.active, true);
    assert.equal(one('Active=yes|')?.active, false);
    assert.equal(one('')?.active, false);
    assert.equal(one('')?.name, '');
    assert.equal(one('Name=a=b|')?.name, 'a=b');
    assert.equal(one('')?.protocol, 'any');
    assert.deepEqual(one('')?.localPorts, []);
    assert.deepEqual(one('Profile=PUBLIC|Profile=domain|')?.profiles, ['domain', 'public']);
    assert.deepEqual(one('Profile=Nowhere|')?.profiles, []);
    assert.deepEqual(one('RA4=1|RA42=2|RA6=3|RA422=4|XRA4=5|RA5=6|')?.remoteAddresses, ['1', '2', '3']);
  });

  test('of the fields that stand once the first counts', () =>
    assert.equal(
      look(withRules({ x: 'v2.30|Dir=In|Protocol=6|Protocol=17|Name=a|Name=b|' })).rules[0]?.name,
      'a',
    ));

  test('two hundred rules at the most, those of policies first', () => {
    const many = (count: number, name: string): Key =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at}`, 'v2.30|Dir=In|']));
    const counted = (local: number, policy: number) => {
      const { rules } = look(withRules(many(local, 'l'), many(policy, 'p')));
      return [rules.length, rules.filter(({ setBy }) => setBy === 'policy').length];
    };
    assert.deepEqual(counted(100, 100), [200, 100]);
    assert.deepEqual(counted(101, 100), [200, 100]);
    assert.deepEqual(counted(5, 300), [200, 200]);
  });

  test('a text longer than any rule is read up to 64 Ki characters', () => {
    const head = 'v2.30|Dir=In|Name=';
    const padded = (length: number) => `${head}${'x'.repeat(length - head.length)}|Protocol=17|`;
    assert.equal(look(withRules({ x: padded(65_000) })).rules.length, 0);
    assert.equal(look(withRules({ x: padded(65_536) })).rules.length, 1);
  });

  test('policies before local ones', () => {
    const rule = 'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|';
    const rules = look(withRules({ local: rule }, { policy: rule })).rules;
    assert.deepEqual(
      rules.map(({ id, setBy }) => [id, setBy]),
      [
        ['policy', 'policy'],
        ['local', 'machine'],
      ],
    );
  });
});

describe('profiles', () => {
  const DEFAULT = { effective: true, setBy: 'default', default: true };
  const profileOf = (local: Key, policy?: Key): unknown => {
    const { domain } = look({
      registry: {
        [`${LOCAL}\\DomainProfile`]: local,
        ...(policy === undefined ? {} : { [`${POLICY}\\DomainProfile`]: policy }),
      },
    }).profiles;
    const { where: _, ...enabled } = domain.enabled;
    return { ...domain, enabled };
  };
  const rows: readonly (readonly [title: string, local: Key, policy: Key | undefined, is: unknown])[] = [
    ['nothing set', {}, undefined, { enabled: DEFAULT, defaultInbound: 'block', mergesLocalRules: true }],
    [
      'off',
      { EnableFirewall: 0 },
      undefined,
      {
        enabled: { effective: false, setBy: 'machine', machine: false, default: true },
        defaultInbound: 'block',
        mergesLocalRules: true,
      },
    ],
    [
      'on here',
      { EnableFirewall: 1 },
      undefined,
      {
        enabled: { effective: true, setBy: 'machine', machine: true, default: true },
        defaultInbound: 'block',
        mergesLocalRules: true,
      },
    ],
    [
      'off by policy',
      {},
      { EnableFirewall: 0 },
      {
        enabled: { effective: false, setBy: 'policy', policy: false, default: true },
        defaultInbound: 'block',
        mergesLocalRules: true,
      },
    ],
    [
      'off here, on by policy, and only the rules of the policy',
      { EnableFirewall: 0, DefaultInboundAction: 0 },
      { EnableFirewall: 1, DefaultInboundAction: 1, AllowLocalPolicyMerge: 0 },
      {
        enabled: { effective: true, setBy: 'policy', policy: true, machine: false, default: true },
        defaultInbound: 'block',
        mergesLocalRules: false,
      },
    ],
    [
      'everything is let in',
      { DefaultInboundAction: 0 },
      undefined,
      { enabled: DEFAULT, defaultInbound: 'allow', mergesLocalRules: true },
    ],
    [
      'a machine cannot shut its own rules out',
      { AllowLocalPolicyMerge: 0 },
      undefined,
      { enabled: DEFAULT, defaultInbound: 'block', mergesLocalRules: true },
    ],
    [
      'no exceptions',
      { DoNotAllowExceptions: 1 },
      undefined,
      { enabled: DEFAULT, defaultInbound: 'block', mergesLocalRules: true, blocksAll: true },
    ],
    [
      'no exceptions here, but by policy there are',
      { DoNotAllowExceptions: 1 },
      { DoNotAllowExceptions: 0 },
      { enabled: DEFAULT, defaultInbound: 'block', mergesLocalRules: true },
    ],
  ];
  for (const [title, local, policy, is] of rows)
    test(title, () => assert.deepEqual(profileOf(local, policy), is));

  test('the private profile has its old name in the local store, its new one in policies', () => {
    const { profiles } = look({
      registry: {
        [`${LOCAL}\\StandardProfile`]: { EnableFirewall: 0 },
        [`${LOCAL}\\PrivateProfile`]: { EnableFirewall: 1 },
        [`${POLICY}\\PrivateProfile`]: { DefaultInboundAction: 0 },
        [`${LOCAL}\\PublicProfile`]: { EnableFirewall: 1 },
      },
    });
    assert.equal(profiles.private.enabled.effective, false);
    assert.equal(profiles.private.enabled.where, `${LOCAL}\\StandardProfile!EnableFirewall`);
    assert.equal(profiles.private.defaultInbound, 'allow');
    assert.equal(profiles.public.enabled.setBy, 'machine');
    assert.equal(profiles.domain.enabled.setBy, 'default');
  });
});

describe('what cannot be read is not "no rule"', () => {
  const profile = `${LOCAL}\\PublicProfile`;
  const rows: readonly (readonly [title: string, machine: FakeMachine, why: string])[] = [
    ['local rules', { unreadable: [`${LOCAL}\\FirewallRules`] }, `${LOCAL}\\FirewallRules is damaged`],
    ['policy rules', { unreadable: [`${POLICY}\\FirewallRules`] }, `${POLICY}\\FirewallRules is damaged`],
    ['the port', { unreadable: [`${RDP}!PortNumber`] }, `${RDP}!PortNumber is damaged`],
    ['a profile', { unreadable: [profile] }, `${profile} is damaged`],
    [
      'some rules',
      { ...withRules({}), incomplete: [`${LOCAL}\\FirewallRules`] },
      `${LOCAL}\\FirewallRules: value list is damaged`,
    ],
    [
      'some values of a profile',
      { registry: { [profile]: {} }, incomplete: [profile] },
      `${profile}: value list is damaged`,
    ],
    [
      'a switch in words',
      { registry: { [profile]: { EnableFirewall: 'no' } } },
      `${profile}!EnableFirewall is not a number`,
    ],
    [
      'a default in words',
      { registry: { [profile]: { EnableFirewall: 1, DefaultInboundAction: 'allow' } } },
      `${profile}!DefaultInboundAction is not a number`,
    ],
    [
      'a merge in words',
      { registry: { [`${POLICY}\\PublicProfile`]: { AllowLocalPolicyMerge: 'no' } } },
      `${POLICY}\\PublicProfile!AllowLocalPolicyMerge is not a number`,
    ],
  ];
  for (const [title, machine, why] of rows) test(title, () => assert.equal(whyUnknown(machine), why));

  test('each of the three profiles, here and by policy, and each of its options', () => {
    const keys = [
      ...['DomainProfile', 'StandardProfile', 'PublicProfile'].map((name) => `${LOCAL}\\${name}`),
      ...['DomainProfile', 'PrivateProfile', 'PublicProfile'].map((name) => `${POLICY}\\${name}`),
    ];
    for (const key of keys) {
      assert.equal(whyUnknown({ unreadable: [key] }), `${key} is damaged`);
      for (const name of ['EnableFirewall', 'DefaultInboundAction', 'DoNotAllowExceptions']) {
        assert.equal(whyUnknown({ registry: { [key]: { [name]: 'no' } } }), `${key}!${name} is not a number`);
      }
    }
    for (const name of ['DomainProfile', 'PrivateProfile', 'PublicProfile']) {
      const key = `${POLICY}\\${name}`;
      assert.equal(
        whyUnknown({ registry: { [key]: { AllowLocalPolicyMerge: 'no' } } }),
        `${key}!AllowLocalPolicyMerge is not a number`,
      );
    }
  });

  test('some of the rules of a policy', () => {
    const machine = { ...withRules({}, {}), incomplete: [`${POLICY}\\FirewallRules`] };
    assert.equal(whyUnknown(machine), `${POLICY}\\FirewallRules: value list is damaged`);
  });
});

test('any text is a rule or none', () => {
  const field = fc.oneof(
    fc.constantFrom(...Object.values(REAL).flatMap((rule) => rule.split('|'))),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
      const text = ['v2.30', ...fields].join('|');
      assert.notEqual(parseFirewallRule(text), undefined);
      look(withRules({ text: text as Data }));
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseFirewallRule(text)));
});
