// Volumes made by hand: everything that tools would not write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { fromHex } from '../../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import { type NtfsFile, openFile } from '../../../../src/core/formats/ntfs/file.ts';
import { findFiles, type Lookup, listDirectory } from '../../../../src/core/formats/ntfs/find-files.ts';
import { openVolume } from '../../../../src/core/formats/ntfs/open-volume.ts';
import { readSecurityDescriptor } from '../../../../src/core/formats/ntfs/security.ts';
import type { Volume } from '../../../../src/core/formats/ntfs/volume.ts';
import { bottom, type ReadResult, readAt } from '../../../../src/core/formats/walker.ts';
import { type Driven, drive } from '../drive.ts';
import {
  type BuiltRecord,
  type BuiltVolume,
  buildVolume,
  CLUSTER,
  FREE_LCN,
  indexNode,
  indexRecord,
  indexRoot,
  MFT_LCN,
  nameNode,
  nonResident,
  RECORD,
  reference,
  resident,
  Type,
} from './build-volume.ts';

function opened(bytes: Uint8Array): Volume {
  const { value } = drive(openVolume(bottom(bytes.length)), bytes);
  assert.ok(value.ok, inspect(value));
  return value.volume;
}

function lookUp(bytes: Uint8Array, ...paths: string[]): readonly Lookup[] {
  return drive(findFiles(opened(bytes), paths), bytes).value.lookups;
}

/** The one file at a path. */
function fileAt(bytes: Uint8Array, volume: Volume, path: string): NtfsFile {
  const [lookup] = drive(findFiles(volume, [path]), bytes).value.lookups;
  assert.ok(lookup?.kind === 'found', inspect(lookup));
  const [found] = lookup.files;
  assert.ok(found !== undefined);
  return found.file;
}

function readFrom(bytes: Uint8Array, path: string, offset: number, length: number): Driven<ReadResult> {
  const volume = opened(bytes);
  const medium = openFile(volume, fileAt(bytes, volume, path));
  assert.ok(medium.ok, inspect(medium));
  return drive(readAt(medium.medium, offset, length), bytes);
}

/** A volume with one file, `\file`, in record 30. */
function withFile(attributes: readonly Uint8Array[], more: BuiltVolume = {}): Uint8Array {
  return buildVolume({
    ...more,
    root: [{ name: 'file', record: 30 }],
    records: [{ number: 30, attributes }, ...(more.records ?? [])],
  });
}

const filled = (byte: number, clusters = 1) => new Uint8Array(CLUSTER * clusters).fill(byte);

test('what a volume says of itself', () => {
  const bytes = buildVolume();
  const { value, rounds } = drive(openVolume(bottom(bytes.length)), bytes);
  assert.ok(value.ok);
  const { label, version, isDirty } = value.volume;
  assert.deepEqual(
    { label, version, isDirty, anomalies: value.anomalies, rounds },
    {
      label: 'Tést',
      version: '3.1',
      isDirty: true,
      anomalies: [],
      rounds: 2,
    },
  );
});

test('a damaged boot sector and a damaged $MFT are read by their copies', () => {
  const bytes = buildVolume({
    root: [{ name: 'file', record: 30 }],
    records: [{ number: 30, attributes: [] }],
  });
  bytes.fill(0, 0, 512);
  bytes.fill(0, MFT_LCN * CLUSTER, MFT_LCN * CLUSTER + 4);
  const { value, rounds } = drive(openVolume(bottom(bytes.length)), bytes);
  assert.ok(value.ok);
  assert.deepEqual(
    value.anomalies.map(({ where }) => where),
    ['NTFS boot sector', '$MFT'],
  );
  // Boot sector, its backup, the $MFT's start, the mirror.
  assert.equal(rounds, 4);
  assert.equal(drive(findFiles(value.volume, ['file']), bytes).value.lookups[0]?.kind, 'found');
});

test('without boot sector or $MFT there is no volume, and it says why', () => {
  const check = (damage: (bytes: Uint8Array) => void, problem: RegExp) => {
    const bytes = buildVolume();
    damage(bytes);
    const { value } = drive(openVolume(bottom(bytes.length)), bytes);
    assert.ok(!value.ok);
    assert.match(value.problem, problem);
  };
  check((bytes) => {
    bytes.fill(0, 0, 512);
    bytes.fill(0, bytes.length - 512);
  }, /identifier NTFS/);
  check((bytes) => {
    bytes.fill(0, MFT_LCN * CLUSTER, MFT_LCN * CLUSTER + 4);
    bytes.fill(0, 2 * CLUSTER, 2 * CLUSTER + 4);
  }, /neither/);
});

