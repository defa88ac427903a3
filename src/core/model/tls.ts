/** Versions of TLS that are told apart; SSL 2.0 and 3.0 have none of their own. */
export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3';
export const TLS_VERSIONS: readonly TlsVersion[] = ['1.0', '1.1', '1.2', '1.3'];

/** What is told of an X.509 certificate, whether a listener showed it or a store holds it. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Thumbprint: SHA-1 of the DER, lower-case hexadecimal. */
  readonly sha1: string;
  readonly selfSigned: boolean;
  /** `RSA`, `EC`, `DSA`, `Ed25519`, … or an object identifier. Left out by reports of older versions. */
  readonly keyAlgorithm?: string;
  readonly keyBits: number;
  readonly signatureAlgorithm: string;
  /** The listener's own name is among these, or in the subject. */
  readonly subjectAlternativeNames?: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
}
