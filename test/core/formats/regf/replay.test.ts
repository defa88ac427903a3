import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat } from '../../../../src/core/bytes/writer.ts';
import { type OpenedHive, openHive, readSubtree } from '../../../../src/core/formats/regf/index.ts';
import { overlay } from '../../../../src/core/formats/regf/overlay.ts';
import type { Medium } from '../../../../src/core/formats/walker.ts';
import {
  type BuiltHive,
  baseBlock,
  buildHive,
  buildLog,
  buildOldLog,
  dword,
  type EntrySpec,
  type HiveSpec,
  KEY_TIME,
  logEntry,
} from './build-hive.ts';
import { drive, filesOf } from './hives.ts';

/** A hive of one value, so that which pages were applied can be read off it. */
function hiveOf(value: number, spec: HiveSpec = {}): BuiltHive {
  return buildHive({ name: 'root', values: [{ name: 'V', type: 4, data: dword(value) }] }, spec);
}

/** An entry that makes a hive of one value have this one. */
function entry(sequence: number, value: number, hiveBinsSize = 4096): EntrySpec {
  const bins = hiveOf(value, { hiveBinsSize }).bytes.subarray(4096);
  return { sequence, hiveBinsSize, pages: [{ offset: 0, bytes: bins }] };
}

function open(
  primary: Uint8Array,
  ...logs: readonly Uint8Array[]
): { opened: OpenedHive; bytes: Uint8Array } {
  const { bytes, media } = filesOf([primary, ...logs]);
  const [first, ...others] = media;
  assert.ok(first !== undefined);
  return { opened: drive(openHive(first, others), bytes).value, bytes };
}

interface Expected {
  readonly state: string;
  readonly value: number;
  readonly sequence?: number;
  readonly anomalies?: RegExp;
}

function check(name: string, files: () => readonly [Uint8Array, ...Uint8Array[]], expected: Expected): void {
  test(name, () => {
    const { opened, bytes } = open(...files());
    assert.ok(opened.ok);
    const { answer } = drive(readSubtree(opened.hive, ''), bytes).value;
    assert.ok(answer.kind === 'found');
    assert.deepEqual(answer.value.values[0]?.data, dword(expected.value));
    assert.equal(opened.state, expected.state);
    if (expected.sequence !== undefined) assert.equal(opened.sequence, expected.sequence);
    const told = opened.anomalies.map(({ where, problem }) => `${where}: ${problem}`).join('\n');
    assert.match(told, expected.anomalies ?? /^$/);
  });
}

const CLEAN = hiveOf(1, { primarySequence: 10 });
const DIRTY = hiveOf(1, { primarySequence: 11, secondarySequence: 10 });
const log = (...entries: readonly EntrySpec[]) => buildLog(DIRTY, entries);

function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

