import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Answer,
  decodeValue,
  type Hive,
  type LookUp,
  lookUp,
  openHive,
  readKey,
  readKeySecurity,
  readSubtree,
  type SubtreeLimits,
} from '../../../../src/core/formats/regf/index.ts';
import { type Medium, readAt } from '../../../../src/core/formats/walker.ts';
import { type BuiltHive, buildHive, dword, KEY_TIME, type KeySpec, type ListKind, sz } from './build-hive.ts';
import { drive, filesOf } from './hives.ts';

const TREE: KeySpec = {
  name: 'root',
  subkeys: [
    {
      name: 'Alpha',
      className: 'klass',
      values: [
        { name: '', type: 1, data: sz('the default') },
        { name: 'Number', type: 4, data: dword(7) },
        { name: 'Text', type: 1, data: sz('words') },
        { name: 'Nothing', type: 0, data: [] },
        { name: 'Ключ', type: 4, data: dword(8) },
      ],
      subkeys: [
        { name: 'one', values: [{ name: 'deep', type: 4, data: dword(1) }] },
        { name: 'Two' },
        { name: 'three' },
      ],
    },
    { name: 'alpine' },
    { name: 'Beta' },
    { name: 'Привет', subkeys: [{ name: 'ëÿ', values: [{ name: 'ÿ', type: 4, data: dword(9) }] }] },
    { name: 'ß' },
  ],
};

interface Opened {
  readonly hive: Hive;
  readonly bytes: Uint8Array;
}

function open(file: Uint8Array): Opened {
  const { bytes, media } = filesOf([file]);
  const opened = drive(openHive(media[0] as Medium), bytes).value;
  assert.ok(opened.ok, opened.ok ? '' : opened.problem);
  return { hive: opened.hive, bytes };
}

function ask(file: Uint8Array, ...requests: readonly LookUp[]) {
  const { hive, bytes } = open(file);
  return drive(lookUp(hive, requests), bytes).value;
}

/** An answer in few words. */
function brief(answer: Answer | undefined): unknown {
  if (answer?.kind === 'value') return decodeValue(answer.value);
  if (answer?.kind === 'key') return answer.name;
  if (answer?.kind === 'absent') return `no ${answer.missing}`;
  return answer?.kind;
}

const QUESTIONS: readonly (readonly [path: string, name: string | undefined, answer: unknown])[] = [
  ['', undefined, 'root'],
  ['Alpha', undefined, 'Alpha'],
  ['\\ALPHA\\', undefined, 'Alpha'],
  ['alpha', 'number', 7],
  ['alpha', 'TEXT', 'words'],
  ['alpha', '', 'the default'],
  ['alpha', 'nothing', new Uint8Array()],
  ['alpha', 'ключ', 8],
  ['alpha', 'Numbe', 'no value'],
  ['beta', '', 'no value'],
  ['alpha\\ONE', 'Deep', 1],
  ['alpha\\two', undefined, 'Two'],
  ['alpha\\four', undefined, 'no key'],
  ['alpha\\four', 'x', 'no key'],
  ['alph', undefined, 'no key'],
  ['alpine', undefined, 'alpine'],
  ['Gamma\\delta\\epsilon', 'x', 'no key'],
  ['пРИВЕТ\\ËŸ', 'Ÿ', 9],
  ['ß', undefined, 'ß'],
  ['SS', undefined, 'no key'],
];

for (const list of ['lf', 'lh', 'li', 'ri-lf', 'ri-lh', 'ri-li'] as const satisfies readonly ListKind[]) {
  test(`keys and values through lists of kind ${list}`, () => {
    const withList = (key: KeySpec): KeySpec => ({
      ...key,
      list,
      subkeys: (key.subkeys ?? []).map(withList),
    });
    const { bytes } = buildHive(withList(TREE));
    const { answers, anomalies } = ask(
      bytes,
      ...QUESTIONS.map(([path, name]) => (name === undefined ? { path } : { path, name })),
    );
    for (const [index, [path, name, expected]] of QUESTIONS.entries()) {
      assert.deepEqual(brief(answers[index]), expected, `${path} ${name ?? ''}`);
    }
    assert.deepEqual(anomalies, []);
  });
}

const HIVE = buildHive(TREE);

