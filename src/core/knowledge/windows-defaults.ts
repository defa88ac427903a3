import type { FactName, TlsVersion } from '../model/facts.ts';

/** What Windows does where the registry is silent, by build. A row holds from its build to the next row's. */
interface DefaultsRow {
  readonly build: number;
  readonly title: string;
  /** Server role of each TLS version that Schannel has; one that it does not have at all is off. */
  readonly tls: Readonly<Record<TlsVersion, boolean>>;
  readonly source: string;
}

const SOURCE_TLS = 'Microsoft: Protocols in TLS/SSL (Schannel SSP), table of 2025-03';

const off = { '1.0': false, '1.1': false, '1.2': false, '1.3': false } as const;

/** Newest last. Insider builds since 2024 turn 1.0 and 1.1 off; builds on the market are not changed. */
const ROWS: readonly DefaultsRow[] = [
  { build: 6000, title: 'Windows Vista, Server 2008', tls: { ...off, '1.0': true }, source: SOURCE_TLS },
  { build: 7600, title: 'Windows 7, Server 2008 R2', tls: { ...off, '1.0': true }, source: SOURCE_TLS },
  {
    build: 9200,
    title: 'Windows 8, Server 2012 to Windows 10 21H2 and Server 2019',
    tls: { ...off, '1.0': true, '1.1': true, '1.2': true },
    source: SOURCE_TLS,
  },
  {
    build: 20348,
    title: 'Windows 11, Server 2022 and 2025',
    tls: { '1.0': true, '1.1': true, '1.2': true, '1.3': true },
    source: SOURCE_TLS,
  },
];

/** TLS versions that this Windows serves where nothing is set; `undefined` for a build before the table. */
export function defaultTlsVersions(build: number): Readonly<Record<TlsVersion, boolean>> | undefined {
  return ROWS.findLast((row) => build >= row.build)?.tls;
}

/** Whether this Windows has the version at all: a setting cannot switch on what is not there. */
export function hasTlsVersion(build: number, version: TlsVersion): boolean {
  if (version === '1.3') return build >= 20348;
  // An update brought 1.1 and 1.2 to Server 2008 SP2; the later update that made its build 6003 has it.
  return version === '1.0' || build >= 6003;
}

/**
 * Facts whose default below rests on practice, on dumps, or on a value that every installation has: what
 * Windows does without it no page says. Nothing is confirmed on one of them.
 */
export const UNSURE_DEFAULTS: readonly FactName[] = [
  'listener.fDenyTSConnections',
  'listener.fAllowSecProtocolNegotiation',
  'listener.TSAppCompat',
  'listener.securityLayer',
  'listener.minEncryptionLevel',
  'winlogon.WinStationsDisabled',
];

/** Listener and LSA values where the registry is silent. */
export const DEFAULTS = {
  /** Present on every installation; Windows without it denies. Source: Terminal Server policy text. */
  fDenyTSConnections: 1,
  fEnableWinStation: 1,
  /** Microsoft, "Troubleshoot Remote Desktop general error on an Azure VM": 1 is on, 0 is off. */
  tsEnabled: 1,
  /** The same page: 0 lets users connect. */
  tsUserEnabled: 0,
  /** The same page, and `change logon /query`: 0 takes new sessions. */
  tsServerDrainMode: 0,
  /** 1 where the role Remote Desktop Session Host is installed; practice, no page of Microsoft's says so of the value. */
  tsAppCompat: 0,
  /** "Troubleshoot Remote Desktop general error on an Azure VM": 0 lets users in. */
  fLogonDisabled: 0,
  /** A listener's dump holds 1; the pages that set up an Azure image write 1 too. */
  fAllowSecProtocolNegotiation: 1,
  /** Dumps of Winlogon hold 0, as a text. */
  winStationsDisabled: 0,
  portNumber: 3389,
  /** Practice: listener dumps of Windows 8 and later hold 2; 2008 R2 and the unattend component 1. */
  securityLayer: (build: number): number => (build >= 9200 ? 2 : 1),
  /** Unattend component default; "only NLA" writes 1. */
  userAuthentication: 0,
  /** Client dumps hold 2, the policy text names 3 as default on servers: both are normal. */
  minEncryptionLevel: (installationType: string): number => (installationType === 'Client' ? 2 : 3),
  /** Microsoft: FIPS policy, absent means off. */
  fips: false,
  disableDomainCreds: 0,
  /** Vista and Server 2008 on. */
  lmCompatibilityLevel: 3,
  restrictNtlm: 0,
  /** 1 since the update of May 2018. */
  allowEncryptionOracle: 1,
  /** Machine account passwords change every 30 days. */
  maximumPasswordAgeDays: 30,
  /** 10; 25 from Server 2008 on by Microsoft's page. */
  cachedLogonsCount: (installationType: string): number => (installationType === 'Client' ? 10 : 25),
} as const;
