import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { avPairsOf } from '../../../src/core/protocol/ntlm-av-pairs.ts';
import { NTLM_FLAG } from '../../../src/core/protocol/ntlm-flags.ts';
import {
  authenticate,
  CLIENT_NEGOTIATE,
  CLIENT_VERSION,
  verifyAuthenticate,
} from '../../../src/core/protocol/ntlm-logon.ts';
import {
  decodeAuthenticate,
  decodeChallenge,
  encodeAuthenticate,
  encodeChallenge,
  encodeNegotiate,
} from '../../../src/core/protocol/ntlm-messages.ts';
import { decodeClientChallenge, ntHash } from '../../../src/core/protocol/ntlm-response.ts';
import * as sample from './ntlm-samples.ts';

const negotiate = encodeNegotiate(CLIENT_NEGOTIATE);
const credential = { domain: sample.DOMAIN, user: sample.USER, password: sample.PASSWORD };
const random = { exportedSessionKey: sample.RANDOM_SESSION_KEY, clientChallenge: sample.CLIENT_CHALLENGE };
const HASH = ntHash(sample.PASSWORD);

const answer = (challenge: Uint8Array, password = sample.PASSWORD): ReturnType<typeof authenticate> =>
  authenticate({
    messages: { negotiate, challenge },
    credential: { ...credential, password },
    random,
    now: 0n,
    workstation: sample.WORKSTATION,
  });

/** As a Windows since Vista challenges: with a time stamp. */
const TIMESTAMP = 133_000_000_000_000_000n;
const specified = decodeChallenge(sample.CHALLENGE);
const modern = encodeChallenge({
  ...specified,
  targetInfo: {
    pairs: [
      ...avPairsOf({ nbDomainName: 'Domain', nbComputerName: 'Server', flags: 1, timestamp: TIMESTAMP }),
      { id: 0x99, value: Uint8Array.of(1, 2, 3) },
    ],
  },
});

test('authenticate: [MS-NLMP] 4.2.4.3, but for the version we state', () => {
  const { message, exportedSessionKey, flags } = answer(sample.CHALLENGE);
  const expected = encodeAuthenticate({
    ...decodeAuthenticate(sample.AUTHENTICATE),
    version: CLIENT_VERSION,
  });
  assert.equal(toHex(message), toHex(expected));
  assert.deepEqual(exportedSessionKey, sample.RANDOM_SESSION_KEY);
  assert.equal(flags, 0xe2888235);
});

test('authenticate: a challenge with a time stamp gets a MIC, that time, and no LM response', () => {
  const message = decodeAuthenticate(answer(modern).message);
  assert.ok(message.mic?.some((byte) => byte !== 0));
  assert.ok(message.lmChallengeResponse.every((byte) => byte === 0));
  const { timestamp, targetInfo } = decodeClientChallenge(message.ntChallengeResponse.subarray(16));
  assert.equal(timestamp, TIMESTAMP);
  const { pairs, ...names } = targetInfo;
  assert.deepEqual(names, {
    nbDomainName: 'Domain',
    nbComputerName: 'Server',
    flags: 3,
    timestamp: TIMESTAMP,
    targetName: '',
    channelBindings: new Uint8Array(16),
  });
  assert.deepEqual(
    pairs.map(({ id }) => id),
    [2, 1, 7, 0x99, 6, 9, 10],
    'each once, unknown ones kept',
  );
});

test('authenticate: without NTLMSSP_NEGOTIATE_KEY_EXCH no key is sent', () => {
  const plain = encodeChallenge({
    ...specified,
    flags: (specified.flags & ~NTLM_FLAG.NEGOTIATE_KEY_EXCH) >>> 0,
  });
  const { message, exportedSessionKey } = answer(plain);
  assert.equal(decodeAuthenticate(message).encryptedRandomSessionKey.length, 0);
  assert.equal(toHex(exportedSessionKey), '8de40ccadbc14a82f15cb0ad0de95ca3');
  const verified = verifyAuthenticate({ negotiate, challenge: plain, authenticate: message }, HASH);
  assert.deepEqual(verified.kind === 'genuine' && verified.exportedSessionKey, exportedSessionKey);
});

test('verifyAuthenticate: the message of [MS-NLMP] 4.2.4.3 is genuine', () => {
  const verified = verifyAuthenticate(
    { negotiate, challenge: sample.CHALLENGE, authenticate: sample.AUTHENTICATE },
    HASH,
  );
  assert.deepEqual(verified, {
    kind: 'genuine',
    exportedSessionKey: sample.RANDOM_SESSION_KEY,
    flags: 0xe2888235,
  });
});

const good = answer(modern).message;
const withNt = (ntChallengeResponse: Uint8Array): Uint8Array =>
  encodeAuthenticate({ ...decodeAuthenticate(good), ntChallengeResponse });
const renamed = encodeAuthenticate({ ...decodeAuthenticate(good), userName: 'Other' });
const { mic: _, ...bare } = decodeAuthenticate(good);
const ROWS: readonly (readonly [name: string, message: Uint8Array, kind: string])[] = [
  ['the right password', good, 'genuine'],
  ['another password', answer(modern, 'password').message, 'wrong-proof'],
  ['another user name', renamed, 'wrong-proof'],
  ['no response', withNt(new Uint8Array(0)), 'anonymous'],
  ['a response of 24 bytes', withNt(new Uint8Array(24)), 'not-ntlmv2'],
  ['another workstation', encodeAuthenticate({ ...decodeAuthenticate(good), workstation: 'X' }), 'wrong-mic'],
  ['a MIC that was announced and taken out', encodeAuthenticate(bare), 'wrong-mic'],
];
for (const [name, message, kind] of ROWS) {
  test(`verifyAuthenticate: ${name} is ${kind}`, () => {
    const verified = verifyAuthenticate({ negotiate, challenge: modern, authenticate: message }, HASH);
    assert.equal(verified.kind, kind);
    if (verified.kind === 'genuine') assert.deepEqual(verified.exportedSessionKey, sample.RANDOM_SESSION_KEY);
  });
}

test('verifyAuthenticate: a changed NEGOTIATE_MESSAGE shows in the MIC', () => {
  const changed = encodeNegotiate({
    ...CLIENT_NEGOTIATE,
    flags: CLIENT_NEGOTIATE.flags & ~NTLM_FLAG.NEGOTIATE_128,
  });
  assert.equal(
    verifyAuthenticate({ negotiate: changed, challenge: modern, authenticate: good }, HASH).kind,
    'wrong-mic',
  );
});

test('authenticate: neither message nor key contains the password or its hash', () => {
  const { message, exportedSessionKey } = answer(modern);
  const sent = toHex(message) + toHex(exportedSessionKey);
  assert.ok(!sent.includes(toHex(HASH)));
  assert.ok(!sent.includes(toHex(new TextEncoder().encode(sample.PASSWORD))));
});