check('a clean hive', () => [CLEAN.bytes], { state: 'clean', value: 1, sequence: 10 });
check('a clean hive ignores logs', () => [CLEAN.bytes, log(entry(10, 2), entry(11, 3))], {
  state: 'clean',
  value: 1,
});
check('a dirty hive without logs', () => [DIRTY.bytes], {
  state: 'dirty-without-log',
  value: 1,
  sequence: 10,
});
check('empty logs beside a dirty hive', () => [DIRTY.bytes, new Uint8Array(), new Uint8Array(65536)], {
  state: 'dirty-without-log',
  value: 1,
});
check('one log', () => [DIRTY.bytes, log(entry(10, 2), entry(11, 3))], {
  state: 'replayed',
  value: 3,
  sequence: 11,
});
check('logs may begin far beyond the number of the primary', () => [DIRTY.bytes, log(entry(500, 2))], {
  state: 'replayed',
  value: 2,
  sequence: 500,
});
check('two logs', () => [DIRTY.bytes, log(entry(10, 2)), log(entry(11, 3), entry(12, 4))], {
  state: 'replayed',
  value: 4,
  sequence: 12,
});
check(
  'two logs, the second file being the first to apply',
  () => [DIRTY.bytes, log(entry(11, 3)), log(entry(10, 2))],
  {
    state: 'replayed',
    value: 3,
    sequence: 11,
  },
);
check('a gap between logs', () => [DIRTY.bytes, log(entry(10, 2)), log(entry(12, 4))], {
  state: 'replayed',
  value: 2,
  anomalies: /^log 2: not applied: the log before it ends with entry 10, but its own entries begin with 12$/,
});
check(
  'a gap within a log is where old entries remain',
  () => [DIRTY.bytes, log(entry(10, 2), entry(12, 4))],
  {
    state: 'replayed',
    value: 2,
  },
);
check('old entries that remain behind new ones', () => [DIRTY.bytes, log(entry(10, 2), entry(9, 4))], {
  state: 'replayed',
  value: 2,
});
check('a log from before the last write', () => [DIRTY.bytes, log(entry(9, 2), entry(10, 3))], {
  state: 'dirty-without-log',
  value: 1,
});
check('an old log beside a new one', () => [DIRTY.bytes, log(entry(8, 7), entry(9, 8)), log(entry(10, 2))], {
  state: 'replayed',
  value: 2,
});
check(
  'sequence numbers that begin again',
  () => {
    const dirty = hiveOf(1, { primarySequence: 0xffffffff, secondarySequence: 0xfffffffe });
    return [dirty.bytes, log(entry(0, 3), entry(1, 4)), log(entry(0xfffffffe, 5), entry(0xffffffff, 2))];
  },
  { state: 'replayed', value: 4, sequence: 1 },
);
check(
  'an entry whose header is damaged',
  () => [DIRTY.bytes, damaged(log(entry(10, 2), entry(11, 3)), 512 + 5120 - 512 + 20)],
  {
    state: 'replayed',
    value: 2,
    anomalies:
      /^log 1: entry 11 and those after it were not applied: the hash of its header is not the one stored$/,
  },
);
check(
  'an entry whose pages are damaged',
  () => [DIRTY.bytes, damaged(log(entry(10, 2), entry(11, 3)), 512 + 4608 + 600)],
  {
    state: 'replayed',
    value: 2,
    anomalies: /entry 11 and those after it were not applied: the hash of its pages is not the one stored/,
  },
);
check(
  'the first entry damaged: nothing is applied, not even the next log',
  () => [DIRTY.bytes, damaged(log(entry(10, 2)), 1200), log(entry(11, 3))],
  {
    state: 'dirty-without-log',
    value: 1,
    anomalies: /entry 10 and those after it were not applied/,
  },
);
check(
  'a log that ends inside an entry',
  () => [DIRTY.bytes, log(entry(10, 2), entry(11, 3)).subarray(0, 512 + 4608 + 1024)],
  {
    state: 'replayed',
    value: 2,
    anomalies: /entry 11 and those after it were not applied: the log ends inside it/,
  },
);
check(
  'an entry whose size lies',
  () => {
    const lying = log(entry(10, 2));
    new DataView(lying.buffer).setUint32(512 + 4, 0xfffffe00, true);
    return [DIRTY.bytes, lying];
  },
  { state: 'dirty-without-log', value: 1, anomalies: /the log ends inside it/ },
);
check(
  'entries over more than one read of the log',
  () => {
    const filler = { offset: 4096, bytes: new Uint8Array(400 * 4096).fill(7) };
    const large = (sequence: number, value: number): EntrySpec => {
      const hiveBinsSize = 512 * 4096;
      return { sequence, hiveBinsSize, pages: [...entry(sequence, value).pages, filler] };
    };
    return [DIRTY.bytes, log(large(10, 2), large(11, 3), large(12, 4))];
  },
  { state: 'replayed', value: 4, sequence: 12 },
);
check('the hive grows', () => [DIRTY.bytes, log(entry(10, 2, 4 * 4096))], { state: 'replayed', value: 2 });
check('a log whose base block is damaged', () => [DIRTY.bytes, damaged(log(entry(10, 2)), 30)], {
  state: 'dirty-without-log',
  value: 1,
  anomalies: /^log 1: not used: the checksum of its base block is not the one stored$/,
});
check(
  'a log that was not written to its end',
  () => {
    const head = baseBlock({ primarySequence: 10, secondarySequence: 9 }, 32, 4096, 6, 512);
    return [DIRTY.bytes, concat(head, logEntry(entry(10, 2)))];
  },
  { state: 'dirty-without-log', value: 1, anomalies: /it was not written completely/ },
);
check('a primary file in the place of a log', () => [DIRTY.bytes, CLEAN.bytes], {
  state: 'dirty-without-log',
  value: 1,
  anomalies: /it is a primary file/,
});

