import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BlockCache, type CacheOptions } from '../../../src/app/disk/block-cache.ts';
import type { ByteSource } from '../../../src/app/ports/byte-source.ts';
import type { Range, ReadResult } from '../../../src/core/formats/walker.ts';

class MemorySource implements ByteSource {
  readonly name = 'memory';
  readonly cost = { bytes: 0, requests: 0, rounds: 0 };
  readonly batches: (readonly Range[])[] = [];
  readonly bytes: Uint8Array;
  /** Ranges that fail from now on. */
  failing: (range: Range) => boolean = () => false;
  /** Where it ends, although it says otherwise. */
  endsAt = Number.POSITIVE_INFINITY;

  constructor(size: number) {
    this.bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
  }

  get size(): number {
    return this.bytes.length;
  }

  read(ranges: readonly Range[]): Promise<readonly ReadResult[]> {
    this.batches.push(ranges);
    return Promise.resolve(
      ranges.map((range): ReadResult => {
        if (this.failing(range)) return { ok: false, problem: 'the line is down' };
        const end = Math.min(range.offset + range.length, this.endsAt);
        return { ok: true, bytes: this.bytes.slice(range.offset, Math.max(range.offset, end)) };
      }),
    );
  }

  /** Ranges fetched since the last call, as [offset, length]. */
  fetched(): readonly (readonly [number, number])[] {
    return this.batches
      .splice(0)
      .flatMap((batch) => batch.map(({ offset, length }) => [offset, length] as const));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function cacheOf(
  size: number,
  options: Partial<CacheOptions> = {},
): { source: MemorySource; cache: BlockCache } {
  const source = new MemorySource(size);
  const cache = new BlockCache(source, { blockSize: 16, capacity: 4096, longestFetch: 64, ...options });
  return { source, cache };
}

function checkBytes(source: MemorySource, { offset, length }: Range, result: ReadResult | undefined): void {
  assert.ok(result?.ok === true, `${length} bytes at ${offset}`);
  assert.deepEqual(Buffer.from(result.bytes), Buffer.from(source.bytes.slice(offset, offset + length)));
}

test('whatever is read is what stands there, in any block size and capacity, and nothing kept is fetched again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 700 }),
      fc.record(
        {
          blockSize: fc.constantFrom(1, 2, 8, 64, 1024),
          capacity: fc.constantFrom(0, 1, 64, 100_000),
          longestFetch: fc.constantFrom(1, 16, 64, 4096),
        },
        { noNullPrototype: true },
      ),
      fc.array(
        fc.array(fc.record({ offset: fc.nat(900), length: fc.nat(300) }, { noNullPrototype: true }), {
          maxLength: 5,
        }),
        { maxLength: 6 },
      ),
      async (size, options, reads) => {
        const { source, cache } = cacheOf(size, options);
        const seen = new Set<number>();
        for (const ranges of reads) {
          const results = await cache.read(ranges);
          assert.equal(results.length, ranges.length);
          for (const [index, range] of ranges.entries()) checkBytes(source, range, results[index]);
          assert.ok(source.batches.length <= 1, 'one batch a read');
          const inBatch = new Set<number>();
          for (const [offset, length] of source.fetched()) {
            assert.equal(offset % options.blockSize, 0, 'whole blocks');
            assert.ok(length > 0 && offset + length <= size, `${length} bytes at ${offset}`);
            assert.ok(length <= Math.max(options.longestFetch, options.blockSize), 'a fetch is too long');
            for (let at = offset; at < offset + length; at += 1) {
              assert.equal(inBatch.has(at), false, `byte ${at} twice in a batch`);
              if (options.capacity === 100_000) assert.equal(seen.has(at), false, `byte ${at} fetched again`);
              inBatch.add(at);
              seen.add(at);
            }
          }
        }
      },
    ),
  );
});

test('neighbouring misses become one fetch, up to the longest; the last block is short', async () => {
  const { source, cache } = cacheOf(100);
  await cache.read([
    { offset: 20, length: 1 },
    { offset: 40, length: 1 },
    { offset: 5, length: 1 },
  ]);
  assert.deepEqual(source.fetched(), [[0, 48]]);
  await cache.read([{ offset: 0, length: 100 }]);
  assert.deepEqual(source.fetched(), [[48, 52]]);
  const long = cacheOf(200);
  await long.cache.read([{ offset: 0, length: 200 }]);
  assert.deepEqual(long.source.fetched(), [
    [0, 64],
    [64, 64],
    [128, 64],
    [192, 8],
  ]);
});

test('what is kept is not fetched, what lies around it is', async () => {
  const { source, cache } = cacheOf(160);
  await cache.read([{ offset: 32, length: 16 }]);
  source.fetched();
  const [result] = await cache.read([{ offset: 0, length: 80 }]);
  assert.deepEqual(source.fetched(), [
    [0, 32],
    [48, 32],
  ]);
  checkBytes(source, { offset: 0, length: 80 }, result);
});

