import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Interrupted, prompt } from '../../../src/edge/cli/prompt.ts';
import { UsageError } from '../../../src/edge/cli/usage-error.ts';

class Typed extends PassThrough {
  readonly modes: boolean[] = [];
  setRawMode(raw: boolean): void {
    this.modes.push(raw);
  }
}

/** Signals that reach nobody; `raised` in their order. */
class Quiet {
  readonly raised: string[] = [];
  readonly listeners: string[] = [];
  on(signal: string): void {
    this.listeners.push(signal);
  }
  off(signal: string): void {
    const at = this.listeners.indexOf(signal);
    if (at >= 0) this.listeners.splice(at, 1);
  }
  raise(signal: string): void {
    this.raised.push(signal);
  }
}

async function type(...chunks: readonly (string | (() => Promise<unknown>))[]) {
  const keyboard = new Typed();
  const signals = new Quiet();
  let shown = '';
  const screen = {
    write: (text: string) => {
      shown += text;
    },
  };
  const asked = prompt('Password: ', keyboard, screen, signals);
  for (const chunk of chunks) {
    if (typeof chunk === 'string') keyboard.write(chunk);
    else await chunk();
  }
  if (chunks.at(-1) === '') keyboard.end();
  const outcome = await asked.then(
    (password) => ({ password, error: undefined }),
    (error: unknown) => ({ password: undefined, error }),
  );
  assert.deepEqual(signals.listeners, [], 'no signal is listened to any more');
  return {
    ...outcome,
    shown,
    modes: keyboard.modes,
    listeners: keyboard.listenerCount('data'),
    raised: signals.raised,
  };
}

const passwords: readonly (readonly [name: string, chunks: readonly string[], password: string])[] = [
  ['key by key', [...'Passw0rd!\r'], 'Passw0rd!'],
  ['pasted', ['Passw0rd!\n'], 'Passw0rd!'],
  ['corrected', ['Pasx\u007fsw0rd!\r'], 'Passw0rd!'],
  ['corrected with the other backspace', ['x\b\b\bab\r'], 'ab'],
  ['a character outside the first plane is one', ['a🙂\u007fb\r'], 'ab'],
  ['with spaces, which count', [' a b \r'], ' a b '],
  ['what comes after the line is not part of it', ['one\rtwo\r'], 'one'],
  ['as long as can be', [`${'x'.repeat(256)}\r`], 'x'.repeat(256)],
  ['Ctrl-U takes the line away', ['wrong\u0015right\r'], 'right'],
  ['Ctrl-W takes the word away', ['one two\u0017three\r'], 'one three'],
  ['Ctrl-W takes the blanks behind a word too', ['one two  \u0017three\r'], 'one three'],
  ['Ctrl-W on nothing', ['\u0017\u0017a\r'], 'a'],
  ['a bracketed paste', ['\u001b[200~Pass w0rd!\u001b[201~\r'], 'Pass w0rd!'],
  ['a bracketed paste in pieces', ['a\u001b[20', '0~b', 'c\u001b[2', '01~d\r'], 'abcd'],
  [
    'a bracketed paste with the end of its line is not sent before Enter',
    ['\u001b[200~ab\r\n\u001b[201~c\r'],
    'abc',
  ],
  ['a slip is taken back', ['a\u0001\u007fb\r'], 'ab'],
  ['a slip is taken back with the line', ['\u001b[A\u0015ab\r'], 'ab'],
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
  ['an arrow key', ['abc\u001b[D\r'], UsageError],
  ['Tab', ['abc\t\r'], UsageError],
  ['Ctrl-V', ['\u0016abc\r'], UsageError],
  ['a C1 control character', ['abc\u009b\r'], UsageError],
  ['several lines in a bracketed paste', ['\u001b[200~one\ntwo\u001b[201~\r'], UsageError],
  ['a control character in a bracketed paste', ['\u001b[200~a\u0015b\u001b[201~\r'], UsageError],
  ['longer than any password', [`${'x'.repeat(257)}\r`], UsageError],
] as const) {
  test(`prompt: ${name}`, async () => {
    const typed = await type(...chunks);
    assert.ok(typed.error instanceof kind, String(typed.error));
    assert.deepEqual(typed.modes, [true, false], 'the terminal is as it was');
    assert.equal(typed.listeners, 0);
  });
}

test('prompt: Ctrl-Z gives the terminal back and stops the process; the line goes on afterwards', async () => {
  const typed = await type('ab\u001acd\r');
  assert.equal(typed.password, 'abcd');
  assert.deepEqual(typed.raised, ['SIGTSTP']);
  assert.deepEqual(typed.modes, [true, false, false]);
});

test('prompt: a process that cannot be stopped shows nothing of what is typed on', async () => {
  const typed = await type('ab\u001a', () => delay(300), 'cd\r');
  assert.equal(typed.password, 'abcd');
  assert.deepEqual(typed.modes, [true, false, true, false]);
});
