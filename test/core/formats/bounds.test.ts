// Readers held to their limits one by one: what a small input claims must not decide what it costs. Each row
// costs memory or minutes where its limit is taken away.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32 } from '../../../src/core/bytes/crc32.ts';
import { tryDecode } from '../../../src/core/bytes/decode-error.ts';
import { concat, Writer } from '../../../src/core/bytes/writer.ts';
import { openLog, queryEvents, readAllEvents } from '../../../src/core/formats/evtx/index.ts';
import { openImage } from '../../../src/core/formats/image/index.ts';
import { compressedMedium } from '../../../src/core/formats/ntfs/compressed-medium.ts';
import { walkIndex } from '../../../src/core/formats/ntfs/index-tree.ts';
import type { Stream } from '../../../src/core/formats/ntfs/stream.ts';
import { memoryMedium } from '../../../src/core/formats/ntfs/stream-medium.ts';
import { wofMedium } from '../../../src/core/formats/ntfs/wof.ts';
import { decodeGptHeader } from '../../../src/core/formats/partition/gpt.ts';
import { bottom, type Medium, readAt, walkBytes } from '../../../src/core/formats/walker.ts';
import { cpuMillis } from '../cpu-time.ts';
import { buildLog, CHUNK_SIZE, ChunkBuilder, NEW_YEAR, storeEvent } from './evtx/build-log.ts';
import { buildVhdx, logEntry, logOf, MIB, STATE } from './image/build-vhdx.ts';
import { indexNode, indexRecord } from './ntfs/build-volume.ts';
import { gptDisk } from './partition/build-disk.ts';

/** Runs it; memory grows by no more than this, and it ends soon enough on any machine. */
function checkCost<T>(mostMebibytes: number, use: () => T): T {
  globalThis.gc?.();
  const before = process.memoryUsage();
  let result: T | undefined;
  const millis = cpuMillis(() => {
    result = use();
  });
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.ok(grown < mostMebibytes * MIB, `${Math.round(grown / MIB)} MiB`);
  assert.ok(millis < 20_000, `${Math.round(millis)} ms`);
  return result as T;
}

/** A medium of any size of which nothing is there but zeros. */
function hole(size: number): Medium {
  return {
    size,
    *read(ranges) {
      return ranges.map(({ offset, length }) => ({
        ok: true,
        bytes: new Uint8Array(Math.max(0, Math.min(length, size - offset))),
      }));
    },
  };
}

