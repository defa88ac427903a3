/** RFC 5280 section 4.1.2.4 Issuer (Name) as the text of RFC 4514. */
import { berOid, readBer, readBerHeader, TAG } from '../bytes/ber.ts';
import { toHex } from '../bytes/hex.ts';
import type { Reader } from '../bytes/reader.ts';
import { decodeUtf16le } from '../bytes/utf16.ts';
import { ATTRIBUTE_TYPES } from './oids.ts';

/** String types of X.680 that TAG does not name. */
const NUMERIC_STRING = 0x12;
const TELETEX_STRING = 0x14;
const IA5_STRING = 0x16;
const VISIBLE_STRING = 0x1a;
const UNIVERSAL_STRING = 0x1c;
const BMP_STRING = 0x1e;

/** Real names have a dozen parts; a handshake could carry ten thousand. */
const MAX_PARTS = 256;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Content of an RDNSequence → RFC 4514 text with a blank after each comma, the most specific name first.
 * An attribute type without a short name is a dotted object identifier, and a value that is no string is
 * `#` and the hexadecimal digits of its BER. Throws `DecodeError`.
 */
export function readDistinguishedName(r: Reader): string {
  const names: string[] = [];
  while (r.remaining > 0) {
    const set = readBer(r, TAG.set, 'RelativeDistinguishedName');
    const attributes: string[] = [];
    while (set.remaining > 0) {
      const attribute = readBer(set, TAG.sequence, 'AttributeTypeAndValue');
      const oid = berOid(readBer(attribute, TAG.oid));
      attributes.push(`${ATTRIBUTE_TYPES.get(oid) ?? oid}=${readValue(attribute)}`);
      attribute.expectEnd();
    }
    if (!(names.length < MAX_PARTS)) r.fail(`more than ${MAX_PARTS} parts in a name`);
    names.push(attributes.join('+'));
  }
  return names.reverse().join(', ');
}

function readValue(r: Reader): string {
  const start = r.offset;
  const { tag, length } = readBerHeader(r);
  const content = r.bytes(length);
  const text = stringOf(tag, content);
  if (text !== undefined) return escaped(text);
  const end = r.offset;
  r.seek(start);
  return `#${toHex(r.bytes(end - start))}`;
}

/** `undefined` for what is no string type. */
function stringOf(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case TAG.utf8String:
      return utf8.decode(content);
    case TAG.printableString:
    case NUMERIC_STRING:
    case IA5_STRING:
    case VISIBLE_STRING:
    // T.61 is a code of its own; everyone who used the type wrote ISO 8859-1.
    case TELETEX_STRING:
      return Array.from(content, (octet) => String.fromCharCode(octet)).join('');
    case BMP_STRING:
      return decodeUtf16le(swapPairs(content));
    case UNIVERSAL_STRING:
      return utf32be(content);
    default:
      return undefined;
  }
}

/** UTF-16 big-endian to little-endian; an odd last octet stays. */
function swapPairs(content: Uint8Array): Uint8Array {
  return content.map((octet, index) => content[index ^ 1] ?? octet);
}

function utf32be(content: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 4 <= content.length; at += 4) {
    const code = content.subarray(at, at + 4).reduce((value, octet) => value * 256 + octet, 0);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

/** RFC 4514 section 2.4; control characters as hexadecimal pairs, so that a name cannot disturb a terminal. */
function escaped(text: string): string {
  return text.replace(/[\\,+"<>;]|^[ #]| $/g, '\\$&').replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u001f\u007f]/g,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}
