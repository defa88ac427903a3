// Queries: what they find, and what they read for it, in logs of every shape that Windows leaves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type EventAnswer,
  type EventQuery,
  openLog,
  queryEvents,
} from '../../../../src/core/formats/evtx/index.ts';
import { bottom } from '../../../../src/core/formats/walker.ts';
import { type Driven, drive } from '../drive.ts';
import {
  CHUNK_SIZE,
  ChunkBuilder,
  type EventSpec,
  fileHeader,
  NEW_YEAR,
  PROVIDER,
  SECOND,
  storeEvent,
} from './build-log.ts';

/** Records in every chunk of these logs. */
const IN_CHUNK = 3;

/** Chunk number `index` of a log holds records 3 × index + 1 and so on; record n was written n seconds after new year. */
const chunkAt = (() => {
  const known = new Map<number, Uint8Array>();
  return (index: number): Uint8Array => {
    let chunk = known.get(index);
    if (chunk === undefined) {
      const builder = new ChunkBuilder();
      for (let step = 1; step <= IN_CHUNK; step += 1) {
        const id = index * IN_CHUNK + step;
        builder.record(id, NEW_YEAR, storeEvent({ id: id % 5, time: NEW_YEAR + BigInt(id) * SECOND }));
      }
      chunk = builder.build();
      known.set(index, chunk);
    }
    return chunk;
  };
})();

/** A log by what stands in its slots: the number of a chunk, `undefined` for none, or bytes. */
type Slots = readonly (number | undefined | Uint8Array)[];

function ask(slots: Slots, query: EventQuery, header = fileHeader({ flags: 1 })): Driven<EventAnswer> {
  const unused = new Uint8Array(CHUNK_SIZE);
  const read = (offset: number, length: number): Uint8Array => {
    if (offset === 0) return header.subarray(0, length);
    const slot = slots[Math.floor((offset - 4096) / CHUNK_SIZE)];
    const bytes = slot === undefined ? unused : slot instanceof Uint8Array ? slot : chunkAt(slot);
    assert.equal((offset - 4096) % CHUNK_SIZE, 0);
    return bytes.subarray(0, length);
  };
  const walk = function* () {
    return yield* queryEvents(yield* openLog(bottom(4096 + slots.length * CHUNK_SIZE)), query);
  };
  return drive(walk(), read);
}

/** Chunks `first` to `last`, written round a file of `size` slots that begins with chunk 0. */
function ring(first: number, last: number, size: number): Slots {
  const slots: (number | undefined)[] = new Array(size).fill(undefined);
  for (let index = first; index <= last; index += 1) slots[index % size] = index;
  return slots;
}

const ids = ({ events }: EventAnswer) => events.map(({ recordId }) => recordId);

/** From `newest` down to `oldest`. */
const down = (newest: number, oldest: number) =>
  Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index);

const SHAPES: readonly (readonly [string, Slots, number, number])[] = [
  ['one chunk', ring(0, 0, 1), 1, 3],
  ['two chunks', ring(0, 1, 4), 1, 6],
  ['a few chunks', ring(0, 4, 17), 1, 15],
  ['a log that wrapped', ring(7, 22, 16), 22, 69],
  ['a log of 300 slots, just begun', ring(0, 0, 300), 1, 3],
  ['a log of 300 slots, not full', ring(0, 246, 300), 1, 741],
  ['a log of 300 slots, just full', ring(0, 299, 300), 1, 900],
  ['a log of 300 slots, just wrapped', ring(1, 300, 300), 4, 903],
  ['a log of 300 slots that wrapped', ring(500, 799, 300), 1501, 2400],
  ['a log of 2,000 slots that wrapped', ring(100, 2099, 2000), 301, 6300],
];

for (const [name, slots, oldest, newest] of SHAPES) {
  test(`${name}: the newest events, the oldest record, few rounds`, () => {
    const { value: answer, rounds, bytesRead } = ask(slots, { limit: 4 });
    assert.deepEqual(ids(answer), down(newest, Math.max(oldest, newest - 3)));
    assert.deepEqual(answer.newest, { recordId: newest, timeCreated: NEW_YEAR + BigInt(newest) * SECOND });
    assert.deepEqual(answer.oldest, { recordId: oldest, timeCreated: NEW_YEAR + BigInt(oldest) * SECOND });
    assert.deepEqual(answer.anomalies, []);
    // The file header, three rounds for the newest chunk at the most, and one for chunks.
    assert.ok(rounds <= 5, `${rounds} rounds`);
    assert.ok(bytesRead < 4096 + 3 * CHUNK_SIZE + 130 * 512, `${bytesRead} bytes`);
  });
}

/** What a visitor was given since it was told to begin. */
function visited(
  slots: Slots,
  query: EventQuery,
): Driven<EventAnswer> & { readonly taken: readonly number[]; readonly begun: number } {
  let taken: number[] = [];
  let begun = 0;
  const visit = {
    begin() {
      taken = [];
      begun += 1;
    },
    take: ({ recordId }: { readonly recordId: number }) => void taken.push(recordId),
  };
  return { ...ask(slots, { ...query, visit }), taken, begun };
}