describe('EVTX', () => {
  /** Records whose templates begin every eight bytes and all reach to the end of the chunk. */
  function overlapping(what: 'names' | 'templates'): Uint8Array {
    const chunk = new ChunkBuilder();
    for (let id = 1; chunk.length < 30_000; id += 1) {
      chunk.record(id, NEW_YEAR, (inside) => {
        const definition = 32_768 + id * 8;
        const name = 32_768 + id * 8;
        if (what === 'templates') {
          inside.raw(
            new Writer().bytes([0x0f, 1, 1, 0, 0x0c, 1]).u32le(7).u32le(definition).u32le(0).toBytes(),
          );
        } else inside.raw(new Writer().bytes([0x0f, 1, 1, 0, 0x01]).u32le(0).u32le(name).u8(3).toBytes());
      });
    }
    const bytes = chunk.build();
    const view = new DataView(bytes.buffer);
    for (let at = 32_768; at + 8 <= CHUNK_SIZE; at += 8) {
      // As a name: 6 bytes, then 15,000 characters. As a template: 20 bytes, then this many.
      if (what === 'templates') view.setUint32(at + 4, 0x4000, true);
      else view.setUint16(at + 6, 15_000, true);
    }
    return buildLog([bytes]);
  }
  for (const what of ['names', 'templates'] as const) {
    test(`${what} that lie over each other`, () => {
      const bytes = overlapping(what);
      const { summary, answer } = checkCost(100, () =>
        walkBytes(
          (function* () {
            const log = yield* openLog(bottom(bytes.length));
            const summary = yield* readAllEvents(log, () => {});
            return { summary, answer: yield* queryEvents(log, { limit: 1000 }) };
          })(),
          bytes,
        ),
      );
      assert.ok(summary.records > 100);
      assert.equal(answer.events.length, 0);
      assert.ok(
        summary.anomalies.some(({ problem }) => problem.includes(`the ${what} of its chunk overlap`)),
        JSON.stringify(summary.anomalies.slice(-2)),
      );
    });
  }

  test('events that hold more text than is kept: the newest, and that there are more', () => {
    const chunks = Array.from({ length: 24 }, (_, slot) => {
      const chunk = new ChunkBuilder();
      const data = { name: 'Data', content: new Array<number>(10).fill(0) };
      const template = { name: 'EventData', content: [data] };
      const payload = (inside: ChunkBuilder): void =>
        void inside.instance(template, [{ type: 1, bytes: new Uint8Array(50_000).fill(0x41) }]);
      chunk.record(slot + 1, NEW_YEAR, storeEvent({ id: slot + 1, time: NEW_YEAR, payload }));
      return chunk.build();
    });
    const bytes = buildLog(chunks);
    const answer = walkBytes(
      (function* () {
        return yield* queryEvents(yield* openLog(bottom(bytes.length)), { limit: 1000 });
      })(),
      bytes,
    );
    assert.equal(answer.endedBy, 'limit');
    assert.ok(answer.events.length > 0 && answer.events.length < 24, `${answer.events.length} events`);
    assert.equal(answer.events[0]?.id, 24);
    assert.match(answer.anomalies.at(-1)?.problem ?? '', /more than 4194304 characters/);
  });
});

describe('VHDX', () => {
  const life = 3;
  test('a log whose descriptors write zeros over the same pages again and again', () => {
    const zeros = Array.from({ length: 3000 }, () => ({ at: 4 * MIB, zeros: 500 * 4096 }));
    const bytes = logEntry({ sequence: 1n, tail: 0, logId: life, writes: zeros });
    const file = buildVhdx({
      size: 2 * MIB,
      blockSize: MIB,
      blocks: new Map([[0, { state: STATE.full, data: new Uint8Array(MIB) }]]),
      id: 5,
      logId: life,
      log: logOf({ at: 0, bytes }),
    });
    const opened = checkCost(100, () => walkBytes(openImage(bottom(file.length)), file));
    assert.match(opened.ok ? 'opened' : opened.problem, /its log writes more than can be kept/);
  });
});

