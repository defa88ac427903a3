// A disk as a page blob behind a SAS, on the emulator that Microsoft gives out.
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { BlockCache } from '../../src/app/disk/block-cache.ts';
import { runWalker } from '../../src/app/disk/run-walker.ts';
import type { ByteSource } from '../../src/app/ports/byte-source.ts';
import { openImage } from '../../src/core/formats/image/open-image.ts';
import { bottom } from '../../src/core/formats/walker.ts';
import { openHttpSource } from '../../src/edge/disk/http-source.ts';
import { assertSameBytes, bytesOf, dataExtents, qemuImg, qemuIo } from '../core/formats/image/images.ts';
import { requireAzurite, startAzurite } from './azurite.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';

const KIB = 1024;
const GIB = 2 ** 30;
/** What a Windows image of the marketplace has. */
const DISK_SIZE = 127 * GIB;
const WRITTEN = [0, 200 * KIB, GIB + 3 * KIB, 64 * GIB, DISK_SIZE - 256 * KIB];

async function sourceOf(t: TestContext, url: URL): Promise<ByteSource> {
  const opened = await openHttpSource(url);
  assert.ok(opened.ok, opened.ok ? '' : opened.problem);
  t.after(() => opened.source.close());
  return opened.source;
}

test('a disk of 127 GiB as a page blob, read by ranges with a read-only SAS', {
  timeout: 120_000,
}, async (t) => {
  if (!requireAzurite(t) || !requirePeer(t, 'qemu-img', 'qemu-io')) return;
  const azurite = await startAzurite(t);
  const path = join(temporaryFolder(t, 'blob'), 'os disk.vhd');
  // Azure takes fixed VHDs. This one is full of holes.
  qemuImg('create', '-q', '-f', 'vpc', '-o', 'subformat=fixed,force_size=on', path, String(DISK_SIZE));
  qemuIo('vpc', path, ...WRITTEN.map((at, index) => `write -q -P ${0x41 + index} ${at} ${150 * KIB}`));
  const fileSize = statSync(path).size;
  const extents = dataExtents('raw', path);
  assert.ok(extents.reduce((sum, { length }) => sum + length, 0) < 4096 * KIB, 'the file has its holes');
  await azurite.uploadPageBlob('os.vhd', path, fileSize, extents);
  const file = openSync(path, 'r');
  t.after(() => closeSync(file));
  const fromFile = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, fileSize - offset)));
    readSync(file, bytes, 0, bytes.length, offset);
    return bytes;
  };

  await t.test('ranges equal those of the file', async () => {
    const source = await sourceOf(t, azurite.readOnlySas('os.vhd'));
    assert.equal(source.size, fileSize);
    const near = fc.record(
      {
        offset: fc
          .tuple(fc.constantFrom(...WRITTEN, fileSize), fc.integer({ min: -70_000, max: 170_000 }))
          .map(([at, by]) => Math.max(0, at + by)),
        length: fc.nat(100_000),
      },
      { noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(near, { minLength: 1, maxLength: 5 }), async (ranges) => {
        const results = await source.read(ranges);
        for (const [index, { offset, length }] of ranges.entries()) {
          assertSameBytes(bytesOf(results[index]), fromFile(offset, length), `${length} bytes at ${offset}`);
        }
      }),
      { numRuns: 15 },
    );
  });

  await t.test('the image inside, through the cache: few requests, few bytes', async () => {
    const source = await sourceOf(t, azurite.readOnlySas('os.vhd'));
    const cache = new BlockCache(source, { blockSize: 64 * KIB, capacity: 2 ** 20, longestFetch: 2 ** 20 });
    const read = (ranges: Parameters<typeof cache.read>[0]) => cache.read(ranges);
    const opened = await runWalker(openImage(bottom(source.size)), read, { stopped: () => false });
    assert.ok(opened?.ok === true, 'it is opened');
    assert.equal(opened.image.container, 'VHD, fixed');
    assert.equal(opened.image.disk.size, DISK_SIZE);
    const ranges = WRITTEN.map((offset) => ({ offset, length: 4 * KIB }));
    const results = await runWalker(opened.image.disk.read(ranges), read, { stopped: () => false });
    for (const [index, { offset, length }] of ranges.entries()) {
      assertSameBytes(bytesOf(results?.[index]), new Uint8Array(length).fill(0x41 + index), `at ${offset}`);
    }
    assert.ok(source.cost.bytes < 700 * KIB, `${source.cost.bytes} bytes`);
    assert.equal(source.cost.rounds, 3);
  });

  await t.test(
    'an expired SAS says when it expired; a wrong one is refused; no signature comes back',
    async () => {
      const expired = azurite.readOnlySas('os.vhd', { expiresIn: -60 });
      const late = await openHttpSource(expired);
      assert.equal(late.ok ? '' : late.problem, `the SAS expired at ${expired.searchParams.get('se')}`);
      const forged = azurite.readOnlySas('os.vhd');
      forged.searchParams.set('sig', azurite.readOnlySas('other.vhd').searchParams.get('sig') ?? '');
      const refused = await openHttpSource(forged);
      assert.equal(refused.ok ? '' : refused.problem, 'the server refuses the SAS (HTTP 403)');
      const gone = await openHttpSource(azurite.readOnlySas('other.vhd'));
      assert.equal(gone.ok ? '' : gone.problem, 'there is no blob at this URL');
      for (const url of [expired, forged]) {
        const signature = url.searchParams.get('sig') ?? '';
        assert.equal(JSON.stringify([late, refused, gone]).includes(signature), false);
      }
    },
  );

  await t.test('a blob that is written while it is read is told; its snapshot stays as it was', async () => {
    const snapshot = await azurite.snapshot('os.vhd');
    const live = await sourceOf(t, azurite.readOnlySas('os.vhd'));
    const frozen = await sourceOf(t, azurite.readOnlySas('os.vhd', { snapshot }));
    const range = { offset: 64 * GIB, length: 4096 };
    assertSameBytes(bytesOf((await live.read([range]))[0]), fromFile(range.offset, 4096), 'before');
    await azurite.putPages('os.vhd', 64 * GIB, new Uint8Array(512).fill(0xff));
    assert.deepEqual(await live.read([range]), [
      { ok: false, problem: 'the blob changed while it was being read' },
    ]);
    assertSameBytes(bytesOf((await frozen.read([range]))[0]), fromFile(range.offset, 4096), 'the snapshot');
    const again = await sourceOf(t, azurite.readOnlySas('os.vhd'));
    assert.equal(bytesOf((await again.read([range]))[0])[0], 0xff);
  });
});
