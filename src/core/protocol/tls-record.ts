/**
 * RFC 8446 section 5.1 Record Layer (TLSPlaintext), RFC 5246 section 6.2.1 Fragmentation,
 * RFC 6101 section 5.2.1 Fragmentation (SSLPlaintext): the five bytes around everything that TLS says.
 *
 *   0      ContentType     type              1 byte
 *   1      ProtocolVersion legacy_version    2 bytes, major and minor
 *   3      uint16          length            big-endian, bytes of the fragment
 *   5      opaque          fragment[length]
 *
 * All integers of TLS are big-endian.
 */
import { Reader } from '../bytes/reader.ts';
import { concat, Writer } from '../bytes/writer.ts';
import type { Framing } from './dialog.ts';

/** RFC 8446 section 5.1 ContentType; 24 is RFC 6520's. */
export const CONTENT_TYPE = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

/** ProtocolVersion as one number: major octet, minor octet. */
export const TLS_VERSION = {
  ssl3: 0x0300,
  tls10: 0x0301,
  tls11: 0x0302,
  tls12: 0x0303,
  tls13: 0x0304,
} as const;

/** RFC 8446 section 4 HandshakeType, those that travel unencrypted. */
export const HANDSHAKE_TYPE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
} as const;

const RECORD_HEADER_LENGTH = 5;
const HANDSHAKE_HEADER_LENGTH = 4;

/** RFC 5246 section 6.2.3: a protected record may exceed 2^14 by 2048 bytes; nothing longer is a record. */
const MAX_FRAGMENT_LENGTH = 2 ** 14 + 2048;

/** RFC 8446 section 5.1: what a sender may put into one plaintext record. */
const MAX_PLAINTEXT_LENGTH = 2 ** 14;

/** Bytes of the longest record, header included: the limit for a `receive`. */
export const MAX_RECORD_LENGTH = RECORD_HEADER_LENGTH + MAX_FRAGMENT_LENGTH;

/** The format allows 2^24-1 bytes. The longest message that is of use here is a certificate list, and real ones stay below 100 KiB. */
export const MAX_HANDSHAKE_MESSAGE_LENGTH = 128 * 1024;

export interface TlsRecord {
  /** ContentType; a number that is not in `CONTENT_TYPE` cannot occur. */
  readonly type: number;
  /** The version that the record layer states. It says little: a first hello carries 0x0301 whatever it offers. */
  readonly version: number;
  readonly fragment: Uint8Array;
}

/**
 * How long is the TLS record that this buffer starts with, header included? `undefined`: fewer than
 * five bytes. Throws `DecodeError` as early as the first byte when it cannot be one; an SSL 2.0 answer
 * (or its error message) is named as such.
 */
export const tlsRecordLength: Framing = (buffered) => {
  const r = new Reader(buffered, 'TLSPlaintext');
  const first = buffered[0];
  if (first === undefined) return undefined;
  // An SSL 2.0 record starts with its length, two bytes with the high bit set; then SERVER-HELLO (4) or ERROR (0).
  if (first >= 0x80) {
    const type = buffered[2];
    if (type === undefined) return undefined;
    if (type === 4) r.fail('expected a TLS record, received an SSL 2.0 SERVER-HELLO');
    if (type === 0) r.fail('expected a TLS record, received an SSL 2.0 ERROR');
    r.fail(`expected a content type of 20 to 24, received ${first}`);
  }
  if (!(first >= CONTENT_TYPE.changeCipherSpec && first <= CONTENT_TYPE.heartbeat))
    r.fail(`expected a content type of 20 to 24, received ${first}`);
  r.skip(1);
  const major = buffered[1];
  if (major === undefined) return undefined;
  if (!(major === 3)) r.fail(`expected a record of version 3.x, received ${major}.x`);
  if (buffered.length < RECORD_HEADER_LENGTH) return undefined;
  r.skip(2);
  const length = r.u16be();
  if (!(length <= MAX_FRAGMENT_LENGTH))
    r.fail(`expected a record of at most ${MAX_FRAGMENT_LENGTH} bytes, received a length of ${length}`);
  return RECORD_HEADER_LENGTH + length;
};

