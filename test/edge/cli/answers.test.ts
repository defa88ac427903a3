import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Report } from '../../../src/core/model/report.ts';
import { VERSION } from '../../../src/edge/version.ts';
import { fields, frame, type Lines, packed } from '../../core/dialect/script/write-frame.ts';
import { MainProcess } from '../run-main.ts';

const BEGAN = '2026-02-03T04:05:06.789Z';
const about = (mode: string, madeBy = VERSION): Lines => [
  ['rdpdoctor', madeBy],
  ['shell', 'powershell', '5.1.20348.2340', mode],
  ['began', BEGAN],
  ['section', '2', 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server: fDenyTSConnections'],
  ['section', '3', 'the newest events of System'],
];
const DENIED: Lines = [
  ['key', 'SYSTEM', 'CurrentControlSet\\Control\\Terminal Server', 'present'],
  ['only', 'fDenyTSConnections'],
  ['value', 'fDenyTSConnections', '4', 'number', '00000001'],
  ['key', 'SOFTWARE', 'Policies\\Microsoft\\Windows NT\\Terminal Services', 'absent'],
];
const answerIn = (mode: string, madeBy?: string): string =>
  frame(packed(1, fields(1, about(mode, madeBy)), fields(2, DENIED)), packed(2, fields(3, [])));
const WHOLE = answerIn('FullLanguage');

let program: MainProcess;
before(async () => {
  program = await MainProcess.start();
});
after(() => program.end());

const runMain = (...argv: readonly string[]) => program.run(argv);

describe('diagnose --answers', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rdpdoctor-answers-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const diagnose = async (content: string | Uint8Array, ...words: readonly string[]) => {
    const file = join(folder, 'answer.txt');
    writeFileSync(file, content);
    return runMain('diagnose', '--answers', file, ...words);
  };
  const report = async (content: string | Uint8Array): Promise<Report> => {
    const { stdout } = await diagnose(content, '--json');
    const parsed: Report = JSON.parse(stdout);
    return parsed;
  };
  const warned = ({ warnings }: Report, code: string): string =>
    warnings.find((one) => one.code === code)?.text ?? '';

  const FORMS: readonly (readonly [string, string | Uint8Array])[] = [
    ['as it is', WHOLE],
    ['in UTF-16, as Windows PowerShell redirects', Buffer.from(`\ufeff${WHOLE}`, 'utf16le')],
    ['in UTF-8 with its mark', `\ufeff${WHOLE}`],
    [
      'in a mail, quoted and wrapped',
      `Hello,\n\n${WHOLE.replaceAll('\r', '').replaceAll(/.{1,60}/g, '> $&\n')}\nBye`,
    ],
  ];
  for (const [what, content] of FORMS) {
    test(`${what}: the machine's own facts, as old as they are`, async () => {
      const { evidence, findings, warnings, notExamined } = await report(content);
      const denied = evidence['listener.fDenyTSConnections'];
      assert.ok(denied?.state === 'present');
      assert.equal(denied.value.effective, 1);
      assert.deepEqual([denied.from.channel, denied.from.observedAt], ['answers', BEGAN]);
      assert.equal(findings.find(({ verdict }) => verdict === 'confirmed')?.cause, 'rdp-disabled');
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['answers-made'],
      );
      assert.ok(!notExamined.some(({ code }) => code === 'inside'));
    });
  }

  test('the report says of when they are', async () => {
    assert.match(
      warned(await report(WHOLE), 'answers-made'),
      /is of 2026-02-03 04:05 UTC \(by the machine's clock\), \d+ days ago/,
    );
  });

  test('what nobody looked for is not gathered, and no clock is read out of them', async () => {
    const { evidence } = await report(WHOLE);
    const why = (name: 'listener.portNumber' | 'time.skewSeconds'): unknown => {
      const seen = evidence[name as 'listener.portNumber'];
      return seen?.state === 'unknown' ? seen.why : seen?.state;
    };
    assert.equal(why('listener.portNumber'), 'not-gathered');
  });

  test('lines are missing: which parts, and the rest is judged', async () => {
    const cut = WHOLE.replace(/\[z2\]\r\n.{20}/, '[z2]\r\n');
    const seen = await report(cut);
    assert.match(
      warned(seen, 'answers-incomplete'),
      /Missing: the newest events of System\. Send them as a file/,
    );
    assert.equal(seen.findings.find(({ verdict }) => verdict === 'confirmed')?.cause, 'rdp-disabled');
    assert.ok(
      seen.evidence['events.relevant']?.state === 'unknown' &&
        seen.evidence['events.relevant'].why === 'corrupt',
    );
  });

  test('ConstrainedLanguage and another version: what that means', async () => {
    const seen = await report(answerIn('ConstrainedLanguage', '0.0.1'));
    const texts = seen.warnings.filter(({ code }) => code === 'answers-limited').map(({ text }) => text);
    assert.match(
      texts.join('\n'),
      /PowerShell ran in ConstrainedLanguage, in which it does not tell who may sign in/,
    );
    assert.match(texts.join('\n'), /made by rdpdoctor 0\.0\.1/);
  });

  const REFUSED: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    [
      'another file',
      'Hello',
      /holds no answers: there is no answer in it: no line says BEGIN RDPDOCTOR ANSWER/,
    ],
    ['an empty one', '', /holds no answers/],
    ['noise', Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256), /holds no answers/],
    ['one whose beginning is cut off', WHOLE.slice(60), /its beginning is missing/],
    [
      'one of which nothing arrived whole',
      WHOLE.replaceAll(/\[z/g, '[y'),
      /no part of the answer arrived whole/,
    ],
  ];
  for (const [what, content, expected] of REFUSED) {
    test(`${what}: a sentence and exit status 2`, async () => {
      const { status, stderr, stdout } = await diagnose(content);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, expected);
    });
  }

  test('the script itself instead of its answer', async () => {
    const { stdout } = await runMain('collect');
    const { status, stderr } = await diagnose(stdout);
    assert.equal(status, 2);
    assert.match(stderr, /there is no answer in it/);
  });

  test('a file that is not there, a folder, one that is far too long', async () => {
    const run = async (place: string) => (await runMain('diagnose', '--answers', place)).stderr;
    assert.match(await run(join(folder, 'none.txt')), /none\.txt cannot be read \(ENOENT\)/);
    assert.match(await run(folder), /is not a file/);
    const long = join(folder, 'long');
    writeFileSync(long, '');
    truncateSync(long, 65 * 1024 * 1024);
    assert.match(await run(long), /is larger than 64 MiB/);
  });

  test('standard input has one reader', async () => {
    const { status, stderr } = await runMain('diagnose', '--answers', '-', '--error', '-');
    assert.equal(status, 2);
    assert.match(stderr, /--answers and --error cannot both read standard input/);
  });
});

