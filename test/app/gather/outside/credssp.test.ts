import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeCredssp, observeLogon } from '../../../../src/app/gather/outside/credssp.ts';
import type { CredsspProbe } from '../../../../src/app/gather/outside/probes.ts';
import { absent, type Observation, present, unknown } from '../../../../src/core/model/observation.ts';
import type { LogonAnswer } from '../../../../src/core/protocol/credssp.ts';
import { decodeChallenge } from '../../../../src/core/protocol/ntlm-messages.ts';
import { ntlmChallenge } from '../../fake-rdp.ts';
import { CLOSED, credsspProbe, failure, from, INTERRUPTED, OUTSIDE, selected, TIMEOUT } from './fixtures.ts';

const SECURED = { kind: 'secured', version: '1.2', cipher: '', certificates: [], at: 0 } as const;
const SENT = Date.UTC(2026, 2, 1, 12, 0, 0);

/** A challenge whose clock shows `at`, asked at SENT and received 300 ms later. */
function challenged(at: number | undefined): CredsspProbe {
  const raw = ntlmChallenge(at);
  return credsspProbe({
    secured: SECURED,
    challenge: {
      kind: 'challenge',
      version: 6,
      challenge: decodeChallenge(raw),
      raw: { negotiate: new Uint8Array(0), challenge: raw },
      offered: 6,
      wrapping: 'bare',
      sentAt: SENT,
      receivedAt: SENT + 300,
    },
  });
}

test('a challenge: version, names, build, clock, and that NTLM was not refused', () => {
  const facts = observeCredssp(OUTSIDE, challenged(SENT + 150));
  assert.deepEqual(facts.version, present(6, from('credssp')));
  assert.deepEqual(
    facts.challenge,
    present(
      {
        netbiosComputer: 'VM1',
        netbiosDomain: 'CORP',
        dnsComputer: 'vm1.corp.example',
        dnsDomain: 'corp.example',
        dnsForest: 'corp.example',
        osBuild: '10.0.20348',
        timestamp: '2026-03-01T12:00:00.150Z',
      },
      from('credssp'),
    ),
  );
  assert.deepEqual(facts.refusal, absent(from('credssp'), 'the server answered NTLM with a challenge'));
});

// Half the round trip of 300 ms is taken off.
for (const [ahead, seconds] of [
  [150, 0],
  [0, -0.15],
  [300, 0.15],
  [150 + 301_000, 301],
  [150 - 7_200_000, -7200],
] as const) {
  test(`skew: a clock that shows ${ahead} ms after the request is ${seconds} s ahead`, () => {
    assert.deepEqual(
      observeCredssp(OUTSIDE, challenged(SENT + ahead)).skew,
      present(seconds, from('credssp')),
    );
  });
}

test('a challenge without a time stamp has no skew, and says so', () => {
  const { challenge, skew } = observeCredssp(OUTSIDE, challenged(undefined));
  assert.ok(challenge.state === 'present' && !('timestamp' in challenge.value));
  assert.deepEqual(skew, absent(from('credssp'), 'the challenge carries no timestamp'));
});

test('a name that no honest server has is cut', () => {
  const probe = challenged(undefined);
  assert.ok(probe.challenge?.kind === 'challenge');
  const { challenge } = probe.challenge;
  const targetInfo = { pairs: [], nbComputerName: 'X'.repeat(5000) };
  const { challenge: fact } = observeCredssp(OUTSIDE, {
    ...probe,
    challenge: { ...probe.challenge, challenge: { ...challenge, targetInfo } },
  });
  assert.ok(fact.state === 'present');
  assert.equal(fact.value.netbiosComputer?.length, 257);
});

test('a refusal before any challenge is a fact of its own', () => {
  const probe = (errorCode: number | undefined, rejected: boolean) =>
    credsspProbe({
      secured: SECURED,
      challenge: { kind: 'refused', version: 6, rejected, ...(errorCode === undefined ? {} : { errorCode }) },
    });
  const withStatus = observeCredssp(OUTSIDE, probe(0x80090302, false));
  assert.deepEqual(
    withStatus.refusal,
    present({ status: 0x80090302, name: 'SEC_E_UNSUPPORTED_FUNCTION' }, from('credssp')),
  );
  assert.deepEqual(withStatus.version, present(6, from('credssp')));
  assert.deepEqual(withStatus.challenge, unknown('denied', 'the server refused before it sent a challenge'));
  assert.deepEqual(withStatus.skew.state, 'unknown');
  const rejected = observeCredssp(OUTSIDE, probe(undefined, true));
  assert.deepEqual(rejected.refusal, present({ name: 'SPNEGO reject' }, from('credssp')));
});

