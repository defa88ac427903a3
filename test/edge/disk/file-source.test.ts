import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { ByteSource } from '../../../src/app/ports/byte-source.ts';
import { openFileSource } from '../../../src/edge/disk/file-source.ts';
import { temporaryFolder } from '../../peers/processes.ts';

const BYTES = Uint8Array.from({ length: 70_001 }, (_, index) => (index * 7 + (index >> 9)) & 0xff);

async function opened(t: TestContext, path: string): Promise<ByteSource> {
  const result = await openFileSource(path);
  assert.ok(result.ok, result.ok ? '' : result.problem);
  t.after(() => result.source.close());
  return result.source;
}

function written(t: TestContext, bytes: Uint8Array = BYTES): string {
  const path = join(temporaryFolder(t, 'source'), 'disk.vhd');
  writeFileSync(path, bytes);
  return path;
}

test('ranges of a file, in their order, cut at its end', async (t) => {
  const path = written(t);
  const source = await opened(t, path);
  assert.equal(source.size, BYTES.length);
  assert.equal(source.name, path);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ offset: fc.nat(80_000), length: fc.nat(80_000) }, { noNullPrototype: true }), {
        maxLength: 6,
      }),
      async (ranges) => {
        const results = await source.read(ranges);
        assert.equal(results.length, ranges.length);
        for (const [index, { offset, length }] of ranges.entries()) {
          const result = results[index];
          assert.ok(result?.ok === true, `${length} bytes at ${offset}`);
          assert.deepEqual(Buffer.from(result.bytes), Buffer.from(BYTES.slice(offset, offset + length)));
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('cost: a round for each batch, a request for each range, the bytes', async (t) => {
  const source = await opened(t, written(t));
  await source.read([
    { offset: 0, length: 100 },
    { offset: 70_000, length: 100 },
  ]);
  await source.read([{ offset: 200_000, length: 1 }]);
  assert.deepEqual(source.cost, { bytes: 101, requests: 2, rounds: 2 });
});

test('a file that shrinks gives what there is', async (t) => {
  const path = written(t);
  const source = await opened(t, path);
  truncateSync(path, 1000);
  const [result] = await source.read([{ offset: 900, length: 500 }]);
  assert.equal(result?.ok === true ? result.bytes.length : -1, 100);
});

test('reading after closing is a problem, not an exception', async (t) => {
  const result = await openFileSource(written(t));
  assert.ok(result.ok, 'it opens');
  await result.source.close();
  assert.deepEqual(await result.source.read([{ offset: 5, length: 1 }]), [
    { ok: false, problem: 'the file cannot be read at 5 (EBADF)' },
  ]);
});

test('a link is followed', async (t) => {
  const path = written(t);
  const link = `${path}.link`;
  symlinkSync(path, link);
  assert.equal((await opened(t, link)).size, BYTES.length);
});

for (const [name, make, problem, advice] of [
  ['no such file', () => undefined, /^there is no file /, /Check the path/],
  ['a folder', (path: string) => mkdirSync(path), / is a folder$/, /Name the disk image itself/],
  ['an empty file', (path: string) => writeFileSync(path, ''), / is empty$/, /copy of the disk is complete/],
  // Whoever opens one without care waits for its writer.
  [
    'a named pipe',
    (path: string) => execFileSync('mkfifo', [path]),
    /neither a file nor a block device$/,
    /Name the disk/,
  ],
  [
    'a device without a size',
    (path: string) => symlinkSync('/dev/zero', path),
    /neither a file nor/,
    /Name the disk/,
  ],
  [
    'a link to itself',
    (path: string) => symlinkSync(path, path),
    /cannot be opened \(ELOOP\)$/,
    /Check that it is/,
  ],
] as const) {
  test(`${name}: told, and what to do`, async (t) => {
    const path = join(temporaryFolder(t, 'source'), 'disk');
    make(path);
    const result = await openFileSource(path);
    assert.equal(result.ok, false);
    assert.match(result.ok ? '' : result.problem, problem);
    assert.match(result.ok ? '' : result.advice, advice);
  });
}
