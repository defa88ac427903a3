import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bottom, readAt, slice, walkBytes } from '../../../src/core/formats/walker.ts';

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
