import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  askChallenge,
  attemptLogon,
  type ChallengeAnswer,
  clientBinding,
  commonVersion,
  type LogonAnswer,
  serverBinding,
  unwrap,
} from '../../../src/core/protocol/credssp.ts';
import type { Dialog, DialogRequest } from '../../../src/core/protocol/dialog.ts';
import { avPairsOf } from '../../../src/core/protocol/ntlm-av-pairs.ts';
import { flagsOf, NTLM_FLAG } from '../../../src/core/protocol/ntlm-flags.ts';
import { CLIENT_NEGOTIATE, verifyAuthenticate } from '../../../src/core/protocol/ntlm-logon.ts';
import { decodeNegotiate, encodeChallenge } from '../../../src/core/protocol/ntlm-messages.ts';
import { ntHash } from '../../../src/core/protocol/ntlm-response.ts';
import { NtlmSession } from '../../../src/core/protocol/ntlm-session.ts';
import { encodeSpnego, MECHANISM } from '../../../src/core/protocol/spnego.ts';
import { decodeTsRequest, encodeTsRequest } from '../../../src/core/protocol/tsrequest.ts';
import * as freerdp from './credssp-samples.ts';
import { type Act, play } from './scripted-peer.ts';

type Challenge = ChallengeAnswer & { readonly kind: 'challenge' };

const NOW = 134_000_000_000_000_000n;
const CHALLENGE = encodeChallenge({
  flags: flagsOf(CLIENT_NEGOTIATE.flags & ~NTLM_FLAG.NEGOTIATE_OEM, NTLM_FLAG.NEGOTIATE_TARGET_INFO),
  targetName: 'CORP',
  serverChallenge: fromHex('0011223344556677'),
  targetInfo: { pairs: avPairsOf({ nbComputerName: 'VM1', nbDomainName: 'CORP', timestamp: NOW }) },
  version: { major: 10, minor: 0, build: 20348, revision: 15 },
});
const inSpnego = encodeSpnego({
  kind: 'resp',
  negState: 1,
  supportedMech: MECHANISM.ntlmssp,
  responseToken: CHALLENGE,
});
const REJECT = encodeSpnego({ kind: 'resp', negState: 2 });
const HTTP = new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n');

/** Plays a dialog and keeps its requests, the bytes of secret ones too. */
function playNoting<T>(
  dialog: Dialog<T>,
  acts: readonly Act[],
): { value: T; requests: readonly DialogRequest[] } {
  const requests: DialogRequest[] = [];
  function* noting(): Dialog<T> {
    let step = dialog.next();
    while (!step.done) {
      requests.push(step.value);
      step = dialog.next(yield step.value);
    }
    return step.value;
  }
  return { value: play(noting(), acts).value, requests };
}

const ask = (...acts: Act[]): ChallengeAnswer => play(askChallenge({ version: 6 }), acts).value;

test('askChallenge: sends version and a bare NEGOTIATE, nothing secret', () => {
  const { requests } = playNoting(askChallenge({ version: 6 }), []);
  const [sent] = requests;
  assert.ok(sent?.kind === 'send' && !sent.secret);
  const { version, negoTokens, ...others } = decodeTsRequest(sent.bytes);
  assert.deepEqual([version, negoTokens?.length, others], [6, 1, {}]);
  assert.deepEqual(decodeNegotiate(negoTokens?.[0] ?? new Uint8Array(0)), CLIENT_NEGOTIATE);
});

test('askChallenge: a challenge, bare and in SPNEGO', () => {
  for (const [token, wrapping] of [
    [CHALLENGE, 'bare'],
    [inSpnego, 'spnego'],
  ] as const) {
    const answer = ask(encodeTsRequest({ version: 5, negoTokens: [token] }));
    assert.ok(answer.kind === 'challenge');
    assert.equal(answer.version, 5);
    assert.equal(answer.offered, 6);
    assert.equal(answer.wrapping, wrapping);
    assert.deepEqual(answer.raw.challenge, CHALLENGE);
    assert.equal(answer.challenge.targetInfo?.nbComputerName, 'VM1');
    assert.equal(answer.challenge.targetInfo?.timestamp, NOW);
    assert.equal(answer.challenge.version?.build, 20348);
  }
});

