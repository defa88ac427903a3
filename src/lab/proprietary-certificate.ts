// [MS-RDPBCGR] 2.2.1.4.3.1.1 Server Proprietary Certificate (PROPRIETARYSERVERCERTIFICATE),
// 2.2.1.4.3.1.1.1 RSA Public Key (RSA_PUBLIC_KEY), 5.3.3.1 Proprietary Certificates. Little-endian.
import { fromHex, toHex } from '../core/bytes/hex.ts';
import { Writer } from '../core/bytes/writer.ts';
import { md5 } from '../core/crypto/digest.ts';

const CERT_CHAIN_VERSION_1 = 1;
const SIGNATURE_ALG_RSA = 1;
const KEY_EXCHANGE_ALG_RSA = 1;
const BB_RSA_KEY_BLOB = 0x0006;
const BB_RSA_SIGNATURE_BLOB = 0x0008;
/** 'RSA1' */
const RSA_MAGIC = 0x3141_5352;
/** Zeros that follow a modulus and a signature. */
const PADDING = 8;

/**
 * 5.3.3.1.1 Terminal Services Signing Key: the specification prints its private half, because every
 * server signs with it. It proves nothing, and no secret is in it.
 */
const MODULUS = littleEndian(
  fromHex(`3d3a5ebd72433ec94dbbc11e4aba5fcb3e882087eff5c1e2d7b76b9af2524595
           ce63656b583afeef7ce7bffe3df65c7d6c5e06091af561bb2093095f056dea87`),
);
const PRIVATE_EXPONENT = littleEndian(
  fromHex(`87a71932da11875558001616256568f8243ee6fae9674994cf92cc3399e80860
           179a129f24ddb12499c73ab80a7b0ddd350779170b519bb3c7100113e73ff35f`),
);
const SIGNATURE_LENGTH = 64;

/**
 * The certificate that a server of standard RDP security shows, signed.
 * @param modulus of its RSA key, big-endian, without leading zeros
 * @param exponent its public exponent
 */
export function encodeProprietaryCertificate(modulus: Uint8Array, exponent: number): Uint8Array {
  const bits = modulus.length * 8;
  const blob = new Writer()
    .u32le(RSA_MAGIC)
    .u32le(modulus.length + PADDING)
    .u32le(bits)
    .u32le(modulus.length - 1 /* bytes that can be encrypted */)
    .u32le(exponent)
    .bytes(modulus.toReversed())
    .zeros(PADDING)
    .toBytes();
  const signed = new Writer()
    .u32le(CERT_CHAIN_VERSION_1)
    .u32le(SIGNATURE_ALG_RSA)
    .u32le(KEY_EXCHANGE_ALG_RSA)
    .u16le(BB_RSA_KEY_BLOB)
    .u16le(blob.length)
    .bytes(blob)
    .toBytes();
  return new Writer()
    .bytes(signed)
    .u16le(BB_RSA_SIGNATURE_BLOB)
    .u16le(SIGNATURE_LENGTH + PADDING)
    .bytes(sign(signed))
    .zeros(PADDING)
    .toBytes();
}

/** 5.3.3.1.2 Signing a Proprietary Certificate: MD5, then 0x00, 45 times 0xFF, 0x01; raised to the private exponent. */
function sign(signed: Uint8Array): Uint8Array {
  const padded = new Writer(SIGNATURE_LENGTH)
    .bytes(md5(signed))
    .u8(0)
    .bytes(new Uint8Array(45).fill(0xff))
    .u8(1);
  const signature = power(littleEndian(padded.toBytes()), PRIVATE_EXPONENT, MODULUS);
  return fromHex(signature.toString(16).padStart(SIGNATURE_LENGTH * 2, '0')).toReversed();
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
