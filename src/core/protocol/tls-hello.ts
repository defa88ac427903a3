/**
 * RFC 8446 sections 4.1.2 Client Hello and 4.1.3 Server Hello, RFC 5246 sections 7.4.1 to 7.4.3,
 * RFC 6101 section 5.6: the handshake messages that travel unencrypted, SSL 3.0 to TLS 1.3.
 * Bodies only: type and length around them are the record layer's (`tls-record.ts`).
 * The extensions' own contents are in `tls-extensions.ts`.
 */
import { copyBytes } from '../bytes/copy.ts';
import { fromHex } from '../bytes/hex.ts';
import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';

/** RFC 8446 section 4.2 Extension: type and content, not interpreted. */
export interface TlsExtension {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface ClientHello {
  /** legacy_version: the highest version offered, at most 0x0303. */
  readonly version: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** legacy_session_id, 0 to 32 bytes. */
  readonly sessionId: Uint8Array;
  readonly suites: readonly number[];
  /** 0 null, 1 DEFLATE (RFC 3749). */
  readonly compressions: readonly number[];
  /** Left out: the hello has no extensions block at all, as in SSL 3.0. */
  readonly extensions?: readonly TlsExtension[];
}

export interface ServerHello {
  /** legacy_version. In TLS 1.3 it is 0x0303 and the version is in supported_versions. */
  readonly version: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** 0 to 32 bytes. */
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly compression: number;
  /** Left out: no extensions block at all. */
  readonly extensions?: readonly TlsExtension[];
}

const RANDOM_LENGTH = 32;
/** RFC 5246 section 7.4.1.2: opaque SessionID<0..32>. */
const MAX_SESSION_ID_LENGTH = 32;

/** RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest"; a ServerHello with this random is one. */
const HELLO_RETRY_REQUEST_RANDOM = fromHex(
  'cf21ad74 e59a6111 be1d8c02 1e65b891 c2a21116 7abb8c5e 079e09e2 c8a8339c',
);

/** Body of a ClientHello. Throws `DecodeError`. */
export function decodeClientHello(body: Uint8Array): ClientHello {
  const r = new Reader(body, 'ClientHello');
  const version = r.u16be();
  const random = r.bytes(RANDOM_LENGTH);
  const sessionId = readSessionId(r);
  const suites = readU16List(r.sub(r.u16be(), 'cipher_suites'));
  const compressions = [...r.bytes(r.u8())];
  return { version, random, sessionId, suites, compressions, ...readExtensions(r) };
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
  const w = new Writer(512)
    .u16be(hello.version)
    .bytes(exactRandom(hello.random))
    .u8(hello.sessionId.length)
    .bytes(hello.sessionId)
    .u16be(hello.suites.length * 2);
  for (const suite of hello.suites) w.u16be(suite);
  w.u8(hello.compressions.length).bytes(hello.compressions);
  writeExtensions(w, hello.extensions);
  return w.toBytes();
}

/** Body of a ServerHello or a HelloRetryRequest. Throws `DecodeError`. */
export function decodeServerHello(body: Uint8Array): ServerHello {
  const r = new Reader(body, 'ServerHello');
  const version = r.u16be();
  if (!(version >> 8 === 3)) r.fail(`expected version 3.x, received 0x${version.toString(16)}`);
  const random = r.bytes(RANDOM_LENGTH);
  const sessionId = readSessionId(r);
  const suite = r.u16be();
  const compression = r.u8();
  return { version, random, sessionId, suite, compression, ...readExtensions(r) };
}

export function encodeServerHello(hello: ServerHello): Uint8Array {
  const w = new Writer(128)
    .u16be(hello.version)
    .bytes(exactRandom(hello.random))
    .u8(hello.sessionId.length)
    .bytes(hello.sessionId)
    .u16be(hello.suite)
    .u8(hello.compression);
  writeExtensions(w, hello.extensions);
  return w.toBytes();
}

/** RFC 8446 section 4.1.4: a request to send another hello, told apart from a ServerHello by its random. */
export function isHelloRetryRequest(hello: ServerHello): boolean {
  return HELLO_RETRY_REQUEST_RANDOM.every((byte, index) => hello.random[index] === byte);
}

/** The random that makes a ServerHello a HelloRetryRequest, 32 bytes. */
export function helloRetryRequestRandom(): Uint8Array {
  return copyBytes(HELLO_RETRY_REQUEST_RANDOM);
}

/** OpenSSL follows a chain no further by default; 128 KiB would hold 40,000 empty ones. */
const MAX_CHAIN = 100;

/** Body of a Certificate message up to TLS 1.2 (RFC 5246 section 7.4.2): DER certificates, the server's own first. Throws `DecodeError`. */
export function decodeCertificateMessage(body: Uint8Array): readonly Uint8Array[] {
  const r = new Reader(body, 'Certificate');
  const list = r.sub(r.u24be(), 'certificate_list');
  r.expectEnd();
  const certificates: Uint8Array[] = [];
  while (list.remaining > 0) {
    if (!(certificates.length < MAX_CHAIN)) list.fail(`more than ${MAX_CHAIN} certificates`);
    certificates.push(list.bytes(list.u24be()));
  }
  return certificates;
}

export function encodeCertificateMessage(certificates: readonly Uint8Array[]): Uint8Array {
  const lengthOfLength = 3;
  const length = certificates.reduce((sum, der) => sum + lengthOfLength + der.length, 0);
  const w = new Writer(lengthOfLength + length).u24be(length);
  for (const der of certificates) w.u24be(der.length).bytes(der);
  return w.toBytes();
}

/** RFC 8422 section 5.4 ServerECDHParams. */
export interface ServerEcdhParams {
  /** NamedGroup of the named curve. */
  readonly group: number;
  /** The server's public point. */
  readonly point: Uint8Array;
  /** The two bytes behind it, where there are any: in TLS 1.2 the SignatureScheme (RFC 5246 section 7.4.3). */
  readonly signature?: number;
}

/** ECCurveType named_curve; the explicit ones (1, 2) are forbidden by RFC 8422. */
const NAMED_CURVE = 3;

/**
 * Body of a ServerKeyExchange of an ECDHE suite (`usesEcdhe`); the signature itself is not read.
 * Throws `DecodeError`, also for a curve given explicitly.
 */
export function decodeServerEcdhParams(body: Uint8Array): ServerEcdhParams {
  const r = new Reader(body, 'ServerECDHParams');
  const curveType = r.u8();
  if (!(curveType === NAMED_CURVE)) r.fail(`expected a named curve, received curve type ${curveType}`);
  const group = r.u16be();
  const point = r.bytes(r.u8());
  return r.remaining >= 2 ? { group, point, signature: r.u16be() } : { group, point };
}

/** Without a signature. */
export function encodeServerEcdhParams(params: ServerEcdhParams): Uint8Array {
  return new Writer(4 + params.point.length)
    .u8(NAMED_CURVE)
    .u16be(params.group)
    .u8(params.point.length)
    .bytes(params.point)
    .toBytes();
}

/**
 * Suites up to TLS 1.2 whose ServerKeyExchange starts with ServerECDHParams: TLS_ECDHE_ECDSA,
 * TLS_ECDHE_RSA and TLS_ECDH_anon of the IANA registry, as ranges of first and last. Without
 * ECDHE_PSK, where a hint comes first, and the fixed ECDH, which has no such message.
 */
const ECDHE_SUITES: readonly (readonly [number, number])[] = [
  [0xc006, 0xc00a],
  [0xc010, 0xc019],
  [0xc023, 0xc024],
  [0xc027, 0xc028],
  [0xc02b, 0xc02c],
  [0xc02f, 0xc030],
  [0xc048, 0xc049],
  [0xc04c, 0xc04d],
  [0xc05c, 0xc05d],
  [0xc060, 0xc061],
  [0xc072, 0xc073],
  [0xc076, 0xc077],
  [0xc086, 0xc087],
  [0xc08a, 0xc08b],
  [0xc0ac, 0xc0af],
  [0xcca8, 0xcca9],
];

/** Whether this suite's ServerKeyExchange names a curve. */
export function usesEcdhe(suite: number): boolean {
  return ECDHE_SUITES.some(([first, last]) => suite >= first && suite <= last);
}

function readSessionId(r: Reader): Uint8Array {
  const length = r.u8();
  if (!(length <= MAX_SESSION_ID_LENGTH))
    r.fail(`expected a session id of at most ${MAX_SESSION_ID_LENGTH} bytes, received ${length}`);
  return r.bytes(length);
}

function readU16List(r: Reader): readonly number[] {
  const list: number[] = [];
  while (r.remaining > 0) list.push(r.u16be());
  return list;
}

/** Some sixty types are registered, and GREASE adds a few; 64 KiB would hold 16,000 empty ones. */
const MAX_EXTENSIONS = 256;

/** The block may be missing altogether (RFC 5246 section 7.4.1.2), which is not the same as an empty one. */
function readExtensions(r: Reader): { readonly extensions?: readonly TlsExtension[] } {
  if (r.remaining === 0) return {};
  const block = r.sub(r.u16be(), 'extensions');
  r.expectEnd();
  const extensions: TlsExtension[] = [];
  while (block.remaining > 0) {
    if (!(extensions.length < MAX_EXTENSIONS)) block.fail(`more than ${MAX_EXTENSIONS} extensions`);
    extensions.push({ type: block.u16be(), data: block.bytes(block.u16be()) });
  }
  return { extensions };
}

function writeExtensions(w: Writer, extensions: readonly TlsExtension[] | undefined): void {
  if (extensions === undefined) return;
  const headerLength = 4;
  w.u16be(extensions.reduce((sum, { data }) => sum + headerLength + data.length, 0));
  for (const { type, data } of extensions) w.u16be(type).u16be(data.length).bytes(data);
}

function exactRandom(random: Uint8Array): Uint8Array {
  if (!(random.length === RANDOM_LENGTH)) throw new RangeError(`a random is ${RANDOM_LENGTH} bytes`);
  return random;
}
