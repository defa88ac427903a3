// Questions with meaning, answered by somebody who has nothing but registry, files and logs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Inquiry, Question } from '../../../src/core/windows/inquiry.ts';
import { throughRegistry } from '../../../src/core/windows/through-registry.ts';
import { ask, type FakeMachine } from './fake-machine.ts';

const MACHINE: FakeMachine = {
  registry: {
    'SYSTEM\\CurrentControlSet\\Control\\Lsa': { LimitBlankPasswordUse: 1 },
    'SECURITY\\Policy\\PolAcDmS': { '': new Uint8Array([1, 1, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0]) },
    'SECURITY\\Policy\\Accounts\\S-1-1-0\\ActSysAc': { '': 2 },
    'SECURITY\\Policy\\Accounts\\S-1-5-32-546\\ActSysAc': { '': 0x880 },
  },
};

function* all(questions: readonly Question[]): Inquiry<readonly Answer[]> {
  return yield questions;
}

const place: Question = {
  kind: 'value',
  hive: 'SYSTEM',
  key: 'CurrentControlSet\\Control\\Lsa',
  name: 'LimitBlankPasswordUse',
};

test('answers come in the order of the questions, whichever took longer', () => {
  const questions: readonly Question[] = [{ kind: 'account-rights' }, place, { kind: 'machine-sid' }, place];
  const { value, rounds } = ask(MACHINE, all(questions));
  assert.equal(rounds, 2);
  assert.deepEqual(
    value.map((answer) => (answer.state === 'present' ? answer.value : answer.state)),
    [
      {
        kind: 'account-rights',
        rights: {
          remoteInteractive: [],
          network: ['S-1-1-0'],
          denyRemoteInteractive: ['S-1-5-32-546'],
          denyNetwork: ['S-1-5-32-546'],
        },
      },
      { kind: 'value', value: { name: 'LimitBlankPasswordUse', type: 4, data: 1 } },
      { kind: 'sid', sid: 'S-1-5-21' },
      { kind: 'value', value: { name: 'LimitBlankPasswordUse', type: 4, data: 1 } },
    ],
  );
});

test('what asks for places alone costs the same rounds, and is asked the same', () => {
  const inquiry = throughRegistry(all([place, place]));
  const step = inquiry.next();
  assert.deepEqual(step.value, [place, place]);
});

for (const question of [
  { kind: 'membership' },
  { kind: 'machine-sid' },
  { kind: 'account-rights' },
  { kind: 'machine-password' },
] as const) {
  test(`${question.kind} of a machine whose SECURITY cannot be read is unknown, with the reason`, () => {
    const { value } = ask({ unreadable: ['SECURITY'] }, all([question]));
    const [answer] = value;
    assert.ok(answer?.state === 'unknown' && answer.why === 'corrupt', answer?.state);
    assert.match(answer.detail ?? '', /^SECURITY\\Policy.* is damaged$/);
  });
}

test('whoever answers nothing at all leaves nothing but unknown', () => {
  const inquiry = throughRegistry(all([{ kind: 'membership' }, { kind: 'file-version', path: '\\a.dll' }]));
  let step = inquiry.next();
  while (!step.done) step = inquiry.next([]);
  assert.deepEqual(
    step.value.map((answer) => answer.state === 'unknown' && answer.why),
    ['no-channel', 'no-channel'],
  );
});

const ENGINE =
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine\\Extension-List\\{00000000-0000-0000-0000-000000000000}';

// 2026-11-27 01:02:03 UTC in FILETIME, made of its two halves, as Windows keeps it.
const REFRESHED = 116_444_736_000_000_000n + BigInt(Date.UTC(2026, 10, 27, 1, 2, 3)) * 10_000n;

for (const [name, values, expected] of [
  [
    'a time',
    { EndTimeLo: Number(REFRESHED & 0xffff_ffffn), EndTimeHi: Number(REFRESHED >> 32n) },
    { kind: 'time', at: '2026-11-27T01:02:03.000Z' },
  ],
  ['no time', { EndTimeLo: 0, EndTimeHi: 0 }, 'unknown'],
  ['a text instead', { EndTimeLo: 'x', EndTimeHi: 1 }, 'unknown'],
  ['half of it', { EndTimeLo: 1 }, 'absent'],
] as const) {
  test(`when policy was taken in last: ${name}`, () => {
    const { value } = ask({ registry: { [ENGINE]: values } }, all([{ kind: 'policy-refresh' }]));
    const [answer] = value;
    assert.deepEqual(answer?.state === 'present' ? answer.value : answer?.state, expected);
  });
}

for (const question of [
  { kind: 'service-status', name: 'TermService' },
  { kind: 'listener-owner', port: 3389 },
  { kind: 'secure-channel', asked: 'verify', domain: 'corp.example' },
  { kind: 'start-time' },
  { kind: 'clock' },
  { kind: 'time-source' },
  { kind: 'resources' },
] as const) {
  test(`${question.kind} is nothing that a disk could know`, () => {
    const { value, rounds } = ask(MACHINE, all([question]));
    assert.equal(rounds, 0);
    assert.ok(value[0]?.state === 'unknown' && value[0].why === 'no-channel');
  });
}
