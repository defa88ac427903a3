import { EXPORT1024_SUITES, IANA_SUITES } from './tls-suite-names.ts';

export interface TlsSuite {
  readonly id: number;
  /** IANA name, `TLS_` included. */
  readonly name: string;
  readonly strength: 'strong' | 'acceptable' | 'weak' | 'broken';
  /** Whether a Windows in FIPS 140 mode allows it (with ECDHE: on a NIST curve). */
  readonly fips: boolean;
  /** First and last version that it is used with, 0x0300 to 0x0304. */
  readonly versions: readonly [first: number, last: number];
}

const SSL3 = 0x0300;
const TLS10 = 0x0301;
const TLS11 = 0x0302;
const TLS12 = 0x0303;
const TLS13 = 0x0304;

/**
 * What Schannel implements and allows in FIPS mode.
 * Sources: "TLS Cipher Suites in Windows Vista", column "FIPS mode enabled" (CBC with SHA: yes for AES
 * and 3DES; no for RC4, NULL; DES and EXPORT are not enabled there). The pages for Windows 7 to Windows
 * Server 2022 dropped the column and point to NIST SP 800-52 section 3.3.1: AES and 3DES, RSA, DHE and
 * ECDHE on NIST curves; from their tables come the suites with SHA-256, SHA-384 and GCM, and TLS 1.3 with
 * AES. All under https://learn.microsoft.com/windows/win32/secauthn/cipher-suites-in-schannel.
 * AES-CCM, ARIA, Camellia and the ECDHE suites with 3DES are not in Schannel, so no Windows allows them.
 */
const FIPS: ReadonlySet<number> = new Set([
  ...[0x000a, 0x002f, 0x0035, 0x003c, 0x003d, 0x009c, 0x009d], // RSA
  ...[0x0013, 0x0032, 0x0038, 0x0040, 0x006a], // DHE_DSS
  ...[0x0033, 0x0039, 0x009e, 0x009f], // DHE_RSA
  ...[0xc013, 0xc014, 0xc027, 0xc028, 0xc02f, 0xc030], // ECDHE_RSA
  ...[0xc009, 0xc00a, 0xc023, 0xc024, 0xc02b, 0xc02c], // ECDHE_ECDSA
  ...[0x1301, 0x1302], // TLS 1.3
]);

