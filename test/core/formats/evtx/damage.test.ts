// Logs with something wrong in them: one bad record or chunk never hides the rest, and what was wrong is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLog, queryEvents, readAllEvents } from '../../../../src/core/formats/evtx/index.ts';
import { type Anomaly, bottom, type Medium } from '../../../../src/core/formats/walker.ts';
import { drive } from '../drive.ts';
import { buildLog, CHUNK_SIZE, ChunkBuilder, fileHeader, NEW_YEAR, SECOND, storeEvent } from './build-log.ts';

/** Records `first` to `last` in one chunk. */
function chunkOf(first: number, last: number): ChunkBuilder {
  const chunk = new ChunkBuilder();
  for (let id = first; id <= last; id += 1) {
    chunk.record(id, NEW_YEAR, storeEvent({ id: 7036, time: NEW_YEAR + BigInt(id) * SECOND }));
  }
  return chunk;
}

interface Expected {
  /** EventRecordIDs, in the order of the file. */
  readonly records: readonly number[];
  readonly recovered?: number;
  /** Of each anomaly, in their order. */
  readonly anomalies?: readonly RegExp[];
}

function check(bytes: Uint8Array, { records, recovered = 0, anomalies = [] }: Expected): void {
  const found: number[] = [];
  const told: Anomaly[] = [];
  const walk = function* () {
    const log = yield* openLog(bottom(bytes.length));
    told.push(...log.anomalies);
    return yield* readAllEvents(log, ({ recordId }) => void found.push(recordId));
  };
  const { value: summary } = drive(walk(), bytes);
  told.push(...summary.anomalies);
  assert.deepEqual(found, records);
  assert.equal(summary.recovered, recovered);
  const shown = told.map(({ where, problem }) => `${where}: ${problem}`);
  assert.equal(told.length, anomalies.length, shown.join('\n'));
  for (const [index, pattern] of anomalies.entries()) assert.match(shown[index] ?? '', pattern);
}

/** Offsets of the records of a chunk that `chunkOf` built. */
function offsetsOf(chunk: Uint8Array): number[] {
  const view = new DataView(chunk.buffer);
  const offsets: number[] = [];
  for (let at = 512; view.getUint32(at, true) === 0x2a2a; at += view.getUint32(at + 4, true))
    offsets.push(at);
  return offsets;
}

test('nothing wrong: used, unused, used', () => {
  check(buildLog([chunkOf(1, 3).build(), undefined, chunkOf(4, 5).build()]), { records: [1, 2, 3, 4, 5] });
});

test('a file of nothing', () => {
  check(new Uint8Array(0), {
    records: [],
    anomalies: [/file header: EVTX file header at byte 0: expected 8/],
  });
});

test('a file of a header alone', () => check(buildLog([]), { records: [] }));

test('counters of the file header that say nothing', () => {
  check(
    buildLog([chunkOf(1, 2).build(), chunkOf(3, 4).build()], fileHeader({ chunks: 0, nextRecordId: 1 })),
    {
      records: [1, 2, 3, 4],
    },
  );
});

test('a file header that is none', () => {
  check(buildLog([chunkOf(1, 2).build()], new Uint8Array(4096).fill(0x41)), {
    records: [1, 2],
    anomalies: [/file header: .* expected the signature ElfFile/],
  });
});

test('a file header with a wrong checksum', () => {
  const header = fileHeader();
  header[16] = 9;
  check(buildLog([chunkOf(1, 2).build()], header), {
    records: [1, 2],
    anomalies: [/file header: its checksum is wrong/],
  });
});

test('a file that ends inside a record', () => {
  const chunk = chunkOf(1, 4).build();
  const end = 4096 + (offsetsOf(chunk)[2] ?? 0) + 30;
  check(buildLog([chunk]).slice(0, end), {
    records: [1, 2],
    anomalies: [
      /chunk 0: the file ends after \d+ of its 65536 bytes/,
      /chunk 0 at 0x[\da-f]+: there is no complete record/,
    ],
  });
});

test('a file that ends inside a chunk header', () => {
  const bytes = buildLog([chunkOf(1, 1).build(), chunkOf(2, 2).build()]);
  check(bytes.slice(0, 4096 + CHUNK_SIZE + 60), {
    records: [1],
    anomalies: [/chunk 1: EVTX chunk header at byte 56: expected/, /chunk 1: the file ends after 60/],
  });
});

test('a torn record: the next ones are found', () => {
  const chunk = chunkOf(1, 4).build();
  const at = offsetsOf(chunk)[1] ?? 0;
  chunk.fill(0, at, at + 40);
  check(buildLog([chunk]), {
    records: [1, 3, 4],
    recovered: 2,
    anomalies: [/chunk 0: the checksum of its records is wrong/, /no complete record/],
  });
});