describe('NTFS', () => {
  test('an index of 64 MiB whose nodes hold entries of 16 bytes', () => {
    const entries = Array.from({ length: 250 }, () => ({ head: new Uint8Array(8), key: new Uint8Array() }));
    const node = indexNode(entries);
    const allocation: Medium = {
      size: 64 * MIB,
      *read(ranges) {
        return ranges.map(({ offset, length }) => ({
          ok: true,
          bytes: concat(
            ...Array.from({ length: offset < 64 * MIB ? Math.ceil(length / 4096) : 0 }, (_, at) =>
              indexRecord(offset / 4096 + at, node),
            ),
          ),
        }));
      },
    };
    const root = {
      entries: [{ bytes: new Uint8Array(16), key: new Uint8Array(), subnode: 99_999, isLast: true }],
    };
    const tree = { root, nodeSize: 4096, vcnSize: 4096, allocation };
    const walked = checkCost(150, () => walkBytes(walkIndex(tree), new Uint8Array()));
    assert.equal(walked.entries.length, 1 << 17);
    assert.match(walked.problems.join(), /more than 131072 entries/);
  });

  test('a tree whose nodes point to each other', () => {
    const point = (vcn: number) => indexRecord(vcn, indexNode([], 1 - vcn));
    const allocation = memoryMedium(concat(point(0), point(1)));
    const root = {
      entries: [{ bytes: new Uint8Array(16), key: new Uint8Array(), subnode: 0, isLast: true }],
    };
    const walked = walkBytes(
      walkIndex({ root, nodeSize: 4096, vcnSize: 4096, allocation }),
      new Uint8Array(),
    );
    assert.deepEqual(walked.problems, ['node 0 is pointed to twice']);
  });

  test('WOF: the table of a file of 15 TB is read where it is needed', () => {
    let asked = 0;
    const packed: Medium = {
      size: 2 ** 44,
      *read(ranges) {
        asked += ranges.reduce((sum, { length }) => sum + length, 0);
        return yield* hole(2 ** 44).read(ranges);
      },
    };
    const medium = wofMedium(packed, 'LZX', 15 * 2 ** 40);
    const ranges = [0, 7 * 2 ** 40, 15 * 2 ** 40 - 9].map((offset) => ({ offset, length: 9 }));
    const results = checkCost(20, () => walkBytes(medium.read(ranges), new Uint8Array()));
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [false, false, false],
    );
    assert.ok(asked < 100, `${asked} bytes of the table`);
  });

  test('LZNT1: a read of many units holds a few of them at once, and one that is too long is refused', () => {
    // One literal and a match of 4,095: a chunk of six bytes becomes 4 KiB, sixteen of them a unit.
    const chunk = Uint8Array.of(0x03, 0xb0, 0x02, 0x45, 0xfc, 0x0f);
    const unit = concat(...new Array<Uint8Array>(16).fill(chunk), new Uint8Array(4096 - 96));
    const units = 2000;
    const stream: Stream = {
      type: 0x80,
      name: '',
      flags: 1,
      size: units * 65_536,
      initialisedSize: units * 65_536,
      unitShift: 4,
      runs: Array.from({ length: units }, (_, index) => [
        { vcn: index * 16, clusters: 1, lcn: 0 },
        { vcn: index * 16 + 1, clusters: 15 },
      ]).flat(),
    };
    const medium = compressedMedium(memoryMedium(unit), 4096, stream);
    assert.ok(typeof medium !== 'string');
    const [whole] = walkBytes(medium.read([{ offset: 0, length: stream.size }]), new Uint8Array());
    assert.match(whole?.ok === false ? whole.problem : 'read', /more than 67108864 bytes at once/);
    const scattered = Array.from({ length: units }, (_, index) => ({
      offset: index * 65_536 + 60_000,
      length: 4,
    }));
    const results = checkCost(60, () => walkBytes(medium.read(scattered), new Uint8Array()));
    assert.ok(results.every((result) => result.ok && result.bytes.every((byte) => byte === 0x45)));
  });
});

describe('partitions', () => {
  test('a GPT of 2^32 - 1 entries is refused by its header', () => {
    const disk = gptDisk(512);
    const sector = new Uint8Array(disk.subarray(512, 1024));
    const view = new DataView(sector.buffer);
    view.setUint32(80, 0xffff_ffff, true);
    view.setUint32(16, 0, true);
    view.setUint32(16, crc32(sector.subarray(0, view.getUint32(12, true))), true);
    const decoded = tryDecode(() => decodeGptHeader(sector));
    assert.match(decoded.ok ? 'decoded' : decoded.error.message, /a table of 4294967295 entries/);
  });
});

test('a read of a disk without an end is refused where nobody needs one as long', () => {
  const file = buildVhdx({ size: 2 ** 40, blockSize: MIB, blocks: new Map(), id: 1 });
  const read = checkCost(20, () =>
    walkBytes(
      (function* () {
        const opened = yield* openImage(bottom(file.length));
        assert.ok(opened.ok);
        return yield* readAt(opened.image.disk, 0, 2 ** 30);
      })(),
      file,
    ),
  );
  assert.match(read.ok ? 'read' : read.problem, /too many for one read/);
});
