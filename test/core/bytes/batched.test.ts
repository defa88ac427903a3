import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Batched, together } from '../../../src/core/bytes/batched.ts';

/** Asks for batches of these sizes, one after the other, and returns all answers. */
function* asker(name: number, sizes: readonly number[]): Batched<string, string, string[]> {
  const answers: string[] = [];
  for (const [round, size] of sizes.entries()) {
    const requests = Array.from({ length: size }, (_, index) => `${name}/${round}/${index}`);
    answers.push(...(yield requests));
  }
  return answers;
}

interface Ran<T> {
  readonly value: T;
  readonly batches: readonly (readonly string[])[];
}

function run<T>(program: Batched<string, string, T>): Ran<T> {
  const batches: (readonly string[])[] = [];
  let step = program.next();
  while (!step.done) {
    batches.push(step.value);
    step = program.next(step.value.map((request) => `answer to ${request}`));
  }
  return { value: step.value, batches };
}

test('programs of different lengths run side by side: their results in order, a batch a round', () => {
  const { value, batches } = run(together([asker(0, [1, 1, 1]), asker(1, []), asker(2, [2])]));
  assert.deepEqual(batches, [['0/0/0', '2/0/0', '2/0/1'], ['0/1/0'], ['0/2/0']]);
  assert.deepEqual(value, [
    ['answer to 0/0/0', 'answer to 0/1/0', 'answer to 0/2/0'],
    [],
    ['answer to 2/0/0', 'answer to 2/0/1'],
  ]);
});

test('no programs, or none that ask: nothing is yielded', () => {
  assert.deepEqual(run(together([])), { value: [], batches: [] });
  assert.deepEqual(run(together([asker(0, []), asker(1, [])])), { value: [[], []], batches: [] });
});

test('each gets what it would have got alone, in as many rounds as the longest takes', () => {
  const anySizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(anySizes, { maxLength: 6 }), (plans) => {
      const { value, batches } = run(together(plans.map((sizes, name) => asker(name, sizes))));
      assert.deepEqual(
        value,
        plans.map((sizes, name) => run(asker(name, sizes)).value),
      );
      assert.equal(batches.length, Math.max(0, ...plans.map((sizes) => sizes.length)));
    }),
  );
});

test('a program whose answers are at hand goes on while others wait, and lets the time be looked at', () => {
  const atHand = (requests: readonly string[]): readonly string[] | undefined =>
    requests.every((request) => request.startsWith('0/') && request !== '0/2/0')
      ? requests.map((request) => `kept ${request}`)
      : undefined;
  const { value, batches } = run(together([asker(0, [1, 1, 1]), asker(1, [1, 1])], atHand));
  // Two pauses for what was at hand; then what has to be fetched goes out together.
  assert.deepEqual(batches, [[], [], ['0/2/0', '1/0/0'], ['1/1/0']]);
  assert.deepEqual(value, [
    ['kept 0/0/0', 'kept 0/1/0', 'answer to 0/2/0'],
    ['answer to 1/0/0', 'answer to 1/1/0'],
  ]);
});

test('together inside together', () => {
  const inner = () => together([asker(0, [1]), asker(1, [1, 2])]);
  const { value, batches } = run(together([inner(), inner()]));
  assert.equal(batches.length, 2);
  assert.deepEqual(value[0], value[1]);
});

test('an error of one program passes', () => {
  function* broken(): Batched<string, string, never> {
    yield ['?'];
    throw new RangeError('a bug');
  }
  assert.throws(() => run(together([asker(0, [1, 1]), broken()])), RangeError);
});
