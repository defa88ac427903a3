/**
 * One ClientHello and what comes back: which version and suite a server chooses from those offered,
 * and the certificates it shows. RFC 8446 section 4.1, RFC 5246 section 7.4, RFC 6101 section 5.6.
 * Nothing is sent after the hello, so no key is ever agreed and nothing is decrypted.
 */
import { copyBytes } from '../bytes/copy.ts';
import { DecodeError, tryDecode } from '../bytes/decode-error.ts';
import { type Dialog, type Interruption, receive, send } from './dialog.ts';
import {
  decodeSelectedGroup,
  decodeSelectedVersion,
  EXTENSION,
  ecPointFormatsExtension,
  extendedMasterSecretExtension,
  findExtension,
  heartbeatExtension,
  keyShareExtension,
  paddingExtension,
  pskKeyExchangeModesExtension,
  renegotiationInfoExtension,
  serverNameExtension,
  signatureAlgorithmsExtension,
  supportedGroupsExtension,
  supportedVersionsExtension,
} from './tls-extensions.ts';
import {
  type ClientHello,
  decodeCertificateMessage,
  decodeServerEcdhParams,
  decodeServerHello,
  encodeClientHello,
  isHelloRetryRequest,
  type ServerHello,
  type TlsExtension,
  usesEcdhe,
} from './tls-hello.ts';
import {
  CONTENT_TYPE,
  decodeTlsAlert,
  decodeTlsRecord,
  encodeHandshakeMessage,
  encodeTlsRecord,
  HANDSHAKE_TYPE,
  type HandshakeMessage,
  MAX_RECORD_LENGTH,
  reassembleHandshake,
  TLS_VERSION,
  type TlsAlert,
  tlsRecordLength,
} from './tls-record.ts';

export interface HelloOptions {
  /**
   * What to offer, 0x0300 to 0x0304, in the client's order. One version asks for that version alone;
   * a server that lacks it answers with a lower one or an alert. supported_versions is sent when 0x0304
   * is among them; without it the highest stands for all below.
   */
  readonly versions: readonly number[];
  /** Suites in the client's order; signalling values are added by the options below. */
  readonly suites: readonly number[];
  /** NamedGroups in the client's order; empty leaves supported_groups out. */
  readonly groups: readonly number[];
  /** SignatureSchemes in the client's order, sent from TLS 1.2 on; left out: all that a key can be. */
  readonly signatures?: readonly number[];
  /** 32 unpredictable bytes. */
  readonly random: Uint8Array;
  /** 32 unpredictable bytes, shown as an X25519 public value; used for TLS 1.3 only. */
  readonly keyShare: Uint8Array;
  /** A DNS name in ASCII; never an address (RFC 6066 section 3). */
  readonly serverName?: string;
  /** Offer DEFLATE too. TLS 1.3 forbids it (RFC 8446 section 4.1.2), so it is left out there. */
  readonly compression?: boolean;
  /** Add TLS_FALLBACK_SCSV (RFC 7507). */
  readonly fallbackScsv?: boolean;
  /** Offer the heartbeat extension (RFC 6520); no heartbeat is ever sent. */
  readonly heartbeat?: boolean;
}

export type TlsProbeAnswer =
  | {
      readonly kind: 'hello';
      /** 0x0300 to 0x0304; another number as the server states it. */
      readonly version: number;
      readonly suite: number;
      /** 0 null, 1 DEFLATE. */
      readonly compression: number;
      /** Types of the extensions in the ServerHello, in its order. */
      readonly extensions: readonly number[];
      /** NamedGroup of the key exchange: key_share in TLS 1.3, the ServerKeyExchange of an ECDHE suite before. */
      readonly group?: number;
      /** SignatureScheme with which the server signed the ServerKeyExchange of an ECDHE suite in TLS 1.2. */
      readonly signature?: number;
      /** DER, the server's own first. Empty in TLS 1.3, where they travel encrypted. */
      readonly certificates: readonly Uint8Array[];
      /** It asked for a certificate of the client (CertificateRequest), which is readable up to TLS 1.2 only. */
      readonly asksForCertificate?: true;
      /** It was a HelloRetryRequest, which proves version, suite and group just as well. */
      readonly retry: boolean;
      /** Sent in clear after the ServerHello: the server chose, and then could not go on. */
      readonly alert?: TlsAlert;
      /** Why the server's flight was not read to its end; lower case, no final stop. */
      readonly problem?: string;
      /** Present when that is because the connection ended or fell silent before the flight did. */
      readonly by?: Interruption;
    }
  | { readonly kind: 'alert'; readonly level: number; readonly description: number }
  /** `head`: the first bytes of what came instead. */
  | { readonly kind: 'foreign'; readonly head: Uint8Array; readonly problem: string }
  | { readonly kind: 'interrupted'; readonly by: Interruption };

