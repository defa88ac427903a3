import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWalker } from '../../../src/app/disk/run-walker.ts';
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
  assert.deepEqual(await runWalker(walk(7, 13, 9), read, never), [7, -2, 9]);
  assert.deepEqual(asked, [7, 13, 9]);
});

test('a walker that reads nothing is done at once', async () => {
  const { read, asked } = reader();
  assert.deepEqual(await runWalker(walk(), read, never), []);
  assert.deepEqual(asked, []);
});

test('when it is stopped, no further batch is read', async () => {
  const { read, asked } = reader();
  assert.equal(await runWalker(walk(1, 2, 3), read, () => asked.length === 2), undefined);
  assert.deepEqual(asked, [1, 2]);
});

test('a walker that is done when it is stopped has its value', async () => {
  const { read, asked } = reader();
  assert.deepEqual(await runWalker(walk(1), read, () => asked.length === 1), [1]);
});
