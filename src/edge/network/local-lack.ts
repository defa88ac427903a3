import { networkInterfaces } from 'node:os';
import type { ConnectResult } from '../../app/ports/network.ts';

type Lack = NonNullable<ConnectResult['lacks']>;

/**
 * What this machine lacks to connect to an address, told before it is tried; `undefined` where only a
 * try can tell. A link-local address stands on every interface, so it takes a zone that is one of this
 * machine's (RFC 4007 section 11): a name, on Windows a number. Newer versions of libuv (that of Node
 * 26) would take the first interface for an unknown zone and for none, and say nothing of it.
 * @param address an IPv4 or IPv6 address as text, with or without a zone
 */
export function lackBeforehand(address: string): Lack | undefined {
  if (!isLinkLocal(address)) return undefined;
  const [, zone] = address.split('%');
  if (zone === undefined || zone === '') return 'zone';
  return zonesHere().has(zone) ? undefined : 'interface';
}

/** What this machine lacks, by the error with which it refused to send anything to an address. */
export function lackOf(code: string | undefined, address: string): Lack | undefined {
  const isScoped = address.includes('%');
  switch (code) {
    case 'ENETUNREACH':
      return 'route';
    case 'EADDRNOTAVAIL':
      return isScoped ? 'interface' : 'address';
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOBUFS':
      return 'socket';
    case 'ENODEV':
    case 'ENXIO':
      return 'interface';
    case 'EINVAL':
      if (isScoped) return 'interface';
      return isLinkLocal(address) ? 'zone' : 'address';
    default:
      return undefined;
  }
}

/** fe80::/10 (RFC 4291 section 2.5.6). */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

function zonesHere(): ReadonlySet<string> {
  return new Set(
    Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => [
      name,
      ...addresses.flatMap((entry) =>
        entry.family === 'IPv6' && entry.scopeid !== 0 ? [String(entry.scopeid)] : [],
      ),
    ]),
  );
}
