import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PrintedKey, readRegQuery } from '../../../../src/core/dialect/cmd/reg-query.ts';

const DIALECT = { defaultName: '(Default)', isLossy: false };

function read(lines: readonly string[], dialect = DIALECT): readonly Omit<PrintedKey, 'unreadable'>[] {
  return readAll(lines, dialect).map(({ unreadable: _, ...key }) => key);
}

function readAll(lines: readonly string[], dialect = DIALECT): readonly PrintedKey[] {
  return readRegQuery(lines.map((line) => `${line}\n`).join(''), dialect);
}

/** One key with these lines of values. */
function readValues(...lines: readonly string[]): PrintedKey {
  const [key] = readAll(['', 'HKEY_LOCAL_MACHINE\\SYSTEM\\K', ...lines, '']);
  assert.ok(key);
  return key;
}

/** Outputs that Wine's tests of reg.exe compare with Windows' (programs/reg/tests/query.c), with HKCU as HKLM. */
test('a key with values and a subkey', () => {
  assert.deepEqual(
    read([
      '',
      'HKEY_LOCAL_MACHINE\\reg_test',
      '    Test1    REG_SZ    Hello, World',
      '    Test2    REG_DWORD    0x123',
      '    Wine    REG_SZ    First instance',
      '',
      'HKEY_LOCAL_MACHINE\\reg_test\\subkey',
    ]),
    [
      {
        path: 'reg_test',
        values: [
          { name: 'Test1', type: 1, data: 'Hello, World' },
          { name: 'Test2', type: 4, data: 0x123 },
          { name: 'Wine', type: 1, data: 'First instance' },
        ],
      },
      { path: 'reg_test\\subkey', values: [] },
    ],
  );
});

test('a key with subkeys only, and the same with /s', () => {
  const paths = ['subkey1', 'subkey2'].map((name) => `reg_test\\${name}`);
  const keys = paths.map((path) => ({ path, values: [] }));
  const printed = paths.map((path) => `HKEY_LOCAL_MACHINE\\${path}`);
  assert.deepEqual(read(['', ...printed]), keys);
  assert.deepEqual(read(['', ...printed.flatMap((line) => [line, ''])]), keys);
});

const VALUES: readonly (readonly [
  line: string,
  expected: readonly [name: string, type: number, data: unknown],
])[] = [
  [
    '    ImagePath    REG_EXPAND_SZ    %SystemRoot%\\System32\\svchost.exe -k NetworkService',
    ['ImagePath', 2, '%SystemRoot%\\System32\\svchost.exe -k NetworkService'],
  ],
  ['    DependOnService    REG_MULTI_SZ    RPCSS\\0TermDD', ['DependOnService', 7, ['RPCSS', 'TermDD']]],
  ['    One    REG_MULTI_SZ    RPCSS', ['One', 7, ['RPCSS']]],
  ['    None    REG_MULTI_SZ    ', ['None', 7, []]],
  ['    Old    REG_MULTI_SZ    a\\0b\\0\\0', ['Old', 7, ['a', 'b']]],
  ['    Path    REG_MULTI_SZ    C:\\Program Files\\x', ['Path', 7, ['C:\\Program Files\\x']]],
  ['    Addresses    REG_MULTI_SZ    fe80::\\010.0.0.4', ['Addresses', 7, ['fe80::', '10.0.0.4']]],
  ['    Renames    REG_MULTI_SZ    \\??\\C:\\a.tmp\\0\\0\\??\\C:\\b\\0', ['Renames', 7, ['\\??\\C:\\a.tmp']]],
  [
    '    Renames    REG_MULTI_SZ    \\??\\D:\\0data\\0!\\??\\C:\\0\\b',
    ['Renames', 7, ['\\??\\D:\\0data', '!\\??\\C:\\0\\b']],
  ],
  ['    Blob    REG_BINARY    0A1bFF', ['Blob', 3, Uint8Array.of(0x0a, 0x1b, 0xff)]],
  ['    Empty    REG_BINARY    ', ['Empty', 3, new Uint8Array(0)]],
  ['    Nothing    REG_NONE    ', ['Nothing', 0, new Uint8Array(0)]],
  ['    Text    REG_SZ    ', ['Text', 1, '']],
  // An editor took the blanks at its end.
  ['    Text    REG_SZ', ['Text', 1, '']],
  ['    Large    REG_DWORD    0xffffffff', ['Large', 4, 0xffffffff]],
  ['    Time    REG_QWORD    0x1dc5f3a00000000', ['Time', 11, 0x1dc5f3a00000000n]],
  ['    Two  blanks  in it    REG_DWORD    0x1', ['Two  blanks  in it', 4, 1]],
  ['    With    gap    REG_DWORD    0x1', ['With    gap', 4, 1]],
  ['    C:\\Windows\\notepad.exe    REG_SZ    ~ WIN7', ['C:\\Windows\\notepad.exe', 1, '~ WIN7']],
  ['    (Default)    REG_SZ    exefile', ['', 1, 'exefile']],
  [
    '    Rule    REG_SZ    v2.31|Action=Allow|Name=@FirewallAPI.dll,-28752|',
    ['Rule', 1, 'v2.31|Action=Allow|Name=@FirewallAPI.dll,-28752|'],
  ],
];

