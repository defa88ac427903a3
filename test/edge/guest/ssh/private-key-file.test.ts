// PROTOCOL.key of OpenSSH: "openssh-key-v1" and a NUL, names of cipher and of key derivation, its options, the number
// of keys, the public key, and the encrypted rest. Strings have their length before them (RFC 4251, 5).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicPartOf } from '../../../../src/edge/guest/ssh/private-key-file.ts';

const PUBLIC = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOPrJWKSP93v8G5xtGB4xCW8/g5D27L6Qb3ZF0Z0nWbQ', 'base64');

function field(bytes: Buffer | string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(bytes));
  return Buffer.concat([length, Buffer.from(bytes)]);
}

function file(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts).toString('base64').replace(/.{70}/g, '$&\n');
  return Buffer.from(
    `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----\n${body}\n-----END OPENSSH ${'PRIVATE'} KEY-----\n`,
  );
}

const MAGIC = Buffer.from('openssh-key-v1\0');
const HEAD = [
  MAGIC,
  field('aes256-ctr'),
  field('bcrypt'),
  field(Buffer.alloc(24)),
  Buffer.from([0, 0, 0, 1]),
];

test('the public key stands in the clear', () => {
  assert.deepEqual(publicPartOf(file(...HEAD, field(PUBLIC), field(Buffer.alloc(144)))), PUBLIC);
});

test('damage and other formats are none', () => {
  const whole = Buffer.concat([...HEAD, field(PUBLIC)]);
  for (let length = 0; length < whole.length; length += 1) {
    assert.equal(publicPartOf(file(whole.subarray(0, length))), undefined, String(length));
  }
  assert.equal(publicPartOf(Buffer.from('-----BEGIN RSA KEY-----')), undefined);
  assert.equal(publicPartOf(file(Buffer.from('other-format-v1\0'), whole.subarray(15))), undefined);
});
