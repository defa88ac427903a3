/**
 * RFC 5280 section 4.1 Basic Certificate Fields (Certificate, TBSCertificate): the fields of an X.509 certificate that say
 * why a client might refuse it. No signature is verified: a listener's certificate is evidence, and is
 * judged elsewhere.
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { berOid, readBer, readBerHeader, readOptionalBer, TAG } from '../bytes/ber.ts';
import { toHex } from '../bytes/hex.ts';
import { Reader } from '../bytes/reader.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { EXTENDED_KEY_USAGES, OID, SIGNATURE_ALGORITHMS } from './oids.ts';
import { readPublicKeyInfo } from './public-key-info.ts';
import { readTime } from './x509-time.ts';

export interface X509Certificate {
  /** As RFC 4514 writes it, but with a blank after each comma: `CN=vm1.corp.example, O=Example`. Empty for an empty name. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hexadecimal without leading zero octets. */
  readonly serial: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Issuer and subject are the same bytes. Whether it really signed itself is not checked. */
  readonly selfSigned: boolean;
  /** `RSA`, `RSASSA-PSS`, `EC`, `DSA`, `Ed25519`, …, or a dotted object identifier. */
  readonly keyAlgorithm: string;
  /** Modulus, field or key size; 0 for an algorithm that is not known here. */
  readonly keyBits: number;
  /** subjectPublicKey: the content of the bit string, without its count of unused bits. CredSSP's pubKeyAuth binds to it. */
  readonly publicKey: Uint8Array;
  /** `sha256WithRSAEncryption`, or a dotted object identifier that has no name here. */
  readonly signatureAlgorithm: string;
  /** dNSName and iPAddress of subjectAltName, in its order. Empty without the extension. */
  readonly subjectAlternativeNames: readonly string[];
  /** `serverAuth`, `remoteDesktop`, …, or dotted object identifiers. Left out without the extension: then any use is allowed. */
  readonly extendedKeyUsage?: readonly string[];
}

/** Context tags of TBSCertificate. */
const VERSION = 0xa0;
const ISSUER_UNIQUE_ID = 0x81;
const SUBJECT_UNIQUE_ID = 0x82;
const EXTENSIONS = 0xa3;

/** Context tags of GeneralName. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** Reads one certificate in DER (BER with definite lengths will do). Throws `DecodeError`. */
export function decodeCertificate(der: Uint8Array): X509Certificate {
  const outer = new Reader(der, 'Certificate');
  const certificate = readBer(outer, TAG.sequence);
  outer.expectEnd();
  const tbs = readBer(certificate, TAG.sequence, 'TBSCertificate');
  const signatureAlgorithm = readAlgorithm(certificate);
  readBer(certificate, TAG.bitString, 'signatureValue');
  certificate.expectEnd();

  readOptionalBer(tbs, VERSION, 'Version');
  const serial = toHex(readBer(tbs, TAG.integer, 'CertificateSerialNumber').rest()).replace(
    /^(?:00)+(?=..)/,
    '',
  );
  readBer(tbs, TAG.sequence, 'AlgorithmIdentifier');
  const issuerBytes = readBer(tbs, TAG.sequence, 'Name').rest();
  const validity = readBer(tbs, TAG.sequence, 'Validity');
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  const subjectBytes = readBer(tbs, TAG.sequence, 'Name').rest();
  const key = readPublicKeyInfo(tbs);
  readOptionalBer(tbs, ISSUER_UNIQUE_ID);
  readOptionalBer(tbs, SUBJECT_UNIQUE_ID);
  const extensions = readOptionalBer(tbs, EXTENSIONS, 'Extensions');
  tbs.expectEnd();
  return {
    subject: readDistinguishedName(new Reader(subjectBytes, 'Name')),
    issuer: readDistinguishedName(new Reader(issuerBytes, 'Name')),
    serial,
    notBefore,
    notAfter,
    selfSigned: toHex(issuerBytes) === toHex(subjectBytes),
    keyAlgorithm: key.algorithm,
    keyBits: key.bits,
    publicKey: key.subjectPublicKey,
    signatureAlgorithm,
    subjectAlternativeNames: [],
    ...(extensions === undefined ? {} : readExtensions(extensions)),
  };
}

