// Certificates with other dates than the healthy one: as a listener shows them and as a store keeps them.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { sha1Thumbprint } from '../../src/core/crypto/certificate.ts';
import { assembleCertificate, certificateToSign } from '../../src/core/crypto/self-signed.ts';
import { blob, CLASSIC, GUID, keyProvider, property } from '../core/windows/build-certificate.ts';
import { RDP, type Settings, STORES } from './settings.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** @param notBefore @param notAfter milliseconds since 1970-01-01 UTC */
export function certificate(
  notBefore: number,
  notAfter: number,
  commonName = 'vm1.corp.example',
): Uint8Array {
  const tbs = certificateToSign({
    commonName,
    notBefore,
    notAfter,
    serial: Uint8Array.of(7),
    subjectPublicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    dnsNames: [commonName],
  });
  return assembleCertificate(tbs, new Uint8Array(sign('sha256', tbs, privateKey)));
}

/** The listener's own certificate, in place of the healthy one. */
export function selfSigned(der: Uint8Array): Settings {
  const thumbprint = Uint8Array.from(Buffer.from(sha1Thumbprint(der), 'hex'));
  return {
    [`${STORES}\\Remote Desktop`]: null,
    [`${RDP}!SelfSignedCertificate`]: thumbprint,
    [`${STORES}\\Remote Desktop\\Certificates\\${sha1Thumbprint(der).toUpperCase()}!Blob`]: blob(
      property(3, thumbprint),
      property(2, keyProvider('TSSecKeySet1', CLASSIC)),
      property(32, der),
    ),
  };
}

/** A certificate that an administrator bound to the listener, with a key of its own. */
export function bound(der: Uint8Array, container = 'AcmeServerKey'): Settings {
  const thumbprint = Uint8Array.from(Buffer.from(sha1Thumbprint(der), 'hex'));
  return {
    [`${RDP}!SSLCertificateSHA1Hash`]: thumbprint,
    [`${STORES}\\MY\\Certificates\\${sha1Thumbprint(der).toUpperCase()}!Blob`]: blob(
      property(3, thumbprint),
      property(2, keyProvider(container, CLASSIC)),
      property(32, der),
    ),
  };
}

/** The file of a machine's key: MD5 of the container's name, lower case and terminated, as four numbers; then the machine's GUID. */
export function keyFileOf(container: string): string {
  const digest = createHash('md5').update(`${container.toLowerCase()}\0`, 'latin1').digest();
  const words = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at).toString(16).padStart(8, '0'));
  return `\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys\\${words.join('')}_${GUID}`;
}
