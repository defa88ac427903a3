import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../../../src/core/bytes/hex.ts';
import { marvin32 } from '../../../src/core/crypto/marvin32.ts';

const SEED_1 = 0x004fb61a001bdbccn;
const SEED_2 = 0x804fb61a001bdbccn;
const SEED_3 = 0x804fb61a801bdbccn;

/** .NET runtime, src/libraries/Common/tests/Tests/System/MarvinTests.cs; the last from [SymCrypt] lib/marvin32.c. */
const VECTORS: readonly (readonly [seed: bigint, data: string, hash: bigint])[] = [
  [SEED_1, '', 0x30ed35c100cd3c7dn],
  [SEED_1, 'af', 0x48e73fc77d75ddc1n],
  [SEED_1, 'e70f', 0xb5f6e1fc485dbff8n],
  [SEED_1, '37f495', 0xf0b07c789b8cf7e8n],
  [SEED_1, '8642dc59', 0x7008f2e87e9cf556n],
  [SEED_1, '153fb79826', 0xe6c08c6da2afa997n],
  [SEED_1, '0932e6246c47', 0x6f04bf1a5ea24060n],
  [SEED_1, 'ab427ea8d10fc7', 0xe11847e4f0678c41n],
  [SEED_2, '', 0x10a9d5d3996fd65dn],
  [SEED_2, 'af', 0x68201f91960ebf91n],
  [SEED_2, 'e70f', 0x64b581631f6ab378n],
  [SEED_2, '37f495', 0xe1f2dfa6e5131408n],
  [SEED_2, '8642dc59', 0x36289d9654fb49f6n],
  [SEED_2, '153fb79826', 0x0a06114b13464dbdn],
  [SEED_2, '0932e6246c47', 0xd6dd5e40ad1bc2edn],
  [SEED_2, 'ab427ea8d10fc7', 0xe203987dba252fb3n],
  [SEED_3, '00', 0xa37fb0da2ecae06cn],
  [SEED_3, 'ff', 0xfecef370701ae054n],
  [SEED_3, '00ff', 0xa638e75700048880n],
  [SEED_3, 'ff00', 0xbdfb46d969730e2an],
  [SEED_3, 'ff00ff', 0x9d8577c0fe0d30bfn],
  [SEED_3, '00ff00', 0x4f9fbdde15099497n],
  [0xd53cd9cecd0893b7n, '616263', 0x22c74339492769bfn],
];

for (const [seed, data, hash] of VECTORS) {
  test(`marvin32 of "${data}" with seed ${seed.toString(16)}`, () => {
    assert.equal(marvin32(fromHex(data), seed), hash);
  });
}

test('marvin32 reads a part of a larger buffer', () => {
  assert.equal(marvin32(fromHex('00 37f495 00').subarray(1, 4), SEED_1), 0xf0b07c789b8cf7e8n);
});
