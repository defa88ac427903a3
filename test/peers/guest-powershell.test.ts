// The dialect of PowerShell on a real one, on Wine (powershell/start.ts says what is real there). On one registry it sees
// what every channel sees; CIM, event logs and Windows' own programs say what their documents show.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { Attempts } from '../../src/app/attempts.ts';
import { together } from '../../src/core/bytes/batched.ts';
import { POWERSHELL_ON_INPUT, powershellScript } from '../../src/core/dialect/powershell/index.ts';
import { type PowerShellAnswer, readPowerShell } from '../../src/core/dialect/powershell/read.ts';
import { type Frame, readFrame } from '../../src/core/dialect/script/frame.ts';
import { usualOperations } from '../../src/core/dialect/script/usual.ts';
import type { Evidence } from '../../src/core/model/facts.ts';
import { readFileVersion } from '../../src/core/windows/by-registry/file-version.ts';
import type { Answer, Question } from '../../src/core/windows/inquiry.ts';
import { machineInquiries } from '../../src/core/windows/machine.ts';
import { powershellAsker } from '../../src/edge/guest/ssh/askers.ts';
import { SshMachine } from '../../src/edge/guest/ssh/machine.ts';
import { unpackGzip } from '../../src/edge/guest/unpack.ts';
import { noTranscript } from '../../src/edge/network/transcript.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { CONTENTS, type RegistryContent } from '../channels/contents.ts';
import { assertContract, BORNE, briefOf, expectedOf } from '../channels/contract.ts';
import { registryFile } from '../channels/registry-file.ts';
import { CIM, LOGS, NETSTAT, NLTEST, W32TM } from './powershell/answers.ts';
import {
  hasPowerShell,
  type PowerShellPeer,
  requirePowerShell,
  startPowerShell,
} from './powershell/start.ts';
import { requirePeer } from './require-peer.ts';
import { clientIn, knownLine, sshFolder, startSshd } from './sshd.ts';

const WINLOGON = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
const RDP = 'SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp';

/** Beside what is asked lie secrets, which no script may carry. */
const withSecrets = (content: RegistryContent): RegistryContent => ({
  ...content,
  [WINLOGON]: { ...content[WINLOGON], DefaultPassword: 'planted-secret' },
  [RDP]: { ...content[RDP], Password: 'planted-secret' },
  'SECURITY\\Policy\\Secrets\\$MACHINE.ACC\\CurrVal': { '': 'planted-secret' },
});

/** Its name, which Wine writes. */
const OF_WINE = 'SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ActiveComputerName';

/** The language of the machine, whose calendars and separators must not be in the answer. */
const CULTURES = ['en-US', 'de-DE', 'ja-JP', 'th-TH', 'ar-SA', 'tr-TR'];

/**
 * What OpenSSH's server runs for each command: PowerShell as DefaultShell, with -c. PowerShell of that name is not there:
 * where a command starts it, the words are handed on to the one that is.
 */
function powershellShell(folder: string, { env }: PowerShellPeer): string {
  const path = join(folder, 'powershell');
  const variables = Object.entries(env).filter(([name]) => /^(?:WINE|DOTNET_|POWERSHELL_)/.test(name));
  writeFileSync(
    path,
    [
      '#!/bin/bash',
      'cd / || exit 98',
      ...variables.map(([name, value]) => `export ${name}='${value}'`),
      'export PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb',
      `files=$(mktemp -d '${folder}/XXXXXX') && cat > "$files/in"`,
      'case $SSH_ORIGINAL_COMMAND in',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
      '  "powershell.exe "*) words=${SSH_ORIGINAL_COMMAND#powershell.exe };;',
      '  *) words="-NoLogo -NoProfile -c \'$SSH_ORIGINAL_COMMAND\'";;',
      'esac',
      // Without a console it prints nothing.
      `script -qec "wine 'C:\\PowerShell\\pwsh.exe' $words < '$files/in' > '$files/out'" /dev/null > /dev/null 2>&1`,
      'status=$?',
      'cat "$files/out"',
      'exit $status',
    ].join('\n'),
    { mode: 0o755 },
  );
  return path;
}

