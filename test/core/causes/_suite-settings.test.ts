// What is left of the suites by the settings, and who can use it: by key, curve, version and what was read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeSuiteSettings } from '../../../src/core/causes/_suite-settings.ts';
import type { ClientProfile } from '../../../src/core/model/client.ts';
import type { Certificate, Evidence, FactName } from '../../../src/core/model/facts.ts';
import { AES13, CBC, CBC_ID, client, GCM, MODERN, OLD, unseen } from './evidence.ts';
import {
  byDefault,
  forced,
  listenerCertificate,
  lostCertificate,
  notOnDisk,
  onDisk,
  schannel,
  set,
  stored,
  windows,
} from './windows-evidence.ts';

const ECDSA = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
const ECDSA_ID = 0xc02c;
const READ: Evidence = {
  'os.version': windows(17763),
  'schannel.curves': byDefault<readonly string[]>([]),
  'schannel.algorithms': onDisk([]),
};
const allowed = (...suites: readonly string[]): Evidence => ({ 'schannel.suites': forced(suites) });
const keyed = (but: Partial<Certificate>): Evidence => ({
  'listener.certificate': listenerCertificate({ certificate: stored(but) }),
});
const RSA = keyed({ keyAlgorithm: 'RSA' });
const EC = (keyBits: number): Evidence => keyed({ keyAlgorithm: 'EC', keyBits });
/** Offers suites for certificates with keys of elliptic curves alone. */
const CURVED = client('Curved', { tlsSuites: [ECDSA_ID] });
const BOTH = client('Both', { tlsSuites: [0xc030, ECDSA_ID] });

