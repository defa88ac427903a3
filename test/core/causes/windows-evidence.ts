// Facts about a Windows machine, in few words, for the tables of the causes.
import { EVENTS } from '../../../src/core/knowledge/events.ts';
import { type Certificate, TLS_VERSIONS, type TlsVersion } from '../../../src/core/model/facts.ts';
import { absent, type Observation, type Provenance, present } from '../../../src/core/model/observation.ts';
import type {
  DomainMembership,
  EventTimeline,
  FirewallRule,
  FirewallState,
  ListenerCertificate,
  MachinePassword,
  NetworkInterface,
  OsVersion,
  RelevantEvent,
  SchannelProtocol,
  SecureChannel,
  ServiceDependencies,
  ServiceDependency,
  ServiceProgram,
  Setting,
  UserRights,
  WindowsService,
} from '../../../src/core/model/windows-facts.ts';
import { CERTIFICATE, SEEN_AT } from './evidence.ts';

const FROM: Provenance = {
  gatherer: 'test',
  channel: 'disk',
  locator: 'SYSTEM\\Test',
  observedAt: SEEN_AT,
};

/** Seen on the disk; `seen` of evidence.ts was seen from the network. */
export function onDisk<T>(value: T, observedAt = SEEN_AT): Observation<T> {
  return present(value, { ...FROM, observedAt });
}

/** Looked for on the disk and not there. */
export function notOnDisk<T>(): Observation<T> {
  return absent(FROM);
}

/** Set by the machine. */
export function set<T>(effective: T): Observation<Setting<T>> {
  return onDisk({ effective, setBy: 'machine', machine: effective, where: 'SYSTEM\\Own!Value' });
}

/** Which Windows it is, by its build. */
export function windows(build: number): Observation<OsVersion> {
  return onDisk({ productName: `Windows, build ${build}`, build, installationType: 'Server' });
}

/** Set by a policy, over `machine` where that is given. */
export function forced<T>(effective: T, machine?: T): Observation<Setting<T>> {
  return onDisk({
    effective,
    setBy: 'policy',
    policy: effective,
    ...(machine === undefined ? {} : { machine }),
    where: 'SOFTWARE\\Policies\\Some!Value',
  });
}

/** Set by nobody. */
export function byDefault<T>(effective: T): Observation<Setting<T>> {
  return onDisk({ effective, setBy: 'default', default: effective, where: 'SYSTEM\\Own!Value' });
}

export function service(startType: number, but: Partial<WindowsService> = {}): Observation<WindowsService> {
  return onDisk({ startType, ...but });
}

/** Everything that it needs is there, and what is given besides. */
export function needs(
  but: readonly Omit<ServiceDependency, 'neededBy'>[] = [],
  groups: readonly string[] = [],
): Observation<ServiceDependencies> {
  const usual: readonly ServiceDependency[] = [{ name: 'RpcSs', neededBy: 'TermService', startType: 2 }];
  return onDisk({
    services: [...usual, ...but.map((service) => ({ ...service, neededBy: 'RpcSs' }))],
    groups: groups.map((name) => ({ name, neededBy: 'TermService' })),
  });
}

/** The program of TermService as Windows ships it; `undefined` leaves a part out. */
export function program(
  but: { readonly [K in keyof ServiceProgram]?: ServiceProgram[K] | undefined } = {},
): Observation<ServiceProgram> {
  const usual: ServiceProgram = {
    imagePath: '%SystemRoot%\\System32\\svchost.exe -k termsvcs',
    serviceDll: '%SystemRoot%\\System32\\termsrv.dll',
    image: 'there',
    library: 'there',
    hostGroup: { name: 'termsvcs', lists: true },
  };
  return onDisk(
    Object.fromEntries(
      Object.entries({ ...usual, ...but }).filter(([, part]) => part !== undefined),
    ) as ServiceProgram,
  );
}

/** The services that enforce the rules of the firewall, as Windows ships them. */
export const ENFORCED = {
  'service.MpsSvc': service(2),
  'service.BFE': service(2),
  'service.MpsSvc.dependencies': needs(),
} as const;

/** A channel that was tried: its own status, and that of the verification where it is another. */
export function tried(status: number, pdcStatus = status): Observation<SecureChannel> {
  return onDisk({ asked: 'verify', controller: '\\\\dc1', verified: true, status, pdcStatus, flags: 0xb0 });
}

/** A channel as Netlogon remembers it. */
export function remembered(status: number): Observation<SecureChannel> {
  return onDisk({ asked: 'query', controller: '\\\\dc1', verified: false, status, flags: 0x30 });
}

/** Who is who on a member of a domain, and on a machine of its own. */
export const MEMBER_SIDS = {
  'machine.sid': onDisk('S-1-5-21-1-2-3'),
  'domain.sid': onDisk('S-1-5-21-4-5-6'),
} as const;
export const STANDALONE_SIDS = {
  'machine.sid': onDisk('S-1-5-21-1-2-3'),
  'domain.sid': notOnDisk<string>(),
} as const;

export const MEMBER: Observation<DomainMembership> = onDisk({
  joined: true,
  domain: 'corp.example.com',
  netbiosDomain: 'CORP',
});
export const STANDALONE: Observation<DomainMembership> = onDisk({ joined: false });

/**
 * The four TLS versions from 1.0 on, a word each: `on`, `off` (Enabled 0), `hidden` (DisabledByDefault
 * 1), or `-` where the default of this Windows holds, which is on.
 */