/** NamedGroup x25519. */
const X25519 = 0x001d;
const TLS_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff;
const TLS_FALLBACK_SCSV = 0x5600;

/** AlertLevel and AlertDescription, RFC 5246 section 7.2. */
const WARNING = 1;
const CLOSE_NOTIFY = 0;

/** Bytes of records read from one server: its flight holds one certificate list and little more. */
const MAX_FLIGHT_LENGTH = 256 * 1024;
/** Records read from one server, so that empty ones cannot keep the dialog busy. */
const MAX_FLIGHT_RECORDS = 512;
/** Bytes of a foreign answer that are kept as evidence. */
const MAX_HEAD_LENGTH = 64;

/**
 * RFC 8446 section 4.2.3 SignatureScheme: all that a listener's key can be, SHA-1 and DSA included,
 * because Windows Server 2008 R2 signs its own listener certificate with SHA-1.
 */
const SIGNATURE_SCHEMES: readonly number[] = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501,
  0x0601, 0x0303, 0x0203, 0x0301, 0x0201, 0x0402, 0x0302, 0x0202,
];

/**
 * The ClientHello as a ClientHello structure.
 *
 * Why one round trip proves TLS 1.3: the key share is X25519, and any 32 bytes are a public value of
 * X25519 (RFC 7748 section 5), so the caller's random bytes do. A server that takes the group answers with
 * ServerHello; one that does not (Windows in FIPS mode knows only NIST curves) answers with
 * HelloRetryRequest, which names version, suite and group as well. An empty key share would do too, but
 * no ordinary client sends one, and a server's first choice would look like its second. Where X25519
 * is not among the groups offered the list is empty all the same: a share's group must be (section 4.2.8).
 *
 * SSL 3.0 has no extensions: none are sent when it is the highest version, and secure renegotiation
 * is signalled by a suite (RFC 5746 section 3.4).
 */
