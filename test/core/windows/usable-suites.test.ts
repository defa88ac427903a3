// Which suites are left of a list: Microsoft's pages "TLS Cipher Suites in Windows …" say what each Windows has,
// KB245030 what a switch below SCHANNEL turns off, "TLS Elliptic Curves" which curves there are.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AlgorithmOff } from '../../../src/core/model/windows-facts.ts';
import { type SuiteSettings, usableSuites } from '../../../src/core/windows/usable-suites.ts';

const [X25519, P256, P384, P521] = [29, 23, 24, 25];
const NOTHING: SuiteSettings = { build: 20348, list: [], curves: [], off: [] };

/** Each suite with its curves, and its doubt. */
function look(but: Partial<SuiteSettings>): readonly string[] {
  return usableSuites({ ...NOTHING, ...but }).map(
    ({ suite, groups, doubt }) =>
      `${suite.name}${groups.length === 0 ? '' : ` ${groups.join('+')}`}${doubt === undefined ? '' : ` ?${doubt}`}`,
  );
}

const off = (folder: AlgorithmOff['folder'], name: string): AlgorithmOff => ({ folder, name, where: 'x' });

const ECDHE_GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const ECDHE_CBC = 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256';
const RSA_CBC = 'TLS_RSA_WITH_AES_128_CBC_SHA';
const RSA_GCM = 'TLS_RSA_WITH_AES_256_GCM_SHA384';
const DHE_GCM = 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384';
const RC4 = 'TLS_RSA_WITH_RC4_128_SHA';
const DES3 = 'TLS_RSA_WITH_3DES_EDE_CBC_SHA';
const TLS13 = 'TLS_AES_256_GCM_SHA384';
const CHACHA13 = 'TLS_CHACHA20_POLY1305_SHA256';

const rows: readonly (readonly [title: string, but: Partial<SuiteSettings>, are: readonly string[]])[] = [
  ['a list, in its order', { list: [RSA_CBC, ECDHE_GCM] }, [RSA_CBC, `${ECDHE_GCM} 29+23+24`]],
  [
    'suites of TLS 1.3 need a curve too',
    { list: [TLS13, CHACHA13] },
    [`${TLS13} 29+23+24`, `${CHACHA13} 29+23+24`],
  ],
  ['DHE and RSA need none', { list: [DHE_GCM, RSA_GCM] }, [DHE_GCM, RSA_GCM]],
  ['what is no suite', { list: ['TLS_NONSENSE', '', RSA_CBC] }, [RSA_CBC]],
  ['what this Windows does not have', { build: 17763, list: [TLS13, CHACHA13, RSA_CBC] }, [RSA_CBC]],
  ['what it has and does not use by itself', { list: [RC4] }, [RC4]],
  ['curves that are set', { list: [ECDHE_GCM], curves: ['NistP384', 'curve25519'] }, [`${ECDHE_GCM} 24+29`]],
  ['curves whatever the capitals', { list: [ECDHE_GCM], curves: ['NISTP256'] }, [`${ECDHE_GCM} 23`]],
  ['no curve that is known', { list: [ECDHE_GCM, RSA_CBC], curves: ['nonsense'] }, [RSA_CBC]],
  ['some that are', { list: [ECDHE_GCM], curves: ['nonsense', 'NistP521'] }, [`${ECDHE_GCM} 25`]],
  // Before Windows 10 the curve stands behind the suite, and a list of curves is not looked at.
  ['a suffix on Windows 10', { list: [`${ECDHE_GCM}_P256`] }, [`${ECDHE_GCM} 29+23+24`]],
  ['a suffix before', { build: 9600, list: [`${ECDHE_CBC}_P256`] }, [`${ECDHE_CBC} 23`]],
  [
    'the other suffixes',
    { build: 9600, list: [`${ECDHE_CBC}_P384`, `${ECDHE_CBC}_P521`] },
    [`${ECDHE_CBC} 24`, `${ECDHE_CBC} 25`],
  ],
  ['without a suffix before', { build: 9600, list: [ECDHE_CBC] }, [`${ECDHE_CBC} 23+24 ?name`]],
  [
    'a suffix that is no curve of the table',
    { build: 9600, list: [`${ECDHE_CBC}_P999`] },
    [`${ECDHE_CBC} 23+24 ?name`],
  ],
  ['RSA before', { build: 9600, list: [RSA_CBC] }, [RSA_CBC]],
  [
    'the list of curves does not count before',
    { build: 9600, list: [`${ECDHE_CBC}_P256`], curves: ['NistP384'] },
    [`${ECDHE_CBC} 23`],
  ],
  [
    'the first Windows with a list of curves',
    { build: 10240, list: [ECDHE_CBC], curves: ['NistP384'] },
    [`${ECDHE_CBC} 24`],
  ],
  // ECDHE_RSA with GCM came with Windows 10.
  ['GCM with ECDHE_RSA before Windows 10', { build: 9600, list: [`${ECDHE_GCM}_P256`, RSA_CBC] }, [RSA_CBC]],
  // Not known which Windows: what every one has is sure, what only some have is not.
  [
    'a Windows that is not known',
    { build: undefined, list: [RSA_CBC, TLS13, ECDHE_GCM] },
    [RSA_CBC, `${TLS13} 29+23+24 ?windows`, `${ECDHE_GCM} 29+23+24 ?windows`],
  ],
  [
    'what no Windows has',
    { build: undefined, list: ['TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', RSA_CBC] },
    [RSA_CBC],
  ],
];

