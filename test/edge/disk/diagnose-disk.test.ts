// `rdpdoctor diagnose --disk`: what cannot be opened is told in one sentence with what to do in another, and
// the signature of a URL appears nowhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Report } from '../../../src/core/model/report.ts';
import { temporaryFolder } from '../../peers/processes.ts';
import { MainProcess, type Ran } from '../run-main.ts';
import { DECODED_SIGNATURE, RangeServer, SIGNATURE } from './range-server.ts';

let program: MainProcess;
before(async () => {
  program = await MainProcess.start();
});
after(() => program.end());

const folder = temporaryFolder({ after: (end) => after(end) }, 'disk-cli');
const place = (name: string): string => join(folder, name);

function assertSilent(...texts: readonly string[]): void {
  for (const text of texts)
    for (const secret of [SIGNATURE, DECODED_SIGNATURE, 'c2VjcmV0'])
      assert.ok(!text.includes(secret), `the signature shows: ${text}`);
}

/** Refused before anything was looked at: status 2, one line. */
function checkRefused({ status, stdout, stderr }: Ran, says: string): void {
  assertSilent(stdout, stderr);
  assert.equal(stderr, `rdpdoctor: ${says}\n`);
  assert.equal(stdout, '');
  assert.equal(status, 2);
}

describe('files that are none', () => {
  const rows: readonly (readonly [title: string, make: () => string, says: (path: string) => string])[] = [
    [
      'no file',
      () => place('nothing.vhd'),
      (path) => `there is no file ${path}. Check the path of the disk image.`,
    ],
    ['a folder', () => folder, (path) => `${path} is a folder. Name the disk image itself.`],
    [
      'a path through a file',
      () => {
        writeFileSync(place('file'), 'x');
        return join(place('file'), 'disk.vhd');
      },
      (path) => `${path} cannot be opened (ENOTDIR). Check that it is a disk image.`,
    ],
    [
      'an empty file',
      () => {
        writeFileSync(place('empty.vhd'), '');
        return place('empty.vhd');
      },
      (path) => `${path} is empty. Check that the copy of the disk is complete.`,
    ],
    [
      'a device that is no disk',
      () => '/dev/null',
      (path) => `${path} is neither a file nor a block device. Name the disk image itself.`,
    ],
    [
      'a named pipe that nobody writes',
      () => {
        execFileSync('mkfifo', [place('pipe')]);
        return place('pipe');
      },
      (path) => `${path} is neither a file nor a block device. Name the disk image itself.`,
    ],
    ['no name', () => '', () => 'there is no file . Check the path of the disk image.'],
  ];
  for (const [title, make, says] of rows) {
    test(title, async () => {
      const path = make();
      checkRefused(await program.run(['diagnose', '--disk', path]), says(path));
    });
  }

  test('a file that holds no disk is looked at, and nothing is found out', async () => {
    writeFileSync(place('notes.txt'), 'no disk '.repeat(200));
    const { status, stdout, stderr } = await program.run(['diagnose', '--disk', place('notes.txt')]);
    assert.equal(status, 3);
    assert.equal(stderr, '');
    assert.match(stdout.replace(/\s+/g, ' '), /the disk was not read: no Windows was found on this disk/);
  });
});

describe('what does not go with a disk', () => {
  const rows: readonly (readonly [argv: readonly string[], says: string])[] = [
    [['--full'], '--full looks at a listener: name its HOST as well'],
    [
      ['--user', 'alice', '--password-file', 'notes.txt'],
      '--password-file is for a sign-in attempt at a listener: name its HOST as well',
    ],
    [
      ['--user', 'a\\b\\c'],
      'the value of --user is not an account name: expected DOMAIN\\user, user@domain or user',
    ],
    [['--timeout', '0'], '"0" is not a time limit: expected a number of seconds from 1 to 600'],
  ];
  for (const [argv, says] of rows)
    test(argv.join(' '), async () =>
      checkRefused(await program.run(['diagnose', '--disk', place('notes.txt'), ...argv]), says),
    );
});

test('where nobody can be asked for a password, an account is only looked up on the disk', async () => {
  const { status, stdout, stderr } = await program.run([
    ...['diagnose', '127.0.0.1:1', '--disk', place('notes.txt'), '--user', 'CORP\\alice', '--json'],
  ]);
  assert.equal(stderr, '');
  const report: Report = JSON.parse(stdout);
  assert.deepEqual(report.user, { name: 'alice', domain: 'CORP' });
  assert.deepEqual(report.looks, ['HOST']);
  assert.equal(status, 1);
});

