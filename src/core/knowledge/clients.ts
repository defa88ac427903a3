import type { ClientProfile, ClientSureness } from '../model/client.ts';
import type { TlsVersion } from '../model/tls.ts';
import {
  SIGNATURES_7,
  SIGNATURES_8_1,
  SIGNATURES_11,
  SIGNATURES_2016,
  SIGNATURES_APPLE,
  SIGNATURES_OPENSSL,
} from './client-signatures.ts';
import {
  ATS_SUITES,
  FREERDP_SUITES,
  GNUTLS_SUITES,
  SCHANNEL_7,
  SCHANNEL_10,
  SCHANNEL_11,
  SCHANNEL_2016,
  SCHANNEL_2019,
  SCHANNEL_2022,
  SCHANNEL_XP,
  suitesFor,
} from './client-suites.ts';

const SECP256R1 = 23;
const SECP384R1 = 24;
const SECP521R1 = 25;
const X25519 = 29;
const X448 = 30;
const FFDHE = [256, 257, 258, 259, 260];

/** TLS_RSA_WITH_3DES_EDE_CBC_SHA. */
const RSA_3DES = 0x000a;
/** TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 and TLS_DHE_RSA_WITH_AES_128_GCM_SHA256. */
const RSA_DHE_GCM = [0x009f, 0x009e];

/** 40-bit, 128-bit, 56-bit and FIPS: what the client of the sample in [MS-RDPBCGR] 4.1.3 offers. */
const ALL_METHODS = 0x1b;

const UP_TO_1_2: readonly TlsVersion[] = ['1.0', '1.1', '1.2'];
const UP_TO_1_3: readonly TlsVersion[] = ['1.0', '1.1', '1.2', '1.3'];
const SCHANNEL_10_GROUPS = [X25519, SECP256R1, SECP384R1];

const PAGE = 'Microsoft: TLS Cipher Suites in';
const CURVES = 'TLS Elliptic Curves in Windows 10 version 1607 and later';
const VERSIONS = 'Protocols in TLS/SSL (Schannel SSP)';
const METHODS = 'encryption methods as in the sample of [MS-RDPBCGR] 4.1.3';
const HARDENED = 'CredSSP update of May 2018 assumed';
const SIGNATURES = 'signature algorithms from captured hellos of Schannel (client-signatures.ts)';
const NO_1_3 =
  'whether the Remote Desktop client of this system offers TLS 1.3 is not settled ([MS-RDPBCGR] 5.4.5 allows it), so only 1.0 to 1.2 are listed';

/**
 * A supported Windows is taken to be updated, as KB4093492 says of the months after May 2018: from then on
 * its client refuses servers without the update for CVE-2018-0886.
 */
const SCHANNEL_SURE: ClientSureness = {
  versions: 'documented',
  suites: 'documented',
  groups: 'documented',
  signatures: 'captured',
  encryptionMethods: 'documented',
  credsspHardened: 'documented',
};

/** A client that uses Schannel, as Windows 8.1 and later ship it. */
function schannel(
  id: string,
  title: string,
  table: Parameters<typeof suitesFor>[0],
  page: string,
  more: Omit<Partial<ClientProfile>, 'sure'> & {
    readonly sure?: Partial<ClientSureness>;
    readonly note?: string;
  } = {},
): ClientProfile {
  const { note, sure, ...overrides } = more;
  return {
    id,
    title,
    supported: true,
    tlsVersions: UP_TO_1_2,
    unsettledVersions: [],
    tlsSuites: suitesFor(table, overrides.tlsVersions ?? UP_TO_1_2),
    unsettledSuites: [],
    tlsGroups: SCHANNEL_10_GROUPS,
    tlsSignatures: SIGNATURES_11,
    nla: true,
    encryptionMethods: ALL_METHODS,
    credsspHardened: true,
    sure: { ...SCHANNEL_SURE, ...sure },
    source: [`${PAGE} ${page}`, CURVES, VERSIONS, SIGNATURES, METHODS, HARDENED, note]
      .filter(Boolean)
      .join('; '),
    ...overrides,
  };
}

/**
 * What each Remote Desktop client offers by default. Suites are those of the versions that the
 * client offers. A value that could not be found out is the most cautious one, and `sure`
 * says so: what is not sure never makes a verdict.
 */
