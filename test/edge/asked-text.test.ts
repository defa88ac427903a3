import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { askedText, decodeText } from '../../src/edge/cli/asked-text.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asked-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

describe('the text behind an argument', () => {
  test('is the argument itself where no regular file has that name', async () => {
    const rows = [
      '0xC000006D',
      'An internal error has occurred',
      folder,
      '',
      '\0',
      'a'.repeat(5000),
      '<Event/>',
    ];
    for (const argument of rows) {
      assert.deepEqual(await askedText(argument), { text: argument });
    }
  });

  test('is the content of a regular file', async () => {
    const name = join(folder, 'client.log');
    await writeFile(name, 'Error code: 0x904\n');
    assert.deepEqual(await askedText(name), { text: 'Error code: 0x904\n', place: name });
  });

  test('is the code and not the file where a code is known by that name', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      await writeFile('0x904', 'something else');
      await writeFile('notes', 'something else');
      assert.deepEqual(await askedText('0x904'), { text: '0x904' });
      assert.deepEqual(await askedText('notes'), { text: 'something else', place: 'notes' });
    } finally {
      process.chdir(before);
    }
  });

  test('is refused above one mebibyte, with what to do', async () => {
    const name = join(folder, 'big.log');
    await writeFile(name, Buffer.alloc(1_048_576, 0x61));
    assert.equal((await askedText(name)).text.length, 1_048_576);
    await writeFile(name, Buffer.alloc(1_048_577, 0x61));
    await assert.rejects(askedText(name), /big\.log is larger than 1 MiB: cut it down to the minutes/);
  });
});

describe('text of a file that nobody labelled', () => {
  const text = 'Status: 0xC0000234, „gesperrt“';
  const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
  const utf16 = Buffer.from(text, 'utf16le');
  const rows: readonly (readonly [string, Uint8Array, string])[] = [
    ['UTF-8', Buffer.from(text), text],
    ['UTF-8 with its mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), text],
    ['UTF-16 with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), text],
    ['UTF-16, big-endian', Buffer.concat([Buffer.from([0xfe, 0xff]), swapped(utf16)]), text],
    ['UTF-16 without a mark', utf16, text],
    ['UTF-16 without a mark, big-endian', swapped(utf16), text],
    [
      'what Windows called ANSI',
      Buffer.from([0x4b, 0x6f, 0x6e, 0x74, 0x6f, 0x20, 0xfc, 0x62, 0x65, 0x72]),
      'Konto über',
    ],
    ['nothing', Buffer.alloc(0), ''],
  ];
  for (const [what, bytes, expected] of rows) {
    test(what, () => {
      assert.equal(decodeText(bytes), expected);
    });
  }
});