test('names are equal by the upper case of the volume, not of this program', () => {
  const bytes = buildVolume({
    upcase: { ω: 'Q', é: 'É' },
    root: [
      { name: 'aω', record: 30 },
      { name: 'ÉTÉ', record: 31 },
    ],
    records: [30, 31].map((number) => ({ number, attributes: [] })),
  });
  const kinds = lookUp(bytes, '\\Aq', '/été', '\\AΩ', 'x').map(({ kind }) => kind);
  assert.deepEqual(kinds, ['found', 'found', 'absent', 'absent']);
});

test('three answers: there, not there, not to be told', () => {
  const bytes = buildVolume({
    root: [
      { name: 'file', record: 30 },
      { name: 'folder', record: 31, isDirectory: true },
      { name: 'free', record: 32 },
      { name: 'link', record: 33, isDirectory: true },
      { name: 'other use', record: 34 },
      { name: 'outside', record: 40_000 },
      { name: 'torn', record: 35 },
    ],
    records: [
      { number: 30, attributes: [resident(Type.Data, fromHex('61'))] },
      { number: 31, isDirectory: true, attributes: [indexRoot(nameNode([{ name: 'in', record: 30 }]))] },
      { number: 32, isFree: true, attributes: [] },
      {
        number: 33,
        isDirectory: true,
        attributes: [indexRoot(nameNode([])), resident(Type.ReparsePoint, fromHex('030000a0 0000 0000'))],
      },
      { number: 34, attributes: [], sequence: 2 },
      { number: 35, attributes: [] },
    ],
  });
  bytes[MFT_LCN * CLUSTER + 35 * RECORD + 511] = 0xee;
  const paths = [
    'file',
    'folder\\IN',
    'folder\\no',
    'file\\x',
    'free',
    'link\\x',
    'other use',
    'outside',
    'torn',
  ];
  const said = lookUp(bytes, ...paths).map((lookup) => {
    if (lookup.kind === 'found') return lookup.files.map(({ path }) => path).join();
    return lookup.kind === 'absent' ? `absent: ${lookup.missing}` : lookup.problem;
  });
  assert.deepEqual(said, [
    '\\file',
    '\\folder\\in',
    'absent: \\folder\\no',
    'absent: \\file is not a directory',
    '\\free: record 32 is free',
    '\\link is a link to another directory',
    '\\other use: record 34 has sequence number 2, expected 1',
    '\\outside: record 40000: the $MFT has 64 records',
    '\\torn: record 35: FILE record at byte 52: the block that ends at byte 512 belongs to another write',
  ]);
});

test('short names are found, but not listed', () => {
  const bytes = buildVolume({
    root: [
      { name: '.', record: 5, isDirectory: true },
      { name: 'long name', record: 30 },
      { name: 'LONGNA~1', record: 30, namespace: 2 },
    ],
    records: [{ number: 30, attributes: [] }],
  });
  const { value } = drive(listDirectory(opened(bytes), '\\'), bytes);
  assert.ok(value.kind === 'found');
  assert.deepEqual(
    value.entries.map(({ name, size, created, reference: { record } }) => ({ name, size, created, record })),
    [{ name: 'long name', size: 123, created: 30n, record: 30 }],
  );
  assert.equal(lookUp(bytes, 'longna~1')[0]?.kind, 'found');
});

/** A directory of two levels: four nodes of names under a root that divides them. */
function treeVolume(change: (nodes: Uint8Array[]) => void = () => undefined): Uint8Array {
  const name = (number: number) => ({ name: `n${String(number).padStart(2, '0')}`, record: 30 });
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => name(from + index));
  const nodes = [0, 1, 2, 3].map((node) => indexRecord(node, nameNode(range(node * 10, node * 10 + 9))));
  change(nodes);
  const root = nameNode(
    [0, 1, 2].map((node) => ({ ...name(node * 10 + 9), subnode: node })),
    3,
  );
  const allocation = { type: Type.IndexAllocation, name: '$I30', runs: [{ lcn: FREE_LCN, clusters: 4 }] };
  return buildVolume({
    records: [
      { number: 30, attributes: [] },
      {
        number: 5,
        isDirectory: true,
        attributes: [indexRoot(root), nonResident({ ...allocation, size: 4 * CLUSTER })],
      },
    ],
    clusters: { [FREE_LCN]: concat(...nodes) },
  });
}

