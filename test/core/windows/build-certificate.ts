// A stored certificate as Windows keeps it in the registry, with the name of its key's file.
import { generateKeyPairSync } from 'node:crypto';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { Writer } from '../../../src/core/bytes/writer.ts';
import { sha1Thumbprint } from '../../../src/core/crypto/certificate.ts';
import { assembleCertificate, certificateToSign } from '../../../src/core/crypto/self-signed.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const tbs = certificateToSign({
  commonName: 'vm1.corp.example',
  notBefore: Date.UTC(2026, 0, 1),
  notAfter: Date.UTC(2026, 6, 1),
  serial: Uint8Array.of(1, 2, 3),
  subjectPublicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
});
export const DER = assembleCertificate(tbs, new Uint8Array(256));
export const SHA1 = sha1Thumbprint(DER);
export const THUMBPRINT = Uint8Array.from(Buffer.from(SHA1, 'hex'));

export function property(id: number, value: Uint8Array): Uint8Array {
  return new Writer().u32le(id).u32le(1).u32le(value.length).bytes(value).toBytes();
}

/** CRYPT_KEY_PROV_INFO as a store keeps it: seven numbers, then the names. */
export function keyProvider(container: string, provider: string): Uint8Array {
  const name = encodeUtf16le(`${container}\0`);
  const header = 28;
  return new Writer()
    .u32le(header)
    .u32le(header + name.length)
    .u32le(12) // PROV_RSA_SCHANNEL
    .u32le(0x20) // machine keys
    .u32le(0)
    .u32le(0)
    .u32le(1) // AT_KEYEXCHANGE
    .bytes(name)
    .bytes(encodeUtf16le(`${provider}\0`))
    .toBytes();
}

export const CLASSIC = 'Microsoft Enhanced Cryptographic Provider v1.0';

export function blob(...properties: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(properties.flatMap((bytes) => [...bytes]));
}

export const STORED = blob(
  property(3, THUMBPRINT), // SHA-1
  property(2, keyProvider('TSSecKeySet1', CLASSIC)),
  property(32, DER),
);

/** The machine's own, and the name that the key of its self-signed certificate has on every Windows. */
export const GUID = '61841625-24c4-495b-9080-eccd903b9e6f';
export const KEY_FILE = `\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys\\f686aace6942fb7f7ceb231212eef4a4_${GUID}`;

export const SYSTEM = 'S-1-5-18';
export const ADMINISTRATORS = 'S-1-5-32-544';
export const NETWORK_SERVICE = 'S-1-5-20';
export const FULL = 0x1f01ff;
export const READ = 0x120089;
