/** RFC 5280 section 4.1.2.7 Subject Public Key Info (SubjectPublicKeyInfo). */
import { berOid, readBer, TAG } from '../bytes/ber.ts';
import { Reader } from '../bytes/reader.ts';
import { CURVE_BITS, FIXED_KEYS, OID } from './oids.ts';

export interface PublicKeyInfo {
  /** `RSA`, `RSASSA-PSS`, `EC`, `DSA`, `Ed25519`, …, or a dotted object identifier. */
  readonly algorithm: string;
  /** Modulus, field or key size; 0 for an algorithm that is not known here. */
  readonly bits: number;
  /** The content of the bit string, without its count of unused bits. */
  readonly subjectPublicKey: Uint8Array;
}

/** Throws `DecodeError`. */
export function readPublicKeyInfo(r: Reader): PublicKeyInfo {
  const info = readBer(r, TAG.sequence, 'SubjectPublicKeyInfo');
  const algorithm = readBer(info, TAG.sequence, 'AlgorithmIdentifier');
  const oid = berOid(readBer(algorithm, TAG.oid));
  const bitString = readBer(info, TAG.bitString, 'subjectPublicKey');
  info.expectEnd();
  const unusedBits = bitString.u8();
  if (!(unusedBits === 0)) bitString.fail(`expected no unused bits, received ${unusedBits}`);
  const subjectPublicKey = bitString.rest();
  return { ...sizeOf(oid, algorithm, subjectPublicKey), subjectPublicKey };
}

function sizeOf(oid: string, parameters: Reader, key: Uint8Array): Pick<PublicKeyInfo, 'algorithm' | 'bits'> {
  switch (oid) {
    case OID.rsaEncryption:
      return { algorithm: 'RSA', bits: modulusBits(key) };
    case OID.rsassaPss:
      return { algorithm: 'RSASSA-PSS', bits: modulusBits(key) };
    case OID.ecPublicKey:
      return { algorithm: 'EC', bits: curveBits(parameters, key) };
    case OID.dsa:
      return { algorithm: 'DSA', bits: primeBits(parameters) };
    default:
      return FIXED_KEYS.get(oid) ?? { algorithm: oid, bits: 0 };
  }
}

/** RFC 8017 appendix A.1.1 RSAPublicKey. */
function modulusBits(key: Uint8Array): number {
  const rsa = readBer(new Reader(key, 'RSAPublicKey'), TAG.sequence);
  const bits = bitLength(readBer(rsa, TAG.integer, 'modulus').rest());
  readBer(rsa, TAG.integer, 'publicExponent');
  return bits;
}

/** RFC 3279 section 2.3.2 Dss-Parms: p comes first. A key may inherit its parameters; then nothing is known. */
function primeBits(parameters: Reader): number {
  if (parameters.peek() !== TAG.sequence) return 0;
  return bitLength(readBer(readBer(parameters, TAG.sequence, 'Dss-Parms'), TAG.integer).rest());
}

/** RFC 5480 section 2.1.1: a named curve. Explicit parameters and unknown curves are measured by the point. */
function curveBits(parameters: Reader, point: Uint8Array): number {
  const uncompressed = 4;
  const known =
    parameters.peek() === TAG.oid ? CURVE_BITS.get(berOid(readBer(parameters, TAG.oid))) : undefined;
  if (known !== undefined) return known;
  const coordinates = point[0] === uncompressed ? (point.length - 1) / 2 : point.length - 1;
  return Math.max(0, Math.floor(coordinates)) * 8;
}

/** Bits of an unsigned integer without its leading zeros. */
function bitLength(octets: Uint8Array): number {
  const first = octets.findIndex((octet) => octet !== 0);
  if (first < 0) return 0;
  return (octets.length - first) * 8 - (Math.clz32(octets[first] ?? 0) - 24);
}