function listed(bytes: Uint8Array) {
  const { value, rounds } = drive(listDirectory(opened(bytes), '\\'), bytes);
  assert.ok(value.kind === 'found');
  return { names: value.entries.map(({ name }) => name), anomalies: value.anomalies, rounds };
}

test('a directory of two levels', () => {
  const bytes = treeVolume();
  const { names, anomalies } = listed(bytes);
  assert.equal(new Set(names).size, 39);
  assert.equal(names.length, 39);
  assert.deepEqual(anomalies, []);
  const all = lookUp(bytes, ...names, 'n', 'n095', 'o');
  assert.deepEqual(
    all.map(({ kind }) => kind),
    [...names.map(() => 'found'), 'absent', 'absent', 'absent'],
  );
});

test('a damaged node hides its own names only, and is not taken for absence', () => {
  const bytes = treeVolume((nodes) => nodes[1]?.fill(0));
  const { names, anomalies } = listed(bytes);
  assert.equal(names.length, 30);
  assert.match(anomalies[0]?.problem ?? '', /node 1.*INDX/);
  const kinds = lookUp(bytes, 'n05', 'n09', 'n15', 'n19', 'n25', 'zz').map(({ kind }) => kind);
  assert.deepEqual(kinds, ['found', 'found', 'unreadable', 'found', 'found', 'absent']);
});

test('nodes below a damaged one are found without it', () => {
  // The root knows node 0 only, and that breaks: nodes 1 to 3 hang from it.
  const nodes = [0, 1, 2, 3].map((node) => indexRecord(node, nameNode([{ name: `n${node}`, record: 30 }])));
  nodes[0]?.fill(0xff, 0, 4);
  const allocation = { type: Type.IndexAllocation, name: '$I30', runs: [{ lcn: FREE_LCN, clusters: 4 }] };
  const root = [indexRoot(nameNode([], 0)), nonResident({ ...allocation, size: 4 * CLUSTER })];
  const bytes = buildVolume({
    records: [
      { number: 30, attributes: [] },
      { number: 5, isDirectory: true, attributes: root },
    ],
    clusters: { [FREE_LCN]: concat(...nodes) },
  });
  const { names, anomalies } = listed(bytes);
  assert.deepEqual(names, ['n1', 'n2', 'n3']);
  assert.equal(anomalies.length, 1);
  assert.deepEqual(
    lookUp(bytes, 'n0', 'N2').map(({ kind }) => kind),
    ['unreadable', 'found'],
  );
});

test('a node that lies where another should is not believed', () => {
  const bytes = treeVolume((nodes) => {
    nodes[1] = indexRecord(7, nameNode([{ name: 'n15', record: 30 }]));
  });
  const { anomalies } = listed(bytes);
  assert.match(anomalies[0]?.problem ?? '', /node 1 says that it is node 7/);
  assert.equal(lookUp(bytes, 'n15')[0]?.kind, 'unreadable');
});

test('nodes that point in circles end', () => {
  for (const pointer of [0, 1, 2, 3, 99, 2 ** 40]) {
    const bytes = treeVolume((nodes) => {
      for (const node of [0, 1, 2, 3]) {
        nodes[node] = indexRecord(
          node,
          nameNode([{ name: `n${node}5`, record: 30, subnode: pointer }], pointer),
        );
      }
    });
    const { names, anomalies } = listed(bytes);
    assert.equal(new Set(names).size, 7);
    assert.ok(anomalies.length > 0);
    // The descent ends too; the listing that follows it finds what there is.
    const kinds = lookUp(bytes, 'n01', 'n15').map(({ kind }) => kind);
    assert.deepEqual(kinds, ['unreadable', 'found']);
  }
});

const HOLED = [
  nonResident({
    type: Type.Data,
    runs: [{ lcn: 80, clusters: 2 }, { clusters: 3 }, { lcn: 70, clusters: 2 }],
    size: 6 * CLUSTER + 100,
    initialisedSize: 6 * CLUSTER + 10,
  }),
];
const HOLED_CLUSTERS = { 70: filled(2, 2), 80: filled(1, 2) };
const HOLED_PLAIN = concat(
  filled(1, 2),
  filled(0, 3),
  filled(2),
  filled(2).subarray(0, 10),
  new Uint8Array(90),
);

