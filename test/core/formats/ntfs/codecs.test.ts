import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { fromHex } from '../../../../src/core/bytes/hex.ts';
import { Writer } from '../../../../src/core/bytes/writer.ts';
import { decodeAttribute } from '../../../../src/core/formats/ntfs/attribute.ts';
import { decodeAttributeList } from '../../../../src/core/formats/ntfs/attribute-list.ts';
import { decodeBootSector } from '../../../../src/core/formats/ntfs/boot-sector.ts';
import { decodeFileRecord } from '../../../../src/core/formats/ntfs/file-record.ts';
import { decodeIndexRecord, decodeIndexRoot } from '../../../../src/core/formats/ntfs/index-node.ts';
import { decodeMappingPairs, type Run } from '../../../../src/core/formats/ntfs/mapping-pairs.ts';
import {
  decodeFileName,
  decodeStandardInformation,
  decodeVolumeInformation,
} from '../../../../src/core/formats/ntfs/metadata.ts';
import { decodeReparsePoint, decodeWofProvider } from '../../../../src/core/formats/ntfs/wof.ts';
import { checkManners } from '../../decoder-manners.ts';
import {
  type BuiltRun,
  buildVolume,
  encodeMappingPairs,
  encodeRecord,
  fileName,
  indexRecord,
  nameNode,
  nonResident,
  reference,
  resident,
} from './build-volume.ts';

const BOOT = buildVolume().slice(0, 512);
const DATA = nonResident({ type: 0x80, runs: [{ lcn: 70, clusters: 2 }], size: 5000, initialisedSize: 4000 });
const FILE = encodeRecord({
  number: 30,
  attributes: [resident(0x80, fromHex('616263'), 'note'), DATA],
  sequence: 7,
});
const NODE = nameNode([
  { name: 'a', record: 40 },
  { name: 'b', record: 41, subnode: 3 },
]);

checkManners('NTFS boot sector', decodeBootSector, [BOOT]);
checkManners('FILE record', (bytes) => decodeFileRecord(bytes, 1024), [FILE]);
checkManners('INDX record', (bytes) => decodeIndexRecord(bytes, 4096), [indexRecord(2, NODE)]);
checkManners('$FILE_NAME', decodeFileName, [fileName({ name: 'SYSTEM', record: 77 })]);
checkManners('$VOLUME_INFORMATION', decodeVolumeInformation, [fromHex('0000000000000000 03 01 0100')]);
checkManners('$REPARSE_POINT', decodeReparsePoint, [
  fromHex('17000080 1000 0000 01000000 02000000 01000000 01000000'),
]);
checkManners('WOF_EXTERNAL_INFO', decodeWofProvider, [fromHex('01000000 02000000 01000000 01000000')]);

test('boot sectors', () => {
  assert.deepEqual(decodeBootSector(BOOT), {
    sectorSize: 512,
    clusterSize: 4096,
    volumeSize: 256 * 4096 - 512,
    mftLcn: 4,
    mirrorLcn: 2,
    recordSize: 1024,
    indexRecordSize: 4096,
    serialNumber: 0x1122_3344_5566_7788n,
  });
  const sizesOf = (sector: number, perCluster: number, record: number, index: number) => {
    const bytes = BOOT.slice();
    const view = new DataView(bytes.buffer);
    view.setUint16(11, sector, true);
    view.setUint8(13, perCluster);
    view.setUint8(64, record);
    view.setUint8(68, index);
    view.setUint32(40, 0x1000_0000, true);
    const decoded = tryDecode(() => decodeBootSector(bytes));
    if (!decoded.ok) return undefined;
    const { clusterSize, recordSize, indexRecordSize } = decoded.value;
    return [clusterSize, recordSize, indexRecordSize];
  };
  // A positive size counts clusters, a negative one is a power of two; clusters from 128 KiB on are negative too.
  assert.deepEqual(sizesOf(512, 1, 2, 8), [512, 1024, 4096]);
  assert.deepEqual(sizesOf(512, 128, 0xf6, 0xf4), [65_536, 1024, 4096]);
  assert.deepEqual(sizesOf(512, 0xf4, 0xf6, 0xf4), [2 << 20, 1024, 4096]);
  assert.deepEqual(sizesOf(4096, 1, 1, 1), [4096, 4096, 4096]);
  for (const sizes of [
    [0, 8, 0xf6, 0xf4],
    [513, 8, 0xf6, 0xf4],
    [8192, 8, 0xf6, 0xf4],
    [512, 0, 0xf6, 0xf4],
    [512, 3, 0xf6, 0xf4],
    [4096, 0xf4, 0xf6, 0xf4],
    [512, 8, 0, 0xf4],
    [512, 8, 0x80, 0xf4],
    [512, 8, 0xf8, 0xf4],
    [512, 128, 2, 0xf4],
  ] satisfies [number, number, number, number][]) {
    assert.equal(sizesOf(...sizes), undefined, sizes.join());
  }
});