type Word = 'confirmed' | 'likely' | 'ruled-out' | 'inconclusive';
const ROWS: readonly (readonly [string, Evidence, ClientProfile, Word, (readonly FactName[])?])[] = [
  // The certificate's key.
  ['an RSA key, and a suite for it', { ...READ, ...allowed(GCM), ...RSA }, MODERN, 'ruled-out'],
  ['an RSA key, and suites for the other', { ...READ, ...allowed(ECDSA), ...RSA }, CURVED, 'confirmed'],
  [
    'RSASSA-PSS is RSA',
    { ...READ, ...allowed(GCM), ...keyed({ keyAlgorithm: 'RSASSA-PSS' }) },
    MODERN,
    'ruled-out',
  ],
  ['a curve, and a suite for RSA', { ...READ, ...allowed(GCM), ...EC(256) }, MODERN, 'confirmed'],
  ['a curve, and a suite for it', { ...READ, ...allowed(ECDSA), ...EC(256) }, CURVED, 'ruled-out'],
  ['P-384, and a suite for it', { ...READ, ...allowed(ECDSA), ...EC(384) }, CURVED, 'ruled-out'],
  ['P-521, which the client lacks', { ...READ, ...allowed(ECDSA), ...EC(521) }, CURVED, 'confirmed'],
  [
    'P-521, which this client has',
    { ...READ, ...allowed(ECDSA), ...EC(521) },
    client('Curved', { tlsSuites: [ECDSA_ID], tlsGroups: [23, 24, 25] }),
    'ruled-out',
  ],
  ['a curve that nobody names', { ...READ, ...allowed(ECDSA), ...EC(224) }, CURVED, 'ruled-out'],
  [
    '1024 bits without an algorithm are RSA',
    { ...READ, ...allowed(GCM), ...keyed({ keyBits: 1024 }) },
    MODERN,
    'ruled-out',
  ],
  ['fewer are a curve', { ...READ, ...allowed(GCM), ...keyed({ keyBits: 571 }) }, MODERN, 'confirmed'],
  [
    'none yet: Windows makes one with RSA',
    { ...READ, ...allowed(ECDSA), 'listener.certificate': notOnDisk() },
    CURVED,
    'confirmed',
  ],
  [
    'none yet, and a suite for RSA',
    { ...READ, ...allowed(GCM), 'listener.certificate': notOnDisk() },
    MODERN,
    'ruled-out',
  ],
  [
    "Windows' own that is lost had RSA",
    { ...READ, ...allowed(ECDSA), 'listener.certificate': lostCertificate() },
    CURVED,
    'confirmed',
  ],
  [
    'one that was assigned and is lost may have had either',
    { ...READ, ...allowed(GCM), 'listener.certificate': lostCertificate('bound') },
    MODERN,
    'inconclusive',
    ['listener.certificate'],
  ],
  [
    'either key may be: a suite for each',
    { ...READ, ...allowed(GCM, ECDSA), 'listener.certificate': lostCertificate('bound') },
    BOTH,
    'ruled-out',
  ],
  ['it was not read, and a suite for each', { ...READ, ...allowed(GCM, ECDSA) }, BOTH, 'ruled-out'],
  [
    'it was not read, and a suite for one',
    { ...READ, ...allowed(GCM) },
    BOTH,
    'inconclusive',
    ['listener.certificate'],
  ],
  [
    'it was not read, and the client has a suite for one',
    { ...READ, ...allowed(GCM, ECDSA) },
    CURVED,
    'inconclusive',
  ],
  ['it was not read, and the client has none', { ...READ, ...allowed(CBC) }, CURVED, 'confirmed'],
  // Versions.
  [
    'a suite of TLS 1.2 for a client that speaks 1.0',
    { ...READ, ...allowed(GCM), ...RSA },
    client('Gone', { tlsVersions: ['1.0'] }),
    'confirmed',
  ],
  ['a suite of every version', { ...READ, ...allowed(CBC), ...RSA }, OLD, 'ruled-out'],
  [
    'a client without a version in common is another matter',
    { ...READ, ...allowed(GCM), ...RSA, 'schannel.server': schannel('off off on off') },
    OLD,
    'ruled-out',
  ],
  [
    'a suite of TLS 1.3 alone, where the client goes up to 1.2',
    { ...READ, 'os.version': windows(20348), ...allowed(AES13), ...RSA },
    MODERN,
    'confirmed',
  ],
  // Groups.
  [
    'a group that the client lacks',
    { ...READ, ...allowed(GCM), ...RSA, 'schannel.curves': forced(['NistP521']) },
    MODERN,
    'confirmed',
  ],
  [
    'one group of two is enough',
    { ...READ, ...allowed(GCM), ...RSA, 'schannel.curves': forced(['NistP521', 'NistP256']) },
    MODERN,
    'ruled-out',
  ],
  [
    'a suite without a group asks for none',
    { ...READ, ...allowed(CBC), ...RSA, 'schannel.curves': forced(['NistP521']) },
    client('Groupless', { tlsGroups: [] }),
    'ruled-out',
  ],
  // What was not read can only take more away.
  ...(['schannel.algorithms', 'schannel.curves', 'os.version'] as const).map(
    (name) =>
      [
        `${name} was not read`,
        { ...READ, ...allowed(CBC), ...RSA, [name]: unseen('corrupt') },
        MODERN,
        'inconclusive',
        [name],
      ] as const,
  ),
  [
    'none of the three was read',
    { ...allowed(CBC), ...RSA },
    MODERN,
    'inconclusive',
    ['schannel.algorithms', 'schannel.curves', 'os.version'],
  ],
  ['nothing more was read, and nothing fits', { ...allowed(ECDSA), ...RSA }, CURVED, 'confirmed'],
  [
    'a suite that some Windows has and another has not, and which this is does not stand there',
    { ...READ, ...allowed(GCM), ...RSA, 'os.version': notOnDisk() },
    MODERN,
    'inconclusive',
    ['os.version'],
  ],
  // What is known of the client.
  [
    'a client about whose suites nobody is sure, and which has none',
    { ...READ, ...allowed(CBC), ...RSA },
    client('Hearsay', { tlsSuites: [], sure: { ...MODERN.sure, suites: 'practice' } }),
    'inconclusive',
    ['tls.asClient'],
  ],
  [
    'likewise its groups',
    { ...READ, ...allowed(GCM), ...RSA },
    client('Hearsay', { tlsGroups: [], sure: { ...MODERN.sure, groups: 'practice' } }),
    'inconclusive',
    ['tls.asClient'],
  ],
  [
    'a client that may have the suite',
    { ...READ, ...allowed(CBC), ...RSA },
    client('Perhaps', { tlsSuites: [], unsettledSuites: [CBC_ID] }),
    'inconclusive',
    ['tls.asClient'],
  ],
  // Before suites matter.
  ['standard security', { ...allowed(ECDSA), 'listener.securityLayer': set(0) }, MODERN, 'ruled-out'],
  ['negotiated', { ...allowed(ECDSA), ...RSA, 'listener.securityLayer': set(1) }, MODERN, 'confirmed'],
  ['the list was not read', READ, MODERN, 'inconclusive', ['schannel.suites']],
];