test('a value says when its key was changed', () => {
  const [answer] = ask(HIVE.bytes, { path: 'alpha', name: 'number' }).answers;
  assert.ok(answer?.kind === 'value');
  assert.equal(answer.keyLastWritten, KEY_TIME);
  assert.equal(answer.value.name, 'Number');
});

test('a path of more levels than Windows allows leads nowhere', () => {
  const path = 'a\\'.repeat(100_000);
  assert.deepEqual(ask(HIVE.bytes, { path }, { path: 'Beta' }).answers.map(brief), ['no key', 'Beta']);
});

test('a key with what it has', () => {
  const { hive, bytes } = open(HIVE.bytes);
  assert.deepEqual(drive(readKey(hive, 'ALPHA'), bytes).value, {
    answer: {
      kind: 'found',
      value: {
        name: 'Alpha',
        lastWritten: KEY_TIME,
        className: 'klass',
        subkeys: ['one', 'Two', 'three'],
        values: [
          { name: '', type: 1, size: 24 },
          { name: 'Number', type: 4, size: 4 },
          { name: 'Text', type: 1, size: 12 },
          { name: 'Nothing', type: 0, size: 0 },
          { name: 'Ключ', type: 4, size: 4 },
        ],
        complete: true,
      },
    },
    anomalies: [],
  });
  assert.deepEqual(drive(readKey(hive, 'none'), bytes).value.answer, { kind: 'absent' });
  assert.equal(drive(readKeySecurity(hive, 'ALPHA'), bytes).value.answer.kind, 'unreadable');
});

test('limits of a subtree', () => {
  const { hive, bytes } = open(HIVE.bytes);
  const read = (limits: object) => {
    const { answer, anomalies } = drive(readSubtree(hive, '', limits), bytes).value;
    assert.ok(answer.kind === 'found');
    return { tree: answer.value, problems: anomalies.map(({ problem }) => problem) };
  };
  assert.deepEqual(read({}).problems, []);
  const flat = read({ depth: 1 });
  assert.deepEqual(
    flat.tree.subkeys.map(({ name, subkeys }) => [name, subkeys.length]),
    [
      ['Alpha', 0],
      ['alpine', 0],
      ['Beta', 0],
      ['Привет', 0],
      ['ß', 0],
    ],
  );
  assert.deepEqual(flat.problems, ['its subkeys are left out', 'its subkeys are left out']);
  const few = read({ keys: 3 });
  assert.equal(few.tree.subkeys.length, 2);
  assert.deepEqual(few.problems, ['keys beyond the first 3 are left out']);
  const small = read({ dataBytes: 20 });
  assert.deepEqual(
    small.tree.subkeys[0]?.values.map(({ name, missing }) => [name, missing === undefined]),
    [
      ['', false],
      ['Number', true],
      ['Text', true],
      ['Nothing', true],
      ['Ключ', true],
    ],
  );
});

test('data of all lengths around a segment of big data', () => {
  for (const length of [0, 1, 4, 5, 16343, 16344, 16345, 32688, 32689, 81725]) {
    for (const minor of [3, 5]) {
      const data = Uint8Array.from({ length }, (_, index) => index % 251);
      const file = buildHive({ name: 'root', values: [{ name: 'v', type: 3, data }] }, { minor });
      const { answers, anomalies } = ask(file.bytes, { path: '', name: 'v' });
      assert.deepEqual(brief(answers[0]), data, `${length} bytes in version 1.${minor}`);
      assert.deepEqual(anomalies, []);
    }
  }
});

test('big data with a segment that is too short ends there', () => {
  const data = new Uint8Array(40_000).fill(1);
  const built = buildHive({ name: 'root', values: [{ name: 'v', type: 3, data }] });
  for (const [segment, length] of [
    [0, 996],
    [1, 16344 + 996],
    [2, 32688 + 996],
  ] as const) {
    const file = patched(built, [cell(`segment :v ${segment}`, built), -1000]);
    const { answers, anomalies } = ask(file, { path: '', name: 'v' });
    const [answer] = answers;
    assert.ok(answer?.kind === 'unreadable');
    assert.equal(answer.partial?.data.length, length);
    assert.match(anomalies[0]?.problem ?? '', new RegExp(`^${length} of its 40000 bytes are there$`));
  }
  const list = patched(built, [cell('segments :v', built) + 8, 0xffffffff]);
  const [answer] = ask(list, { path: '', name: 'v' }).answers;
  assert.ok(answer?.kind === 'unreadable');
  assert.equal(answer.partial?.data.length, 16344);
});