const REFUSALS: readonly (readonly [name: string, acts: readonly Act[], kind: string, says: object])[] = [
  [
    'a status',
    [encodeTsRequest({ version: 6, errorCode: 0x80090302 })],
    'refused',
    { version: 6, errorCode: 0x80090302, rejected: false },
  ],
  [
    'SPNEGO reject',
    [encodeTsRequest({ version: 6, negoTokens: [REJECT] })],
    'refused',
    { version: 6, rejected: true },
  ],
  [
    'SPNEGO reject with a status',
    [encodeTsRequest({ version: 6, negoTokens: [REJECT], errorCode: 0xc0000418 })],
    'refused',
    { version: 6, errorCode: 0xc0000418, rejected: true },
  ],
  [
    'a status beside a token of zeros, as FreeRDP answers what it cannot read',
    [encodeTsRequest({ version: 6, negoTokens: [new Uint8Array(12256)], errorCode: 0xc00700ea })],
    'refused',
    { version: 6, errorCode: 0xc00700ea, rejected: false },
  ],
  [
    'nothing but a version',
    [encodeTsRequest({ version: 6, errorCode: 0 })],
    'foreign',
    {
      head: encodeTsRequest({ version: 6, errorCode: 0 }),
      problem: 'a TSRequest with neither token nor status',
    },
  ],
  [
    'a token that is no challenge',
    [encodeTsRequest({ version: 6, negoTokens: [fromHex('00')] })],
    'foreign',
    {
      head: encodeTsRequest({ version: 6, negoTokens: [fromHex('00')] }),
      problem: 'CHALLENGE_MESSAGE at byte 0: expected 8 more bytes, 1 are left',
    },
  ],
  [
    'a broken TSRequest',
    [fromHex('30020400')],
    'foreign',
    { head: fromHex('30020400'), problem: 'TSRequest at byte 4: expected tag 0xa0 in version, received 0x4' },
  ],
  [
    'another protocol',
    [HTTP],
    'foreign',
    { head: HTTP, problem: 'TSRequest at byte 0: expected tag 0x30, received 0x48' },
  ],
  [
    'an end',
    ['end'],
    'interrupted',
    { by: { kind: 'closed', how: 'end', partial: new Uint8Array(0), at: 0 } },
  ],
  [
    'silence',
    [fromHex('3010'), 'timeout'],
    'interrupted',
    { by: { kind: 'timeout', partial: fromHex('3010'), at: 0 } },
  ],
  [
    'more than 64 KiB announced',
    [fromHex('3083010001')],
    'interrupted',
    { by: { kind: 'too-long', partial: fromHex('3083010001'), announced: 65542, limit: 65536, at: 0 } },
  ],
];
for (const [name, acts, kind, says] of REFUSALS) {
  test(`askChallenge: ${name} is ${kind}`, () => assert.deepEqual(ask(...acts), { kind, ...says }));
}

test('askChallenge: a foreign answer keeps 64 bytes of itself', () => {
  const answer = ask(new Uint8Array(1000).fill(0x41));
  assert.ok(answer.kind === 'foreign');
  assert.equal(answer.head.length, 64);
});

const PUBLIC_KEY = fromHex('30060201ff020103');
const ALICE = { domain: 'CORP', user: 'alice', password: 'Korrekt! 9' };

function challenged(version: number, offered = 6, token = CHALLENGE): Challenge {
  const answer = play(askChallenge({ version: offered }), [
    encodeTsRequest({ version, negoTokens: [token] }),
  ]).value;
  assert.ok(answer.kind === 'challenge');
  return answer;
}

interface Attempt {
  readonly value: LogonAnswer;
  readonly requests: readonly DialogRequest[];
  /** The one TSRequest that was sent. */
  readonly sent: Uint8Array;
}

function attempt(
  after: Challenge,
  acts: readonly Act[],
  credential = ALICE,
  publicKey = PUBLIC_KEY,
): Attempt {
  const dialog = attemptLogon(after, credential, { publicKey }, freerdp.RANDOM, NOW, 'PROBE');
  const { value, requests } = playNoting(dialog, acts);
  const sends = requests.filter((request) => request.kind === 'send');
  assert.equal(sends.length, 1, 'exactly one attempt');
  return { value, requests, sent: sends[0]?.bytes ?? new Uint8Array(0) };
}