/** SHA-1 of the DER in lower-case hexadecimal: what Windows calls the thumbprint. */
export function sha1Thumbprint(der: Uint8Array): string {
  return toHex(sha1(der));
}

/** The algorithm's name; its parameters are passed over. */
function readAlgorithm(r: Reader): string {
  const oid = berOid(readBer(readBer(r, TAG.sequence, 'AlgorithmIdentifier'), TAG.oid));
  return SIGNATURE_ALGORITHMS.get(oid) ?? oid;
}

type Extensions = Partial<Pick<X509Certificate, 'subjectAlternativeNames' | 'extendedKeyUsage'>>;

/** RFC 5280 section 4.2; those not needed here are passed over unread. */
function readExtensions(wrapped: Reader): Extensions {
  const list = readBer(wrapped, TAG.sequence);
  wrapped.expectEnd();
  let found: Extensions = {};
  while (list.remaining > 0) {
    const extension = readBer(list, TAG.sequence, 'Extension');
    const oid = berOid(readBer(extension, TAG.oid));
    readOptionalBer(extension, TAG.boolean);
    const value = readBer(extension, TAG.octetString);
    extension.expectEnd();
    if (oid === OID.subjectAltName)
      found = { ...found, subjectAlternativeNames: readAlternativeNames(value) };
    if (oid === OID.extKeyUsage) found = { ...found, extendedKeyUsage: readKeyPurposes(value) };
  }
  return found;
}

/** RFC 5280 section 4.2.1.6 GeneralNames. */
function readAlternativeNames(value: Reader): readonly string[] {
  const list = readBer(value, TAG.sequence, 'SubjectAltName');
  value.expectEnd();
  const names: string[] = [];
  while (list.remaining > 0) {
    const { tag, length } = readBerHeader(list);
    const content = list.bytes(length);
    // The rest is passed over, not refused: the certificate is evidence all the same.
    if (names.length >= MAX_ALTERNATIVE_NAMES) continue;
    if (tag === DNS_NAME) names.push(String.fromCharCode(...content.subarray(0, MAX_DNS_NAME_LENGTH)));
    if (tag === IP_ADDRESS) names.push(addressText(content));
  }
  return names;
}

/** RFC 1035 section 2.3.4; whatever is longer is cut. */
const MAX_DNS_NAME_LENGTH = 255;

/** Public authorities put at most 250 into one certificate; a list of tens of thousands fits into a handshake. */
const MAX_ALTERNATIVE_NAMES = 256;

/** Windows knows some forty purposes. */
const MAX_PURPOSES = 64;

/** RFC 5280 section 4.2.1.12 ExtKeyUsageSyntax. */
function readKeyPurposes(value: Reader): readonly string[] {
  const list = readBer(value, TAG.sequence, 'ExtKeyUsageSyntax');
  value.expectEnd();
  const purposes: string[] = [];
  while (list.remaining > 0) {
    const oid = berOid(readBer(list, TAG.oid));
    if (purposes.length < MAX_PURPOSES) purposes.push(EXTENDED_KEY_USAGES.get(oid) ?? oid);
  }
  return purposes;
}

/** Four octets dotted; sixteen as RFC 5952 writes them; anything else as hexadecimal. */
function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return toHex(octets);
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[index * 2] ?? 0) << 8) | (octets[index * 2 + 1] ?? 0)).toString(16),
  );
  // The longest run of two or more zero groups, the first of equals, becomes "::".
  let best = { at: 0, length: 1 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (groups[at + length] === '0') length += 1;
    if (length > best.length) best = { at, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}
