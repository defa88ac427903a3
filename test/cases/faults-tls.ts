// Fault cases of TLS versions and suites. Expectations are from the documents named.
import { serverFlight, tlsAlert } from '../app/fake-rdp.ts';
import type { Case, Expectation } from './case.ts';
import { LSA, SCHANNEL, type Settings, SSL_POLICY, tlsClient, tlsOff, tlsOn, tlsServer } from './settings.ts';

const ARTICLE =
  'Microsoft: Cannot RDP to Azure Virtual Machines because of a static or authentication problem, cause';

const PROTOCOLS =
  'Microsoft: Protocols in TLS/SSL (Schannel SSP), defaults by version; TLS registry settings';

const KB3080079 = 'Microsoft KB3080079: RDS support for TLS 1.1 and 1.2 in Windows 7 and Server 2008 R2';

const SUITES = 'Microsoft: TLS Cipher Suites in';

const ALGORITHMS =
  'Microsoft: TLS registry settings (Ciphers, Hashes, KeyExchangeAlgorithms); Enable-TlsCipherSuite, description';

const offAll = (base: string): Settings =>
  tlsOff('1.0', '1.1', '1.2', ...(/2022|2025|windows-11/.test(base) ? ['1.3'] : []));

const allOff = (base: string): Case => ({
  id: `every TLS version off, ${base}`,
  base,
  set: offAll(base),
  expect: { first: 'tls-server-disabled', verdict: 'confirmed' },
  source: `${ARTICLE} 3; ${PROTOCOLS}`,
});

