// Cipher suites in the local list of a new installation. Sources: SYSTEM hives of 7 SP1 and 10; "TLS Cipher Suites in Windows …" pages.
const ECC_OLD = ['AES_256_CBC_SHA', 'AES_128_CBC_SHA'].flatMap((cipher) =>
  ['P256', 'P384'].map((curve) => `TLS_ECDHE_RSA_WITH_${cipher}_${curve}`),
);
const RSA = [
  'TLS_RSA_WITH_AES_256_CBC_SHA256',
  'TLS_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
];
const RSA_GCM = ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'TLS_RSA_WITH_AES_128_GCM_SHA256'];
const DHE_GCM = ['TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'];
const OLD = ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'TLS_RSA_WITH_RC4_128_SHA'];

const WINDOWS_7 = [
  'TLS_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_256_CBC_SHA256',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
  'TLS_RSA_WITH_RC4_128_SHA',
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
  ...ECC_OLD,
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256_P256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384_P384',
];
const WINDOWS_8 = [
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P256',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256_P256',
  ...ECC_OLD,
  ...RSA,
  ...OLD,
];
/** With update 2919355. */
const WINDOWS_8_1 = [...WINDOWS_8.slice(0, 6), ...DHE_GCM, ...RSA_GCM, ...RSA, ...OLD];

const ECC = ['ECDSA', 'RSA'].flatMap((key) =>
  [
    'AES_256_GCM_SHA384',
    'AES_128_GCM_SHA256',
    'AES_256_CBC_SHA384',
    'AES_128_CBC_SHA256',
    'AES_256_CBC_SHA',
    'AES_128_CBC_SHA',
  ].map((cipher) => `TLS_ECDHE_${key}_WITH_${cipher}`),
);
const WINDOWS_10 = [...ECC, ...DHE_GCM, ...RSA_GCM, ...RSA, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'];
const TLS_1_3 = ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'];

export function suitesOf(build: number): readonly string[] {
  if (build < 9200) return WINDOWS_7;
  if (build < 9600) return WINDOWS_8;
  if (build < 14_393) return WINDOWS_8_1;
  return build < 19_041 ? WINDOWS_10 : [...TLS_1_3, ...WINDOWS_10];
}
