import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { Reader } from '../../../src/core/bytes/reader.ts';
import { readSid, sidBytes } from '../../../src/core/bytes/sid.ts';
import { checkManners } from '../decoder-manners.ts';

const decode = (bytes: Uint8Array) => readSid(new Reader(bytes, 'SID'));

/** revision, count, authority (big-endian), subauthorities (little-endian) */
const SAMPLES = [
  ['01 01 000000000005 12000000', 'S-1-5-18'], // LocalSystem
  ['01 01 000000000000 00000000', 'S-1-0-0'], // nobody
  ['01 02 000000000005 20000000 20020000', 'S-1-5-32-544'], // Administrators
  ['01 02 000000000005 20000000 2b020000', 'S-1-5-32-555'], // Remote Desktop Users
  ['01 01 000000000010 00300000', 'S-1-16-12288'], // high integrity
  // the Administrator of a domain
  [
    '01 05 000000000005 15000000 01020304 fffefdfc 00000080 f4010000',
    'S-1-5-21-67305985-4244504319-2147483648-500',
  ],
  // an application package: eight subauthorities
  ['01 02 00000000000f 02000000 01000000', 'S-1-15-2-1'],
  ['01 00 000000000005', 'S-1-5'],
] as const;

for (const [hex, text] of SAMPLES) {
  test(`SID ${text}`, () => {
    assert.equal(decode(fromHex(hex)), text);
  });
}

checkManners(
  'SID',
  decode,
  SAMPLES.map(([hex]) => fromHex(hex)),
);

test('SID: an authority of 2^32 and more is written in hexadecimal', () => {
  // [MS-DTYP] 2.4.2.1: IdentifierAuthorityHex where the value does not fit into 32 bits.
  assert.equal(decode(fromHex('01 01 0001 00000000 07000000')), 'S-1-0x000100000000-7');
  assert.equal(decode(fromHex('01 00 ffff ffffffff')), 'S-1-0xffffffffffff');
  assert.equal(decode(fromHex('01 00 0000 ffffffff')), 'S-1-4294967295');
});

test('SID: what is none', () => {
  for (const [hex, problem] of [
    ['02 01 000000000005 12000000', /expected revision 1, received 2/],
    [`01 10 000000000005 ${'00000000'.repeat(16)}`, /at most 15 subauthorities, received 16/],
  ] as const) {
    assert.throws(() => decode(fromHex(hex)), problem);
  }
});

test('SID: subauthorities are read in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 15 }), (parts) => {
      const bytes = new Uint8Array(8 + parts.length * 4);
      bytes.set([1, parts.length, 0, 0, 0, 0, 0, 5]);
      const view = new DataView(bytes.buffer);
      for (const [index, part] of parts.entries()) view.setUint32(8 + index * 4, part, true);
      assert.equal(decode(bytes), ['S-1-5', ...parts].join('-'));
    }),
  );
});

test('SID: the bytes of a text, and of none that is no SID', () => {
  for (const [hex, text] of SAMPLES) {
    assert.equal(toHex(sidBytes(text) ?? new Uint8Array(0)), hex.replaceAll(' ', ''));
  }
  for (const text of ['S-1-0x000100000000-7', 'S-1-0xffffffffffff', 'S-1-4294967295']) {
    assert.equal(decode(sidBytes(text) ?? new Uint8Array(0)), text);
  }
  for (const text of [
    '',
    'S-1',
    'S-2-5-18',
    'S-1-5-4294967296',
    'S-1-5-x',
    `S-1-5${'-1'.repeat(16)}`,
    'Everyone',
  ]) {
    assert.equal(sidBytes(text), undefined, text);
  }
});
