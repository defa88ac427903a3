// Images that were cut off, changed in their structures, or that lie: a disk, a reason, or lost ranges,
// in bounded time and memory. `drive` fails a walker that asks for a range that is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openImage } from '../../../../src/core/formats/image/open-image.ts';
import { bottom, type ReadResult } from '../../../../src/core/formats/walker.ts';
import { buildVhd, vhdFooter, vhdId, withSum } from './build-vhd.ts';
import {
  batEntry,
  buildVhdx,
  KIB,
  LAYOUT,
  logEntry,
  logOf,
  MIB,
  STATE,
  vhdxId,
  withCrc,
} from './build-vhdx.ts';
import { assertSameBytes, type Bytes, bytesOf, openChain, tryOpen } from './images.ts';

interface Sample {
  readonly name: string;
  readonly file: Uint8Array;
  readonly size: number;
  /** Offset and length of each structure, and what makes its sum right again. */
  readonly structures: readonly (readonly [
    at: number,
    length: number,
    sum: (bytes: Uint8Array) => Uint8Array,
  ])[];
  /** Bytes of the image that have to be there before it is known for what it is. */
  readonly knownBy: number;
  /** Its own blocks; a child's parent is not at hand. */
  readonly child?: true;
}

const asIs = (bytes: Uint8Array) => bytes;
const footerSum = (bytes: Uint8Array) => withSum(bytes, 64);
const headerSum = (bytes: Uint8Array) => withSum(bytes, 36);

function vhdSample(child: boolean): Sample {
  const file = buildVhd({
    size: 6 * 8192 - 512,
    blockSize: 8192,
    id: 7,
    blocks: new Map(
      [0, 1, 2, 4].map((index) => [
        index,
        { data: new Uint8Array(8192).fill(index + 1), has: (sector: number) => !child || sector % 3 > 0 },
      ]),
    ),
    ...(child ? { parent: { id: 8, name: 'p.vhd', relative: '.\\p.vhd' } } : {}),
  });
  return {
    name: child ? 'differencing VHD' : 'dynamic VHD',
    file,
    size: 6 * 8192 - 512,
    structures: [
      [0, 512, footerSum],
      [512, 1024, headerSum],
      [1536, 512, asIs], // block table
      [2048, 1024, asIs], // a locator's path, or a bitmap
      [file.length - 512, 512, footerSum],
    ],
    knownBy: 512,
    ...(child ? { child } : {}),
  };
}

function vhdxSample(name: string, options: { child?: true; dirty?: true }): Sample {
  const log = logOf({
    at: 0,
    bytes: logEntry({
      sequence: 3n,
      tail: 0,
      logId: 9,
      writes: [
        { at: LAYOUT.bat + 4096, zeros: 4096 },
        { at: LAYOUT.bat + 8192, bytes: new Uint8Array(4096).fill(7) },
      ],
    }),
  });
  return {
    name,
    file: buildVhdx({
      size: 4 * MIB - 512,
      blockSize: MIB,
      id: 7,
      blocks: new Map([
        [0, { state: STATE.full, data: new Uint8Array(MIB).fill(1) }],
        [
          2,
          options.child
            ? {
                state: STATE.partial,
                data: new Uint8Array(MIB).fill(3),
                has: (sector: number) => sector % 3 > 0,
              }
            : { state: STATE.full, data: new Uint8Array(MIB).fill(3) },
        ],
      ]),
      ...(options.child ? { parent: new Map([['parent_linkage', `{${vhdxId(8)}}`]]) } : {}),
      ...(options.dirty ? { logId: 9, log } : {}),
    }),
    size: 4 * MIB - 512,
    structures: [
      [64 * KIB, 4096, withCrc],
      [128 * KIB, 4096, withCrc],
      [192 * KIB, 64 * KIB, withCrc],
      [256 * KIB, 64 * KIB, withCrc],
      [LAYOUT.log, 12288, withCrc],
      [LAYOUT.metadata, 512, asIs],
      [LAYOUT.metadata + 64 * KIB, 256, asIs],
      [LAYOUT.bat, 64, asIs],
    ],
    knownBy: 8,
    ...(options.child ? { child: true as const } : {}),
  };
}

const SAMPLES = [
  vhdSample(false),
  vhdSample(true),
  vhdxSample('dynamic VHDX', {}),
  vhdxSample('differencing VHDX', { child: true }),
  vhdxSample('dirty VHDX', { dirty: true }),
];

