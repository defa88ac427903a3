import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { familyOf } from '../../../src/edge/network/ip-literal.ts';

test('the family of an address is what node:net says', () => {
  const rows = [
    '10.0.0.4',
    '10.0.0.4:3389',
    '::',
    '::1',
    'fe80::1%eth0',
    'a:b',
    'vm1',
    '',
    ':',
    '1:2:3:4:5:6:7:8',
  ];
  for (const text of [...rows, '::ffff:10.0.0.4', '1::2::3', '[::1]', '①.1'])
    assert.equal(familyOf(text), isIP(text), text);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) =>
      assert.equal(familyOf(text), isIP(text)),
    ),
  );
});