test('fragments, holes and what was never written, in one round', () => {
  const bytes = withFile(HOLED, { clusters: HOLED_CLUSTERS });
  fc.assert(
    fc.property(fc.nat(7 * CLUSTER), fc.nat(7 * CLUSTER), (offset, length) => {
      const { value, rounds } = readFrom(bytes, 'file', offset, length);
      assert.ok(value.ok);
      assert.deepEqual(value.bytes, HOLED_PLAIN.slice(offset, offset + length));
      assert.ok(rounds <= 1);
    }),
    { numRuns: 50 },
  );
});

test('clusters that do not exist: lost, not zeros, and the rest is read', () => {
  const data = (runs: { lcn?: number; clusters: number }[], size = 3 * CLUSTER) =>
    withFile([nonResident({ type: Type.Data, runs, size })], { clusters: { 70: filled(9) } });
  const outside = data([
    { lcn: 70, clusters: 1 },
    { lcn: 5000, clusters: 1 },
    { lcn: 70, clusters: 1 },
  ]);
  const oks = (bytes: Uint8Array) =>
    [0, 1, 2].map((cluster) => readFrom(bytes, 'file', cluster * CLUSTER, CLUSTER).value.ok);
  assert.deepEqual(oks(outside), [true, false, true]);
  assert.deepEqual(oks(data([{ lcn: 70, clusters: 1 }])), [true, false, false]);
  // A size that nothing can hold.
  const { value } = readFrom(data([{ clusters: 2 ** 40 }], 2 ** 52), 'file', 0, 2 ** 52);
  assert.ok(!value.ok && /at once/.test(value.problem));
});

test('resident data is there without a read; streams have names', () => {
  const bytes = withFile([resident(Type.Data, fromHex('616263')), resident(Type.Data, fromHex('64'), 'alt')]);
  const { value, rounds } = readFrom(bytes, 'file', 1, 100);
  assert.ok(value.ok);
  assert.deepEqual([value.bytes, rounds], [fromHex('6263'), 0]);
  const volume = opened(bytes);
  const file = fileAt(bytes, volume, 'file');
  const alternate = openFile(volume, file, 'alt');
  assert.ok(alternate.ok && alternate.medium.size === 1);
  const none = openFile(volume, file, 'none');
  assert.ok(!none.ok && /no stream none/.test(none.problem));
});

test('compressed units: stored, packed, empty, damaged; encrypted data is refused', () => {
  // 16 clusters stored, then 1 cluster packed in a unit of 16, then a hole, then one that is no LZNT1.
  const runs = [
    { lcn: 80, clusters: 16 },
    { lcn: 100, clusters: 1 },
    { clusters: 15 },
    { clusters: 16 },
    { lcn: 101, clusters: 1 },
    { clusters: 15 },
  ];
  const unit = 16 * CLUSTER;
  const attribute = { type: Type.Data, runs, size: 4 * unit - 50, unitShift: 4 };
  const clusters = { 80: filled(3, 16), 100: fromHex('0230 616263 0000'), 101: filled(0x77) };
  const bytes = withFile([nonResident({ ...attribute, flags: 1 })], { clusters });
  const read = (offset: number, length: number) => readFrom(bytes, 'file', offset, length);
  const stored = read(unit - 2, 6).value;
  assert.ok(stored.ok);
  assert.deepEqual(stored.bytes, fromHex('0303 61626300'));
  const empty = read(2 * unit, unit).value;
  assert.ok(empty.ok && empty.bytes.length === unit && empty.bytes.every((byte) => byte === 0));
  const damaged = read(3 * unit, 10).value;
  assert.ok(!damaged.ok && /LZNT1/.test(damaged.problem));
  assert.equal(read(0, 4 * unit).rounds, 1);
  // What was never written is zero, whatever the unit holds.
  const short = withFile([nonResident({ ...attribute, flags: 1, initialisedSize: unit + 2 })], { clusters });
  const cut = readFrom(short, 'file', unit - 1, 5).value;
  assert.ok(cut.ok);
  assert.deepEqual(cut.bytes, fromHex('03 6162 0000'));
  const encrypted = withFile([nonResident({ ...attribute, flags: 0x4000 })]);
  const volume = opened(encrypted);
  const refused = openFile(volume, fileAt(encrypted, volume, 'file'));
  assert.ok(!refused.ok && /encrypted/.test(refused.problem));
});

