// The dialect of cmd.exe against a real command line: Wine's cmd.exe and reg.exe behind OpenSSH. On one registry it sees
// what every channel sees.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { Attempts } from '../../src/app/attempts.ts';
import {
  CMD_ON_INPUT,
  cmdFile,
  cmdScript,
  decodeAnswer,
  isFromCmd,
  readCmdFrame,
} from '../../src/core/dialect/cmd/index.ts';
import { readFrame } from '../../src/core/dialect/script/frame.ts';
import { type Operation, operationsFor } from '../../src/core/dialect/script/operation.ts';
import { AnswerSheet } from '../../src/core/dialect/script/sheet.ts';
import { OWN_DOMAIN, usualOperations } from '../../src/core/dialect/script/usual.ts';
import type { Evidence, FactName } from '../../src/core/model/facts.ts';
import type { Observation } from '../../src/core/model/observation.ts';
import type { Answer, Question } from '../../src/core/windows/inquiry.ts';
import { inquireMachine, machineInquiries } from '../../src/core/windows/machine.ts';
import { cmdAsker, powershellAsker } from '../../src/edge/guest/ssh/askers.ts';
import { SshMachine } from '../../src/edge/guest/ssh/machine.ts';
import type { TranscriptEntry } from '../../src/edge/network/transcript.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { CONTENTS, type RegistryContent } from '../channels/contents.ts';
import { assertContract, BORNE, briefOf, type Exceptions, expectedOf } from '../channels/contract.ts';
import { registryFile } from '../channels/registry-file.ts';
import { isInstalled } from './require-peer.ts';
import { clientIn, knownLine } from './sshd.ts';
import { requireWindowsConsole, startWindowsConsole, type WindowsConsole } from './windows-console.ts';

/** One content comes by the file, where every program runs twice. */
/** And one by the program as it is, with everything that it usually asks. */
const BY_THE_PROGRAM = 'a healthy member';
const BY_A_PERSON = 'broken in the ways of the article';
const MARK = 'a8f3c1d9e2';
const CCS = 'SYSTEM\\CurrentControlSet';

/** Of the usual operations those that ask the registry: what else Wine has is not Windows'. */
const REGISTRY: readonly Operation[] = usualOperations().filter(
  ({ kind }) => kind === 'key' || kind === 'services',
);

/** Where Wine keeps what it needs itself: those stay, and their values are written over. */
const WINES_OWN = /\\(?:Session Manager|Cryptography|Windows NT\\CurrentVersion)$/;

/** Places that are asked for, and at which something may stand that is not of the content. */
const CLEAR = [
  ...REGISTRY.flatMap((operation) =>
    operation.kind === 'services'
      ? operation.names.map((name) => `${CCS}\\Services\\${name}`)
      : operation.kind === 'key' && operation.hive !== 'SECURITY'
        ? [`${operation.hive}\\${operation.key}`]
        : [],
  ).filter((place) => !WINES_OWN.test(place)),
  'SOFTWARE\\Policies\\Microsoft',
];

const NO_RENAMES =
  'Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager]\n"PendingFileRenameOperations"=-\n';

