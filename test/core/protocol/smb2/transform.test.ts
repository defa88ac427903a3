// Encryption as published by the Microsoft Open Specifications blog: "Encryption in SMB 3.0: A protocol
// perspective" and "SMB 3.1.1 Encryption in Windows 10" (2015-09-09), one WRITE and its reply in each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../../../../src/core/bytes/hex.ts';
import { deriveKeys } from '../../../../src/core/protocol/smb2/keys.ts';
import { CIPHER, type SmbCipher } from '../../../../src/core/protocol/smb2/negotiate-contexts.ts';
import { encodeWrite } from '../../../../src/core/protocol/smb2/read-write.ts';
import {
  decodeTransform,
  nonceOf,
  openMessage,
  sealMessage,
} from '../../../../src/core/protocol/smb2/transform.ts';
import { checkManners } from '../../decoder-manners.ts';

interface Published {
  readonly dialect: 0x0300 | 0x0311;
  readonly cipher: SmbCipher;
  readonly sessionKey: string;
  readonly preauthHash: string;
  readonly keys: readonly [string, string];
  readonly sessionId: bigint;
  readonly nonce: string;
  readonly request: string;
  readonly sealedRequest: string;
  readonly sealedReply: string;
  readonly reply: string;
}

const ROWS: Readonly<Record<string, Published>> = {
  'SMB 3.0, AES-128-CCM': {
    dialect: 0x0300,
    cipher: CIPHER.AES_128_CCM,
    sessionKey: 'b4546771b515f766a86735532dd6c4f0',
    preauthHash: '',
    keys: ['261b72350558f2e9dcf613070383edbf', '8fe2b57ec34d2db5b1a9727f526bbdb5'],
    sessionId: 0x8e4_0014_0000_11n,
    nonce: '66e69a111892584fb5ed52',
    request:
      'fe534d4240000100000000000900400008000000000000000400000000000000' +
      'fffe0000010000001100001400e4080000000000000000000000000000000000' +
      '3100700017000000000000000000000015010000390000020100000039020000' +
      '00000000000000007000000000000000536d623320656e6372797074696f6e20' +
      '74657374696e67',
    sealedRequest:
      'fd534d4281a286535415445dae393921e44fa42e66e69a111892584fb5ed524a' +
      '744da3ee87000000000001001100001400e4080025c8fee16605a437832d1cd5' +
      '2da9f4645333482a175fe5384563f45fcdafaef38bc62ba4d5c62897996625a4' +
      '4c29be5658de2e6117585779e7b59ffd971278d08580d7fa899e410e910eabf5' +
      'aa1db43050b33b49182637759ac15d84bfcdf5b6b238993c0f4cf4d6012023f6' +
      'c627297075d84b7803912d0a9639634453595ef3e33ffe4e7ac2ab',
    sealedReply:
      'fd534d42a6015530a18f6d9affe22afae8e66484860000000000000011000014' +
      '00e4080050000000000001001100001400e40800dbf46435c5f14169293ce079' +
      'e344479bf670227e49873f458672c3098dac467dd5809f369d67409166515787' +
      '1483e01f7becd02064eac3e235f913668bbc2f097980d4b378f1993eff6e60d1' +
      '77309e5b',
    reply:
      'fe534d4240000100000000000900210009000000000000000400000000000000' +
      'fffe0000010000001100001400e4080000000000000000000000000000000000' +
      '11000000170000000000000000000000',
  },
  'SMB 3.1.1, AES-128-GCM': {
    dialect: 0x0311,
    cipher: CIPHER.AES_128_GCM,
    sessionKey: '419fddf34c1e001909d362ae7fb6af79',
    preauthHash:
      'b23f3cbfd69487d9832b79b1594a367cdd950909b774c3a4c412b4fcea9edddba7db256ba2ea30e9' +
      '77f11f9b113247578e0e915c6d2a513b8f2fca5707dc8770',
    keys: ['a2f5e80e5d59103034f32e52f698e5ec', '748c50868c90f302962a5c35f5f9a8bf'],
    sessionId: 0x1000_0000_0025n,
    nonce: 'c7d6822d269caf48904c664c',
    request:
      'fe534d4240000100000000000900010008000000000000000500000000000000fffe000001000000' +
      '25000000001000000000000000000000000000000000000031007000170000000000000000000000' +
      '0600000004000000010000000400000000000000000000007000000000000000536d623320656e63' +
      '72797074696f6e2074657374696e67',
    sealedRequest:
      'fd534d42bd73d97d2bc9001bcafac0fdff5feebcc7d6822d269caf48904c664c0000000087000000' +
      '0000010025000000001000006ecdd2a7afc7b47763057a041b8fd4daffe990b70c9e09d36c084e02' +
      'd14ef247f8bde38acf6256f8b1d3b56f77fbdeb312fea5e92cbcc1ed8fb2ebbfaa75e49a4a394bb4' +
      '4576545567c24d4c014d47c9fbdfdafd2c4f9b72f8d256452620a299f48e29e53d6b61d1c13a19e9' +
      '1af013f00d17e3abc2fc3d36c8c1b6b93973253852dbd442e46ee8',
    sealedReply:
      'fd534d42acbe1cb7ed343adf1725ef144d90d4b0e06831dd2e8eb7b4000000000000000050000000' +
      '00000100250000000010000026bbbf949983a6c1c796559d0f2c510cb651d1f7b6ac8ded32a2a0b8' +
      'f2d793a815c6f6b848d69767a215841a42d400ae6ddb5f0b44173a014973321fdd7950da6179159b' +
      '82e03c9e18a050ff0ea1c967',
    reply:
      'fe534d4240000100000000000900010001000000000000000500000000000000fffe000001000000' +
      '25000000001000000000000000000000000000000000000011000000170000000000000000000000',
  },
};