/** One whole record. Throws `DecodeError`. The fragment is a view of `bytes`. */
export function decodeTlsRecord(bytes: Uint8Array): TlsRecord {
  tlsRecordLength(bytes);
  const r = new Reader(bytes, 'TLSPlaintext');
  const type = r.u8();
  const version = r.u16be();
  const fragment = r.bytes(r.u16be());
  r.expectEnd();
  return { type, version, fragment };
}

/** RFC 8446 section 5.1. Fragments above 2^14 bytes are a fault of the caller's. */
export function encodeTlsRecord(record: TlsRecord): Uint8Array {
  if (!(record.fragment.length <= MAX_PLAINTEXT_LENGTH))
    throw new RangeError(`a TLS record holds at most ${MAX_PLAINTEXT_LENGTH} bytes`);
  return new Writer(RECORD_HEADER_LENGTH + record.fragment.length)
    .u8(record.type)
    .u16be(record.version)
    .u16be(record.fragment.length)
    .bytes(record.fragment)
    .toBytes();
}

/** RFC 5246 section 7.2 Alert Protocol, RFC 8446 section 6. */
export interface TlsAlert {
  /** AlertLevel: 1 warning, 2 fatal. */
  readonly level: number;
  /** AlertDescription: 40 handshake_failure, 70 protocol_version, … */
  readonly description: number;
}

/** The fragment of an alert record: two bytes. Throws `DecodeError` for any other length (an encrypted alert is longer). */
export function decodeTlsAlert(fragment: Uint8Array): TlsAlert {
  const r = new Reader(fragment, 'Alert');
  const alert = { level: r.u8(), description: r.u8() };
  r.expectEnd();
  return alert;
}

export function encodeTlsAlert(alert: TlsAlert): Uint8Array {
  return Uint8Array.of(alert.level, alert.description);
}

/** RFC 8446 section 4 Handshake, RFC 5246 section 7.4. */
export interface HandshakeMessage {
  /** HandshakeType, see `HANDSHAKE_TYPE`; unknown ones stay numbers. */
  readonly type: number;
  /** What follows the four bytes of type and length. */
  readonly body: Uint8Array;
}

/** One message with its header: type (1), length (3), body. */
export function encodeHandshakeMessage(message: HandshakeMessage): Uint8Array {
  return new Writer(HANDSHAKE_HEADER_LENGTH + message.body.length)
    .u8(message.type)
    .u24be(message.body.length)
    .bytes(message.body)
    .toBytes();
}

/** One whole message with its header. Throws `DecodeError`. The body is a view of `bytes`. */
export function decodeHandshakeMessage(bytes: Uint8Array): HandshakeMessage {
  const r = new Reader(bytes, 'Handshake');
  const type = r.u8();
  const body = r.bytes(readMessageLength(r));
  r.expectEnd();
  return { type, body };
}

/** What a reassembly yields: the messages that are now whole, and the bytes of the one that is not. */
export interface Reassembled {
  readonly messages: readonly HandshakeMessage[];
  /** Give it to the next call. */
  readonly pending: Uint8Array;
}

/**
 * Handshake messages out of the fragments of handshake records: a message may span records, and a
 * record may hold several (RFC 8446 section 5.1).
 * @param pending what the call before left over; empty at first
 * @param fragment the fragment of the next handshake record
 * Throws `DecodeError` when a message announces more than `MAX_HANDSHAKE_MESSAGE_LENGTH` bytes.
 */
export function reassembleHandshake(pending: Uint8Array, fragment: Uint8Array): Reassembled {
  const buffered = pending.length === 0 ? fragment : concat(pending, fragment);
  const r = new Reader(buffered, 'Handshake');
  const messages: HandshakeMessage[] = [];
  while (r.remaining >= HANDSHAKE_HEADER_LENGTH) {
    const start = r.offset;
    const type = r.u8();
    const length = readMessageLength(r);
    if (r.remaining < length) {
      r.seek(start);
      break;
    }
    messages.push({ type, body: r.bytes(length) });
  }
  return { messages, pending: r.rest() };
}

function readMessageLength(r: Reader): number {
  const length = r.u24be();
  if (!(length <= MAX_HANDSHAKE_MESSAGE_LENGTH))
    r.fail(`expected a message of at most ${MAX_HANDSHAKE_MESSAGE_LENGTH} bytes, received ${length}`);
  return length;
}
