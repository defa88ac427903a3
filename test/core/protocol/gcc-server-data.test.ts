import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { ENCRYPTION_METHOD } from '../../../src/core/protocol/gcc-client-data.ts';
import {
  decodeServerBlocks,
  ENCRYPTION_LEVEL,
  encodeServerBlocks,
  type ServerBlock,
} from '../../../src/core/protocol/gcc-server-data.ts';
import { checkManners } from '../decoder-manners.ts';
import { PUBLISHED_SERVER_SETTINGS } from './connect-samples.ts';

const VERSION = 0x00080004;

function check(name: string, bytes: Uint8Array, blocks: readonly ServerBlock[]) {
  test(name, () => {
    assert.deepEqual(decodeServerBlocks(bytes), blocks);
    assert.equal(toHex(encodeServerBlocks(blocks)), toHex(bytes));
  });
}

check('the published settings, in their order', PUBLISHED_SERVER_SETTINGS, [
  { kind: 'core', version: VERSION, clientRequestedProtocols: 0 },
  { kind: 'network', mcsChannelId: 1003, channelIds: [1004, 1005, 1006] },
  {
    kind: 'security',
    encryptionMethod: ENCRYPTION_METHOD.bit128,
    encryptionLevel: ENCRYPTION_LEVEL.clientCompatible,
    keyExchange: {
      // Header, method, level and two lengths take 20 bytes of the last block's 236.
      serverRandom: PUBLISHED_SERVER_SETTINGS.slice(-216, -184),
      serverCertificate: PUBLISHED_SERVER_SETTINGS.slice(-184),
    },
  },
]);
check('nothing encrypted: no key exchange', fromHex('020c 0c00 00000000 00000000'), [
  { kind: 'security', encryptionMethod: ENCRYPTION_METHOD.none, encryptionLevel: ENCRYPTION_LEVEL.none },
]);
check('an unknown method and level stay numbers', fromHex('020c 0c00 20000000 05000000'), [
  { kind: 'security', encryptionMethod: 0x20, encryptionLevel: 5 },
]);
check('lengths of zero', fromHex('020c 1400 10000000 04000000 00000000 00000000'), [
  {
    kind: 'security',
    encryptionMethod: ENCRYPTION_METHOD.fips,
    encryptionLevel: ENCRYPTION_LEVEL.fips,
    keyExchange: { serverRandom: new Uint8Array(0), serverCertificate: new Uint8Array(0) },
  },
]);
check('core data of RDP 5.0: the version alone', fromHex('010c 0800 04000800'), [
  { kind: 'core', version: VERSION },
]);
check('core data with flags', fromHex('010c 1000 0c000800 0b000000 01000000'), [
  { kind: 'core', version: 0x0008000c, clientRequestedProtocols: 0x0b, earlyCapabilityFlags: 1 },
]);
check('an even count of channels has no padding', fromHex('030c 0c00 eb03 0200 ec03 ed03'), [
  { kind: 'network', mcsChannelId: 1003, channelIds: [1004, 1005] },
]);
check('a block of a type that nothing here reads', fromHex('040c 0600 ef03'), [
  { kind: 'unknown', type: 0x0c04, bytes: fromHex('ef03') },
]);

test('padding that was left out is not missed', () => {
  assert.deepEqual(decodeServerBlocks(fromHex('030c 0a00 eb03 0100 ec03')), [
    { kind: 'network', mcsChannelId: 1003, channelIds: [1004] },
  ]);
});

test('the numbers of the specification', () => {
  assert.deepEqual(ENCRYPTION_LEVEL, { none: 0, low: 1, clientCompatible: 2, high: 3, fips: 4 });
});

function checkRefused(name: string, hex: string, message: RegExp) {
  test(`refused: ${name}`, () => {
    assert.throws(() => decodeServerBlocks(fromHex(hex)), message);
  });
}

checkRefused('security data without a level', '020c 0800 02000000', /expected 4 more bytes, 0 are left/);
checkRefused(
  'a random longer than its block, whatever follows the block',
  '020c 1800 02000000 02000000 20000000 00000000 01020304 010c 0800 04000800',
  /expected 32 more bytes, 4 are left/,
);
checkRefused('more channels than the block has', '030c 0800 eb03 ffff', /expected 131070 more bytes/);

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const plain = { noNullPrototype: true } as const;
const block: fc.Arbitrary<ServerBlock> = fc.oneof(
  fc.record({ kind: fc.constant('core'), version: u32 }, plain),
  fc.record(
    { kind: fc.constant('core'), version: u32, clientRequestedProtocols: u32, earlyCapabilityFlags: u32 },
    { ...plain, requiredKeys: ['kind', 'version', 'clientRequestedProtocols'] },
  ),
  fc.record(
    {
      kind: fc.constant('security'),
      encryptionMethod: u32,
      encryptionLevel: u32,
      keyExchange: fc.record({ serverRandom: fc.uint8Array(), serverCertificate: fc.uint8Array() }, plain),
    },
    { ...plain, requiredKeys: ['kind', 'encryptionMethod', 'encryptionLevel'] },
  ),
  fc.record({ kind: fc.constant('network'), mcsChannelId: u16, channelIds: fc.array(u16) }, plain),
  fc.record(
    { kind: fc.constant('unknown'), type: fc.integer({ min: 0x0c04, max: 0xffff }), bytes: fc.uint8Array() },
    plain,
  ),
);

test('decode undoes encode', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
      assert.deepEqual(decodeServerBlocks(encodeServerBlocks(blocks)), blocks);
    }),
  );
});

// One block alone: between two blocks a truncation leaves valid settings, which is the next layer's to notice.
checkManners(
  'decodeServerBlocks',
  (bytes) => decodeServerBlocks(bytes.length === 0 ? Uint8Array.of(0) : bytes),
  [PUBLISHED_SERVER_SETTINGS.slice(0, 12), PUBLISHED_SERVER_SETTINGS.slice(28)],
);
