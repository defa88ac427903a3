import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { targetInfoOf } from '../../../src/core/protocol/ntlm-av-pairs.ts';
import { hasFlag, NTLM_FLAG } from '../../../src/core/protocol/ntlm-flags.ts';
import {
  decodeAuthenticate,
  decodeChallenge,
  decodeNegotiate,
  encodeAuthenticate,
  encodeChallenge,
  encodeNegotiate,
  looksLikeNtlm,
  type NtlmAuthenticate,
  type NtlmChallenge,
  type NtlmNegotiate,
} from '../../../src/core/protocol/ntlm-messages.ts';
import { checkManners } from '../decoder-manners.ts';
import * as sample from './ntlm-samples.ts';

/** Names in the message, as Windows XP sent them. */
const NEGOTIATE = fromHex(
  '4e544c4d53535000 01000000' +
    '07b208a2' + // flags, with both names and VERSION
    '0400040031000000 0900090028000000' + // domain: 4 bytes at 49; workstation: 9 bytes at 40
    '0501280a0000000f' +
    '434f4d5055544552 31 434f5250',
);

test('NEGOTIATE_MESSAGE: names and version', () => {
  assert.deepEqual(decodeNegotiate(NEGOTIATE), {
    flags: 0xa208b207,
    domainName: 'CORP',
    workstationName: 'COMPUTER1',
    version: { major: 5, minor: 1, build: 2600, revision: 15 },
  });
});

test('NEGOTIATE_MESSAGE: 32 bytes without version, as scanners send it', () => {
  const bytes = fromHex('4e544c4d53535000 01000000 978208e0 0000000000000000 0000000000000000');
  assert.deepEqual(decodeNegotiate(bytes), { flags: 0xe0088297 });
});

const challenge: NtlmChallenge = {
  flags: 0xe28a8233,
  targetName: 'Server',
  serverChallenge: sample.SERVER_CHALLENGE,
  targetInfo: targetInfoOf([
    { id: 2, value: encodeUtf16le('Domain') },
    { id: 1, value: encodeUtf16le('Server') },
  ]),
  version: { major: 6, minor: 0, build: 6000, revision: 15 },
};

test('CHALLENGE_MESSAGE: [MS-NLMP] 4.2.4.3', () => {
  const decoded = decodeChallenge(sample.CHALLENGE);
  assert.deepEqual(decoded, challenge);
  assert.equal(decoded.targetInfo?.nbComputerName, 'Server');
  assert.equal(decoded.targetInfo?.nbDomainName, 'Domain');
  assert.equal(toHex(encodeChallenge(challenge)), toHex(sample.CHALLENGE));
});

test('CHALLENGE_MESSAGE: 32 bytes of header, as NT 4 sent it, with an OEM name', () => {
  const bytes = fromHex('4e544c4d53535000 02000000 0200020020000000 02820000 0123456789abcdef 4e54');
  assert.deepEqual(decodeChallenge(bytes), {
    flags: 0x8202,
    targetName: 'NT',
    serverChallenge: sample.SERVER_CHALLENGE,
  });
});

const authenticateMessage: NtlmAuthenticate = {
  flags: 0xe2888235,
  lmChallengeResponse: sample.AUTHENTICATE.slice(108, 132),
  ntChallengeResponse: sample.AUTHENTICATE.slice(132, 216),
  domainName: 'Domain',
  userName: 'User',
  workstation: 'COMPUTER',
  encryptedRandomSessionKey: sample.AUTHENTICATE.slice(216),
  version: { major: 5, minor: 1, build: 2600, revision: 15 },
};

test('AUTHENTICATE_MESSAGE: [MS-NLMP] 4.2.4.3', () => {
  assert.deepEqual(decodeAuthenticate(sample.AUTHENTICATE), authenticateMessage);
  assert.equal(toHex(encodeAuthenticate(authenticateMessage)), toHex(sample.AUTHENTICATE));
});

test('AUTHENTICATE_MESSAGE: a MIC stands between version and payload', () => {
  const mic = fromHex('000102030405060708090a0b0c0d0e0f');
  const bytes = encodeAuthenticate({ ...authenticateMessage, mic });
  assert.equal(bytes.length, sample.AUTHENTICATE.length + 16);
  assert.equal(toHex(bytes.subarray(72, 88)), toHex(mic));
  assert.deepEqual(decodeAuthenticate(bytes), { ...authenticateMessage, mic });
});

