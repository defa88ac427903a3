import { AZURE_RESOLVER, PUBLIC_RESOLVERS } from '../knowledge/public-resolvers.ts';
import type { Words } from './words.ts';

const IPV4 = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;

/**
 * What may be an address: an IPv6 one (two colons together, or eight groups), also one that ends in
 * dotted numbers or has a zone, or an IPv4 one. A version of four numbers looks like the latter, but
 * builds of Windows have more than 255.
 */
const CANDIDATE = new RegExp(
  String.raw`(?<![\w:.-])(?:[0-9a-f]{0,4}:){2,7}(?:${IPV4}|[0-9a-f]{0,4})(?:%[\w-]+)?(?![\w:]|\.\d)|(?<![\w.])${IPV4}(?!\w|\.\d)`,
  'gi',
);

/** Every address in a text by its word; what says nothing of anybody stays. */
export function maskAddresses(text: string, words: Words): string {
  return text.replace(CANDIDATE, (found) => {
    const mapped = /^(::ffff:)(.*\..*)$/i.exec(found);
    const [prefix, address] = mapped === null ? ['', found] : [mapped[1] ?? '', mapped[2] ?? ''];
    if (!isAddress(address) || isNobodys(address)) return found;
    return prefix + words.wordFor('address', address);
  });
}

/** Whether a whole text is an address as `maskAddresses` understands it. */
export function isAddress(text: string): boolean {
  if (!text.includes(':')) return isIpv4(text);
  const [address = ''] = text.split('%', 1);
  const dotted = /:([^:]*\.[^:]*)$/.exec(address)?.[1];
  if (dotted !== undefined && !isIpv4(dotted)) return false;
  const groups = (dotted === undefined ? address : address.replace(dotted, '0:0')).split(':');
  return address.includes('::') ? groups.length <= 9 && /[0-9a-f]|^::$/i.test(address) : groups.length === 8;
}

function isIpv4(text: string): boolean {
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
}

/** Loopback, "any", link-local ones that nobody assigned, masks, and resolvers that are everybody's. */
function isNobodys(address: string): boolean {
  if (address === '::' || address === '::1') return true;
  if (address === AZURE_RESOLVER || PUBLIC_RESOLVERS.has(address)) return true;
  if (!isIpv4(address)) return false;
  return /^(?:127|0)\.|^169\.254\./.test(address) || isMask(address);
}

/** `255.255.240.0`: ones, then zeros. */
function isMask(address: string): boolean {
  const bits = address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1{8,}0*$/.test(bits);
}
