// Settings that are one value: policy over machine over default, and what cannot be read is never a default.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Evidence } from '../../../src/core/model/facts.ts';
import type { Observation } from '../../../src/core/model/observation.ts';
import type { OsVersion } from '../../../src/core/model/windows-facts.ts';
import { inquireListener } from '../../../src/core/windows/listener.ts';
import { inquireLocalSecurity } from '../../../src/core/windows/local-security.ts';
import { ask, CONTEXT, type Data, type FakeMachine } from './fake-machine.ts';

const SERVER: OsVersion = { productName: 'Windows Server 2022', build: 20348, installationType: 'Server' };
const OLD_SERVER: OsVersion = {
  productName: 'Windows Server 2008 R2',
  build: 7601,
  installationType: 'Server',
};
const CLIENT: OsVersion = { productName: 'Windows 10', build: 19045, installationType: 'Client' };

const TS = 'SYSTEM\\CurrentControlSet\\Control\\Terminal Server';
const RDP = `${TS}\\WinStations\\RDP-Tcp`;
const TSPOL = 'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
const LSA = 'SYSTEM\\CurrentControlSet\\Control\\Lsa';
const SYSPOL = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

/** Sets values by `key!name`. */
function machineWith(
  values: Readonly<Record<string, Data>>,
  unreadable: readonly string[] = [],
): FakeMachine {
  const registry: Record<string, Record<string, Data>> = {};
  for (const [place, data] of Object.entries(values)) {
    const [key = '', name = ''] = place.split('!');
    registry[key] = { ...registry[key], [name]: data };
  }
  return { registry, unreadable };
}

function brief(observation: Observation<unknown> | undefined): unknown {
  if (observation?.state !== 'present')
    return observation?.state === 'unknown' ? observation : observation?.state;
  const { value } = observation;
  if (typeof value !== 'object' || value === null || !('setBy' in value)) return value;
  const { where, ...rest } = value as { readonly where?: string };
  assert.equal(where, observation.from.locator, 'the setting and its provenance name the same place');
  return rest;
}

const bytes = (...data: readonly number[]) => Uint8Array.from(data);

