import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeNegotiation, observeWillingness } from '../../../../src/app/gather/outside/negotiation.ts';
import type { NegotiationRow } from '../../../../src/core/model/facts.ts';
import { type Observation, present, unknown } from '../../../../src/core/model/observation.ts';
import type { NegotiationAnswer } from '../../../../src/core/protocol/negotiate.ts';
import { from, INTERRUPTED, OUTSIDE, selected, TOO_LONG } from './fixtures.ts';

// The rows of rdp.negotiation.

const rows: readonly (readonly [name: string, NegotiationAnswer, Partial<NegotiationRow>])[] = [
  ['a response', selected(8), { answer: 'selected', selected: 8, flags: 0x1f }],
  ['a failure', { kind: 'failure', code: 5 }, { answer: 'failure', failureCode: 5 }],
  ['a code that nobody knows', { kind: 'failure', code: 99 }, { answer: 'failure', failureCode: 99 }],
  ['an old confirm', { kind: 'no-negotiation' }, { answer: 'no-negotiation' }],
  ['closed', INTERRUPTED.closed, { answer: 'closed', how: 'end' }],
  ['silent', INTERRUPTED.timeout, { answer: 'silent' }],
  ['a goodbye', { kind: 'disconnected', problem: 'bye' }, { answer: 'closed', detail: 'bye' }],
  [
    'another protocol',
    { kind: 'foreign', head: new TextEncoder().encode('RFB 003.008\n'), problem: '' },
    { answer: 'foreign', detail: 'a VNC server (RFB 003.008)' },
  ],
  [
    'an answer of two gigabytes',
    { kind: 'interrupted', by: TOO_LONG },
    {
      answer: 'foreign',
      detail: 'another protocol (it announced a packet larger than any answer can be)',
    },
  ],
];
for (const [name, negotiation, row] of rows) {
  test(`row: ${name}`, () => {
    assert.deepEqual(
      observeNegotiation(OUTSIDE, [{ requested: 3, negotiation }]),
      present([{ requested: 3, ...row }], from('negotiation')),
    );
  });
}

test('one row a mask, in ascending order, and an answer counts more than a silence', () => {
  const probes = [
    { requested: 11, negotiation: selected(8) },
    { requested: 3, negotiation: INTERRUPTED.timeout },
    { requested: 3, negotiation: INTERRUPTED.closed },
    { requested: 3, negotiation: selected(2) },
    { requested: 3, negotiation: INTERRUPTED.closed },
    { requested: 0, negotiation: INTERRUPTED.timeout },
  ];
  const observed = observeNegotiation(OUTSIDE, probes);
  assert.ok(observed.state === 'present');
  assert.deepEqual(
    observed.value.map(({ requested, answer }) => [requested, answer]),
    [
      [0, 'silent'],
      [3, 'selected'],
      [11, 'selected'],
    ],
  );
});

test('without a connection there is nothing to say', () => {
  const observed = observeNegotiation(OUTSIDE, []);
  assert.deepEqual(observed, unknown('no-channel', 'no connection opened in time for it'));
  const { standard, tls, nla } = observeWillingness(OUTSIDE, observed);
  for (const each of [standard, tls, nla]) assert.deepEqual(each, observed);
});

// rdp.standard, rdp.tls and rdp.nla.

/** What a listener says to 0x0, 0x1, 0x3 and 0xB: `s8` selects 8, `f5` is failure 5, `old` does not negotiate. */
function rowsOf(words: string): Observation<readonly NegotiationRow[]> {
  const masks = [0x0, 0x1, 0x3, 0xb];
  const asked = words.split(' ').flatMap((word, index): readonly NegotiationRow[] => {
    const requested = masks[index] ?? assert.fail(words);
    const number = Number(word.slice(1));
    if (word === '-') return [];
    if (word === 'old') return [{ requested, answer: 'no-negotiation' }];
    if (word === 'closed' || word === 'silent' || word === 'foreign') return [{ requested, answer: word }];
    return word.startsWith('s')
      ? [{ requested, answer: 'selected', selected: number, flags: 0 }]
      : [{ requested, answer: 'failure', failureCode: number }];
  });
  return present(asked, from('test'));
}