for (const [name, slots] of SHAPES) {
  test(`${name}: a visitor takes what the answer would hold, which then holds nothing`, () => {
    const { value: answer, taken, begun } = visited(slots, { limit: 10_000 });
    assert.deepEqual(taken, ids(ask(slots, { limit: 10_000 }).value));
    assert.deepEqual([answer.events, begun], [[], 1]);
  });
}

test('where the order of the chunks does not hold, a visitor is told to begin again', () => {
  const slots = ring(0, 246, 300).map((chunk, at) => (at === 199 ? 700 : chunk));
  const { taken, begun } = visited(slots, { limit: 10_000 });
  assert.deepEqual(taken, ids(ask(slots, { limit: 10_000 }).value));
  assert.equal(new Set(taken).size, taken.length);
  assert.equal(begun, 2);
});

test('a whole log of 300 chunks in few rounds, for a visitor who keeps nothing', () => {
  const { rounds } = visited(ring(500, 799, 300), { limit: 10_000 });
  assert.ok(rounds <= 13, `${rounds} rounds`);
});

test('a limit of chunks, and of events that a visitor takes', () => {
  const some = visited(ring(0, 99, 300), { limit: 10_000, chunks: 7 });
  assert.deepEqual(some.taken, down(300, 280));
  assert.deepEqual([some.value.endedBy, some.value.chunksRead], ['limit', 7]);
  assert.deepEqual(visited(ring(0, 99, 300), { limit: 5 }).taken, down(300, 296));
  assert.equal(ask(ring(0, 2, 300), { limit: 10_000, chunks: 7 }).value.endedBy, 'log');
});

test('the oldest record of a log whose newest chunk has enough', () => {
  for (const last of [0, 1, 2, 5]) {
    assert.equal(ask(ring(0, last, 17), { limit: 1 }).value.oldest?.recordId, 1);
    assert.equal(ask(ring(0, last, 170), { limit: 1 }).value.oldest?.recordId, 1);
  }
});

test('everything, of a log that wrapped', () => {
  const { value: answer } = ask(ring(500, 799, 300), { limit: 10_000 });
  assert.deepEqual(ids(answer), down(2400, 1501));
  assert.equal(answer.endedBy, 'log');
  assert.equal(answer.chunksRead, 300);
});

test('everything, of a log that is not full', () => {
  const { value: answer } = ask(ring(0, 99, 300), { limit: 10_000 });
  assert.deepEqual(ids(answer), down(300, 1));
  assert.equal(answer.endedBy, 'log');
  assert.equal(answer.chunksRead, 100);
});

test('a time before the newest record', () => {
  const { value: answer } = ask(ring(500, 799, 300), { limit: 10_000, sinceMillisBeforeNewest: 10_000 });
  assert.deepEqual(ids(answer), down(2400, 2390));
  assert.equal(answer.endedBy, 'since');
  assert.ok(answer.chunksRead <= 6);
});

test('a time, and the later of two times', () => {
  const since = NEW_YEAR + 2398n * SECOND;
  assert.deepEqual(ids(ask(ring(500, 799, 300), { limit: 100, since }).value), [2400, 2399, 2398]);
  for (const sinceMillisBeforeNewest of [1000, 60_000]) {
    const { value: answer } = ask(ring(500, 799, 300), { limit: 100, since, sinceMillisBeforeNewest });
    assert.deepEqual(ids(answer), sinceMillisBeforeNewest === 1000 ? [2400, 2399] : [2400, 2399, 2398]);
  }
});

test('no events at all', () => {
  const { value: answer } = ask(ring(0, 5, 17), { limit: 0 });
  assert.deepEqual([answer.events, answer.endedBy], [[], 'limit']);
  const { value: empty } = ask([undefined, undefined], { limit: 5 });
  assert.deepEqual(
    [empty.events, empty.newest, empty.oldest, empty.endedBy],
    [[], undefined, undefined, 'log'],
  );
  const { value: none } = ask(new Array(100).fill(undefined), { limit: 5 });
  assert.deepEqual([none.events, none.newest, none.oldest, none.endedBy], [[], undefined, undefined, 'log']);
});

test('a header that was closed properly and knows a newer record than was found: all headers are read', () => {
  // The newest chunk stands alone between those that the search looks at.
  const slots = [...ring(0, 199, 300)];
  slots[271] = 900;
  const lost = ask(slots, { limit: 1 });
  assert.deepEqual(ids(lost.value), [600], 'a dirty header cannot tell');
  const { value: answer } = ask(slots, { limit: 1 }, fileHeader({ nextRecordId: 2704 }));
  assert.deepEqual(ids(answer), [2703]);
});

