// The vantage of a running machine: what was answered, what was late, and what could not be asked at all.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inquireInBatches } from '../../../../src/app/gather/machine/in-batches.ts';
import { machineVantage } from '../../../../src/app/gather/machine/vantage.ts';
import type { Machine } from '../../../../src/app/ports/machine.ts';
import { type Evidence, WINDOWS_FACT_NAMES } from '../../../../src/core/model/facts.ts';
import type { Answer, Inquiry, Question } from '../../../../src/core/windows/inquiry.ts';
import { machineInquiries } from '../../../../src/core/windows/machine.ts';
import { FakeClock } from '../../fake-clock.ts';

const CHANNEL = { channel: 'ssh', observedAt: '2026-03-01T12:00:00.000Z' };

const isCertificate = (question: Question): boolean =>
  question.kind === 'value' && question.name === 'SSLCertificateSHA1Hash';

function answerOf(question: Question): Answer {
  if (question.kind !== 'value') return { state: 'unknown', at: 'x', why: 'denied', detail: 'not for you' };
  return { state: 'absent', at: `${question.hive}\\${question.key}` };
}

async function look(machine: (clock: FakeClock) => Machine) {
  const clock = new FakeClock();
  const vantage = machineVantage(
    clock,
    { look: '--ssh', machine: machine(clock) },
    undefined,
    // Loading takes time that the fake clock knows nothing of.
    async () => machineInquiries,
  );
  return clock.run(vantage.start({}, 5000));
}

const answering = (delay: (questions: readonly Question[]) => number) => (clock: FakeClock) => ({
  async inquire(inquiries: Parameters<Machine['inquire']>[0], deadline: number) {
    const ask = async (questions: readonly Question[]) => {
      await clock.sleep(delay(questions));
      return questions.map(answerOf);
    };
    const parts = await inquireInBatches(clock, inquiries(CHANNEL), ask, deadline);
    return { ok: true as const, parts, warnings: [] };
  },
});

suite('a running machine', () => {
  test('answers, with the channel as origin; what was denied says so', async () => {
    const { evidence, taken } = await look(answering(() => 10));
    assert.deepEqual(taken, ['--ssh']);
    assert.deepEqual(evidence['grouppolicy.local']?.state, 'unknown');
    const port = evidence['listener.portNumber'];
    assert.ok(port?.state !== 'unknown' || port.why !== 'timeout');
    assert.equal(
      WINDOWS_FACT_NAMES.filter((name) => {
        const fact = evidence[name];
        return fact?.state === 'unknown' && fact.why === 'timeout';
      }).length,
      0,
    );
  });

  test('what it had not answered at the deadline is unknown, and what was answered stays', async () => {
    let batches = 0;
    const { evidence, taken } = await look(
      answering(() => {
        batches += 1;
        return batches === 1 ? 10 : 60_000;
      }),
    );
    assert.deepEqual(taken, ['--ssh']);
    const late = WINDOWS_FACT_NAMES.filter((name) => {
      const fact = evidence[name];
      return fact?.state === 'unknown' && fact.why === 'timeout';
    });
    assert.ok(late.length > 0, 'something was late');
    assert.ok(late.length < WINDOWS_FACT_NAMES.length, 'and something was not');
    for (const name of WINDOWS_FACT_NAMES) assert.ok(evidence[name], `${name} is accounted for`);
  });

  test('that cannot be asked says why in every fact, with a warning, and was not looked at', async () => {
    const { evidence, warnings, taken } = await look(() => ({
      inquire: async () => ({
        ok: false as const,
        why: 'host-key' as const,
        problem: 'the key of vm1 is not known',
        advice: 'Connect once with ssh.',
      }),
    }));
    assert.deepEqual(taken, []);
    assert.deepEqual(warnings, [
      {
        code: 'machine-not-asked',
        text: 'the machine was not asked by --ssh: the key of vm1 is not known. Connect once with ssh.',
      },
    ]);
    for (const name of WINDOWS_FACT_NAMES) {
      assert.deepEqual(evidence[name], {
        state: 'unknown',
        why: 'host-key',
        detail: 'the key of vm1 is not known',
      });
    }
  });

  test('what tries the secure channel keeps nobody waiting, and takes nobody with it', async () => {
    const rounds = function* (count: number): Inquiry<Evidence> {
      for (let round = 0; round < count; round += 1) {
        yield [{ kind: 'value', hive: 'SYSTEM', key: 'x', name: String(round) }];
      }
      return { 'computer.name': { state: 'unknown', why: 'denied' } };
    };
    const trying = function* (): Inquiry<Evidence> {
      yield [{ kind: 'membership' }];
      yield [
        { kind: 'secure-channel', asked: 'verify', domain: 'CORP' },
        { kind: 'secure-channel', asked: 'query', domain: 'CORP' },
      ];
      return { 'secureChannel.state': { state: 'unknown', why: 'denied' } };
    };
    for (const [slow, done] of [
      [22_500, true],
      [80_000, false],
    ] as const) {
      const clock = new FakeClock();
      const asked: (readonly [at: number, kinds: readonly string[]])[] = [];
      const parts = await clock.run(
        inquireInBatches(
          clock,
          [rounds(3), trying(), rounds(4)],
          async (questions) => {
            asked.push([clock.monotonic(), questions.map(({ kind }) => kind)]);
            await clock.sleep(questions.some(({ kind }) => kind === 'secure-channel') ? slow : 10);
            return questions.map(answerOf);
          },
          60_000,
        ),
      );
      assert.deepEqual(
        asked.map(([at, kinds]) => `${at} ${kinds.join(' ')}`),
        [
          '0 value membership value',
          '10 secure-channel secure-channel',
          '10 value value',
          '20 value value',
          '30 value',
        ],
      );
      assert.deepEqual(
        parts.map((part) => part !== undefined),
        [true, done, true],
      );
      assert.equal(clock.monotonic(), done ? 22_510 : 60_000);
    }
  });

  test('batches end at the deadline even where an answer never comes', async () => {
    const clock = new FakeClock();
    const parts = await clock.run(
      inquireInBatches(
        clock,
        [
          (function* () {
            yield [{ kind: 'value', hive: 'SYSTEM', key: 'x', name: 'SSLCertificateSHA1Hash' } as const];
            return {};
          })(),
        ],
        (questions) => (questions.some(isCertificate) ? new Promise(() => {}) : Promise.resolve([])),
        1000,
      ),
    );
    assert.deepEqual(parts, [undefined]);
    assert.equal(clock.monotonic(), 1000);
  });
});