const BAD_BASE = damaged(DIRTY.bytes, 60);
check('a damaged base block: only the latest log', () => [BAD_BASE, log(entry(12, 3)), log(entry(10, 2))], {
  state: 'replayed',
  value: 3,
  anomalies: /^base block: its checksum is not the one stored$/,
});
check('a damaged base block without a log', () => [BAD_BASE], {
  state: 'recovered',
  value: 1,
  anomalies: /^base block: its checksum is not the one stored$/,
});
check('no base block at all', () => [concat(new Uint8Array(4096), DIRTY.bytes.subarray(4096))], {
  state: 'recovered',
  value: 1,
  anomalies: /^base block: the signature is not "regf"$/,
});
check(
  'a damaged base block that points elsewhere',
  () => {
    const bytes = DIRTY.bytes.slice();
    new DataView(bytes.buffer).setUint32(36, 0x400, true);
    return [bytes];
  },
  { state: 'recovered', value: 1, anomalies: /its checksum/ },
);

/** The sectors of a hive of this value that a log of the old format holds. */
function sectors(value: number, ...numbers: readonly number[]): ReadonlyMap<number, Uint8Array> {
  const bins = hiveOf(value).bytes.subarray(4096);
  return new Map(numbers.map((number) => [number, bins.subarray(number * 512, number * 512 + 512)]));
}

check(
  'a log of the old format',
  () => [DIRTY.bytes, buildOldLog(4096, sectors(2, 0, 1, 5), { primarySequence: 11 })],
  {
    state: 'replayed',
    value: 2,
    sequence: 11,
  },
);
check(
  'a log of the old format for another time',
  () => [DIRTY.bytes, buildOldLog(4096, sectors(2, 0), { primarySequence: 11, lastWritten: KEY_TIME + 1n })],
  { state: 'dirty-without-log', value: 1, anomalies: /it was not written at the same time as the hive/ },
);
check(
  'a log of the old format with the base block that the primary lacks',
  () => [BAD_BASE, buildOldLog(4096, sectors(2, 0), { primarySequence: 11 })],
  { state: 'replayed', value: 2, anomalies: /^base block/ },
);
check(
  'of two logs of the old format, the later',
  () => [
    DIRTY.bytes,
    buildOldLog(4096, sectors(3, 0), { primarySequence: 12 }),
    buildOldLog(4096, sectors(2, 0), { primarySequence: 11 }),
  ],
  { state: 'replayed', value: 3 },
);
check(
  'a log of the old format that ends inside its pages',
  () => [DIRTY.bytes, buildOldLog(4096, sectors(2, 0, 1), { primarySequence: 11 }).subarray(0, -1)],
  { state: 'dirty-without-log', value: 1, anomalies: /its 2 dirty pages run past its end/ },
);
check(
  'a log of the old format without its dirty vector',
  () => [DIRTY.bytes, buildOldLog(4096, sectors(2, 0), { primarySequence: 11 }).subarray(0, 600)],
  { state: 'dirty-without-log', value: 1, anomalies: /the log ends inside its dirty vector/ },
);