test('the file header knows the newest chunk', () => {
  const slots = [...ring(0, 199, 300)];
  slots[271] = 900;
  const { value: answer } = ask(slots, { limit: 5 }, fileHeader({ flags: 1, lastChunk: 271 }));
  assert.deepEqual(ids(answer), [2703, 2702, 2701, 600, 599]);
});

test('chunks in no order: found by all headers', () => {
  const slots = [...ring(0, 299, 300)];
  [slots[290], slots[3]] = [slots[3], slots[290]];
  assert.deepEqual(ids(ask(slots, { limit: 900 }).value), down(900, 1));
});

test('chunks in no order, between those that the search looks at', () => {
  const slots = [...ring(0, 299, 300)];
  [slots[100], slots[101]] = [slots[101], slots[100]];
  assert.deepEqual(ids(ask(slots, { limit: 900 }).value), down(900, 1));
});

test('what the search sees is in no order, or damaged: it looks at all headers', () => {
  for (const spoil of [
    (slots: (number | undefined | Uint8Array)[]) => {
      [slots[19], slots[38]] = [slots[38], slots[19]];
    },
    (slots: (number | undefined | Uint8Array)[]) => {
      slots[19] = new Uint8Array(CHUNK_SIZE).fill(0x41);
    },
  ]) {
    const slots = [...ring(0, 299, 300)];
    // Seen by nobody who looks at every nineteenth.
    slots[50] = 900;
    assert.deepEqual(ids(ask(slots, { limit: 1 }).value), [900]);
    spoil(slots);
    assert.deepEqual(ids(ask(slots, { limit: 1 }).value), [2703]);
  }
});

test('a damaged chunk on the way: the rest is found, and it is told', () => {
  const slots = [...ring(0, 299, 300)];
  const broken = chunkAt(297).slice();
  broken[0] = 0;
  slots[297] = broken;
  const { value: answer } = ask(slots, { limit: 8 });
  assert.deepEqual(ids(answer), [900, 899, 898, 897, 896, 895, 891, 890]);
  assert.deepEqual(
    answer.anomalies.map(({ where }) => where),
    ['chunk 297'],
  );
});

test('any log written round its file: as many as asked for, newest first', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 1, max: 60 }),
      (size, last, limit) => {
        const first = Math.max(0, last - size + 1);
        const { value: answer } = ask(ring(first, last, size), { limit });
        const newest = (last + 1) * IN_CHUNK;
        const oldest = first * IN_CHUNK + 1;
        assert.deepEqual(ids(answer), down(newest, Math.max(oldest, newest - limit + 1)));
        assert.equal(answer.oldest?.recordId, oldest);
        assert.deepEqual(answer.anomalies, []);
      },
    ),
    { numRuns: 60 },
  );
});

/** Events of one chunk, told by their place in it. */
function checkSelect(
  events: readonly EventSpec[],
  select: EventQuery['select'],
  expected: readonly number[],
): void {
  const chunk = new ChunkBuilder();
  for (const [index, event] of events.entries()) {
    chunk.record(index + 1, NEW_YEAR, storeEvent({ ...event, time: NEW_YEAR }));
  }
  assert.deepEqual(ids(ask([chunk.build()], { select, limit: 100 }).value), expected);
}

const EVENTS: readonly EventSpec[] = [
  { provider: 'User32', id: 1074 },
  { provider: 'USER32', id: 1074, qualifiers: 0x8000 },
  { provider: 'User32', id: 1075 },
  { provider: 'Microsoft-Windows-DistributedCOM', source: 'DCOM', id: 10016 },
  { provider: 'Other', id: 1074 },
];

test('selected by provider and identifier, whatever the case', () => {
  checkSelect(EVENTS, [{ provider: 'user32', ids: [1074] }], [2, 1]);
  checkSelect(EVENTS, [{ provider: 'User32', ids: [1074, 1075] }], [3, 2, 1]);
});

test('selected by the name of the event source', () => {
  checkSelect(EVENTS, [{ provider: 'dcom', ids: [10016] }], [4]);
  checkSelect(EVENTS, [{ provider: 'Microsoft-Windows-DistributedCOM', ids: [10016] }], [4]);
});

test('all events of a provider, beside some of another', () => {
  checkSelect(EVENTS, [{ provider: 'Other' }, { provider: 'User32', ids: [1075] }], [5, 3]);
  checkSelect(EVENTS, [{ provider: 'User32', ids: [1075] }, { provider: 'User32' }], [3, 2, 1]);
  checkSelect(EVENTS, [{ provider: 'User32' }, { provider: 'User32', ids: [1075] }], [3, 2, 1]);
  checkSelect(
    EVENTS,
    [
      { provider: 'User32', ids: [1075] },
      { provider: 'USER32', ids: [1074] },
    ],
    [3, 2, 1],
  );
});

test('nothing is selected by an identifier of another provider, or by no selector', () => {
  checkSelect(EVENTS, [{ provider: PROVIDER, ids: [1074] }], []);
  checkSelect(EVENTS, [], []);
  checkSelect(EVENTS, undefined, [5, 4, 3, 2, 1]);
});
