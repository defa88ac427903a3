import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pause, together } from '../../../src/core/bytes/batched.ts';
import {
  bottom,
  type Range,
  type ReadResult,
  readAt,
  slice,
  type Walker,
  walkBytes,
} from '../../../src/core/formats/walker.ts';
import { drive } from './drive.ts';

const BYTES = Uint8Array.from({ length: 200 }, (_, index) => index);

test('a slice of a slice reads what stands there, and never beyond itself', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.nat(250), fc.nat(250), fc.nat(250), fc.nat(250)),
      fc.array(fc.record({ offset: fc.nat(300), length: fc.nat(300) }, { noNullPrototype: true })),
      ([at, length, innerAt, innerLength], ranges) => {
        const inner = slice(slice(bottom(BYTES.length), at, length), innerAt, innerLength);
        const expected = BYTES.slice(at, at + length).slice(innerAt, innerAt + innerLength);
        assert.equal(inner.size, expected.length);
        const results = walkBytes(inner.read(ranges), BYTES);
        assert.deepEqual(
          results.map((result) => (result.ok ? [...result.bytes] : result.problem)),
          ranges.map(({ offset, length: wanted }) => [...expected.slice(offset, offset + wanted)]),
        );
      },
    ),
  );
});

test('a slice that lies about its length is held to its medium', () => {
  assert.equal(slice(bottom(100), 90, 2 ** 60).size, 10);
  assert.equal(slice(bottom(100), 2 ** 60, 10).size, 0);
});

test('no ranges, no batch', () => {
  assert.deepEqual(bottom(10).read([]).next(), { done: true, value: [] });
  assert.deepEqual(slice(bottom(10), 0, 5).read([]).next(), { done: true, value: [] });
});

test('ranges carry the number of their file, the first one excepted', () => {
  const range = { offset: 3, length: 4 };
  assert.deepEqual(bottom(10).read([range]).next().value, [range]);
  assert.deepEqual(bottom(10, 2).read([range]).next().value, [{ ...range, source: 2 }]);
  assert.deepEqual(slice(bottom(10, 2), 1, 9).read([range]).next().value, [
    { offset: 4, length: 4, source: 2 },
  ]);
});

test('one range: its answer, or that there was none', () => {
  const result = walkBytes(readAt(bottom(200), 5, 3), BYTES);
  assert.deepEqual(result, { ok: true, bytes: Uint8Array.of(5, 6, 7) });
  const walker = readAt(bottom(200), 5, 3);
  walker.next();
  assert.deepEqual(walker.next([]).value, { ok: false, problem: 'the medium gave no answer' });
});

test('ranges of further sources are answered from their bytes', () => {
  const media = [bottom(3), bottom(4, 1), bottom(2, 2)];
  function* walk(): Walker<number[][]> {
    const read = yield* together(media.map((medium) => readAt(medium, 1, 9)));
    return read.map((result) => (result.ok ? [...result.bytes] : []));
  }
  const files = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6, 7), Uint8Array.of(8, 9)] as const;
  assert.deepEqual(walkBytes(walk(), ...files), [[2, 3], [5, 6, 7], [9]]);
  assert.throws(() => walkBytes(walk(), files[0], files[1]), {
    name: 'RangeError',
    message: /reads source 2, and walkBytes was given 2/,
  });
});

test('a pause is continued, and costs no round', () => {
  function* walk(): Walker<string> {
    yield* pause();
    const first = yield* readAt(bottom(200), 5, 1);
    yield* pause();
    yield* pause();
    return first.ok ? String(first.bytes[0]) : first.problem;
  }
  assert.equal(walkBytes(walk(), BYTES), '5');
  const driven = drive(
    together<Range, ReadResult, unknown>([walk(), readAt(bottom(200), 7, 1), walk()]),
    BYTES,
  );
  assert.equal(driven.rounds, 1);
  assert.deepEqual([driven.value[0], driven.value[2]], ['5', '5']);
});
