// --password-file: a file, a pipe or standard input with the password alone; anything else is told, and soon.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, test } from 'node:test';
import { readPasswordFile, readPasswordFromStdin } from '../../src/edge/cli/password-file.ts';
import { UsageError } from '../../src/edge/cli/usage-error.ts';
import { temporaryFolder } from '../peers/processes.ts';

const folder = temporaryFolder({ after: (end) => after(end) }, 'password');
const SECRET = 'Correct-Horse-Battery-9';
const utf16 = (text: string): Uint8Array =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

let files = 0;
function fileWith(content: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `${SECRET}-${files}`);
  writeFileSync(path, content);
  return path;
}

/** The sentence with which it is refused. */
async function refusalOf(reading: Promise<string>): Promise<string> {
  const error = await reading.then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UsageError, String(error));
  assert.ok(!error.message.includes(SECRET), error.message);
  return error.message;
}

const taken: readonly (readonly [name: string, content: string | Uint8Array, password: string])[] = [
  ['one line', SECRET, SECRET],
  ['its end', `${SECRET}\n`, SECRET],
  ['the end of Windows', `${SECRET}\r\n`, SECRET],
  ['a byte order mark', `\uFEFF${SECRET}\n`, SECRET],
  ['UTF-16, as Windows PowerShell writes it', utf16(`${SECRET}\r\n`), SECRET],
  ['blanks, which count', ' a b \n', ' a b '],
  ['letters of anywhere', 'pässwörd🙂', 'pässwörd🙂'],
  ['256 characters', 'x'.repeat(256), 'x'.repeat(256)],
];
const refused: readonly (readonly [name: string, content: string | Uint8Array, says: string])[] = [
  ['nothing', '', 'is empty'],
  ['an empty line', '\n', 'is empty'],
  ['several lines', `${SECRET}\nsecond\n`, 'contains several lines'],
  ['a NUL', `${SECRET}\0`, 'contains a NUL character'],
  ['UTF-16 without its mark', Buffer.from(SECRET, 'utf16le'), 'contains a NUL character'],
  ['another encoding', Uint8Array.of(0x70, 0xe4, 0x73), 'is not UTF-8 text'],
  ['a control character', `${SECRET}\t`, 'contains a control character (U+0009)'],
  ['more than 256 characters', 'x'.repeat(257), 'at most 256 characters'],
  ['more than 4096 bytes', 'x'.repeat(4097), 'contains more than 4096 bytes'],
];
describe('a file with', () => {
  for (const [name, content, password] of taken) {
    test(name, async () =>
      assert.equal(await readPasswordFile(fileWith(content), 1000, '--password-file'), password),
    );
  }
  for (const [name, content, says] of refused) {
    test(`${name} is refused`, async () => {
      assert.ok(
        (await refusalOf(readPasswordFile(fileWith(content), 1000, '--password-file'))).includes(says),
      );
    });
  }
});

describe('standard input with', () => {
  const input = (content: string | Uint8Array): PassThrough => {
    const stream = new PassThrough();
    stream.end(content);
    return stream;
  };
  for (const [name, content, password] of taken) {
    test(name, async () => assert.equal(await readPasswordFromStdin(input(content), 1000), password));
  }
  for (const [name, content, says] of refused) {
    if (content.length === 0) continue;
    test(`${name} is refused`, async () => {
      assert.ok((await refusalOf(readPasswordFromStdin(input(content), 1000))).includes(says));
    });
  }
  test('no end is not waited for', async () => {
    const stream = new PassThrough();
    stream.write(SECRET);
    const began = performance.now();
    assert.match(await refusalOf(readPasswordFromStdin(stream, 200)), /was not closed within the time limit/);
    assert.ok(performance.now() - began < 2000);
  });
  test('bytes without end are not taken', async () => {
    const stream = new PassThrough();
    stream.on('drain', () => stream.write('x'.repeat(1000)));
    stream.write('x'.repeat(100_000));
    assert.match(await refusalOf(readPasswordFromStdin(stream, 5000)), /more than 4096 bytes/);
  });
});

describe('what is no file', () => {
  test('nothing', async () => {
    assert.match(
      await refusalOf(readPasswordFile(join(folder, SECRET), 100, '--password-file')),
      /names a file that does not exist/,
    );
  });
  test('a folder', async () => {
    const path = join(folder, `${SECRET}-folder`);
    mkdirSync(path);
    assert.match(await refusalOf(readPasswordFile(path, 100, '--password-file')), /names a folder/);
  });
  for (const device of ['/dev/null', '/dev/zero', '/dev/tty']) {
    test(device, { skip: process.platform === 'win32' }, async () => {
      assert.match(
        await refusalOf(readPasswordFile(device, 100, '--password-file')),
        /names a device|cannot be opened \(ENXIO\)/,
      );
    });
  }
});

describe('a pipe', { skip: process.platform === 'win32' }, () => {
  let pipes = 0;
  const makePipe = (): string => {
    pipes += 1;
    const path = join(folder, `pipe-${pipes}`);
    execFileSync('mkfifo', [path]);
    return path;
  };

  test('somebody writes to it, now or in a moment', async () => {
    const path = makePipe();
    const reading = readPasswordFile(path, 5000, '--password-file');
    setTimeout(() => void writeFile(path, `${SECRET}\n`), 100);
    assert.equal(await reading, SECRET);
  });

  test('in pieces', async () => {
    const path = makePipe();
    spawn('sh', ['-c', `(printf Correct-; sleep 0.2; printf Horse-; sleep 0.2; echo Battery-9) > ${path}`]);
    assert.equal(await readPasswordFile(path, 5000, '--password-file'), SECRET);
  });

  test('nobody writes to it', async () => {
    const began = performance.now();
    assert.match(
      await refusalOf(readPasswordFile(makePipe(), 200, '--password-file')),
      /nothing came through the pipe/,
    );
    assert.ok(performance.now() - began < 2000);
  });

  test('somebody holds it open and says nothing', async () => {
    const path = makePipe();
    const held = openSync(path, 'r+');
    assert.match(
      await refusalOf(readPasswordFile(path, 200, '--password-file')),
      /nothing came through the pipe/,
    );
    closeSync(held);
  });

  test('too much', async () => {
    const path = makePipe();
    const child = spawn('sh', ['-c', `yes > ${path}`], { stdio: 'ignore' });
    assert.match(await refusalOf(readPasswordFile(path, 5000, '--password-file')), /more than 4096 bytes/);
    child.kill('SIGKILL');
  });
});
