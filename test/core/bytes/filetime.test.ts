import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  filetimeToIso,
  filetimeToUnixMillis,
  unixMillisToFiletime,
} from '../../../src/core/bytes/filetime.ts';

suite('FILETIME, 100 ns since 1601-01-01 UTC', () => {
  test('its zero and that of Unix', () => {
    assert.equal(filetimeToIso(0n), '1601-01-01T00:00:00.000Z');
    assert.equal(filetimeToIso(116_444_736_000_000_000n), '1970-01-01T00:00:00.000Z');
  });
  test('there and back', () => {
    const millis = Date.UTC(2026, 10, 27, 1, 2, 3);
    assert.equal(filetimeToUnixMillis(unixMillisToFiletime(millis)), millis);
  });
  test('what no Date can hold is no date', () => {
    assert.equal(filetimeToIso(0xffff_ffff_ffff_ffffn), '+060056-05-28T05:36:10.955Z');
    assert.equal(filetimeToIso(1n << 68n), undefined);
  });
});
