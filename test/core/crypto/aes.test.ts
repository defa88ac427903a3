import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  aesCcmOpen,
  aesCcmSeal,
  aesCmac,
  aesGcmOpen,
  aesGcmSeal,
  aesGmac,
  type Sealed,
} from '../../../src/core/crypto/aes.ts';

interface Published {
  readonly key: string;
  readonly nonce: string;
  readonly associated: string;
  readonly plaintext: string;
  readonly ciphertext: string;
  readonly tag: string;
}

function check(
  name: string,
  seal: (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, text: Uint8Array, tag: number) => Sealed,
  open: (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Sealed) => Uint8Array | undefined,
  row: Published,
) {
  test(name, () => {
    const [key, nonce, associated, plaintext] = [row.key, row.nonce, row.associated, row.plaintext].map(
      fromHex,
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const tag = fromHex(row.tag);
    const sealed = seal(key, nonce, associated, plaintext, tag.length);
    assert.equal(toHex(sealed.ciphertext), toHex(fromHex(row.ciphertext)));
    assert.equal(toHex(sealed.tag), toHex(tag));
    assert.deepEqual(open(key, nonce, associated, sealed), plaintext);

    for (const changed of [
      { ...sealed, tag: flipped(tag) },
      ...(plaintext.length > 0 ? [{ ...sealed, ciphertext: flipped(sealed.ciphertext) }] : []),
    ]) {
      assert.equal(open(key, nonce, associated, changed), undefined);
    }
    if (associated.length > 0) assert.equal(open(key, nonce, flipped(associated), sealed), undefined);
  });
}

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
}

/** [RFC 4493] section 4 Test Vectors: one message, cut at four lengths. */
const CMAC_KEY = '2b7e151628aed2a6abf7158809cf4f3c';
const CMAC_MESSAGE =
  '6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51' +
  '30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710';
for (const [length, mac] of [
  [0, 'bb1d6929e95937287fa37d129b756746'],
  [16, '070a16b46b4d4144f79bdd9dd04a287c'],
  [40, 'dfa66747de9ae63030ca32611497c827'],
  [64, '51f0bebf7e3b9d92fc49741779363cfe'],
] as const) {
  test(`AES-CMAC of ${length} bytes, RFC 4493`, () => {
    const message = fromHex(CMAC_MESSAGE).subarray(0, length);
    assert.equal(toHex(aesCmac(fromHex(CMAC_KEY), message)), mac);
    assert.equal(toHex(aesCmac(fromHex(CMAC_KEY), message.subarray(0, 7), message.subarray(7))), mac);
  });
}

check('CCM: RFC 3610 packet vector 1', aesCcmSeal, aesCcmOpen, {
  key: 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf',
  nonce: '00000003020100a0a1a2a3a4a5',
  associated: '0001020304050607',
  plaintext: '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e',
  ciphertext: '588c979a61c663d2f066d0c2c0f989806d5f6b61dac384',
  tag: '17e8d12cfdf926e0',
});
check('CCM: SP 800-38C example 1', aesCcmSeal, aesCcmOpen, {
  key: '404142434445464748494a4b4c4d4e4f',
  nonce: '10111213141516',
  associated: '0001020304050607',
  plaintext: '20212223',
  ciphertext: '7162015b',
  tag: '4dac255d',
});
check('CCM: SP 800-38C example 2', aesCcmSeal, aesCcmOpen, {
  key: '404142434445464748494a4b4c4d4e4f',
  nonce: '1011121314151617',
  associated: '000102030405060708090a0b0c0d0e0f',
  plaintext: '202122232425262728292a2b2c2d2e2f',
  ciphertext: 'd2a1f0e051ea5f62081a7792073d593d',
  tag: '1fc64fbfaccd',
});

/** The vectors of the proposal that SP 800-38D standardised (McGrew and Viega), test cases 4 and 16. */
const GCM_TEXT =
  'd9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72' +
  '1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39';
const GCM_ASSOCIATED = 'feedfacedeadbeeffeedfacedeadbeef abaddad2';
check('GCM: test case 4, 128 bits', aesGcmSeal, aesGcmOpen, {
  key: 'feffe9928665731c6d6a8f9467308308',
  nonce: 'cafebabefacedbaddecaf888',
  associated: GCM_ASSOCIATED,
  plaintext: GCM_TEXT,
  ciphertext:
    '42831ec2217774244b7221b784d0d49c e3aa212f2c02a4e035c17e2329aca12e' +
    '21d514b25466931c7d8f6a5aac84aa05 1ba30b396a0aac973d58e091',
  tag: '5bc94fbc3221a5db94fae95ae7121a47',
});
check('GCM: test case 16, 256 bits', aesGcmSeal, aesGcmOpen, {
  key: 'feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308',
  nonce: 'cafebabefacedbaddecaf888',
  associated: GCM_ASSOCIATED,
  plaintext: GCM_TEXT,
  ciphertext:
    '522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa' +
    '8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662',
  tag: '76fc6ece0f4e1768cddf8853bb2d551b',
});

test('GMAC: test case 1 of GCM, no text and no associated data', () => {
  const zeros = new Uint8Array(16);
  assert.equal(
    toHex(aesGmac(zeros, zeros.subarray(0, 12), new Uint8Array(0))),
    '58e2fccefa7e3061367f1d57a4e7455a',
  );
});

test('what SMB 3 uses agrees with OpenSSL at every length', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const text = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(fc.boolean(), bytes(32), bytes(11), bytes(32), text, (long, key32, nonce, aad, message) => {
      const key = long ? key32 : key32.subarray(0, 16);
      const cipher = createCipheriv(long ? 'aes-256-ccm' : 'aes-128-ccm', key, nonce, { authTagLength: 16 });
      cipher.setAAD(aad, { plaintextLength: message.length });
      const ciphertext = Uint8Array.from(cipher.update(message));
      cipher.final();
      const sealed = aesCcmSeal(key, nonce, aad, message);
      assert.equal(toHex(sealed.ciphertext), toHex(ciphertext));
      assert.equal(toHex(sealed.tag), toHex(cipher.getAuthTag()));
      assert.equal(toHex(aesCcmOpen(key, nonce, aad, sealed) ?? new Uint8Array(1)), toHex(message));
    }),
    { numRuns: 60 },
  );
  fc.assert(
    fc.property(bytes(16), bytes(12), text, (key, nonce, message) => {
      const cipher = createCipheriv('aes-128-gcm', key, nonce);
      cipher.setAAD(message);
      cipher.final();
      assert.equal(toHex(aesGmac(key, nonce, message)), toHex(cipher.getAuthTag()));
    }),
    { numRuns: 40 },
  );
});

test('lengths that a mode does not have are mistakes of ours', () => {
  const key = new Uint8Array(16);
  const none = new Uint8Array(0);
  assert.throws(() => aesCcmSeal(key, new Uint8Array(14), none, none), RangeError);
  assert.throws(() => aesCcmSeal(key, new Uint8Array(6), none, none), RangeError);
  assert.throws(() => aesCcmSeal(key, new Uint8Array(11), none, none, 5), RangeError);
  assert.throws(() => aesCcmSeal(key, new Uint8Array(13), none, new Uint8Array(65_536)), RangeError);
  assert.throws(() => aesGcmSeal(key, new Uint8Array(11), none, none), RangeError);
  assert.throws(() => aesGcmOpen(key, new Uint8Array(12), none, { ciphertext: none, tag: none }), RangeError);
});