interface Brought {
  readonly printed: string;
  readonly frame: Frame;
  readonly answer: PowerShellAnswer;
  readonly evidence: Evidence;
  readonly missing: readonly Question[];
}

suite('PowerShell', () => {
  const ends: (() => void | Promise<void>)[] = [];
  let peer: PowerShellPeer;
  const script = powershellScript(usualOperations(), { version: '1.2.3' });
  /** By the name of the content; `constrained` is the last content in ConstrainedLanguage. */
  const brought = new Map<string, Brought>();

  before(async () => {
    if (!hasPowerShell()) return;
    peer = await startPowerShell({ after: (end) => void ends.unshift(end) });
    const { folder } = peer;
    const clear = [...new Set(Object.values(CONTENTS).flatMap((content) => Object.keys(content))), OF_WINE];
    for (const [index, content] of Object.values(CONTENTS).entries()) {
      const text = registryFile(withSecrets(content), { clear });
      writeFileSync(
        join(folder, `${index}.reg`),
        Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le'),
      );
    }
    for (const name of ['TSpkg.dll', 'services.exe', 'svchost.exe']) {
      copyFileSync(
        join(peer.wine.driveC, 'windows', 'system32', 'kernel32.dll'),
        join(folder, 'windows', 'System32', name),
      );
    }
    writeFileSync(join(folder, 'cim.json'), JSON.stringify(CIM));
    writeFileSync(join(folder, 'logs.json'), JSON.stringify(LOGS));
    peer.program('nltest', NLTEST);
    peer.program('w32tm', W32TM);
    peer.program('netstat', NETSTAT);
    writeFileSync(join(folder, 'ask.ps1'), script);
    const masked = powershellScript(usualOperations(), { version: '1.2.3', maskNames: true });
    writeFileSync(join(folder, 'masked.ps1'), masked);
    writeFileSync(join(folder, 'drive.ps1'), DRIVER);
    await peer.run(['-File', 'C:\\peer\\drive.ps1']);
    for (const [index, name] of [...Object.keys(CONTENTS), 'constrained', 'masked'].entries()) {
      brought.set(name, bring(readFileSync(join(folder, `${index}.txt`), 'latin1')));
    }
  });
  after(async () => {
    for (const end of ends) await end();
  });

  test('the program over SSH, where PowerShell is the shell of the account', async (t: TestContext) => {
    if (!requirePowerShell(t) || !requirePeer(t, 'sshd', 'ssh-keygen', 'script')) return;
    const folder = sshFolder(t);
    const { port } = await startSshd(t, folder, [
      `ForceCommand ${powershellShell(folder.path, peer)}`,
      'PermitRootLogin prohibit-password',
    ]);
    const machine = new SshMachine(
      {
        clock: systemClock,
        attempts: new Attempts(systemClock),
        surroundings: clientIn(folder, { knownHosts: knownLine(folder, port) }),
        askers: [powershellAsker('1.2.3')],
        transcript: noTranscript,
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
    // What was put last is still there.
    assertContract(evidence, Object.values(CONTENTS).at(-1) ?? {}, 'ssh');
    const skew = evidence['clock.skewSeconds'];
    assert.ok(skew?.state === 'present' && Math.abs(skew.value) < 10, JSON.stringify(skew));
  });

  const of = (name: string): Brought => {
    const found = brought.get(name);
    assert.ok(found, `nothing was brought of ${name}`);
    return found;
  };

  for (const [index, [name, content]] of Object.entries(CONTENTS).entries()) {
    test(`the contract: ${name} (in the language ${CULTURES[index]})`, (t: TestContext) => {
      if (!requirePowerShell(t)) return;
      const { evidence, frame, missing, answer } = of(name);
      assertContract(evidence, content, 'ssh');
      assert.deepEqual(
        missing.map(({ kind }) => kind),
        ['clock'],
        'one script has it all',
      );
      assert.equal(frame.whole, true);
      assert.deepEqual(answer.sheet.lost, []);
      // Gregorian, and of now.
      assert.ok(Math.abs(Date.parse(answer.began ?? '') - Date.now()) < 3_600_000, answer.began);
    });
  }

  test('no secret that lies beside what is asked is carried', (t) => {
    if (!requirePowerShell(t)) return;
    for (const { frame } of brought.values()) {
      assert.ok(frame.sections.size > 50);
      assert.doesNotMatch(JSON.stringify([...frame.sections]), /planted-secret|cGxhbnRlZC1zZWNyZXQ/);
    }
  });

  test('what a running machine says of itself', (t) => {
    if (!requirePowerShell(t)) return;
    const { answer } = of('a healthy member');
    const { sheet } = answer;
    const value = (question: Question): unknown => {
      const said = sheet.answer(question);
      return said?.state === 'present' ? said.value : said;
    };
    assert.deepEqual(value({ kind: 'start-time' }), { kind: 'time', at: '2026-11-20T06:00:00.000Z' });
    assert.deepEqual(value({ kind: 'service-status', name: 'TermService' }), {
      kind: 'service-status',
      status: { state: 'running', exitCode: 0, serviceExitCode: 0, processId: 1132 },
    });
    assert.deepEqual(value({ kind: 'service-status', name: 'W32Time' }), {
      kind: 'service-status',
      status: { state: 'stop-pending', exitCode: 1077, serviceExitCode: 0 },
    });
    assert.deepEqual(value({ kind: 'listener-owner', port: 3389 }), {
      kind: 'listener-owner',
      owner: { processId: 1132, service: 'TermService' },
    });
    assert.deepEqual(value({ kind: 'time-source' }), {
      kind: 'time-source',
      source: { server: 'dc1.corp.example.com', offsetSeconds: -0.0012345 },
    });
    assert.deepEqual(value({ kind: 'secure-channel', asked: 'verify', domain: 'corp.example.com' }), {
      kind: 'secure-channel',
      channel: {
        asked: 'verify',
        controller: '\\\\DC1.corp.example.com',
        verified: true,
        status: 0,
        pdcStatus: 0,
        flags: 0xb0,
      },
    });
    const resources = value({ kind: 'resources' });
    assert.ok(typeof resources === 'object' && resources !== null && 'resources' in resources);
    assert.deepEqual(Object.entries(resources.resources ?? {}).slice(0, 2), [
      ['memory', { totalBytes: 8_388_608 * 1024, availableBytes: 1_048_576 * 1024 }],
      ['commit', { limitBytes: 9_437_184 * 1024, usedBytes: 7_340_032 * 1024 }],
    ]);
  });

  test('files: a version as in the file itself, one that is there, one that is not', (t) => {
    if (!requirePowerShell(t)) return;
    const { sheet } = of('a healthy member').answer;
    const library = readFileSync(join(peer.folder, 'windows', 'System32', 'TSpkg.dll'));
    const version = sheet.answer({ kind: 'file-version', path: '\\Windows\\System32\\TSpkg.dll' });
    assert.deepEqual(version?.state === 'present' && version.value, {
      kind: 'version',
      version: readFileVersion(library),
    });
    const there = sheet.answer({ kind: 'file', path: '\\Windows\\System32\\svchost.exe' });
    assert.equal(
      there?.state === 'present' && there.value.kind === 'file' && there.value.file.size,
      library.length,
    );
    assert.equal(sheet.answer({ kind: 'file', path: '\\Windows\\System32\\termsrv.dll' })?.state, 'absent');
  });

  test('event logs: as XML, a log that is denied, one that is not there, sign-ins counted', (t) => {
    if (!requirePowerShell(t)) return;
    const { evidence } = of('a healthy member');
    const timeline = evidence['events.relevant'];
    assert.ok(timeline?.state === 'present');
    assert.deepEqual(
      timeline.value.events
        .filter(({ channel }) => channel === 'System')
        .map(({ channel, id, at, fields }) => ({ channel, id, at, fields })),
      [
        {
          channel: 'System',
          id: 36871,
          at: '2026-11-26T10:00:00.123Z',
          fields: { Type: 'server', ErrorState: '10013' },
        },
        {
          channel: 'System',
          id: 5719,
          at: '2026-11-25T10:00:00.000Z',
          fields: { param1: 'CORP', param2: '%%1311' },
        },
      ],
    );
    assert.deepEqual(
      timeline.value.unread?.map(({ channel }) => channel),
      ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
    );
    const tally = evidence['logon.failures'];
    assert.ok(tally?.state === 'present');
    const { total, accounts, successes, since, until, endedBy } = tally.value;
    assert.deepEqual(
      {
        total,
        since,
        until,
        endedBy,
        failed: accounts[0]?.account,
        status: accounts[0]?.status,
        in: successes[0]?.account,
      },
      {
        total: 1,
        since: '2026-11-26T09:00:00.000Z',
        until: '2026-11-26T11:00:00.000Z',
        endedBy: 'log',
        failed: 'mallory',
        status: 0xc000006a,
        in: 'Ümit',
      },
    );
  });

  test('masked names: none of them is in it, each is always the same word, and the facts are the same', (t) => {
    if (!requirePowerShell(t)) return;
    const { answer, evidence, frame } = of('masked');
    assert.equal(answer.masked, true);
    const carried = JSON.stringify([...frame.sections.values()]);
    for (const name of [
      'CORP',
      'corp.example',
      'VM1',
      'dc1',
      'mallory',
      'Ümit',
      'PC7',
      'MÜLLER',
      'S-1-5-21-1-2-3',
    ]) {
      assert.doesNotMatch(carried, new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'i'), name);
    }
    const tally = evidence['logon.failures'];
    assert.ok(tally?.state === 'present');
    const [failed, worked] = [tally.value.accounts[0], tally.value.successes[0]];
    assert.match(failed?.account ?? '', /^user-\d$/);
    assert.match(worked?.account ?? '', /^user-\d$/);
    assert.notEqual(failed?.account, worked?.account);
    assert.equal(failed?.domain, worked?.domain);
    const timeline = evidence['events.relevant'];
    assert.ok(timeline?.state === 'present');
    const netlogon = timeline.value.events.find(({ id }) => id === 5719);
    // The domain of the sign-ins, where nothing says that a name stands there.
    assert.equal(netlogon?.fields['param1'], failed?.domain);
    const channel = evidence['secureChannel.state'];
    assert.ok(channel?.state === 'present', JSON.stringify(channel));
    assert.match(channel.value.controller ?? '', /^\\\\host-\d\.domain-\d$/);
    const expected = expectedOf(Object.values(CONTENTS).at(-1) ?? {});
    for (const name of BORNE.filter(
      (fact) => fact !== 'computer.name' && evidence[fact]?.state !== 'unknown',
    )) {
      assert.deepEqual(briefOf(evidence[name]), briefOf(expected[name]), name);
    }
    assert.ok(
      evidence['service.TermService']?.state === 'present' && evidence['firewall.rdp']?.state === 'present',
    );
  });

  test('ConstrainedLanguage: plain, and what it cannot tell is unknown', (t) => {
    if (!requirePowerShell(t)) return;
    const { answer, evidence, printed, frame } = of('constrained');
    assert.equal(answer.languageMode, 'ConstrainedLanguage');
    assert.ok(frame.whole);
    assert.doesNotMatch(printed, /\[z\d/);
    const expected = expectedOf(Object.values(CONTENTS).at(-1) ?? {});
    for (const name of BORNE) {
      const seen = evidence[name];
      if (seen?.state === 'unknown') continue;
      // Texts with variables come with those filled in.
      const withVariables = (brief: unknown): unknown =>
        JSON.parse(JSON.stringify(brief).replaceAll(/%SystemRoot%|C:\\\\windows/gi, 'ROOT'));
      assert.deepEqual(withVariables(briefOf(seen)), withVariables(briefOf(expected[name])), name);
    }
    const unknown = Object.entries(evidence).flatMap(([name, seen]) =>
      seen?.state === 'unknown' ? [`${name}: ${seen.why}`] : [],
    );
    assert.deepEqual(
      unknown.filter((line) => /user\.rights|machine\.sid|domain\.membership/.test(line)).sort(),
      ['domain.membership: no-channel', 'machine.sid: no-channel', 'user.rights: no-channel'],
    );
    assert.equal(evidence['secureChannel.state']?.state, 'unknown');
    assert.equal(evidence['listener.portNumber']?.state, 'present');
  });

  test('over standard input, as SSH carries it, and pasted into a mail', async (t) => {
    if (!requirePowerShell(t)) return;
    const [, words = ''] =
      /powershell\.exe -NoLogo -NoProfile -NonInteractive (.*)$/.exec(POWERSHELL_ON_INPUT) ?? [];
    const printed = (await peer.run(words.split(' '), script)).toString('latin1');
    const { frame, answer, evidence } = bring(printed);
    assert.ok(frame.whole);
    assert.equal(answer.madeBy, '1.2.3');
    assertContract(evidence, Object.values(CONTENTS).at(-1) ?? {}, 'ssh');
    // Without stand-ins: Wine's PowerShell has neither CIM nor nltest.
    assert.deepEqual(said(answer.sheet.answer({ kind: 'start-time' })), 'no-channel');
    const mail = `Hi,\n\n${printed.replaceAll(/\r?\n/g, '\n').replaceAll(/.{1,50}/g, '> $&\n')}\n-- \nme`;
    assert.deepEqual(bring(mail).evidence, evidence);
  });
});

function said(answer: Answer | undefined): string {
  if (answer === undefined) return 'nobody asked';
  return answer.state === 'unknown' ? answer.why : answer.state;
}

function bring(printed: string): Brought {
  const read = readFrame(printed, unpackGzip);
  if (!read.ok) throw new Error(`${read.problem}: ${printed.slice(0, 500)}`);
  const answer = readPowerShell(read.frame);
  const missing: Question[] = [];
  const all = together(machineInquiries({ channel: 'ssh', observedAt: answer.began ?? '' }));
  let step = all.next([]);
  while (!step.done) {
    step = all.next(
      step.value.map((question) => {
        if (answer.sheet.answer(question) === undefined) missing.push(question);
        return answer.sheet.orElse(question);
      }),
    );
  }
  return { printed, frame: read.frame, answer, evidence: Object.assign({}, ...step.value), missing };
}

/** Everything in one PowerShell: a start takes longer than a script. */
const DRIVER = String.raw`
. C:\peer\stand-ins.ps1
# Programs and files for the first alone: each start of a program on Wine takes a second.
$env:windir = 'C:\peer\windows'
$at = 0
foreach ($culture in ${CULTURES.map((name) => `'${name}'`).join(', ')}) {
  $null = & C:\windows\System32\reg.exe import "C:\peer\$at.reg" 2>$null
  [Threading.Thread]::CurrentThread.CurrentCulture = [Globalization.CultureInfo]::GetCultureInfo($culture)
  C:\peer\ask.ps1 | Set-Content -Encoding ascii "C:\peer\$at.txt"
  $at++
  $env:windir = 'C:\peer\none'
}
$env:windir = 'C:\peer\windows'
C:\peer\masked.ps1 | Set-Content -Encoding ascii "C:\peer\$($at + 1).txt"
$env:windir = 'C:\peer\none'
$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
C:\peer\ask.ps1 | Set-Content -Encoding ascii "C:\peer\$at.txt"
`;