describe('settings of the listener', () => {
  const rows: readonly {
    readonly title: string;
    readonly fact: keyof Evidence;
    readonly os?: OsVersion | undefined;
    readonly set: Readonly<Record<string, Data>>;
    readonly unreadable?: readonly string[];
    readonly is: unknown;
  }[] = [
    {
      title: 'deny: nothing set',
      fact: 'listener.fDenyTSConnections',
      set: {},
      is: { effective: 1, setBy: 'default', default: 1 },
    },
    {
      title: 'deny: machine',
      fact: 'listener.fDenyTSConnections',
      set: { [`${TS}!fDenyTSConnections`]: 0 },
      is: { effective: 0, setBy: 'machine', machine: 0, default: 1 },
    },
    {
      title: 'deny: policy over machine',
      fact: 'listener.fDenyTSConnections',
      set: { [`${TS}!fDenyTSConnections`]: 0, [`${TSPOL}!fDenyTSConnections`]: 1 },
      is: { effective: 1, setBy: 'policy', policy: 1, machine: 0, default: 1 },
    },
    {
      title: 'station: absent is on',
      fact: 'listener.fEnableWinStation',
      set: {},
      is: { effective: 1, setBy: 'default', default: 1 },
    },
    {
      title: 'station: off',
      fact: 'listener.fEnableWinStation',
      set: { [`${RDP}!fEnableWinStation`]: 0 },
      is: { effective: 0, setBy: 'machine', machine: 0, default: 1 },
    },
    {
      title: 'port: no policy sets it',
      fact: 'listener.portNumber',
      set: { [`${RDP}!PortNumber`]: 3390, [`${TSPOL}!PortNumber`]: 1 },
      is: { effective: 3390, setBy: 'machine', machine: 3390, default: 3389 },
    },
    {
      title: 'layer: default of Server 2022',
      fact: 'listener.securityLayer',
      set: {},
      is: { effective: 2, setBy: 'default', default: 2 },
    },
    {
      title: 'layer: default of 2008 R2',
      fact: 'listener.securityLayer',
      os: OLD_SERVER,
      set: {},
      is: { effective: 1, setBy: 'default', default: 1 },
    },
    {
      title: 'layer: default of an unknown Windows',
      fact: 'listener.securityLayer',
      os: undefined,
      set: {},
      is: {
        state: 'unknown',
        why: 'corrupt',
        detail: `${RDP}!SecurityLayer is not set, and the default of this Windows version is not known`,
      },
    },
    {
      title: 'layer: set on an unknown Windows',
      fact: 'listener.securityLayer',
      os: undefined,
      set: { [`${RDP}!SecurityLayer`]: 0 },
      is: { effective: 0, setBy: 'machine', machine: 0 },
    },
    {
      title: 'layer: machine cannot be read',
      fact: 'listener.securityLayer',
      set: {},
      unreadable: [`${RDP}!SecurityLayer`],
      is: { state: 'unknown', why: 'corrupt', detail: `${RDP}!SecurityLayer is damaged` },
    },
    {
      title: 'layer: machine cannot be read, and a policy decides',
      fact: 'listener.securityLayer',
      set: { [`${TSPOL}!SecurityLayer`]: 1 },
      unreadable: [`${RDP}!SecurityLayer`],
      is: { effective: 1, setBy: 'policy', policy: 1, default: 2 },
    },
    {
      title: 'layer: policies cannot be read, whatever the machine says',
      fact: 'listener.securityLayer',
      set: { [`${RDP}!SecurityLayer`]: 2 },
      unreadable: ['SOFTWARE'],
      is: { state: 'unknown', why: 'corrupt', detail: `${TSPOL}!SecurityLayer is damaged` },
    },
    {
      title: 'layer: a text is no number',
      fact: 'listener.securityLayer',
      set: { [`${RDP}!SecurityLayer`]: '0' },
      is: { state: 'unknown', why: 'corrupt', detail: `${RDP}!SecurityLayer is not a number` },
    },
    {
      title: 'layer: three bytes are no number',
      fact: 'listener.securityLayer',
      set: { [`${RDP}!SecurityLayer`]: bytes(0, 0, 0) },
      is: { state: 'unknown', why: 'corrupt', detail: `${RDP}!SecurityLayer is not a number` },
    },
    {
      title: 'layer: a QWORD',
      fact: 'listener.securityLayer',
      set: { [`${RDP}!SecurityLayer`]: { type: 11, data: 2n } },
      is: { effective: 2, setBy: 'machine', machine: 2, default: 2 },
    },
    {
      title: 'authentication: default',
      fact: 'listener.userAuthentication',
      set: {},
      is: { effective: 0, setBy: 'default', default: 0 },
    },
    {
      title: 'authentication: policy off over machine on',
      fact: 'listener.userAuthentication',
      set: { [`${RDP}!UserAuthentication`]: 1, [`${TSPOL}!UserAuthentication`]: 0 },
      is: { effective: 0, setBy: 'policy', policy: 0, machine: 1, default: 0 },
    },
    {
      title: 'level: default of a server',
      fact: 'listener.minEncryptionLevel',
      set: {},
      is: { effective: 3, setBy: 'default', default: 3 },
    },
    {
      title: 'level: default of a client',
      fact: 'listener.minEncryptionLevel',
      os: CLIENT,
      set: {},
      is: { effective: 2, setBy: 'default', default: 2 },
    },
    {
      title: 'level: FIPS by policy',
      fact: 'listener.minEncryptionLevel',
      set: { [`${TSPOL}!MinEncryptionLevel`]: 4 },
      is: { effective: 4, setBy: 'policy', policy: 4, default: 3 },
    },
  ];
  for (const { title, fact, set, unreadable, is, ...rest } of rows) {
    test(title, () => {
      const os = 'os' in rest ? rest.os : SERVER;
      const { value, rounds } = ask(machineWith(set, unreadable), inquireListener(CONTEXT, os));
      assert.deepEqual(brief(value[fact]), is);
      assert.equal(rounds, 1);
    });
  }

  test('a setting says where it stands, and who looked there', () => {
    const { value } = ask(machineWith({ [`${TSPOL}!SecurityLayer`]: 1 }), inquireListener(CONTEXT, SERVER));
    assert.deepEqual(value['listener.securityLayer'], {
      state: 'present',
      value: { effective: 1, setBy: 'policy', policy: 1, default: 2, where: `${TSPOL}!SecurityLayer` },
      from: { gatherer: 'listener', locator: `${TSPOL}!SecurityLayer`, ...CONTEXT },
    });
  });
});

