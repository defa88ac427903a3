import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  cmdFile,
  cmdScript,
  decodeAnswer,
  isFromCmd,
  readCmdFrame,
} from '../../../../src/core/dialect/cmd/index.ts';
import { readFrame } from '../../../../src/core/dialect/script/frame.ts';
import { type Operation, operationsFor } from '../../../../src/core/dialect/script/operation.ts';
import { usualOperations } from '../../../../src/core/dialect/script/usual.ts';
import type { Question } from '../../../../src/core/windows/inquiry.ts';
import { cpuMillis } from '../../cpu-time.ts';
import { askPrinted, calibrated, LANGUAGES, MARK, printedBy } from './printed.ts';

const EVERYTHING: readonly Operation[] = [
  ...usualOperations(),
  ...operationsFor([
    { kind: 'secure-channel', asked: 'query', domain: 'corp.example' },
    { kind: 'secure-channel', asked: 'verify', domain: 'corp.example' },
    { kind: 'listener-owner', port: 3389 },
    { kind: 'service-status', name: 'TermService' },
    { kind: 'start-time' },
    { kind: 'time-source' },
    { kind: 'resources' },
    { kind: 'clock' },
    { kind: 'folder', path: '\\Windows' },
    { kind: 'value', hive: 'SYSTEM', key: 'a & b (c) | <d> ^e', name: 'x' },
  ]),
];

const SCRIPTS = {
  'on standard input': cmdScript(EVERYTHING, MARK).text,
  'as a file': cmdFile(EVERYTHING, ['Reads what keeps people from signing in.']),
};

/** Programs that only read, with the words that make them do so. */
const READS: readonly RegExp[] = [
  /\\chcp\.com"?$/,
  /\\reg\.exe"? query "HKLM\\[^"]*"(?: \/s| \/ve| \/v "[^"]*")? \/reg:64$/,
  /\\sc\.exe"? queryex "[^"]*"$/,
  /\\wevtutil\.exe"? qe "[^"]*"(?: "\/q:[^"]*")? \/f:xml \/rd:(?:true|false) \/c:\d+$/,
  /\\nltest\.exe"? \/sc_(?:query|verify):(?:[\w.-]+|%rdpdoctor_domain%)$/,
  /\\netstat\.exe"? -ano$/,
  /\\tasklist\.exe"? \/svc \/fo csv \/nh$/,
  /\\whoami\.exe"? \/user \/fo csv \/nh$/,
  /\\dsregcmd\.exe"? \/status$/,
  /\\w32tm\.exe"? \/query \/(?:source|status \/verbose)$/,
];

/** Lines of a script in which programs are called, without the test before them. */
const callsIn = (text: string): readonly string[] =>
  text.split('\r\n').flatMap((line) => {
    const call =
      /^(?:if defined rdpdoctor_domain )?if exist "[^"]*" ("%SystemRoot%.*)$/.exec(line)?.[1] ??
      /^("%SystemRoot%.*)$/.exec(line)?.[1];
    const again =
      /^(?:if defined rdpdoctor_domain )?if exist "[^"]*" for \/f "delims=" %%L in \('(.*)'\) do \($/.exec(
        line,
      )?.[1];
    return [call, again?.replaceAll('^', '').replace(/ & echo rdpdoctor$/, '')].filter(
      (found) => found !== undefined,
    );
  });