suite('cmd.exe over SSH', () => {
  let windows: WindowsConsole;
  const ends: (() => void | Promise<void>)[] = [];
  before(async () => {
    if (!['wine', 'sshd', 'ssh', 'ssh-keygen'].every(isInstalled)) return;
    windows = await startWindowsConsole({ after: (end) => void ends.unshift(end) });
  });
  after(async () => {
    for (const end of ends) await end();
  });

  /** Runs as SYSTEM in Wine: nothing is denied, and the LSA's keys are there. */
  const put = (content: RegistryContent): void => {
    windows.importRegistry(NO_RENAMES);
    windows.importRegistry(registryFile({ 'SECURITY\\Policy\\Accounts': {}, ...content }, { clear: CLEAR }));
  };
  const run = async (operations: readonly Operation[]): Promise<AnswerSheet> => {
    const script = cmdScript(operations, MARK);
    const { stdout } = await windows.ask(CMD_ON_INPUT, script.text);
    return script.read(stdout);
  };

  /** Wine's reg.exe prints a QWORD as `(null)`, which is unknown here; Windows prints it as a number. */
  const exceptions: Readonly<Record<string, Exceptions>> = {
    'values of odd types and forms': { lies: { 'listener.minEncryptionLevel': 'REG_QWORD' } },
  };
  /** Wine has no code page with all characters: what it lacks has to be unknown, and with it what depends on it. */
  const BEYOND_THE_PAGE = 'names that are not ASCII';

  for (const [name, content] of Object.entries(CONTENTS)) {
    if (name === BY_A_PERSON || name === BY_THE_PROGRAM) continue;
    test(`the contract: ${name}`, async (t: TestContext) => {
      if (!requireWindowsConsole(t)) return;
      put(content);
      const sheet = new AnswerSheet();
      sheet.add(await run(REGISTRY));
      assert.deepEqual(sheet.lost, []);
      const { evidence, asked } = answered(sheet);
      if (name === BEYOND_THE_PAGE) assertNothingWrong(evidence, content);
      else assertContract(evidence, content, 'ssh', exceptions[name]);
      assert.deepEqual(asked, [], 'one script has it all');
    });
  }

  test('diagnose --ssh: PowerShell says nothing there, which is a failure, and cmd answers', async (t: TestContext) => {
    if (!requireWindowsConsole(t)) return;
    const content = CONTENTS[BY_THE_PROGRAM] ?? {};
    put(content);
    const { folder, port } = windows;
    const recorded: TranscriptEntry[] = [];
    const machine = new SshMachine(
      {
        clock: systemClock,
        attempts: new Attempts(systemClock),
        surroundings: clientIn(folder, { knownHosts: knownLine(folder, port) }),
        askers: [powershellAsker('0.0.0'), cmdAsker(() => MARK)],
        transcript: { record: (entry) => void recorded.push(entry) },
      },
      {
        host: '127.0.0.1',
        port,
        user: 'root',
        keyFile: folder.key('id_ed25519'),
        password: async () => undefined,
        person: undefined,
      },
    );
    const seen = await machine.inquire(machineInquiries, systemClock.monotonic() + 200_000);
    assert.ok(seen.ok, JSON.stringify(seen));
    const evidence: Evidence = Object.assign({}, ...seen.parts);
    assertContract(evidence, content, 'ssh');
    // Wine's own: no event log, no sc as Windows has it.
    const events = evidence['events.relevant'];
    assert.match(
      events?.state === 'unknown' ? (events.detail ?? '') : '',
      /wevtutil ended with 0 and said nothing/,
    );
    const password = evidence['machinePassword.changedAt'];
    assert.notEqual(password?.state, 'present');
    // What ran there and what it printed is in the case's transcript.
    const text = recorded.map(({ bytes = '' }) => Buffer.from(bytes, 'hex').toString('latin1')).join('\n');
    assert.ok(text.includes('echo off'), 'the script');
    assert.match(text, /fDenyTSConnections +REG_DWORD/);
    assert.deepEqual(new Set(recorded.map(({ connection }) => connection)), new Set([0]));
  });

  test('a domain that is more than a name gets into no command', async (t: TestContext) => {
    if (!requireWindowsConsole(t)) return;
    const operations = operationsFor([{ kind: 'secure-channel', asked: 'verify', domain: OWN_DOMAIN }]);
    // Wine has neither program: a file stands for what dsregcmd prints, and reg.exe repeats what it is given.
    const standIn = (script: string) =>
      script
        .replaceAll('dsregcmd.exe /status', 'cmd.exe /c type C:\\join.txt')
        .replaceAll('dsregcmd.exe', 'cmd.exe')
        .replaceAll('nltest.exe', 'reg.exe');
    const given = async (name: string): Promise<readonly string[]> => {
      writeFileSync(
        join(windows.wine.driveC, 'join.txt'),
        `    DomainJoined : YES\r\n    DomainName : ${name}\r\n`,
      );
      const { stdout } = await windows.ask(CMD_ON_INPUT, standIn(cmdScript(operations, MARK).text));
      const printed = await windows.runFile(standIn(cmdFile(operations, [])));
      return [stdout, printed].map(
        (bytes) => /\[\/sc_verify:(.*?)\]/.exec(bytes.toString('latin1'))?.[1] ?? '',
      );
    };
    assert.deepEqual(await given('CORP-1.example_a'), ['CORP-1.example_a', 'CORP-1.example_a']);
    assert.deepEqual(await given('a"&echo+b&"%PATH%^c!d|more'), ['', '']);
  });

  test('the contract, when a person runs the script as a file', async (t: TestContext) => {
    if (!requireWindowsConsole(t)) return;
    const content = CONTENTS[BY_A_PERSON] ?? {};
    put(content);
    const text = decodeAnswer(await windows.runFile(cmdFile(REGISTRY, ['asks this machine'])));
    const read = readFrame(text, () => undefined);
    assert.ok(read.ok);
    assert.ok(isFromCmd(read.frame) && read.frame.whole);
    const sheet = readCmdFrame(REGISTRY, read.frame);
    assert.deepEqual(sheet.lost, []);
    assertContract(answered(sheet).evidence, content, 'ssh');
  });
});

/** Each fact is what everybody sees, or unknown. */
function assertNothingWrong(evidence: Evidence, content: RegistryContent): void {
  const expected = expectedOf(content);
  const isUnknown = (name: FactName) => evidence[name]?.state === 'unknown';
  for (const name of BORNE) {
    if (!isUnknown(name))
      assert.deepEqual(withoutDefault(evidence[name]), withoutDefault(expected[name]), name);
  }
  assert.ok(isUnknown('computer.name') && !isUnknown('service.TermService'));
}

/** The default of a setting is that of the version, whose name is beyond the page. */
function withoutDefault(observation: Observation<unknown> | undefined): unknown {
  const brief = briefOf(observation);
  return JSON.parse(JSON.stringify(brief, (name, value) => (name === 'default' ? undefined : value)));
}

/** The inquiry by what a sheet has, and what of the registry it does not have. */
function answered(sheet: AnswerSheet): { readonly evidence: Evidence; readonly asked: readonly Question[] } {
  const asked: Question[] = [];
  const inquiry = inquireMachine({ channel: 'ssh', observedAt: new Date(0).toISOString() });
  let step = inquiry.next();
  while (!step.done) {
    const answers: Answer[] = step.value.map((question) => {
      if (sheet.answer(question) === undefined && 'key' in question) asked.push(question);
      return sheet.orElse(question);
    });
    step = inquiry.next(answers);
  }
  return { evidence: step.value, asked };
}