export function schannel(words: string): Observation<Readonly<Record<TlsVersion, SchannelProtocol>>> {
  const parts = words.split(' ');
  const rows = TLS_VERSIONS.map((version, at) => [version, protocol(parts[at] ?? '')] as const);
  return onDisk(Object.fromEntries(rows) as Record<TlsVersion, SchannelProtocol>);
}

function protocol(word: string): SchannelProtocol {
  const where = 'SYSTEM\\SCHANNEL';
  switch (word) {
    case 'on':
      return { effective: true, setBy: 'machine', machine: true, enabled: 1, where };
    case 'off':
      return { effective: false, setBy: 'machine', machine: false, enabled: 0, where };
    case 'hidden':
      return { effective: false, setBy: 'machine', machine: false, enabled: 1, disabledByDefault: 1, where };
    case '-':
      return { effective: true, setBy: 'default', default: true, where };
    default:
      throw new Error(`no such word: ${word}`);
  }
}

export function listenerCertificate(
  but: Partial<ListenerCertificate> = {},
): Observation<ListenerCertificate> {
  return onDisk({
    chosen: 'self-signed',
    sha1: CERTIFICATE.sha1,
    store: 'Remote Desktop',
    certificate: CERTIFICATE,
    key: 'readable',
    keyDetail: 'NETWORK SERVICE may read its file',
    ...but,
  });
}

/** One that the listener names and its store does not have. */
export function lostCertificate(
  chosen: ListenerCertificate['chosen'] = 'self-signed',
): Observation<ListenerCertificate> {
  return onDisk({ chosen, sha1: CERTIFICATE.sha1, store: 'Remote Desktop', key: 'unknown' });
}

export function stored(but: Partial<Certificate>): Certificate {
  return { ...CERTIFICATE, ...but };
}

export function password(
  changedAt: string,
  but: Partial<MachinePassword> = {},
): Observation<MachinePassword> {
  return onDisk({ changedAt, changesDisabled: false, maximumAgeDays: 30, ...but });
}

/** Rights as a server is installed with them. */
export function rights(but: Partial<UserRights> = {}): Observation<UserRights> {
  return onDisk({
    remoteInteractive: ['S-1-5-32-544', 'S-1-5-32-555'],
    network: ['S-1-1-0', 'S-1-5-32-544', 'S-1-5-32-545'],
    denyRemoteInteractive: [],
    denyNetwork: [],
    ...but,
  });
}

export function card(...servers: readonly string[]): NetworkInterface {
  return { id: '{1}', servers, source: servers.length === 0 ? 'none' : 'dhcp', address: '10.0.0.9' };
}

/** Profiles from the domain's on, a word each: `on`, `off`, `policy` (local rules are out of force), `open`, `shielded` (no exceptions). */
export function firewall(words: string, ...rules: readonly FirewallRule[]): Observation<FirewallState> {
  const [domain, home, street] = words.split(' ').map((word) => ({
    enabled: {
      effective: word !== 'off',
      setBy: 'machine' as const,
      where: 'SYSTEM\\Firewall!EnableFirewall',
    },
    defaultInbound: word === 'open' ? ('allow' as const) : ('block' as const),
    mergesLocalRules: word !== 'policy',
    ...(word === 'shielded' ? { blocksAll: true } : {}),
  }));
  if (domain === undefined || home === undefined || street === undefined) throw new Error('three words');
  return onDisk({ profiles: { domain, private: home, public: street }, rules });
}

export function rule(but: Partial<FirewallRule> = {}): FirewallRule {
  return {
    id: 'RemoteDesktop-UserMode-In-TCP',
    name: 'Remote Desktop - User Mode (TCP-In)',
    active: true,
    action: 'allow',
    profiles: ['domain', 'private', 'public'],
    protocol: 6,
    localPorts: ['3389'],
    remoteAddresses: [],
    setBy: 'machine',
    ...but,
  };
}

/**
 * An event as the timeline has it, `minutes` after 2026-03-01T11:00Z. What it proves and refutes comes
 * from the tables, as it does where the logs are read.
 */
export function event(
  provider: string,
  id: number,
  minutes: number,
  fields: Readonly<Record<string, string>> = {},
): RelevantEvent {
  const row = EVENTS.find((known) => known.provider.endsWith(provider) && known.id === id);
  if (row === undefined) throw new Error(`the tables do not know ${provider} ${id}`);
  const at = new Date(Date.UTC(2026, 2, 1, 11, minutes)).toISOString();
  return {
    channel: row.channel,
    provider: row.provider,
    id,
    at,
    fields,
    locator: `System.evtx#${1000 + minutes}`,
    proves: row.causes,
    refutes: row.refutes,
  };
}

/** The logs: they reach from a week before SEEN_AT to one minute before it. */
export function timeline(...events: readonly RelevantEvent[]): Observation<EventTimeline> {
  return onDisk({
    events: [...events].sort((a, b) => (a.at < b.at ? 1 : -1)),
    spans: [{ channel: 'System', oldest: '2026-02-22T12:00:00.000Z', newest: '2026-03-01T11:59:00.000Z' }],
  });
}

/** A domain user's sign-in at a controller, as it shows in the Security log. */
export function domainLogon(minutes: number, how: 'NTLM' | 'Kerberos' = 'NTLM'): RelevantEvent {
  return event('Security-Auditing', 4624, minutes, {
    TargetUserName: 'alice',
    TargetDomainName: 'CORP',
    LogonType: '3',
    AuthenticationPackageName: how,
  });
}
