import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../../../../src/core/bytes/hex.ts';
import { decodeValue } from '../../../../src/core/bytes/registry-data.ts';
import { decodeBaseBlock } from '../../../../src/core/formats/regf/base-block.ts';
import {
  decodeBigData,
  decodeCellList,
  decodeKeyNode,
  decodeKeySecurity,
  decodeKeyValue,
  decodeSubkeysList,
} from '../../../../src/core/formats/regf/cells.ts';
import { decodeHiveBin } from '../../../../src/core/formats/regf/hive-bin.ts';
import { decodeNameUnits, hintAllows, nameHash, upcase } from '../../../../src/core/formats/regf/names.ts';
import {
  decodeDirtyVector,
  decodeLogEntry,
  dirtyVectorSize,
  peekLogEntry,
} from '../../../../src/core/formats/regf/transaction-log.ts';
import { checkManners } from '../../decoder-manners.ts';
import { baseBlock, logEntry } from './build-hive.ts';

/** The root key of msuhanov/yarp's hives, as Windows 7 wrote it. */
const ROOT_KEY = fromHex(
  `
  6e6b 2c00                 // "nk", compressed name, hive entry, no delete
  f09a3e4bae9ad201 00000000 // last written, access bits
  c0070000                  // parent, of no meaning here
  01000000 00000000         // subkeys, volatile subkeys
  18020000 ffffffff         // their lists
  00000000 ffffffff         // values and their list
  98000000 ffffffff         // security, class name
  14000000 00000000 00000000 00000000 00000000 // largest lengths, WorkVar
  2600 0000                 // lengths of name and class name
  7b35336132386631342d653835612d343166302d623437352d6430616438303035616637347d
`.replace(/\/\/.*$/gm, ''),
);

/** A value of a hive by Windows 7: "2", REG_MULTI_SZ, 36 bytes in the cell at 0x140. */
const KEY_VALUE = fromHex('766b 0100 24000000 40010000 07000000 0100 0000 32');
/** And one whose four bytes stand in the record itself: "1", REG_BINARY. */
const INLINE_VALUE = fromHex('766b 0100 04000080 74657374 03000000 0100 0000 31');
/** One element of a fast leaf: the key at 0x1b0, whose name begins with "key". */
const FAST_LEAF = fromHex('6c66 0100 b0010000 6b657900');

const HIVE_BIN = fromHex(`6862696e 00000000 00100000 0000000000000000 c3207161ae9ad201 00000000`);
const BIG_DATA = fromHex('6462 0300 20010000');
const SECURITY = fromHex('736b 0000 98000000 98000000 02000000 04000000 01000480');

test('a base block', () => {
  const bytes = baseBlock({ primarySequence: 7, secondarySequence: 6, lastWritten: 5n }, 32, 8192, 0, 4096);
  assert.deepEqual(decodeBaseBlock(bytes), {
    primarySequence: 7,
    secondarySequence: 6,
    lastWritten: 5n,
    majorVersion: 1,
    minorVersion: 5,
    fileType: 0,
    fileFormat: 1,
    rootCell: 32,
    hiveBinsSize: 8192,
    fileName: '\\test\\hive',
    checksumValid: true,
  });
  bytes[5] = 1;
  assert.equal(decodeBaseBlock(bytes).checksumValid, false);
});

test('the checksum of a base block is never 0 or -1', () => {
  for (const [last, stored] of [
    [0, 1],
    [-1, 0xfffffffe],
  ] as const) {
    // All words zero but the signature and the last but one, which makes the sum what is wanted.
    const bytes = new Uint8Array(512);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 0x66676572, true);
    view.setInt32(504, 0x66676572 ^ last, true);
    view.setUint32(508, stored, true);
    assert.equal(decodeBaseBlock(bytes).checksumValid, true, `${last}`);
    view.setInt32(508, last, true);
    assert.equal(decodeBaseBlock(bytes).checksumValid, false, `${last}`);
  }
});

test('a hive bin', () => {
  assert.deepEqual(decodeHiveBin(HIVE_BIN), { offset: 0, size: 4096, timestamp: 0x01d29aae617120c3n });
  for (const size of ['00000000', '00080000', '01100000']) {
    const bytes = HIVE_BIN.slice();
    bytes.set(fromHex(size), 8);
    assert.throws(() => decodeHiveBin(bytes), /not a multiple of 4096/);
  }
});

test('a key node', () => {
  assert.deepEqual(decodeKeyNode(ROOT_KEY), {
    name: '{53a28f14-e85a-41f0-b475-d0ad8005af74}',
    flags: 0x2c,
    lastWritten: 0x01d29aae4b3e9af0n,
    parent: 0x7c0,
    subkeyCount: 1,
    subkeysList: 0x218,
    valueCount: 0,
    valuesList: 0xffffffff,
    security: 0x98,
    className: 0xffffffff,
    classNameLength: 0,
  });
  const handle = ROOT_KEY.slice();
  handle[2] = 0x6c; // with KEY_PREDEF_HANDLE: the count is a handle
  handle.set(fromHex('01000080'), 36);
  assert.equal(decodeKeyNode(handle).valueCount, 0);
});