for (const [name, evidence, named, verdict, missing] of ROWS) {
  test(`suites: ${name}: ${verdict}`, () => {
    const judgement = judgeSuiteSettings(evidence, { client: named, supportedClients: [] });
    assert.equal(judgement.verdict, verdict, judgement.explanation);
    if (missing !== undefined) {
      assert.ok(judgement.verdict === 'inconclusive');
      assert.deepEqual(judgement.missing, missing);
      const isAboutClient = missing.includes('tls.asClient');
      assert.deepEqual(judgement.settledBy, isAboutClient ? ['HOST', '--client'] : ['--disk', '--rpc']);
    }
  });
}

const told = (evidence: Evidence, supported: readonly ClientProfile[] = [MODERN]): string =>
  judgeSuiteSettings({ ...READ, ...RSA, ...evidence }, { client: undefined, supportedClients: supported })
    .explanation;

test('three suites are named, further ones are counted, each by its name once', () => {
  const four = [GCM, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', CBC, 'TLS_RSA_WITH_AES_128_CBC_SHA'];
  assert.match(told(allowed(...four)), /and 1 more/);
  assert.ok(!told(allowed(...four)).includes('AES_128_CBC'));
  assert.doesNotMatch(told(allowed(...four.slice(0, 3))), /more/);
  assert.ok(told(allowed(...four.slice(0, 3))).includes(CBC));
  const suffixed = { 'os.version': windows(9600), 'schannel.suites': forced([`${CBC}`, `${CBC}`, GCM]) };
  assert.equal(told(suffixed).split(CBC).length, 2);
});

test('whose list it is, what is switched off and which curves are set is told; both kinds of key are', () => {
  assert.match(told(allowed(GCM)), /policy SOFTWARE/);
  assert.doesNotMatch(told(allowed(GCM)), /switched off|curves/);
  assert.doesNotMatch(told({ 'schannel.suites': set([GCM]) }), /policy/);
  assert.match(told({ 'schannel.suites': byDefault([]) }), /own list/);
  assert.doesNotMatch(told({ ...allowed(GCM), 'schannel.curves': set(['NistP256']) }), /curves/);
  assert.match(told({ ...allowed(GCM), 'schannel.curves': forced(['NistP256']) }), /curves.*policy/);
  const off = [{ folder: 'Hashes', name: 'MD5', where: 'SYSTEM\\SCHANNEL\\Hashes\\MD5!Enabled' }] as const;
  assert.match(told({ ...allowed(GCM), 'schannel.algorithms': onDisk(off) }), /Hashes\\MD5/);
  assert.match(told({ ...allowed(CBC), 'listener.certificate': unseen() }, [CURVED]), /RSA or ECDSA/);
});

test('nobody is named, and of every client it is hearsay', () => {
  const hearsay = client('Hearsay', { tlsSuites: [], sure: { ...MODERN.sure, suites: 'practice' } });
  const evidence = { ...READ, ...allowed(GCM), ...RSA };
  const judgement = judgeSuiteSettings(evidence, { client: undefined, supportedClients: [hearsay] });
  assert.ok(judgement.verdict === 'inconclusive', judgement.explanation);
  assert.deepEqual(judgement.missing, ['tls.asClient']);
  assert.deepEqual(judgement.settledBy, ['HOST', '--client']);
  assert.match(judgement.explanation, /whether any supported client offers/);
  assert.match(judgement.remark ?? '', /Hearsay/);
});

test('of several clients those are named who are stopped, and the unsettled ones in a remark', () => {
  const hearsay = client('Hearsay', { tlsSuites: [], sure: { ...MODERN.sure, suites: 'practice' } });
  const evidence = { ...READ, ...allowed(GCM), ...RSA };
  const judgement = judgeSuiteSettings(evidence, {
    client: undefined,
    supportedClients: [MODERN, CURVED, hearsay],
  });
  assert.equal(judgement.verdict, 'likely');
  assert.match(judgement.explanation, /Curved/);
  assert.doesNotMatch(judgement.explanation, /Modern|Hearsay/);
  assert.match(judgement.remark ?? '', /Hearsay/);
});
