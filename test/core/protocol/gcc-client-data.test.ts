import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  type ClientBlock,
  type ClientCore,
  decodeClientBlocks,
  ENCRYPTION_METHOD,
  encodeClientBlocks,
  RDP_VERSION_5,
} from '../../../src/core/protocol/gcc-client-data.ts';
import { checkManners } from '../decoder-manners.ts';
import { PUBLISHED_CLIENT_SETTINGS } from './connect-samples.ts';

const PUBLISHED_CORE: ClientCore = {
  kind: 'core',
  version: RDP_VERSION_5,
  desktopWidth: 1280,
  desktopHeight: 1024,
  colorDepth: 0xca01,
  sasSequence: 0xaa03,
  keyboardLayout: 0x409,
  clientBuild: 3790,
  clientName: 'ELTONS-DEV2',
  keyboardType: 4,
  keyboardSubType: 0,
  keyboardFunctionKey: 12,
  imeFileName: '',
  optional: {
    postBeta2ColorDepth: 0xca01,
    clientProductId: 1,
    serialNumber: 0,
    highColorDepth: 24,
    supportedColorDepths: 7,
    earlyCapabilityFlags: 1,
    clientDigProductId: '69712-783-0357974-42714',
    connectionType: 0,
    pad1octet: 0,
    serverSelectedProtocol: 0,
  },
};

const { bit40, bit56, bit128, fips } = ENCRYPTION_METHOD;

function check(name: string, bytes: Uint8Array, blocks: readonly ClientBlock[]) {
  test(name, () => {
    assert.deepEqual(decodeClientBlocks(bytes), blocks);
    assert.equal(toHex(encodeClientBlocks(blocks)), toHex(bytes));
  });
}

check('the published settings, in their order', PUBLISHED_CLIENT_SETTINGS, [
  PUBLISHED_CORE,
  { kind: 'cluster', flags: 0x0d, redirectedSessionId: 0 },
  { kind: 'security', encryptionMethods: bit40 | bit56 | bit128 | fips, extEncryptionMethods: 0 },
  {
    kind: 'network',
    channels: [
      { name: 'rdpdr', options: 0x80800000 },
      { name: 'cliprdr', options: 0xc0a00000 },
      { name: 'rdpsnd', options: 0xc0000000 },
    ],
  },
]);
check('no blocks', new Uint8Array(0), []);
check('a block of a type that nothing here reads', fromHex('06c0 0800 01020304'), [
  { kind: 'unknown', type: 0xc006, bytes: fromHex('01020304') },
]);
check(
  'every optional field of the core data',
  Uint8Array.of(
    ...fromHex('01c0 ea00'), // CS_CORE, 234 bytes
    ...PUBLISHED_CLIENT_SETTINGS.subarray(4, 216),
    ...fromHex('58020000 5e010000 5a00 c8000000 8c000000'), // 600 × 350 mm, 90 degrees, 200 %, 140 %
  ),
  [
    {
      ...PUBLISHED_CORE,
      optional: {
        ...PUBLISHED_CORE.optional,
        desktopPhysicalWidth: 600,
        desktopPhysicalHeight: 350,
        desktopOrientation: 90,
        desktopScaleFactor: 200,
        deviceScaleFactor: 140,
      },
    },
  ],
);

test('core data may end between any two optional fields, and fields we do not know are passed over', () => {
  const ends = [132, 134, 136, 140, 142, 144, 146, 210, 211, 212, 216];
  const names = Object.entries(PUBLISHED_CORE.optional);
  for (const [count, length] of ends.entries()) {
    const block = PUBLISHED_CLIENT_SETTINGS.slice(0, length);
    block[2] = length;
    const core = { ...PUBLISHED_CORE, optional: Object.fromEntries(names.slice(0, count)) };
    assert.deepEqual(decodeClientBlocks(block), [core], `${length} bytes`);
    assert.equal(toHex(encodeClientBlocks([core])), toHex(block));
  }
  assert.deepEqual(decodeClientBlocks(fromHex('02c0 0e00 1b000000 00000000 ffff')), [
    { kind: 'security', encryptionMethods: 0x1b, extEncryptionMethods: 0 },
  ]);
});

function checkRefused(name: string, hex: string, message: RegExp) {
  test(`refused: ${name}`, () => {
    assert.throws(() => decodeClientBlocks(fromHex(hex)), message);
  });
}

checkRefused('a block shorter than its header', '02c0 0300', /at least 4 bytes, received 3/);
checkRefused('a block longer than the rest', '02c0 0c00 1b000000', /expected 8 more bytes, 4 are left/);
checkRefused('32 channels', '03c0 0800 20000000', /expected at most 31 channels, received 32/);
checkRefused('core data without its fixed part', '01c0 0800 04000800', /expected 2 more bytes, 0 are left/);
checkRefused('65 blocks', '06c0 0400'.repeat(65), /more than 64 data blocks/);

