// Whatever is done to a hive, or to its logs: opening, walking and recovering it ends, in bounded
// time, with values or anomalies, and never with another error than our own kinds of answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  lookUp,
  type Medium,
  openHive,
  readKey,
  readKeySecurity,
  readSubtree,
  recoverHive,
} from '../../../../src/core/formats/regf/index.ts';
import { readSharedData, requireSharedData } from '../../../shared-data.ts';
import { buildHive, buildLog, buildOldLog, dword, sealBaseBlock, sz } from './build-hive.ts';
import { drive, filesOf } from './hives.ts';

const HIVE = buildHive(
  {
    name: 'root',
    list: 'ri-lf',
    subkeys: [
      {
        name: 'Alpha',
        className: 'class',
        values: [
          { name: 'Number', type: 4, data: dword(7) },
          { name: 'Text', type: 1, data: sz('some words') },
          { name: 'Größe', type: 7, data: sz('one\0two\0') },
        ],
        subkeys: [{ name: 'one' }, { name: 'two', values: [{ name: 'x', type: 3, data: [1, 2, 3, 4, 5] }] }],
      },
      { name: 'Beta', list: 'li', subkeys: [{ name: 'Gamma' }, { name: 'Ключ' }] },
      { name: 'delta' },
    ],
  },
  { primarySequence: 3, secondarySequence: 2 },
);
const BIG = buildHive({
  name: 'root',
  values: [{ name: 'big', type: 3, data: new Uint8Array(40_000).fill(1) }],
});

/** Does everything that can be done with a hive, and checks what must hold of any answer. */
function exercise(files: readonly Uint8Array[]): void {
  const { bytes, media } = filesOf(files);
  const [primary, ...logs] = media;
  const opened = drive(openHive(primary as Medium, logs), bytes).value;
  if (!opened.ok) return void assert.ok(opened.problem.length > 0);
  const { hive } = opened;
  const requests = [
    { path: '', name: 'big' },
    { path: 'alpha', name: 'text' },
    { path: 'alpha\\two', name: 'x' },
    { path: 'beta\\ключ' },
    { path: 'none', name: '' },
  ];
  const { answers } = drive(lookUp(hive, requests), bytes).value;
  assert.equal(answers.length, requests.length);
  for (let index = 0; index < requests.length; index += 1) assert.ok(answers[index] !== undefined);
  drive(readKey(hive, 'alpha'), bytes);
  drive(readKeySecurity(hive, ''), bytes);
  const tree = drive(readSubtree(hive, ''), bytes).value;
  if (tree.answer.kind === 'unreadable') assert.ok(tree.anomalies.length > 0);
  drive(recoverHive(hive), bytes);
}

/** Past the last cell there is nothing but one free cell. */
const used = (file: Uint8Array): number => {
  let end = file.length;
  while (end > 0 && file[end - 1] === 0) end -= 1;
  return end;
};

/** Offsets whose bytes mean something: the base block's first sector, and the bins as far as they are used. */
const places = (file: Uint8Array): readonly number[] =>
  Array.from({ length: used(file) }, (_, at) => at).filter((at) => at < 512 || at >= 4096);

test('the hives themselves are whole', () => {
  for (const file of [HIVE.bytes, BIG.bytes]) {
    const { bytes, media } = filesOf([file]);
    const opened = drive(openHive(media[0] as Medium), bytes).value;
    assert.ok(opened.ok);
    assert.deepEqual(drive(readSubtree(opened.hive, ''), bytes).value.anomalies, []);
  }
});

for (const change of [0x01, 0x80, 0xff]) {
  test(`every byte of a hive changed by 0x${change.toString(16)}`, () => {
    for (const at of places(HIVE.bytes)) {
      const damaged = HIVE.bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ change;
      exercise([damaged]);
    }
  });
}

test('every truncation of a hive', () => {
  for (const length of [...places(HIVE.bytes), HIVE.bytes.length - 1])
    exercise([HIVE.bytes.subarray(0, length)]);
});

test('truncations of a hive whose cells lie over several pages', () => {
  for (let length = 0; length < BIG.bytes.length; length += 509) exercise([BIG.bytes.subarray(0, length)]);
});

