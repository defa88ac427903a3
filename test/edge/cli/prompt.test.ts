import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { Interrupted, prompt } from '../../../src/edge/cli/password.ts';
import { UsageError } from '../../../src/edge/cli/usage-error.ts';

class Typed extends PassThrough {
  readonly modes: boolean[] = [];
  setRawMode(raw: boolean): void {
    this.modes.push(raw);
  }
}

async function type(...chunks: readonly string[]) {
  const keyboard = new Typed();
  let shown = '';
  const asked = prompt('Password: ', keyboard, {
    write: (text) => {
      shown += text;
    },
  });
  for (const chunk of chunks) keyboard.write(chunk);
  if (chunks.at(-1) === '') keyboard.end();
  const outcome = await asked.then(
    (password) => ({ password, error: undefined }),
    (error: unknown) => ({ password: undefined, error }),
  );
  return { ...outcome, shown, modes: keyboard.modes, listeners: keyboard.listenerCount('data') };
}

const passwords: readonly (readonly [name: string, chunks: readonly string[], password: string])[] = [
  ['key by key', [...'Passw0rd!\r'], 'Passw0rd!'],
  ['pasted', ['Passw0rd!\n'], 'Passw0rd!'],
  ['corrected', ['Pasx\u007fsw0rd!\r'], 'Passw0rd!'],
  ['corrected with the other backspace', ['x\b\b\bab\r'], 'ab'],
  ['a character outside the first plane is one', ['a🙂\u007fb\r'], 'ab'],
  ['with spaces, which count', [' a b \r'], ' a b '],
  ['what comes after the line is not part of it', ['one\rtwo\r'], 'one'],
  ['longer than any password', [`${'x'.repeat(300)}\r`], 'x'.repeat(256)],
];
for (const [name, chunks, password] of passwords) {
  test(`prompt: ${name}`, async () => {
    const typed = await type(...chunks);
    assert.equal(typed.password, password);
    assert.equal(typed.shown, 'Password: \n', 'nothing is echoed');
    assert.deepEqual(typed.modes, [true, false]);
    assert.equal(typed.listeners, 0);
  });
}

for (const [name, chunks, kind] of [
  ['Ctrl-C', ['abc\u0003'], Interrupted],
  ['Ctrl-D', ['\u0004'], Interrupted],
  ['the end of the terminal', ['abc', ''], Interrupted],
  ['nothing', ['\r'], UsageError],
] as const) {
  test(`prompt: ${name}`, async () => {
    const typed = await type(...chunks);
    assert.ok(typed.error instanceof kind, String(typed.error));
    assert.deepEqual(typed.modes, [true, false], 'the terminal is as it was');
    assert.equal(typed.listeners, 0);
  });
}
