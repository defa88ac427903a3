import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { ntHash, ntowfV2 } from '../../../src/core/protocol/ntlm-response.ts';
import { renderJson } from '../../../src/core/report/layout.ts';
import { renderText } from '../../../src/core/report/text.ts';
import type { TranscriptEntry } from '../../../src/edge/network/transcript.ts';
import { openCase } from '../../../src/edge/store/case.ts';
import { type Lab, startLab } from '../../../src/lab/lab.ts';
import { loadReport } from '../../golden/renderings.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rdpdoctor-case-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const ENTRY: TranscriptEntry = {
  at: '2026-03-01T12:00:00.000Z',
  connection: 1,
  event: 'send',
  what: 'a\u009bb',
  bytes: '0300',
};

async function modes(path: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(path)).sort();
  const entries = names.map(async (name) => [
    name,
    ((await stat(join(path, name))).mode & 0o777).toString(8),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

test('a case: report for people, report for programs, the wire; for nobody else on this machine', async () => {
  const path = join(folder, 'deep', 'down', 'case');
  const kept = await openCase(path);
  kept.transcript.record(ENTRY);
  kept.transcript.record({ ...ENTRY, connection: 2 });
  const report = loadReport('tls-off');
  await kept.close(report);
  assert.deepEqual(
    await modes(path),
    process.platform === 'win32'
      ? { 'report.json': '666', 'report.txt': '666', 'transcript.jsonl': '666' }
      : { 'report.json': '600', 'report.txt': '600', 'transcript.jsonl': '600' },
  );
  assert.equal(await readFile(join(path, 'report.json'), 'utf8'), renderJson(report));
  assert.equal(
    await readFile(join(path, 'report.txt'), 'utf8'),
    renderText(report, { width: 80, colour: false, verbose: true }),
  );
  const lines = (await readFile(join(path, 'transcript.jsonl'), 'utf8')).split('\n');
  assert.deepEqual(
    lines.slice(0, -1).map((line) => JSON.parse(line)),
    [ENTRY, { ...ENTRY, connection: 2 }],
  );
  assert.equal(lines.at(-1), '');
});

test('an empty folder that is there already is as good as a new one', async () => {
  const path = join(folder, 'empty');
  await mkdir(path);
  const kept = await openCase(path);
  await kept.close(loadReport('healthy'));
  assert.equal((await readdir(path)).length, 3);
});

/** Windows has rights of another kind. */
const noModes = process.platform === 'win32' ? 'no modes here' : false;

test("the folder is its owner's alone, a new one and one that others could read", {
  skip: noModes,
}, async () => {
  const before = process.umask(0);
  const path = join(folder, 'open', 'umask', 'case');
  await (await openCase(path)).close(loadReport('healthy'));
  process.umask(before);
  assert.equal((await stat(path)).mode & 0o777, 0o700);
  // Those around it are nobody else's to write to.
  for (const around of [join(path, '..'), join(path, '..', '..')]) {
    assert.equal((await stat(around)).mode & 0o022, 0);
  }
  const known = join(folder, 'readable');
  await mkdir(known, 0o755);
  await (await openCase(known)).close(loadReport('healthy'));
  assert.equal((await stat(known)).mode & 0o777, 0o700);
});

for (const mode of [0o777, 0o1777, 0o770, 0o702]) {
  test(`a folder that others may write to (${mode.toString(8)}) is refused, with what to do`, {
    skip: noModes,
  }, async () => {
    const path = join(folder, `open-${mode.toString(8)}`);
    await mkdir(path);
    await chmod(path, mode);
    await assert.rejects(
      openCase(path),
      /^Error: other users may write to the folder .*; name a new one, or check what is in it and run chmod 700 on it/,
    );
    assert.deepEqual(await readdir(path), []);
  });
}

test('a folder of another owner is refused', {
  skip: process.getuid?.() === 0 ? false : 'only root can make one',
}, async () => {
  const path = join(folder, 'theirs');
  await mkdir(path, 0o700);
  await chown(path, 65534, 65534);
  await assert.rejects(openCase(path), /belongs to another user \(65534\); name a new one/);
  assert.deepEqual(await readdir(path), []);
});

test('a link to a folder is refused', { skip: noModes }, async () => {
  const path = join(folder, 'real');
  await mkdir(path, 0o700);
  await symlink(path, join(folder, 'link'));
  await assert.rejects(openCase(join(folder, 'link')), /is a link; name the folder itself, or a new one/);
  assert.deepEqual(await readdir(path), []);
});

for (const name of ['report.json', 'report.txt']) {
  test(`a ${name} that appears meanwhile is never written, nor what it links to`, {
    skip: noModes,
  }, async () => {
    for (const plant of ['link', 'dangling', 'file'] as const) {
      const path = join(folder, `planted-${plant}-${name}`);
      const precious = join(folder, `precious-${plant}-${name}`);
      if (plant !== 'dangling') await writeFile(precious, 'precious');
      const kept = await openCase(path);
      if (plant === 'file') await writeFile(join(path, name), 'precious');
      else await symlink(precious, join(path, name));
      await assert.rejects(kept.close(loadReport('healthy')), { code: 'EEXIST' });
      if (plant === 'dangling') await assert.rejects(stat(precious), { code: 'ENOENT' });
      else assert.equal(await readFile(plant === 'file' ? join(path, name) : precious, 'utf8'), 'precious');
    }
  });
}

test('a folder with anything in it is refused, and nothing in it is touched', async () => {
  const path = join(folder, 'full');
  await mkdir(path);
  await writeFile(join(path, 'report.json'), 'an older case');
  await assert.rejects(
    openCase(path),
    /is not empty; a case needs a new or empty one, so that nothing is overwritten/,
  );
  assert.deepEqual(await readdir(path), ['report.json']);
  assert.equal(await readFile(join(path, 'report.json'), 'utf8'), 'an older case');
});

test('a case is not begun twice', async () => {
  const path = join(folder, 'twice');
  const first = await openCase(path);
  await assert.rejects(openCase(path), /is not empty/);
  await first.close(loadReport('healthy'));
});

test('where no folder can be the reason is a sentence', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  for (const path of [file, join(file, 'below'), `${folder}/zero\0`]) {
    await assert.rejects(openCase(path), (error: Error) => {
      assert.match(error.message, /^the case cannot be saved in the folder .* \([A-Z_]+\)$/);
      return true;
    });
  }
});

// A whole run with a credential, through the command line.

const PASSWORD = 'Tr0ub4dor&3 Ünïcode';
const USER = 'alice';

async function diagnose(
  lab: Lab,
  path: string,
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'src/bin.ts',
      'diagnose',
      `127.0.0.1:${lab.port}`,
      '--user',
      `CORP\\${USER}`,
      '--case',
      path,
      '--json',
    ],
    { cwd: ROOT, env: { ...process.env, RDPDOCTOR_PASSWORD: PASSWORD }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}

for (const [name, logon] of [
  ['accepted', { users: [{ name: USER, password: PASSWORD }] }],
  ['refused', { logonStatus: 0xc000018d }],
] as const) {
  test(`a run with a credential that is ${name} leaves neither password nor answer in its case`, async () => {
    const lab = await startLab({ credssp: logon });
    try {
      const path = join(folder, name);
      const { status, stdout, stderr } = await diagnose(lab, path);
      assert.ok(status === 0 || status === 1 || status === 3, `${status}: ${stderr}`);

      // report.json is what --json prints.
      assert.equal(await readFile(join(path, 'report.json'), 'utf8'), stdout);
      const report: Report = JSON.parse(stdout);
      const outcome = report.evidence['nla.logon'];
      assert.ok(outcome?.state === 'present', JSON.stringify(outcome));
      assert.equal(outcome.value.status, name === 'accepted' ? 0 : 0xc000018d);

      const files = await Promise.all(
        (await readdir(path)).map((file) => readFile(join(path, file), 'utf8')),
      );
      const everything = [...files, stdout, stderr].join('\n').toLowerCase();
      for (const [what, secret] of secrets()) {
        assert.ok(!everything.includes(secret.toLowerCase()), what);
      }

      // The attempt is there, once, by its length alone.
      const transcript = await readFile(join(path, 'transcript.jsonl'), 'utf8');
      const entries: readonly TranscriptEntry[] = transcript
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const attempts = entries.filter(({ what }) => what.includes('NTLM AUTHENTICATE'));
      assert.equal(attempts.length, 1);
      assert.match(attempts[0]?.bytes ?? '', /^\(\d+ bytes left out: derived from a password\)$/);
      // What is not secret is there byte for byte: the challenge, for one.
      assert.ok(everything.includes(`${toHex(new TextEncoder().encode('NTLMSSP\0'))}02000000`));
    } finally {
      await lab.close();
    }
  });
}

/** The password in every form that it could have got into a file, and the message that answers with it. */
function secrets(): readonly (readonly [what: string, text: string])[] {
  const hash = ntHash(PASSWORD);
  return [
    ['the password', PASSWORD],
    ['the password in hexadecimal', toHex(new TextEncoder().encode(PASSWORD))],
    ['the password in UTF-16, in hexadecimal', toHex(encodeUtf16le(PASSWORD))],
    ['the password in base64', Buffer.from(PASSWORD).toString('base64')],
    ['its NT hash', toHex(hash)],
    ['the key of its responses', toHex(ntowfV2(hash, USER, 'CORP'))],
    ['an AUTHENTICATE_MESSAGE', `${toHex(new TextEncoder().encode('NTLMSSP\0'))}03000000`],
  ];
}
