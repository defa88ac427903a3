// What a configuration of a Windows machine is, where its settings stand, and the machine they are written into.
import type { CauseId } from '../../src/core/knowledge/cause-catalogue.ts';
import type { FactName } from '../../src/core/model/facts.ts';
import type { Finding } from '../../src/core/model/report.ts';
import type { Settings } from './windows-hives.ts';

export interface Configuration {
  readonly title: string;
  /** `server`: Windows 10's SYSTEM as Server 2022, a member of a domain. `client`: a real Windows 7, without SECURITY. */
  readonly base: 'server' | 'client';
  readonly set: Settings;
  /** Facts as they must be; of a setting everything but the place. A text stands for a fact that is not present. */
  readonly facts: Readonly<Partial<Record<FactName, unknown>>>;
  /** TLS versions that the server offers. */
  readonly tls?: string | undefined;
  readonly verdicts?: Readonly<Partial<Record<CauseId, Finding['verdict']>>>;
}

export const CCS = 'SYSTEM\\ControlSet001';
export const TS = `${CCS}\\Control\\Terminal Server`;
export const RDP = `${TS}\\WinStations\\RDP-Tcp`;
export const TSPOL = 'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
export const LSA = `${CCS}\\Control\\Lsa`;
export const SYSPOL = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
export const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
export const FIREWALL = `${CCS}\\Services\\SharedAccess\\Parameters\\FirewallPolicy`;
export const FIREWALL_POLICY = 'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
export const CARD = `${CCS}\\Services\\Tcpip\\Parameters\\Interfaces\\{4a25b723-024d-4349-a7ea-bdd92c863566}`;
export const ACCOUNTS = 'SECURITY\\Policy\\Accounts';
export const protocol = (version: string): string =>
  `${CCS}\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS ${version}\\Server`;
export const service = (name: string): string => `${CCS}\\Services\\${name}`;
export const rule = (text: string): string =>
  `v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|${text}|Name=RDP|`;
export const mask = (bits: number) => ({ type: 0, bytes: [bits & 0xff, bits >>> 8, 0, 0] });

/** Written into every `server`: it lets everybody in. */
export const SERVER: Settings = {
  [`${VERSION}!ProductName`]: 'Windows Server 2022 Datacenter',
  [`${VERSION}!CurrentBuildNumber`]: '20348',
  [`${VERSION}!InstallationType`]: 'Server',
  [`${TS}!fDenyTSConnections`]: 0,
  [`${RDP}!UserAuthentication`]: 1,
  [`${FIREWALL}\\FirewallRules!RemoteDesktop-UserMode-In-TCP`]: rule(
    'LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice',
  ),
  [`${CARD}!DhcpNameServer`]: '10.0.0.4 10.0.0.5',
  [`${CARD}!DhcpIPAddress`]: '10.0.0.9',
};

/** Standard RDP security alone. */
export const STANDARD: Settings = { [`${RDP}!SecurityLayer`]: 0, [`${RDP}!UserAuthentication`]: 0 };

export const SUITES = 'SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002!Functions';

export const WORKGROUP: Settings = { 'SECURITY\\Policy\\PolPrDmS': null };

export const byDefault = (value: unknown) => ({ effective: value, setBy: 'default', default: value });
export const byMachine = (value: unknown, fallback: unknown) => ({
  effective: value,
  setBy: 'machine',
  machine: value,
  default: fallback,
});
export const byPolicy = (value: unknown, machine: unknown, fallback: unknown) => ({
  effective: value,
  setBy: 'policy',
  policy: value,
  ...(machine === undefined ? {} : { machine }),
  default: fallback,
});

export function build(number: number, productName: string, installationType = 'Server'): Settings {
  return {
    [`${VERSION}!CurrentBuildNumber`]: String(number),
    [`${VERSION}!ProductName`]: productName,
    [`${VERSION}!InstallationType`]: installationType,
  };
}

export const server = (
  title: string,
  set: Settings,
  facts: Configuration['facts'],
  verdicts: Configuration['verdicts'] = {},
): Configuration => ({ title, base: 'server', set, facts, verdicts });

/** What a TLS version's two values do on one Windows. */
export function tls(
  title: string,
  os: number,
  set: Settings,
  offered: string,
  verdicts: Configuration['verdicts'] = {},
): Configuration {
  const named = { ...build(os, `build ${os}`), ...set };
  return { title, base: 'server', set: named, facts: {}, tls: offered, verdicts };
}

export const off = (...versions: readonly string[]): Settings =>
  Object.fromEntries(versions.map((version) => [`${protocol(version)}!Enabled`, 0]));