describe('collect', () => {
  test('PowerShell is what it writes for, unless cmd is named', async () => {
    const [one, other] = [await runMain('collect'), await runMain('collect', '--shell', 'powershell')];
    assert.equal(one.status, 0);
    assert.equal(one.stdout, other.stdout);
    assert.match(one.stdout, /^# Questions of rdpdoctor/);
    assert.match(one.stdout, /\r\n$/);
    const cmd = await runMain('collect', '--shell', 'cmd');
    assert.match(cmd.stdout, /^@echo off\r\nrem Questions of rdpdoctor/);
  });
  test('masked names are said in its first lines, and are for PowerShell alone', async () => {
    const { stdout } = await runMain('collect', '--mask-names');
    assert.match(stdout, /^# Names of users, machines and domains, and SIDs, are masked/m);
    const { status, stderr } = await runMain('collect', '--mask-names', '--shell', 'cmd');
    assert.equal(status, 2);
    assert.match(stderr, /--mask-names is for PowerShell: cmd has nothing to replace names with/);
  });
  test('another shell is refused', async () => {
    const { status, stderr } = await runMain('collect', '--shell', 'bash');
    assert.equal(status, 2);
    assert.match(stderr, /"bash" is not a shell that collect writes for: expected powershell or cmd/);
  });
});