test('key values', () => {
  const common = { tombstone: false };
  assert.deepEqual(decodeKeyValue(KEY_VALUE), { ...common, name: '2', type: 7, size: 36, data: 0x140 });
  assert.deepEqual(decodeKeyValue(INLINE_VALUE), {
    ...common,
    name: '1',
    type: 3,
    size: 4,
    inline: fromHex('74657374'),
    data: 0xffffffff,
  });
  const short = INLINE_VALUE.slice();
  short[4] = 2;
  assert.deepEqual(decodeKeyValue(short).inline, fromHex('7465'));
  short[4] = 5;
  assert.throws(() => decodeKeyValue(short), /data of 5 bytes cannot fit into four/);
  const deleted = KEY_VALUE.slice();
  deleted[16] = 3;
  assert.equal(decodeKeyValue(deleted).tombstone, true);
});

test('subkeys lists of all kinds', () => {
  assert.deepEqual(decodeSubkeysList(FAST_LEAF), {
    kind: 'leaf',
    declared: 1,
    elements: [{ cell: 0x1b0, hint: 0x0079656b }],
  });
  assert.deepEqual(decodeSubkeysList(fromHex('6c68 0100 b0010000 04030201')), {
    kind: 'leaf',
    declared: 1,
    elements: [{ cell: 0x1b0, hash: 0x01020304 }],
  });
  assert.deepEqual(decodeSubkeysList(fromHex('6c69 0200 b0010000 c0010000')), {
    kind: 'leaf',
    declared: 2,
    elements: [{ cell: 0x1b0 }, { cell: 0x1c0 }],
  });
  assert.deepEqual(decodeSubkeysList(fromHex('7269 0100 b0010000')), {
    kind: 'root',
    declared: 1,
    lists: [0x1b0],
  });
  assert.throws(() => decodeSubkeysList(fromHex('6e6b 0100 b0010000')), /is not that of a subkeys list/);
});

test('a list gives what its cell has room for, and says what it claims', () => {
  const list = decodeSubkeysList(fromHex('6c68 ffff b0010000 04030201 c0010000'));
  assert.deepEqual([list.declared, list.kind === 'leaf' && list.elements.length], [0xffff, 1]);
  assert.deepEqual(decodeCellList(fromHex('20010000 40010000 0000'), 0xffffffff), [0x120, 0x140]);
  assert.deepEqual(decodeCellList(fromHex('20010000 40010000'), 1), [0x120]);
});

test('big data and key security', () => {
  assert.deepEqual(decodeBigData(BIG_DATA), { segments: 3, list: 0x120 });
  assert.deepEqual(decodeKeySecurity(SECURITY), fromHex('01000480'));
});

checkManners('base block', decodeBaseBlock, [baseBlock({}, 32, 4096, 0, 512)]);
checkManners('hive bin', decodeHiveBin, [HIVE_BIN]);
checkManners('key node', decodeKeyNode, [ROOT_KEY]);
checkManners('key value', decodeKeyValue, [KEY_VALUE, INLINE_VALUE]);
checkManners('big data', decodeBigData, [BIG_DATA]);
checkManners('key security', decodeKeySecurity, [SECURITY]);

const ENTRY = logEntry({
  sequence: 9,
  hiveBinsSize: 8192,
  pages: [
    { offset: 0, bytes: new Uint8Array(512).fill(1) },
    { offset: 4096, bytes: new Uint8Array(1024).fill(2) },
  ],
});

test('a log entry', () => {
  assert.deepEqual(peekLogEntry(ENTRY), { size: 2048, sequence: 9 });
  const { sequence, hiveBinsSize, pages } = decodeLogEntry(ENTRY);
  assert.deepEqual([sequence, hiveBinsSize], [9, 8192]);
  assert.deepEqual(
    pages.map(({ offset, bytes }) => [offset, bytes.length, bytes[0]]),
    [
      [0, 512, 1],
      [4096, 1024, 2],
    ],
  );
});

test('a log entry with any bit changed is refused', () => {
  fc.assert(
    fc.property(fc.nat(ENTRY.length - 1), fc.nat(7), (at, bit) => {
      const damaged = ENTRY.slice();
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      assert.throws(() => decodeLogEntry(damaged), { name: 'DecodeError' });
    }),
  );
});

test('a log entry whose hashes are right and whose pages cannot be is refused', () => {
  const page = (offset: number, length: number) => ({ offset, bytes: new Uint8Array(length) });
  for (const [hiveBinsSize, pages] of [
    [4096, [page(4096, 512)]],
    [4096, [page(0, 8192)]],
    [4096, [page(100, 512)]],
    [4096, [page(0, 100)]],
    [1000, [page(0, 512)]],
    [0, [page(0, 512)]],
  ] as const) {
    const entry = logEntry({ sequence: 1, hiveBinsSize, pages: [...pages] });
    assert.throws(() => decodeLogEntry(entry), /impossible/);
  }
});