const VERSIONS: readonly Case[] = [
  ...[
    'server-2012 member',
    'server-2016 controller',
    'server-2019 member',
    'server-2022 workgroup',
    'server-2025 member',
    'windows-10-22h2 member',
    'windows-11-24h2 workgroup',
    'windows-8.1 workgroup',
  ].map(allOff),
  {
    id: 'TLS 1.0 off on a default 2008 R2',
    base: 'server-2008-r2 member',
    set: tlsOff('1.0'),
    expect: { first: 'tls-server-disabled', verdict: 'confirmed' },
    source: `${PROTOCOLS}: 1.1 and 1.2 are off by default there; ${KB3080079}`,
  },
  {
    id: '2008 R2 with nothing but 1.2, update unknown',
    base: 'server-2008-r2 workgroup',
    set: { ...tlsOff('1.0'), ...tlsOn('1.1', '1.2') },
    expect: { open: ['tls-server-disabled'] },
    source: `${KB3080079}; a later rollup may carry it, so its absence proves nothing`,
  },
  {
    id: '7 with 1.2 half switched on',
    base: 'windows-7 workgroup',
    set: { ...tlsOff('1.0'), [`${tlsServer('1.2')}!Enabled`]: 1 },
    expect: { first: 'tls-server-disabled' },
    source: `${PROTOCOLS}: Windows 7 keeps DisabledByDefault for 1.1 and 1.2 until it is set to 0`,
  },
  {
    id: 'off by DisabledByDefault alone',
    base: 'server-2016 workgroup',
    set: Object.fromEntries(
      ['1.0', '1.1', '1.2'].map((version) => [`${tlsServer(version)}!DisabledByDefault`, 1]),
    ),
    expect: { first: 'tls-server-disabled' },
    source: 'Microsoft: TLS registry settings, DisabledByDefault: only programs that ask get it',
  },
  {
    id: 'the client role is off, the server role is not',
    base: 'server-2022 member',
    set: Object.fromEntries(
      ['1.0', '1.1', '1.2', '1.3'].map((version) => [`${tlsClient(version)}!Enabled`, 0]),
    ),
    expect: {},
    source: 'Microsoft: TLS registry settings: subkeys Client and Server are two roles',
  },
  {
    id: '1.0 and 1.1 off',
    base: 'server-2012-r2 member',
    set: tlsOff('1.0', '1.1'),
    expect: {},
    source: `${PROTOCOLS}: 1.2 stays`,
  },
  {
    id: 'enabled by all ones',
    base: 'server-2012 workgroup',
    set: {
      ...tlsOff('1.0', '1.1'),
      [`${tlsServer('1.2')}!Enabled`]: 0xffffffff,
      [`${tlsServer('1.2')}!DisabledByDefault`]: 0,
    },
    expect: {},
    source: 'Microsoft KB245030: 0xFFFFFFFF enables',
  },
  {
    id: 'nothing but 1.3, no client named',
    base: 'server-2022 member',
    set: tlsOff('1.0', '1.1', '1.2'),
    expect: { first: 'tls-no-common-version', verdict: 'likely' },
    source: `${PROTOCOLS}: Windows 10, Server 2016 and 2019 have no TLS 1.3`,
  },
  {
    id: 'nothing but 1.3, Windows 10',
    base: 'server-2022 member',
    set: tlsOff('1.0', '1.1', '1.2'),
    client: 'windows-10',
    expect: { first: 'tls-no-common-version', verdict: 'confirmed' },
    source: `${PROTOCOLS}: Windows 10 has no TLS 1.3`,
  },
  {
    id: 'nothing but 1.3, Windows 11: a guess is no proof',
    base: 'server-2022 member',
    set: tlsOff('1.0', '1.1', '1.2'),
    client: 'windows-11',
    expect: { never: ['tls-no-common-version'] },
    source: '[MS-RDPBCGR] 5.4.5 allows TLS 1.3; what mstsc of Windows 11 offers is published nowhere',
  },
  {
    id: 'nothing but 1.2 for a Windows 7 as shipped',
    base: 'server-2019 member',
    set: tlsOff('1.0', '1.1'),
    client: 'windows-7',
    expect: { first: 'tls-no-common-version', verdict: 'confirmed' },
    source: `${KB3080079}: without it Remote Desktop Connection speaks TLS 1.0 alone`,
  },
  {
    id: 'nothing but 1.2 for a Windows 7 with RDC 8',
    base: 'server-2019 member',
    set: tlsOff('1.0', '1.1'),
    client: 'windows-7-rdc8',
    expect: {},
    source: KB3080079,
  },
  {
    id: 'a default 2008 R2 and no client named',
    base: 'server-2008-r2 member',
    wire: { server: { tlsVersions: [0x0301], tls: { alert: 70 } } },
    expect: { never: ['tls-no-common-version', 'tls-server-disabled'] },
    source: `${PROTOCOLS}: Windows 10 and 11 still speak TLS 1.0; FreeRDP's and macOS's refusal is practice`,
  },
  {
    id: 'every version refused on the wire',
    wire: { server: { tlsVersions: [], tls: { alert: 70 } } },
    expect: { first: 'tls-server-disabled', verdict: 'confirmed' },
    source: `RFC 5246 7.2.2 protocol_version (70); ${ARTICLE} 3`,
  },
  {
    id: 'nothing but 1.2 on the wire, Windows 7',
    wire: { server: { tlsVersions: [0x0303] } },
    client: 'windows-7',
    expect: { first: 'tls-no-common-version', verdict: 'confirmed' },
    source: KB3080079,
  },
  {
    id: 'handshakes end without a word',
    wire: { server: { hello: () => ['reset'], tls: 'reset' } },
    expect: { first: ['tls-server-disabled', 'certificate-key-unreadable', 'certificate-missing'] },
    source: 'Microsoft: Schannel events 36870 and 36871: the server has no credential and closes',
  },
];

const policySuites = (...names: readonly string[]): Settings => ({
  [`${SSL_POLICY}!Functions`]: names.join(','),
});

const ECDHE_GCM = ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'];

const ECDSA = ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'];

const disabled = (kind: string, ...names: readonly string[]): Settings =>
  Object.fromEntries(names.map((name) => [`${SCHANNEL}\\${kind}\\${name}!Enabled`, 0]));

const ALL_CIPHERS = [
  'AES 128/128',
  'AES 256/256',
  'Triple DES 168',
  'RC4 128/128',
  'RC4 64/128',
  'RC4 56/128',
  'RC4 40/128',
  'DES 56/56',
  'NULL',
];

const NO_SUITE: Expectation = { first: 'tls-no-common-suite' };

