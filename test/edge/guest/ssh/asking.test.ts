import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Clock } from '../../../../src/app/ports/clock.ts';
import type { Operation } from '../../../../src/core/dialect/script/operation.ts';
import { AnswerSheet } from '../../../../src/core/dialect/script/sheet.ts';
import type { Question } from '../../../../src/core/windows/inquiry.ts';
import { type Asker, ScriptedMachine, whyNothing } from '../../../../src/edge/guest/ssh/asking.ts';
import type { Carried, RemoteCommand } from '../../../../src/edge/guest/ssh/carry.ts';

const value = (name: string): Question => ({
  kind: 'value',
  hive: 'SYSTEM',
  key: 'CurrentControlSet\\Control',
  name,
});
const file = (path: string): Question => ({ kind: 'content', path, limit: 1 });

const NOTHING = new Uint8Array(0);
const ended: Carried = { endedBy: 'exit', exitCode: 0, stdout: Buffer.from('x'), stderr: NOTHING };

const clock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: async () => {},
  within: async (promise) => promise,
};

/** A machine whose scripts answer the files that are named, one a script. */
function machineOf(answers: readonly (readonly string[] | string)[], carried: readonly Carried[] = []) {
  const scripts: (readonly Operation[])[] = [];
  const ran: RemoteCommand[] = [];
  const asker: Asker = {
    name: 'cmd',
    command: (shell) => `for ${shell}`,
    script(operations) {
      const index = scripts.push(operations) - 1;
      return {
        stdin: Buffer.from(`script ${index + 1}`),
        read() {
          const brought = answers[index] ?? [];
          if (typeof brought === 'string') return brought;
          const sheet = new AnswerSheet();
          for (const path of brought) sheet.give(file(path), { state: 'absent', at: path });
          return { sheet, warnings: [{ code: 'answers-limited', text: 'limited' }] };
        },
      };
    },
  };
  const run = async (command: RemoteCommand): Promise<Carried> => {
    ran.push(command);
    return carried[ran.length - 1] ?? ended;
  };
  return { machine: new ScriptedMachine(clock, run, 'sh', asker), scripts, ran };
}

describe('a machine that is asked by scripts', () => {
  test('is asked at once for what is usually asked', async () => {
    const { machine, scripts, ran } = machineOf([[]]);
    assert.equal(await machine.begin(undefined), undefined);
    assert.ok((scripts[0]?.length ?? 0) > 10);
    assert.deepEqual(
      ran.map(({ command, stdin }) => [command, Buffer.from(stdin).toString()]),
      [['for sh', 'script 1']],
    );
  });

  test('answers from what it brought, and is asked again for the rest alone', async () => {
    const { machine, scripts } = machineOf([['\\a'], ['\\b']]);
    await machine.begin(undefined);
    const answers = await machine.answer([file('\\a'), file('\\b')]);
    assert.deepEqual(
      answers.map(({ state, at }) => [state, at]),
      [
        ['absent', '\\a'],
        ['absent', '\\b'],
      ],
    );
    assert.deepEqual(scripts[1], [{ kind: 'ask', question: file('\\b') }]);
    await machine.answer([file('\\a'), file('\\b')]);
    assert.equal(scripts.length, 2);
    assert.deepEqual(machine.warnings, [{ code: 'answers-limited', text: 'limited' }]);
  });

  test('is asked four times at most', async () => {
    const { machine, scripts } = machineOf([]);
    await machine.begin(undefined);
    for (let round = 0; round < 10; round += 1) {
      const [answer] = await machine.answer([value(`x${round}`)]);
      assert.equal(answer?.state, 'unknown');
    }
    assert.equal(scripts.length, 4);
  });

  for (const [endedBy, why, detail] of [
    ['timeout', 'timeout', /time was up/],
    ['disconnected', 'no-channel', /connection broke/],
    ['limit', 'no-channel', /far more/],
  ] as const) {
    test(`keeps what came before it ended by ${endedBy}, and is asked no more`, async () => {
      const { machine, scripts } = machineOf([['\\a']], [{ ...ended, endedBy }]);
      assert.equal(await machine.begin(undefined), undefined);
      const [kept, lost] = await machine.answer([file('\\a'), file('\\b')]);
      assert.equal(kept?.state, 'absent');
      assert.equal(lost?.state === 'unknown' ? lost.why : lost?.state, why);
      assert.match(lost?.state === 'unknown' ? (lost.detail ?? '') : '', detail);
      assert.equal(scripts.length, 1);
    });
  }

  test('says why it brought nothing', async () => {
    const { machine } = machineOf(['there is no answer in it']);
    assert.equal(
      await machine.begin(undefined),
      'the script ended with exit status 0, and there is no answer in it',
    );
  });

  test('is not asked again where a further script brought nothing', async () => {
    const { machine, scripts } = machineOf([[], 'nothing']);
    await machine.begin(undefined);
    await machine.answer([file('\\a')]);
    await machine.answer([file('\\b')]);
    assert.equal(scripts.length, 2);
  });
});

test('exit 0 without a word is a failure, and so is any other end', () => {
  const silent = { ...ended, stdout: NOTHING };
  assert.equal(whyNothing(silent, 'x'), 'the script ended with exit status 0 and printed nothing');
  const { exitCode: _, ...killed } = silent;
  assert.equal(whyNothing(killed, 'x'), 'the script ended without an exit status and printed nothing');
  assert.equal(whyNothing({ ...silent, endedBy: 'not-started' }, 'x'), 'the server did not start the script');
});