/** What every fact of CredSSP is where it was not reached. */
const missing: readonly (readonly [
  name: string,
  probe: CredsspProbe | undefined,
  state: Observation<unknown>['state'],
  why: string | undefined,
  detail: RegExp,
])[] = [
  ['no connection', undefined, 'unknown', 'no-channel', /no connection opened/],
  [
    'closed in the negotiation',
    credsspProbe({ negotiation: INTERRUPTED.closed }),
    'unknown',
    'no-channel',
    /as far as CredSSP/,
  ],
  [
    'another protocol',
    credsspProbe({ negotiation: { kind: 'foreign', head: new Uint8Array(0), problem: '' } }),
    'unknown',
    'no-channel',
    /as far as CredSSP/,
  ],
  [
    'standard RDP security only',
    credsspProbe({ negotiation: selected(0) }),
    'absent',
    undefined,
    /does not offer CredSSP/,
  ],
  [
    'an old server',
    credsspProbe({ negotiation: { kind: 'no-negotiation' } }),
    'absent',
    undefined,
    /does not offer CredSSP/,
  ],
  ['refused', credsspProbe({ negotiation: failure(2) }), 'absent', undefined, /does not offer CredSSP/],
  [
    'no certificate',
    credsspProbe({ negotiation: failure(3) }),
    'unknown',
    'no-channel',
    /no usable certificate/,
  ],
  [
    'TLS without CredSSP',
    credsspProbe({ negotiation: selected(1), secured: SECURED }),
    'absent',
    undefined,
    /does not offer/,
  ],
  [
    'TLS without CredSSP, and TLS fails',
    credsspProbe({ negotiation: selected(1), secured: CLOSED }),
    'absent',
    undefined,
    /does not offer/,
  ],
  [
    'TLS is closed',
    credsspProbe({ secured: CLOSED }),
    'unknown',
    'no-channel',
    /TLS handshake the server closed/,
  ],
  [
    'TLS is silent',
    credsspProbe({ secured: TIMEOUT }),
    'unknown',
    'no-channel',
    /TLS handshake the server sent nothing in time/,
  ],
  [
    'TLS ends with an alert',
    credsspProbe({ secured: { kind: 'tls-failed', reason: 'x', alert: 40, at: 0 } }),
    'unknown',
    'no-channel',
    /alert 40/,
  ],
  [
    'TLS fails here',
    credsspProbe({ secured: { kind: 'tls-failed', reason: 'wrong version number', at: 0 } }),
    'unknown',
    'no-channel',
    /wrong version number/,
  ],
  [
    'CredSSP is silent',
    credsspProbe({ secured: SECURED, challenge: { kind: 'interrupted', by: TIMEOUT } }),
    'unknown',
    'timeout',
    /sent nothing in time/,
  ],
  [
    'CredSSP is closed',
    credsspProbe({ secured: SECURED, challenge: { kind: 'interrupted', by: CLOSED } }),
    'unknown',
    'corrupt',
    /closed the connection/,
  ],
  [
    'CredSSP is garbage',
    credsspProbe({
      secured: SECURED,
      challenge: { kind: 'foreign', head: new Uint8Array(0), problem: 'expected tag 0x30' },
    }),
    'unknown',
    'corrupt',
    /expected tag 0x30/,
  ],
];
for (const [name, probe, state, why, detail] of missing) {
  test(`not reached: ${name}`, () => {
    for (const fact of Object.values(observeCredssp(OUTSIDE, probe))) {
      assert.equal(fact.state, state);
      assert.ok(fact.state !== 'present');
      assert.equal(fact.state === 'unknown' ? fact.why : undefined, why);
      assert.match(fact.detail ?? '', detail);
    }
  });
}

const logons: readonly (readonly [name: string, LogonAnswer | undefined, Observation<unknown>])[] = [
  ['accepted', { kind: 'accepted' }, present({ status: 0, name: 'STATUS_SUCCESS' }, from('logon'))],
  [
    'a status',
    { kind: 'status', code: 0xc000018d },
    present({ status: 0xc000018d, name: 'STATUS_TRUSTED_RELATIONSHIP_FAILURE' }, from('logon')),
  ],
  [
    'a status that nobody knows',
    { kind: 'status', code: 0xc0ffee01 },
    present({ status: 0xc0ffee01, name: '0xC0FFEE01' }, from('logon')),
  ],
  [
    'the wrong proof',
    { kind: 'binding-mismatch' },
    unknown(
      'corrupt',
      "the server's proof does not match its certificate: another machine may be between the two",
    ),
  ],
  [
    'garbage',
    { kind: 'foreign', head: new Uint8Array(0), problem: 'no TSRequest' },
    unknown('corrupt', 'no TSRequest'),
  ],
  [
    'closed',
    { kind: 'interrupted', by: CLOSED },
    unknown('denied', 'the server closed the connection after the sign-in attempt and gave no reason'),
  ],
  [
    'silent',
    { kind: 'interrupted', by: TIMEOUT },
    unknown('timeout', 'after the sign-in attempt the server sent nothing in time'),
  ],
  [
    'never tried',
    undefined,
    unknown('no-channel', 'the attempt was not made: its connection received no usable challenge'),
  ],
];
for (const [name, logon, expected] of logons) {
  test(`logon: ${name}`, () => {
    const probe = { ...challenged(SENT), ...(logon === undefined ? {} : { logon }) };
    assert.deepEqual(observeLogon(OUTSIDE, probe, true), expected);
  });
}

test('logon: nobody was to be tried', () => {
  assert.deepEqual(
    observeLogon(OUTSIDE, undefined, false),
    unknown('not-gathered', 'no credential was tried (--user)'),
  );
});