/** A file with patches, without copying it. */
function patched(
  file: Uint8Array,
  patches: readonly { readonly at: number; readonly bytes: Uint8Array }[],
): Bytes {
  return (offset, length) => {
    const bytes = file.slice(offset, offset + length);
    for (const patch of patches) {
      const from = Math.max(offset, patch.at);
      const to = Math.min(offset + bytes.length, patch.at + patch.bytes.length);
      if (from < to) bytes.set(patch.bytes.subarray(from - patch.at, to - patch.at), from - offset);
    }
    return bytes;
  };
}

/** A problem reads like every other one. */
function checkProblem(problem: string): void {
  assert.match(problem, /^[^A-Z].*[^.]$/s);
}

function checkResult(result: ReadResult, length: number): void {
  if (result.ok) assert.ok(result.bytes.length <= length, `${result.bytes.length} bytes for ${length}`);
  else checkProblem(result.problem);
}

/** Opens and reads at both ends and in the middle; whatever comes back is well-formed. */
function exercise(file: Bytes, size: number): void {
  const opened = tryOpen([file], [size]);
  if (!opened.ok) {
    checkProblem(opened.problem);
    return;
  }
  const { disk, anomalies } = opened.image;
  for (const { problem } of anomalies) checkProblem(problem);
  assert.ok(Number.isSafeInteger(disk.size) && disk.size >= 0, `a disk of ${disk.size} bytes`);
  const length = 5000;
  for (const offset of [0, 8000, Math.floor(disk.size / 2), Math.max(0, disk.size - 100), disk.size]) {
    checkResult(opened.read(offset, length), length);
  }
}

