// The corner cases of ../shared/data/hives/yarp, hivex and nt-hive, each named by its file. What is
// expected is what msuhanov/yarp's own tests, hivex' image scripts and nt-hive's tests say of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeValue,
  type KeyTree,
  lookUp,
  openHive,
  readKeySecurity,
  readSubtree,
  recoverHive,
} from '../../../../src/core/formats/regf/index.ts';
import { readSharedData, requireSharedData } from '../../../shared-data.ts';
import { drive, filesOf } from './hives.ts';

function open(name: string) {
  const { bytes, media } = filesOf([readSharedData(`hives/${name}`)]);
  const [medium] = media;
  assert.ok(medium !== undefined);
  const opened = drive(openHive(medium), bytes).value;
  assert.ok(opened.ok, opened.ok ? '' : opened.problem);
  const { hive } = opened;
  return {
    opened,
    tree(): { keys: readonly string[]; values: ReadonlyMap<string, unknown>; problems: readonly string[] } {
      const { answer, anomalies } = drive(readSubtree(hive, ''), bytes).value;
      assert.ok(answer.kind === 'found');
      const keys: string[] = [];
      const values = new Map<string, unknown>();
      const visit = (key: KeyTree, path: string): void => {
        if (path !== '') keys.push(path);
        for (const { name: value, type, data } of key.values)
          values.set(`${path}:${value}`, decodeValue({ type, data }));
        for (const below of key.subkeys) visit(below, path === '' ? below.name : `${path}\\${below.name}`);
      };
      visit(answer.value, '');
      return { keys, values, problems: anomalies.map(({ problem }) => problem) };
    },
    ask: (path: string, value?: string) => {
      const request = value === undefined ? { path } : { path, name: value };
      const [answer] = drive(lookUp(hive, [request]), bytes).value.answers;
      return answer?.kind === 'value' ? decodeValue(answer.value) : answer?.kind;
    },
    recover: () => drive(recoverHive(hive), bytes).value,
    security: (path: string) => drive(readKeySecurity(hive, path), bytes).value.answer,
  };
}

type OpenedCase = ReturnType<typeof open>;

function check(name: string, expect: (hive: OpenedCase) => void): void {
  test(name, (t) => {
    if (requireSharedData(t)) expect(open(name));
  });
}

check('yarp/EmptyHive', (hive) => {
  const { keys, problems } = hive.tree();
  assert.deepEqual([keys, problems], [[], []]);
  // 2017-03-04 16:37:31 UTC
  assert.equal(hive.opened.ok && hive.opened.lastWritten / 10_000_000n, 11644473600n + 1488645451n);
});

check('yarp/BigDataHive', (hive) => {
  const { values, problems } = hive.tree();
  assert.deepEqual(problems, []);
  const filled = (length: number, digit: string) => new Uint8Array(length).fill(digit.charCodeAt(0));
  assert.deepEqual(values.get('key_with_bigdata:'), filled(16345, '1'));
  assert.deepEqual(values.get('key_with_bigdata:v'), filled(81725, '2'));
  assert.equal(hive.ask('key_with_bigdata', 'doesnt_exist'), 'absent');
});

check('yarp/UnicodeHive', (hive) => {
  assert.equal(hive.ask('ПриВет\\КлюЧ'), 'key');
  assert.equal(hive.ask('\\привет'), 'key');
  assert.equal(hive.ask('привет2'), 'absent');
  assert.deepEqual(hive.tree().keys, ['Привет', 'Привет\\Ключ']);
  const security = hive.security('');
  assert.ok(security.kind === 'found');
  assert.equal(security.value.length, 144);
});

check('yarp/ExtendedASCIIHive', (hive) => {
  assert.equal(hive.ask('ëigenaardig', 'ëigenaardig'), 'ëigenaardig');
  assert.equal(hive.ask('ËIGENAARDIG', 'ËIGENAARDIG'), 'ëigenaardig');
});

check('yarp/CompHive', (hive) => {
  const { keys, problems } = hive.tree();
  assert.deepEqual([keys, problems], [['\u009f', '\u009f\\123', 'Ÿ'], []]);
  assert.equal(hive.ask('ÿ'), 'key');
  // Its hint in the list is 0x81: by hints it is not found, and Windows looks at those first.
  assert.equal(hive.ask('\u009f'), 'absent');
});