test('a WOF file: XPRESS in its own stream', () => {
  const table = new Uint8Array(256);
  table.set(fromHex('30 23'), 48);
  table.set(fromHex('02'), 128);
  table.set(fromHex('20'), 143);
  const packed = concat(table, fromHex('a8dc0000 ff2601'));
  const point = fromHex('17000080 1000 0000 01000000 02000000 01000000 00000000');
  const attributes = [
    nonResident({ type: Type.Data, runs: [{ clusters: 1 }], size: 300, flags: 0x8000 }),
    resident(Type.Data, packed, 'WofCompressedData'),
    resident(Type.ReparsePoint, point),
  ];
  const { value } = readFrom(withFile(attributes), 'file', 0, 1000);
  assert.ok(value.ok, inspect(value));
  assert.deepEqual(value.bytes, new TextEncoder().encode('abc'.repeat(100)));
});

function listEntry(type: number, vcn: number, record: number): Uint8Array {
  const writer = new Writer().u32le(type).u16le(32).u8(0).u8(26).u64le(BigInt(vcn));
  return concat(writer.bytes(reference(record)).toBytes(), new Uint8Array(8));
}

const part = (lowestVcn: number, lcn: number) =>
  nonResident({ type: Type.Data, runs: [{ lcn, clusters: 1 }], size: 2 * CLUSTER, lowestVcn });

test('attribute lists: resident, not resident, going in circles, too large', () => {
  const list = concat(
    listEntry(Type.AttributeList, 0, 30),
    listEntry(Type.Data, 0, 31),
    listEntry(Type.Data, 1, 32),
  );
  const extensions: BuiltRecord[] = [
    { number: 31, base: 30, attributes: [part(0, 70)] },
    { number: 32, base: 30, attributes: [part(1, 71)] },
  ];
  const clusters = { 70: filled(1), 71: filled(2), 72: list };
  const check = (
    lists: readonly Uint8Array[],
    records: readonly BuiltRecord[],
    data: boolean,
    problem?: RegExp,
  ) => {
    const bytes = withFile(lists, { records, clusters });
    const { value } = drive(findFiles(opened(bytes), ['file']), bytes);
    if (problem === undefined) assert.deepEqual(value.anomalies, []);
    else assert.match(value.anomalies[0]?.problem ?? '', problem);
    if (!data) return;
    const read = readFrom(bytes, 'file', 0, 3 * CLUSTER).value;
    assert.ok(read.ok);
    assert.deepEqual(read.bytes, concat(filled(1), filled(2)));
  };
  const own = resident(Type.AttributeList, list);
  const away = (size: number) =>
    nonResident({ type: Type.AttributeList, runs: [{ lcn: 72, clusters: 65 }], size });
  check([own], extensions, true);
  check([away(list.length)], extensions, true);
  // A list inside an extension record, which would name others, and so on.
  const nested = { number: 32, base: 30, attributes: [own, part(1, 71)] };
  check([own], [extensions[0] as BuiltRecord, nested], true, /attribute list inside/);
  check([own], [{ number: 31, base: 29, attributes: [part(0, 70)] }], false, /belongs to record 29/);
  check([away(300_000)], extensions, false, /of 300000 bytes/);
  check([resident(Type.AttributeList, fromHex('80000000 0000'))], extensions, false, /attribute list: /);
  // The second part alone: sizes stand in the first.
  check(
    [own],
    [{ number: 31, isFree: true, attributes: [] }, extensions[1] as BuiltRecord],
    false,
    /it is free/,
  );
});

test('an attribute list of 256 KiB that names records without end', () => {
  const entries = Array.from({ length: 8192 }, (_, index) => listEntry(Type.Data, index, index * 7919));
  const runs = [{ lcn: FREE_LCN, clusters: 64 }];
  const list = nonResident({ type: Type.AttributeList, runs, size: 8192 * 32 });
  const bytes = withFile([list], { clusters: { [FREE_LCN]: concat(...entries) } });
  const { value, rounds } = drive(findFiles(opened(bytes), ['file']), bytes);
  assert.equal(value.lookups[0]?.kind, 'found');
  assert.ok(rounds <= 4);
});