/** A server that knows this password and has this key: verifies what was sent and answers with its own proof. */
function serve(after: Challenge, sent: Uint8Array, password: string, publicKey: Uint8Array): Uint8Array {
  const { negoTokens, pubKeyAuth, clientNonce } = decodeTsRequest(sent);
  const verified = verifyAuthenticate(
    { ...after.raw, authenticate: unwrap(negoTokens?.[0] ?? new Uint8Array(0)) },
    ntHash(password),
  );
  if (verified.kind !== 'genuine') return encodeTsRequest({ version: after.version, errorCode: 0xc000006d });
  const session = new NtlmSession(verified.exportedSessionKey, verified.flags, 'server');
  const binding = {
    version: commonVersion(after.offered, after.version),
    publicKey,
    clientNonce: clientNonce ?? new Uint8Array(0),
  };
  assert.deepEqual(session.unwrap(pubKeyAuth ?? new Uint8Array(0)), clientBinding(binding));
  return encodeTsRequest({ version: after.version, pubKeyAuth: session.wrap(serverBinding(binding)) });
}

for (const version of [2, 3, 4, 5, 6, 7]) {
  test(`attemptLogon: a server of version ${version} accepts, and both proofs fit`, () => {
    const after = challenged(version);
    const { sent } = attempt(after, []);
    assert.equal(decodeTsRequest(sent).clientNonce !== undefined, version >= 5);
    const { value } = attempt(after, [serve(after, sent, ALICE.password, PUBLIC_KEY)]);
    assert.deepEqual(value, { kind: 'accepted' });
  });
}

test('attemptLogon: a status of zero is none', () => {
  const after = challenged(6);
  const { sent } = attempt(after, []);
  const proof = decodeTsRequest(serve(after, sent, ALICE.password, PUBLIC_KEY));
  const { value } = attempt(after, [encodeTsRequest({ ...proof, errorCode: 0 })]);
  assert.deepEqual(value, { kind: 'accepted' });
});

test('attemptLogon: a server that wraps in SPNEGO gets SPNEGO', () => {
  const after = challenged(6, 6, inSpnego);
  const { sent } = attempt(after, []);
  assert.equal(decodeTsRequest(sent).negoTokens?.[0]?.[0], 0xa1);
  assert.deepEqual(attempt(after, [serve(after, sent, ALICE.password, PUBLIC_KEY)]).value, {
    kind: 'accepted',
  });
});

for (const [name, recorded, offered] of [
  ['version 6', freerdp.VERSION_6, 6],
  ['version 3', freerdp.VERSION_3, 3],
] as const) {
  const asked = play(askChallenge({ version: offered }), [recorded.challenge]).value;
  assert.ok(asked.kind === 'challenge');

  test(`FreeRDP's challenge, ${name}`, () => {
    const { pairs, timestamp, ...names } = asked.challenge.targetInfo ?? { pairs: [] };
    assert.deepEqual(names, {
      nbComputerName: 'VM',
      nbDomainName: 'VM',
      dnsComputerName: 'vm',
      dnsDomainName: 'vm',
    });
    assert.equal(pairs.length, 5);
    assert.ok(timestamp !== undefined && timestamp % 10_000_000n === 0n, 'whole seconds');
    assert.deepEqual(asked.challenge.version, { major: 6, minor: 1, build: 7601, revision: 15 });
    assert.equal(asked.version, 6);
  });

  test(`FreeRDP's proof of its key, ${name}`, () => {
    const otherKey = freerdp.PUBLIC_KEY.map((byte, index) => (index === 99 ? byte ^ 1 : byte));
    const dialog = (publicKey: Uint8Array): Dialog<LogonAnswer> =>
      attemptLogon(asked, freerdp.ALICE, { publicKey }, freerdp.RANDOM, NOW, freerdp.WORKSTATION);
    assert.deepEqual(play(dialog(freerdp.PUBLIC_KEY), [recorded.proof]).value, { kind: 'accepted' });
    assert.deepEqual(play(dialog(otherKey), [recorded.proof]).value, { kind: 'binding-mismatch' });
  });
}

