/** Object identifiers of certificates that the code itself compares with. */
export const OID = {
  commonName: '2.5.4.3',
  subjectAltName: '2.5.29.17',
  keyUsage: '2.5.29.15',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  sha256WithRsaEncryption: '1.2.840.113549.1.1.11',
  rsaEncryption: '1.2.840.113549.1.1.1',
  rsassaPss: '1.2.840.113549.1.1.10',
  ecPublicKey: '1.2.840.10045.2.1',
  dsa: '1.2.840.10040.4.1',
} as const;

/** Sources: RFC 3279 section 2.2, RFC 4055, RFC 5758, RFC 8017 appendix C, RFC 8410 section 3; the last from OIW, used by old Windows tools. */
export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  [OID.sha256WithRsaEncryption, 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  [OID.rsassaPss, 'id-RSASSA-PSS'],
  ['1.2.840.10040.4.3', 'dsa-with-SHA1'],
  ['2.16.840.1.101.3.4.3.2', 'dsa-with-SHA256'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['1.3.101.112', 'id-Ed25519'],
  ['1.3.101.113', 'id-Ed448'],
  ['1.3.14.3.2.29', 'sha1WithRSASignature'],
]);

/** Sources: RFC 5280 section 4.2.1.12; Microsoft, "Remote Desktop listener certificate configurations" (Remote Desktop Authentication). */
export const EXTENDED_KEY_USAGES: ReadonlyMap<string, string> = new Map([
  [OID.serverAuth, 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.8', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
  ['2.5.29.37.0', 'anyExtendedKeyUsage'],
  ['1.3.6.1.4.1.311.20.2.2', 'smartcardLogon'],
  ['1.3.6.1.5.2.3.5', 'kdcAuthentication'],
  ['1.3.6.1.4.1.311.54.1.2', 'remoteDesktop'],
]);

/** Short names of attribute types. Sources: RFC 4514 section 3, RFC 4519, PKCS #9 for emailAddress. */
export const ATTRIBUTE_TYPES: ReadonlyMap<string, string> = new Map([
  [OID.commonName, 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.42', 'GN'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

/** Key size in bits of a named curve. Sources: RFC 5480 section 2.1.1.1, SEC 2, RFC 5639. */
export const CURVE_BITS: ReadonlyMap<string, number> = new Map([
  ['1.2.840.10045.3.1.1', 192],
  ['1.3.132.0.33', 224],
  ['1.2.840.10045.3.1.7', 256],
  ['1.3.132.0.34', 384],
  ['1.3.132.0.35', 521],
  ['1.3.132.0.10', 256],
  ['1.3.36.3.3.2.8.1.1.7', 256],
  ['1.3.36.3.3.2.8.1.1.11', 384],
  ['1.3.36.3.3.2.8.1.1.13', 512],
]);

/** Keys whose algorithm alone says the size. RFC 8410 section 3. */
export const FIXED_KEYS: ReadonlyMap<string, { readonly algorithm: string; readonly bits: number }> = new Map(
  [
    ['1.3.101.110', { algorithm: 'X25519', bits: 256 }],
    ['1.3.101.111', { algorithm: 'X448', bits: 448 }],
    ['1.3.101.112', { algorithm: 'Ed25519', bits: 256 }],
    ['1.3.101.113', { algorithm: 'Ed448', bits: 456 }],
  ],
);