describe('URLs', () => {
  const sas = `sv=2021-12-02&sr=b&sp=r&se=2030-01-01T00%3A00%3A00Z&sig=${SIGNATURE}`;
  const rows: readonly (readonly [title: string, url: string, says: string])[] = [
    [
      'of another kind',
      `ftp://disks.example/os.vhd?${sas}`,
      'ftp://disks.example/os.vhd is not a URL that rdpdoctor can read: only http and https are supported. Use the SAS URL of the disk, or download it and name the file.',
    ],
    [
      'without its scheme',
      `disks.example/vhds/os.vhd?${sas}`,
      'there is no file disks.example/vhds/os.vhd?…. Check the path of the disk image.',
    ],
    [
      'with one slash',
      `https:/disks.example/os.vhd?${sas}`,
      'there is no file https:/disks.example/os.vhd?…. Check the path of the disk image.',
    ],
    [
      'that is none',
      `https://?${sas}`,
      'the URL of the disk is not valid. Copy the whole URL and put it in quotes.',
    ],
    [
      'with a host that does not exist',
      `https://disks.invalid/os.vhd?${sas}`,
      'there is no host disks.invalid. Check the host of the URL and the network.',
    ],
  ];
  for (const [title, url, says] of rows) {
    test(title, async () => {
      const ran = await program.run(['diagnose', '--disk', url]);
      // What the resolver says of a name depends on the machine.
      if (title.includes('does not exist')) {
        assertSilent(ran.stderr);
        assert.equal(ran.status, 2);
        assert.match(ran.stderr, /disks\.invalid/);
      } else checkRefused(ran, says);
    });
  }

  test('given as a HOST', async () => {
    for (const text of [`https://disks.example/os.vhd?${sas}`, `disks.example/os.vhd?${sas}`]) {
      const ran = await program.run(['diagnose', text]);
      assertSilent(ran.stdout, ran.stderr);
      assert.equal(ran.status, 2);
      assert.match(ran.stderr, /^rdpdoctor: "[^"]*disks\.example\/os\.vhd\?…" is /);
    }
  });

  describe('of a server', () => {
    const disk = new Uint8Array(300_000);
    const refusals: readonly (readonly [status: number, says: RegExp])[] = [
      [403, /^rdpdoctor: the server refuses the SAS \(HTTP 403\)\. Create one with read permission/],
      [404, /^rdpdoctor: there is no blob at this URL\. Check the URL/],
      [409, /^rdpdoctor: the blob is in use and cannot be read \(HTTP 409\)\. Use a snapshot/],
    ];
    for (const [code, says] of refusals) {
      test(`that answers ${code}`, async (t) => {
        const server = new RangeServer(disk);
        const url = await server.start(t);
        server.answer = (_, response) => {
          response.writeHead(code).end();
          return undefined;
        };
        const ran = await program.run(['diagnose', '--disk', url.href]);
        assertSilent(ran.stdout, ran.stderr);
        assert.match(ran.stderr, says);
        assert.equal(ran.status, 2);
      });
    }

    test('whose disk is empty: nothing shows the signature, in no form and not in the case', async (t) => {
      const server = new RangeServer(disk);
      const url = await server.start(t);
      const kept = place('case');
      mkdirSync(kept, { recursive: true });
      for (const flags of [[], ['--verbose'], ['--json'], ['--case', kept]]) {
        const { status, stdout, stderr } = await program.run(['diagnose', '--disk', url.href, ...flags]);
        assert.equal(status, 3);
        assertSilent(stdout, stderr);
        assert.ok(stdout.replace(/\s+/g, '').includes(`${url.host}${url.pathname}`), `no URL: ${stdout}`);
      }
      const names = readdirSync(kept);
      assert.ok(names.length > 0, 'the case is empty');
      assertSilent(...names, ...names.map((name) => readFileSync(join(kept, name), 'utf8')));
    });

    test('that changes the blob underway', async (t) => {
      const server = new RangeServer(disk);
      const url = await server.start(t);
      server.answer = ({ count }) => {
        if (count > 0) server.etag = '"0x8D2"';
        return true;
      };
      const { status, stdout, stderr } = await program.run(['diagnose', '--disk', url.href, '--json']);
      assertSilent(stdout, stderr);
      assert.equal(status, 3);
    });
  });
});