for (const [name, text] of Object.entries(SCRIPTS)) {
  suite(`a script ${name}`, () => {
    test('is ASCII with CRLF, in lines that cmd takes', () => {
      assert.match(text, /^[\x20-\x7e\r\n]*$/);
      assert.doesNotMatch(text.replaceAll('\r\n', ''), /[\r\n]/);
      for (const line of text.split('\r\n')) assert.ok(line.length <= 8191);
    });

    test('calls programs that only read, with their input closed', () => {
      const calls = callsIn(text);
      assert.ok(calls.length > 100, `${calls.length} calls`);
      for (const call of calls) {
        if (/chcp\.com" 65001 < NUL > NUL 2>&1$/.test(call)) continue;
        assert.match(call, /<\s*NUL/, call);
        const words = call.replace(
          /\s*(?:<\s*NUL|>\s*NUL|2>&1|\| "?%SystemRoot%\\System32\\find\.exe"? ":0 ")/g,
          '',
        );
        assert.ok(
          READS.some((read) => read.test(words.trim())),
          call,
        );
      }
    });

    test('writes nowhere but to its own output', () => {
      for (const line of text.split('\r\n')) {
        if (line.startsWith('rem ')) continue;
        const outside = line.replace(/"[^"]*"/g, '""').replaceAll('^', '');
        const targets = [...outside.matchAll(/>+\s*(\S+)/g)].map(([, target]) => target?.replace(/'\)$/, ''));
        for (const target of targets) assert.ok(target === 'NUL' || target?.startsWith('&1'), line);
      }
    });

    test('expands nothing but what is its own', () => {
      const expanded = [...text.matchAll(/%+(\w+)%/g)].map(([, variable]) => variable ?? '');
      for (const variable of expanded) {
        assert.match(variable, /^(?:SystemRoot|SystemDrive|errorlevel|rdpdoctor_\w+)$/);
      }
    });

    test('never names the secret beside the time of the machine password', () => {
      assert.match(text, /\$MACHINE\.ACC\\CupdTime/);
      assert.doesNotMatch(text, /Secrets" |CurrVal|OldVal/);
    });
  });
}

test('a file says what it is and lists what it reads, before it does anything', () => {
  const lines = SCRIPTS['as a file'].split('\r\n');
  const head = lines.slice(
    1,
    lines.findIndex((line, index) => index > 0 && !line.startsWith('rem')),
  );
  assert.equal(lines[0], '@echo off');
  assert.match(head[0] ?? '', /^rem Reads what keeps people/);
  assert.ok(head.some((line) => /^rem It changes nothing/.test(line)));
  assert.ok(
    head.some((line) => line.includes('reg.exe query "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa"')),
  );
  assert.ok(head.some((line) => line.includes('nltest.exe /sc_verify:corp.example')));
});

const LSA = 'CurrentControlSet\\Control\\Lsa';
const question: Question = { kind: 'value', hive: 'SYSTEM', key: LSA, name: 'X' };
const operations = operationsFor([question]);
const machine = {
  [`reg.exe query "HKLM\\SYSTEM\\${LSA}" /reg:64`]: `\nHKEY_LOCAL_MACHINE\\SYSTEM\\${LSA}\n    X    REG_DWORD    0x1\n\n`,
};

suite('what came on standard output', () => {
  const script = cmdScript(operations, MARK);
  const whole = new TextDecoder().decode(
    printedBy(script.text, { ...calibrated(LANGUAGES.english), ...machine }, LANGUAGES.english),
  );
  const read = (text: string) => script.read(new TextEncoder().encode(text));

  test('is read with a banner before it, LF or CRLF', () => {
    for (const text of [whole, whole.replaceAll('\r\n', '\n'), `C:\\Users\\a>\r\n${whole}bye\r\n`]) {
      assert.equal(read(text).orElse(question).state, 'present');
    }
  });

  test('that ends early is lost from there on, and never absent', () => {
    for (let length = 0; length < whole.length; length += 7) {
      const answer = read(whole.slice(0, length)).orElse(question);
      assert.ok(answer.state !== 'absent', `${length}: ${answer.state}`);
    }
    const sheet = read(whole.slice(0, whole.indexOf(`${MARK} 5 end`)));
    assert.ok(sheet.lost.length > 0);
    assert.match(JSON.stringify(sheet.orElse(question)), /lost on the way/);
  });

  test('with a part inside another: that part is lost', () => {
    const without = read(whole.replace(`${MARK} 4 end 0\r\n`, ''));
    assert.deepEqual(without.lost, ['reg says unnamed']);
    const [own = ''] = /mark7f3a 5 begin[\s\S]*mark7f3a 5 end 0\r\n/.exec(whole) ?? [];
    const inside = whole.replace(own, '').replace(`${MARK} 4 end 0`, `${own}${MARK} 4 end 0`);
    assert.notEqual(inside, whole);
    assert.deepEqual(read(inside).lost, ['reg says unnamed']);
  });

  test('whose last line has no end is read', () => {
    const text = whole.replace(/\r\n\r\n(mark7f3a 5 end 0)/, '$1');
    assert.notEqual(text, whole);
    assert.equal(read(text).orElse(question).state, 'present');
  });

  test('any bytes give a sheet', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const bytes = new TextEncoder().encode(whole);
      let state = seed;
      for (let change = 0; change < 20; change += 1) {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        bytes[state % bytes.length] = (state >> 8) & 0xff;
      }
      const answer = script.read(bytes).orElse(question);
      assert.ok(['present', 'absent', 'unknown'].includes(answer.state));
    }
  });
});

/** What a script as a file prints for one key, as cmd.exe prints it (checked against Wine's in test/peers/guest-cmd.test.ts). */
const FRAME = [
  '-----BEGIN RDPDOCTOR ANSWER 1-----',
  ...raw(1, 'page', ['Aktive Codepage: 850.'], '0'),
  ...raw(
    2,
    'reg says absent',
    ['FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.'],
    '1',
  ),
  ...raw(3, 'reg says denied', ['FEHLER: Zugriff verweigert'], '1'),
  ...raw(
    4,
    'reg says present',
    ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', '    A    REG_SZ    1'],
    '0',
  ),
  ...raw(
    5,
    'reg says unnamed',
    ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\.exe', '    (Standard)    REG_SZ    exefile'],
    '0',
  ),
  ...raw(
    6,
    `reg SYSTEM\\${LSA}`,
    [
      `HKEY_LOCAL_MACHINE\\SYSTEM\\${LSA}`,
      '    X    REG_DWORD    0x1',
      '    Name    REG_SZ    Müller',
      '    Blob    REG_BINARY    00112233',
    ],
    '0',
  ),
  '-----END RDPDOCTOR ANSWER:6-----',
].join('\r\n');

function raw(number: number, id: string, lines: readonly string[], status: string): readonly string[] {
  const all = [`"${id}"`, ...lines, ...(status === 'none' ? [] : ['rdpdoctor']), status];
  return [`[r${number}]`, ...all.map((line, index) => `${index + 1}:${line}`), `[/r${number}:${all.length}]`];
}

suite('an answer that a person saved', () => {
  const inPage = Uint8Array.from([...FRAME].map((letter) => (letter === 'ü' ? 0x81 : letter.charCodeAt(0))));
  const utf16 = Buffer.from(`\ufeff${FRAME}`, 'utf16le');
  const read = (bytes: Uint8Array) => {
    const frame = readFrame(decodeAnswer(bytes), () => undefined);
    assert.ok(frame.ok);
    assert.ok(isFromCmd(frame.frame));
    return readCmdFrame(operations, frame.frame);
  };
  const value = (name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key: LSA, name });

  for (const [name, bytes] of [
    ['in the code page', inPage],
    ['in UTF-8', new TextEncoder().encode(FRAME)],
    ['in UTF-8 with its mark', new TextEncoder().encode(`\ufeff${FRAME}`)],
    ['in UTF-16', new Uint8Array(utf16)],
  ] as const) {
    test(name, () => {
      const sheet = read(bytes);
      assert.deepEqual(sheet.lost, []);
      assert.equal(sheet.orElse(question).state, 'present');
      const text = sheet.orElse(value('Name'));
      assert.equal(
        text.state === 'present' && text.value.kind === 'value' && text.value.value.data,
        'Müller',
      );
      assert.equal(sheet.orElse(value('Nope')).state, 'absent');
    });
  }

  test('with lines missing: the part is lost, the others are not', () => {
    const sheet = read(new TextEncoder().encode(FRAME.replace('3:    X    REG_DWORD    0x1\r\n', '')));
    assert.equal(sheet.lost.length, 1);
    assert.equal(sheet.orElse(question).state, 'unknown');
    assert.equal(sheet.orElse(value('Nope')).state, 'unknown');
  });

  test('with a line wrapped: hexadecimal is put together, a text is unknown', () => {
    const wrapped = FRAME.replace('00112233', '0011\r\n2233').replace(
      'REG_SZ    Müller',
      'REG_SZ    Mül\r\nler',
    );
    const sheet = read(new TextEncoder().encode(wrapped));
    const blob = sheet.orElse(value('Blob'));
    assert.deepEqual(
      blob.state === 'present' && blob.value.kind === 'value' && blob.value.value.data,
      Uint8Array.of(0, 0x11, 0x22, 0x33),
    );
    assert.equal(sheet.orElse(value('Name')).state, 'unknown');
    assert.equal(sheet.orElse(question).state, 'present');
  });

  test('an empty key is one only where its second run came to its end', () => {
    const id = `reg SYSTEM\\${LSA}`;
    const empty = (section: readonly string[]) =>
      read(new TextEncoder().encode(FRAME.replace(/\[r6\][\s\S]*\[\/r6:\d+\]/, section.join('\r\n'))));
    assert.equal(empty(raw(6, id, [], '0')).orElse(question).state, 'absent');
    const cut = empty(['[r6]', `1:"${id}"`, '2:0', '[/r6:2]']);
    assert.deepEqual(cut.lost, [id]);
    assert.equal(cut.orElse(question).state, 'unknown');
  });

  test('a program that is not there', () => {
    const none = FRAME.replace(
      /\[r6\][\s\S]*\[\/r6:\d+\]/,
      raw(6, `reg SYSTEM\\${LSA}`, [], 'none').join('\r\n'),
    );
    const answer = read(new TextEncoder().encode(none)).orElse(question);
    assert.equal(answer.state === 'unknown' && answer.why, 'no-channel');
  });

  test('a frame of another shell is none of cmd’s', () => {
    const other = readFrame(
      '-----BEGIN RDPDOCTOR ANSWER 1-----\n[1]a;[/1:1:2]\n-----END RDPDOCTOR ANSWER:1-----',
      () => undefined,
    );
    assert.ok(other.ok && !isFromCmd(other.frame));
  });
});

test('an older answer that was not asked for something says so', () => {
  const sheet = askPrinted(operations, machine, LANGUAGES.english);
  const other: Question = { kind: 'value', hive: 'SYSTEM', key: 'Elsewhere', name: 'X' };
  assert.deepEqual(sheet.answer(other), undefined);
  const answer = sheet.orElse(other);
  assert.equal(answer.state === 'unknown' && answer.why, 'not-gathered');
});

test('what a machine sends to waste time costs none', () => {
  const question: Question = {
    kind: 'events',
    channel: 'System',
    select: [{ provider: 'P', ids: [1] }],
    withinMillis: 1,
    limit: 1,
  };
  const everything = [
    ...EVERYTHING,
    ...operationsFor([
      question,
      { kind: 'membership' },
      { kind: 'machine-sid' },
      { kind: 'listener-owner', port: 1 },
    ]),
  ];
  const script = cmdScript(everything, MARK);
  for (const unit of [
    '<Event ',
    '<Event></Event>',
    '\r',
    ' ',
    '    REG_A',
    '\n\n',
    'TCP 0.0.0.0:1 0.0.0.0:0 ',
    ':',
    '=',
    'a: ',
    '"',
    '\\0',
    '1:"page" ',
  ]) {
    const waste = unit.repeat(Math.ceil(12_000 / unit.length));
    const answers = Object.fromEntries(
      [
        'reg.exe',
        'sc.exe',
        'wevtutil.exe',
        'nltest.exe',
        'netstat.exe',
        'tasklist.exe',
        'whoami.exe',
        'dsregcmd.exe',
        'w32tm.exe',
      ].map((program) => [program, waste]),
    );
    const bytes = printedBy(script.text, answers, LANGUAGES.english);
    const millis = cpuMillis(() => {
      const sheet = script.read(bytes);
      for (const operation of everything) if (operation.kind === 'ask') sheet.orElse(operation.question);
    });
    assert.ok(millis < 10_000, `${JSON.stringify(unit)}: ${millis} ms for ${bytes.length} bytes`);
  }
});