/** Derived by hand from what each setting means; `?word` is unknown, with why. */
const WILLINGNESS: readonly (readonly [
  name: string,
  answers: string,
  standard: string,
  tls: string,
  nla: string,
])[] = [
  // SecurityLayer and UserAuthentication, as in the table of a Windows listener's answers.
  ['SL 0, UA 0', 's0 f2 f2 f2', 'accepted', 'refused', 'refused'],
  ['SL 0, UA 0, old confirm', 'old f2 f2 f2', 'accepted', 'refused', 'refused'],
  ['SL 1, UA 0', 's0 s1 s2 s8', 'accepted', 'offered', 'offered'],
  ['SL 2, UA 0', 'f1 s1 s2 s8', 'refused', 'required', 'offered'],
  ['SL 1, UA 1', 'f5 f5 s2 s8', 'refused', 'required', 'required'],
  ['SL 2, UA 1', 'f5 f5 s2 s8', 'refused', 'required', 'required'],
  ['SL 0, UA 1, refusing everything', 'f2 f2 f2 f2', 'refused', 'refused', 'refused'],
  // No usable certificate: what it would do with one cannot be seen.
  ['SL 2 without a certificate', 'f3 f3 f3 f3', 'refused', '?corrupt', '?corrupt'],
  ['SL 1 without a certificate', 's0 f3 f3 f3', 'accepted', '?corrupt', '?corrupt'],
  ['SL 2, UA 1 without a certificate, demanding first', 'f5 f5 f3 f3', 'refused', 'required', 'required'],
  // Other servers.
  ['xrdp, rdp only: selects what was not asked', 's0 s0 s0 s0', 'accepted', 'refused', 'refused'],
  ['xrdp, tls only', 'f1 s1 s1 s1', 'refused', 'required', 'refused'],
  ['TLS or standard, no CredSSP', 's0 s1 s1 s1', 'accepted', 'offered', 'refused'],
  ['a server from before negotiation', 'old old old old', 'accepted', 'refused', 'refused'],
  ['CredSSP only without EX', 'f5 f5 s2 s2', 'refused', 'required', 'required'],
  ['a server that wants user authentication inside TLS', 'f6 f6 f6 f6', 'refused', 'required', 'refused'],
  // Silences are no answers.
  ['0x0 is closed', 'closed s1 s2 s8', '?corrupt', '?corrupt', 'offered'],
  ['0x0 is silent', 'silent s1 s2 s8', '?timeout', '?timeout', 'offered'],
  ['0x1 is silent', 'f1 silent s2 s8', 'refused', 'required', '?timeout'],
  ['0x1 is silent, and 0x0 demands NLA', 'f5 silent s2 s8', 'refused', 'required', 'required'],
  ['0x0 is silent, and 0x1 fails for another reason', 'silent f2 s2 s8', '?timeout', '?timeout', '?timeout'],
  ['one of two with CredSSP is silent', 'f1 s1 s2 silent', 'refused', 'required', 'offered'],
  ['both with CredSSP are silent', 's0 s1 silent silent', 'accepted', 'offered', '?timeout'],
  [
    'one of two with CredSSP is closed, the other says TLS',
    's0 s1 s1 closed',
    'accepted',
    'offered',
    '?corrupt',
  ],
  ['everything is silent', 'silent silent silent silent', '?timeout', '?timeout', '?timeout'],
  ['everything is closed', 'closed closed closed closed', '?corrupt', '?corrupt', '?corrupt'],
  ['another service', 'foreign foreign foreign foreign', '?corrupt', '?corrupt', '?corrupt'],
  ['0x0 was not asked', '- s1 s2 s8', '?not-gathered', '?not-gathered', 'offered'],
  ['0xB was not asked', 's0 s1 s1 -', 'accepted', 'offered', '?not-gathered'],
  // A selected protocol that does not exist is no word on the settings.
  ['a mask selected', 's3 s3 s3 s3', '?corrupt', '?corrupt', '?corrupt'],
];

function wordOf(observation: Observation<string>): string {
  assert.notEqual(observation.state, 'absent');
  if (observation.state === 'present') return observation.value;
  return observation.state === 'unknown' ? `?${observation.why}` : '';
}

for (const [name, answers, ...expected] of WILLINGNESS) {
  test(`willingness: ${name}: ${answers}`, () => {
    const { standard, tls, nla } = observeWillingness(OUTSIDE, rowsOf(answers));
    assert.deepEqual([standard, tls, nla].map(wordOf), expected);
  });
}

test('an unknown willingness says which silence it rests on', () => {
  const { nla } = observeWillingness(OUTSIDE, rowsOf('silent f2 s2 s8'));
  assert.deepEqual(nla, unknown('timeout', 'the listener gave no answer in time'));
  const { tls } = observeWillingness(OUTSIDE, rowsOf('closed s1 s2 s8'));
  assert.deepEqual(tls, unknown('corrupt', 'the listener closed the connection without an answer'));
});