const after = challenged(6);
const { sent: genuine } = attempt(after, []);
const mirrored = decodeTsRequest(genuine).pubKeyAuth ?? new Uint8Array(0);
const OUTCOMES: readonly (readonly [name: string, acts: readonly Act[], value: LogonAnswer])[] = [
  [
    'another password',
    [serve(after, genuine, 'korrekt! 9', PUBLIC_KEY)],
    { kind: 'status', code: 0xc000006d },
  ],
  [
    'an expired password, in five octets',
    [fromHex('300ea003020106a407020500c0000071')],
    { kind: 'status', code: 0xc0000071 },
  ],
  [
    'a status beside a proof',
    [encodeTsRequest({ version: 6, pubKeyAuth: mirrored, errorCode: 0xc0000022 })],
    { kind: 'status', code: 0xc0000022 },
  ],
  [
    'our own proof sent back',
    [encodeTsRequest({ version: 6, pubKeyAuth: mirrored })],
    { kind: 'binding-mismatch' },
  ],
  [
    'an empty proof',
    [encodeTsRequest({ version: 6, pubKeyAuth: new Uint8Array(0) })],
    { kind: 'binding-mismatch' },
  ],
  [
    'SPNEGO reject',
    [encodeTsRequest({ version: 6, negoTokens: [REJECT] })],
    {
      kind: 'foreign',
      head: encodeTsRequest({ version: 6, negoTokens: [REJECT] }),
      problem: 'SPNEGO reject without a status',
    },
  ],
  [
    'nothing but a version',
    [encodeTsRequest({ version: 6 })],
    {
      kind: 'foreign',
      head: encodeTsRequest({ version: 6 }),
      problem: 'a TSRequest with neither proof of the key nor status',
    },
  ],
  [
    'a reset',
    ['reset'],
    { kind: 'interrupted', by: { kind: 'closed', how: 'reset', partial: new Uint8Array(0), at: 0 } },
  ],
  [
    'silence',
    ['timeout'],
    { kind: 'interrupted', by: { kind: 'timeout', partial: new Uint8Array(0), at: 0 } },
  ],
];
for (const [name, acts, value] of OUTCOMES) {
  test(`attemptLogon: ${name} is ${value.kind}`, () => assert.deepEqual(attempt(after, acts).value, value));
}

test('attemptLogon: a machine in between, with a certificate of its own, does not pass for the server', () => {
  // It relays a server that knows the password; the server's proof is then for the server's key, not for the one TLS showed.
  const theirs = fromHex('30060201aa020103');
  const { sent } = attempt(after, [], ALICE, theirs);
  assert.deepEqual(attempt(after, [serve(after, sent, ALICE.password, theirs)]).value, {
    kind: 'binding-mismatch',
  });
});

test('attemptLogon: what it sends is marked secret and holds neither password, hash nor TSCredentials', () => {
  const { requests, sent } = attempt(after, []);
  assert.deepEqual(
    requests.map((request) => request.kind),
    ['send', 'receive'],
  );
  const [request] = requests;
  assert.ok(request?.kind === 'send' && request.secret);
  assert.equal(decodeTsRequest(sent).authInfo, undefined);
  for (const secret of [
    new TextEncoder().encode(ALICE.password),
    ntHash(ALICE.password),
    freerdp.RANDOM.exportedSessionKey,
  ])
    assert.ok(!toHex(sent).includes(toHex(secret)));
  for (const { what } of requests) assert.ok(!what.includes(ALICE.password) && !what.includes(ALICE.user));
});

test('attemptLogon: without extended session security nothing is sent', () => {
  const weak: Challenge = {
    ...after,
    challenge: {
      ...after.challenge,
      flags: after.challenge.flags & ~NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY,
    },
  };
  const dialog = attemptLogon(weak, ALICE, { publicKey: PUBLIC_KEY }, freerdp.RANDOM, NOW, 'PROBE');
  const { value, requests } = playNoting(dialog, []);
  assert.equal(value.kind, 'foreign');
  assert.deepEqual(requests, []);
});

test('both dialogs end with a value whatever the server sends', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const requests = fc
    .record(
      {
        version: fc.nat(10),
        negoTokens: fc.array(fc.oneof(bytes, fc.constantFrom(CHALLENGE, inSpnego, REJECT)), { maxLength: 2 }),
        pubKeyAuth: bytes,
        errorCode: fc.nat(0xffff_ffff),
      },
      { requiredKeys: ['version'], noNullPrototype: true },
    )
    .map(encodeTsRequest);
  fc.assert(
    fc.property(fc.oneof(bytes, requests), (answer) => {
      ask(answer);
      assert.notEqual(attempt(after, [answer]).value.kind, 'accepted');
    }),
  );
});
