import { createHash, createHmac } from 'node:crypto';
import { basename } from 'node:path';
import { matchesAny } from './wildcard.ts';

/** One line of a known_hosts file: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownHost {
  readonly marker?: 'revoked' | 'cert-authority';
  /** Patterns separated by commas, or one hashed name. */
  readonly names: string;
  /** `ssh-ed25519` */
  readonly type: string;
  /** The public key as it travels, base64. */
  readonly key: string;
  /** `known_hosts:12`, for a message: without its folder, which may name a user. */
  readonly place: string;
}

/** How a host is looked up: by the name that it was connected to, and the port. */
export interface HostName {
  readonly host: string;
  readonly port: number;
}

export type HostKeyVerdict =
  | { readonly state: 'known' }
  /** Somebody marked this very key as stolen. */
  | { readonly state: 'revoked'; readonly place: string }
  /** Another key of the same type is known. */
  | { readonly state: 'changed'; readonly place: string }
  | {
      readonly state: 'unknown';
      /** Types of keys by which the host is known. */
      readonly otherTypes: readonly string[];
      /** A certificate authority is trusted for it, whose certificates are not understood here. */
      readonly authority?: string;
    };

const DEFAULT_PORT = 22;
const HASH_MAGIC = '|1|';

/** Reads a known_hosts file. Lines that are none are left out, as OpenSSH leaves them out. */
export function parseKnownHosts(text: string, path: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const words = trimmed.split(/[ \t]+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    const [names, type, key] = words;
    if (names === undefined || type === undefined || key === undefined) return [];
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return [];
    const row = { names, type, key, place: `${basename(path)}:${index + 1}` };
    if (marker === undefined) return [row];
    return marker === '@revoked' || marker === '@cert-authority'
      ? [{ ...row, marker: marker === '@revoked' ? ('revoked' as const) : ('cert-authority' as const) }]
      : [];
  });
}

/** What the files say of a key that a host presented. */
export function judgeHostKey(lines: readonly KnownHost[], name: HostName, key: Uint8Array): HostKeyVerdict {
  const presented = Buffer.from(key);
  const shown = (line: KnownHost): boolean => Buffer.from(line.key, 'base64').equals(presented);
  const named = lines.filter((line) => isNamed(line, lookupName(name)));
  const revoked = named.find((line) => line.marker === 'revoked' && shown(line));
  if (revoked !== undefined) return { state: 'revoked', place: revoked.place };
  const plain = named.filter((line) => line.marker === undefined);
  if (plain.some(shown)) return { state: 'known' };
  const type = typeOf(presented);
  const other = plain.find((line) => line.type === type);
  if (other !== undefined) return { state: 'changed', place: other.place };
  // As OpenSSH does: a host at another port may be known by its name alone, by this very key.
  if (name.port !== DEFAULT_PORT) {
    const bare = judgeHostKey(lines, { host: name.host, port: DEFAULT_PORT }, key);
    if (bare.state === 'known' || bare.state === 'revoked') return bare;
  }
  const authority = named.find((line) => line.marker === 'cert-authority')?.place;
  return {
    state: 'unknown',
    otherTypes: [...new Set(plain.map((line) => line.type))],
    ...(authority === undefined ? {} : { authority }),
  };
}

/** The types of the keys by which a host is known: those are asked for first. */
export function knownTypes(lines: readonly KnownHost[], name: HostName): readonly string[] {
  const types = (sought: string): string[] =>
    lines.filter((line) => line.marker === undefined && isNamed(line, sought)).map((line) => line.type);
  const exact = types(lookupName(name));
  return [...new Set(exact.length > 0 ? exact : types(name.host))];
}

/** `SHA256:…` as `ssh-keygen -l` prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type at the beginning of a public key as it travels (RFC 4253, 6.6). */
export function typeOf(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  const length = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  return length > bytes.length - 4 ? '' : bytes.toString('latin1', 4, 4 + length);
}

function lookupName({ host, port }: HostName): string {
  return port === DEFAULT_PORT ? host : `[${host}]:${port}`;
}

function isNamed({ names }: KnownHost, sought: string): boolean {
  if (!names.startsWith(HASH_MAGIC)) return matchesAny(sought.toLowerCase(), names.toLowerCase().split(','));
  const [salt = '', hash = ''] = names.slice(HASH_MAGIC.length).split('|');
  const hashed = createHmac('sha1', Buffer.from(salt, 'base64'))
    .update(sought.toLowerCase())
    .digest('base64');
  return hashed === hash;
}
