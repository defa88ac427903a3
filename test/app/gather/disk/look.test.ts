// A look at a disk whose source is slow, silent, broken or only a part of a chain. Disks with a Windows on
// them are in test/peers/disk-image.test.ts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diagnoseTarget } from '../../../../src/app/diagnose-target.ts';
import { type DiskLook, lookAtDisk } from '../../../../src/app/gather/disk/look.ts';
import type { ByteSource, OpenedSource } from '../../../../src/app/ports/byte-source.ts';
import type { Range, ReadResult } from '../../../../src/core/formats/walker.ts';
import { systemClock } from '../../../../src/edge/system/clock.ts';
import { buildVhd, vhdFooter } from '../../../core/formats/image/build-vhd.ts';
import { buildVhdx, MIB } from '../../../core/formats/image/build-vhdx.ts';
import { textsOf } from '../../../notices.ts';
import { FakeClock } from '../../fake-clock.ts';
import { FakeNetwork } from '../../fake-network.ts';

const SIZE = 64 * 1024;

interface Source extends ByteSource {
  /** How often it was closed. */
  readonly closed: () => number;
}

function sourceOf(
  name: string,
  bytes: Uint8Array,
  read?: (ranges: readonly Range[]) => Promise<readonly ReadResult[]>,
): Source {
  let closed = 0;
  return {
    name,
    size: bytes.length,
    cost: { bytes: 0, requests: 0, rounds: 0 },
    read:
      read ??
      ((ranges) =>
        Promise.resolve(
          ranges.map(({ offset, length }) => ({ ok: true, bytes: bytes.slice(offset, offset + length) })),
        )),
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
    closed: () => closed,
  };
}

function request(source: ByteSource, openParent: () => OpenedSource = () => NO_PARENT) {
  return {
    source,
    openParent: () => Promise.resolve(openParent()),
    timeoutMillis: 10_000,
    blockSize: 4096,
  };
}

const NO_PARENT: OpenedSource = { ok: false, problem: 'there is no file base.vhd', advice: 'Check it.' };

function look(source: ByteSource, openParent?: () => OpenedSource): Promise<DiskLook> {
  const clock = new FakeClock();
  return clock.run(lookAtDisk(clock, request(source, openParent)));
}

const child = (id: number, parent: number): Uint8Array =>
  buildVhd({
    size: SIZE,
    blockSize: 4096,
    blocks: new Map(),
    id,
    parent: { id: parent, name: 'C:\\disks\\base.vhd' },
  });
const fixed = (id: number): Uint8Array =>
  Uint8Array.from([...new Uint8Array(SIZE), ...vhdFooter(SIZE, 2, id)]);

const childWithoutLinkage = (): Uint8Array =>
  buildVhdx({
    size: MIB,
    blockSize: MIB,
    blocks: new Map(),
    id: 1,
    parent: new Map([['relative_path', '.\\base.vhdx']]),
  });

function checkRefused(seen: DiskLook, problem: string | RegExp, advice: string): void {
  assert.ok(!seen.ok, 'it was read');
  if (typeof problem === 'string') assert.equal(seen.problem, problem);
  else assert.match(seen.problem, problem);
  assert.equal(seen.advice, advice);
}

