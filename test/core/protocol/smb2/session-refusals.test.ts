// What a client must refuse on the way into a session: downgrades, what each status of a sign-in means,
// Guest, and proofs that are missing or somebody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NTLM_FLAG } from '../../../../src/core/protocol/ntlm-flags.ts';
import { encodeChallenge } from '../../../../src/core/protocol/ntlm-messages.ts';
import { encodeSpnego, MECHANISM } from '../../../../src/core/protocol/spnego.ts';
import { errorBody, setupBody } from './fake-bodies.ts';
import type { FakeOptions, FakeReply } from './fake-options.ts';
import { playSmb } from './fake-smb.ts';
import {
  accepting,
  DIALECTS,
  enter,
  failing,
  flipping,
  NEGOTIATE,
  OPTIONS,
  refuses,
  SETUP,
  saying,
} from './refusing.ts';

// What [MS-SMB2] 3.2.5.2 has a client refuse, and the downgrades that a server may try.
refuses('none of the dialects', failing(NEGOTIATE, 0xc000_00bb), {
  reason: 'dialect-refused',
  problem: /accepts none of SMB 2\.1, 3\.0, 3\.0\.2, 3\.1\.1 \(0xc00000bb\)/,
  status: 0xc000_00bb,
  sent: 1,
});
for (const [dialect, text] of [
  [0x0202, '2.0.2'],
  [0x02ff, '2.???'],
  [0x0310, '0x0310'],
] as const) {
  refuses(
    `dialect ${text}`,
    { dialect },
    {
      reason: 'dialect-refused',
      problem: new RegExp(
        `answers with SMB ${text.replace(/[.?]/g, '\\$&')}; 2\\.1, 3\\.0, 3\\.0\\.2, 3\\.1\\.1 was offered`,
      ),
      sent: 1,
    },
  );
}
refuses(
  'a dialect below those offered',
  { dialect: 0x0210 },
  { reason: 'dialect-refused', problem: /SMB 2\.1; 3\.1\.1 was offered/, sent: 1 },
  { dialects: [0x0311] },
);
refuses(
  '3.1.1 without SHA-512',
  { hash: 2 },
  { reason: 'foreign', problem: /without preauthentication/, sent: 1 },
);
refuses(
  'a cipher that was not offered',
  { cipher: 2 },
  { reason: 'foreign', problem: /cipher 2, which was not offered/, sent: 1 },
  { ciphers: [4] },
);
refuses(
  'a signing algorithm that was not offered',
  { signing: 0 },
  { reason: 'foreign', problem: /signing algorithm 0, which was not offered/, sent: 1 },
);
refuses(
  'messages that are too short for RPC',
  { maxSize: 1000 },
  { reason: 'foreign', problem: /1000 bytes at most; 1432/, sent: 1 },
);
refuses(
  'no NTLM among the mechanisms',
  { token: encodeSpnego({ kind: 'init', mechTypes: [MECHANISM.kerberos] }) },
  { reason: 'ntlm-refused', problem: /not with NTLM/, sent: 1 },
);

test('an unknown mechanism beside NTLM is passed over', () => {
  const token = encodeSpnego({ kind: 'init', mechTypes: ['1.3.6.1.5.2.5', MECHANISM.ntlmssp] });
  assert.equal(playSmb(enter(OPTIONS), { token }).value.kind, 'tree');
});

