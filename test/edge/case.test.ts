// The folder of `--case`: what is in it, and where none can be kept.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { temporaryFolder } from '../peers/processes.ts';
import { checkShape, checkText } from './check-report.ts';
import { listener, type Server, serve } from './hostile-servers.ts';
import { MainProcess } from './run-main.ts';

const PASSWORD = 'Correct-Horse-Battery-9';

let program: MainProcess;
let target: Server;
before(async () => {
  program = await MainProcess.start();
  target = await serve(listener());
});
after(async () => {
  program.end();
  await target.close();
});

test('a case is made with the folders around it, for its owner alone, without the password', async (t) => {
  const folder = join(temporaryFolder(t, 'case'), 'not', 'yet', 'there');
  const { status, stdout, stderr } = await program.run(
    [
      'diagnose',
      `127.0.0.1:${target.port}`,
      '--case',
      folder,
      '--user',
      'CORP\\alice',
      '--json',
      '--timeout',
      '3',
    ],
    { env: { RDPDOCTOR_PASSWORD: PASSWORD } },
  );
  assert.equal(stderr, `The case is in ${folder}\n`);
  assert.ok(status === 0 || status === 3, `status ${status}`);
  assert.deepEqual(readdirSync(folder).sort(), ['report.json', 'report.txt', 'transcript.jsonl']);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  for (const file of readdirSync(folder)) {
    if (process.platform !== 'win32') assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
    for (const secret of [
      PASSWORD,
      Buffer.from(PASSWORD).toString('hex'),
      Buffer.from(PASSWORD, 'utf16le').toString('hex'),
    ])
      assert.ok(!read(file).includes(secret), file);
  }
  assert.equal(read('report.json'), stdout);
  checkShape(JSON.parse(stdout));
  checkText(read('report.txt'));
  const transcript = read('transcript.jsonl').trim().split('\n');
  for (const line of transcript) JSON.parse(line);
  assert.ok(transcript.some((line) => line.includes('left out: derived from a password')));
});

/** A file in the folder, by its path. */
function fileIn(folder: string): string {
  const file = join(folder, 'x');
  writeFileSync(file, '');
  return file;
}

/** A folder in the folder that may be read and not written to. */
function readOnlyIn(folder: string): string {
  const inner = join(folder, 'x');
  mkdirSync(inner, { mode: 0o500 });
  return inner;
}

interface NoCase {
  readonly name: string;
  readonly make: (folder: string) => string;
  readonly says: string;
}

/** Root may write everywhere, and not every system has a /proc. */
const isRoot = (process.getuid?.() ?? 0) === 0;

const NO_CASES: readonly NoCase[] = [
  {
    name: 'a folder with something in it',
    make: (folder) => join(fileIn(folder), '..'),
    says: 'is not empty; a case needs a new or empty one, so that nothing is overwritten',
  },
  { name: 'a file', make: fileIn, says: '(ENOTDIR)' },
  { name: 'a folder in a file', make: (folder) => join(fileIn(folder), 'y', 'z'), says: '(ENOTDIR)' },
  {
    name: 'a folder with a long name',
    make: (folder) => join(folder, 'x'.repeat(300)),
    says: '(ENAMETOOLONG)',
  },
  // Node's own way to make the folders around it never comes back from here.
  ...(existsSync('/proc/self')
    ? [{ name: 'a folder in /proc', make: () => '/proc/rdpdoctor/x', says: '(ENOENT)' }]
    : []),
  ...(isRoot ? [] : [{ name: 'a folder that is not ours to write to', make: readOnlyIn, says: '(EACCES)' }]),
];
for (const { name, make, says } of NO_CASES) {
  test(`no case is kept in ${name}`, async (t) => {
    const folder = make(temporaryFolder(t, 'case'));
    const { status, stdout, stderr } = await program.run([
      'diagnose',
      `127.0.0.1:${target.port}`,
      '--case',
      folder,
    ]);
    assert.match(stderr, /^rdpdoctor: [^\n]+\n$/);
    assert.ok(stderr.includes(says), stderr);
    assert.deepEqual([status, stdout], [2, '']);
  });
}
