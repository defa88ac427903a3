import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from '../../../src/core/model/counted.ts';

test('one is counted in the singular, none and several in the plural', () => {
  assert.equal(counted(0, 'rule'), '0 rules');
  assert.equal(counted(1, 'rule'), '1 rule');
  assert.equal(counted(2, 'rule'), '2 rules');
});

test('a plural that takes more than an s is named', () => {
  assert.equal(counted(1, 'address', 'addresses'), '1 address');
  assert.equal(counted(5, 'address', 'addresses'), '5 addresses');
});