test('31 channels are allowed', () => {
  const channels = Array.from({ length: 31 }, (_, options) => ({ name: `c${options}`, options }));
  const blocks: ClientBlock[] = [{ kind: 'network', channels }];
  assert.deepEqual(decodeClientBlocks(encodeClientBlocks(blocks)), blocks);
});

test('the longest block', () => {
  const bytes = new Uint8Array(0xfffb);
  const written = encodeClientBlocks([{ kind: 'unknown', type: 0xc006, bytes }]);
  assert.equal(toHex(written.subarray(0, 4)), '06c0ffff');
});

test('the numbers of the specification', () => {
  assert.deepEqual(ENCRYPTION_METHOD, { none: 0, bit40: 1, bit128: 2, bit56: 8, fips: 16 });
});

test('what does not fit is a mistake of ours', () => {
  const core = (change: Partial<ClientCore>) => () => encodeClientBlocks([{ ...PUBLISHED_CORE, ...change }]);
  assert.doesNotThrow(core({ clientName: 'x'.repeat(15) }));
  assert.throws(core({ clientName: 'x'.repeat(16) }), RangeError);
  assert.throws(core({ imeFileName: 'x'.repeat(32) }), RangeError);
  const channel = { name: 'x', options: 0 };
  const network = (channels: readonly { name: string; options: number }[]) => () =>
    encodeClientBlocks([{ kind: 'network', channels }]);
  assert.throws(network(new Array(32).fill(channel)), RangeError);
  assert.doesNotThrow(network(new Array(31).fill(channel)));
  assert.throws(network([{ name: 'eight888', options: 0 }]), RangeError);
  assert.throws(
    () => encodeClientBlocks([{ kind: 'unknown', type: 0xc006, bytes: new Uint8Array(0xfffc) }]),
    RangeError,
  );
});

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const plain = { noNullPrototype: true } as const;
const text = (maxLength: number) => fc.string({ maxLength, unit: fc.constantFrom(...'aZ9 -äßЖ日') });

const core: fc.Arbitrary<ClientCore> = fc
  .record(
    {
      version: u32,
      desktopWidth: u16,
      desktopHeight: u16,
      colorDepth: u16,
      sasSequence: u16,
      keyboardLayout: u32,
      clientBuild: u32,
      clientName: text(15),
      keyboardType: u32,
      keyboardSubType: u32,
      keyboardFunctionKey: u32,
      imeFileName: text(31),
      every: fc.record(
        {
          postBeta2ColorDepth: u16,
          clientProductId: u16,
          serialNumber: u32,
          highColorDepth: u16,
          supportedColorDepths: u16,
          earlyCapabilityFlags: u16,
          clientDigProductId: text(31),
          connectionType: u8,
          pad1octet: u8,
          serverSelectedProtocol: u32,
          desktopPhysicalWidth: u32,
          desktopPhysicalHeight: u32,
          desktopOrientation: u16,
          desktopScaleFactor: u32,
          deviceScaleFactor: u32,
        },
        plain,
      ),
      count: fc.nat(15),
    },
    plain,
  )
  .map(({ every, count, ...fixed }) => ({
    kind: 'core',
    ...fixed,
    optional: Object.fromEntries(Object.entries(every).slice(0, count)),
  }));

const block: fc.Arbitrary<ClientBlock> = fc.oneof(
  core,
  fc.record({ kind: fc.constant('security'), encryptionMethods: u32, extEncryptionMethods: u32 }, plain),
  fc.record({ kind: fc.constant('cluster'), flags: u32, redirectedSessionId: u32 }, plain),
  fc.record(
    {
      kind: fc.constant('network'),
      channels: fc.array(
        fc.record(
          { name: fc.string({ maxLength: 7, unit: fc.constantFrom(...'abz09_') }), options: u32 },
          plain,
        ),
        { maxLength: 31 },
      ),
    },
    plain,
  ),
  fc.record(
    { kind: fc.constant('unknown'), type: fc.integer({ min: 0xc005, max: 0xffff }), bytes: fc.uint8Array() },
    plain,
  ),
);

test('decode undoes encode', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
      assert.deepEqual(decodeClientBlocks(encodeClientBlocks(blocks)), blocks);
    }),
  );
});

// One block alone: between two blocks a truncation leaves valid settings, which is the next layer's to notice.
checkManners(
  'decodeClientBlocks',
  (bytes) => decodeClientBlocks(bytes.length === 0 ? Uint8Array.of(0) : bytes),
  [PUBLISHED_CLIENT_SETTINGS.slice(0, 216), PUBLISHED_CLIENT_SETTINGS.slice(-44)],
);
