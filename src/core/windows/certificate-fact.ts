import { decodeCertificate, sha1Thumbprint } from '../crypto/certificate.ts';
import type { Certificate } from '../model/facts.ts';

/** A certificate in the words of the fact, wherever it was seen: on the wire or in a store. Throws `DecodeError`. */
export function certificateFact(der: Uint8Array): Certificate {
  const decoded = decodeCertificate(der);
  return {
    subject: decoded.subject,
    issuer: decoded.issuer,
    notBefore: new Date(decoded.notBefore).toISOString(),
    notAfter: new Date(decoded.notAfter).toISOString(),
    sha1: sha1Thumbprint(der),
    selfSigned: decoded.selfSigned,
    keyBits: decoded.keyBits,
    keyAlgorithm: decoded.keyAlgorithm,
    signatureAlgorithm: decoded.signatureAlgorithm,
    ...(decoded.subjectAlternativeNames.length > 0
      ? { subjectAlternativeNames: decoded.subjectAlternativeNames }
      : {}),
    ...(decoded.extendedKeyUsage === undefined ? {} : { extendedKeyUsage: decoded.extendedKeyUsage }),
  };
}
