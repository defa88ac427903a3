import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { fromHex } from '../../../../src/core/bytes/hex.ts';
import { concat } from '../../../../src/core/bytes/writer.ts';
import { decompressLznt1 } from '../../../../src/core/formats/ntfs/lznt1.ts';
import { decompressLzx } from '../../../../src/core/formats/ntfs/lzx.ts';
import { decompressXpressHuffman } from '../../../../src/core/formats/ntfs/xpress-huffman.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

/** [MS-XCA] 3.2: a table of code lengths, all zero but some, and the stream. */
function xpress(lengths: Readonly<Record<number, string>>, stream: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const [at, bytes] of Object.entries(lengths)) table.set(fromHex(bytes), Number(at));
  return concat(table, fromHex(stream));
}

const PLAIN = (() => {
  const text =
    'The Remote Desktop session was disconnected. '.repeat(3) +
    'The Remote Desktop client could not reach the remote computer.';
  // Two x86 calls, forwards and backwards, that LZX translates.
  return concat(
    ascii(text),
    fromHex('e8 10200000'),
    ascii(text.slice(0, 60)),
    fromHex('e8 f0ffffff'),
    ascii(text.slice(40, 100)),
  );
})();

interface Sample {
  readonly name: string;
  readonly decompress: (input: Uint8Array, size: number) => Uint8Array;
  readonly packed: Uint8Array;
  readonly plain: Uint8Array;
}

const SAMPLES: readonly Sample[] = [
  {
    name: 'LZ77+Huffman, [MS-XCA] 3.2, literals only',
    decompress: decompressXpressHuffman,
    packed: xpress(
      { 48: '50 5555555555555555 5555 45 44 04', 128: '04' },
      'd8523ed794115be9195ff9d67cdf8d04 00000000',
    ),
    plain: ascii('abcdefghijklmnopqrstuvwxyz'),
  },
  {
    name: 'LZ77+Huffman, [MS-XCA] 3.2, a match with a length of 16 bits',
    decompress: decompressXpressHuffman,
    packed: xpress({ 48: '30 23', 128: '02', 143: '20' }, 'a8dc0000 ff2601'),
    plain: ascii('abc'.repeat(100)),
  },
  {
    // wimlib-imagex 1.13.5 capture --compress=XPRESS --chunk-size=4096; own text, no licence needed
    name: 'LZ77+Huffman, by wimlib',
    decompress: decompressXpressHuffman,
    packed: fromHex(
      '0600000000000000070000000000000003000000000000060000000000000000000007000000000000070600000000006040350056706644064564600000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000060000000600000000000050060000000000000000000000000000000000000000000000000000000000000000000000000000000660000000000060000000000000006000000000000000600000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002bb1c3f089a5ffa36fccb61d9bcb74694b819dda4545a19ed2e8ca95ac0cad34605191468a63739023a553652e9599606f0ed67596d986bbd2a5b5f00702a0000',
    ),
    plain: PLAIN,
  },
  {
    // wimlib-imagex 1.13.5 capture --compress=LZX --chunk-size=32768; the same text
    name: 'LZX with E8 translation, by wimlib',
    decompress: decompressLzx,
    packed: fromHex(
      '14200073000003003424330097094cf66517c0a27aa726470b1213a4d6df162fa04a000000004000000018428b4f07633e67c0ff00000000000002001f027fbb77ff47e29bd31fc97e0cd0978841b0ab84ff560ad915c98ac2a5fefe54b985b4727d67a06391e282ac272ab7e9f99bacbe5d13c1b7c411e1703d',
    ),
    plain: PLAIN,
  },
  {
    // Type 3, one bit 0, size 3; to the word's end; R0 to R2; three bytes and one to pad. Twice.
    name: 'LZX, uncompressed blocks of an odd size',
    decompress: decompressLzx,
    packed: fromHex(
      '0060 0030 01000000 02000000 03000000 616263 00 0060 0030 01000000 01000000 01000000 646566 00',
    ),
    plain: ascii('abcdef'),
  },
  {
    name: 'LZNT1, [MS-XCA] 3.3',
    decompress: decompressLznt1,
    packed: fromHex(
      '38b0 88 46 23 20 0020 47 20 41 0010 a2 47 01a0 45 20 44 0008 45 0150 79 00c0 45 20 0524 1388 05b4 024a 44 ef 0358 028c 0916 0148 45 00be 009e 0004 0118 90 00',
    ),
    plain: ascii(
      'F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# F# G A A G F# E D D E F# E D D\0',
    ),
  },
  {
    // A chunk that is stored: no compression bit, three bytes.
    name: 'LZNT1, a stored chunk',
    decompress: decompressLznt1,
    packed: fromHex('0230 616263'),
    plain: ascii('abc'),
  },
];

for (const { name, decompress, packed, plain } of SAMPLES) {
  test(name, () => {
    assert.deepEqual(decompress(packed, plain.length), plain);
  });

  test(`${name}: cut off anywhere it fails, or had all that it needs`, () => {
    for (let length = 0; length < packed.length; length += 1) {
      const decoded = tryDecode(() => decompress(packed.slice(0, length), plain.length));
      if (!decoded.ok) assert.ok(['truncated', 'invalid'].includes(decoded.error.problem.kind));
      // LZNT1 may end at any chunk: what is not there is zero.
      else if (decompress !== decompressLznt1) assert.deepEqual(decoded.value, plain, `${length} bytes`);
    }
  });

  test(`${name}: damage gives a value of the right size or a DecodeError`, () => {
    for (let at = 0; at < packed.length; at += 1) {
      for (const change of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = packed.slice();
        damaged[at] = (damaged[at] ?? 0) ^ change;
        const decoded = tryDecode(() => decompress(damaged, plain.length));
        if (decoded.ok) assert.equal(decoded.value.length, plain.length);
      }
    }
    const tail = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(fc.nat(packed.length), tail, fc.nat(40_000), (kept, rest, size) => {
        const decoded = tryDecode(() => decompress(concat(packed.subarray(0, kept), rest), size));
        if (decoded.ok) assert.equal(decoded.value.length, size);
      }),
    );
  });
}

test('LZNT1: a chunk fills 4096 bytes whatever it gives, an empty header ends', () => {
  const packed = fromHex('0230 616263 0030 64 0000 0030 65');
  const plain = new Uint8Array(8200);
  plain.set(ascii('abc'));
  plain[4096] = 0x64;
  assert.deepEqual(decompressLznt1(packed, 8200), plain);
});

test('a window larger than the format has is refused', () => {
  for (const [decompress, size] of [
    [decompressLzx, 32769],
    [decompressXpressHuffman, 65537],
  ] as const) {
    const decoded = tryDecode(() => decompress(new Uint8Array(4096), size));
    assert.ok(!decoded.ok && decoded.error.problem.kind === 'invalid');
  }
});
