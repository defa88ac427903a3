import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Attempts, type Turn } from '../../src/app/attempts.ts';
import type { NamedUser } from '../../src/core/model/cause.ts';
import { FakeClock } from './fake-clock.ts';

const named = (text: string): NamedUser => {
  const [first = '', second] = text.split('\\');
  return second === undefined ? { domain: '', name: first } : { domain: first, name: second };
};

async function turnOf(attempts: Attempts, account: string): Promise<Turn> {
  const turn = await attempts.enter(named(account), 1000);
  if (typeof turn === 'string') throw new Error(turn);
  return turn;
}

/** What a second account is told after the first one's attempt went so. */
async function after(outcome: 'accepted' | 'failed' | 'not-made', first: string, second: string) {
  const attempts = new Attempts(new FakeClock());
  (await turnOf(attempts, first)).settle(outcome);
  const answer = await attempts.enter(named(second), 1000);
  return typeof answer === 'string' ? answer : 'turn';
}

suite('the ledger of attempts', () => {
  const rows: readonly (readonly [Parameters<typeof after>, 'turn' | 'failed-before'])[] = [
    [['failed', 'CORP\\alice', 'CORP\\alice'], 'failed-before'],
    [['failed', 'CORP\\alice', 'corp\\ALICE'], 'failed-before'],
    [['failed', 'CORP\\alice', 'alice@corp.example'], 'failed-before'],
    [['failed', 'CORP\\alice', 'alice'], 'failed-before'],
    [['failed', 'alice', 'CORP\\alice'], 'failed-before'],
    [['failed', 'CORP\\alice', 'CORP\\bob'], 'turn'],
    [['failed', 'CORP\\alice', 'VM1\\alice'], 'turn'],
    [['failed', 'alice@corp.example', 'alice@other.example'], 'turn'],
    [['accepted', 'CORP\\alice', 'CORP\\alice'], 'turn'],
    [['not-made', 'CORP\\alice', 'CORP\\alice'], 'turn'],
  ];
  for (const [[outcome, first, second], expected] of rows) {
    test(`${first} ${outcome}, then ${second}: ${expected}`, async () => {
      assert.equal(await after(outcome, first, second), expected);
    });
  }

  test('a second attempt waits for the first, and is not made when that fails', async () => {
    const attempts = new Attempts(new FakeClock());
    const first = await turnOf(attempts, 'alice');
    let told: unknown;
    const second = attempts.enter(named('CORP\\alice'), 1000).then((answer) => {
      told = answer;
    });
    await new Promise((done) => setImmediate(done));
    assert.equal(told, undefined);
    first.settle('failed');
    first.settle('accepted');
    await second;
    assert.equal(told, 'failed-before');
  });

  test('one that could not wait any longer keeps nobody after it', async () => {
    const clock = new FakeClock();
    const attempts = new Attempts(clock);
    const first = await turnOf(attempts, 'alice');
    const late = attempts.enter(named('alice'), 0);
    assert.equal(await clock.run(late), 'late');
    first.settle('accepted');
    assert.notEqual(typeof (await attempts.enter(named('alice'), 1000)), 'string');
  });
});
