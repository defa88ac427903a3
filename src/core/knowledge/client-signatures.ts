// SignatureSchemes (RFC 8446 section 4.2.3; RFC 5246 section 7.4.1.4.1 before) by IANA number, in the
// order in which the client offers them.

/**
 * Windows 7 with updates, in the hello of Internet Explorer 11, which leaves TLS to Schannel.
 * Source: testssl.sh, etc/client-simulation.txt, "IE 11 Win 7" (taken over from SSL Labs' simulations).
 */
export const SIGNATURES_7: readonly number[] = [
  0x0601, 0x0603, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202,
];

/** Windows 8.1, likewise: "IE 11 Win 8.1". */
export const SIGNATURES_8_1: readonly number[] = [
  0x0401, 0x0501, 0x0601, 0x0201, 0x0403, 0x0503, 0x0603, 0x0203, 0x0202,
];

/** Windows 10 from 1511 to 1803, likewise: "Edge 13", "Edge 15" and "Edge 17 (Win 10)" agree. */
export const SIGNATURES_2016: readonly number[] = [
  0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603,
];

/**
 * Schannel since RSA-PSS was added: the hello with Schannel's nineteen suites in the JA4 sample captures
 * (latest.pcapng), and that of curl with Schannel on a Windows with TLS 1.3, September 2026, agree.
 */
export const SIGNATURES_11: readonly number[] = [
  0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603,
];

/** OpenSSL 3.0.22 of Debian 12 at security level 1, from the hello of `openssl s_client`: no SHA-1. */
export const SIGNATURES_OPENSSL: readonly number[] = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501,
  0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602,
];

/** Safari 18.4 on macOS 15.4, from testssl.sh: another program of that system, so practice only. */
export const SIGNATURES_APPLE: readonly number[] = [
  0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201,
];

/** IANA names of SignatureScheme, https://www.iana.org/assignments/tls-parameters. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x0201, 'rsa_pkcs1_sha1'],
  [0x0202, 'dsa_sha1'],
  [0x0203, 'ecdsa_sha1'],
  [0x0301, 'rsa_pkcs1_sha224'],
  [0x0302, 'dsa_sha224'],
  [0x0303, 'ecdsa_sha224'],
  [0x0401, 'rsa_pkcs1_sha256'],
  [0x0402, 'dsa_sha256'],
  [0x0403, 'ecdsa_secp256r1_sha256'],
  [0x0501, 'rsa_pkcs1_sha384'],
  [0x0502, 'dsa_sha384'],
  [0x0503, 'ecdsa_secp384r1_sha384'],
  [0x0601, 'rsa_pkcs1_sha512'],
  [0x0602, 'dsa_sha512'],
  [0x0603, 'ecdsa_secp521r1_sha512'],
  [0x0804, 'rsa_pss_rsae_sha256'],
  [0x0805, 'rsa_pss_rsae_sha384'],
  [0x0806, 'rsa_pss_rsae_sha512'],
  [0x0807, 'ed25519'],
  [0x0808, 'ed448'],
  [0x0809, 'rsa_pss_pss_sha256'],
  [0x080a, 'rsa_pss_pss_sha384'],
  [0x080b, 'rsa_pss_pss_sha512'],
]);

/** IANA name of a SignatureScheme; `0x1234` for a number without one. */
export function signatureName(id: number): string {
  return NAMES.get(id) ?? `0x${id.toString(16).padStart(4, '0').toUpperCase()}`;
}

const BY_NAME: ReadonlyMap<string, number> = new Map([...NAMES].map(([id, name]) => [name, id]));

/** The SignatureScheme with this name, or `undefined`. */
export function findSignature(name: string): number | undefined {
  return BY_NAME.get(name);
}