test('any tree is read back', () => {
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 8 })
    .filter((text) => !text.includes('\\'));
  const value = fc.record(
    { name, type: fc.nat(12), data: fc.uint8Array({ maxLength: 40 }) },
    { noNullPrototype: true },
  );
  const list = fc.constantFrom<ListKind>('lf', 'lh', 'li', 'ri-lf', 'ri-lh', 'ri-li');
  const leaf = fc.record(
    { name, values: fc.array(value, { maxLength: 4 }), list },
    { noNullPrototype: true },
  );
  const branch = fc.record(
    { name, values: fc.array(value, { maxLength: 2 }), list, subkeys: fc.array(leaf, { maxLength: 5 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(branch, { maxLength: 5 }), list, (subkeys, rootList) => {
      const spec: KeySpec = { name: 'root', list: rootList, subkeys };
      const { hive, bytes } = open(buildHive(spec).bytes);
      const { answer, anomalies } = drive(readSubtree(hive, ''), bytes).value;
      assert.deepEqual(anomalies, []);
      assert.ok(answer.kind === 'found');
      const plain = (key: KeySpec): unknown => ({
        name: key.name,
        lastWritten: KEY_TIME,
        values: key.values ?? [],
        subkeys: (key.subkeys ?? []).map(plain),
      });
      assert.deepEqual(answer.value, plain(spec));
    }),
    { numRuns: 60 },
  );
});

// Damage: a hive that was changed by hand in one place, and what is told of it.

/** A copy with 32-bit words set, at offsets from the start of the hive bins. */
function patched(
  built: BuiltHive,
  ...changes: readonly (readonly [at: number, value: number])[]
): Uint8Array {
  const bytes = built.bytes.slice();
  const view = new DataView(bytes.buffer);
  for (const [at, value] of changes) view.setUint32(4096 + at, value, true);
  return bytes;
}

/** Where a cell lies. */
function cell(name: string, built = HIVE): number {
  const at = built.cells.get(name);
  assert.ok(at !== undefined, `${name} is none of ${[...built.cells.keys()].join(', ')}`);
  return at;
}

interface Damage {
  readonly file: Uint8Array;
  readonly questions: readonly (readonly [path: string, name: string | undefined, answer: unknown])[];
  readonly problems: readonly RegExp[];
}

function checkDamage(name: string, damage: () => Damage): void {
  test(`damage: ${name}`, () => {
    const { file, questions, problems } = damage();
    const { answers, anomalies } = ask(
      file,
      ...questions.map(([path, value]) => (value === undefined ? { path } : { path, name: value })),
    );
    for (const [index, [path, value, expected]] of questions.entries()) {
      assert.deepEqual(brief(answers[index]), expected, `${path} ${value ?? ''}`);
    }
    const told = anomalies.map(({ where, problem }) => `${where}: ${problem}`);
    assert.equal(told.length, problems.length, told.join('\n'));
    for (const [index, problem] of problems.entries()) assert.match(told[index] ?? '', problem);
  });
}

const SIZE = 0;
const LIST_COUNT = 4;
const VALUES_OF_KEY = 4 + 36;
const SUBKEYS_OF_KEY = 4 + 20;
const LIST_OF_KEY = 4 + 28;
const PARENT_OF_KEY = 4 + 16;
const SIZE_OF_VALUE = 4 + 4;
const PLACE_OF_VALUE = 4 + 8;

checkDamage('a value record in ruins leaves its neighbours', () => ({
  file: patched(HIVE, [cell('vk Alpha:Number') + 4, 0]),
  questions: [
    ['alpha', 'text', 'words'],
    ['alpha', 'number', 'unreadable'],
    // It may have been the one in ruins, so nobody can say that it is absent.
    ['alpha', 'never', 'unreadable'],
    ['beta', undefined, 'Beta'],
  ],
  problems: [/^key value at 0x[0-9a-f]+: the signature is not "vk"$/],
}));

checkDamage('a key in ruins leaves its neighbours', () => ({
  file: patched(HIVE, [cell('nk Alpha') + 4, 0]),
  questions: [
    ['beta', undefined, 'Beta'],
    ['alpha', 'number', 'unreadable'],
    ['alpha\\one', undefined, 'unreadable'],
  ],
  problems: [/^key node at 0x[0-9a-f]+: the signature is not "nk"$/],
}));