for (const [name, last] of [
  ['yarp/PairHive', '\ud801\udc00'],
  // Half a pair: yarp shows U+FFFD, we keep what is stored, so that it can be asked for again.
  ['yarp/TruncatedPairHive', '\ud801'],
] as const) {
  check(name, (hive) => {
    const { keys, problems } = hive.tree();
    assert.deepEqual([keys, problems], [['ss1', 'SS3', last], []]);
    for (const key of keys) assert.equal(hive.ask(key), 'key', key);
  });
}

check('yarp/TruncatedPairHive2', (hive) => {
  const { keys, values, problems } = hive.tree();
  assert.deepEqual([keys.length, values.size, problems], [5, 5, []]);
  for (const key of keys) assert.equal(hive.ask(key), 'key', key);
});

check('yarp/MultiSzHive', (hive) => {
  assert.deepEqual(hive.ask('key', '1'), []);
  assert.deepEqual(hive.ask('key', '2'), ['привет', 'как дела?']);
  assert.equal(hive.ask('key', ''), 'absent');
});

check('yarp/StringValuesHive', (hive) => {
  assert.equal(hive.ask('key', ''), 'test тест');
  assert.deepEqual(hive.ask('key', '1'), new TextEncoder().encode('test'));
  assert.equal(hive.ask('key', '2'), 'test тест');
  assert.equal(hive.ask('key', '3'), 'test тест ');
});

check('yarp/BadListHive', (hive) => {
  // Two keys share a list: the subkey belongs to the one that it names as its parent.
  const { keys, problems } = hive.tree();
  assert.equal(keys.filter((key) => key.endsWith('\\subkey')).length, 1);
  assert.ok(
    problems.some((problem) => /its parent is 0x380/.test(problem)),
    problems.join('\n'),
  );
});

check('yarp/InvalidParentHive', (hive) => {
  const { keys, problems } = hive.tree();
  assert.equal(keys.length, 5002);
  assert.deepEqual(problems, ['its parent is 0x20, but 0x140 lists it']);
  assert.equal(hive.ask('KEY_with_many_subkeys\\4999'), 'key');
  assert.equal(hive.ask('key_with_many_subkeys\\5001'), 'absent');
});

check('yarp/NewFlagsHive', (hive) => {
  assert.deepEqual(hive.tree(), { keys: ['1', '1\\2'], values: new Map(), problems: [] });
});

check('yarp/TwoOwnersHive', (hive) => {
  assert.equal(hive.tree().keys.length, 2);
});

check('yarp/OffHive', (hive) => {
  assert.deepEqual(hive.tree(), { keys: [], values: new Map(), problems: [] });
});

check('yarp/TruncatedNameHive', (hive) => {
  const { keys, problems } = hive.tree();
  assert.deepEqual([keys, problems], [[], ['expected 22 more bytes, 16 are left']]);
  // There is a key, whose name cannot be read: it may be the one that is asked for.
  assert.equal(hive.ask('longname1234'), 'unreadable');
  // By its hint it is not this one.
  assert.equal(hive.ask('key'), 'absent');
});

for (const name of ['yarp/TruncatedHive', 'yarp/TruncatedDirtyHive']) {
  check(name, (hive) => {
    assert.match(
      hive.opened.anomalies[0]?.problem ?? '',
      /it is truncated: 12288 of 491520 bytes are present/,
    );
    assert.equal(hive.ask('key_with_many_subkeys'), 'key');
    assert.equal(hive.ask('key_with_many_subkeys\\1'), 'unreadable');
    const { present } = hive.recover();
    assert.equal(present.keys.length, 85);
    for (const { path, rooted } of present.keys) {
      assert.ok(rooted);
      assert.match(path, /^(key_with_many_subkeys(\\\d+)?)?$/);
    }
  });
}

const DELETED_TREE = ['1\\2\\3', '1\\2\\3\\4', '1\\2\\3\\4\\5', '1\\2\\3\\4\\New Key #1'];
for (const [name, deleted] of [
  ['yarp/DeletedTreeHive', DELETED_TREE],
  ['yarp/DeletedTreeNoRootFlagHive', DELETED_TREE],
  ['yarp/DeletedTreePartialPathHive', ['3', '3\\4', '3\\4\\5', '3\\4\\New Key #1']],
] as const) {
  check(name, (hive) => {
    const recovered = hive.recover();
    assert.deepEqual(recovered.deleted.keys.map(({ path }) => path).sort(), deleted);
    const whole = deleted === DELETED_TREE;
    assert.ok(recovered.deleted.keys.every(({ rooted }) => rooted === whole));
    assert.equal(recovered.present.keys.length, hive.tree().keys.length + 1);
    assert.deepEqual(recovered.anomalies, []);
  });
}

