// Rows of the negotiation as causes read them: what was asked, what was chosen, what is an answer at all.
// Bits and codes: [MS-RDPBCGR] 2.2.1.1.1 and 2.2.1.2.2.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likely } from '../../../src/core/causes/_judge.ts';
import {
  asksForTls,
  choseStandard,
  choseTls,
  describeRow,
  failedWith,
  findRdpAnswer,
  isRdpAnswer,
  judgeUnanswered,
  offer,
} from '../../../src/core/causes/_negotiation.ts';
import type { Evidence, NegotiationRow } from '../../../src/core/model/facts.ts';
import { failed, foreign, none, seen, selected, silence, unseen } from './evidence.ts';

const OLD_CONFIRM: NegotiationRow = { requested: 0, answer: 'no-negotiation' };
/** Of a saved report without the protocol: what was chosen is not known. */
const CHOSE_SOMETHING: NegotiationRow = { requested: 0xb, answer: 'selected' };

test('which protocol runs over TLS', () => {
  const rows: readonly (readonly [NegotiationRow, boolean, boolean, boolean])[] = [
    // asks for TLS, got TLS, got standard security
    [selected(0, 0), false, false, true],
    [selected(1, 1), true, true, false],
    [selected(0xb, 2), true, true, false],
    [selected(0xb, 8), true, true, false],
    [selected(4, 4), true, true, false],
    [selected(0xb, 0), true, false, true],
    [OLD_CONFIRM, false, false, true],
    [{ ...OLD_CONFIRM, requested: 1 }, true, false, true],
    [CHOSE_SOMETHING, true, false, false],
    [failed(0, 1), false, false, false],
    [{ ...failed(1, 5), selected: 1 }, true, false, false],
    [{ ...failed(1, 5), selected: 0 }, true, false, false],
    [silence(1, 'closed'), true, false, false],
  ];
  for (const [row, asks, tls, standard] of rows) {
    assert.deepEqual(
      [asksForTls(row), choseTls(row), choseStandard(row)],
      [asks, tls, standard],
      describeRow(row),
    );
  }
});

test('a failure by its code, which no other answer has', () => {
  assert.ok(failedWith(failed(1, 3), 3));
  assert.ok(!failedWith(failed(1, 3), 2));
  assert.ok(!failedWith({ ...selected(1, 1), failureCode: 3 }, 3));
});

test('closed, silent and foreign are no answers of the protocol', () => {
  const answers = [selected(1, 1), failed(1, 2), OLD_CONFIRM];
  const others = [silence(1, 'closed'), silence(1, 'silent'), foreign(1, 'x')];
  for (const row of answers) assert.ok(isRdpAnswer(row), row.answer);
  for (const row of others) assert.ok(!isRdpAnswer(row), row.answer);
  const found = (...rows: readonly NegotiationRow[]) => findRdpAnswer({ 'rdp.negotiation': seen(rows) });
  assert.equal(found(...others), undefined);
  assert.deepEqual(found(...others, answers[1] ?? OLD_CONFIRM), failed(1, 2));
  assert.equal(findRdpAnswer({}), undefined);
});

test('an offer by its names: both bits of CredSSP are one', () => {
  const rows: readonly (readonly [number, readonly string[], string])[] = [
    [0, ['standard RDP security'], '(0x0)'],
    [1, ['TLS'], '(0x1)'],
    [2, ['CredSSP'], '(0x2)'],
    [3, ['TLS', 'CredSSP'], '(0x3)'],
    [4, ['RDSTLS'], '(0x4)'],
    [8, ['CredSSP'], '(0x8)'],
    [0xb, ['TLS', 'CredSSP'], '(0xB)'],
    [0x10, ['Entra'], '(0x10)'],
    [0x1f, ['TLS', 'CredSSP', 'RDSTLS', 'Entra'], '(0x1F)'],
    [0x20, [], '(0x20)'],
  ];
  const all = ['standard RDP security', 'TLS', 'CredSSP', 'RDSTLS', 'Entra'];
  for (const [requested, names, code] of rows) {
    const words = offer(requested);
    assert.ok(words.endsWith(code), words);
    const said = all.filter((name) => new RegExp(`(?<![A-Z])${name}`).test(words));
    assert.deepEqual(said, names, words);
  }
});

test('each answer has words of its own, with what it says', () => {
  const words = [
    selected(0, 1),
    CHOSE_SOMETHING,
    failed(1, 3),
    { requested: 1, answer: 'failure' } as const,
    OLD_CONFIRM,
    silence(1, 'closed'),
    { ...silence(1, 'closed'), how: 'reset' } as const,
    silence(1, 'silent'),
    foreign(1, 'an SSH server'),
    { requested: 1, answer: 'foreign' } as const,
  ].map((row) => describeRow(row).replace(/^.*?\(0x.*?\) /, ''));
  assert.equal(new Set(words).size, words.length, words.join('; '));
  assert.match(describeRow(failed(1, 3)), /failure 3 \(SSL_CERT_NOT_ON_SERVER\)/);
  assert.match(describeRow(failed(1, 99)), /failure 99$/);
  assert.match(describeRow(foreign(1, 'an SSH server')), /\(an SSH server\)$/);
  assert.match(describeRow(selected(0xb, 2)), /^TLS and CredSSP \(0xB\) .*CredSSP \(0x2\)$/);
});

test('a listener that answered nothing is judged by its rows, and by nothing less', () => {
  const judge = (negotiation: Evidence['rdp.negotiation']) => {
    const asked: (readonly NegotiationRow[])[] = [];
    const judgement = judgeUnanswered(
      negotiation === undefined ? {} : { 'rdp.negotiation': negotiation },
      'None.',
      (rows) => {
        asked.push(rows);
        return likely(['rdp.negotiation'], 'Judged.');
      },
    );
    return `${judgement.verdict}${asked.length > 0 ? `, ${asked[0]?.length} rows` : ''}`;
  };
  const quiet = [silence(0, 'closed'), silence(1, 'silent')];
  assert.equal(judge(seen(quiet)), 'likely, 2 rows');
  assert.equal(judge(seen([...quiet, failed(0xb, 5)])), 'ruled-out');
  assert.equal(judge(seen([...quiet, foreign(0xb, 'x')])), 'ruled-out');
  assert.equal(judge(none()), 'ruled-out');
  assert.equal(judge(seen([])), 'inconclusive');
  assert.equal(judge(unseen()), 'inconclusive');
  assert.equal(judge(undefined), 'inconclusive');
});
