import type { Reader } from './reader.ts';
import { concat, Writer } from './writer.ts';

/**
 * ITU-T X.690: tags and definite lengths of BER; what `ber` and its companions write is DER.
 * A tag is kept as its identifier octets read as one number, class and constructed bit included:
 * 0x30 SEQUENCE, 0xA0 [0], 0x7F65 [APPLICATION 101].
 */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** [n] EXPLICIT, constructed: the tag number must be below 31. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

export interface BerHeader {
  readonly tag: number;
  /** Content length in bytes. */
  readonly length: number;
}

/** Reads identifier and length octets. Indefinite lengths and lengths above four octets are refused. */
export function readBerHeader(r: Reader): BerHeader {
  let tag = r.u8();
  if ((tag & 0x1f) === 0x1f) {
    let octet: number;
    do {
      octet = r.u8();
      tag = tag * 256 + octet;
      if (!(tag <= 0xffffff)) r.fail('the tag has more than two further octets');
    } while ((octet & 0x80) !== 0);
  }
  const first = r.u8();
  if (first < 0x80) return { tag, length: first };
  const octets = first & 0x7f;
  if (!(octets >= 1 && octets <= 4))
    r.fail(`expected a definite length of up to four octets, received 0x${first.toString(16)}`);
  let length = 0;
  for (let index = 0; index < octets; index += 1) length = length * 256 + r.u8();
  return { tag, length };
}

/** Reads the header of a value that must have this tag; returns a reader over its content. */
export function readBer(r: Reader, tag: number, context: string = r.context): Reader {
  const header = readBerHeader(r);
  if (!(header.tag === tag)) {
    r.fail(`expected tag 0x${tag.toString(16)} in ${context}, received 0x${header.tag.toString(16)}`);
  }
  return r.sub(header.length, context);
}

/** The same, where the value may be left out: `undefined`, and nothing is read, when another tag follows. Single-octet tags only. */
export function readOptionalBer(r: Reader, tag: number, context: string = r.context): Reader | undefined {
  return r.peek() === tag ? readBer(r, tag, context) : undefined;
}

/** The one value inside an EXPLICIT tag: reads it, and nothing may follow it. */
export function readOnlyBer(field: Reader, tag: number): Reader {
  const content = readBer(field, tag);
  field.expectEnd();
  return content;
}

/** Content octets of an INTEGER or ENUMERATED as a signed number; at most six octets, so that it stays exact. */
export function berInteger(content: Reader): number {
  if (!(content.length >= 1 && content.length <= 6))
    content.fail(`expected an integer of one to six octets, received ${content.length}`);
  let value = 0;
  const bytes = content.rest();
  for (const byte of bytes) value = value * 256 + byte;
  return ((bytes[0] ?? 0) & 0x80) !== 0 ? value - 256 ** bytes.length : value;
}

/** Those in use have fewer than twenty; a long packet could spell one of a hundred thousand. */
const MAX_ARCS = 128;

/** Content octets of an OBJECT IDENTIFIER in dotted form. */
export function berOid(content: Reader): string {
  const arcs: number[] = [];
  while (content.remaining > 0) {
    let arc = 0;
    let octet: number;
    do {
      octet = content.u8();
      arc = arc * 128 + (octet & 0x7f);
      if (!(arc <= Number.MAX_SAFE_INTEGER)) content.fail('an arc of the object identifier is too large');
    } while ((octet & 0x80) !== 0);
    if (!(arcs.length < MAX_ARCS)) content.fail(`more than ${MAX_ARCS} arcs in an object identifier`);
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    } else {
      arcs.push(arc);
    }
  }
  if (!(arcs.length >= 2)) content.fail('the object identifier is empty');
  return arcs.join('.');
}

/** How long is the BER value that this buffer starts with, header included? `undefined`: not enough bytes to tell. */
export function berLength(buffered: Uint8Array, r: Reader): number | undefined {
  // Identifier (up to three octets) and length (up to five) fit in eight bytes; ask again rather than fail on a prefix.
  if (buffered.length < 2) return undefined;
  const longTag = ((buffered[0] ?? 0) & 0x1f) === 0x1f;
  let lengthAt = 1;
  if (longTag) {
    while (((buffered[lengthAt] ?? 0x80) & 0x80) !== 0) {
      if (lengthAt >= buffered.length) return undefined;
      lengthAt += 1;
    }
    lengthAt += 1;
  }
  const first = buffered[lengthAt];
  if (first === undefined) return undefined;
  const extra = first < 0x80 ? 0 : first & 0x7f;
  if (buffered.length < lengthAt + 1 + extra && extra <= 4) return undefined;
  const header = readBerHeader(r);
  return r.offset + header.length;
}

/** One value: identifier, shortest length, content. */
export function ber(tag: number, ...content: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const body = concat(...content);
  const w = new Writer(body.length + 8);
  if (tag > 0xffff) w.u24be(tag);
  else if (tag > 0xff) w.u16be(tag);
  else w.u8(tag);
  if (body.length < 0x80) w.u8(body.length);
  else if (body.length < 0x100) w.u8(0x81).u8(body.length);
  else if (body.length < 0x10000) w.u8(0x82).u16be(body.length);
  else w.u8(0x83).u24be(body.length);
  return w.bytes(body).toBytes();
}

/** INTEGER (or another tag with its encoding) of a signed number in the fewest octets. */
export function berIntegerOf(value: number, tag: number = TAG.integer): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  do {
    const octet = ((rest % 256) + 256) % 256;
    octets.unshift(octet);
    rest = (rest - octet) / 256;
  } while (!((rest === 0 && (octets[0] ?? 0) < 0x80) || (rest === -1 && (octets[0] ?? 0) >= 0x80)));
  return ber(tag, octets);
}

/** OBJECT IDENTIFIER of a dotted text. For our own constants. */
export function berOidOf(dotted: string): Uint8Array {
  const [root = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const octets = [root * 40 + second, ...others].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
      groups.unshift((rest & 0x7f) | 0x80);
    return groups;
  });
  return ber(TAG.oid, octets);
}