test('what begins no log entry', () => {
  assert.equal(peekLogEntry(new Uint8Array(512)), undefined);
  assert.equal(peekLogEntry(ENTRY.subarray(0, 15)), undefined);
  for (const size of [0, 256, 513]) {
    const bytes = ENTRY.slice();
    new DataView(bytes.buffer).setUint32(4, size, true);
    assert.equal(peekLogEntry(bytes), undefined);
  }
});

test('a dirty vector', () => {
  const bytes = fromHex('44495254 81 02');
  assert.deepEqual(decodeDirtyVector(bytes, 8192), [0, 7, 9]);
  assert.throws(() => decodeDirtyVector(bytes, 3 * 4096), /expected 1 more bytes/);
  assert.throws(() => decodeDirtyVector(fromHex('44495255 81'), 4096), /"DIRT"/);
  assert.equal(dirtyVectorSize(4096), 512);
  assert.equal(dirtyVectorSize(508 * 4096), 512);
  assert.equal(dirtyVectorSize(509 * 4096), 1024);
});

test('names are Latin-1 or UTF-16, unit by unit', () => {
  assert.equal(decodeNameUnits(fromHex('eb 80 41'), true), 'ë\u0080A');
  assert.equal(decodeNameUnits(fromHex('3f04 00d8 41'), false), 'п\ud800');
});

test('names are raised as Windows raises them', () => {
  for (const [name, raised] of [
    ['Terminal Server', 'TERMINAL SERVER'],
    ['ëigenaardig', 'ËIGENAARDIG'],
    ['ÿ', 'Ÿ'],
    ['Привет', 'ПРИВЕТ'],
    ['ß', 'ß'], // whose capital would be two letters
    ['µıſ', 'µıſ'], // whose capitals come down elsewhere
    ['ς', 'Σ'],
    ['\ud83d\ude03', '\ud83d\ude03'],
    ['\ud801\udc28', '\ud801\udc28'], // a letter beyond the first plane: its halves have no case
  ] as const) {
    assert.equal(upcase(name), raised, name);
  }
});

test('hashes and hints of names', () => {
  assert.equal(nameHash('A'), 65);
  assert.equal(nameHash('AB'), 65 * 37 + 66);
  assert.equal(nameHash(upcase('Terminal Server')), nameHash(upcase('TERMINAL server')));
  const key = 0x0079656b; // "key"
  assert.equal(hintAllows(key, 'KEY'), true);
  assert.equal(hintAllows(key, 'KEYS'), false);
  assert.equal(hintAllows(key, 'KE'), false);
  assert.equal(hintAllows(0x6d726554, 'TERMINAL SERVER'), true); // "Term"
  assert.equal(hintAllows(0x6d726554, 'TERRIER'), false);
  assert.equal(hintAllows(0, 'ПРИВЕТ'), true);
});

test('values by type', () => {
  const text = (units: string) => fromHex(units);
  const rows: readonly (readonly [type: number, data: Uint8Array, value: unknown])[] = [
    [1, text('6100 6200 0000'), 'ab'],
    [1, text('6100 6200'), 'ab'], // no terminator
    [1, text('6100 0000 6200 0000'), 'a'], // what follows the NUL is no part of it
    [1, text('6100 0000 62'), 'a'],
    [1, text('6100 62'), 'a'], // an odd last byte
    [1, text('7400 00d8 6100'), 't\ufffda'],
    [1, text(''), ''],
    [2, text('2500 6100 0000'), '%a'],
    [6, text('5c00 6100'), '\\a'],
    [7, text('6100 0000 6200 6300 0000 0000'), ['a', 'bc']],
    [7, text('6100 0000 6200'), ['a', 'b']], // neither terminator
    [7, text('6100 0000 0000 6200 0000'), ['a']], // ends at the first empty text
    [7, text('0000'), []],
    [7, text(''), []],
    [4, text('01020304'), 0x04030201],
    [4, text('ffffffff'), 0xffffffff],
    [4, text('0102'), text('0102')], // not the length of a DWORD
    [5, text('01020304'), 0x01020304],
    [11, text('0102030405060708'), 0x0807060504030201n],
    [11, text('01020304'), text('01020304')],
    [3, text('00ff'), text('00ff')],
    [0x80000001, text('00ff'), text('00ff')],
  ];
  for (const [type, data, value] of rows) assert.deepEqual(decodeValue({ type, data }), value, `${type}`);
});

test('any bytes under any type have a value', () => {
  fc.assert(
    fc.property(
      fc.nat(12),
      fc.uint8Array({ maxLength: 40 }),
      (type, data) => void decodeValue({ type, data }),
    ),
  );
});