test('truncations inside a list that lies over several pages', () => {
  const subkeys = Array.from({ length: 1100 }, (_, index) => ({ name: `k${index}` }));
  const wide = buildHive({ name: 'root', subkeys });
  const list = 4096 + (wide.cells.get('list ') ?? 0);
  for (let length = list - 8; length < list + 8800; length += 97) {
    const { bytes, media } = filesOf([wide.bytes.subarray(0, length)]);
    const opened = drive(openHive(media[0] as Medium), bytes).value;
    assert.ok(opened.ok);
    const [answer] = drive(lookUp(opened.hive, [{ path: 'k7' }]), bytes).value.answers;
    assert.ok(answer?.kind === 'unreadable');
    assert.equal(answer.anomaly.problem, 'the file ends inside it');
  }
});

test('every word of a hive set to the worst values', () => {
  for (const at of places(HIVE.bytes).filter((offset) => offset % 4 === 0)) {
    for (const value of [0, 0x20, 0x7ffffff8, 0x80000000, 0xfffffff8, 0xffffffff]) {
      const damaged = HIVE.bytes.slice();
      new DataView(damaged.buffer).setUint32(at, value, true);
      exercise([damaged]);
    }
  }
});

test('every 16-bit word of a hive with big data set to the worst values', () => {
  // The data itself means nothing to us: only what is around it.
  const data = BIG.cells.get('segment :big 2') ?? 0;
  const first = BIG.cells.get('segment :big 0') ?? 0;
  const means = (at: number) => at < 4096 + first + 8 || at > 4096 + data;
  const offsets = places(BIG.bytes).filter((at) => at >= 4096 && at % 2 === 0 && means(at));
  for (const at of offsets.filter((offset) => offset < 4096 + 256 || BIG.bytes[offset] !== 1)) {
    for (const value of [0, 1, 0x7fff, 0xffff]) {
      const damaged = BIG.bytes.slice();
      new DataView(damaged.buffer).setUint16(at, value, true);
      exercise([damaged]);
    }
  }
});

test('damaged logs', () => {
  const bins = HIVE.bytes.slice(4096);
  const entry = { sequence: 2, hiveBinsSize: bins.length, pages: [{ offset: 0, bytes: bins }] };
  const log = buildLog(HIVE, [entry, { ...entry, sequence: 3 }]);
  const sectors = new Map(
    [0, 1, 2].map((number) => [number, bins.subarray(number * 512, number * 512 + 512)]),
  );
  const old = buildOldLog(bins.length, sectors, { primarySequence: 3 });
  const file = fc.constantFrom(log, old);
  fc.assert(
    fc.property(file, fc.nat(600), fc.nat(255), fc.nat(), (whole, at, value, length) => {
      const damaged = whole.slice();
      damaged[at] = value;
      exercise([HIVE.bytes, damaged]);
      exercise([HIVE.bytes, damaged.subarray(0, length % whole.length)]);
    }),
    { numRuns: 150 },
  );
});

test('random bytes behind a valid beginning', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 600 }), fc.uint8Array({ maxLength: 500 }), (kept, noise) => {
      const damaged = HIVE.bytes.slice();
      damaged.set(noise, 4096 + kept);
      exercise([damaged]);
    }),
    { numRuns: 200 },
  );
});

test('one changed byte in a value leaves all others as they were', () => {
  const record = HIVE.cells.get('vk Alpha:Text') ?? 0;
  for (let at = record; at < record + 32; at += 1) {
    const damaged = HIVE.bytes.slice();
    damaged[4096 + at] = (damaged[4096 + at] ?? 0) ^ 0xff;
    const { bytes, media } = filesOf([damaged]);
    const opened = drive(openHive(media[0] as Medium), bytes).value;
    assert.ok(opened.ok);
    const { answer } = drive(readSubtree(opened.hive, ''), bytes).value;
    assert.ok(answer.kind === 'found');
    const [alpha] = answer.value.subkeys;
    const number = alpha?.values.find(({ name }) => name === 'Number');
    assert.deepEqual(number?.data, dword(7), `byte ${at}`);
    assert.equal(alpha?.subkeys.length, 2);
  }
});