checkDamage('a subkeys list in ruins', () => ({
  file: patched(HIVE, [cell('list Alpha') + 4, 0]),
  questions: [
    ['alpha', 'number', 7],
    ['alpha\\one', 'deep', 'unreadable'],
  ],
  problems: [/^subkeys list at 0x[0-9a-f]+: the signature 0x0 is not that of a subkeys list$/],
}));

checkDamage('a root key in ruins', () => ({
  file: patched(HIVE, [cell('nk ') + 4, 0]),
  questions: [
    ['', undefined, 'unreadable'],
    ['alpha', 'number', 'unreadable'],
  ],
  problems: [/^key node at 0x20: the signature is not "nk"$/],
}));

checkDamage('data that lies outside the hive', () => ({
  file: patched(HIVE, [cell('vk Alpha:Text') + PLACE_OF_VALUE, 0x7ffffff8]),
  questions: [
    ['alpha', 'text', 'unreadable'],
    ['alpha', 'number', 7],
  ],
  problems: [/^value data at 0x7ffffff8: no cell can be there$/],
}));

checkDamage('data at an offset where no cell begins', () => ({
  file: patched(HIVE, [cell('vk Alpha:Text') + PLACE_OF_VALUE, cell('data Alpha:Text') + 4]),
  questions: [['alpha', 'text', 'unreadable']],
  problems: [/^value data at 0x[0-9a-f]+: no cell can be there$/],
}));

checkDamage('a value that says that it is deleted', () => ({
  // In a differencing hive (1.6): flags with IsTombstone.
  file: patched(HIVE, [cell('vk Alpha:Text') + 4 + 16, 3]),
  questions: [
    ['alpha', 'text', 'no value'],
    ['alpha', 'number', 7],
  ],
  problems: [],
}));

checkDamage('data that is longer than its cell', () => ({
  file: patched(HIVE, [cell('vk Alpha:Text') + SIZE_OF_VALUE, 1000]),
  questions: [['alpha', 'text', 'unreadable']],
  problems: [/^data of "Text" at 0x[0-9a-f]+: \d+ of its 1000 bytes are there$/],
}));

checkDamage('data of two gigabytes', () => ({
  file: patched(HIVE, [cell('vk Alpha:Text') + SIZE_OF_VALUE, 0x7fffffff]),
  questions: [['alpha', 'text', 'unreadable']],
  problems: [/its 2147483647 bytes are more than are read$/],
}));

checkDamage('a key that is its own list of values', () => ({
  file: patched(HIVE, [cell('nk Alpha') + VALUES_OF_KEY + 4, cell('nk Alpha')]),
  questions: [
    ['alpha', 'text', 'unreadable'],
    ['beta', undefined, 'Beta'],
  ],
  problems: [/./, /./, /./, /./, /./],
}));

checkDamage('a list of 2^32 values', () => ({
  file: patched(HIVE, [cell('nk Alpha') + VALUES_OF_KEY, 0xffffffff]),
  questions: [
    ['alpha', 'number', 7],
    ['alpha', 'never', 'unreadable'],
  ],
  problems: [
    /it counts 4294967295 values, of which 65536 were read$/,
    /it counts 4294967295 values, but its list has room for 5$/,
  ],
}));

checkDamage('a list of 65,535 subkeys in a cell of five', () => ({
  file: patched(HIVE, [cell('list ') + LIST_COUNT, 0xffff686c]),
  questions: [
    ['beta', undefined, 'Beta'],
    ['never', undefined, 'no key'],
  ],
  problems: [/it has room for 5 of its 65535 elements$/],
}));

checkDamage('a key that counts more subkeys than it lists', () => ({
  file: patched(HIVE, [cell('nk ') + SUBKEYS_OF_KEY, 0xffffffff]),
  questions: [
    ['beta', undefined, 'Beta'],
    ['never', undefined, 'unreadable'],
  ],
  problems: [/it counts 4294967295 subkeys, but its list has 5$/],
}));

checkDamage('a key that counts subkeys and has no list', () => ({
  file: patched(HIVE, [cell('nk Beta') + SUBKEYS_OF_KEY, 3]),
  questions: [['beta\\x', undefined, 'unreadable']],
  problems: [/its 3 subkeys have no list$/],
}));

