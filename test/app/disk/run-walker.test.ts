import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWalker } from '../../../src/app/disk/run-walker.ts';
import { pause } from '../../../src/core/bytes/batched.ts';
import type { Range, ReadResult, Walker } from '../../../src/core/formats/walker.ts';

/** Reads one byte at each offset, a batch after the other, and returns them. */
function* walk(...offsets: readonly number[]): Walker<number[]> {
  const seen: number[] = [];
  for (const offset of offsets) {
    const [result] = yield [{ offset, length: 1 }];
    seen.push(result?.ok === true ? (result.bytes[0] ?? -1) : -2);
  }
  return seen;
}

const never = () => false;

function reader(): { read: (ranges: readonly Range[]) => Promise<ReadResult[]>; asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    read: (ranges) => {
      asked.push(...ranges.map(({ offset }) => offset));
      return Promise.resolve(
        ranges.map(
          ({ offset }): ReadResult =>
            offset === 13 ? { ok: false, problem: 'no' } : { ok: true, bytes: Uint8Array.of(offset) },
        ),
      );
    },
  };
}

test('the walker gets its answers in order, failures among them, and its value comes back', async () => {
  const { read, asked } = reader();
  assert.deepEqual(await runWalker(walk(7, 13, 9), read, { stopped: never }), [7, -2, 9]);
  assert.deepEqual(asked, [7, 13, 9]);
});

test('a walker that reads nothing is done at once', async () => {
  const { read, asked } = reader();
  assert.deepEqual(await runWalker(walk(), read, { stopped: never }), []);
  assert.deepEqual(asked, []);
});

test('when it is stopped, no further batch is read', async () => {
  const { read, asked } = reader();
  assert.equal(await runWalker(walk(1, 2, 3), read, { stopped: () => asked.length === 2 }), undefined);
  assert.deepEqual(asked, [1, 2]);
});

test('a walker that is done when it is stopped has its value', async () => {
  const { read, asked } = reader();
  assert.deepEqual(await runWalker(walk(1), read, { stopped: () => asked.length === 1 }), [1]);
});

/** Computes for as many portions as it is told, pausing after each. */
function* compute(portions: number): Walker<number> {
  let done = 0;
  for (; done < portions; done += 1) yield* pause();
  return done;
}

test('a pause reads nothing, and the walker goes on', async () => {
  const { read, asked } = reader();
  assert.equal(await runWalker(compute(3), read, { stopped: never }), 3);
  assert.deepEqual(asked, []);
});

test('a walker that only computes is stopped at a pause', async () => {
  let asked = 0;
  const stopped = () => {
    asked += 1;
    return asked > 5;
  };
  assert.equal(await runWalker(compute(1e9), reader().read, { stopped }), undefined);
  assert.equal(asked, 6);
});

test('others have their turn where the walker has had its own', async () => {
  let turns = 0;
  let due = false;
  const breathe = () => {
    due = !due;
    if (due) turns += 1;
    return due ? Promise.resolve() : undefined;
  };
  assert.equal(await runWalker(compute(4), reader().read, { stopped: never, breathe }), 4);
  assert.equal(turns, 2);
});
