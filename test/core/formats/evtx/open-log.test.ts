// What stands at the end of a log: chunks that were prepared and not written to, records that a log left open
// has beyond what its headers know, leftovers of older rounds, and the time that all of it spans.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openLog, queryEvents, readAllEvents } from '../../../../src/core/formats/evtx/index.ts';
import { bottom, walkBytes } from '../../../../src/core/formats/walker.ts';
import { buildLog, ChunkBuilder, fileHeader, NEW_YEAR, SECOND, storeEvent } from './build-log.ts';

const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const DIRTY = fileHeader({ flags: 1 });
const CLEAN = fileHeader({ flags: 0, nextRecordId: 4 });

function chunkOf(
  ids: readonly number[],
  spoil?: (view: DataView) => void,
  at = (id: number) => id,
): Uint8Array {
  const chunk = new ChunkBuilder();
  for (const id of ids)
    chunk.record(id, NEW_YEAR, storeEvent({ id, time: NEW_YEAR + BigInt(at(id)) * SECOND }));
  return chunk.build(spoil);
}

/** A chunk header as Windows prepares it: nothing of what stands behind it is known to it. */
function prepared(view: DataView): void {
  for (const at of [16, 24, 32]) view.setBigUint64(at, ALL_ONES, true);
  view.setUint32(48, 0x200, true);
}

/** A header that knows the records up to this one, of `all` of its chunk. */
function knows(all: readonly number[], last: number): (view: DataView) => void {
  const known = new ChunkBuilder();
  for (const id of all.filter((one) => one <= last)) {
    known.record(id, NEW_YEAR, storeEvent({ id, time: NEW_YEAR + BigInt(id) * SECOND }));
  }
  return (view) => {
    view.setUint32(48, known.length, true);
    for (const at of [16, 32]) view.setBigUint64(at, BigInt(last), true);
  };
}

function read(bytes: Uint8Array) {
  return walkBytes(
    (function* () {
      const log = yield* openLog(bottom(bytes.length));
      const seen: number[] = [];
      const summary = yield* readAllEvents(log, ({ id }) => void seen.push(id));
      const answer = yield* queryEvents(log, { limit: 100 });
      return { log, seen, summary, answer };
    })(),
    bytes,
  );
}

/** Both ways of reading find these, and tell this. */
function check(bytes: Uint8Array, ids: readonly number[], told: readonly RegExp[] = []): void {
  const { log, seen, summary, answer } = read(bytes);
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    ids,
  );
  assert.deepEqual(answer.events.map(({ id }) => id).toReversed(), ids);
  for (const anomalies of [summary.anomalies, answer.anomalies]) {
    const texts = [...log.anomalies, ...anomalies].map(({ where, problem }) => `${where}: ${problem}`);
    assert.equal(texts.length, told.length, texts.join('; '));
    for (const [index, pattern] of told.entries()) assert.match(texts[index] ?? '', pattern);
  }
}

describe('the header of an empty chunk', () => {
  test('is no damage', () => {
    for (const header of [DIRTY, CLEAN]) {
      check(buildLog([chunkOf([1, 2, 3]), chunkOf([], prepared)], header), [1, 2, 3]);
      check(buildLog([chunkOf([], prepared)], header), []);
    }
  });
  test('with all ones in one identifier alone is damage', () => {
    const half = chunkOf([], (view) => {
      prepared(view);
      view.setBigUint64(24, 1n, true);
    });
    check(buildLog([chunkOf([1, 2, 3]), half], CLEAN), [1, 2, 3], [/chunk 1: .*more than 53 bits/]);
  });
});

describe('beyond the free space', () => {
  const all = [1, 2, 3];
  test('records of the newest chunk of a log left open are events, and an anomaly', () => {
    check(
      buildLog([chunkOf(all, knows(all, 1))], DIRTY),
      [1, 2, 3],
      [/chunk 0: records follow the last one that its header lists \(2\)/],
    );
    check(
      buildLog([chunkOf([1, 2]), chunkOf([3, 4, 5], knows([3, 4, 5], 3))], DIRTY),
      [1, 2, 3, 4, 5],
      [/chunk 1: records follow the last one that its header lists \(2\)/],
    );
  });
  test('of a prepared chunk behind the newest one too', () => {
    check(
      buildLog([chunkOf([1, 2]), chunkOf([3, 4], prepared)], DIRTY),
      [1, 2, 3, 4],
      [/chunk 1: records follow the last one that its header lists \(2\)/],
    );
  });
  test('they are leftovers where the log was closed', () => {
    check(buildLog([chunkOf(all, knows(all, 1))], fileHeader({ nextRecordId: 2 })), [1]);
  });
  test('they are leftovers in an older chunk', () => {
    check(buildLog([chunkOf(all, knows(all, 1)), chunkOf([7, 8])], DIRTY), [1, 7, 8]);
  });
  test('they are leftovers where the next identifier is another', () => {
    check(buildLog([chunkOf([1, 3, 4], knows([1, 3, 4], 1))], DIRTY), [1]);
  });
});

test('a log spans the time from its earliest to its latest record, whatever their order', () => {
  const times: Readonly<Record<number, number>> = { 1: 50, 2: 10, 3: 90, 4: 60 };
  const { answer } = read(buildLog([chunkOf([1, 2, 3, 4], undefined, (id) => times[id] ?? 0)], CLEAN));
  assert.deepEqual(answer.oldest, { recordId: 2, timeCreated: NEW_YEAR + 10n * SECOND });
  assert.deepEqual(answer.newest, { recordId: 3, timeCreated: NEW_YEAR + 90n * SECOND });
});

test('a file longer than its header can count is looked at that far', () => {
  const bytes = buildLog([chunkOf([1, 2])], CLEAN);
  let asked = 0;
  const walker = openLog({
    size: 15 * 2 ** 40,
    *read(ranges) {
      asked += ranges.length;
      return ranges.map(({ offset, length }) => ({
        ok: true,
        bytes: bytes.subarray(offset, offset + length),
      }));
    },
  });
  const step = walker.next();
  assert.ok(step.done);
  assert.equal(step.value.slots, 65_535);
  assert.match(
    step.value.anomalies[0]?.problem ?? '',
    /has 16492674416640 bytes, of which only the first 65535 chunks/,
  );
  assert.equal(asked, 1);
});
