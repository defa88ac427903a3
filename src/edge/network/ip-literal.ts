import { isIPv4, isIPv6 } from 'node:net';

/**
 * The family of an address, 0 where a text is none: as `isIP` of node:net, which first compiles an
 * expression for IPv6 of some kilobytes (8 ms). A text with fewer than two colons is no such address.
 */
export function familyOf(text: string): 0 | 4 | 6 {
  if (isIPv4(text)) return 4;
  return text.indexOf(':') !== text.lastIndexOf(':') && isIPv6(text) ? 6 : 0;
}
