import { tlsNoCommonSuite } from '../../../src/core/causes/tls-no-common-suite.ts';
import { findClient, SUPPORTED_CLIENTS } from '../../../src/core/knowledge/clients.ts';
import type { Evidence, FactName } from '../../../src/core/model/facts.ts';
import type { AlgorithmOff } from '../../../src/core/model/windows-facts.ts';
import {
  AES13,
  type CauseCase,
  CBC,
  CBC_ID,
  CHACHA,
  checkCause,
  cipher,
  client,
  GCM,
  GCM_ID,
  MODERN,
  none,
  OLD,
  seen,
  unseen,
  versions,
} from './evidence.ts';
import {
  byDefault,
  forced,
  listenerCertificate,
  onDisk,
  schannel,
  set,
  stored,
  windows,
} from './windows-evidence.ts';

const TLS12 = seen(versions(`70 70 ${GCM} 70`));
const GCM_ONLY = seen({ '1.2': [cipher(GCM, GCM_ID)] });
const GCM_128 = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
const WINDOWS_10 = findClient('windows-10');
const NAMED_10 = WINDOWS_10 === undefined ? {} : { client: WINDOWS_10 };
/** What a machine has where nobody set anything. */
const UNTOUCHED: Evidence = {
  'schannel.suites': byDefault<readonly string[]>([]),
  'schannel.curves': byDefault<readonly string[]>([]),
  'schannel.algorithms': onDisk([]),
};

/** `Hashes\\SHA`. */
function switchedOff(path: string): AlgorithmOff {
  const [folder, ...name] = path.split('\\');
  if (folder !== 'Ciphers' && folder !== 'Hashes' && folder !== 'KeyExchangeAlgorithms') {
    throw new Error(`no such folder: ${folder}`);
  }
  return { folder, name: name.join('\\'), where: `SYSTEM\\SCHANNEL\\${path}!Enabled` };
}

const CBC_CLIENT = client('CBC Client', { tlsSuites: [CBC_ID] });

