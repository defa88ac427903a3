// A session with a scripted server: what it costs, and what is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../../src/core/bytes/hex.ts';
import type { Dialog } from '../../../../src/core/protocol/dialog.ts';
import type { SmbFailure } from '../../../../src/core/protocol/smb2/failure.ts';
import { openSmbSession } from '../../../../src/core/protocol/smb2/open-session.ts';
import type { SmbSession } from '../../../../src/core/protocol/smb2/session.ts';
import { playSmb } from './fake-smb.ts';
import { DIALECTS, enter, OPTIONS } from './refusing.ts';

for (const [name, dialect] of Object.entries(DIALECTS)) {
  for (const cipher of name === '2.1' ? [0] : [0, 1, 2, 3, 4]) {
    if (name !== '3.1.1' && cipher > 1) continue;
    test(`SMB ${name}, cipher ${cipher}: a session and a share in four round trips`, () => {
      const { value, sent, roundTrips } = playSmb(enter(OPTIONS), { dialect, cipher });
      assert.ok(value.kind === 'tree', value.kind === 'failed' ? value.problem : '');
      const { agreement, connection } = value.session;
      assert.deepEqual([agreement.dialect, agreement.cipher ?? 0], [dialect, cipher]);
      assert.equal(agreement.signing, name === '2.1' ? 0 : name === '3.1.1' ? 2 : 1);
      assert.equal(connection.seals, cipher > 0);
      assert.equal(roundTrips, 4);
      assert.deepEqual(
        sent.map(({ what, secret }) => [what, secret]),
        [
          ['SMB2 NEGOTIATE', false],
          ['SMB2 SESSION_SETUP with NTLM NEGOTIATE', false],
          ['SMB2 SESSION_SETUP with NTLM AUTHENTICATE', true],
          ['SMB2 TREE_CONNECT IPC$', false],
        ],
      );
    });
  }
}

for (const [name, signing] of [
  ['HMAC-SHA256', 0],
  ['CMAC', 1],
  ['GMAC', 2],
] as const) {
  test(`signing by ${name}, where it is offered`, () => {
    const { value } = playSmb(enter({ ...OPTIONS, signing: [signing] }), { cipher: 0, signing });
    assert.ok(value.kind === 'tree' && value.session.agreement.signing === signing);
  });
}

test('a server of 3.1.1 that names no signing algorithm signs by CMAC', () => {
  const { value } = playSmb(enter(OPTIONS), { cipher: 0, signing: 'not said' });
  assert.ok(value.kind === 'tree' && value.session.agreement.signing === 1);
});

test('messages are no longer than one credit pays for, nor than the server takes', () => {
  for (const [maxSize, maxTransmit] of [
    [0x80_0000, 65_536],
    [4096, 4096],
  ] as const) {
    const { value } = playSmb(enter(OPTIONS), { maxSize });
    assert.ok(value.kind === 'tree' && value.session.agreement.maxTransmit === maxTransmit);
  }
});

test('the session says what the server said of itself', () => {
  const { value } = playSmb(openSmbSession(OPTIONS));
  assert.ok(value.kind === 'session');
  const { serverTime, serverGuid, challenge } = value.agreement;
  assert.equal(serverTime, 134_000_000_000_000_000n);
  assert.equal(toHex(serverGuid), '5a'.repeat(16));
  assert.equal(challenge.targetInfo?.nbComputerName, 'VM1');
});

test('logging off is one message, and its answer is waited for', () => {
  function* inAndOut(): Dialog<SmbSession | SmbFailure> {
    const session = yield* openSmbSession(OPTIONS);
    if (session.kind === 'session') yield* session.logOff();
    return session;
  }
  const { sent, roundTrips } = playSmb(inAndOut());
  assert.deepEqual([sent.at(-1)?.what, roundTrips], ['SMB2 LOGOFF', 4]);
});