describe('a source', () => {
  test('that is silent: the time limit holds, and it is closed', async () => {
    const clock = new FakeClock();
    const source = sourceOf('slow.vhd', new Uint8Array(SIZE), () => new Promise(() => undefined));
    const seen = await clock.run(lookAtDisk(clock, request(source)));
    checkRefused(
      seen,
      'the time limit was reached before the disk had been read',
      'Allow more time with --timeout, or copy the disk to this machine.',
    );
    assert.equal(clock.monotonic(), 10_000);
    assert.equal(source.closed(), 1);
  });

  test('whose every read takes four seconds', async () => {
    const clock = new FakeClock();
    const bytes = new Uint8Array(SIZE);
    const source = sourceOf('slow.vhd', bytes, async (ranges) => {
      await clock.sleep(4000);
      return ranges.map(({ offset, length }) => ({ ok: true, bytes: bytes.slice(offset, offset + length) }));
    });
    const seen = await clock.run(lookAtDisk(clock, request(source)));
    assert.ok(!seen.ok, 'it was read');
    assert.ok(clock.monotonic() <= 10_000, `it took ${clock.monotonic()} ms`);
  });

  test('that fails at every read: why is told, not that it is no disk', async () => {
    const source = sourceOf('broken.vhd', new Uint8Array(SIZE), (ranges) =>
      Promise.resolve(ranges.map(() => ({ ok: false, problem: 'the line broke' }))),
    );
    const seen = await look(source);
    checkRefused(seen, /the line broke/, 'Check that it can be read from here, and try again.');
    assert.equal(source.closed(), 1);
  });

  test('of a single byte', async () => {
    const seen = await look(sourceOf('tiny', new Uint8Array(1)));
    assert.ok(!seen.ok, 'it was read');
  });
});

describe('a differencing disk', () => {
  const source = (): Source => sourceOf('child.vhd', child(2, 1));
  test('whose parent is not there', async () => {
    checkRefused(
      await look(source()),
      'child.vhd is a differencing disk, and its parent was not opened: there is no file base.vhd',
      'Check it.',
    );
  });
  test('whose parent is another disk', async () => {
    const parent = sourceOf('base.vhd', fixed(9));
    const seen = await look(source(), () => ({ ok: true, source: parent }));
    checkRefused(
      seen,
      'base.vhd is not the parent that child.vhd was made from, or it has changed since then',
      'Name the right, unchanged parent with --parent FILE: data read through the wrong one would be wrong.',
    );
    assert.equal(parent.closed(), 1);
  });
  test('whose parent is no disk with a Windows', async () => {
    const parent = sourceOf('base.vhd', fixed(1));
    checkRefused(
      await look(source(), () => ({ ok: true, source: parent })),
      'no Windows was found on this disk: it has neither partitions nor an NTFS volume',
      'Name a raw, VHD or VHDX image of the OS disk.',
    );
  });
  test('that names no parent: an empty identifier is not another empty one', async () => {
    for (const disk of [child(2, 0), childWithoutLinkage()]) {
      let asked = 0;
      const seen = await look(sourceOf('child', disk), () => {
        asked += 1;
        return { ok: true, source: sourceOf('raw', new Uint8Array(SIZE)) };
      });
      checkRefused(
        seen,
        'child is a differencing disk that does not identify its parent: any disk would fit',
        'Use another copy of the disk: data read through the wrong parent would be wrong.',
      );
      assert.equal(asked, 0, 'a parent was opened');
    }
  });
  test('that is its own parent', async () => {
    const seen = await look(sourceOf('child.vhd', child(1, 1)), () => ({
      ok: true,
      source: sourceOf('child.vhd', child(1, 1)),
    }));
    checkRefused(seen, 'the disk builds on more than 16 others', 'Merge them first.');
  });
});

test('a diagnosis whose disk cannot be read says so, and claims nothing', async () => {
  const network = new FakeNetwork(new FakeClock(), {
    roundTrip: 0,
    peer: () => assert.fail('nobody was to be called'),
  });
  const report = await diagnoseTarget(
    { network, clock: systemClock, random: { bytes: (count) => new Uint8Array(count) } },
    {
      target: 'notes.txt',
      timeoutMillis: 10_000,
      disk: {
        open: () => Promise.resolve({ ok: true, disk: request(sourceOf('notes.txt', new Uint8Array(SIZE))) }),
      },
      client: undefined,
      suspected: [],
    },
  );
  assert.equal(report.outcome, 'blind');
  assert.deepEqual(textsOf(report.warnings), [
    'the disk was not read: no Windows was found on this disk: it has neither partitions nor an NTFS volume. Name a raw, VHD or VHDX image of the OS disk.',
  ]);
  assert.ok(
    report.findings.every(({ verdict }) => verdict === 'inconclusive'),
    'something was judged',
  );
  assert.ok(
    report.notExamined.some(({ code }) => code === 'disk'),
    'the disk counts as examined',
  );
});
