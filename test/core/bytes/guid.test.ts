import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { guidBytes, readGuid } from '../../../src/core/bytes/guid.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { Reader } from '../../../src/core/bytes/reader.ts';

test('a GUID as text: the EFI system partition of the UEFI specification', () => {
  const bytes = fromHex('28732ac1 1ff8 d211 ba4b 00a0c93ec93b');
  assert.equal(readGuid(new Reader(bytes, 'GUID')), 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b');
});

test('the bytes of a GUID in text form', () => {
  assert.equal(toHex(guidBytes('c12a7328-f81f-11d2-ba4b-00a0c93ec93b')), '28732ac11ff8d211ba4b00a0c93ec93b');
  fc.assert(
    fc.property(fc.uuid(), (text) => assert.equal(readGuid(new Reader(guidBytes(text), 'GUID')), text)),
  );
  assert.throws(() => guidBytes('c12a7328'), TypeError);
});
