import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { withoutSecrets } from '../secrets.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_PORT = 3389;

export interface Target {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `HOST`, `HOST:PORT`, `[IPv6]:PORT` or a bare IPv6 address. Throws UsageError saying what is right. */
export function parseTarget(text: string): Target {
  const trimmed = withoutSecrets(text.trim());
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    throw new UsageError(`"${trimmed}" is a URL: expected HOST or HOST:PORT alone, such as vm1.corp.example`);
  }
  // `alice:password@vm1` must not come back.
  if (trimmed.includes('@')) {
    throw new UsageError('a host with an account before it is not a host: name the account with --user');
  }
  const portLike = /^(.*):(\d{4})$/.exec(trimmed);
  if (portLike !== null && isIP(trimmed) === 6 && isIP(portLike[1] ?? '') === 6) {
    const [, address = '', port = ''] = portLike;
    throw new UsageError(`"${trimmed}" can be read in two ways: write [${address}]:${port} or [${trimmed}]`);
  }
  if (isIP(trimmed) === 6) return { host: trimmed, port: DEFAULT_PORT };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(trimmed);
  if (bracketed !== null) {
    const [, address = '', port] = bracketed;
    if (isIP(address) !== 6) throw new UsageError(`"${address}" in brackets is not an IPv6 address`);
    return { host: address, port: parsePort(port, trimmed) };
  }
  const [host = '', port, ...others] = trimmed.split(':');
  if (others.length > 0) {
    throw new UsageError(
      `"${trimmed}" is neither HOST:PORT nor an IPv6 address; write [ADDRESS]:PORT for IPv6`,
    );
  }
  if (/^\d+(?:\.\d+)*$/.test(host) && isIP(host) === 0) {
    throw new UsageError(`"${host}" is not an IPv4 address: four numbers from 0 to 255 are`);
  }
  // Names with an underscore are not for the Internet, but Windows has them.
  if (!/^(?=.{1,253}\.?$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u.test(host)) {
    throw new UsageError(
      `"${trimmed}" is not a host: expected a name or an address, such as vm1.corp.example or 10.0.0.4:3389`,
    );
  }
  // Names travel in their ASCII form; one with an underscore may have no other.
  const ascii = domainToASCII(host) || host;
  if (!/^[\x21-\x7e]+$/.test(ascii)) throw new UsageError(`"${trimmed}" is not a name that DNS can carry`);
  return { host: ascii, port: parsePort(port, trimmed) };
}

function parsePort(text: string | undefined, target: string): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (!(port >= 1 && port <= 65_535))
    throw new UsageError(`"${text}" in "${target}" is not a port: expected a number from 1 to 65535`);
  return port;
}