test('an $MFT in fragments whose list lies in itself', () => {
  // 32 records in the first fragment; record 20 says where the next 16 are, record 40 the last 16.
  const data = (lowestVcn: number, lcn: number) =>
    nonResident({ type: Type.Data, runs: [{ lcn, clusters: 4 }], size: 64 * RECORD, lowestVcn });
  const list = concat(listEntry(Type.Data, 0, 0), listEntry(Type.Data, 12, 40), listEntry(Type.Data, 8, 20));
  const records: BuiltRecord[] = [
    {
      number: 0,
      attributes: [
        resident(Type.AttributeList, list),
        nonResident({ type: Type.Data, runs: [{ lcn: MFT_LCN, clusters: 8 }], size: 64 * RECORD }),
      ],
    },
    { number: 20, base: 0, attributes: [data(8, 100)] },
    { number: 40, base: 0, attributes: [data(12, 120)] },
    { number: 35, attributes: [resident(Type.Data, fromHex('11'))] },
    { number: 60, attributes: [resident(Type.Data, fromHex('22'))] },
  ];
  const root = [
    { name: 'a', record: 35 },
    { name: 'b', record: 60 },
  ];
  const bytes = buildVolume({ records, root });
  // The builder wrote one piece: what lies from record 32 on goes where the runs say.
  const from = MFT_LCN * CLUSTER + 32 * RECORD;
  bytes.copyWithin(100 * CLUSTER, from, from + 4 * CLUSTER);
  bytes.copyWithin(120 * CLUSTER, from + 4 * CLUSTER, from + 8 * CLUSTER);
  bytes.fill(0xcc, from, from + 8 * CLUSTER);
  const { value, rounds } = drive(openVolume(bottom(bytes.length)), bytes);
  assert.ok(value.ok);
  assert.deepEqual([value.anomalies, rounds], [[], 4]);
  assert.equal(value.volume.records.count, 64);
  for (const [path, byte] of [
    ['a', '11'],
    ['b', '22'],
  ] as const) {
    const read = readFrom(bytes, path, 0, 10).value;
    assert.ok(read.ok);
    assert.deepEqual(read.bytes, fromHex(byte));
  }
  // A part that lies only in itself.
  bytes.set(bytes.slice(100 * CLUSTER, 101 * CLUSTER).fill(0), 100 * CLUSTER + 8 * RECORD);
  const partly = drive(openVolume(bottom(bytes.length)), bytes).value;
  assert.ok(partly.ok);
  assert.match(partly.anomalies.map(({ problem }) => problem).join(), /record 40/);
  // A record that could only be found through itself.
  const [first] = records;
  const lone = {
    ...first,
    number: 0,
    attributes: [
      resident(Type.AttributeList, listEntry(Type.Data, 12, 60)),
      ...(first?.attributes.slice(1) ?? []),
    ],
  };
  const circle = buildVolume({ records: [lone], root });
  const half = drive(openVolume(bottom(circle.length)), circle).value;
  assert.ok(half.ok);
  assert.match(half.anomalies[0]?.problem ?? '', /cannot be read: 60/);
});

const DESCRIPTOR = fromHex('0100 0480 14000000 24000000 00000000 00000000 010200000000000520000000');
/** Its hash by hand: each word added to the sum turned left by three. */
const HASH = Array.from({ length: DESCRIPTOR.length / 4 }, (_, word) =>
  new DataView(DESCRIPTOR.buffer).getUint32(word * 4, true),
).reduce((hash, word) => (word + ((hash << 3) | (hash >>> 29))) >>> 0, 0);