const SUITE_CASES: readonly Case[] = [
  {
    id: 'ECDSA alone under an RSA certificate',
    base: 'server-2019 member',
    set: policySuites(...ECDSA),
    expect: NO_SUITE,
    source: 'RFC 8422 2: ECDHE_ECDSA needs an ECDSA certificate; the self-signed one is RSA',
  },
  {
    id: 'suites that 2012 R2 does not have',
    base: 'server-2012-r2 member',
    set: policySuites(...ECDHE_GCM),
    expect: NO_SUITE,
    source: `${SUITES} Windows 8.1: no ECDHE_RSA with GCM`,
  },
  {
    id: 'suites that 2008 R2 does not have',
    base: 'server-2008-r2 workgroup',
    set: policySuites(...ECDHE_GCM),
    expect: NO_SUITE,
    source: `${SUITES} Windows 7: no ECDHE_RSA with GCM`,
  },
  {
    id: 'the same suites on 2016',
    base: 'server-2016 member',
    set: policySuites(...ECDHE_GCM),
    expect: {},
    source: `${SUITES} Windows 10 v1607`,
  },
  {
    id: 'every cipher off',
    base: 'server-2016 workgroup',
    set: disabled('Ciphers', ...ALL_CIPHERS),
    expect: NO_SUITE,
    source: ALGORITHMS,
  },
  {
    id: 'every key exchange off',
    base: 'server-2019 workgroup',
    set: disabled('KeyExchangeAlgorithms', 'PKCS', 'Diffie-Hellman', 'ECDH'),
    expect: NO_SUITE,
    source: ALGORITHMS,
  },
  {
    id: 'every hash off',
    base: 'server-2012-r2 workgroup',
    set: disabled('Hashes', 'MD5', 'SHA', 'SHA256', 'SHA384', 'SHA512'),
    expect: NO_SUITE,
    source: ALGORITHMS,
  },
  {
    id: 'weak ciphers off',
    base: 'server-2012 member',
    set: disabled('Ciphers', 'RC4 128/128', 'Triple DES 168', 'DES 56/56', 'NULL'),
    expect: {},
    source: `${ALGORITHMS}: AES stays`,
  },
  {
    id: 'RC4 alone',
    base: 'server-2008-r2 member',
    set: policySuites('TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_WITH_RC4_128_MD5'),
    expect: NO_SUITE,
    source: 'RFC 7465; Microsoft KB2868725: RC4 is off in current Windows',
  },
  {
    id: 'FIPS with suites that FIPS forbids',
    base: 'server-2022 member',
    set: {
      [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1,
      ...policySuites('TLS_CHACHA20_POLY1305_SHA256', 'TLS_RSA_WITH_NULL_SHA256'),
    },
    expect: { first: ['fips-only', 'tls-no-common-suite'] },
    source: `${ARTICLE} 5; NIST SP 800-52r2 3.3.1`,
  },
  {
    id: 'FIPS and the usual suites',
    base: 'server-2019 workgroup',
    set: { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1 },
    expect: { never: ['fips-only'] },
    source: 'Microsoft: FIPS policy; AES with TLS 1.2 is allowed',
  },
  {
    id: 'FIPS on a machine that TLS reaches',
    base: 'server-2016 member',
    set: { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1 },
    wire: { server: { tlsVersions: [0x0303] } },
    expect: { never: ['fips-only'] },
    source: `${ARTICLE} 5: a handshake with AES refutes it`,
  },
  {
    id: 'alert 40 on the wire',
    wire: { server: { hello: () => [tlsAlert(40)], tls: { alert: 40 } } },
    expect: NO_SUITE,
    source: 'RFC 5246 7.2.2 handshake_failure (40)',
  },
  {
    id: 'alert 71 on the wire',
    wire: { server: { hello: () => [tlsAlert(71)], tls: { alert: 71 } } },
    expect: NO_SUITE,
    source: 'RFC 5246 7.2.2 insufficient_security (71)',
  },
  {
    id: 'alert 80 on the wire',
    wire: { server: { hello: () => [tlsAlert(80)], tls: { alert: 80 } } },
    // Corrected after the first run: the page names three reasons, and from the wire they look the same.
    expect: {
      first: ['certificate-key-unreadable', 'tls-server-disabled', 'certificate-missing'],
      verdict: 'likely',
    },
    source:
      'RFC 5246 7.2.2 internal_error (80); Microsoft: An internal error occurs when you try to connect to an Azure VM',
  },
  {
    id: 'ChaCha20 alone, Windows 10',
    wire: {
      server: {
        tlsVersions: [0x0303],
        hello: (version, hello) =>
          version === 0x0303 && hello.suites.includes(0xcca8)
            ? [serverFlight(version, 0xcca8)]
            : [tlsAlert(40)],
        tls: { alert: 40 },
      },
      full: true,
    },
    client: 'windows-10',
    expect: { first: 'tls-no-common-suite', verdict: 'confirmed' },
    source: `${SUITES} Windows 10 v22H2: no ECDHE_RSA with ChaCha20`,
  },
];

export const TLS_FAULTS: readonly Case[] = [...VERSIONS, ...SUITE_CASES];
