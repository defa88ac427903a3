import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type PowerShellAnswer,
  readPowerShellOutput,
} from '../../../../src/core/dialect/powershell/index.ts';
import type { Answer, Question } from '../../../../src/core/windows/inquiry.ts';
import { fields, frame, type Lines, packed, unpack } from '../script/write-frame.ts';

const ABOUT: Lines = [
  ['rdpdoctor', '1.2.3'],
  ['shell', 'powershell', '5.1.20348.2340', 'FullLanguage'],
  ['began', '2026-11-27T01:51:53.3692475Z'],
  ['section', '2', 'HKLM\\SYSTEM\\Select'],
  ['section', '3', 'the newest events of System'],
];

function read(text: string): PowerShellAnswer {
  const result = readPowerShellOutput(text, unpack);
  if (!result.ok) throw new Error(result.problem);
  return result.answer;
}

const answerTo = (question: Question, ...lines: Lines): Answer | undefined =>
  read(frame(fields(1, ABOUT), fields(2, lines), fields(3, []))).sheet.answer(question);

/** An answer in short: the value, or the state with its why. */
function said(answer: Answer | undefined): unknown {
  if (answer === undefined) return 'nobody looked';
  if (answer.state !== 'present') return answer.state === 'unknown' ? answer.why : answer.state;
  const { kind: _, ...value } = answer.value;
  return Object.values(value)[0];
}

const value = (name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key: 'Select', name });
const KEY = ['key', 'SYSTEM', 'Select', 'present'] as const;

describe('what a PowerShell script says of a value', () => {
  const ROWS: readonly (readonly [string, readonly string[], unknown])[] = [
    ['REG_DWORD', ['v', '4', 'number', 'FFFFFFFF'], 0xffffffff],
    ['REG_QWORD', ['v', '11', 'number', 'FFFFFFFFFFFFFFFF'], 0xffffffffffffffffn],
    ['REG_SZ up to its NUL', ['v', '1', 'text', 'a b\0c'], 'a b'],
    ['REG_EXPAND_SZ as it stands', ['v', '2', 'text', '%SystemRoot%\\x'], '%SystemRoot%\\x'],
    ['REG_MULTI_SZ up to its end', ['v', '7', 'texts', 'a', 'b', '', 'c'], ['a', 'b']],
    ['REG_MULTI_SZ without any', ['v', '7', 'texts'], []],
    ['REG_BINARY', ['v', '3', 'bytes', 'AQID'], Uint8Array.of(1, 2, 3)],
    ['REG_BINARY without base64', ['v', '3', 'hex', '0102FF'], Uint8Array.of(1, 2, 255)],
    ['REG_NONE', ['v', '0', 'bytes', ''], new Uint8Array(0)],
    ['a REG_DWORD of odd length', ['v', '4', 'bytes', 'AQI='], Uint8Array.of(1, 2)],
  ];
  for (const [what, line, expected] of ROWS) {
    test(what, () => {
      const found = said(answerTo(value('v'), KEY, ['value', ...line]));
      assert.deepEqual(
        typeof found === 'object' && found !== null && 'data' in found ? found.data : found,
        expected,
      );
    });
  }

  for (const [what, line] of Object.entries({
    'a number that is none': ['v', '4', 'number', '12'],
    'a number of another type': ['v', '1', 'number', '00000001'],
    'bytes that are none': ['v', '3', 'bytes', 'A'],
    'a form that no script writes': ['v', '3', 'words', 'x'],
    'no type': ['v', '-5', 'text', 'x'],
  })) {
    test(`${what}: unknown, and so is every value that is missing`, () => {
      assert.equal(said(answerTo(value('v'), KEY, ['value', ...line])), 'corrupt');
      assert.equal(said(answerTo(value('other'), KEY, ['value', ...line])), 'corrupt');
    });
  }

  test('a value whose type PowerShell does not tell makes no other absent', () => {
    assert.equal(said(answerTo(value('other'), KEY, ['error', 'a value has a type'])), 'corrupt');
  });
});

