// What the completion scripts say, whatever shell reads them; that the shells understand them is tested among the peers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedCommand } from '../../../src/edge/cli/completed-command.ts';
import { SHELLS } from '../../../src/edge/cli/completed-command.ts';
import { completionScript } from '../../../src/edge/cli/completion.ts';

const COMMANDS: readonly CompletedCommand[] = [
  {
    name: 'look',
    description: "the server's side: [all] of it",
    words: [],
    options: [
      { long: '--disk', description: "a disk's file", value: 'file' },
      { long: '--case', description: 'a folder', value: 'folder' },
      { long: '--client', description: 'who', value: 'client' },
      { long: '--timeout', description: 'how long', value: 'text' },
      { long: '--json', description: 'as JSON', value: 'none' },
    ],
  },
  { name: 'list', description: 'what is known', words: ['causes', 'facts'], options: [] },
];

for (const shell of SHELLS) {
  test(`${shell}: every command, option and word is in it, and how to use it`, () => {
    const script = completionScript(shell, COMMANDS);
    const options = COMMANDS.flatMap((command) => command.options.map(({ long }) => long.slice(2)));
    for (const word of ['look', 'list', 'causes', 'facts', 'windows-11', ...options]) {
      assert.ok(script.includes(word), word);
    }
    assert.match(script, new RegExp(`rdpdoctor completion ${shell}`));
    // A quote in a description ends no string of the script.
    assert.ok(!/[^\\'"]'s side/.test(script.replace(/'\\''s/g, '').replace(/\\'s/g, '')), 'an open quote');
  });
}

test('another shell is refused', () => {
  assert.throws(
    () => completionScript('csh', COMMANDS),
    /"csh" is not a shell .*bash, zsh, fish, powershell/,
  );
});
