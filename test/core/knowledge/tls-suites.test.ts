import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findSuite,
  groupName,
  OFFERED_GROUPS,
  suiteName,
  suitesFor,
  TLS_SUITES,
  type TlsSuite,
} from '../../../src/core/knowledge/tls-suites.ts';
import { usesEcdhe } from '../../../src/core/protocol/tls-hello.ts';
import { run } from '../../peers/processes.ts';
import { requirePeer } from '../../peers/require-peer.ts';

function checkSuite(
  id: number,
  name: string,
  strength: TlsSuite['strength'],
  fips: boolean,
  versions: TlsSuite['versions'],
) {
  test(`suite ${name}`, () => {
    assert.deepEqual(findSuite(id), { id, name, strength, fips, versions });
    assert.equal(suiteName(id), name);
  });
}

checkSuite(0x0000, 'TLS_NULL_WITH_NULL_NULL', 'broken', false, [0x0300, 0x0303]);
checkSuite(0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5', 'broken', false, [0x0300, 0x0301]);
checkSuite(0x0005, 'TLS_RSA_WITH_RC4_128_SHA', 'broken', false, [0x0300, 0x0303]);
checkSuite(0x0009, 'TLS_RSA_WITH_DES_CBC_SHA', 'broken', false, [0x0300, 0x0302]);
checkSuite(0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'weak', true, [0x0300, 0x0303]);
checkSuite(0x0013, 'TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA', 'weak', true, [0x0300, 0x0303]);
checkSuite(0x0016, 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA', 'weak', false, [0x0300, 0x0303]);
checkSuite(0x0033, 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA', 'acceptable', true, [0x0300, 0x0303]);
checkSuite(0x0034, 'TLS_DH_anon_WITH_AES_128_CBC_SHA', 'broken', false, [0x0300, 0x0303]);
checkSuite(0x003b, 'TLS_RSA_WITH_NULL_SHA256', 'broken', false, [0x0303, 0x0303]);
checkSuite(0x0062, 'TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA', 'broken', false, [0x0300, 0x0301]);
checkSuite(0x009c, 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'acceptable', true, [0x0303, 0x0303]);
checkSuite(0x009f, 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'strong', true, [0x0303, 0x0303]);
checkSuite(0x00ae, 'TLS_PSK_WITH_AES_128_CBC_SHA256', 'acceptable', false, [0x0301, 0x0303]);
checkSuite(0x00c6, 'TLS_SM4_GCM_SM3', 'strong', false, [0x0304, 0x0304]);
checkSuite(0x1301, 'TLS_AES_128_GCM_SHA256', 'strong', true, [0x0304, 0x0304]);
checkSuite(0x1303, 'TLS_CHACHA20_POLY1305_SHA256', 'strong', false, [0x0304, 0x0304]);
checkSuite(0x1305, 'TLS_AES_128_CCM_8_SHA256', 'acceptable', false, [0x0304, 0x0304]);
checkSuite(0xc012, 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', 'weak', false, [0x0301, 0x0303]);
checkSuite(0xc014, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'acceptable', true, [0x0301, 0x0303]);
checkSuite(0xc030, 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'strong', true, [0x0303, 0x0303]);
checkSuite(0xc031, 'TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256', 'acceptable', false, [0x0303, 0x0303]);
checkSuite(0xc09e, 'TLS_DHE_RSA_WITH_AES_128_CCM', 'strong', false, [0x0303, 0x0303]);
checkSuite(0xc0b4, 'TLS_SHA256_SHA256', 'broken', false, [0x0304, 0x0304]);
checkSuite(0xc102, 'TLS_GOSTR341112_256_WITH_28147_CNT_IMIT', 'weak', false, [0x0303, 0x0303]);
checkSuite(0xcca8, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'strong', false, [0x0303, 0x0303]);

test('names of numbers that are no suites', () => {
  assert.equal(suiteName(0x00ff), 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV');
  assert.equal(suiteName(0x5600), 'TLS_FALLBACK_SCSV');
  assert.equal(suiteName(0x0abc), '0x0ABC');
  assert.equal(suiteName(7 * 256), '0x0700');
  assert.equal(findSuite(0x00ff), undefined);
});

test('the table holds each number and each name once, ascending', () => {
  assert.equal(TLS_SUITES.length, 357);
  assert.equal(new Set(TLS_SUITES.map(({ name }) => name)).size, 357);
  for (let index = 1; index < TLS_SUITES.length; index += 1) {
    assert.ok((TLS_SUITES[index - 1]?.id ?? 0) < (TLS_SUITES[index]?.id ?? 0));
  }
});

/** What Schannel implements, by the pages named in the source: every one of them has to be offered. */
const SCHANNEL_BEFORE_12 = [
  ...[0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0009, 0x000a, 0x0012, 0x0013, 0x002f, 0x0032, 0x0033],
  ...[0x0035, 0x0038, 0x0039, 0x0062, 0x0063, 0x0064, 0xc009, 0xc00a, 0xc013, 0xc014],
];
const SCHANNEL_12 = [
  ...[0x003b, 0x003c, 0x003d, 0x0040, 0x006a, 0x009c, 0x009d, 0x009e, 0x009f],
  ...[0xc023, 0xc024, 0xc027, 0xc028, 0xc02b, 0xc02c, 0xc02f, 0xc030],
];

function checkOffer(version: number, limit: number, expected: readonly number[]) {
  test(`offered for 0x0${version.toString(16)}: at most ${limit}, known, no repeats, all of Schannel`, () => {
    const suites = suitesFor(version);
    assert.ok(suites.length <= limit, `${suites.length} suites`);
    assert.equal(new Set(suites).size, suites.length);
    for (const id of expected) assert.ok(suites.includes(id), suiteName(id));
    for (const id of suites) {
      const { name, versions } = findSuite(id) ?? assert.fail(`0x${id.toString(16)} has no name`);
      assert.doesNotMatch(name, /PSK|SRP|KRB5|_ECDH_RSA|_ECDH_ECDSA|_DH_RSA|_DH_DSS/);
      assert.ok(versions[0] <= Math.max(version, 0x0301), `${name} is not for this version`);
    }
  });
}
// Two places are left for the signalling values.
checkOffer(0x0300, 62, SCHANNEL_BEFORE_12);
checkOffer(0x0301, 62, SCHANNEL_BEFORE_12);
checkOffer(0x0302, 62, SCHANNEL_BEFORE_12);
checkOffer(0x0303, 125, [...SCHANNEL_BEFORE_12, ...SCHANNEL_12]);
checkOffer(0x0304, 5, [0x1301, 0x1302, 0x1303]);
test('nothing is offered for an unknown version', () => assert.deepEqual(suitesFor(0x0305), []));

test('in every offer weak suites come last but for broken ones', () => {
  const rank = { strong: 0, acceptable: 0, weak: 1, broken: 2 };
  for (const version of [0x0300, 0x0303, 0x0304]) {
    const ranks = suitesFor(version).map((id) => rank[findSuite(id)?.strength ?? 'broken']);
    assert.deepEqual(ranks, ranks.toSorted());
  }
});

test('the probe reads a curve from exactly the suites that name one', () => {
  for (const { id, name } of TLS_SUITES) {
    const named = /^TLS_(?:ECDHE_(?:RSA|ECDSA)|ECDH_anon)_/.test(name);
    assert.equal(usesEcdhe(id), named, name);
  }
});

test('groups', () => {
  assert.equal(groupName(23), 'secp256r1');
  assert.equal(groupName(29), 'x25519');
  assert.equal(groupName(0x0100), 'ffdhe2048');
  assert.equal(groupName(0x11ec), 'X25519MLKEM768');
  assert.equal(groupName(0xfe00), '0xFE00');
  for (const id of OFFERED_GROUPS) assert.doesNotMatch(groupName(id), /^0x/);
});

test('numbers, names and first versions agree with OpenSSL', async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const { stdout } = await run('openssl', ['ciphers', '-stdname', '-V', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0']);
  const firsts: Readonly<Record<string, number>> = {
    SSLv3: 0x0300,
    TLSv1: 0x0301,
    'TLSv1.2': 0x0303,
    'TLSv1.3': 0x0304,
  };
  let compared = 0;
  for (const line of stdout.split('\n')) {
    const [, high, low, name, first] = /0x(..),0x(..) - (\S+) +- \S+ +(\S+)/.exec(line) ?? [];
    if (high === undefined || low === undefined) continue;
    const suite = findSuite(Number.parseInt(high + low, 16));
    assert.equal(suite?.name, name);
    // OpenSSL calls PSK suites with SHA-1 SSL 3.0 and the same with SHA-2 or a curve TLS 1.0, as we do.
    assert.equal(suite?.versions[0], firsts[first ?? ''], `${name} ${first}`);
    compared += 1;
  }
  assert.ok(compared > 130, `${compared} suites compared`);
});