test('AUTHENTICATE_MESSAGE: where an empty part stands means nothing', () => {
  const bytes = sample.AUTHENTICATE.slice();
  bytes.set(fromHex('00000000 ffffffff'), 44); // WorkstationFields
  assert.deepEqual(decodeAuthenticate(bytes), { ...authenticateMessage, workstation: '' });
});

test('NTLM: another signature and another type are refused', () => {
  const foreign = sample.CHALLENGE.slice();
  foreign[0] = 0;
  assert.throws(() => decodeChallenge(foreign), DecodeError);
  assert.ok(!looksLikeNtlm(foreign));
  assert.ok(looksLikeNtlm(sample.CHALLENGE));
  assert.throws(() => decodeNegotiate(sample.CHALLENGE), /expected message type 1, received 2/);
  assert.throws(() => decodeAuthenticate(sample.CHALLENGE), /expected message type 3, received 2/);
});

const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const blob = fc.uint8Array({ maxLength: 200 });
const flags = fc.nat(0xffff_ffff);
const version = fc.record(
  { major: fc.nat(255), minor: fc.nat(255), build: fc.nat(65535), revision: fc.nat(255) },
  { noNullPrototype: true },
);
const pair = fc.record(
  { id: fc.integer({ min: 1, max: 12 }), value: fc.uint8Array({ maxLength: 40 }) },
  { noNullPrototype: true },
);
const pairs = fc.array(pair, { maxLength: 8 });

// Flags say which fields there are, so a value is made to fit its flags.
const withVersion = <T extends { readonly flags: number }>(value: T, stated: unknown): T => ({
  ...value,
  ...(hasFlag(value.flags, NTLM_FLAG.NEGOTIATE_VERSION) && { version: stated }),
});

test('NEGOTIATE_MESSAGE: decode undoes encode', () => {
  fc.assert(
    fc.property(flags, ascii, ascii, version, (bits, domainName, workstationName, stated) => {
      const message: NtlmNegotiate = withVersion(
        {
          flags: bits,
          ...(hasFlag(bits, NTLM_FLAG.NEGOTIATE_OEM_DOMAIN_SUPPLIED) && { domainName }),
          ...(hasFlag(bits, NTLM_FLAG.NEGOTIATE_OEM_WORKSTATION_SUPPLIED) && { workstationName }),
        },
        stated,
      );
      assert.deepEqual(decodeNegotiate(encodeNegotiate(message)), message);
    }),
  );
});

test('CHALLENGE_MESSAGE: decode undoes encode', () => {
  fc.assert(
    fc.property(flags, ascii, bytes(8), pairs, version, (bits, targetName, serverChallenge, list, stated) => {
      const message: NtlmChallenge = withVersion(
        {
          flags: bits,
          targetName,
          serverChallenge,
          ...(hasFlag(bits, NTLM_FLAG.NEGOTIATE_TARGET_INFO) && { targetInfo: targetInfoOf(list) }),
        },
        stated,
      );
      assert.deepEqual(decodeChallenge(encodeChallenge(message)), message);
    }),
  );
});

test('AUTHENTICATE_MESSAGE: decode undoes encode', () => {
  const fields = fc.record(
    {
      flags,
      lmChallengeResponse: blob,
      ntChallengeResponse: blob,
      domainName: ascii,
      userName: ascii,
      workstation: ascii,
      encryptedRandomSessionKey: blob,
      mic: bytes(16),
    },
    {
      requiredKeys: [
        'flags',
        'lmChallengeResponse',
        'ntChallengeResponse',
        'domainName',
        'userName',
        'workstation',
        'encryptedRandomSessionKey',
      ],
      noNullPrototype: true,
    },
  );
  fc.assert(
    fc.property(fields, version, (value, stated) => {
      const message: NtlmAuthenticate = withVersion(value, stated);
      assert.deepEqual(decodeAuthenticate(encodeAuthenticate(message)), message);
    }),
  );
});

checkManners('NEGOTIATE_MESSAGE', decodeNegotiate, [NEGOTIATE]);
checkManners('CHALLENGE_MESSAGE', decodeChallenge, [sample.CHALLENGE]);
checkManners('AUTHENTICATE_MESSAGE', decodeAuthenticate, [
  sample.AUTHENTICATE,
  encodeAuthenticate({ ...authenticateMessage, mic: new Uint8Array(16) }),
]);