check('yarp/DeletedDataHive', (hive) => {
  const { deleted } = hive.recover();
  const [key] = deleted.keys;
  assert.equal(key?.path, '456');
  const values = [...key.values, ...deleted.looseValues.map(({ value }) => value)];
  const texts = Object.fromEntries(values.map(({ name, type, data }) => [name, decodeValue({ type, data })]));
  assert.equal(texts['v2'], '456');
});

check('corrupt/SYSTEM', (hive) => {
  const { keys, values, problems } = hive.tree();
  assert.equal(keys.length, 1686);
  assert.equal(values.size, 5625);
  assert.equal(problems.length, 201);
  // More is found when every cell is looked at.
  const { present, anomalies } = hive.recover();
  assert.ok(present.keys.length > 2000 && present.looseValues.length > 1000);
  assert.ok(present.keys.some(({ rooted }) => !rooted));
  assert.ok(anomalies.length > 0);
});

check('hivex/minimal', (hive) => {
  assert.deepEqual(hive.tree(), { keys: [], values: new Map(), problems: [] });
});

check('hivex/special', (hive) => {
  // Names with a letter beyond ASCII, a zero in the middle, and a character that is no letter.
  const { keys, values, problems } = hive.tree();
  assert.deepEqual(problems, []);
  assert.deepEqual(keys, ['abcd_äöüß', 'weird™', 'zero\0key']);
  assert.deepEqual(
    [...values.keys()],
    ['abcd_äöüß:abcd_äöüß', 'weird™:symbols $£₤₧€', 'zero\0key:zero\0val'],
  );
  for (const key of keys) assert.equal(hive.ask(key), 'key', key);
});

check('hivex/rlenvalue_test_hive', (hive) => {
  const { values, problems } = hive.tree();
  assert.deepEqual([values.size, problems], [6, []]);
});

check('nt-hive/testhive', (hive) => {
  const { keys, values, problems } = hive.tree();
  assert.deepEqual(problems, []);
  assert.equal(keys.filter((key) => /^subkey-test\\key\d+$/i.test(key)).length, 512);
  for (const key of keys) assert.equal(hive.ask(key), 'key', key);
  assert.equal(hive.ask('CHARACTER-encoding-test\\ÄÖÜ'), 'key');
  // Capital and small letter beyond the first plane are two keys.
  assert.ok(keys.includes('character-encoding-test\\\u{10410}'));
  assert.ok(keys.includes('character-encoding-test\\\u{10438}'));
  for (const [name, length] of [
    ['A', 16343],
    ['B', 16344],
    ['C', 16345],
  ] as const) {
    const data = values.get(`big-data-test:${name}`);
    assert.ok(data instanceof Uint8Array);
    assert.deepEqual(data, new Uint8Array(length).fill(name.charCodeAt(0)));
  }
  const data = Object.fromEntries(
    [...values].flatMap(([name, value]) => (name.startsWith('data-test:') ? [[name.slice(10), value]] : [])),
  );
  const long = (data['reg-multi-sz-big'] as string[]) ?? [];
  delete data['reg-multi-sz-big'];
  assert.ok(long.length > 0);
  assert.deepEqual(data, {
    'reg-sz': 'sz-test',
    'reg-sz-with-terminating-nul': 'sz-test',
    'reg-expand-sz': 'sz-test',
    'reg-multi-sz': ['multi-sz-test', 'line2'],
    dword: 42,
    // The test's author stored a little-endian 42 under the other type.
    'dword-big-endian': 0x2a000000,
    qword: 0xffffffffffffffffn,
    binary: Uint8Array.of(1, 2, 3, 4, 5),
  });
});

for (const name of ['yarp/InvalidParentFragment', 'yarp/TruncatedHiveBin', 'yarp/SqliteFragment']) {
  test(`${name} is no hive`, (t) => {
    if (!requireSharedData(t)) return;
    const { bytes, media } = filesOf([readSharedData(`hives/${name}`)]);
    const [medium] = media;
    assert.ok(medium !== undefined);
    const opened = drive(openHive(medium), bytes).value;
    assert.ok(!opened.ok);
    assert.equal(opened.problem, 'it does not contain a hive');
  });
}
