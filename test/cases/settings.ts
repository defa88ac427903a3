// What a case changes on a machine, and where on a Windows machine things stand.
import { encodeUtf16le } from '../../src/core/bytes/utf16.ts';
import { Writer } from '../../src/core/bytes/writer.ts';
import { encodeSid } from '../core/bytes/build-security-descriptor.ts';
import type { Data, FakeMachine, Key } from '../core/windows/fake-machine.ts';

/** `key!value` → its data; `null` takes a value away, and under a key without `!` the key with all below it. */
export type Settings = Readonly<Record<string, Data | null>>;

export const CCS = 'SYSTEM\\CurrentControlSet';
export const TS = `${CCS}\\Control\\Terminal Server`;
export const STATIONS = `${TS}\\WinStations`;
export const RDP = `${STATIONS}\\RDP-Tcp`;
export const TSPOL = 'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
export const LSA = `${CCS}\\Control\\Lsa`;
export const MSV = `${LSA}\\MSV1_0`;
export const PROVIDERS = `${CCS}\\Control\\SecurityProviders`;
export const SCHANNEL = `${PROVIDERS}\\SCHANNEL`;
export const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
export const WINLOGON = `${VERSION}\\Winlogon`;
export const SYSPOL = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
export const FIREWALL = `${CCS}\\Services\\SharedAccess\\Parameters\\FirewallPolicy`;
export const FIREWALL_POLICY = 'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
export const SSL_POLICY = 'SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
export const SSL_LOCAL = `${CCS}\\Control\\Cryptography\\Configuration\\Local\\SSL\\00010002`;
export const NETLOGON = `${CCS}\\Services\\Netlogon\\Parameters`;
export const ACCOUNTS = 'SECURITY\\Policy\\Accounts';
export const TCPIP = `${CCS}\\Services\\Tcpip\\Parameters`;
export const CARD = `${TCPIP}\\Interfaces\\{4a25b723-024d-4349-a7ea-bdd92c863566}`;
export const STORES = 'SOFTWARE\\Microsoft\\SystemCertificates';

export const service = (name: string): string => `${CCS}\\Services\\${name}`;
export const tlsServer = (version: string): string => `${SCHANNEL}\\Protocols\\TLS ${version}\\Server`;
export const tlsClient = (version: string): string => `${SCHANNEL}\\Protocols\\TLS ${version}\\Client`;

/** TLS versions of the server role switched off as the TLS registry settings page says. */
export const tlsOff = (...versions: readonly string[]): Settings =>
  Object.fromEntries(
    versions.flatMap((version) => [
      [`${tlsServer(version)}!Enabled`, 0],
      [`${tlsServer(version)}!DisabledByDefault`, 1],
    ]),
  );

export const tlsOn = (...versions: readonly string[]): Settings =>
  Object.fromEntries(
    versions.flatMap((version) => [
      [`${tlsServer(version)}!Enabled`, 1],
      [`${tlsServer(version)}!DisabledByDefault`, 0],
    ]),
  );

/** An inbound rule for TCP as [MS-GPFAS] 2.2.2.19 writes it. */
export const rule = (
  rest: string,
  options: { readonly active?: boolean; readonly action?: string } = {},
): string =>
  `v2.30|Action=${options.action ?? 'Allow'}|Active=${options.active === false ? 'FALSE' : 'TRUE'}|Dir=In|Protocol=6|${rest}|Name=Remote Desktop|`;

/** Data without a type, as the LSA writes all of its. */
export const untyped = (data: Uint8Array): Data => ({ type: 0, data });

export const sidValue = (sid: string): Data => untyped(encodeSid(sid));

/** A name of the LSA policy: length, capacity, offset, UTF-16. */
export function lsaName(text: string): Data {
  const name = encodeUtf16le(text);
  return untyped(
    new Writer()
      .u16le(name.length)
      .u16le(name.length + 2)
      .u32le(8)
      .bytes(name)
      .u16le(0)
      .toBytes(),
  );
}

/** Rights by account: system access masks of [MS-LSAD] 2.2.1.2. */
export const RIGHT = {
  interactive: 0x1,
  network: 0x2,
  batch: 0x4,
  service: 0x10,
  denyInteractive: 0x40,
  denyNetwork: 0x80,
  denyBatch: 0x100,
  denyService: 0x200,
  remote: 0x400,
  denyRemote: 0x800,
} as const;

export type Rights = Readonly<Partial<Record<keyof typeof RIGHT, readonly string[]>>>;

/** The whole list of accounts with their masks, in place of what was there. */
export function rights(holders: Rights): Settings {
  const masks = new Map<string, number>();
  for (const [right, sids] of Object.entries(holders) as [keyof typeof RIGHT, readonly string[]][]) {
    for (const sid of sids) masks.set(sid, (masks.get(sid) ?? 0) | RIGHT[right]);
  }
  return {
    [ACCOUNTS]: null,
    ...Object.fromEntries(
      [...masks].map(([sid, mask]) => [
        `${ACCOUNTS}\\${sid}\\ActSysAc!`,
        untyped(new Writer().u32le(mask).toBytes()),
      ]),
    ),
  };
}

/** A machine with these changes. Order counts: a key that is taken away may be filled again. */
export function change(machine: FakeMachine, settings: Settings): FakeMachine {
  const registry = new Map<string, Record<string, Data>>(
    Object.entries(machine.registry ?? {}).map(([key, values]) => [key, { ...values }]),
  );
  const findKey = (name: string): string =>
    [...registry.keys()].find((own) => own.toLowerCase() === name.toLowerCase()) ?? name;
  for (const [place, data] of Object.entries(settings)) {
    const bang = place.indexOf('!');
    if (bang === -1) {
      const prefix = `${place.toLowerCase()}\\`;
      for (const own of [...registry.keys()]) {
        if (own.toLowerCase() === place.toLowerCase() || own.toLowerCase().startsWith(prefix))
          registry.delete(own);
      }
      continue;
    }
    const key = findKey(place.slice(0, bang));
    const name = place.slice(bang + 1);
    const values: Record<string, Data> = { ...registry.get(key) };
    const own = Object.keys(values).find((known) => known.toLowerCase() === name.toLowerCase());
    if (own !== undefined) delete values[own];
    if (data !== null) values[name] = data;
    registry.set(key, values);
  }
  const keys: Record<string, Key> = Object.fromEntries(registry);
  return { ...machine, registry: keys };
}