export const CLIENTS: readonly ClientProfile[] = [
  {
    id: 'windows-xp',
    title: 'Windows XP SP3 with Remote Desktop Connection 6.1 or 7.0',
    supported: false,
    tlsVersions: ['1.0'],
    unsettledVersions: [],
    tlsSuites: suitesFor(SCHANNEL_XP, ['1.0']),
    unsettledSuites: [],
    tlsGroups: [],
    tlsSignatures: [],
    nla: false,
    encryptionMethods: ALL_METHODS,
    credsspHardened: false,
    sure: { ...SCHANNEL_SURE, suites: 'captured', groups: 'captured' },
    source:
      'TLS 1.0 with RC4 and 3DES and no elliptic curves, as in the hello of Internet Explorer 8 on it (testssl.sh, client simulation "IE 8 XP"); CredSSP is in SP3 but off until it is added to the security providers (KB951608); support ended April 2014',
  },
  {
    id: 'windows-7',
    title: 'Windows 7 SP1 as shipped (Remote Desktop Connection 7.1)',
    supported: false,
    tlsVersions: ['1.0'],
    unsettledVersions: [],
    tlsSuites: suitesFor(SCHANNEL_7, ['1.0']),
    unsettledSuites: [],
    tlsGroups: [SECP256R1, SECP384R1],
    tlsSignatures: [],
    nla: true,
    encryptionMethods: ALL_METHODS,
    credsspHardened: false,
    sure: SCHANNEL_SURE,
    source: `${PAGE} Windows 7; Remote Desktop uses TLS 1.0 only before KB3080079 and Remote Desktop Connection 8.0; ${METHODS}; without the CredSSP update of 2018; support ended January 2020`,
  },
  {
    id: 'windows-7-rdc8',
    title: 'Windows 7 SP1 with Remote Desktop Connection 8.0 and updates',
    supported: false,
    tlsVersions: UP_TO_1_2,
    unsettledVersions: [],
    tlsSuites: suitesFor(SCHANNEL_7, UP_TO_1_2),
    unsettledSuites: [],
    tlsGroups: [SECP256R1, SECP384R1],
    tlsSignatures: SIGNATURES_7,
    nla: true,
    encryptionMethods: ALL_METHODS,
    credsspHardened: true,
    sure: SCHANNEL_SURE,
    source: `${PAGE} Windows 7; ${SIGNATURES}; TLS 1.1 and 1.2 by KB3080079 and Remote Desktop Connection 8.0; ${METHODS}; ${HARDENED}; support ended January 2020, extended updates January 2023`,
  },
  schannel('windows-8.1', 'Windows 8.1', SCHANNEL_7, 'Windows 8.1 (with update 2919355)', {
    supported: false,
    tlsGroups: [SECP256R1, SECP384R1],
    tlsSignatures: SIGNATURES_8_1,
    note: 'support ended January 2023',
  }),
  schannel('windows-10', 'Windows 10 22H2', SCHANNEL_10, 'Windows 10 v22H2', {
    unsettledSuites: [RSA_3DES],
    note: 'the page was read up to the AES suites only, so 3DES, which v1903 still had, is not settled; support ended October 2025 except for extended updates and LTSC: treated as supported because it is still widely serviced',
  }),
  schannel('windows-11', 'Windows 11 22H2 and later', SCHANNEL_11, 'Windows 11 v22H2 and later', {
    unsettledVersions: ['1.3'],
    unsettledSuites: [...RSA_DHE_GCM, RSA_3DES],
    note: `the page was read up to the CBC suites only, the AES suites after them are those of Windows 10 v22H2; DHE with GCM and 3DES, which Windows 11 had at first, are not settled; the hello of curl with Schannel, September 2026, has the same suites and groups; ${NO_1_3}`,
  }),
  schannel('windows-server-2016', 'Windows Server 2016', SCHANNEL_2016, 'Windows 10 v1607', {
    tlsSignatures: SIGNATURES_2016,
    note: 'support until January 2027',
  }),
  schannel('windows-server-2019', 'Windows Server 2019', SCHANNEL_2019, 'Windows 10 v1809', {
    tlsSignatures: SIGNATURES_2016,
    sure: { signatures: 'practice' },
    note: 'whether its Schannel offers RSA-PSS yet is not known, so the signature algorithms are those of v1803; support until January 2029',
  }),
  schannel('windows-server-2022', 'Windows Server 2022', SCHANNEL_2022, 'Windows Server 2022 and later', {
    unsettledVersions: ['1.3'],
    sure: { signatures: 'practice' },
    note: `signature algorithms taken over from Windows 11; ${NO_1_3}`,
  }),
  schannel('windows-server-2025', 'Windows Server 2025', SCHANNEL_2022, 'Windows Server 2022 and later', {
    unsettledVersions: ['1.3'],
    sure: { signatures: 'practice' },
    note: `signature algorithms taken over from Windows 11; ${NO_1_3}`,
  }),
  {
    id: 'macos',
    title: 'Windows App (Microsoft Remote Desktop) on macOS',
    supported: true,
    tlsVersions: ['1.2'],
    unsettledVersions: ['1.0', '1.1', '1.3'],
    tlsSuites: suitesFor(ATS_SUITES, ['1.2']),
    unsettledSuites: [],
    tlsGroups: [SECP256R1, SECP384R1],
    tlsSignatures: SIGNATURES_APPLE,
    nla: true,
    // 128-bit alone: what it has beyond that is not known.
    encryptionMethods: 0x02,
    credsspHardened: false,
    sure: {
      versions: 'practice',
      suites: 'practice',
      groups: 'practice',
      signatures: 'practice',
      encryptionMethods: 'unsettled',
      credsspHardened: 'unsettled',
    },
    source:
      "practice, not verified: what the client offers is not published; the versions and suites are the least that Apple's App Transport Security documents, so it may offer more; TLS 1.0, 1.1, 1.3, FIPS, weak encryption methods and whether it refuses servers without the CredSSP update are not known",
  },
  {
    id: 'freerdp-3',
    title: 'FreeRDP 3 (xfreerdp, Remmina) with OpenSSL 3',
    supported: true,
    tlsVersions: ['1.2', '1.3'],
    unsettledVersions: ['1.0', '1.1'],
    tlsSuites: suitesFor(FREERDP_SUITES, ['1.2', '1.3']),
    unsettledSuites: [],
    tlsGroups: [X25519, SECP256R1, X448, SECP521R1, SECP384R1, ...FFDHE],
    tlsSignatures: SIGNATURES_OPENSSL,
    nla: true,
    encryptionMethods: ALL_METHODS,
    credsspHardened: false,
    sure: {
      // What a distribution's OpenSSL and /tls:seclevel allow differs.
      versions: 'practice',
      suites: 'captured',
      groups: 'captured',
      signatures: 'captured',
      encryptionMethods: 'practice',
      credsspHardened: 'practice',
    },
    source:
      'FreeRDP: TlsSecLevel is 1 by default, at which OpenSSL 3 refuses TLS below 1.2 (FreeRDP issue 7839); suites, groups and signature algorithms from the hello of OpenSSL 3.0.22 of Debian 12 at that level; with /tls:seclevel:0 it offers 1.0 and 1.1 too; it speaks to servers without the CredSSP update (practice)',
  },
  {
    id: 'rdesktop',
    title: 'rdesktop 1.9 with GnuTLS',
    supported: false,
    tlsVersions: UP_TO_1_3,
    unsettledVersions: [],
    tlsSuites: suitesFor(GNUTLS_SUITES, UP_TO_1_3),
    unsettledSuites: [],
    tlsGroups: [SECP256R1, SECP384R1, SECP521R1, X25519, X448, ...FFDHE],
    tlsSignatures: SIGNATURES_OPENSSL,
    // CredSSP works with a Kerberos ticket or a smart card only; with a password it cannot do NLA.
    nla: false,
    encryptionMethods: 0x03,
    credsspHardened: false,
    sure: {
      versions: 'practice',
      suites: 'practice',
      groups: 'practice',
      signatures: 'practice',
      encryptionMethods: 'documented',
      credsspHardened: 'practice',
    },
    source:
      'rdesktop: GnuTLS priority NORMAL; suites as GnuTLS 3.7.9 of Debian 12 lists them; CredSSP by Kerberos only, so NLA with a password is not possible; methods 40-bit and 128-bit (its source, secure.c: client security data 0x3); no longer maintained',
  },
];

/** Whom a state stops when no client was named: Windows XP and 7 count only when they are. */
export const SUPPORTED_CLIENTS: readonly ClientProfile[] = CLIENTS.filter(({ supported }) => supported);

const byId = new Map(CLIENTS.map((client) => [client.id, client]));

/** The client that `--client ID` names, or undefined. */
export function findClient(id: string): ClientProfile | undefined {
  return byId.get(id);
}