test('a record of size zero, and one with two sizes', () => {
  for (const spoil of [
    (view: DataView, at: number) => view.setUint32(at + 4, 0, true),
    (view: DataView, at: number) => view.setUint32(at + 4, 0xffff_fff8, true),
    (view: DataView, at: number) => view.setUint32(at + 4, view.getUint32(at + 4, true) + 8, true),
    (view: DataView, at: number) => view.setUint32(at + 12, 0xffff_ffff, true),
  ]) {
    const chunk = chunkOf(1, 3).build();
    spoil(new DataView(chunk.buffer), offsetsOf(chunk)[1] ?? 0);
    check(buildLog([chunk]), {
      records: [1, 3],
      recovered: 1,
      anomalies: [/checksum/, /no complete record/],
    });
  }
});

test('a record whose binary XML is damaged', () => {
  const chunk = chunkOf(1, 3);
  chunk.record(4, NEW_YEAR, (inside) => void inside.raw([0x0f, 1, 1, 0, 0x33, 0x33]));
  chunk.record(5, NEW_YEAR, storeEvent({}));
  check(buildLog([chunk.build()]), {
    records: [1, 2, 3, 5],
    anomalies: [/record 4 in chunk 0: .* a token 0x33/],
  });
});

test('a chunk without its signature, and one with no header at all', () => {
  const bad = chunkOf(3, 4).build();
  bad[0] = 0x58;
  const none = chunkOf(5, 6).build();
  none.fill(0, 0, 512);
  check(buildLog([chunkOf(1, 2).build(), bad, none, chunkOf(7, 7).build()]), {
    records: [1, 2, 3, 4, 5, 6, 7],
    recovered: 4,
    anomalies: [/chunk 1: .* expected the signature ElfChnk/, /chunk 2: it has no header/],
  });
});

test('a chunk header with a wrong checksum, and a chunk without any', () => {
  const wrong = chunkOf(1, 2).build();
  wrong[125] = (wrong[125] ?? 0) ^ 1;
  check(buildLog([wrong]), { records: [1, 2], anomalies: [/chunk 0: the checksum of its header is wrong/] });
  const absent = chunkOf(1, 2).build((view) => view.setUint32(120, 4, true));
  absent.fill(0, 52, 56);
  absent.fill(0, 124, 128);
  check(buildLog([absent]), { records: [1, 2] });
});

test('records behind the last one that the header of a chunk knows', () => {
  const free = offsetsOf(chunkOf(1, 5).build())[2] ?? 0;
  const live = chunkOf(1, 5).build((view) => {
    view.setBigUint64(32, 2n, true);
    view.setUint32(48, free, true);
  });
  check(buildLog([live]), {
    records: [1, 2, 3, 4, 5],
    anomalies: [/chunk 0: records follow the last one that its header lists \(3\)/],
  });
});

test('leftovers behind the last record of a chunk that was used before', () => {
  const chunk = chunkOf(20, 21);
  const free = chunk.length;
  for (const id of [4, 5]) chunk.record(id, NEW_YEAR, storeEvent({}));
  check(buildLog([chunk.build((view) => view.setUint32(48, free, true))]), { records: [20, 21] });
});

test('a medium that cannot be read everywhere', () => {
  const bytes = buildLog([chunkOf(1, 2).build(), chunkOf(3, 4).build(), chunkOf(5, 6).build()]);
  const medium: Medium = {
    size: bytes.length,
    *read(ranges) {
      return ranges.map(({ offset, length }) =>
        offset === 4096 + CHUNK_SIZE
          ? { ok: false, problem: 'bad sector' }
          : { ok: true, bytes: bytes.subarray(offset, offset + length) },
      );
    },
  };
  const found: number[] = [];
  const log = drive(openLog(medium), bytes).value;
  const { anomalies } = drive(
    readAllEvents(log, ({ recordId }) => void found.push(recordId)),
    bytes,
  ).value;
  assert.deepEqual(found, [1, 2, 5, 6]);
  assert.deepEqual(anomalies, [{ where: 'chunk 1', problem: 'bad sector' }]);
  const answer = drive(queryEvents(log, { limit: 10 }), bytes).value;
  assert.deepEqual(
    answer.events.map(({ recordId }) => recordId),
    [6, 5, 2, 1],
  );
  assert.deepEqual(answer.anomalies, [{ where: 'chunk 1', problem: 'bad sector' }]);
});
