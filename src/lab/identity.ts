import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { assembleCertificate, certificateToSign } from '../core/crypto/self-signed.ts';
import type { LabCertificate } from './config.ts';
import { encodeProprietaryCertificate } from './proprietary-certificate.ts';

/** Who a lab is: a key, its certificate for TLS and its certificate for standard RDP security. */
export interface Identity {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** DER of RSAPublicKey: what CredSSP binds to. */
  readonly publicKey: Uint8Array;
  readonly proprietaryCertificate: Uint8Array;
}

const KEY_BITS = 2048;

/** What is the same for every lab of a process. */
interface LabKey extends Omit<Identity, 'certificatePem'> {
  readonly privateKey: KeyObject;
  readonly subjectPublicKeyInfo: Uint8Array;
}

let key: Promise<LabKey> | undefined;

/**
 * A certificate for this lab. The key is made when the first lab of a process starts and serves the others
 * too: making one takes half a second at times, and it protects nothing.
 * @param certificate what the certificate says
 */
export async function createIdentity(certificate: LabCertificate): Promise<Identity> {
  key ??= createKey();
  const { privateKey, subjectPublicKeyInfo, ...rest } = await key;
  const toSign = certificateToSign({
    commonName: certificate.subject,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    serial: Uint8Array.of(1, ...randomBytes(15)),
    subjectPublicKeyInfo,
    dnsNames: [certificate.subject],
  });
  const der = assembleCertificate(toSign, new Uint8Array(sign('sha256', toSign, privateKey)));
  return { ...rest, certificatePem: pem(der) };
}

async function createKey(): Promise<LabKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return {
    privateKey,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subjectPublicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    publicKey: new Uint8Array(publicKey.export({ type: 'pkcs1', format: 'der' })),
    proprietaryCertificate: encodeProprietaryCertificate(
      new Uint8Array(Buffer.from(n, 'base64url')),
      Number.parseInt(Buffer.from(e, 'base64url').toString('hex'), 16),
    ),
  };
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