describe('what a PowerShell script says of the rest', () => {
  const ROWS: readonly (readonly [string, Question, readonly string[], unknown])[] = [
    [
      'a key that is denied',
      value('v'),
      ['key', 'SYSTEM', 'Select', 'unknown', 'denied', 'access is denied'],
      'denied',
    ],
    ['a key that is not there', value('v'), ['key', 'SYSTEM', 'Select', 'absent'], 'absent'],
    ['a why that nobody knows', value('v'), ['key', 'SYSTEM', 'Select', 'unknown', 'because'], 'no-channel'],
    ['in no domain', { kind: 'membership' }, ['membership', 'present'], {}],
    ['a SID that is none', { kind: 'machine-sid' }, ['machine-sid', 'present', 'S-1-x'], 'corrupt'],
    ['rights of which some are missing', { kind: 'account-rights' }, ['rights', 'present'], 'corrupt'],
    [
      'a service that is not there',
      { kind: 'service-status', name: 'X' },
      ['service', 'X', 'absent'],
      'absent',
    ],
    [
      'a state by its number',
      { kind: 'service-status', name: 'X' },
      ['service', 'X', 'present', '4'],
      { state: 'running' },
    ],
    [
      'a state that is none',
      { kind: 'service-status', name: 'X' },
      ['service', 'X', 'present', '9'],
      'corrupt',
    ],
    ['nobody listens', { kind: 'listener-owner', port: 3390 }, ['owner', '3390', 'absent'], 'absent'],
    [
      'a port that is none',
      { kind: 'listener-owner', port: 0 },
      ['owner', '0', 'present', '4'],
      'nobody looked',
    ],
    [
      'a program that is missing',
      { kind: 'time-source' },
      ['program', 'time-source', 'missing'],
      'no-channel',
    ],
    [
      'a version of nothing',
      { kind: 'file-version', path: '\\x' },
      ['version', '\\x', 'present', '0.0.0.0'],
      'corrupt',
    ],
    ['a time that is none', { kind: 'start-time' }, ['start-time', 'present', '27.11.2026'], 'corrupt'],
    [
      'an empty log',
      { kind: 'events', channel: 'System', select: [], withinMillis: 0, limit: 1 },
      ['log', 'System', 'present', '', ''],
      [],
    ],
    [
      'a log that is denied',
      { kind: 'logons', channel: 'Security', withinMillis: 0, limit: 1, bytes: 1 },
      ['logons', 'Security', 'unknown', 'denied', 'access is denied'],
      'denied',
    ],
  ];
  for (const [what, question, line, expected] of ROWS) {
    test(what, () => assert.deepEqual(said(answerTo(question, line)), expected));
  }

  test('nltest is missing: it is said', () => {
    const question = { kind: 'secure-channel', asked: 'verify', domain: 'corp.example' } as const;
    const answer = answerTo(
      question,
      ['channel', 'verify', 'asked', 'corp.example'],
      ['program', 'verify', 'missing'],
    );
    assert.deepEqual(answer, {
      state: 'unknown',
      at: "Netlogon's channel to corp.example",
      why: 'no-channel',
      detail: 'the machine has no nltest.exe, which comes with the RSAT tools',
    });
  });

  test('an event that cannot be read hides no other; a log of which none can is unknown', () => {
    const question = { kind: 'events', channel: 'System', select: [], withinMillis: 0, limit: 1 } as const;
    const xml =
      "<Event><System><Provider Name='A'/><EventID>7</EventID><TimeCreated SystemTime='2026-11-27T01:00:00Z'/><EventRecordID>1</EventRecordID></System></Event>";
    const log = ['log', 'System', 'present', '2026-11-27T01:00:00Z', '2026-11-27T01:00:00Z'];
    const both = answerTo(question, log, ['event', '<Event>'], ['event', xml]);
    assert.equal(both?.state === 'present' && both.value.kind === 'events' && both.value.events.length, 1);
    assert.equal(said(answerTo(question, log, ['event', '<Event>'])), 'corrupt');
  });
});