checkDamage('a key with another parent', () => ({
  file: patched(HIVE, [cell('nk Beta') + PARENT_OF_KEY, 0x1000]),
  questions: [['beta', undefined, 'Beta']],
  problems: [/its parent is 0x1000, but 0x20 lists it$/],
}));

checkDamage('a cell that is marked as free is read all the same', () => ({
  file: patched(HIVE, [cell('nk Beta') + SIZE, 88]),
  questions: [['beta', undefined, 'Beta']],
  problems: [/it is in use, but marked as unallocated$/],
}));

checkDamage('a cell of no size', () => ({
  file: patched(HIVE, [cell('nk Beta') + SIZE, 0]),
  questions: [['beta', undefined, 'unreadable']],
  problems: [/a cell of 0 bytes is impossible$/],
}));

checkDamage('a cell that is longer than the hive', () => ({
  file: patched(HIVE, [cell('nk Beta') + SIZE, 0x80000000]),
  questions: [['beta', undefined, 'Beta']],
  problems: [/its 2147483648 bytes run past the end of the hive bins$/],
}));

const WITH_ROOT = buildHive({ ...TREE, list: 'ri-lh' });

checkDamage('an index root below an index root', () => ({
  file: patched(WITH_ROOT, [cell('list ', WITH_ROOT) + 8, cell('list ', WITH_ROOT)]),
  questions: [
    ['beta', undefined, 'Beta'],
    ['alpha', undefined, 'unreadable'],
  ],
  problems: [/an index root points to another index root$/, /it counts 5 subkeys, but its list has 3$/],
}));

checkDamage('an index root that names a leaf twice', () => ({
  file: patched(WITH_ROOT, [cell('list ', WITH_ROOT) + 8, cell('leaf 1 list ', WITH_ROOT)]),
  questions: [['beta', undefined, 'Beta']],
  problems: [/its index root names a leaf twice$/, /it counts 5 subkeys, but its list has 3$/],
}));

test('a key that is its own subkey ends a walk, and a path through it', () => {
  const list = cell('list Alpha') + 8;
  const file = patched(HIVE, [list, cell('nk Alpha')]);
  const { hive, bytes } = open(file);
  const { answer, anomalies } = drive(readSubtree(hive, ''), bytes).value;
  assert.ok(answer.kind === 'found');
  assert.deepEqual(
    anomalies.map(({ problem }) => problem),
    [`its parent is 0x20, but 0x${cell('nk Alpha').toString(16)} lists it`, 'it is listed more than once'],
  );
  assert.deepEqual(
    answer.value.subkeys[0]?.subkeys.map(({ name }) => name),
    ['Two', 'three'],
  );
});

test('a hostile hive whose keys all have the same list is left at the limit', () => {
  const names = Array.from({ length: 20 }, (_, index) => `k${index}`);
  const values = Array.from({ length: 50 }, (_, index) => ({
    name: `v${index}`,
    type: 3,
    data: new Uint8Array(100),
  }));
  const subkeys = names.map((name) => ({ name }));
  const built = buildHive({ name: 'root', subkeys: [{ name: 'first', values }, ...subkeys] });
  const first = cell('nk first', built) + VALUES_OF_KEY;
  const list = new DataView(built.bytes.buffer).getUint32(4096 + first + 4, true);
  const file = patched(
    built,
    ...names.flatMap((name) => {
      const key = cell(`nk ${name}`, built) + VALUES_OF_KEY;
      return [[key, 50] as const, [key + 4, list] as const];
    }),
  );
  const { hive, bytes } = open(file);
  const read = (limits: SubtreeLimits) => {
    const { answer, anomalies } = drive(readSubtree(hive, '', limits), bytes).value;
    assert.ok(answer.kind === 'found');
    assert.equal(answer.value.subkeys.length, 21);
    const all = answer.value.subkeys.flatMap((key) => key.values);
    return { all, size: all.reduce((sum, { data }) => sum + data.length, 0), anomalies };
  };
  assert.equal(read({}).all.length, 21 * 50);
  const few = read({ values: 120 });
  assert.equal(few.all.length, 100);
  assert.equal(few.anomalies.length, 19);
  assert.ok(few.anomalies.every(({ problem }) => problem === 'its 50 values are more than are read'));
  const small = read({ dataBytes: 1050 });
  assert.equal(small.size, 1000);
  assert.ok(small.all.slice(10).every(({ missing }) => missing !== undefined));
});

