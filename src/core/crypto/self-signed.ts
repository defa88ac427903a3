/**
 * RFC 5280 section 4.1 Basic Certificate Fields, written: a self-signed X.509v3 certificate such as a
 * listener makes for itself, sha256WithRSAEncryption. The caller has the key and computes the signature.
 */
import { ber, berIntegerOf, berOidOf, contextTag, TAG } from '../bytes/ber.ts';
import { OID } from './oids.ts';
import { encodeTime } from './x509-time.ts';

export interface SelfSignedCertificate {
  /** Becomes subject and issuer, `CN=` and this. */
  readonly commonName: string;
  /** Milliseconds since 1970-01-01 UTC; whole seconds are kept. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Unsigned, big-endian, 1 to 20 bytes, not all zero. */
  readonly serial: Uint8Array;
  /** SubjectPublicKeyInfo in DER, of an RSA key. */
  readonly subjectPublicKeyInfo: Uint8Array;
  /** dNSName entries, ASCII. */
  readonly dnsNames?: readonly string[];
  /** iPAddress entries, 4 or 16 bytes each. */
  readonly addresses?: readonly Uint8Array[];
  /** Dotted object identifiers; serverAuth when left out; an empty list leaves the extension out. */
  readonly extendedKeyUsage?: readonly string[];
}

/** The TBSCertificate in DER: what has to be signed with RSASSA-PKCS1-v1_5 and SHA-256. */
export function certificateToSign(certificate: SelfSignedCertificate): Uint8Array {
  const name = ber(
    TAG.sequence,
    ber(
      TAG.set,
      ber(TAG.sequence, berOidOf(OID.commonName), ber(TAG.utf8String, utf8(certificate.commonName))),
    ),
  );
  const version3 = 2;
  return ber(
    TAG.sequence,
    ber(contextTag(0), berIntegerOf(version3)),
    unsignedInteger(certificate.serial),
    SHA256_WITH_RSA,
    name,
    ber(TAG.sequence, encodeTime(certificate.notBefore), encodeTime(certificate.notAfter)),
    name,
    certificate.subjectPublicKeyInfo,
    ber(contextTag(3), ber(TAG.sequence, ...extensionsOf(certificate))),
  );
}

/** The certificate in DER from what `certificateToSign` gave and its signature. */
export function assembleCertificate(tbsCertificate: Uint8Array, signature: Uint8Array): Uint8Array {
  const unusedBits = 0;
  return ber(TAG.sequence, tbsCertificate, SHA256_WITH_RSA, ber(TAG.bitString, [unusedBits], signature));
}

const SHA256_WITH_RSA = ber(TAG.sequence, berOidOf(OID.sha256WithRsaEncryption), ber(TAG.null));

/** Context tags of GeneralName: [2] dNSName and [7] iPAddress, implicit. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

function extensionsOf(certificate: SelfSignedCertificate): Uint8Array[] {
  const { dnsNames = [], addresses = [], extendedKeyUsage = [OID.serverAuth] } = certificate;
  // RFC 5280 section 4.2.1.3: digitalSignature (bit 0) and keyEncipherment (bit 2), so five bits of one octet are unused.
  const extensions = [extension(OID.keyUsage, ber(TAG.bitString, [5, 0b1010_0000]))];
  if (extendedKeyUsage.length > 0)
    extensions.push(extension(OID.extKeyUsage, ber(TAG.sequence, ...extendedKeyUsage.map(berOidOf))));
  const names = [
    ...dnsNames.map((name) => ber(DNS_NAME, utf8(name))),
    ...addresses.map((address) => ber(IP_ADDRESS, address)),
  ];
  if (names.length > 0) extensions.push(extension(OID.subjectAltName, ber(TAG.sequence, ...names)));
  return extensions;
}

function extension(oid: string, value: Uint8Array): Uint8Array {
  return ber(TAG.sequence, berOidOf(oid), ber(TAG.octetString, value));
}

/** INTEGER of an unsigned big-endian number, in the fewest octets. */
function unsignedInteger(octets: Uint8Array): Uint8Array {
  const first = octets.findIndex((octet) => octet !== 0);
  if (!(first >= 0 && octets.length - first <= 20))
    throw new RangeError('a serial number is 1 to 20 octets, not all zero');
  const shortest = octets.subarray(first);
  return ber(TAG.integer, (shortest[0] ?? 0) >= 0x80 ? [0] : [], shortest);
}

/** UTF-8; core has no TextEncoder. Lone surrogates become U+FFFD. */
function utf8(text: string): readonly number[] {
  const octets: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) octets.push(code);
    else if (code < 0x800) octets.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000)
      octets.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else
      octets.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 0x3f),
        0x80 | ((code >> 6) & 0x3f),
        0x80 | (code & 0x3f),
      );
  }
  return octets;
}