for (const { name, file, size, structures, knownBy, child } of SAMPLES) {
  const intact = openChain(file);
  const heavy = file.length > MIB;

  test(`${name}, cut off anywhere: what can be read is right, the rest says so`, () => {
    const anyLength = fc.oneof(
      fc.nat(file.length - 1),
      fc.constantFrom(...structures.flatMap(([at, length]) => [at, at + 1, at + length - 1, at + length])),
    );
    fc.assert(
      fc.property(anyLength, fc.nat(size - 1), fc.integer({ min: 1, max: 20_000 }), (cut, at, length) => {
        fc.pre(cut < file.length);
        const opened = tryOpen([file.subarray(0, cut)]);
        if (!opened.ok) return checkProblem(opened.problem);
        if (cut < knownBy) assert.equal(opened.image.container, 'raw');
        else {
          assert.notEqual(opened.image.container, 'raw');
          const read = opened.read(at, length);
          const before = intact.read(at, length);
          if (read.ok) assertSameBytes(read.bytes, bytesOf(before), `${length} bytes at ${at}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  test(`${name}, changed in its structures, sums made right: an answer in time`, () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            {
              structure: fc.nat(structures.length - 1),
              // Fields stand at the beginning of each.
              at: fc.oneof(fc.nat(127), fc.nat(511)),
              bytes: fc.oneof(
                fc.uint8Array({ minLength: 1, maxLength: 8 }),
                fc.constant(new Uint8Array(8).fill(0xff)),
                fc.constant(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80)),
                fc.constant(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0)),
              ),
            },
            { noNullPrototype: true },
          ),
          { minLength: 1, maxLength: 3 },
        ),
        (changes) => {
          const patches = new Map<number, Uint8Array>();
          for (const change of changes) {
            const [at, length, sum] = structures[change.structure] ?? [0, 8, asIs];
            const bytes = (patches.get(at) ?? file.slice(at, at + length)).slice();
            bytes.set(change.bytes.subarray(0, Math.max(0, length - change.at)), Math.min(change.at, length));
            patches.set(at, sum(bytes));
          }
          exercise(
            patched(
              file,
              [...patches].map(([at, bytes]) => ({ at, bytes })),
            ),
            file.length,
          );
        },
      ),
      { numRuns: heavy ? 200 : 600 },
    );
  });

  test(`${name}: a change that its sum gives away costs nothing while there is a second copy`, () => {
    const copies = structures.filter(([at]) =>
      knownBy === 512 ? at === file.length - 512 || at === 0 : at >= 64 * KIB && at < 320 * KIB,
    );
    const [expected, offset] = [bytesOf(intact.read(child ? 512 : 0, 512)), child ? 512 : 0];
    fc.assert(
      fc.property(
        fc.constantFrom(...copies),
        fc.nat(4095),
        fc.integer({ min: 1, max: 255 }),
        (copy, within, flip) => {
          const at = copy[0] + (within % Math.min(copy[1], 4096));
          const opened = tryOpen(
            [patched(file, [{ at, bytes: Uint8Array.of((file[at] ?? 0) ^ flip) }])],
            [file.length],
          );
          assert.ok(opened.ok, opened.ok ? '' : opened.problem);
          assert.equal(opened.image.container, intact.image.container);
          assert.equal(opened.image.id, intact.image.id);
          assert.equal(opened.image.disk.size, size);
          assertSameBytes(bytesOf(opened.read(offset, 512)), expected, 'the first block');
          // Nobody looks at the copy in front of a VHD whose footer is whole.
          assert.equal(opened.image.anomalies.length, at < 512 ? 0 : 1);
        },
      ),
      { numRuns: 100 },
    );
  });
}

/** A dynamic VHD with fields of its structures replaced, sums made right. */
function vhdWith(change: (footer: DataView, header: DataView, table: DataView) => void): Uint8Array {
  const file = vhdSample(false).file.slice();
  const [footer, header] = [file.slice(0, 512), file.slice(512, 1536)];
  change(new DataView(footer.buffer), new DataView(header.buffer), new DataView(file.buffer, 1536, 512));
  file.set(footerSum(footer), 0);
  file.set(footerSum(footer), file.length - 512);
  file.set(headerSum(header), 512);
  return file;
}

function vhdxWith(change: (regions: DataView, metadata: DataView, bat: DataView) => void): Uint8Array {
  const file = vhdxSample('', {}).file.slice();
  const regions = file.slice(192 * KIB, 256 * KIB);
  change(
    new DataView(regions.buffer),
    new DataView(file.buffer, LAYOUT.metadata, 128 * KIB),
    new DataView(file.buffer, LAYOUT.bat, 64 * KIB),
  );
  file.set(withCrc(regions), 192 * KIB);
  file.set(withCrc(regions), 256 * KIB);
  return file;
}

const ITEMS = 64 * KIB;
interface Lie {
  readonly name: string;
  readonly file: () => Uint8Array;
  /** Why it cannot be opened. */
  readonly problem?: RegExp;
  /** Or: the size of the disk, what is told, and why its second block cannot be read. */
  readonly size?: number;
  readonly anomaly?: RegExp;
  readonly lost?: RegExp;
}

const LIES: readonly Lie[] = [
  {
    name: 'a VHD of 2^63 bytes',
    file: () => vhdWith((footer) => footer.setBigUint64(48, 1n << 63n)),
    size: 6 * 8192,
    anomaly: /says that the disk has 922337203685477\d+ bytes, but its block table covers 49152/,
  },
  {
    name: 'a VHD of 2^63 bytes with a table for them',
    file: () =>
      vhdWith((footer, header) => {
        footer.setBigUint64(48, 1n << 63n);
        header.setUint32(28, 0xffff_ffff);
        header.setUint32(32, 2 ** 28);
      }),
    problem: /disk has 11529215043384115\d\d bytes, which is impossible/,
  },
  {
    name: 'a VHD with a table for 2^32 blocks',
    file: () => vhdWith((_, header) => header.setUint32(28, 0xffff_ffff)),
    size: 6 * 8192 - 512,
  },
  ...[0, 511, 4095, 2 ** 31, 0xffff_fe00].map(
    (blockSize): Lie => ({
      name: `a VHD with blocks of ${blockSize} bytes`,
      file: () => vhdWith((_, header) => header.setUint32(32, blockSize)),
      problem: /blocks have \d+ bytes, which is impossible/,
    }),
  ),
  {
    name: 'a VHD whose table lies at 2^63',
    file: () => vhdWith((_, header) => header.setBigUint64(16, 1n << 63n)),
    size: 6 * 8192 - 512,
    lost: /the block table is truncated/,
  },
  {
    name: 'a VHD whose header lies at 2^64 - 1',
    file: () => vhdWith((footer) => footer.setBigUint64(16, (1n << 64n) - 1n)),
    problem: /no dynamic disk header/,
  },
  {
    name: 'a VHD of type 9',
    file: () => vhdWith((footer) => footer.setUint32(60, 9)),
    problem: /unknown type 9/,
  },
  {
    name: 'a VHD with a block behind its end',
    file: () => vhdWith((_, __, table) => table.setUint32(4, 0xffff_fffe)),
    lost: /lies outside the data area of the file/,
  },
  {
    name: 'a VHD with a block on its header',
    file: () => vhdWith((_, __, table) => table.setUint32(4, 1)),
    lost: /lies outside the data area of the file/,
  },
  {
    name: 'a VHDX of 2^63 bytes',
    file: () => vhdxWith((_, metadata) => metadata.setBigUint64(ITEMS + 8, 1n << 63n, true)),
    // 1 MiB of table has 131,072 entries, and 31 of them are for bitmaps.
    size: (131_072 - 31) * MIB,
    anomaly: /says that the disk has 922337203685477\d+ bytes, but its block table covers 137406447616/,
  },
  {
    name: 'a VHDX of 2^63 bytes with a small table',
    file: () =>
      vhdxWith((regions, metadata) => {
        regions.setUint32(16 + 24, 4096, true);
        metadata.setBigUint64(ITEMS + 8, 1n << 63n, true);
      }),
    size: 512 * MIB,
    anomaly: /says that the disk has 922337203685477\d+ bytes, but its block table covers 536870912/,
  },
  ...[0, 512, 3 * MIB, 512 * MIB, 2 ** 31].map(
    (blockSize): Lie => ({
      name: `a VHDX with blocks of ${blockSize} bytes`,
      file: () => vhdxWith((_, metadata) => metadata.setUint32(ITEMS, blockSize, true)),
      problem: /blocks have \d+ bytes, which is impossible/,
    }),
  ),
  ...[0, 1, 1024, 2 ** 31].map(
    (sectorSize): Lie => ({
      name: `a VHDX with sectors of ${sectorSize} bytes`,
      file: () => vhdxWith((_, metadata) => metadata.setUint32(ITEMS + 32, sectorSize, true)),
      problem: /sectors have \d+ bytes, which is impossible/,
    }),
  ),
  {
    name: 'a VHDX whose metadata lie at 2^63',
    file: () => vhdxWith((regions) => regions.setBigUint64(16 + 32 + 16, 1n << 63n, true)),
    problem: /metadata cannot be read/,
  },
  {
    name: 'a VHDX whose block table lies at 2^63',
    file: () => vhdxWith((regions) => regions.setBigUint64(16 + 16, 1n << 63n, true)),
    lost: /the block table is truncated/,
  },
  {
    name: 'a VHDX whose items lie behind its end',
    file: () => vhdxWith((_, metadata) => metadata.setUint32(32 + 16, 0xffff_ffff, true)),
    problem: /metadata is incomplete/,
  },
  {
    name: 'a VHDX whose items have 4 GiB',
    file: () => vhdxWith((_, metadata) => metadata.setUint32(32 + 20, 0xffff_ffff, true)),
    problem: /metadata is incomplete/,
  },
  {
    name: 'a VHDX that requires metadata nobody knows',
    file: () => vhdxWith((_, metadata) => metadata.setUint8(32 + 32 * 4, 0x99)),
    problem: /requires unknown metadata \(/,
  },
  {
    name: 'a VHDX that requires a region nobody knows',
    file: () =>
      vhdxWith((regions) => {
        regions.setUint32(8, 3, true);
        regions.setUint32(16 + 64 + 28, 1, true);
      }),
    problem: /requires an unknown region \(00000000-/,
  },
  {
    name: 'a VHDX without a block table',
    file: () => vhdxWith((regions) => regions.setUint8(16, 0)),
    problem: /names no block table/,
  },
  {
    name: 'a VHDX with a block behind its end',
    file: () => vhdxWith((_, __, bat) => bat.setBigUint64(0, batEntry(STATE.full, 2 ** 40), true)),
    lost: /lies outside the data area of the file/,
  },
  {
    name: 'a VHDX with a block at 2^64',
    file: () => vhdxWith((_, __, bat) => bat.setBigUint64(0, (((1n << 44n) - 1n) << 20n) | 6n, true)),
    lost: /lies outside the data area of the file/,
  },
  {
    name: 'a VHDX with a block on its headers',
    file: () => vhdxWith((_, __, bat) => bat.setBigUint64(0, batEntry(STATE.full, 0), true)),
    lost: /lies outside the data area of the file/,
  },
];

for (const { name, file, problem, size, anomaly, lost } of LIES) {
  test(`${name}`, () => {
    const opened = tryOpen([file()]);
    if (problem !== undefined) {
      assert.equal(opened.ok, false);
      assert.match(opened.ok ? '' : opened.problem, problem);
      return;
    }
    assert.ok(opened.ok, opened.ok ? '' : opened.problem);
    const { image } = opened;
    if (size !== undefined) assert.equal(image.disk.size, size);
    assert.match(image.anomalies.map((each) => each.problem).join(), anomaly ?? /^$/);
    const block = image.container.startsWith('VHDX') ? 0 : 1;
    const read = opened.read(block * 8192, 512);
    if (lost === undefined) assert.equal(bytesOf(read)[0], block + 1);
    else assert.match(read.ok ? '' : read.problem, lost);
    // Another block suffers only where the table is gone.
    const [other, fill] = block === 0 ? [2 * MIB, 3] : [2 * 8192, 3];
    const neighbour = opened.read(other, 512);
    if (lost !== undefined && /table/.test(lost.source)) assert.equal(neighbour.ok, false);
    else assert.equal(bytesOf(neighbour)[0], fill);
  });
}

test('blocks on top of each other read the same bytes', () => {
  const file = vhdWith((_, __, table) => table.setUint32(4, table.getUint32(0)));
  const opened = openChain(file);
  assertSameBytes(bytesOf(opened.read(8192, 8192)), bytesOf(opened.read(0, 8192)), 'blocks 0 and 1');
});

test('a fixed VHD that lost a part in its middle is told from its footer', () => {
  const data = new Uint8Array(8192).fill(1);
  const opened = openChain(Uint8Array.from([...data, ...vhdFooter(16384, 2, 3)]));
  assert.equal(opened.image.disk.size, 8192);
  assert.match(
    opened.image.anomalies[0]?.problem ?? '',
    /says that the disk has 16384 bytes, but the image holds 8192/,
  );
});

test('a raw disk whose first sector is the footer of a fixed VHD is a raw disk', () => {
  const file = new Uint8Array(8192);
  file.set(vhdFooter(4096, 2, 3));
  assert.equal(openChain(file).image.container, 'raw');
});

test('a wrong sum of the dynamic header is told and not held against the disk', () => {
  const { file, size } = vhdSample(false);
  const damaged = file.slice();
  damaged[512 + 36] = (damaged[512 + 36] ?? 0) ^ 1;
  const { image } = openChain(damaged);
  assert.deepEqual(image.anomalies, [{ where: 'Dynamic Disk Header', problem: 'its checksum is wrong' }]);
  assert.equal(image.disk.size, size);
  assert.equal(image.id, vhdId(7));
});

test('more than a disk has is not asked for at once', () => {
  const opened = openChain(
    vhdWith((footer, header) => {
      footer.setBigUint64(48, 1n << 40n);
      header.setUint32(28, 2 ** 27);
    }),
  );
  assert.equal(opened.image.disk.size, 2 ** 40);
  const { results } = opened.readMany([
    { offset: 0, length: 2 ** 39 },
    { offset: 0, length: 512 },
  ]);
  assert.deepEqual(results[0], { ok: false, problem: '549755813888 bytes are too many for one read' });
  assert.equal(bytesOf(results[1]).length, 512);
});

test('an image that cannot be read is not taken for a raw disk', () => {
  const walker = openImage(bottom(65536));
  let step = walker.next();
  while (!step.done) step = walker.next(step.value.map(() => ({ ok: false, problem: 'the line is down' })));
  assert.deepEqual(step.value, { ok: false, problem: 'the image cannot be read: the line is down' });
});

test('a table that could not be read is asked for again', () => {
  const { file } = vhdSample(false);
  const opened = openChain(file);
  let fails = true;
  const read = (): ReadResult | undefined => {
    const walker = opened.image.disk.read([{ offset: 0, length: 512 }]);
    let step = walker.next();
    while (!step.done) {
      step = walker.next(
        step.value.map(
          ({ offset, length }): ReadResult =>
            fails
              ? { ok: false, problem: 'the line is down' }
              : { ok: true, bytes: file.subarray(offset, offset + length) },
        ),
      );
    }
    return step.value[0];
  };
  assert.deepEqual(read(), { ok: false, problem: 'the line is down' });
  fails = false;
  assert.equal(bytesOf(read())[0], 1);
});