/** IANA's signalling values: offered by clients, never selected. */
const SIGNALLING: ReadonlyMap<number, string> = new Map([
  [0x00ff, 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV'], // RFC 5746
  [0x5600, 'TLS_FALLBACK_SCSV'], // RFC 7507
]);

/** Every suite, ascending by number. */
export const TLS_SUITES: readonly TlsSuite[] = [...IANA_SUITES, ...EXPORT1024_SUITES]
  .map(([id, short]) => ({
    id,
    name: `TLS_${short}`,
    strength: strengthOf(short),
    fips: FIPS.has(id),
    versions: versionsOf(short),
  }))
  .sort((a, b) => a.id - b.id);

const BY_ID: ReadonlyMap<number, TlsSuite> = new Map(TLS_SUITES.map((suite) => [suite.id, suite]));

const BY_NAME: ReadonlyMap<string, TlsSuite> = new Map(TLS_SUITES.map((suite) => [suite.name, suite]));

/** The suite with this IANA name, `TLS_` included, or `undefined`. */
export function findSuiteByName(name: string): TlsSuite | undefined {
  return BY_NAME.get(name);
}

/** The suite with this number, or `undefined`. */
export function findSuite(id: number): TlsSuite | undefined {
  return BY_ID.get(id);
}

/** IANA name; `0x1234` for a number without one. */
export function suiteName(id: number): string {
  return BY_ID.get(id)?.name ?? SIGNALLING.get(id) ?? hexName(id);
}

/**
 * The suites to offer in one hello that asks for this version: all that a Remote Desktop listener could
 * accept, Schannel from Windows Server 2003 to 2025 and every OpenSSL, best first. Empty for an unknown
 * version.
 *
 * Left out: PSK, SRP and Kerberos, which need a secret or a ticket; fixed DH and ECDH, which need a
 * certificate with such a key, and which Schannel never had; GOST, SM4 and AEGIS; everything reserved.
 * Up to TLS 1.1 there are at most 64 with the signalling values, since Schannel of Windows Server 2003
 * takes no more (http://seclists.org/nmap-dev/2010/q1/859); for TLS 1.2 fewer than 128, where other old
 * servers stop.
 */
export function suitesFor(version: number): readonly number[] {
  switch (version) {
    case SSL3:
    case TLS10:
    case TLS11:
      return OFFERED_BEFORE_12;
    case TLS12:
      return OFFERED_12;
    case TLS13:
      return OFFERED_13;
    default:
      return [];
  }
}

/** RFC 8446 appendix B.4. */
const OFFERED_13: readonly number[] = [0x1302, 0x1301, 0x1303, 0x1304, 0x1305];

/**
 * ECDHE is offered for SSL 3.0 as well: RFC 8422 defines it for TLS, OpenSSL 1.0 accepts it all the same.
 * Likewise DES and EXPORT, which TLS 1.1 and 1.2 took away and OpenSSL 1.0 and Schannel did not.
 */
const OFFERED_BEFORE_12: readonly number[] = [
  ...[0xc00a, 0xc014, 0x0039, 0x0038, 0xc009, 0xc013, 0x0033, 0x0032], // (EC)DHE with AES-CBC
  ...[0x0088, 0x0087, 0x0045, 0x0044, 0x009a, 0x0099], // DHE with Camellia, SEED
  ...[0x0035, 0x002f, 0x0084, 0x0041, 0x0096], // RSA with AES, Camellia, SEED
  ...[0xc008, 0xc012, 0x0016, 0x0013, 0x000a, 0x0007], // 3DES, IDEA
  ...[0xc007, 0xc011, 0x0066, 0x0005, 0x0004], // RC4
  ...[0x0015, 0x0012, 0x0009], // DES
  ...[0x0063, 0x0065, 0x0062, 0x0064], // EXPORT1024
  ...[0x0014, 0x0011, 0x0008, 0x0006, 0x0003], // EXPORT
  ...[0xc019, 0xc018, 0x003a, 0x0034, 0x0089, 0x0046, 0x009b], // anonymous
  ...[0xc017, 0x001b, 0xc016, 0x0018, 0x001a, 0x0019, 0x0017], // anonymous with 3DES, RC4, DES, EXPORT
  ...[0xc006, 0xc010, 0xc015, 0x0002, 0x0001], // NULL
];

const OFFERED_12: readonly number[] = [
  ...[0xc02c, 0xc030, 0x009f, 0x00a3, 0xcca9, 0xcca8, 0xccaa], // (EC)DHE with AES-256-GCM, ChaCha20
  ...[0xc02b, 0xc02f, 0x009e, 0x00a2], // (EC)DHE with AES-128-GCM
  ...[0xc0ad, 0xc0ac, 0xc09f, 0xc09e, 0xc0af, 0xc0ae, 0xc0a3, 0xc0a2], // (EC)DHE with AES-CCM, CCM-8
  ...[0xc05d, 0xc05c, 0xc061, 0xc060, 0xc053, 0xc052, 0xc057, 0xc056], // (EC)DHE with ARIA-GCM
  ...[0xc024, 0xc028, 0x006b, 0x006a, 0xc023, 0xc027, 0x0067, 0x0040], // (EC)DHE with AES-CBC and SHA-2
  ...[0xc073, 0xc077, 0x00c4, 0x00c3, 0xc072, 0xc076, 0x00be, 0x00bd], // (EC)DHE with Camellia and SHA-2
  ...[0x009d, 0x009c, 0xc09d, 0xc09c, 0xc0a1, 0xc0a0, 0xc051, 0xc050], // RSA with GCM, CCM, ARIA-GCM
  ...[0x003d, 0x003c, 0x00c0, 0x00ba], // RSA with AES-CBC, Camellia and SHA-2
  ...OFFERED_BEFORE_12,
  ...[0x00a7, 0x00a6, 0x006d, 0x006c, 0x00c5, 0x00bf], // anonymous
  0x003b, // NULL
];

/** IANA "TLS Supported Groups" registry, https://www.iana.org/assignments/tls-parameters. */
const GROUPS: ReadonlyMap<number, string> = new Map([
  [1, 'sect163k1'],
  [2, 'sect163r1'],
  [3, 'sect163r2'],
  [4, 'sect193r1'],
  [5, 'sect193r2'],
  [6, 'sect233k1'],
  [7, 'sect233r1'],
  [8, 'sect239k1'],
  [9, 'sect283k1'],
  [10, 'sect283r1'],
  [11, 'sect409k1'],
  [12, 'sect409r1'],
  [13, 'sect571k1'],
  [14, 'sect571r1'],
  [15, 'secp160k1'],
  [16, 'secp160r1'],
  [17, 'secp160r2'],
  [18, 'secp192k1'],
  [19, 'secp192r1'],
  [20, 'secp224k1'],
  [21, 'secp224r1'],
  [22, 'secp256k1'],
  [23, 'secp256r1'],
  [24, 'secp384r1'],
  [25, 'secp521r1'],
  [26, 'brainpoolP256r1'],
  [27, 'brainpoolP384r1'],
  [28, 'brainpoolP512r1'],
  [29, 'x25519'],
  [30, 'x448'],
  [31, 'brainpoolP256r1tls13'],
  [32, 'brainpoolP384r1tls13'],
  [33, 'brainpoolP512r1tls13'],
  [34, 'GC256A'],
  [35, 'GC256B'],
  [36, 'GC256C'],
  [37, 'GC256D'],
  [38, 'GC512A'],
  [39, 'GC512B'],
  [40, 'GC512C'],
  [41, 'curveSM2'],
  [0x0100, 'ffdhe2048'],
  [0x0101, 'ffdhe3072'],
  [0x0102, 'ffdhe4096'],
  [0x0103, 'ffdhe6144'],
  [0x0104, 'ffdhe8192'],
  [0x0200, 'MLKEM512'],
  [0x0201, 'MLKEM768'],
  [0x0202, 'MLKEM1024'],
  [0x11eb, 'SecP256r1MLKEM768'],
  [0x11ec, 'X25519MLKEM768'],
  [0x11ed, 'SecP384r1MLKEM1024'],
]);

/** IANA name of a NamedGroup; `0x1234` for a number without one. */
export function groupName(id: number): string {
  return GROUPS.get(id) ?? hexName(id);
}

const GROUP_BY_NAME: ReadonlyMap<string, number> = new Map([...GROUPS].map(([id, name]) => [name, id]));

/** The NamedGroup with this IANA name, or `undefined`. */
export function findGroup(name: string): number | undefined {
  return GROUP_BY_NAME.get(name);
}

/**
 * Groups to offer when any will do, the usual clients' choice first: what Schannel has enabled since Windows
 * Server 2016 (x25519, P-256, P-384), what can be enabled there, what OpenSSL takes, and RFC 7919's, without
 * which a server that knows them would turn down finite-field suites.
 */
export const OFFERED_GROUPS: readonly number[] = [
  ...[29, 23, 24, 25, 30], // x25519, P-256, P-384, P-521, x448
  ...[26, 27, 28, 22], // brainpool, secp256k1
  ...[0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
];

/**
 * broken: no secrecy or no authentication, or within reach of anyone (NULL, anonymous, EXPORT, DES, RC2; RC4
 * by RFC 7465). weak: 64-bit blocks, by NIST SP 800-67 rev. 2 and CVE-2016-2183 (3DES, IDEA, GOST 28147 and
 * Magma). strong: what RFC 9325 section 4.2 recommends and its like, forward secrecy with authenticated
 * encryption. acceptable: the rest, that is AES or the like without one of the two, or with an eight-byte tag.
 */
function strengthOf(name: string): TlsSuite['strength'] {
  if (/NULL|EXPORT|anon|RC4|RC2|WITH_DES_|^SHA\d+_SHA\d+$/.test(name)) return 'broken';
  if (/3DES|IDEA|MAGMA|28147/.test(name)) return 'weak';
  const authenticated = /GCM|CCM|POLY1305|AEGIS|MGM/.test(name) && !name.includes('CCM_8');
  const forwardSecret = /^(?:ECDHE|DHE|ECCPWD)_/.test(name) || !name.includes('WITH') || name.includes('MGM');
  return authenticated && forwardSecret ? 'strong' : 'acceptable';
}

/**
 * RFC 8446 appendix B.4, RFC 8998, RFC 9150 and RFC 9367 (TLS 1.3 only); RFC 5246 section 5 and RFC 9189 (1.2
 * only: authenticated encryption and SHA-2, but PSK with CBC by RFC 5487 from 1.0 on); RFC 4346 section A.5
 * (EXPORT ends with 1.0); RFC 5469 (DES and IDEA end with 1.1); RFC 8422 (ECC from 1.0 on). Everything else is
 * used from SSL 3.0 on, as OpenSSL does.
 */
function versionsOf(name: string): readonly [number, number] {
  if (!name.includes('WITH') || name.includes('MGM')) return [TLS13, TLS13];
  if (name.includes('EXPORT')) return [SSL3, TLS10];
  if (/WITH_DES_|IDEA/.test(name)) return [SSL3, TLS11];
  if (/GCM|CCM|POLY1305|GOSTR/.test(name)) return [TLS12, TLS12];
  if (/SHA256|SHA384/.test(name)) return [/PSK/.test(name) && !/ARIA/.test(name) ? TLS10 : TLS12, TLS12];
  if (name.startsWith('EC')) return [TLS10, TLS12];
  return [SSL3, TLS12];
}

function hexName(id: number): string {
  return `0x${id.toString(16).padStart(4, '0').toUpperCase()}`;
}