describe('a list that is set', () => {
  for (const [title, but, are] of rows) test(title, () => assert.deepEqual(look(but), are));
});

describe('where nothing is set', () => {
  const names = (build: number | undefined): readonly string[] => look({ build });
  test('Server 2022: TLS 1.3 first, no RC4, 3DES last', () => {
    const suites = names(20348);
    assert.equal(suites[0], `${TLS13} 29+23+24`);
    assert.equal(suites.at(-1), DES3);
    assert.ok(!suites.includes(RC4));
    assert.equal(suites.length, 23);
  });
  test('Windows 7 to 8.1: without a suffix, and that is no doubt', () => {
    const suites = names(7601);
    assert.equal(suites[0], 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 23+24');
    assert.ok(suites.includes(RC4));
    assert.ok(suites.every((name) => !name.includes('?')));
  });
  test('what Server 2019 has and does not use is not there', () => {
    assert.ok(!names(17763).includes(RC4));
    assert.ok(names(14393).includes(RC4));
  });
  test('a Windows that is not known: each suite once, most in doubt', () => {
    const suites = names(undefined);
    assert.equal(new Set(suites).size, suites.length);
    assert.ok(suites.includes(`${TLS13} 29+23+24 ?windows`));
    assert.ok(suites.includes(RSA_CBC));
    assert.ok(suites.includes(`${RC4} ?windows`));
  });
});

describe('what is switched off', () => {
  const ALL = [ECDHE_GCM, ECDHE_CBC, DHE_GCM, RSA_GCM, RSA_CBC, DES3, RC4, TLS13];
  const gone = (...switches: readonly AlgorithmOff[]): readonly string[] => {
    const left = usableSuites({ ...NOTHING, list: ALL, off: switches }).map(({ suite }) => suite.name);
    return ALL.filter((name) => !left.includes(name));
  };
  const switches: readonly (readonly [one: AlgorithmOff, are: readonly string[]])[] = [
    [off('Ciphers', 'AES 128/128'), [ECDHE_CBC, RSA_CBC]],
    [off('Ciphers', 'AES 256/256'), [ECDHE_GCM, DHE_GCM, RSA_GCM, TLS13]],
    [off('Ciphers', 'Triple DES 168'), [DES3]],
    [off('Ciphers', 'RC4 128/128'), [RC4]],
    [off('Hashes', 'SHA'), [RSA_CBC, DES3, RC4]],
    [off('Hashes', 'SHA256'), [ECDHE_CBC]],
    [off('KeyExchangeAlgorithms', 'PKCS'), [RSA_GCM, RSA_CBC, DES3, RC4]],
    [off('KeyExchangeAlgorithms', 'Diffie-Hellman'), [DHE_GCM]],
    [off('KeyExchangeAlgorithms', 'ECDH'), [ECDHE_GCM, ECDHE_CBC]],
    // A name of another folder, or one that Windows does not have, turns nothing off.
    [off('Hashes', 'AES 128/128'), []],
    [off('Ciphers', 'nonsense'), []],
  ];
  for (const [one, are] of switches)
    test(`${one.folder}\\${one.name}`, () => assert.deepEqual(gone(one), are));
  test('none', () => assert.deepEqual(gone(), []));
  test('two of them', () =>
    assert.deepEqual(gone(off('Ciphers', 'RC4 128/128'), off('KeyExchangeAlgorithms', 'ECDH')), [
      ECDHE_GCM,
      ECDHE_CBC,
      RC4,
    ]));
});

test('the curves by their numbers (RFC 8446 section 4.2.7)', () =>
  assert.deepEqual([X25519, P256, P384, P521], [0x1d, 0x17, 0x18, 0x19]));