// Sign-in: what each status means, and that one attempt is all.
refuses(
  'a wrong password',
  {},
  {
    reason: 'wrong-credential',
    problem: /user name or the password is wrong.*\(0xc000006d\)/,
    status: 0xc000_006d,
    sent: 3,
  },
  { credential: { domain: 'CORP', user: 'alice', password: 'other' } },
);
for (const [status, reason, problem] of [
  [0xc000_0072, 'account-state', /account is disabled/],
  [0xc000_0234, 'account-state', /locked out/],
  [0xc000_0193, 'account-state', /account has expired/],
  [0xc000_0071, 'account-state', /password has expired/],
  [0xc000_0224, 'account-state', /password must be changed/],
  [0xc000_006e, 'account-state', /restriction/],
  [0xc000_006f, 'account-state', /at this hour/],
  [0xc000_0070, 'account-state', /from this machine/],
  [0xc000_015b, 'logon-type-refused', /over the network/],
  [0xc000_005e, 'domain-unreachable', /no domain controller/],
  [0xc000_018d, 'domain-unreachable', /lost the trust/],
  [0xc000_0418, 'ntlm-refused', /NTLM is blocked/],
  [0xc000_009a, 'server-busy', /short of resources/],
  [0xc000_0001, 'status', /refused \(0xc0000001\)/],
] as const) {
  const say = accepting((reply) => ({ ...reply, status, body: errorBody(), protect: 'none' }));
  refuses(`sign-in with 0x${status.toString(16)}`, say, { reason, problem, status, sent: 3 });
}
refuses('NTLM, before anybody is named', failing(SETUP, 0xc000_00bb), {
  reason: 'ntlm-refused',
  problem: /asking for an NTLM challenge/,
  status: 0xc000_00bb,
  sent: 2,
});
refuses(
  'sign-in without encryption where it is demanded',
  {
    cipher: 0,
    ...accepting((reply) => ({ ...reply, status: 0xc000_0022, body: errorBody() })),
  },
  { reason: 'encryption-required', problem: /demands encryption/, status: 0xc000_0022, sent: 3 },
);
refuses(
  'sign-in that is denied although encryption was agreed on',
  {
    ...accepting((reply) => ({ ...reply, status: 0xc000_0022, body: errorBody() })),
  },
  { reason: 'access-denied', problem: /access denied \(0xc0000022\)$/, status: 0xc000_0022, sent: 3 },
);
refuses(
  'Guest',
  accepting((reply) => ({ ...reply, body: setupBody(1, new Uint8Array(0)), protect: 'none' })),
  {
    reason: 'guest',
    problem: /Guest in place of the user/,
    sent: 3,
  },
);
refuses(
  'nobody',
  accepting((reply) => ({ ...reply, body: setupBody(2, new Uint8Array(0)), protect: 'none' })),
  {
    reason: 'null-session',
    problem: /nobody in place/,
    sent: 3,
  },
);
for (const dialect of Object.values(DIALECTS)) {
  const text = dialect.toString(16);
  refuses(
    `a sign-in that is not signed, 0x${text}`,
    { dialect, ...accepting((reply) => ({ ...reply, protect: 'none' })) },
    {
      reason: 'unsigned',
      problem: /without signing that/,
      sent: 3,
    },
  );
  refuses(
    `a sign-in signed by somebody else, 0x${text}`,
    { dialect, ...flipping(2, 60) },
    {
      reason: 'forged',
      problem: /does not know the key/,
      sent: 3,
    },
  );
}
refuses(
  'a mechListMIC of somebody else',
  accepting((reply) => ({
    ...reply,
    body: setupBody(0, encodeSpnego({ kind: 'resp', negState: 0, mechListMIC: new Uint8Array(16) })),
  })),
  { reason: 'forged', problem: /choice of NTLM/, sent: 3 },
);
refuses(
  'a session that demands encryption and has none',
  { cipher: 0, sessionFlags: 4 },
  {
    reason: 'encryption-required',
    problem: /agreed to none/,
    sent: 3,
  },
);
refuses(
  'a share that demands encryption and has none',
  { cipher: 0, shareFlags: 0x8000 },
  {
    reason: 'encryption-required',
    problem: /IPC\$: the share demands encryption, and SMB 3\.1\.1 as negotiated has none/,
    sent: 4,
  },
);
refuses(
  'a third NTLM message',
  {
    ...accepting((reply) => ({ ...reply, status: 0xc000_0016 })),
  },
  { reason: 'foreign', problem: /third NTLM message/, sent: 3 },
);
refuses(
  'success without a challenge',
  { say: saying(SETUP, (reply) => ({ ...reply, status: 0 })) },
  {
    reason: 'foreign',
    problem: /without a challenge/,
    sent: 2,
  },
);

/** Changes the answer that has the challenge. */
const challenging = (change: (reply: FakeReply) => FakeReply): Pick<FakeOptions, 'say'> => ({
  say: (reply) => [reply.command === SETUP && reply.status === 0xc000_0016 ? change(reply) : reply],
});
const challengeWith = (flags: number): Uint8Array =>
  setupBody(
    0,
    encodeSpnego({
      kind: 'resp',
      negState: 1,
      responseToken: encodeChallenge({ flags, targetName: 'CORP', serverChallenge: new Uint8Array(8) }),
    }),
  );
const { NEGOTIATE_UNICODE, NEGOTIATE_SIGN, NEGOTIATE_EXTENDED_SESSIONSECURITY } = NTLM_FLAG;

// Before anybody is named: the challenge.
for (const [name, flags, problem] of [
  ['extended session security', NEGOTIATE_UNICODE | NEGOTIATE_SIGN, /extended session security/],
  ['signing', NEGOTIATE_UNICODE | NEGOTIATE_EXTENDED_SESSIONSECURITY, /agree to signing in NTLM/],
] as const) {
  refuses(
    `a challenge without ${name}`,
    challenging((reply) => ({ ...reply, body: challengeWith(flags) })),
    { reason: 'ntlm-refused', problem, sent: 2 },
  );
}
refuses(
  'a challenge of no session',
  challenging((reply) => ({ ...reply, sessionId: 0n })),
  { reason: 'foreign', problem: /names no session/, sent: 2 },
);
const rejection = setupBody(0, encodeSpnego({ kind: 'resp', negState: 2 }));
refuses(
  'SPNEGO reject in place of a challenge',
  challenging((reply) => ({ ...reply, body: rejection })),
  { reason: 'ntlm-refused', problem: /rejects NTLM in SPNEGO/, sent: 2 },
);
refuses(
  'SPNEGO reject with success',
  accepting((reply) => ({ ...reply, body: rejection })),
  { reason: 'ntlm-refused', problem: /rejects NTLM in SPNEGO/, sent: 3 },
);
refuses(
  'a challenge that is none',
  challenging((reply) => ({ ...reply, body: setupBody(0, Uint8Array.of(1, 2, 3)) })),
  { reason: 'foreign', problem: /CHALLENGE_MESSAGE/, sent: 2 },
);
