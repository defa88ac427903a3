import { domainToASCII } from 'node:url';
import { familyOf } from '../network/ip-literal.ts';
import { withoutSecrets } from '../secrets.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_PORT = 3389;

export interface Target {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * `HOST`, `HOST:PORT`, `[IPv6]:PORT` or a bare IPv6 address. Throws UsageError saying what is right.
 * @param otherwise the port, where none is given
 */
export function parseTarget(text: string, otherwise = DEFAULT_PORT): Target {
  const trimmed = withoutSecrets(text.trim());
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    throw new UsageError(`"${trimmed}" is a URL: expected HOST or HOST:PORT alone, such as vm1.corp.example`);
  }
  // `alice:password@vm1` must not come back.
  if (trimmed.includes('@')) {
    throw new UsageError('an account does not belong in front of the host: name it with --user');
  }
  const portLike = /^(.*):(\d{4})$/.exec(trimmed);
  if (portLike !== null && familyOf(trimmed) === 6 && familyOf(portLike[1] ?? '') === 6) {
    const [, address = '', port = ''] = portLike;
    throw new UsageError(`"${trimmed}" can be read in two ways: write [${address}]:${port} or [${trimmed}]`);
  }
  if (familyOf(trimmed) === 6) return { host: trimmed, port: otherwise };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(trimmed);
  if (bracketed !== null) {
    const [, address = '', port] = bracketed;
    if (familyOf(address) !== 6) throw new UsageError(`"${address}" in brackets is not an IPv6 address`);
    return { host: address, port: parsePort(port, trimmed, otherwise) };
  }
  const [host = '', port, ...others] = trimmed.split(':');
  if (others.length > 0) {
    throw new UsageError(
      `"${trimmed}" is neither HOST:PORT nor an IPv6 address; write [ADDRESS]:PORT for IPv6`,
    );
  }
  return { host: parseName(host, trimmed), port: parsePort(port, trimmed, otherwise) };
}

/** A name's label: letters, digits, hyphens; names with an underscore are not for the Internet, but Windows has them. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const MOST_CHARACTERS = 253;

/** An IPv4 address, or a name in the form in which it travels. */
function parseName(host: string, typed: string): string {
  if (familyOf(host) === 4) return host;
  if (/^\d+(?:\.\d+)*$/.test(host)) {
    throw new UsageError(`"${host}" is not an IPv4 address: expected four numbers from 0 to 255`);
  }
  if (!/^(?=.{1,253}\.?$)[\p{L}\p{Nd}_](?:[\p{L}\p{M}\p{Nd}_.-]*[\p{L}\p{M}\p{Nd}_])?\.?$/u.test(host)) {
    throw new UsageError(
      `"${typed}" is not a host: expected a name or an address, such as vm1.corp.example or 10.0.0.4:3389`,
    );
  }
  if (!Array.from(host).every(isLongKnown)) {
    throw new UsageError(`"${typed}" is not a valid DNS name`);
  }
  const ascii = toAscii(host);
  // What was mapped is looked at again: fullwidth digits become an address, other letters nothing at all.
  if (familyOf(ascii) !== 0 || isNumbers(ascii)) {
    throw new UsageError(
      `"${typed}" is neither a host name nor an address in the usual form: expected four numbers from 0 to 255, or a name`,
    );
  }
  const labels = ascii.replace(/\.$/, '').split('.');
  if (labels.includes('')) {
    throw new UsageError(`"${typed}" is not a host: it has two dots with nothing between them`);
  }
  if (ascii.replace(/\.$/, '').length > MOST_CHARACTERS || !labels.every((label) => LABEL.test(label))) {
    throw new UsageError(`"${typed}" is not a valid DNS name`);
  }
  return ascii;
}

/** The form with `xn--`. What Node calls a URL's host would be an address where it can be read as one: 0x7f.1. */
function toAscii(host: string): string {
  if (/^[\x21-\x7e]+$/.test(host)) return host.toLowerCase();
  return domainToASCII(host);
}

/** Whether a resolver may take it for an IPv4 address: inet_aton reads octal, hexadecimal and fewer than four parts. */
function isNumbers(name: string): boolean {
  return name
    .replace(/\.$/, '')
    .split('.')
    .every((label) => /^(?:\d+|0x[0-9a-f]*)$/.test(label));
}

/**
 * Characters of the first plane and CJK Extension B, which names have had for twenty years. What is
 * beyond depends on the Unicode version of the Node that runs this, and no registry takes it.
 */
function isLongKnown(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xffff || (code >= 0x20000 && code <= 0x2a6df);
}

function parsePort(text: string | undefined, target: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (!(port >= 1 && port <= 65_535))
    throw new UsageError(`"${text}" in "${target}" is not a port: expected a number from 1 to 65535`);
  return port;
}
