import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cmdScript } from '../../../../src/core/dialect/cmd/index.ts';
import { operationsFor } from '../../../../src/core/dialect/script/operation.ts';
import type { Answer, Question } from '../../../../src/core/windows/inquiry.ts';
import { askPrinted, LANGUAGES, type Language, MARK, type Machine, printedBy } from './printed.ts';

const LSA = 'CurrentControlSet\\Control\\Lsa';
const QUERY_LSA = `reg.exe query "HKLM\\SYSTEM\\${LSA}" /reg:64`;
const PRINTED_LSA = `\nHKEY_LOCAL_MACHINE\\SYSTEM\\${LSA}\n    disabledomaincreds    REG_DWORD    0x1\n\nHKEY_LOCAL_MACHINE\\SYSTEM\\${LSA}\\MSV1_0\n`;

const value = (key: string, name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key, name });

function ask(question: Question, machine: Machine = {}, language: Language = LANGUAGES.english): Answer {
  return askPrinted(operationsFor([question]), machine, language).orElse(question);
}

for (const [name, language] of Object.entries(LANGUAGES)) {
  test(`${name}: a value, one that is not there, a key that is not there, one that is denied`, () => {
    const machine = { [QUERY_LSA]: PRINTED_LSA };
    const found = ask(value(LSA, 'DisableDomainCreds'), machine, language);
    assert.deepEqual(found, {
      state: 'present',
      at: `SYSTEM\\${LSA}!DisableDomainCreds`,
      value: { kind: 'value', value: { name: 'disabledomaincreds', type: 4, data: 1 } },
    });
    assert.equal(ask(value(LSA, 'Nope'), machine, language).state, 'absent');
    assert.equal(ask(value(`${LSA}\\Nope`, 'X'), machine, language).state, 'absent');
    const denied = ask(
      { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolPrDmS', name: '' },
      machine,
      language,
    );
    assert.deepEqual(denied, {
      state: 'unknown',
      at: 'SECURITY\\Policy\\PolPrDmS!',
      why: 'denied',
      detail: `reg query said: ${language.denied}`,
    });
  });

  test(`${name}: the value without a name, by its name in that language`, () => {
    const machine = {
      [QUERY_LSA]: `\nHKEY_LOCAL_MACHINE\\SYSTEM\\${LSA}\n    ${language.unnamed}    REG_SZ    x\n\n`,
    };
    const found = ask(value(LSA, ''), machine, language);
    assert.equal(found.state === 'present' && found.value.kind === 'value' && found.value.value.data, 'x');
  });
}

test('subkeys and all values of one key come of one look', () => {
  const machine = { [QUERY_LSA]: PRINTED_LSA };
  const names = ask({ kind: 'subkeys', hive: 'SYSTEM', key: LSA }, machine);
  assert.deepEqual(names.state === 'present' && names.value, { kind: 'names', names: ['MSV1_0'] });
  const values = ask({ kind: 'values', hive: 'SYSTEM', key: LSA }, machine);
  assert.equal(values.state === 'present' && values.value.kind === 'values' && values.value.values.length, 1);
});

test('an empty key prints nothing, and is there: reg.exe has proved that it speaks', () => {
  const answer = ask({ kind: 'values', hive: 'SYSTEM', key: LSA }, { [QUERY_LSA]: '\n' });
  assert.deepEqual(answer.state === 'present' && answer.value, { kind: 'values', values: [] });
});

const MUTE: Machine = { 'reg.exe query': '' };
const SILENT: readonly (readonly [why: string, machine: Machine, problem: RegExp])[] = [
  [
    'a reg.exe that never says a word proves nothing',
    {
      ...MUTE,
      'reg.exe query "HKLM\\SOFTWARE\\rdpdoctor': '',
      'reg.exe query "HKLM\\SECURITY\\': '',
      'reg.exe query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" /v "CurrentBuildNumber"': '',
      [QUERY_LSA]: '',
    },
    /ended with 0 and printed nothing/,
  ],
  ['a failure without words', { [QUERY_LSA]: { text: '', status: 1 } }, /failed and printed nothing/],
  [
    'a failure with words of its own',
    { [QUERY_LSA]: { text: 'ERROR: odd\n', status: 1 } },
    /said: ERROR: odd/,
  ],
  ['words that are no registry', { [QUERY_LSA]: 'Usage: reg\n' }, /said: Usage: reg/],
];

for (const [why, machine, problem] of SILENT) {
  test(`unknown: ${why}`, () => {
    const answer = ask(value(LSA, 'X'), machine);
    assert.equal(answer.state === 'unknown' && answer.why, 'corrupt');
    assert.match(answer.state === 'unknown' ? (answer.detail ?? '') : '', problem);
  });
}

test('the same words for absent and denied are neither', () => {
  const same = { text: 'ERROR: 1\n', status: 1 };
  const machine = {
    'reg.exe query "HKLM\\SOFTWARE\\rdpdoctor': same,
    'reg.exe query "HKLM\\SECURITY\\': same,
    [QUERY_LSA]: same,
  };
  const answer = ask(value(LSA, 'X'), machine);
  assert.equal(answer.state === 'unknown' && answer.why, 'corrupt');
});

test('as SYSTEM nothing is denied, and the words for absent are known all the same', () => {
  const opened = '\nHKEY_LOCAL_MACHINE\\SECURITY\\Policy\\Accounts\n';
  const machine = { 'reg.exe query "HKLM\\SECURITY\\Policy" /reg:64': opened };
  assert.equal(ask(value(`${LSA}\\Nope`, 'X'), machine).state, 'absent');
  const other = { ...machine, [QUERY_LSA]: { text: 'ERROR: Access is denied.\n', status: 1 } };
  const denied = ask(value(LSA, 'X'), other);
  assert.equal(denied.state === 'unknown' && denied.why, 'denied');
});

test('a key that reads like one elsewhere makes its subkeys unknown, not its values', () => {
  const machine = { [QUERY_LSA]: `${PRINTED_LSA}HKEY_LOCAL_MACHINE\\SOFTWARE\\Other\n` };
  assert.equal(ask(value(LSA, 'disabledomaincreds'), machine).state, 'present');
  assert.equal(ask({ kind: 'subkeys', hive: 'SYSTEM', key: LSA }, machine).state, 'unknown');
});

test('what cmd would expand or end is not asked for', () => {
  for (const key of ['Software%PATH%', 'a"b', 'a!b', 'Müller', 'ends\\']) {
    const answer = ask(value(key, 'X'));
    assert.equal(answer.state === 'unknown' && answer.why, 'no-channel', key);
  }
});

test('without reg.exe there is no channel', () => {
  const question = value(LSA, 'X');
  const script = cmdScript(operationsFor([question]), MARK);
  const answer = script.read(printedBy(script.text, {}, LANGUAGES.english)).orElse(question);
  assert.equal(answer.state === 'unknown' && answer.why, 'no-channel');
});

test('a value that cannot be read is unknown, and those that are not there are absent', () => {
  const printed = `\nHKEY_LOCAL_MACHINE\\SYSTEM\\${LSA}\n    Odd    REG_QWORD    (null)\n    Good    REG_DWORD    0x1\n\n`;
  const machine = { [QUERY_LSA]: printed };
  assert.equal(ask(value(LSA, 'odd'), machine).state, 'unknown');
  assert.equal(ask(value(LSA, 'Good'), machine).state, 'present');
  assert.equal(ask(value(LSA, 'Other'), machine).state, 'absent');
  const values = ask({ kind: 'values', hive: 'SYSTEM', key: LSA }, machine);
  assert.ok(values.state === 'present' && values.value.kind === 'values');
  assert.match(values.value.incomplete ?? '', /Odd/);
});

const SCHANNEL = 'CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL';
const TREE = { kind: 'key', hive: 'SYSTEM', key: SCHANNEL, depth: 3 } as const;
const QUERY_TREE = `reg.exe query "HKLM\\SYSTEM\\${SCHANNEL}" /s /reg:64`;
const ROOT = `HKEY_LOCAL_MACHINE\\SYSTEM\\${SCHANNEL}`;

test('a tree answers for every key below it', () => {
  const printed = [
    '',
    ROOT,
    '    EventLogging    REG_DWORD    0x1',
    '',
    `${ROOT}\\Ciphers`,
    '',
    `${ROOT}\\Protocols\\TLS 1.2`,
    '',
    `${ROOT}\\Protocols\\TLS 1.2\\Server`,
    '    Enabled    REG_DWORD    0x0',
    '',
  ].join('\n');
  const sheet = askPrinted([TREE], { [QUERY_TREE]: `${printed}\n` }, LANGUAGES.english);
  const enabled = sheet.orElse(value(`${SCHANNEL}\\Protocols\\TLS 1.2\\Server`, 'Enabled'));
  assert.equal(enabled.state === 'present' && enabled.value.kind === 'value' && enabled.value.value.data, 0);
  assert.equal(
    sheet.orElse(value(`${SCHANNEL}\\Protocols\\TLS 1.2\\Server`, 'DisabledByDefault')).state,
    'absent',
  );
  assert.equal(sheet.orElse(value(`${SCHANNEL}\\Protocols\\TLS 1.1\\Server`, 'Enabled')).state, 'absent');
  assert.equal(sheet.orElse(value(`${SCHANNEL}\\Ciphers`, 'Enabled')).state, 'absent');
  const below = sheet.orElse({ kind: 'subkeys', hive: 'SYSTEM', key: `${SCHANNEL}\\Protocols` });
  assert.deepEqual(below.state === 'present' && below.value, { kind: 'names', names: ['TLS 1.2'] });
});

test('a tree that ended in a failure has what it has, and nothing of it is absent', () => {
  const printed = `\n${ROOT}\n    EventLogging    REG_DWORD    0x1\n\nERROR: Access is denied.\n`;
  const sheet = askPrinted([TREE], { [QUERY_TREE]: { text: printed, status: 1 } }, LANGUAGES.english);
  assert.equal(sheet.orElse(value(`${SCHANNEL}\\Protocols\\TLS 1.1\\Server`, 'Enabled')).state, 'unknown');
});

test('a tree with words among its keys, although it ended well: what is not printed may be there', () => {
  const words = 'ERROR: Access is denied.';
  const after = `\n${ROOT}\n    EventLogging    REG_DWORD    0x1\n\n${ROOT}\\Protocols\n\n${words}\n`;
  const tree = (text: string) => askPrinted([TREE], { [QUERY_TREE]: text }, LANGUAGES.english);
  const missing = value(`${SCHANNEL}\\Protocols\\TLS 1.1\\Server`, 'Enabled');
  assert.equal(tree(after).orElse(missing).state, 'unknown');
  assert.equal(tree(after.replace(`${words}\n`, '')).orElse(missing).state, 'absent');
  assert.equal(tree(after).orElse(value(SCHANNEL, 'EventLogging')).state, 'present');
  const instead = `\n${ROOT}\\Protocols\n${words}\n\n`;
  assert.equal(tree(instead).orElse(value(`${SCHANNEL}\\Protocols`, 'Enabled')).state, 'unknown');
});

const WINLOGON = 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
const winlogon = (name: string): Question => ({ kind: 'value', hive: 'SOFTWARE', key: WINLOGON, name });
const ofWinlogon = (name: string): string =>
  `reg.exe query "HKLM\\SOFTWARE\\${WINLOGON}" /v "${name}" /reg:64`;
const NO_SUCH_VALUE = 'reg.exe query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" /v "rdpdoctor';

test('of a key beside whose values a password may stand no other value is asked for', () => {
  const { text } = cmdScript(operationsFor([winlogon('CachedLogonsCount')]), MARK);
  const asked = text.split('\r\n').filter((line) => /CurrentVersion(?:\\Winlogon)?"/.test(line));
  assert.ok(asked.some((line) => line.includes(ofWinlogon('CachedLogonsCount').slice('reg.exe '.length))));
  for (const line of asked) assert.match(line, / \/v "/);
});

test('such a value: there, not there, in a key that is not there, denied', () => {
  const found = ask(winlogon('CachedLogonsCount'), {
    [ofWinlogon('CachedLogonsCount')]:
      `\nHKEY_LOCAL_MACHINE\\SOFTWARE\\${WINLOGON}\n    CachedLogonsCount    REG_SZ    10\n\n`,
  });
  assert.ok(found.state === 'present' && found.value.kind === 'value');
  assert.equal(found.value.value.data, '10');
  // Wine has other words for a value than for a key.
  const words = { text: 'reg: no such value\n', status: 1 };
  const asWine = { [NO_SUCH_VALUE]: words, [ofWinlogon('X')]: words };
  assert.equal(ask(winlogon('X'), asWine).state, 'absent');
  assert.equal(ask(winlogon('X')).state, 'absent');
  const denied = ask(winlogon('X'), { [ofWinlogon('X')]: { text: 'ERROR: Access is denied.\n', status: 1 } });
  assert.equal(denied.state === 'unknown' && denied.why, 'denied');
  const odd = ask(winlogon('X'), { [ofWinlogon('X')]: { text: 'ERROR: odd\n', status: 1 } });
  assert.equal(odd.state === 'unknown' && odd.why, 'corrupt');
  const mute = ask(winlogon('X'), { [ofWinlogon('X')]: '' });
  assert.equal(mute.state, 'unknown');
});