test('a FILE record', () => {
  const record = decodeFileRecord(FILE, 1024);
  const [named, data] = record.attributes;
  assert.equal(record.sequence, 7);
  assert.equal(record.number, 30);
  assert.ok(record.inUse && !record.isDirectory && record.base === undefined);
  assert.deepEqual(named, {
    type: 0x80,
    name: 'note',
    flags: 0,
    id: 0,
    form: 'resident',
    value: fromHex('616263'),
  });
  assert.ok(data?.form === 'non-resident');
  assert.deepEqual(data.runs, [{ vcn: 0, lcn: 70, clusters: 2 }]);
  assert.deepEqual([data.size, data.initialisedSize, data.highestVcn], [5000, 4000, 1]);
});

test('a torn FILE record is refused, one that chkdsk marked too', () => {
  const torn = FILE.slice();
  torn[1022] = 0x99;
  assert.throws(() => decodeFileRecord(torn, 1024), /another write/);
  const bad = FILE.slice();
  bad.set(new TextEncoder().encode('BAAD'));
  assert.throws(() => decodeFileRecord(bad, 1024), /chkdsk/);
});

test('an attribute that is not right does not hide the others', () => {
  const broken = DATA.slice();
  // The mapping pairs: a length of nine bytes.
  broken[64] = 0x19;
  const record = decodeFileRecord(encodeRecord({ number: 1, attributes: [broken, DATA] }), 1024);
  assert.equal(record.attributes.length, 1);
  assert.equal(record.problems.length, 1);
});

const RUNS: fc.Arbitrary<readonly BuiltRun[]> = fc.array(
  fc
    .record(
      { lcn: fc.option(fc.nat(2 ** 31), { nil: undefined }), clusters: fc.integer({ min: 1, max: 2 ** 30 }) },
      { noNullPrototype: true },
    )
    .map(({ lcn, clusters }) => (lcn === undefined ? { clusters } : { lcn, clusters })),
  { maxLength: 40 },
);

test('mapping pairs: what is encoded comes back, neighbours joined', () => {
  fc.assert(
    fc.property(RUNS, fc.nat(1000), (runs, lowest) => {
      const total = runs.reduce((sum, { clusters }) => sum + clusters, 0);
      const expected: Run[] = [];
      let vcn = lowest;
      for (const run of runs) {
        const last = expected.at(-1);
        if (last?.lcn !== undefined && run.lcn === last.lcn + last.clusters) {
          expected[expected.length - 1] = { ...last, clusters: last.clusters + run.clusters };
        } else expected.push({ vcn, ...run });
        vcn += run.clusters;
      }
      assert.deepEqual(decodeMappingPairs(encodeMappingPairs(runs), lowest, total), expected);
    }),
  );
});

test('mapping pairs: forwards, backwards, a hole, the last without a terminator', () => {
  // 21 18 34 56: 0x18 clusters at 0x5634; 11 05 f0: 5 at 16 before; 01 08: a hole of 8; 12 00 01 20
  assert.deepEqual(decodeMappingPairs(fromHex('21183456 1105f0 0108 12000120'), 0, 0x18 + 5 + 8 + 256), [
    { vcn: 0, clusters: 0x18, lcn: 0x5634 },
    { vcn: 0x18, clusters: 5, lcn: 0x5624 },
    { vcn: 0x1d, clusters: 8 },
    { vcn: 0x25, clusters: 256, lcn: 0x5644 },
  ]);
});