function buildClientHello(options: HelloOptions): ClientHello {
  const { versions } = options;
  const highest = Math.max(...versions);
  const offers13 = versions.includes(TLS_VERSION.tls13);
  const offersOlder = versions.some((version) => version < TLS_VERSION.tls13);
  const withExtensions = highest > TLS_VERSION.ssl3;
  const suites = [...options.suites];
  if (!withExtensions) suites.push(TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
  if (options.fallbackScsv === true) suites.push(TLS_FALLBACK_SCSV);
  const hello: ClientHello = {
    version: Math.min(highest, TLS_VERSION.tls12),
    random: options.random,
    sessionId: new Uint8Array(0),
    suites,
    compressions: options.compression === true && !offers13 ? [1, 0] : [0],
  };
  if (!withExtensions) return hello;

  const extensions: TlsExtension[] = [];
  if (options.serverName !== undefined) extensions.push(serverNameExtension(options.serverName));
  if (offersOlder) extensions.push(extendedMasterSecretExtension(), renegotiationInfoExtension());
  if (options.groups.length > 0) extensions.push(supportedGroupsExtension(options.groups));
  if (offersOlder && options.groups.length > 0) extensions.push(ecPointFormatsExtension());
  if (options.heartbeat === true) extensions.push(heartbeatExtension());
  const { signatures = SIGNATURE_SCHEMES } = options;
  if (highest >= TLS_VERSION.tls12 && signatures.length > 0) {
    extensions.push(signatureAlgorithmsExtension(signatures));
  }
  if (offers13) {
    const shares = options.groups.includes(X25519) ? [{ group: X25519, key: options.keyShare }] : [];
    extensions.push(
      supportedVersionsExtension(versions),
      pskKeyExchangeModesExtension(),
      keyShareExtension(shares),
    );
  }
  return pad({ ...hello, extensions });
}

/**
 * The ClientHello in one TLS record, as it goes on the wire. The record's version is 0x0301, or
 * 0x0300 for SSL 3.0 alone: what every server takes for a first hello (RFC 8446 section 5.1, RFC 5246
 * appendix E.1).
 */
export function clientHelloRecord(options: HelloOptions): Uint8Array {
  const hello = buildClientHello(options);
  return encodeTlsRecord({
    type: CONTENT_TYPE.handshake,
    version: Math.min(hello.version, TLS_VERSION.tls10),
    fragment: encodeHandshakeMessage({ type: HANDSHAKE_TYPE.clientHello, body: encodeClientHello(hello) }),
  });
}

/**
 * Sends one ClientHello on a connection where TLS is to begin and reads the server's flight: up to
 * the ServerHello in TLS 1.3, up to ServerHelloDone before (certificate and key exchange are enough).
 * Warnings other than close_notify are passed over, as RFC 6066 section 3 demands for unrecognized_name.
 */
export function* probeTls(hello: HelloOptions): Dialog<TlsProbeAnswer> {
  yield* send('TLS ClientHello', clientHelloRecord(hello));
  let flight = EMPTY_FLIGHT;
  let length = 0;
  for (let count = 0; count < MAX_FLIGHT_RECORDS && length < MAX_FLIGHT_LENGTH; count += 1) {
    const answer = yield* receive('a TLS record', tlsRecordLength, MAX_RECORD_LENGTH);
    if (answer.kind !== 'received') return interrupted(flight, answer);
    length += answer.bytes.length;
    const step = tryDecode(() => readRecord(flight, answer.bytes));
    if (!step.ok) return undecodable(flight, answer.bytes, step.error.message);
    flight = step.value;
    if (flight.problem !== undefined) return undecodable(flight, answer.bytes, flight.problem);
    if (flight.alert !== undefined) {
      return flight.hello === undefined
        ? { kind: 'alert', ...flight.alert }
        : { ...helloAnswer(flight), alert: flight.alert };
    }
    if (flight.done) return helloAnswer(flight);
  }
  const problem = `the flight did not end within ${MAX_FLIGHT_RECORDS} records and ${MAX_FLIGHT_LENGTH} bytes`;
  return undecodable(flight, new Uint8Array(0), problem);
}

/** What has been read so far. */
interface Flight {
  readonly pending: Uint8Array;
  readonly hello?: ServerHello;
  readonly certificates?: readonly Uint8Array[];
  readonly group?: number;
  readonly signature?: number;
  readonly asksForCertificate?: true;
  /** Everything that the client needs was read: what is lost after it is no loss. */
  readonly complete?: boolean;
  /** A fatal alert, or close_notify. */
  readonly alert?: TlsAlert;
  /** The last warning; it is the answer when nothing else follows. */
  readonly warning?: TlsAlert;
  /** A message that could not be decoded ends the reading. */
  readonly problem?: string;
  readonly done: boolean;
}

const EMPTY_FLIGHT: Flight = { pending: new Uint8Array(0), done: false };

/** Throws `DecodeError`. */
function readRecord(flight: Flight, bytes: Uint8Array): Flight {
  const record = decodeTlsRecord(bytes);
  switch (record.type) {
    case CONTENT_TYPE.alert: {
      const alert = decodeTlsAlert(record.fragment);
      return alert.level === WARNING && alert.description !== CLOSE_NOTIFY
        ? { ...flight, warning: alert }
        : { ...flight, alert };
    }
    case CONTENT_TYPE.handshake: {
      const { messages, pending } = reassembleHandshake(flight.pending, record.fragment);
      let next: Flight = { ...flight, pending };
      for (const message of messages) {
        const before = next;
        const step = tryDecode(() => readMessage(before, message));
        // What was good before the bad message, in this very record, stays.
        if (!step.ok) return { ...before, problem: step.error.message };
        next = step.value;
        if (next.done) break;
      }
      return next;
    }
    default:
      throw new DecodeError('TLSPlaintext', 0, {
        kind: 'invalid',
        message: `expected a handshake or an alert record, received content type ${record.type}`,
      });
  }
}

/** Throws `DecodeError`. */
function readMessage(flight: Flight, message: HandshakeMessage): Flight {
  if (flight.hello === undefined) {
    if (message.type === HANDSHAKE_TYPE.helloRequest) return flight;
    if (message.type !== HANDSHAKE_TYPE.serverHello) {
      throw new DecodeError('Handshake', 0, {
        kind: 'invalid',
        message: `expected a ServerHello, received handshake type ${message.type}`,
      });
    }
    const hello = decodeServerHello(message.body);
    if (negotiatedVersion(hello) <= TLS_VERSION.tls12) return { ...flight, hello };
    const keyShare = findExtension(hello.extensions, EXTENSION.keyShare);
    if (keyShare === undefined) return { ...flight, hello, done: true };
    return { ...flight, hello, group: decodeSelectedGroup(keyShare.data), done: true };
  }
  switch (message.type) {
    case HANDSHAKE_TYPE.certificate:
      return { ...flight, certificates: decodeCertificateMessage(message.body) };
    case HANDSHAKE_TYPE.serverKeyExchange: {
      // A CertificateRequest may follow, and ServerHelloDone after it.
      const complete = flight.certificates !== undefined;
      if (!usesEcdhe(flight.hello.suite)) return { ...flight, complete };
      const { group, signature } = decodeServerEcdhParams(message.body);
      // Before TLS 1.2 no algorithm is named: the signature itself begins there. Who shows no certificate signs nothing.
      return complete && negotiatedVersion(flight.hello) === TLS_VERSION.tls12 && signature !== undefined
        ? { ...flight, group, signature, complete }
        : { ...flight, group, complete };
    }
    case HANDSHAKE_TYPE.certificateRequest:
      return { ...flight, asksForCertificate: true };
    case HANDSHAKE_TYPE.serverHelloDone:
      return { ...flight, done: true };
    default:
      return flight;
  }
}

/** supported_versions where the server sent it, else legacy_version. Throws `DecodeError`. */
function negotiatedVersion(hello: ServerHello): number {
  const selected = findExtension(hello.extensions, EXTENSION.supportedVersions);
  return selected === undefined ? hello.version : decodeSelectedVersion(selected.data);
}

function helloAnswer(flight: Flight): Extract<TlsProbeAnswer, { readonly kind: 'hello' }> {
  const { hello } = flight;
  if (hello === undefined) throw new TypeError('the flight holds no ServerHello');
  return {
    kind: 'hello',
    version: negotiatedVersion(hello),
    suite: hello.suite,
    compression: hello.compression,
    extensions: (hello.extensions ?? []).map(({ type }) => type),
    ...(flight.group === undefined ? {} : { group: flight.group }),
    ...(flight.signature === undefined ? {} : { signature: flight.signature }),
    certificates: flight.certificates ?? [],
    ...(flight.asksForCertificate === true ? { asksForCertificate: true } : {}),
    retry: isHelloRetryRequest(hello),
  };
}

function interrupted(flight: Flight, by: Interruption): TlsProbeAnswer {
  if (flight.complete === true) return helloAnswer(flight);
  if (flight.hello !== undefined) {
    const problem = by.kind === 'foreign' ? by.problem : `${by.kind} before the flight was complete`;
    return { ...helloAnswer(flight), problem, by };
  }
  if (flight.warning !== undefined) return { kind: 'alert', ...flight.warning };
  if (by.kind !== 'foreign') return { kind: 'interrupted', by };
  return { kind: 'foreign', head: copyBytes(by.partial, 0, MAX_HEAD_LENGTH), problem: by.problem };
}

function undecodable(flight: Flight, bytes: Uint8Array, problem: string): TlsProbeAnswer {
  if (flight.hello !== undefined) return { ...helloAnswer(flight), problem };
  return { kind: 'foreign', head: copyBytes(bytes, 0, MAX_HEAD_LENGTH), problem };
}

/**
 * RFC 7685: some load balancers hang on a ClientHello of 256 to 511 bytes (with its four-byte header),
 * so one of that size is padded to 512. Shorter ones stay as they are.
 */
function pad(hello: ClientHello): ClientHello {
  const headerLength = 4;
  const length = headerLength + encodeClientHello(hello).length;
  if (!(length >= 256 && length <= 511)) return hello;
  const extensionHeaderLength = 4;
  // At least one byte: some servers refuse a hello whose last extension is empty.
  const padding = paddingExtension(Math.max(1, 512 - length - extensionHeaderLength));
  return { ...hello, extensions: [...(hello.extensions ?? []), padding] };
}