for (const [line, [name, type, data]] of VALUES) {
  test(`value ${line.trim()}`, () => {
    assert.deepEqual(readValues(line), {
      path: 'SYSTEM\\K',
      values: [{ name, type, data }],
      unreadable: new Map(),
    });
  });
}

/** What reg query leaves open: the value is unknown, those beside it are not. */
const OPEN: readonly (readonly [why: string, lines: readonly string[]])[] = [
  ['a text with a line break', ['    Bad    REG_SZ    first', 'second']],
  ['a text with a line break and an empty line', ['    Bad    REG_SZ    first', '', '    Fake line']],
  ['a text that ends in line breaks', ['    Bad    REG_SZ    first', '']],
  ['a text with a type in it', ['    Bad    REG_SZ    x    REG_DWORD    0x1']],
  ['a name with a type in it', ['    Bad    REG_SZ    REG_DWORD    0x1']],
  ['a list whose separator may be of a path', ['    Bad    REG_MULTI_SZ    D:\\0data']],
  ['a list of paths', ['    Bad    REG_MULTI_SZ    C:\\a\\0C:\\b']],
  ['an element behind an empty one', ['    Bad    REG_MULTI_SZ    a\\0\\0b']],
  ['a number that is none', ['    Bad    REG_QWORD    (null)']],
  ['a number of 32 bits with more', ['    Bad    REG_DWORD    0x100000000']],
  ['half a byte', ['    Bad    REG_BINARY    0A1']],
  ['a type that nobody knows', ['    Bad    REG_ODD    1']],
  ['a byte that was not decoded', ['    Bad    REG_SZ    M\ufffdller']],
  ['a value that is there twice', ['    Bad    REG_DWORD    0x1', '    bad    REG_DWORD    0x2']],
];

for (const [why, lines] of OPEN) {
  test(`unknown: ${why}`, () => {
    const { values, damage, unreadable } = readValues('    Good    REG_DWORD    0x7', ...lines);
    assert.deepEqual(values, [{ name: 'Good', type: 4, data: 7 }]);
    assert.ok(unreadable.has('bad') || damage !== undefined);
  });
}

test('a question mark is a question mark in UTF-8, and may be any character in a page that lacks it', () => {
  const lines = [
    '',
    'HKEY_LOCAL_MACHINE\\SYSTEM\\K',
    '    Name    REG_SZ    M?ller',
    '    N    REG_DWORD    0x1',
    '',
  ];
  assert.equal(read(lines)[0]?.values.length, 2);
  const [key] = readAll(lines, { ...DIALECT, isLossy: true });
  assert.deepEqual(key?.values, [{ name: 'N', type: 4, data: 1 }]);
  assert.deepEqual([...(key?.unreadable.keys() ?? [])], ['name']);
});

test('the question marks with which a path of the object manager begins stand for themselves', () => {
  const lines = [
    '',
    'HKEY_LOCAL_MACHINE\\SYSTEM\\K',
    '    Renames    REG_MULTI_SZ    \\??\\C:\\a\\0!\\??\\C:\\b',
    '    ImagePath    REG_EXPAND_SZ    \\??\\C:\\x.sys',
    '    Lost    REG_SZ    C:\\??\\x',
  ];
  const [key] = readAll(lines, { ...DIALECT, isLossy: true });
  assert.deepEqual(
    key?.values.map(({ name, data }) => [name, data]),
    [
      ['Renames', ['\\??\\C:\\a', '!\\??\\C:\\b']],
      ['ImagePath', '\\??\\C:\\x.sys'],
    ],
  );
});

test('the value without a name is called in the language of the machine', () => {
  const lines = ['', 'HKEY_LOCAL_MACHINE\\SYSTEM\\K', '    (Standard)    REG_SZ    x', ''];
  assert.equal(read(lines, { ...DIALECT, defaultName: '(Standard)' })[0]?.values[0]?.name, '');
  assert.equal(read(lines)[0]?.values[0]?.name, '(Standard)');
});