for (const [name, pairs] of [
  ['a length of eight bytes, all ones but the sign', '18 ffffffffffffff7f 01'],
  ['more clusters than the attribute has', '11 65 01'],
  ['a negative length', '11 80 01'],
  ['a length of nothing', '11 00 01'],
  ['no length', '10 01'],
  ['a length of nine bytes', '19 010000000000000000 01'],
  ['a negative cluster', '11 01 f0'],
  ['a cluster past 2^53', '81 01 ffffffffffffff7f'],
] as const) {
  test(`mapping pairs: ${name} is refused`, () => {
    const decoded = tryDecode(() => decodeMappingPairs(fromHex(pairs), 0, 100));
    assert.ok(!decoded.ok && decoded.error.problem.kind === 'invalid');
  });
}

test('mapping pairs: random bytes give runs within the attribute, or a DecodeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(1000), (bytes, clusters) => {
      const decoded = tryDecode(() => decodeMappingPairs(bytes, 0, clusters));
      if (decoded.ok) assert.ok(decoded.value.reduce((sum, run) => sum + run.clusters, 0) <= clusters);
    }),
  );
});

test('an attribute that claims clusters without end', () => {
  const pairs = fromHex('18 ffffffffffff0f00 01');
  const attribute = nonResident({ type: 0x80, runs: [], size: 2 ** 52, highestVcn: 2 ** 52, pairs });
  const decoded = decodeAttribute(attribute);
  assert.ok(decoded.form === 'non-resident' && decoded.runs.length === 1);
});

test('an attribute that ends before it begins', () => {
  const of = (highestVcn: number) =>
    tryDecode(() => decodeAttribute(nonResident({ type: 0x80, runs: [], size: 0, highestVcn })));
  assert.ok(of(-1).ok);
  assert.ok(!of(-2).ok);
});

test('an attribute list', () => {
  const entry = (type: number, name: string, vcn: bigint, record: number) => {
    const length = Math.ceil((26 + name.length * 2) / 8) * 8;
    const writer = new Writer().u32le(type).u16le(length).u8(name.length).u8(26).u64le(vcn);
    writer.bytes(reference(record, 3)).u16le(5);
    for (const letter of name) writer.u16le(letter.charCodeAt(0));
    const bytes = new Uint8Array(length);
    bytes.set(writer.toBytes());
    return bytes;
  };
  const list = Uint8Array.from([...entry(0x80, '', 0n, 30), ...entry(0x80, 'x', 17n, 31)]);
  assert.deepEqual(decodeAttributeList(list), [
    { type: 0x80, name: '', lowestVcn: 0, reference: { record: 30, sequence: 3 } },
    { type: 0x80, name: 'x', lowestVcn: 17, reference: { record: 31, sequence: 3 } },
  ]);
  assert.throws(() => decodeAttributeList(fromHex('80000000 0000 00 00')), /0 bytes/);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void tryDecode(() => decodeAttributeList(bytes))));
});

test('index nodes: what comes before a broken entry is kept', () => {
  const node = NODE.slice();
  const second = 16 + 66 + 2 + 4; // header, key up to the name, name, padding
  new DataView(node.buffer).setUint16(second + 8, 3, true);
  const decoded = decodeIndexRecord(indexRecord(2, node), 4096);
  assert.equal(decoded.entries.length, 1);
  assert.match(decoded.problem ?? '', /3 bytes/);
});

test('index roots: random bytes end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void tryDecode(() => decodeIndexRoot(bytes))),
  );
});

test('$STANDARD_INFORMATION before and since NTFS 3.0', () => {
  const long = new Uint8Array(72);
  const view = new DataView(long.buffer);
  view.setBigUint64(0, 1n, true);
  view.setUint32(32, 0x20, true);
  view.setUint32(52, 265, true);
  assert.equal(decodeStandardInformation(long).securityId, 265);
  assert.deepEqual(decodeStandardInformation(long.slice(0, 48)), {
    created: 1n,
    modified: 0n,
    changed: 0n,
    accessed: 0n,
    attributes: 0x20,
    securityId: 0,
  });
});

test('WOF: what is not a compressed file is refused by name', () => {
  assert.throws(() => decodeWofProvider(fromHex('01000000 01000000')), /WIM file/);
  assert.throws(() => decodeWofProvider(fromHex('01000000 02000000 01000000 04000000')), /algorithm 4/);
});