test('keys are recovered although the root key, a list or a bin is in ruins', () => {
  const ruin = (from: number, length: number) => {
    const damaged = HIVE.bytes.slice();
    damaged.fill(0x5a, 4096 + from, 4096 + from + length);
    const { bytes, media } = filesOf([damaged]);
    const opened = drive(openHive(media[0] as Medium), bytes).value;
    assert.ok(opened.ok);
    return drive(recoverHive(opened.hive), bytes).value;
  };
  const paths = (recovered: ReturnType<typeof ruin>) => recovered.present.keys.map(({ path }) => path).sort();
  const all = ['', 'Alpha', 'Alpha\\one', 'Alpha\\two', 'Beta', 'Beta\\Gamma', 'Beta\\Ключ', 'delta'];
  // The list that leads to all of them.
  const list = ruin((HIVE.cells.get('list ') ?? 0) + 4, 8);
  assert.deepEqual(paths(list), all);
  const two = list.present.keys.find(({ path }) => path === 'Alpha\\two');
  assert.deepEqual(two?.values, [{ name: 'x', type: 3, data: Uint8Array.of(1, 2, 3, 4, 5) }]);
  // The root key, its size included: the rest is found, and known not to be whole paths.
  const root = ruin(0x20, 24);
  assert.deepEqual(paths(root), all.slice(1));
  assert.ok(root.present.keys.every(({ rooted }) => !rooted));
  // The header of the bin.
  const bin = ruin(0, 16);
  assert.deepEqual(paths(bin), all);
  assert.ok(bin.anomalies.some(({ problem }) => /its header is damaged/.test(problem)));
  // A key's record: its values are there, and nobody knows whose they are.
  const alpha = ruin((HIVE.cells.get('nk Alpha') ?? 0) + 4, 2);
  assert.deepEqual(alpha.present.looseValues.map(({ value }) => value.name).sort(), [
    'Größe',
    'Number',
    'Text',
  ]);
  // A size that would swallow what follows.
  const size = HIVE.bytes.slice();
  new DataView(size.buffer).setInt32(4096 + (HIVE.cells.get('nk Alpha') ?? 0), -1024, true);
  const { bytes, media } = filesOf([size]);
  const opened = drive(openHive(media[0] as Medium), bytes).value;
  assert.ok(opened.ok);
  assert.deepEqual(paths(drive(recoverHive(opened.hive), bytes).value), all);
});

/** What is recovered of the hive with 32-bit words set, at offsets from the start of its bins. */
function recoverPatched(...changes: readonly (readonly [at: number, value: number])[]) {
  const damaged = HIVE.bytes.slice();
  for (const [at, value] of changes) new DataView(damaged.buffer).setUint32(4096 + at, value, true);
  const { bytes, media } = filesOf([damaged]);
  const opened = drive(openHive(media[0] as Medium), bytes).value;
  assert.ok(opened.ok);
  return drive(recoverHive(opened.hive), bytes).value;
}

test('records inside a cell that is not in use were deleted, whatever their own size says', () => {
  // The cell before it is free, and so long that it takes in the next.
  const gamma = HIVE.cells.get('nk Beta\\Gamma') ?? 0;
  const end = HIVE.cells.get('nk Beta\\Ключ') ?? 0;
  const before = Math.max(...[...HIVE.cells.values()].filter((cell) => cell < gamma));
  const { present, deleted } = recoverPatched([before, end - before]);
  assert.ok(deleted.keys.some(({ path }) => path === 'Beta\\Gamma'));
  assert.ok(present.keys.every(({ path }) => path !== 'Beta\\Gamma'));
});

test("keys that are each other's parents have a path that ends", () => {
  const [one, two] = [HIVE.cells.get('nk Alpha') ?? 0, HIVE.cells.get('nk Beta') ?? 0];
  const parent = 4 + 16;
  const { present } = recoverPatched([one + parent, two], [two + parent, one]);
  const alpha = present.keys.find(({ cell }) => cell === one);
  assert.equal(alpha?.rooted, false);
  assert.match(alpha.path, /^(Beta|Alpha)(\\(Alpha|Beta))*$/);
});

test('a base block whose sizes cannot be, with a checksum that is right', () => {
  for (const size of [0, 100, 4097, 0x80001000, 0xfffff000]) {
    const damaged = HIVE.bytes.slice();
    new DataView(damaged.buffer).setUint32(40, size, true);
    sealBaseBlock(damaged);
    const { bytes, media } = filesOf([damaged]);
    const opened = drive(openHive(media[0] as Medium), bytes).value;
    assert.ok(opened.ok);
    assert.equal(opened.anomalies[0]?.problem, `hive bins of ${size} bytes are impossible`);
    // What is there is read all the same.
    assert.equal(opened.hive.hiveBinsSize, HIVE.bytes.length - 4096);
    const [answer] = drive(lookUp(opened.hive, [{ path: 'alpha', name: 'number' }]), bytes).value.answers;
    assert.equal(answer?.kind, 'value');
  }
});

test('hivex/minimal with every byte of its first bin changed', (t) => {
  if (!requireSharedData(t)) return;
  const minimal = readSharedData('hives/hivex/minimal');
  for (const at of places(minimal)) {
    const damaged = minimal.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    exercise([damaged]);
  }
});