test("security descriptors: by their id, by their copy, and a file's own", () => {
  const size = 20 + DESCRIPTOR.length;
  const place = new Writer().u32le(HASH).u32le(257).u64le(64n).u32le(size).toBytes();
  // $SII: data at 20, 20 bytes; a key of four bytes.
  const entry = {
    head: new Writer().u16le(20).u16le(20).u32le(0).toBytes(),
    key: concat(new Writer().u32le(257).toBytes(), place),
  };
  const node = indexNode([entry]);
  new DataView(node.buffer).setUint16(10, 4, true);
  const sds = new Uint8Array(CLUSTER);
  sds.set(concat(place, DESCRIPTOR), 64);
  const secure = {
    number: 9,
    attributes: [
      indexRoot(node, '$SII'),
      nonResident({
        type: Type.Data,
        name: '$SDS',
        runs: [{ lcn: 70, clusters: 1 }, { clusters: 63 }, { lcn: 71, clusters: 1 }],
        size: 0x40000 + CLUSTER,
      }),
    ],
  };
  const information = (id: number) => {
    const value = new Uint8Array(72);
    new DataView(value.buffer).setUint32(52, id, true);
    return resident(Type.StandardInformation, value);
  };
  const read = (attributes: readonly Uint8Array[], clusters: Record<number, Uint8Array>) => {
    const bytes = withFile(attributes, { records: [secure], clusters });
    const volume = opened(bytes);
    return drive(readSecurityDescriptor(volume, fileAt(bytes, volume, 'file')), bytes).value;
  };
  const expected = { ok: true, bytes: DESCRIPTOR };
  assert.deepEqual(read([information(257)], { 70: sds }), expected);
  assert.deepEqual(read([information(257)], { 70: new Uint8Array(CLUSTER), 71: sds }), expected);
  const broken = sds.slice();
  broken[90] = 0xff;
  const lost = read([information(257)], { 70: broken });
  assert.ok(!lost.ok && /hash/.test(lost.problem));
  const unknown = read([information(300)], { 70: sds });
  assert.ok(!unknown.ok && /no descriptor 300/.test(unknown.problem));
  assert.deepEqual(read([information(0), resident(0x50, DESCRIPTOR)], {}), expected);
  assert.ok(!read([], {}).ok);
});

/** Everything that a diagnosis does with a volume; it must end, whatever the bytes. */
function useEverything(bytes: Uint8Array): void {
  const { value } = drive(openVolume(bottom(bytes.length)), bytes);
  if (!value.ok) return;
  const found = drive(findFiles(value.volume, ['file', 'n15', '*', 'folder\\deep\\x']), bytes).value;
  drive(listDirectory(value.volume, '\\'), bytes);
  for (const lookup of found.lookups) {
    if (lookup.kind !== 'found') continue;
    for (const { file } of lookup.files) {
      drive(readSecurityDescriptor(value.volume, file), bytes);
      const medium = openFile(value.volume, file);
      if (medium.ok) drive(readAt(medium.medium, 0, Math.min(medium.medium.size, 1 << 20)), bytes);
    }
  }
}

test('any changed byte, any end: a value, an anomaly or a reason', () => {
  const compressed = nonResident({
    type: Type.Data,
    runs: [{ lcn: 100, clusters: 1 }, { clusters: 15 }],
    size: 5000,
    unitShift: 4,
    flags: 1,
  });
  const list = resident(Type.AttributeList, concat(listEntry(Type.Data, 0, 31), listEntry(Type.Data, 1, 32)));
  const volumes = [
    treeVolume(),
    withFile(HOLED, { clusters: HOLED_CLUSTERS }),
    withFile([compressed], { clusters: { 100: fromHex('0230 616263 0000') } }),
    withFile([list], {
      records: [
        { number: 31, base: 30, attributes: [part(0, 70)] },
        { number: 32, base: 30, attributes: [part(1, 71)] },
      ],
    }),
  ];
  // Where there is metadata: boot sector, $MFT, nodes.
  const places = [
    ...[512, 5, 3, 10, 30, 31, 32, 0].flatMap((record, index) =>
      index === 0 ? [] : Array.from({ length: 32 }, (_, at) => MFT_LCN * CLUSTER + record * RECORD + at * 11),
    ),
    ...Array.from({ length: 80 }, (_, at) => at),
    ...Array.from({ length: 60 }, (_, at) => FREE_LCN * CLUSTER + at * 9),
  ];
  for (const volume of volumes) {
    for (const at of places) {
      const before = volume[at] ?? 0;
      for (const value of [before ^ 1, before ^ 0x80, 0xff]) {
        volume[at] = value;
        useEverything(volume);
      }
      volume[at] = before;
    }
    for (let length = 0; length < volume.length; length += 37_777) useEverything(volume.slice(0, length));
  }
});

test('text of any kind as a path', () => {
  const bytes = treeVolume();
  const volume = opened(bytes);
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), (paths) => {
      assert.equal(drive(findFiles(volume, paths), bytes).value.lookups.length, paths.length);
    }),
  );
  assert.equal(encodeUtf16le('n15').length, 6);
});
