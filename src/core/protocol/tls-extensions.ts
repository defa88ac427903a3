/**
 * RFC 8446 section 4.2 Extensions: the contents of those that the probe sends or reads.
 * Each encoder returns a whole extension; each decoder takes an extension's data and throws `DecodeError`.
 */
import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import type { TlsExtension } from './tls-hello.ts';

/** IANA TLS ExtensionType Values. */
export const EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  heartbeat: 15,
  padding: 21,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  pskKeyExchangeModes: 45,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

export interface KeyShareEntry {
  /** NamedGroup. */
  readonly group: number;
  readonly key: Uint8Array;
}

/** The extension of this type, or `undefined`. */
export function findExtension(
  extensions: readonly TlsExtension[] | undefined,
  type: number,
): TlsExtension | undefined {
  return extensions?.find((extension) => extension.type === type);
}

/** RFC 6066 section 3. `name`: a DNS name in ASCII, without a trailing dot; not an address. */
export function serverNameExtension(name: string): TlsExtension {
  const hostNameType = 0;
  const ascii = Uint8Array.from(name, (character) => character.charCodeAt(0));
  const data = new Writer(5 + ascii.length)
    .u16be(1 + 2 + ascii.length) // name_type, length, name
    .u8(hostNameType)
    .u16be(ascii.length)
    .bytes(ascii)
    .toBytes();
  return { type: EXTENSION.serverName, data };
}

/** The host name in a client's server_name; `undefined` when the list holds none. */
export function decodeServerName(data: Uint8Array): string | undefined {
  const r = new Reader(data, 'ServerNameList');
  const list = r.sub(r.u16be());
  r.expectEnd();
  while (list.remaining > 0) {
    const type = list.u8();
    const name = list.bytes(list.u16be());
    if (type === 0) return String.fromCharCode(...name.subarray(0, 255));
  }
  return undefined;
}

/** RFC 8422 section 5.1.1, RFC 8446 section 4.2.7. */
export function supportedGroupsExtension(groups: readonly number[]): TlsExtension {
  return { type: EXTENSION.supportedGroups, data: u16List(groups) };
}

/** RFC 8446 section 4.2.3. */
export function signatureAlgorithmsExtension(schemes: readonly number[]): TlsExtension {
  return { type: EXTENSION.signatureAlgorithms, data: u16List(schemes) };
}

/** Data of supported_groups or signature_algorithms. */
export function decodeU16List(data: Uint8Array): readonly number[] {
  const r = new Reader(data, 'NamedGroupList');
  const list = r.sub(r.u16be());
  r.expectEnd();
  const values: number[] = [];
  while (list.remaining > 0) values.push(list.u16be());
  return values;
}

/** RFC 8422 section 5.1.2: uncompressed points, the only format in use. */
export function ecPointFormatsExtension(): TlsExtension {
  return { type: EXTENSION.ecPointFormats, data: Uint8Array.of(1, 0) };
}

/** RFC 8446 section 4.2.1, the client's form. */
export function supportedVersionsExtension(versions: readonly number[]): TlsExtension {
  const w = new Writer(1 + versions.length * 2).u8(versions.length * 2);
  for (const version of versions) w.u16be(version);
  return { type: EXTENSION.supportedVersions, data: w.toBytes() };
}

/** The client's supported_versions. */
export function decodeSupportedVersions(data: Uint8Array): readonly number[] {
  const r = new Reader(data, 'SupportedVersions');
  const list = r.sub(r.u8());
  r.expectEnd();
  const versions: number[] = [];
  while (list.remaining > 0) versions.push(list.u16be());
  return versions;
}

/** RFC 8446 section 4.2.1, the server's form: the version it selected. */
export function selectedVersionExtension(version: number): TlsExtension {
  return { type: EXTENSION.supportedVersions, data: new Writer(2).u16be(version).toBytes() };
}

export function decodeSelectedVersion(data: Uint8Array): number {
  const r = new Reader(data, 'SupportedVersions');
  const version = r.u16be();
  r.expectEnd();
  return version;
}

/** RFC 8446 section 4.2.8, the client's form; an empty list asks the server to name a group. */
export function keyShareExtension(entries: readonly KeyShareEntry[]): TlsExtension {
  const headerLength = 4;
  const length = entries.reduce((sum, { key }) => sum + headerLength + key.length, 0);
  const w = new Writer(2 + length).u16be(length);
  for (const { group, key } of entries) w.u16be(group).u16be(key.length).bytes(key);
  return { type: EXTENSION.keyShare, data: w.toBytes() };
}

/** The client's key_share. */
export function decodeKeyShares(data: Uint8Array): readonly KeyShareEntry[] {
  const r = new Reader(data, 'KeyShareClientHello');
  const list = r.sub(r.u16be());
  r.expectEnd();
  const entries: KeyShareEntry[] = [];
  while (list.remaining > 0) entries.push({ group: list.u16be(), key: list.bytes(list.u16be()) });
  return entries;
}

/** RFC 8446 section 4.2.8, a ServerHello's form; without a key it is a HelloRetryRequest's. */
export function selectedKeyShareExtension(group: number, key?: Uint8Array): TlsExtension {
  const w = new Writer(4 + (key?.length ?? 0)).u16be(group);
  if (key !== undefined) w.u16be(key.length).bytes(key);
  return { type: EXTENSION.keyShare, data: w.toBytes() };
}

/** The group in key_share of a ServerHello or, without a key, of a HelloRetryRequest. */
export function decodeSelectedGroup(data: Uint8Array): number {
  const r = new Reader(data, 'KeyShareServerHello');
  const group = r.u16be();
  if (r.remaining > 0) {
    r.skip(r.u16be());
    r.expectEnd();
  }
  return group;
}

/** RFC 8446 section 4.2.9: psk_dhe_ke. Some servers expect it of every TLS 1.3 client. */
export function pskKeyExchangeModesExtension(): TlsExtension {
  return { type: EXTENSION.pskKeyExchangeModes, data: Uint8Array.of(1, 1) };
}

/** RFC 5746 section 3.2: the empty renegotiated_connection of a first handshake. */
export function renegotiationInfoExtension(): TlsExtension {
  return { type: EXTENSION.renegotiationInfo, data: Uint8Array.of(0) };
}

/** RFC 7627 section 5.1. */
export function extendedMasterSecretExtension(): TlsExtension {
  return { type: EXTENSION.extendedMasterSecret, data: new Uint8Array(0) };
}

/** RFC 6520 section 2: peer_not_allowed_to_send, so that answering it is all the server can do. */
export function heartbeatExtension(): TlsExtension {
  return { type: EXTENSION.heartbeat, data: Uint8Array.of(2) };
}

/** RFC 7685 section 3. `length`: bytes of zeros. */
export function paddingExtension(length: number): TlsExtension {
  return { type: EXTENSION.padding, data: new Uint8Array(length) };
}

function u16List(values: readonly number[]): Uint8Array {
  const w = new Writer(2 + values.length * 2).u16be(values.length * 2);
  for (const value of values) w.u16be(value);
  return w.toBytes();
}