for (const [name, row] of Object.entries(ROWS)) {
  test(`published: ${name}`, () => {
    const { cipher, sessionId } = row;
    const keys = deriveKeys(row.dialect, cipher, fromHex(row.sessionKey), fromHex(row.preauthHash));
    const [outward = new Uint8Array(0), inward = new Uint8Array(0)] = [
      keys.clientToServer,
      keys.serverToClient,
    ];
    assert.deepEqual([toHex(outward), toHex(inward)], row.keys);

    const request = decodeTransform(fromHex(row.sealedRequest));
    const opened = openMessage(request, { cipher, key: outward });
    assert.equal(toHex(opened ?? new Uint8Array(0)), row.request);
    // The sample of 3.0 has five more bytes behind its nonce of eleven, where [MS-SMB2] has zeros.
    if (cipher === CIPHER.AES_128_GCM) {
      const sealed = sealMessage(fromHex(row.request), sessionId, fromHex(row.nonce), {
        cipher,
        key: outward,
      });
      assert.equal(toHex(sealed), row.sealedRequest);
    }
    const reply = decodeTransform(fromHex(row.sealedReply));
    assert.equal(reply.sessionId, sessionId);
    assert.equal(toHex(openMessage(reply, { cipher, key: inward }) ?? new Uint8Array(0)), row.reply);
    assert.equal(openMessage(reply, { cipher, key: outward }), undefined, 'the other way has another key');
  });
}

test('published: the body of the WRITE is ours, but for the offset of a channel that is not there', () => {
  const { request } = ROWS['SMB 3.1.1, AES-128-GCM'] ?? { request: '' };
  const body = fromHex(request).subarray(64);
  const ours = encodeWrite(body.subarray(16, 32), body.subarray(48));
  const theirs = Uint8Array.from(body);
  theirs.fill(0, 40, 42);
  assert.equal(toHex(ours), toHex(theirs));
});

test('nonces: as long as the cipher takes, another for each number', () => {
  assert.equal(toHex(nonceOf(CIPHER.AES_128_CCM, 1n)), `01${'00'.repeat(10)}`);
  assert.equal(toHex(nonceOf(CIPHER.AES_256_GCM, 0x102n)), `0201${'00'.repeat(10)}`);
});

test('what is no encrypted message of ours is refused', () => {
  const whole = fromHex(ROWS['SMB 3.1.1, AES-128-GCM']?.sealedReply ?? '');
  for (const [at, value, problem] of [
    [0, 0xfe, /expected 0xfd first/],
    [2, 0, /expected SMB after/],
    [42, 2, /expected Flags 1, received 2/],
    [36, 0x4f, /1 bytes follow/],
    [36, 0x51, /expected 81 more bytes/],
  ] as const) {
    const changed = Uint8Array.from(whole);
    changed[at] = value;
    assert.throws(() => decodeTransform(changed), problem);
  }
});

checkManners('TRANSFORM_HEADER', decodeTransform, [
  fromHex(ROWS['SMB 3.1.1, AES-128-GCM']?.sealedReply ?? ''),
]);
