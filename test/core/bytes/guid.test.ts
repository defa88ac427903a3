import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGuid } from '../../../src/core/bytes/guid.ts';
import { fromHex } from '../../../src/core/bytes/hex.ts';
import { Reader } from '../../../src/core/bytes/reader.ts';

test('a GUID as text: the EFI system partition of the UEFI specification', () => {
  const bytes = fromHex('28732ac1 1ff8 d211 ba4b 00a0c93ec93b');
  assert.equal(readGuid(new Reader(bytes, 'GUID')), 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b');
});
