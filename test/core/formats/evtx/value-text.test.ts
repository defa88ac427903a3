import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { chunkBytes } from '../../../../src/core/formats/evtx/chunk-bytes.ts';
import { ARRAY, VALUE } from '../../../../src/core/formats/evtx/tokens.ts';
import { arrayTexts, filetimeText, valueText } from '../../../../src/core/formats/evtx/value-text.ts';

/** Reads a value that stands in the middle of other bytes. */
function check(type: number, hex: string | Uint8Array, expected: string | readonly string[]): void {
  const bytes = typeof hex === 'string' ? fromHex(hex) : hex;
  const around = Uint8Array.from([0xee, 0xee, 0xee, ...bytes, 0xee, 0xee]);
  const source = chunkBytes(around);
  const read =
    typeof expected === 'string'
      ? valueText(source, type, 3, bytes.length)
      : arrayTexts(source, type, 3, bytes.length);
  assert.deepEqual(read, expected, `type 0x${type.toString(16)}, ${bytes.length} bytes`);
}

const GUID = '25968454 7854 9449 a5ba 3e3b0328c30d';
const GUID_TEXT = '{54849625-5478-4994-a5ba-3e3b0328c30d}';

const ROWS: readonly (readonly [string, number, string | Uint8Array, string | readonly string[]])[] = [
  ['null', VALUE.NULL, '', ''],
  ['a string', VALUE.STRING, encodeUtf16le('Grüße €'), 'Grüße €'],
  ['a string up to its zero', VALUE.STRING, encodeUtf16le('ab\0cd'), 'ab'],
  ['a long string', VALUE.STRING, encodeUtf16le('x'.repeat(500)), 'x'.repeat(500)],
  ['a string with a pair of surrogates', VALUE.STRING, encodeUtf16le('a😀'), 'a😀'],
  ['a string with half a pair', VALUE.STRING, '6100 00d8 6200', 'a\uFFFDb'],
  ['a string of an odd number of bytes', VALUE.STRING, '6100 62', 'a'],
  ['an ANSI string', VALUE.ANSI_STRING, '41e4', 'Aä'],
  ['int8', VALUE.INT8, 'ff', '-1'],
  ['uint8', VALUE.UINT8, 'ff', '255'],
  ['int16', VALUE.INT16, 'feff', '-2'],
  ['uint16', VALUE.UINT16, 'feff', '65534'],
  ['int32', VALUE.INT32, '00000080', '-2147483648'],
  ['uint32', VALUE.UINT32, '00000080', '2147483648'],
  ['int64', VALUE.INT64, 'ffffffffffffffff', '-1'],
  ['uint64', VALUE.UINT64, 'ffffffffffffffff', '18446744073709551615'],
  ['uint64 of 32 bits', VALUE.UINT64, 'ffffffff00000000', '4294967295'],
  ['an integer of another size', VALUE.UINT32, '0500', '5'],
  ['an integer of no size', VALUE.INT32, '010203', '010203'],
  ['real32', VALUE.REAL32, '0000c03f', '1.5'],
  ['real64', VALUE.REAL64, '000000000000f83f', '1.5'],
  ['true', VALUE.BOOL, '01000000', 'true'],
  ['false', VALUE.BOOL, '00000000', 'false'],
  ['true of one byte', VALUE.BOOL, '01', 'true'],
  ['true of another number', VALUE.BOOL, '00010000', 'true'],
  ['binary', VALUE.BINARY, '00abCD', '00ABCD'],
  ['guid', VALUE.GUID, GUID, GUID_TEXT],
  ['half a guid', VALUE.GUID, '2596', '2596'],
  ['size_t of 32 bits', VALUE.SIZE_T, '10000000', '0x10'],
  ['size_t of 64 bits', VALUE.SIZE_T, '1000000001000000', '0x100000010'],
  ['filetime', VALUE.FILETIME, '00803ed5deb19d01', '1970-01-01T00:00:00.0000000Z'],
  ['filetime of zero', VALUE.FILETIME, '0000000000000000', '1601-01-01T00:00:00.0000000Z'],
  ['filetime with a fraction', VALUE.FILETIME, '01803ed5deb19d01', '1970-01-01T00:00:00.0000001Z'],
  ['systemtime', VALUE.SYSTEMTIME, 'e407 0200 0600 1d00 1700 3b00 3a00 0700', '2020-02-29T23:59:58.007Z'],
  ['sid', VALUE.SID, '01 01 000000000005 12000000', 'S-1-5-18'],
  [
    'sid of a user',
    VALUE.SID,
    '01 05 000000000005 15000000 9d2dfcf7 eb1b3dd2 db4eb47a e8030000',
    'S-1-5-21-4160499101-3527220203-2058637019-1000',
  ],
  ['sid with a large authority', VALUE.SID, '01 00 010000000000', 'S-1-0x10000000000'],
  ['sid that is cut off', VALUE.SID, '01 02 000000000005 12000000', '010200000000000512000000'],
  ['hex int32', VALUE.HEX_INT32, '0d0000c0', '0xc000000d'],
  ['hex int64', VALUE.HEX_INT64, '0420000000000080', '0x8000000000002004'],
  ['hex int64 of few digits', VALUE.HEX_INT64, 'e703000000000000', '0x3e7'],
  ['a type that nobody knows', 0x55, 'c0ffee', 'C0FFEE'],
  ['strings', VALUE.STRING | ARRAY, encodeUtf16le('\0one\0two\0'), ['', 'one', 'two']],
  ['strings without the last zero', VALUE.STRING | ARRAY, encodeUtf16le('one\0two'), ['one', 'two']],
  ['no strings', VALUE.STRING | ARRAY, '', []],
  ['ANSI strings', VALUE.ANSI_STRING | ARRAY, '410042', ['A', 'B']],
  ['uint16s', VALUE.UINT16 | ARRAY, '010002000300', ['1', '2', '3']],
  ['uint32s and a rest', VALUE.UINT32 | ARRAY, '0100000002000000ff', ['1', '2']],
  ['guids', VALUE.GUID | ARRAY, GUID + GUID, [GUID_TEXT, GUID_TEXT]],
  ['booleans', VALUE.BOOL | ARRAY, '0100000000000000', ['true', 'false']],
  [
    'sids',
    VALUE.SID | ARRAY,
    '0101000000000005120000000101000000000005140000000102',
    ['S-1-5-18', 'S-1-5-20', '0102'],
  ],
  ['binaries', VALUE.BINARY | ARRAY, '0102', ['0102']],
];

for (const [name, type, hex, expected] of ROWS) test(`a value: ${name}`, () => check(type, hex, expected));

test('values of any type, size and content become texts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 70 }), (type, bytes) => {
      const source = chunkBytes(bytes);
      if (type & ARRAY)
        arrayTexts(source, type, 0, bytes.length).every((text) => assert.equal(typeof text, 'string'));
      else assert.equal(typeof valueText(source, type, 0, bytes.length), 'string');
    }),
    { numRuns: 2000 },
  );
});

test('a FILETIME in ISO 8601 is what Date makes of it, and all its digits', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }), (time) => {
      const shown = filetimeText(time);
      const date = new Date(Number(time / 10_000n - 11_644_473_600_000n));
      assert.equal(`${shown.slice(0, -5)}Z`, date.toISOString());
      assert.equal(shown.slice(-5, -1), String(time % 10_000n).padStart(4, '0'));
    }),
  );
});
