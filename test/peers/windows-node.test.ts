// Journeys of somebody who sits at Windows: the built program, run by Windows' own Node.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Report } from '../../src/core/model/report.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { refusedPort } from '../edge/hostile-servers.ts';
import { makeCertificate } from './certificates.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { makeGptDisk, makeWindowsVolume } from './windows-disk.ts';
import { windowsFiles } from './windows-files.ts';
import {
  hasWindowsNode,
  onDriveC,
  type RanOnWindows,
  requireWindowsNode,
  startWindowsNode,
  type WindowsNode,
} from './windows-node.ts';
import { startXrdp } from './xrdp.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8');

/** Everything that people read there is ASCII: PowerShell decodes a pipe in the machine's code page. */
function checkAscii({ stdout, stderr }: RanOnWindows): void {
  assert.match(stdout, /^[\n\x20-\x7e]*$/);
  assert.match(stderr, /^[\n\x20-\x7e]*$/);
}

function reportOf({ stdout }: RanOnWindows): Report {
  return JSON.parse(stdout);
}

function verdictsOf({ findings }: Report): readonly string[] {
  return findings.map(({ cause, verdict }) => `${cause} ${verdict}`);
}

const PASSWORD = 'Correct-Horse-Battery-9';

describe('Windows', { concurrency: 3 }, () => {
  let windows: WindowsNode;
  let lab: Lab;
  const run: WindowsNode['run'] = (argv) => windows.run(argv);
  const at = (...names: readonly string[]): string => onDriveC(windows, ...names);
  const here = (...names: readonly string[]): string => join(windows.folder, ...names);
  const ends: (() => void | Promise<void>)[] = [];
  before(async () => {
    if (hasWindowsNode()) windows = await startWindowsNode({ after: (end) => void ends.push(end) });
    lab = await startLab();
  });
  after(async () => {
    await lab.close();
    for (const end of ends) await end();
  });

  function journey(name: string, go: (t: TestContext) => Promise<void>): void {
    test(name, async (t) => {
      if (requireWindowsNode(t)) await go(t);
    });
  }

  journey('help', async () => {
    const ran = await run(['--help']);
    checkAscii(ran);
    assert.match(ran.stdout, /^Usage: rdpdoctor /);
    assert.deepEqual([ran.status, ran.stderr], [0, '']);
  });

  journey('what a code means', async () => {
    const ran = await run(['explain', '0xC000006D']);
    checkAscii(ran);
    assert.match(ran.stdout, /STATUS_LOGON_FAILURE/);
    assert.equal(ran.status, 0);
  });

  journey('what a log says, by its path', async () => {
    writeFileSync(here('client.log'), 'connecting\r\nERRCONNECT_LOGON_FAILURE [0x00020014]\r\n');
    const ran = await run(['explain', at('client.log')]);
    checkAscii(ran);
    assert.match(ran.stdout, /credentials-wrong/);
    assert.equal(ran.status, 0);
  });

  journey('a text of nobody', async () => {
    const ran = await run(['explain', 'no such words']);
    assert.equal(ran.status, 3);
  });

  journey('a list', async () => {
    const ran = await run(['list', 'clients', '--json']);
    checkAscii(ran);
    assert.ok(JSON.parse(ran.stdout).length > 5);
  });

  journey('a healthy listener', async () => {
    const ran = await run(['diagnose', `127.0.0.1:${lab.port}`, '--timeout', '60']);
    checkAscii(ran);
    assert.match(ran.stdout, /^ {2}\[ok\] credssp/m);
    assert.equal(ran.status, 0);
  });

  journey('a listener without TLS, as JSON', async () => {
    const broken = await startLab({ tlsVersions: [] });
    const ran = await run(['diagnose', `127.0.0.1:${broken.port}`, '--json', '--timeout', '60']);
    await broken.close();
    checkAscii(ran);
    assert.deepEqual(verdictsOf(reportOf(ran))[0], 'tls-server-disabled confirmed');
    assert.equal(ran.status, 1);
  });

  journey('xrdp', async (inner) => {
    if (!requirePeer(inner, 'xrdp', 'openssl')) return;
    const xrdp = await startXrdp(inner, {
      securityLayer: 'negotiate',
      cryptLevel: 'high',
      sslProtocols: ['1.2', '1.3'],
      certificate: await makeCertificate(temporaryFolder(inner, 'xrdp-certificate'), { commonName: 'xrdp' }),
    });
    const ran = await run(['diagnose', `127.0.0.1:${xrdp.port}`, '--json', '--timeout', '60']);
    const { evidence } = reportOf(ran);
    const nla = evidence['rdp.nla'];
    assert.equal(nla?.state === 'present' && nla.value, 'refused');
  });

  journey('a name', async () => {
    const ran = await run(['diagnose', `localhost:${lab.port}`, '--json', '--timeout', '60']);
    const connect = reportOf(ran).evidence['tcp.connect'];
    assert.equal(connect?.state === 'present' && connect.value.state, 'open');
    assert.equal(ran.status, 0);
  });

  journey('a name that is none', async () => {
    const ran = await run(['diagnose', 'nonexistent.invalid', '--timeout', '30']);
    checkAscii(ran);
    assert.match(ran.stdout.replace(/\s+/g, ' '), /the name nonexistent\.invalid/);
    assert.equal(ran.status, 3);
  });

  journey('a port that nobody listens on', async () => {
    const ran = await run(['diagnose', `127.0.0.1:${await refusedPort()}`, '--timeout', '60']);
    assert.match(ran.stdout, /refuses the connection/);
    assert.equal(ran.status, 1);
  });

  journey('a case in a folder of drive C, judged again, redacted, and not written over', async () => {
    const ran = await run([
      ...['diagnose', `127.0.0.1:${lab.port}`, '--case', at('tickets', '4711'), '--timeout', '60', '--json'],
    ]);
    assert.equal(ran.stderr, `The case is in ${at('tickets', '4711')}\n`);
    assert.deepEqual(readdirSync(here('tickets', '4711')).sort(), [
      'report.json',
      'report.txt',
      'transcript.jsonl',
    ]);
    assert.deepEqual(JSON.parse(readFileSync(here('tickets', '4711', 'report.json'), 'utf8')), reportOf(ran));

    // The case again, from its folder and redacted.
    const saved = reportOf(ran);
    const again = await run(['diagnose', '--from', at('tickets', '4711'), '--json']);
    assert.deepEqual([reportOf(again), again.status], [saved, 0]);
    const redacted = await run([
      'diagnose',
      '--from',
      at('tickets', '4711', 'report.json'),
      '--redact',
      '--json',
    ]);
    assert.deepEqual(verdictsOf(reportOf(redacted)), verdictsOf(saved));
    assert.equal(reportOf(redacted).redacted, true);

    // It is not written over.
    const second = await run(['diagnose', `127.0.0.1:${lab.port}`, '--case', at('tickets', '4711')]);
    assert.match(second.stderr, /^rdpdoctor: the folder C:\\test-\d+\\tickets\\4711 is not empty; /);
    assert.equal(second.status, 2);
  });

  journey('a case that somebody else saved, with the file alone', async () => {
    writeFileSync(here('report.json'), `\uFEFF${golden('disk-many')}`);
    const ran = await run(['diagnose', '--from', at('report.json')]);
    checkAscii(ran);
    assert.match(ran.stdout, /^\[x\] Remote Desktop is switched off$/m);
    assert.equal(ran.status, 1);
  });

  const passwords: readonly (readonly [name: string, content: string | Uint8Array])[] = [
    ['as Notepad saves it', `\uFEFF${PASSWORD}\r\n`],
    ['as Windows PowerShell redirects it', Buffer.from(`\uFEFF${PASSWORD}\r\n`, 'utf16le')],
  ];
  for (const [index, [name, content]] of passwords.entries()) {
    journey(`a password file, ${name}`, async () => {
      writeFileSync(here(`password-${index}.txt`), content);
      const accepting = await startLab({ credssp: { users: [{ name: 'alice', password: PASSWORD }] } });
      const ran = await run([
        ...['diagnose', `127.0.0.1:${accepting.port}`, '--user', 'CORP\\alice', '--json', '--timeout', '60'],
        ...['--password-file', at(`password-${index}.txt`)],
      ]);
      await accepting.close();
      const logon = reportOf(ran).evidence['nla.logon'];
      assert.equal(logon?.state === 'present' && logon.value.status, 0, ran.stdout);
      assert.ok(!`${ran.stdout}${ran.stderr}`.includes(PASSWORD));
    });
  }

  journey('a disk by its drive letter', async (inner) => {
    if (!requirePeer(inner, 'mkntfs', 'ntfs-3g', 'setfattr', 'sgdisk', 'hivexregedit')) return;
    const raw = here('os disk.raw');
    makeGptDisk(raw, await makeWindowsVolume(inner, windowsFiles(inner)));
    const ran = await run(['diagnose', '--disk', at('os disk.raw'), '--json', '--timeout', '120']);
    const report = reportOf(ran);
    assert.deepEqual([report.target, report.looks, ran.stderr], [at('os disk.raw'), ['--disk'], '']);
    assert.equal(report.evidence['os.version']?.state, 'present');
    assert.deepEqual(report.warnings, []);
  });

  const bad: readonly (readonly [name: string, argv: () => readonly string[], says: RegExp])[] = [
    ['no file', () => ['--disk', at('nothing.vhd')], /^there is no file C:\\test-\d+\\nothing\.vhd\. /],
    ['a drive that is not there', () => ['--disk', 'Q:\\os.vhd'], /^there is no file Q:\\os\.vhd\. /],
    ['a folder', () => ['--disk', 'C:\\'], /^C:\\ is a folder\. Name the disk image itself\./],
    [
      'a share that is not there',
      () => ['--disk', '\\\\server\\share\\os.vhd'],
      /^there is no file \\\\server\\share\\os\.vhd\. /,
    ],
    [
      'a physical disk',
      () => ['--disk', '\\\\.\\PhysicalDrive0'],
      /^\\\\\.\\PhysicalDrive0 is a device of this machine and cannot be read \([\w ]+\)\. Run rdpdoctor as administrator /,
    ],
    ['a volume', () => ['--disk', '\\\\.\\C:'], /^\\\\\.\\C: is a device of this machine and cannot be read/],
    [
      'no case',
      () => ['--from', at('nowhere')],
      /^there is no case in C:\\test-\d+\\nowhere: expected a folder/,
    ],
    [
      'a case below a file',
      () => [`127.0.0.1:${lab.port}`, '--case', at('is-a-file', 'x')],
      /^the case cannot be saved in the folder C:\\test-\d+\\is-a-file\\x \([A-Z]+\)/,
    ],
    [
      'a password file that is not there',
      () => [`127.0.0.1:${lab.port}`, '--user', 'alice', '--password-file', at('no.txt')],
      /^--password-file names a file that does not exist/,
    ],
    [
      'a HOST that is a path',
      () => ['C:\\os.vhd'],
      /^"\\os\.vhd" in "C:\\os\.vhd" is not a port|^"C:\\os\.vhd" is /,
    ],
  ];
  for (const [name, argv, says] of bad) {
    journey(`${name} is told`, async () => {
      writeFileSync(here('is-a-file'), '');
      const ran = await run(['diagnose', ...argv()]);
      checkAscii(ran);
      assert.match(ran.stderr.replace(/^rdpdoctor: /, ''), says);
      assert.deepEqual([ran.status, ran.stdout], [2, '']);
    });
  }
});
