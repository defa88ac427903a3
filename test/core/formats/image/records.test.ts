// The records of VHD and VHDX: what every decoder owes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { decodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { decodeVhdDynamicHeader, decodeVhdFooter } from '../../../../src/core/formats/image/vhd-records.ts';
import {
  decodeVhdxHeader,
  decodeVhdxLogEntry,
  decodeVhdxLogEntryHeader,
  decodeVhdxMetadataTable,
  decodeVhdxParentLocator,
  decodeVhdxRegionTable,
} from '../../../../src/core/formats/image/vhdx-records.ts';
import { checkManners } from '../../decoder-manners.ts';
import { buildVhd, vhdFooter, vhdId, withSum } from './build-vhd.ts';
import {
  buildVhdx,
  KIB,
  LAYOUT,
  logEntry,
  MIB,
  parentLocator,
  vhdxHeader,
  vhdxId,
  withCrc,
} from './build-vhdx.ts';

const CHILD = buildVhd({
  size: 65536,
  blockSize: 8192,
  blocks: new Map(),
  id: 7,
  parent: { id: 8, name: 'grüße.vhd', relative: '.\\p.vhd' },
});
const FOOTER = vhdFooter(4096, 3, 1);
const DYNAMIC_HEADER = CHILD.subarray(512, 1536);
const HEADER = vhdxHeader(12n, { id: 3, logId: 4 });
const LOCATOR = parentLocator(new Map([['parent_linkage', '{x}']]));
const ENTRY = logEntry({ sequence: 3n, tail: 4096, logId: 9, writes: [{ at: 8192, zeros: 4096 }] });
const VHDX = buildVhdx({ size: MIB, blockSize: MIB, blocks: new Map(), id: 1 });
const REGIONS = VHDX.subarray(192 * KIB, 256 * KIB);
const METADATA = VHDX.subarray(LAYOUT.metadata, LAYOUT.metadata + 64 * KIB);

const locator = (bytes: Uint8Array) => decodeVhdxParentLocator(bytes, decodeUtf16le);
checkManners('Hard Disk Footer', decodeVhdFooter, [FOOTER]);
checkManners('Dynamic Disk Header', decodeVhdDynamicHeader, [DYNAMIC_HEADER]);
checkManners('VHDX header', decodeVhdxHeader, [HEADER]);
checkManners('VHDX parent locator', locator, [LOCATOR]);
checkManners('VHDX log entry header', decodeVhdxLogEntryHeader, [ENTRY.subarray(0, 64)]);

for (const [name, decode, sample] of [
  ['VHDX region table', decodeVhdxRegionTable, REGIONS],
  ['VHDX metadata table', decodeVhdxMetadataTable, METADATA],
  ['VHDX log entry', decodeVhdxLogEntry, ENTRY],
] as const) {
  test(`${name}: a truncated one is called truncated`, () => {
    fc.assert(
      fc.property(fc.nat(sample.length - 1), (length) => {
        const decoded = tryDecode(() => decode(sample.subarray(0, length)));
        assert.equal(decoded.ok ? 'a value' : decoded.error.problem.kind, 'truncated');
      }),
    );
  });
}

/** Changes that the sum does not give away. */
for (const [name, decode, sample, sum, within] of [
  ['Hard Disk Footer', decodeVhdFooter, FOOTER, (bytes: Uint8Array) => withSum(bytes, 64), 90],
  [
    'Dynamic Disk Header',
    decodeVhdDynamicHeader,
    DYNAMIC_HEADER,
    (bytes: Uint8Array) => withSum(bytes, 36),
    800,
  ],
  ['VHDX header', decodeVhdxHeader, HEADER, withCrc, 80],
  ['VHDX region table', decodeVhdxRegionTable, REGIONS, withCrc, 100],
  ['VHDX metadata table', decodeVhdxMetadataTable, METADATA, (bytes: Uint8Array) => bytes, 200],
  ['VHDX log entry', decodeVhdxLogEntry, ENTRY, withCrc, 100],
] as const) {
  test(`${name}: changed, and its sum made right, it gives a value or a DecodeError`, () => {
    fc.assert(
      fc.property(fc.nat(within), fc.uint8Array({ minLength: 1, maxLength: 12 }), (at, change) => {
        const damaged = sample.slice();
        damaged.set(change, at);
        tryDecode(() => decode(sum(damaged)));
      }),
    );
  });
}

test('what stands in the records', () => {
  assert.deepEqual(decodeVhdFooter(FOOTER), {
    dataOffset: 512n,
    // 0x10000000 seconds after 2000-01-01
    createdAt: Date.UTC(2000, 0, 1) + 0x1000_0000 * 1000,
    creator: 'win ',
    currentSize: 4096n,
    diskType: 3,
    uniqueId: vhdId(1),
    checksumHolds: true,
  });
  assert.equal(decodeVhdFooter(withSum(FOOTER, 64).fill(0, 64, 68)).checksumHolds, false);
  assert.deepEqual(decodeVhdDynamicHeader(DYNAMIC_HEADER), {
    tableOffset: 1536n,
    maxTableEntries: 8,
    blockSize: 8192,
    parentUniqueId: vhdId(8),
    parentName: 'grüße.vhd',
    locators: [{ platform: 'W2ru', length: 14, offset: 2048n }],
    checksumHolds: true,
  });
  assert.deepEqual(decodeVhdxHeader(HEADER), {
    sequenceNumber: 12n,
    dataWriteGuid: vhdxId(3),
    logGuid: vhdxId(4),
    logVersion: 0,
    logLength: MIB,
    logOffset: BigInt(MIB),
  });
  assert.deepEqual(decodeVhdxLogEntry(ENTRY), [{ kind: 'zero', offset: 8192, length: 4096 }]);
  assert.deepEqual(locator(LOCATOR), new Map([['parent_linkage', '{x}']]));
  assert.deepEqual(
    decodeVhdxRegionTable(REGIONS).map(({ offset, length, required }) => ({ offset, length, required })),
    [
      { offset: LAYOUT.bat, length: MIB, required: true },
      { offset: LAYOUT.metadata, length: MIB, required: true },
    ],
  );
  assert.deepEqual(
    decodeVhdxMetadataTable(METADATA).map(({ offset, length, required }) => [offset, length, required]),
    [
      [65536, 8, true],
      [65544, 8, true],
      [65552, 16, true],
      [65568, 4, true],
      [65572, 4, true],
    ],
  );
});
