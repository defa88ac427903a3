import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../../src/core/bytes/hex.ts';
import { sidBytes } from '../../../../src/core/bytes/sid.ts';
import { NdrReader } from '../../../../src/core/protocol/rpc/ndr-reader.ts';
import { NdrWriter } from '../../../../src/core/protocol/rpc/ndr-writer.ts';

const hexOf = (commented: string): string => toHex(fromHex(commented.replace(/--.*$/gm, '')));
const readerOf = (commented: string): NdrReader =>
  new NdrReader(fromHex(commented.replace(/--.*$/gm, '')), 'test');

test('every number stands at a multiple of its size, [C706] 14.2.2', () => {
  const bytes = new NdrWriter().u8(1).u16(2).u8(3).u32(4).u8(5).u64(6n).u8(7).align(4).toBytes();
  assert.equal(
    toHex(bytes),
    hexOf(`01 00 02 00   03 00 00 00   04 00 00 00   05 00 00 00
           06 00 00 00 00 00 00 00     07 00 00 00`),
  );
  const r = new NdrReader(bytes, 'test');
  assert.deepEqual([r.u8(), r.u16(), r.u8(), r.u32(), r.u8(), r.u64(), r.u8()], [1, 2, 3, 4, 5, 6n, 7]);
  r.align(4);
  r.expectEnd();
});

test('strings: conformant and varying, their NUL counted', () => {
  assert.equal(
    toHex(new NdrWriter().optionalWideString('ab').optionalWideString(undefined).toBytes()),
    hexOf(`00 00 02 00                            -- a referent
           03 00 00 00 00 00 00 00 03 00 00 00    -- max 3, offset 0, actual 3
           61 00 62 00 00 00                      -- a b NUL
           00 00                                  -- to a multiple of four
           00 00 00 00                            -- the null pointer`),
  );
});

test('RPC_UNICODE_STRING counts without its NUL, RRP_UNICODE_STRING with it', () => {
  const plain = new NdrWriter().unicodeString('ab').toBytes();
  assert.equal(
    toHex(plain),
    hexOf('04 00 04 00 00 00 02 00   02 00 00 00 00 00 00 00 02 00 00 00   61 00 62 00'),
  );
  const registry = new NdrWriter().registryString('ab').toBytes();
  assert.equal(
    toHex(registry),
    hexOf('06 00 06 00 00 00 02 00   03 00 00 00 00 00 00 00 03 00 00 00   61 00 62 00 00 00'),
  );
  assert.equal(new NdrReader(plain, 'test').unicodeString(), 'ab');
  assert.equal(new NdrReader(registry, 'test').unicodeString(), 'ab');
  assert.equal(toHex(new NdrWriter().unicodeHeader(undefined, true).toBytes()), '0000000000000000');
});

test('a varying array sends what counts, and announces the rest', () => {
  const bytes = new NdrWriter().varyingBytes(65_536, new Uint8Array(0)).toBytes();
  assert.equal(toHex(bytes), hexOf('00 00 01 00  00 00 00 00  00 00 00 00'));
  assert.equal(new NdrReader(bytes, 'test').varyingBytes().length, 0);
});

test('referents count up, as those of Windows and Samba do', () => {
  assert.equal(
    toHex(new NdrWriter().pointer().pointer(false).pointer().toBytes()),
    hexOf('00 00 02 00  00 00 00 00  04 00 02 00'),
  );
});

test('RPC_SID: its count in front, [MS-DTYP] 2.4.2.3', () => {
  const administrators = sidBytes('S-1-5-32-544') ?? assert.fail();
  const bytes = new NdrWriter().sid(administrators).toBytes();
  assert.equal(toHex(bytes), hexOf('02 00 00 00   01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00'));
  assert.equal(new NdrReader(bytes, 'test').sid(), 'S-1-5-32-544');
  assert.throws(
    () => readerOf('03 00 00 00   01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00').sid(),
    DecodeError,
  );
});

test('a context handle has 20 bytes, and is a copy', () => {
  const stub = new Uint8Array(24).fill(9);
  const handle = new NdrReader(stub, 'test').handle();
  stub.fill(0);
  assert.equal(toHex(handle), '09'.repeat(20));
  assert.throws(() => new NdrWriter().handle(new Uint8Array(19)), RangeError);
});

/** Counts that no byte stands behind. */
const LIES: readonly (readonly [
  name: string,
  stub: string,
  read: (r: NdrReader) => unknown,
  problem: RegExp,
])[] = [
  [
    'a string of 4 GiB',
    'ff ff ff ff 00 00 00 00 ff ff ff ff 61 00',
    (r) => r.wideString(),
    /expected 8589934590 more bytes/,
  ],
  [
    'more than its maximum',
    '01 00 00 00 00 00 00 00 02 00 00 00 61 00 62 00',
    (r) => r.wideString(),
    /2 elements of an array of 1/,
  ],
  [
    'an offset',
    '04 00 00 00 01 00 00 00 02 00 00 00 61 00 62 00',
    (r) => r.wideString(),
    /received offset 1/,
  ],
  ['bytes of 4 GiB', 'ff ff ff ff', (r) => r.conformantBytes(), /expected 4294967295 more bytes/],
  ['elements of 4 GiB', 'ff ff ff ff 00 00 00 00', (r) => r.count(16), /more bytes/],
  [
    'a length beyond its buffer',
    '08 00 08 00 00 00 02 00 02 00 00 00 00 00 00 00 02 00 00 00 61 00 62 00',
    (r) => r.unicodeString(),
    /a string of 8 bytes in a buffer of 4/,
  ],
];

for (const [name, stub, read, problem] of LIES) {
  test(`a count that lies: ${name}`, () => {
    assert.throws(
      () => read(readerOf(stub)),
      (error) => error instanceof DecodeError && problem.test(error.message),
    );
  });
}

test('a string ends at its NUL, and one without is taken whole', () => {
  assert.equal(readerOf('03 00 00 00 00 00 00 00 03 00 00 00 61 00 00 00 62 00').wideString(), 'a');
  assert.equal(readerOf('02 00 00 00 00 00 00 00 02 00 00 00 61 00 62 00').wideString(), 'ab');
});

test('reading undoes writing', () => {
  // No NUL: it ends a string.
  const texts = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
  fc.assert(
    fc.property(texts, fc.option(texts, { nil: undefined }), fc.uint8Array(), (one, two, data) => {
      const w = new NdrWriter().wideString(one).optionalWideString(two).conformantBytes(data);
      w.unicodeString(one)
        .registryString(one)
        .varyingBytes(data.length + 5, data)
        .u64(7n);
      const r = new NdrReader(w.toBytes(), 'test');
      assert.equal(r.wideString(), one);
      assert.equal(r.optionalWideString(), two);
      assert.deepEqual(Uint8Array.from(r.conformantBytes()), data);
      assert.equal(r.unicodeString(), one);
      assert.equal(r.unicodeString(), one);
      assert.deepEqual(Uint8Array.from(r.varyingBytes()), data);
      assert.equal(r.u64(), 7n);
      r.expectEnd();
    }),
  );
});
