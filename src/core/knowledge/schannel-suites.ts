import {
  SCHANNEL_7,
  SCHANNEL_10,
  SCHANNEL_11,
  SCHANNEL_2016,
  SCHANNEL_2019,
  SCHANNEL_2022,
  SCHANNEL_VISTA,
} from './client-suites.ts';

/** The cipher suites of one Windows, by IANA number. A row holds from its build to the next row's. */
interface SuitesRow {
  readonly build: number;
  readonly title: string;
  /** Enabled where nobody set a list. */
  readonly byDefault: readonly number[];
  /** Those that it has besides: used where a list names them. */
  readonly also: readonly number[];
  readonly source: string;
}

const PAGE = 'Microsoft: TLS Cipher Suites in';

const DES_AND_EXPORT = [0x0009, 0x0064, 0x0062, 0x0003, 0x0012, 0x0063];
const DHE_AND_RC4 = [0x0039, 0x0033, 0x006a, 0x0040, 0x0038, 0x0032, 0x0013, 0x0005, 0x0004];
/** TLS_CHACHA20_POLY1305_SHA256, of TLS 1.3: there since Server 2022, and off. */
const CHACHA_1_3 = 0x1303;

/**
 * ECDHE_RSA with GCM (0xC02F, 0xC030) came with Windows 10: no list can switch it on before, nor ChaCha20
 * of TLS 1.2 or DHE with CBC and SHA-256 anywhere.
 */
const ROWS: readonly SuitesRow[] = [
  {
    build: 6000,
    title: 'Windows Vista, Server 2008',
    byDefault: SCHANNEL_VISTA,
    also: DES_AND_EXPORT,
    source: `${PAGE} Windows Vista`,
  },
  {
    build: 7600,
    title: 'Windows 7 to 8.1, Server 2008 R2 to 2012 R2',
    byDefault: SCHANNEL_7,
    also: DES_AND_EXPORT,
    source: `${PAGE} Windows 7, Windows 8 and Windows 8.1, which agree`,
  },
  {
    build: 10240,
    title: 'Windows 10 1507 to 1607, Server 2016',
    byDefault: SCHANNEL_2016,
    also: DES_AND_EXPORT,
    source: `${PAGE} Windows 10 v1507, v1511 and v1607`,
  },
  {
    build: 15063,
    title: 'Windows 10 1703 to 2004, Server 2019',
    byDefault: SCHANNEL_2019,
    also: [...DHE_AND_RC4, ...DES_AND_EXPORT],
    source: `${PAGE} Windows 10 v1703, v1809 and v1903`,
  },
  {
    build: 19042,
    title: 'Windows 10 20H2 to 22H2',
    byDefault: SCHANNEL_10,
    also: [0x009f, 0x009e, 0x000a, ...DHE_AND_RC4, ...DES_AND_EXPORT],
    source: `${PAGE} Windows 10 v22H2; what is there and off as in v1903`,
  },
  {
    build: 20348,
    title: 'Windows Server 2022, Windows 11 21H2',
    byDefault: SCHANNEL_2022,
    also: [CHACHA_1_3, ...DHE_AND_RC4, ...DES_AND_EXPORT],
    source: `${PAGE} Windows Server 2022 and Windows 11`,
  },
  {
    build: 22621,
    title: 'Windows 11 22H2 and 23H2',
    byDefault: SCHANNEL_11,
    also: [CHACHA_1_3, 0x009f, 0x009e, 0x000a, ...DHE_AND_RC4, ...DES_AND_EXPORT],
    source: `${PAGE} Windows 11 v22H2 and later; what is there and off as in Windows 11`,
  },
  {
    build: 26100,
    title: 'Windows Server 2025, Windows 11 24H2',
    byDefault: SCHANNEL_2022,
    also: [CHACHA_1_3, ...DHE_AND_RC4, ...DES_AND_EXPORT],
    source: `${PAGE} Windows Server 2022 and later`,
  },
];

/** The rows that may hold: the one of this build, or all where the build is not known or before the table. */
export function suitesOfWindows(build: number | undefined): readonly SuitesRow[] {
  const row = build === undefined ? undefined : ROWS.findLast((one) => build >= one.build);
  return row === undefined ? ROWS : [row];
}

/** Before Windows 10 a name ends with the curve (`_P256`), and the curves have no list of their own. */
export const CURVE_LIST_BUILD = 10240;

/** x25519, P-256, P-384. Source: TLS Elliptic Curves in Windows 10 version 1607 and later. */
export const DEFAULT_CURVES: readonly number[] = [29, 23, 24];

/** P-256 and P-384, the suffixes of the lists that Windows before 10 has by default. */
export const SUFFIX_CURVES: readonly number[] = [23, 24];

/** NamedGroups by the names of that page, which Windows compares without regard to case. */
const CURVES: ReadonlyMap<string, number> = new Map([
  ['curve25519', 29],
  ['nistp256', 23],
  ['nistp384', 24],
  ['nistp521', 25],
  ['secp256r1', 23],
  ['secp384r1', 24],
  ['secp521r1', 25],
  ['secp256k1', 22],
  ['nistp192', 19],
  ['nistp224', 21],
  ['secp224r1', 21],
  ['brainpoolp256r1', 26],
  ['brainpoolp384r1', 27],
  ['brainpoolp512r1', 28],
]);

/** The NamedGroup of a curve as `EccCurves` names it, or `undefined`. */
export function findCurve(name: string): number | undefined {
  return CURVES.get(name.toLowerCase());
}

/** What one switch below SCHANNEL turns off, by the IANA names of the suites that need it. */
export interface AlgorithmSwitch {
  readonly folder: 'Ciphers' | 'Hashes' | 'KeyExchangeAlgorithms';
  readonly name: string;
  readonly suites: RegExp;
}

/**
 * Source: KB245030 (how to restrict algorithms and protocols in Schannel): `Enabled` 0 switches the algorithm off,
 * everything else and absence leave it on. PKCS is RSA as a key exchange: suites that agree on a key by
 * ECDHE and sign with RSA stay (practice). SHA is the MAC of the suites whose name ends with it.
 */
export const ALGORITHM_SWITCHES: readonly AlgorithmSwitch[] = [
  { folder: 'Ciphers', name: 'AES 128/128', suites: /_AES_128_/ },
  { folder: 'Ciphers', name: 'AES 256/256', suites: /_AES_256_/ },
  { folder: 'Ciphers', name: 'Triple DES 168', suites: /_3DES_/ },
  { folder: 'Ciphers', name: 'Triple DES 168/168', suites: /_3DES_/ },
  { folder: 'Ciphers', name: 'RC4 128/128', suites: /_RC4_128_/ },
  { folder: 'Hashes', name: 'MD5', suites: /_MD5$/ },
  { folder: 'Hashes', name: 'SHA', suites: /_SHA$/ },
  { folder: 'Hashes', name: 'SHA256', suites: /_SHA256$/ },
  { folder: 'Hashes', name: 'SHA384', suites: /_SHA384$/ },
  { folder: 'KeyExchangeAlgorithms', name: 'PKCS', suites: /^TLS_RSA_WITH_/ },
  { folder: 'KeyExchangeAlgorithms', name: 'Diffie-Hellman', suites: /^TLS_DHE_/ },
  { folder: 'KeyExchangeAlgorithms', name: 'ECDH', suites: /^TLS_ECDHE_/ },
];