test('the least recently used blocks go first', async () => {
  const { source, cache } = cacheOf(160, { capacity: 32 });
  const read = async (block: number) => {
    await cache.read([{ offset: block * 16, length: 1 }]);
    return source.fetched().length;
  };
  assert.deepEqual([await read(0), await read(1), await read(0)], [1, 1, 0]);
  assert.equal(await read(2), 1); // drops block 1
  assert.deepEqual([await read(0), await read(1), await read(2)], [0, 1, 1]);
});

test('a batch that is larger than the capacity is answered, and fetched once', async () => {
  const { source, cache } = cacheOf(1000, { capacity: 16 });
  const range = { offset: 3, length: 900 };
  checkBytes(source, range, (await cache.read([range, { offset: 3, length: 10 }]))[0]);
  assert.equal(
    source.fetched().reduce((sum, [, length]) => sum + length, 0),
    912,
  );
});

test('a failed fetch fails the ranges that need it, and is tried again', async () => {
  const { source, cache } = cacheOf(160);
  source.failing = ({ offset }) => offset === 64;
  const ranges = [
    { offset: 0, length: 10 },
    { offset: 70, length: 4 },
    { offset: 100, length: 0 },
    { offset: 150, length: 10 },
  ];
  const results = await cache.read(ranges);
  assert.deepEqual(
    results.map((result) => (result.ok ? 'ok' : result.problem)),
    ['ok', 'the line is down', 'ok', 'ok'],
  );
  source.fetched();
  source.failing = () => false;
  const again = await cache.read(ranges);
  assert.deepEqual(source.fetched(), [[64, 16]]);
  for (const [index, range] of ranges.entries()) checkBytes(source, range, again[index]);
});

test('a source that ends before its end gives a shorter answer, and is asked again', async () => {
  const { source, cache } = cacheOf(160);
  source.endsAt = 50;
  const range = { offset: 10, length: 100 };
  const [short] = await cache.read([range]);
  checkBytes(source, { offset: 10, length: 40 }, short);
  source.endsAt = 160;
  checkBytes(source, range, (await cache.read([range]))[0]);
});

test('past the end, before the start, and nothing', async () => {
  const { source, cache } = cacheOf(100);
  const results = await cache.read([
    { offset: 100, length: 10 },
    { offset: 2 ** 60, length: 10 },
    { offset: 0, length: 0 },
    { offset: 95, length: 2 ** 40 },
  ]);
  assert.deepEqual(
    results.map((result) => (result.ok ? result.bytes.length : result.problem)),
    [0, 0, 0, 5],
  );
  assert.deepEqual(source.fetched(), [[80, 20]]);
  assert.deepEqual(await cache.read([]), []);
  assert.deepEqual(source.fetched(), []);
});

test('a kept block does not hold the whole fetch in memory', async () => {
  const buffers: Uint8Array[] = [];
  const { source, cache } = cacheOf(4096, { blockSize: 64, capacity: 64, longestFetch: 4096 });
  const read = source.read.bind(source);
  source.read = async (ranges) => {
    const results = await read(ranges);
    for (const result of results) if (result.ok) buffers.push(result.bytes);
    return results;
  };
  await cache.read([{ offset: 0, length: 4096 }]);
  // Only the last block is kept. What was fetched may change now without being noticed.
  for (const buffer of buffers) buffer.fill(0);
  checkBytes(source, { offset: 4032, length: 64 }, (await cache.read([{ offset: 4032, length: 64 }]))[0]);
  assert.equal(buffers.length, 1);
});

test('what was handed out may be changed without harm to what is kept', async () => {
  const { source, cache } = cacheOf(64);
  const range = { offset: 0, length: 16 };
  const [first] = await cache.read([range]);
  if (first?.ok === true) first.bytes.fill(0);
  checkBytes(source, range, (await cache.read([range]))[0]);
});

test('what is kept is at hand, and nothing else', async () => {
  const { source, cache } = cacheOf(100);
  const ranges = [
    { offset: 3, length: 20 },
    { offset: 90, length: 30 },
  ];
  assert.equal(cache.atHand(ranges), undefined);
  await cache.read([{ offset: 0, length: 32 }]);
  assert.equal(cache.atHand(ranges), undefined, 'the last blocks are not there');
  await cache.read([{ offset: 80, length: 20 }]);
  source.fetched();
  const known = cache.atHand(ranges);
  for (const [index, range] of ranges.entries()) checkBytes(source, range, known?.[index]);
  assert.deepEqual(source.fetched(), []);
  assert.deepEqual(cache.atHand([{ offset: 100, length: 5 }]), [{ ok: true, bytes: new Uint8Array() }]);
});