test('a subtree whose lists go round in circles', () => {
  const file = patched(
    HIVE,
    [cell('nk alpine') + LIST_OF_KEY, cell('list ')],
    [cell('nk alpine') + SUBKEYS_OF_KEY, 5],
  );
  const { hive, bytes } = open(file);
  const { answer, anomalies } = drive(readSubtree(hive, ''), bytes).value;
  assert.ok(answer.kind === 'found' && anomalies.length > 0);
  assert.equal(answer.value.subkeys.length, 5);
});

test('an element whose hash does not fit its name is not found by its hash', () => {
  // As Windows, which looks at hashes first; walking the key shows it all the same.
  const hashOfBeta = cell('list ') + 8 + 2 * 8 + 4;
  const file = patched(HIVE, [hashOfBeta, 1]);
  assert.deepEqual(ask(file, { path: 'beta' }).answers.map(brief), ['no key']);
  const { hive, bytes } = open(file);
  const { answer } = drive(readKey(hive, ''), bytes).value;
  assert.ok(answer.kind === 'found' && answer.value.subkeys.includes('Beta'));
});

test('a hash that fits another name finds nothing', () => {
  const elements = cell('list ') + 8;
  const view = new DataView(HIVE.bytes.buffer);
  const hashOfBeta = view.getUint32(4096 + elements + 2 * 8 + 4, true);
  const file = patched(HIVE, [elements + 2 * 8, cell('nk Alpha')]);
  assert.notEqual(hashOfBeta, 0);
  assert.deepEqual(ask(file, { path: 'beta' }).answers.map(brief), ['no key']);
});

test('a medium that cannot be read here and there', () => {
  const large: KeySpec = {
    name: 'root',
    subkeys: Array.from({ length: 200 }, (_, index) => ({
      name: `key${index}`,
      values: [{ name: 'v', type: 3, data: new Uint8Array(60).fill(index) }],
    })),
  };
  const { bytes, media } = filesOf([buildHive(large).bytes]);
  const [whole] = media;
  assert.ok(whole !== undefined);
  const bad = 3 * 4096;
  const broken: Medium = {
    size: whole.size,
    *read(ranges) {
      const results = yield* whole.read(ranges);
      return results.map((result, index) => {
        const range = ranges[index];
        if (range === undefined || range.offset > bad || range.offset + range.length <= bad) return result;
        return { ok: false as const, problem: 'bad sector' };
      });
    },
  };
  assert.equal(drive(readAt(broken, bad, 1), bytes).value.ok, false);
  const opened = drive(openHive(broken), bytes).value;
  assert.ok(opened.ok);
  const { answer, anomalies } = drive(readSubtree(opened.hive, ''), bytes).value;
  assert.ok(answer.kind === 'found');
  assert.ok(
    anomalies.every(({ problem }) => problem === 'bad sector'),
    JSON.stringify(anomalies),
  );
  // One page of eight or so is lost, and not the range that it was read with.
  assert.ok(answer.value.subkeys.length > 120, `${answer.value.subkeys.length} of 200 keys`);
});

test('few pages are kept when few are allowed, and all is read all the same', () => {
  const file = buildHive({
    name: 'root',
    subkeys: Array.from({ length: 500 }, (_, index) => ({
      name: `key${index}`,
      values: [{ name: 'v', type: 3, data: new Uint8Array(300).fill(index) }],
    })),
  }).bytes;
  const { bytes, media } = filesOf([file]);
  const opened = drive(openHive(media[0] as Medium, [], { cachedPages: 3 }), bytes).value;
  assert.ok(opened.ok);
  const { answer, anomalies } = drive(readSubtree(opened.hive, ''), bytes).value;
  assert.ok(answer.kind === 'found');
  assert.deepEqual(anomalies, []);
  assert.equal(answer.value.subkeys.length, 500);
  assert.ok(answer.value.subkeys.every(({ values }, index) => values[0]?.data[0] === index % 256));
  drive(lookUp(opened.hive, [{ path: 'key3' }]), bytes);
  drive(lookUp(opened.hive, [{ path: 'key499', name: 'v' }]), bytes);
  const kept = Array.from({ length: 100 }, (_, number) => opened.hive.pages.get(number)).filter(
    (page) => page !== undefined,
  );
  // Three, unless the last round needed more at once.
  assert.ok(kept.length <= 4, `${kept.length} pages`);
});