checkCause(tlsNoCommonSuite, [
  {
    name: 'the hello of the client named gets alert 40 in a version both have',
    evidence: {
      'tls.versions': TLS12,
      'tls.asClient': seen({ client: CBC_CLIENT.id, answer: 'refused', alert: 40 }),
    },
    client: CBC_CLIENT,
    verdict: 'confirmed',
    facts: ['tls.asClient', 'tls.versions'],
    says: ['alert 40, handshake_failure', 'TLS 1.2'],
  },
  {
    name: 'the lists of suites do not meet',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    client: CBC_CLIENT,
    verdict: 'confirmed',
    facts: ['tls.ciphers', 'tls.versions'],
    says: [GCM, 'CBC Client'],
  },
  {
    name: 'one supported client has no suite in common',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    supported: [MODERN, CBC_CLIENT],
    verdict: 'likely',
    facts: ['tls.ciphers', 'tls.versions'],
    says: ['no suite that is offered by CBC Client.'],
  },
  {
    name: 'alert 71 to the hello, versions not seen',
    evidence: { 'tls.asClient': seen({ client: MODERN.id, answer: 'refused', alert: 71 }) },
    client: MODERN,
    verdict: 'likely',
    facts: ['tls.asClient'],
  },
  {
    name: 'every version refused with alert 40',
    evidence: { 'tls.versions': seen(versions('40 40 40 70')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['alert 40, handshake_failure', 'suites, not versions'],
  },
  {
    name: 'the hello of the client named is accepted',
    evidence: { 'tls.asClient': seen({ client: MODERN.id, answer: 'accepted', version: '1.2', suite: GCM }) },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['tls.asClient'],
    says: [GCM],
  },
  {
    name: 'the lists of suites meet',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    verdict: 'ruled-out',
    facts: ['tls.ciphers', 'tls.versions'],
  },
  {
    name: 'one suite in one of two versions is enough',
    evidence: {
      'tls.versions': seen(versions(`70 ${CBC} ${GCM} 70`)),
      'tls.ciphers': seen({
        '1.1': [cipher(GCM, GCM_ID), cipher(CBC, CBC_ID)],
        '1.2': [cipher(GCM, GCM_ID)],
      }),
    },
    client: CBC_CLIENT,
    verdict: 'ruled-out',
    facts: ['tls.ciphers', 'tls.versions'],
  },
  {
    name: 'everyone offers the suite, the group and the signature that the server chose',
    evidence: {
      'tls.versions': seen({
        ...versions(`70 70 ${GCM} 70`),
        groups: { '1.2': 'secp256r1' },
        signatures: { '1.2': 'rsa_pkcs1_sha256' },
      }),
    },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: [GCM, 'secp256r1', 'rsa_pkcs1_sha256'],
  },
  {
    name: 'everyone offers the suite, and the group was not seen',
    evidence: { 'tls.versions': TLS12 },
    verdict: 'inconclusive',
    facts: ['tls.asClients'],
    settledBy: ['HOST', '--client'],
  },
  {
    name: 'a client without a version in common is another cause',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['tls.ciphers', 'tls.versions'],
  },
  {
    name: 'a hello refused for its version leaves it to the suites',
    evidence: {
      'tls.versions': TLS12,
      'tls.asClient': seen({ client: MODERN.id, answer: 'refused', alert: 70 }),
    },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['tls.asClient', 'tls.versions'],
    says: ['not about suites'],
  },
  {
    name: 'every version refused with alert 70 is another cause',
    evidence: { 'tls.versions': seen(versions('70 70 70 70')) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  { name: 'no TLS', evidence: { 'tls.versions': none() }, verdict: 'ruled-out', facts: ['tls.versions'] },
  {
    name: 'the server chose a suite that not everyone offers',
    evidence: { 'tls.versions': seen(versions(`${CBC} 70 ${CHACHA} ${AES13}`)) },
    client: client('No CBC', { tlsSuites: [GCM_ID] }),
    verdict: 'inconclusive',
    facts: ['tls.asClient'],
    settledBy: ['HOST', '--client'],
  },
  {
    name: 'an accepted version whose suites are not listed',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': seen({}) },
    verdict: 'inconclusive',
    facts: ['tls.asClients'],
    settledBy: ['HOST', '--client'],
  },
  {
    name: 'of two versions one was not looked through',
    evidence: { 'tls.versions': seen(versions(`70 ${GCM} ${GCM} 70`)), 'tls.ciphers': GCM_ONLY },
    client: CBC_CLIENT,
    verdict: 'inconclusive',
    facts: ['tls.asClient'],
    settledBy: ['HOST', '--client'],
  },
  {
    name: 'one connection closed among refusals of versions',
    evidence: { 'tls.versions': seen(versions('closed 70 70 70')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
    settledBy: ['HOST', '--disk', '--client'],
  },
  {
    name: 'connections closed without an alert',
    evidence: { 'tls.versions': seen(versions('closed closed closed closed')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
    settledBy: ['HOST', '--disk', '--client'],
  },
  {
    name: 'nothing was tried',
    evidence: {},
    verdict: 'inconclusive',
    facts: ['tls.versions', 'tls.asClients'],
    settledBy: ['HOST', '--client'],
  },
  // Judged by the settings.
  {
    name: 'a policy of ECDSA suites and the self-signed RSA certificate',
    evidence: {
      'schannel.suites': forced(['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384_P384']),
      'listener.certificate': listenerCertificate(),
    },
    client: MODERN,
    verdict: 'confirmed',
    facts: ['schannel.suites', 'listener.certificate'],
    says: ['policy SOFTWARE', 'no suite that this Windows has and a certificate with an RSA key can use'],
  },
  {
    name: 'a policy that leaves one supported client out',
    evidence: { 'schannel.suites': forced([`${GCM}_P384`]) },
    supported: [MODERN, client('Other', { tlsSuites: [CBC_ID] })],
    verdict: 'likely',
    facts: ['schannel.suites'],
    says: ['Other can use none of these', GCM],
  },
  {
    name: 'a suite of TLS 1.2 alone, for a client that is left with TLS 1.0',
    evidence: { 'schannel.suites': set([GCM]), 'schannel.server': schannel('on off off off') },
    client: MODERN,
    verdict: 'confirmed',
    facts: ['schannel.suites', 'schannel.server'],
  },
  {
    name: 'the list has none in common and a handshake succeeded',
    evidence: {
      'tls.asClient': seen({ client: MODERN.id, answer: 'accepted' }),
      'schannel.suites': forced(['TLS_OF_TOMORROW']),
    },
    client: MODERN,
    verdict: 'likely',
    facts: ['tls.asClient', 'schannel.suites'],
    says: ['not in effect now'],
  },
  {
    name: 'an ECDSA suite and a certificate of an elliptic curve',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(17763),
      'schannel.suites': forced(['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384']),
      'listener.certificate': listenerCertificate({ certificate: stored({ keyBits: 384 }) }),
    },
    client: client('Curved', { tlsSuites: [0xc02c] }),
    verdict: 'ruled-out',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
  },
  {
    name: "the certificate's curve is one that the client lacks",
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(17763),
      'schannel.suites': forced(['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384']),
      'listener.certificate': listenerCertificate({ certificate: stored({ keyBits: 521 }) }),
    },
    client: client('Curved', { tlsSuites: [0xc02c] }),
    verdict: 'confirmed',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
  },
  {
    name: 'a suite of TLS 1.3 fits every key',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(20348),
      'schannel.suites': forced([AES13]),
      'schannel.server': schannel('- - - -'),
    },
    client: client('Newest', { tlsVersions: ['1.3'], tlsSuites: [0x1302] }),
    verdict: 'ruled-out',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'schannel.server', 'os.version'],
    ] as readonly FactName[],
  },
  {
    name: 'a list with a suite for everybody',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(17763),
      'schannel.suites': forced([AES13, GCM]),
      'listener.certificate': listenerCertificate(),
    },
    verdict: 'ruled-out',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
    says: [GCM],
  },
  {
    name: 'nobody set a list',
    evidence: { ...UNTOUCHED, 'os.version': windows(17763) },
    supported: SUPPORTED_CLIENTS,
    verdict: 'ruled-out',
    facts: ['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
    says: ["Windows' own"],
  },
  {
    name: 'nobody set a list, and what is switched off was not read',
    evidence: { ...UNTOUCHED, 'os.version': windows(17763), 'schannel.algorithms': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['schannel.algorithms'],
    settledBy: ['--disk', '--rpc'],
  },
  {
    name: 'a list that fits, on a Windows that is not known',
    evidence: { ...UNTOUCHED, 'schannel.suites': forced([GCM]), 'os.version': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['os.version'],
    settledBy: ['--disk', '--rpc'],
  },
  // What this Windows has, and what is switched off.
  ...[
    ['Server 2012 R2 has neither 0xC02F nor 0xC030', 9600, [GCM, GCM_128]],
    ['Server 2008 R2 likewise, with a curve behind the name', 7601, [`${GCM}_P256`, `${GCM_128}_P384`]],
    ['Server 2016 has no ChaCha20', 14393, [CHACHA]],
    ['Server 2019 has no suites of TLS 1.3', 17763, [AES13]],
    ['nothing that any Windows knows', 26100, ['TLS_OF_TOMORROW', 'ECDHE-RSA-AES256-GCM-SHA384']],
  ].map(
    ([name, build, names]): CauseCase => ({
      name: `a policy of suites that it lacks: ${name}`,
      evidence: {
        ...UNTOUCHED,
        'os.version': windows(Number(build)),
        'schannel.suites': forced(names as readonly string[]),
        'listener.certificate': listenerCertificate(),
      },
      supported: SUPPORTED_CLIENTS,
      verdict: 'confirmed',
      facts: [
        ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
        'listener.certificate',
      ] as readonly FactName[],
      says: ['no suite that this Windows has'],
    }),
  ),
  {
    name: 'Server 2016 has 0xC030',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(14393),
      'schannel.suites': forced([GCM, GCM_128]),
      'listener.certificate': listenerCertificate(),
    },
    supported: SUPPORTED_CLIENTS,
    verdict: 'ruled-out',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
  },
  ...(
    [
      [
        'both AES ciphers, on Server 2019',
        17763,
        ['Ciphers\\AES 128/128', 'Ciphers\\AES 256/256', 'Ciphers\\Triple DES 168'],
      ],
      ['every hash of a suite', 20348, ['Hashes\\SHA', 'Hashes\\SHA256', 'Hashes\\SHA384']],
      [
        'every key exchange, on Server 2016',
        14393,
        [
          'KeyExchangeAlgorithms\\PKCS',
          'KeyExchangeAlgorithms\\ECDH',
          'KeyExchangeAlgorithms\\Diffie-Hellman',
        ],
      ],
    ] as const
  ).map(
    ([name, build, off]): CauseCase => ({
      name: `switched off below SCHANNEL: ${name}`,
      evidence: {
        ...UNTOUCHED,
        'os.version': windows(build),
        'schannel.server': schannel('off off on off'),
        'schannel.algorithms': onDisk(off.map(switchedOff)),
        'listener.certificate': listenerCertificate(),
      },
      supported: SUPPORTED_CLIENTS,
      verdict: 'confirmed',
      facts: [
        ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'schannel.server', 'os.version'],
        'listener.certificate',
      ] as readonly FactName[],
      says: [off[0], 'switched off'],
    }),
  ),
  {
    name: 'Hashes\\SHA off leaves TLS 1.0 without a suite, so 2008 R2 serves nobody there',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(7601),
      'schannel.server': schannel('on off off off'),
      'schannel.algorithms': onDisk([switchedOff('Hashes\\SHA')]),
      'listener.certificate': listenerCertificate(),
    },
    ...NAMED_10,
    verdict: 'confirmed',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'schannel.server', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
    says: ['Hashes\\SHA', 'Windows 10'],
  },
  {
    name: 'PKCS, SHA and 3DES off is hardening: ECDHE with GCM is left',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(17763),
      'schannel.algorithms': onDisk(
        ['KeyExchangeAlgorithms\\PKCS', 'Hashes\\SHA', 'Ciphers\\Triple DES 168'].map(switchedOff),
      ),
      'listener.certificate': listenerCertificate(),
    },
    supported: SUPPORTED_CLIENTS,
    verdict: 'ruled-out',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
  },
  {
    name: 'a policy of the curve P-521 alone, and RSA as a key exchange is off',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(17763),
      'schannel.server': schannel('off off on off'),
      'schannel.suites': forced([GCM, GCM_128]),
      'schannel.curves': forced(['NistP521']),
      'listener.certificate': listenerCertificate(),
    },
    ...NAMED_10,
    verdict: 'confirmed',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'schannel.server', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
    says: ['curves set by policy', 'Windows 10'],
  },
  {
    name: 'Server 2012 R2 with the curve P-521 behind each suite',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(9600),
      'schannel.suites': forced(['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P521']),
      'listener.certificate': listenerCertificate(),
    },
    ...NAMED_10,
    verdict: 'confirmed',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
  },
  {
    name: 'Server 2012 R2 and a suite without the curve that its names end with',
    evidence: {
      ...UNTOUCHED,
      'os.version': windows(9600),
      'schannel.suites': forced(['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384']),
      'listener.certificate': listenerCertificate(),
    },
    ...NAMED_10,
    verdict: 'likely',
    facts: [
      ...['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
      'listener.certificate',
    ] as readonly FactName[],
  },
  // Without a client named, every supported one counts.
  {
    name: 'nothing but what every client offers is accepted',
    evidence: {
      'tls.versions': TLS12,
      'tls.asClients': seen([{ client: MODERN.id, hello: 'common', answer: 'accepted', version: '1.2' }]),
    },
    verdict: 'ruled-out',
    facts: ['tls.asClients', 'tls.versions'],
  },
  {
    name: 'the hello of a supported client is refused, that of another accepted',
    evidence: {
      'tls.versions': seen({
        ...versions(`70 70 ${CHACHA} 70`),
        groups: { '1.2': 'secp256r1' },
        signatures: { '1.2': 'rsa_pkcs1_sha256' },
      }),
      'tls.asClients': seen([
        { client: MODERN.id, hello: 'own', answer: 'refused', alert: 40 },
        { client: 'other', hello: 'own', answer: 'accepted', version: '1.2' },
      ]),
    },
    supported: [MODERN, client('Other', { tlsSuites: [0xcca8] })],
    verdict: 'likely',
    facts: ['tls.asClients', 'tls.versions'],
    says: ['refuses the hello sent by Modern Windows with alert 40', CHACHA],
  },
  {
    name: 'the refused hello is one of practice: a remark',
    evidence: {
      'tls.versions': seen({ ...versions(`70 70 ${GCM} 70`), signatures: { '1.2': 'ed25519' } }),
      'tls.asClients': seen([
        { client: 'hearsay', hello: 'own', answer: 'refused', alert: 40 },
        { client: MODERN.id, hello: 'own', answer: 'accepted', version: '1.2' },
      ]),
    },
    supported: [MODERN, client('Hearsay', { sure: { ...MODERN.sure, signatures: 'practice' } })],
    verdict: 'ruled-out',
    facts: ['tls.asClients', 'tls.versions'],
    remark: /thought to be sent by Hearsay.*not known for certain.*ed25519/,
  },
  {
    name: 'the client named may offer what the server chooses',
    evidence: {
      'tls.versions': seen(versions(`70 70 TLS_RSA_WITH_3DES_EDE_CBC_SHA 70`)),
      'tls.asClient': seen({ client: 'perhaps', answer: 'refused', alert: 40 }),
    },
    client: client('Perhaps', { unsettledSuites: [0x000a] }),
    verdict: 'inconclusive',
    facts: ['tls.asClient'],
    settledBy: ['--client'],
    remark: /not known for certain/,
  },
  {
    name: 'nobody is named, and of every client it is hearsay what it offers',
    evidence: {
      'tls.versions': seen(versions(`70 70 TLS_RSA_WITH_3DES_EDE_CBC_SHA 70`)),
      'tls.asClients': seen([{ client: 'perhaps', hello: 'own', answer: 'refused', alert: 40 }]),
    },
    supported: [client('Perhaps', { unsettledSuites: [0x000a] })],
    verdict: 'inconclusive',
    facts: ['tls.asClients'],
    settledBy: ['--client'],
    remark: /Perhaps.*not known for certain/,
  },
  {
    name: 'a connection that was closed is no refusal',
    evidence: {
      'tls.versions': TLS12,
      'tls.asClients': seen([{ client: MODERN.id, hello: 'own', answer: 'closed' }]),
    },
    verdict: 'inconclusive',
    facts: ['tls.asClients'],
    settledBy: ['HOST', '--client'],
  },
  {
    name: 'standard security uses no suites',
    evidence: { 'schannel.suites': forced(['TLS_OF_TOMORROW']), 'listener.securityLayer': set(0) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'the list could not be read',
    evidence: { 'schannel.suites': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['schannel.suites'],
    settledBy: ['--disk', '--rpc'],
  },
]);
