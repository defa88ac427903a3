import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCodePage, isUtf8 } from '../../../src/core/bytes/code-page.ts';

/** Rows of Unicode's mapping tables (MAPPINGS/VENDORS/MICSFT/PC and WINDOWS), one or two that tell each page from its neighbours. */
const ROWS: readonly (readonly [page: number, bytes: readonly number[], text: string])[] = [
  [437, [0x41, 0x84, 0xe1, 0x9b, 0xff], 'Aäß¢\u00a0'],
  [720, [0x98, 0xae], 'ء«'],
  [737, [0x80, 0xaf], 'Αψ'],
  [775, [0x80, 0xd0], 'Ćą'],
  [850, [0x84, 0xe1, 0x9b, 0xd5], 'äßøı'],
  [852, [0xa5, 0x9f, 0xfd], 'ąčř'],
  [855, [0xa0, 0xa1], 'аА'],
  [857, [0x98, 0xd5], 'İ\ufffd'],
  [858, [0xd5], '€'],
  [860, [0x84, 0x86], 'ãÁ'],
  [861, [0x8d, 0x95], 'Þþ'],
  [862, [0x80, 0x9a], 'את'],
  [863, [0x84, 0x8e], 'ÂÀ'],
  [865, [0x9b, 0x9d], 'øØ'],
  [866, [0x80, 0xef], 'Ая'],
  [869, [0x86, 0x80], 'Ά\ufffd'],
  [874, [0xa1], 'ก'],
  [932, [0x8a, 0xf9, 0x92, 0xe8], '既定'],
  [936, [0xc4, 0xac, 0xc8, 0xcf], '默认'],
  [949, [0xb1, 0xe2, 0xba, 0xbb], '기본'],
  [950, [0xb9, 0x77, 0xb3, 0x5d], '預設'],
  [1252, [0x80, 0xe4], '€ä'],
  [65001, [0xc3, 0xa4, 0xff], 'ä\ufffd'],
  // A page that nobody knows: ASCII is where it always is.
  [0, [0x41, 0x84, 0x7e], 'A\ufffd~'],
  [12345, [0x41, 0xe4], 'A\ufffd'],
];

for (const [page, bytes, text] of ROWS) {
  test(`code page ${page}`, () => assert.equal(decodeCodePage(Uint8Array.from(bytes), page), text));
}

test('every page has ASCII at its place', () => {
  // A few control characters have other places in the Japanese page, and no console prints them.
  const ascii = Uint8Array.from([9, 10, 13, ...Array.from({ length: 0x5f }, (_, at) => 0x20 + at)]);
  for (const [page] of ROWS) {
    assert.equal(decodeCodePage(ascii, page), String.fromCharCode(...ascii), `page ${page}`);
  }
});

test('more bytes than a call takes arguments', () => {
  assert.equal(decodeCodePage(new Uint8Array(300_000).fill(0x84), 850), 'ä'.repeat(300_000));
});

test('UTF-8 is told from code pages', () => {
  assert.equal(isUtf8(Uint8Array.of(0x41, 0xc3, 0xa4)), true);
  assert.equal(isUtf8(Uint8Array.of(0x41, 0x84)), false);
  assert.equal(isUtf8(Uint8Array.of(0x41, 0xc3)), false);
});