test('a hive that grew is as long as its last entry says, with zeros where nothing was written', () => {
  const grown = 16 * 4096;
  const last = { ...entry(10, 2), hiveBinsSize: grown };
  const { opened, bytes } = open(DIRTY.bytes, log(last));
  assert.ok(opened.ok);
  assert.equal(opened.hive.hiveBinsSize, grown);
  drive(opened.hive.pages.load([1, 16]), bytes);
  const end = opened.hive.pages.get(16);
  assert.ok(end?.ok === true);
  assert.deepEqual(end.bytes, new Uint8Array(4096));
});

test('what is no hive', () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(100), new Uint8Array(20_000).fill(0x41)]) {
    const { opened } = open(bytes);
    assert.ok(!opened.ok);
    assert.equal(opened.problem, 'it does not contain a hive');
  }
});

test('versions that are laid out in another way are refused', () => {
  for (const minor of [0, 1, 7]) {
    const { opened } = open(hiveOf(1, { minor }).bytes);
    assert.ok(!opened.ok);
    assert.equal(opened.problem, `hives of version 1.${minor} are not supported`);
  }
  for (const minor of [2, 3, 4, 5, 6]) assert.ok(open(hiveOf(1, { minor }).bytes).opened.ok);
});

test('opening takes one round when clean, and one for each read of the logs when dirty', () => {
  const rounds = (...files: readonly Uint8Array[]) => {
    const { bytes, media } = filesOf(files);
    const [primary, ...logs] = media;
    assert.ok(primary !== undefined);
    return drive(openHive(primary, logs), bytes).rounds;
  };
  assert.equal(rounds(CLEAN.bytes, log(entry(10, 2)), log(entry(11, 2))), 1);
  assert.equal(rounds(DIRTY.bytes), 1);
  assert.equal(rounds(DIRTY.bytes, log(entry(10, 2)), log(entry(11, 2))), 2);
  assert.equal(rounds(DIRTY.bytes, buildOldLog(4096, sectors(2, 0), {})), 3);
});

test('an overlay reads what is replaced, what is below, and zeros behind its end', () => {
  const { bytes, media } = filesOf([Uint8Array.from({ length: 1500 }, (_, index) => index % 200)]);
  const below = media[0] as Medium;
  const sector = new Uint8Array(512).fill(0xee);
  const expected = new Uint8Array(3000);
  expected.set(bytes);
  expected.set(sector, 512);
  expected.set(sector, 2048);
  const whole = overlay(
    below,
    new Map([
      [1, sector],
      [4, sector],
    ]),
    3000,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3200), fc.nat(3200)), { maxLength: 4 }), (pairs) => {
      const ranges = pairs.map(([offset, length]) => ({ offset, length }));
      const { value, rounds } = drive(whole.read(ranges), bytes);
      assert.ok(rounds <= 1);
      const parts = ranges.map(({ offset, length }) => expected.subarray(offset, offset + length));
      assert.deepEqual(
        value,
        parts.map((part) => ({ ok: true, bytes: part.slice() })),
      );
    }),
  );
  assert.equal(drive(whole.read([{ offset: 512, length: 512 }]), bytes).rounds, 0);
});

test('an overlay stops where the medium below gives less than it has', () => {
  const short: Medium = {
    size: 1536,
    *read(ranges) {
      return ranges.map(({ offset, length }) =>
        offset >= 1024
          ? { ok: false, problem: 'bad sector' }
          : { ok: true, bytes: new Uint8Array(Math.min(length, 100)) },
      );
    },
  };
  const whole = overlay(short, new Map([[1, new Uint8Array(512).fill(1)]]), 1536);
  assert.deepEqual(
    drive(
      whole.read([
        { offset: 0, length: 1024 },
        { offset: 512, length: 1024 },
      ]),
      new Uint8Array(),
    ).value,
    [
      { ok: true, bytes: new Uint8Array(100) },
      { ok: false, problem: 'bad sector' },
    ],
  );
});