describe('a part of a PowerShell script that failed half way', () => {
  const FAILED = ['failed', 'IOException'];

  test('a key: what had not been read is unknown, and what had is there', () => {
    assert.equal(said(answerTo(value('v'), KEY, FAILED)), 'corrupt');
    const number = ['value', 'v', '4', 'number', '00000001'];
    assert.equal(answerTo(value('v'), KEY, number, FAILED)?.state, 'present');
    assert.equal(said(answerTo(value('other'), KEY, number, FAILED)), 'corrupt');
  });

  test('a log: that no event was printed says nothing', () => {
    const question = { kind: 'events', channel: 'System', select: [], withinMillis: 0, limit: 1 } as const;
    const log = ['log', 'System', 'present', '2026-11-27T01:00:00Z', '2026-11-27T01:00:00Z'];
    assert.equal(said(answerTo(question, log, FAILED)), 'no-channel');
    assert.equal(answerTo(question, log)?.state, 'present');
    const logons = { kind: 'logons', channel: 'Security', withinMillis: 0, limit: 1, bytes: 0 } as const;
    assert.equal(said(answerTo(logons, ['logons', 'Security', 'present', '', ''], FAILED)), 'no-channel');
  });

  test('a folder: a file that was not listed may be there', () => {
    const question = { kind: 'file', path: '\\a\\c' } as const;
    const lines = [
      ['listing', '\\a', 'present', 'all'],
      ['file', '\\a\\b', 'present', '1', '2026-11-27T01:00:00Z'],
    ];
    assert.equal(said(answerTo(question, ...lines)), 'absent');
    assert.equal(said(answerTo(question, ...lines, FAILED)), 'nobody looked');
    const retold = ['listing', '\\a', 'unknown', 'no-channel', 'IOException'];
    assert.equal(said(answerTo(question, ...lines, retold)), 'nobody looked');
  });

  test('a program: what it printed did not come to its end', () => {
    const question = { kind: 'secure-channel', asked: 'query', domain: 'corp.example' } as const;
    const lines = [
      ['channel', 'query', 'asked', 'corp.example'],
      ['program', 'query', '0'],
      ['printed', 'Flags: 30 HAS_IP  HAS_TIMESERV'],
      ['printed', 'Trusted DC Connection Status Status = 0 0x0 NERR_Success'],
    ];
    assert.equal(answerTo(question, ...lines)?.state, 'present');
    assert.equal(said(answerTo(question, ...lines, FAILED)), 'corrupt');
  });
});

describe('what a PowerShell script says of itself', () => {
  test('who made it, where it ran, when', () => {
    const { sheet: _, ...about } = read(frame(fields(1, ABOUT), fields(2, []), fields(3, [])));
    assert.deepEqual(about, {
      masked: false,
      madeBy: '1.2.3',
      shell: '5.1.20348.2340',
      languageMode: 'FullLanguage',
      began: '2026-11-27T01:51:53.369Z',
    });
  });

  test('parts that are lost are named by what they were about', () => {
    const text = frame(packed(1, fields(1, ABOUT), fields(2, [KEY])), packed(2, fields(3, [])));
    const { sheet } = read(text.replace(/\[z2\]\r\n./, '[z2]'));
    assert.deepEqual(sheet.lost, ['the newest events of System']);
    assert.equal(sheet.answer(value('v'))?.state, 'absent');
    assert.equal(said(sheet.orElse({ kind: 'start-time' })), 'corrupt');
  });

  test('where the list of its parts is lost too, that something is missing is said', () => {
    const text = frame(packed(1, fields(1, ABOUT)), packed(2, fields(2, [KEY])));
    assert.equal(read(text.replace(/\[z1\]\r\n./, '[z1]')).sheet.lost.length, 1);
  });
});

test('any lines give an answer sheet', () => {
  const word = fc.constantFrom(
    'key',
    'value',
    'only',
    'subkeys',
    'file',
    'log',
    'event',
    'logons',
    'logon',
    'right',
    'rights',
    'owner',
    'program',
    'printed',
    'present',
    'SYSTEM',
    'verify',
    'channel',
    'asked',
    '4',
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.oneof(word, fc.string()), { maxLength: 7 }), { maxLength: 30 }),
      (lines) => {
        assert.ok(read(frame(fields(1, lines))).sheet.parts > 0);
      },
    ),
  );
});