describe('settings of the LSA', () => {
  const setting = (effective: unknown, setBy: string, rest = {}) => ({ effective, setBy, ...rest });
  const rows: readonly (readonly [
    title: string,
    fact: keyof Evidence,
    set: Readonly<Record<string, Data>>,
    is: unknown,
    unreadable?: readonly string[],
  ])[] = [
    ['FIPS absent', 'fips.machine', {}, setting(false, 'default', { default: false })],
    [
      'FIPS on',
      'fips.machine',
      { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1 },
      setting(true, 'machine', { machine: true, default: false }),
    ],
    [
      'FIPS off',
      'fips.machine',
      { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 0 },
      setting(false, 'machine', { machine: false, default: false }),
    ],
    [
      'FIPS, the old form',
      'fips.machine',
      { [`${LSA}!FIPSAlgorithmPolicy`]: 1 },
      setting(true, 'machine', { machine: true, default: false }),
    ],
    [
      'FIPS, both forms: the newer one counts',
      'fips.machine',
      { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 0, [`${LSA}!FIPSAlgorithmPolicy`]: 1 },
      setting(false, 'machine', { machine: false, default: false }),
    ],
    [
      'FIPS, the newer form cannot be read',
      'fips.machine',
      {},
      {
        state: 'unknown',
        why: 'corrupt',
        detail: `${LSA}\\FIPSAlgorithmPolicy!Enabled is damaged`,
      },
      [`${LSA}\\FIPSAlgorithmPolicy!Enabled`],
    ],
    [
      'DisableDomainCreds',
      'lsa.disableDomainCreds',
      { [`${LSA}!DisableDomainCreds`]: 1 },
      setting(1, 'machine', { machine: 1, default: 0 }),
    ],
    ['LmCompatibilityLevel absent', 'lsa.lmCompatibilityLevel', {}, setting(3, 'default', { default: 3 })],
    [
      'LmCompatibilityLevel 5',
      'lsa.lmCompatibilityLevel',
      { [`${LSA}!LmCompatibilityLevel`]: 5 },
      setting(5, 'machine', { machine: 5, default: 3 }),
    ],
    [
      'incoming NTLM refused',
      'ntlm.restrictReceiving',
      { [`${LSA}\\MSV1_0!RestrictReceivingNTLMTraffic`]: 2 },
      setting(2, 'machine', { machine: 2, default: 0 }),
    ],
    [
      'outgoing NTLM audited',
      'ntlm.restrictSending',
      { [`${LSA}\\MSV1_0!RestrictSendingNTLMTraffic`]: 1 },
      setting(1, 'machine', { machine: 1, default: 0 }),
    ],
    ['oracle absent', 'credssp.allowEncryptionOracle', {}, setting(1, 'default', { default: 1 })],
    [
      'oracle 0',
      'credssp.allowEncryptionOracle',
      { [`${SYSPOL}\\CredSSP\\Parameters!AllowEncryptionOracle`]: 0 },
      setting(0, 'machine', { machine: 0, default: 1 }),
    ],
    ['encryption types: no limit', 'kerberos.encryptionTypes', {}, 'absent'],
    [
      'encryption types: AES',
      'kerberos.encryptionTypes',
      { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 0x18 },
      setting(0x18, 'machine', { machine: 0x18 }),
    ],
    [
      'encryption types: high bit set',
      'kerberos.encryptionTypes',
      { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 0x8000_0018 },
      setting(0x8000_0018, 'machine', { machine: 0x8000_0018 }),
    ],
    [
      'cached logons: a text',
      'cachedLogons.count',
      { [`${VERSION}\\Winlogon!CachedLogonsCount`]: '0', [`${VERSION}!InstallationType`]: 'Server' },
      setting(0, 'machine', { machine: 0, default: 25 }),
    ],
    [
      'cached logons: a client',
      'cachedLogons.count',
      { [`${VERSION}!InstallationType`]: 'Client' },
      setting(10, 'default', { default: 10 }),
    ],
    [
      'cached logons: a server core',
      'cachedLogons.count',
      { [`${VERSION}!InstallationType`]: 'Server Core' },
      setting(25, 'default', { default: 25 }),
    ],
    [
      'cached logons: nonsense',
      'cachedLogons.count',
      { [`${VERSION}\\Winlogon!CachedLogonsCount`]: 'ten' },
      {
        state: 'unknown',
        why: 'corrupt',
        detail: `${VERSION}\\Winlogon!CachedLogonsCount is not a decimal number as text`,
      },
    ],
    [
      'packages',
      'lsa.packages',
      {
        [`${LSA}!Authentication Packages`]: ['msv1_0'],
        [`${LSA}!Security Packages`]: ['""'],
        'SYSTEM\\CurrentControlSet\\Control\\SecurityProviders!SecurityProviders': 'credssp.dll, pwdssp.dll',
      },
      { authentication: ['msv1_0'], security: [], providers: ['credssp.dll', 'pwdssp.dll'] },
    ],
    [
      'packages: OSConfig wins',
      'lsa.packages',
      {
        [`${LSA}!Authentication Packages`]: ['msv1_0'],
        [`${LSA}!Security Packages`]: ['wdigest'],
        [`${LSA}\\OSConfig!Security Packages`]: ['kerberos', 'tspkg'],
      },
      { authentication: ['msv1_0'], security: ['kerberos', 'tspkg'], providers: [] },
    ],
    [
      'packages that cannot be read are not an empty list',
      'lsa.packages',
      { [`${LSA}!Authentication Packages`]: ['msv1_0'] },
      { state: 'unknown', why: 'corrupt', detail: `${LSA}!Security Packages is damaged` },
      [`${LSA}!Security Packages`],
    ],
  ];
  for (const [title, fact, set, is, unreadable] of rows) {
    test(title, () => {
      const { value, rounds } = ask(machineWith(set, unreadable), inquireLocalSecurity(CONTEXT));
      assert.deepEqual(brief(value[fact]), is);
      assert.equal(rounds, 1);
    });
  }
});
