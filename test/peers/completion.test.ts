// The completion scripts, read by the shells that they are for.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';

const PROGRAM = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

/** The script of a shell, in a file. */
function scriptFor(t: TestContext, shell: string): string {
  const script = execFileSync(process.execPath, ['--import', 'tsx', PROGRAM, 'completion', shell]);
  const file = join(temporaryFolder(t, 'completion'), `rdpdoctor.${shell}`);
  writeFileSync(file, script);
  return file;
}

/** What is typed, and what is offered: all of `offers`, none of `not`. */
const rows: readonly {
  readonly typed: readonly string[];
  readonly offers: readonly string[];
  readonly not?: readonly string[];
}[] = [
  { typed: ['dia'], offers: ['diagnose'], not: ['explain'] },
  { typed: [''], offers: ['diagnose', 'explain', 'list', 'demo', 'completion'] },
  {
    typed: ['diagnose', '--'],
    offers: ['--disk', '--client', '--json', '--verbose'],
    not: ['--winrm'],
  },
  { typed: ['diagnose', 'vm1', '--re'], offers: ['--redact'], not: ['--json'] },
  { typed: ['diagnose', '--client', 'windows-1'], offers: ['windows-10', 'windows-11'], not: ['windows-7'] },
  { typed: ['list', 'c'], offers: ['causes', 'clients'], not: ['facts'] },
  { typed: ['completion', ''], offers: ['bash', 'zsh', 'fish', 'powershell'] },
];

function check(offered: string, { typed, offers, not = [] }: (typeof rows)[number]): void {
  const words = offered.split(/\s+/);
  for (const word of offers) assert.ok(words.includes(word), `${typed.join(' ')}: no ${word} in ${offered}`);
  for (const word of not) assert.ok(!words.includes(word), `${typed.join(' ')}: ${word} in ${offered}`);
}

test('bash', (t) => {
  if (!requirePeer(t, 'bash')) return;
  const file = scriptFor(t, 'bash');
  for (const row of rows) {
    const words = ['rdpdoctor', ...row.typed].map((word) => `'${word}'`).join(' ');
    const program = `. ${file}; COMP_WORDS=(${words}); COMP_CWORD=${row.typed.length}; _rdpdoctor; printf '%s\\n' "\${COMPREPLY[@]}"`;
    check(execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8' }), row);
  }
});

test('fish', (t) => {
  if (!requirePeer(t, 'fish')) return;
  const file = scriptFor(t, 'fish');
  for (const row of rows) {
    const program = `source ${file}; complete -C 'rdpdoctor ${row.typed.join(' ')}'`;
    const offered = execFileSync('fish', ['--no-config', '-c', program], { encoding: 'utf8' });
    // A description may name anything.
    check(offered.replace(/\t.*$/gm, ''), row);
  }
});

test('zsh: the script is read, and completes the command', (t) => {
  if (!requirePeer(t, 'zsh')) return;
  const file = scriptFor(t, 'zsh');
  const program = `autoload -Uz compinit; compinit -u -D; source ${file}; whence -w _rdpdoctor; print $_comps[rdpdoctor]`;
  const said = execFileSync('zsh', ['-f', '-c', program], { encoding: 'utf8' });
  assert.deepEqual(said.trim().split('\n'), ['_rdpdoctor: function', '_rdpdoctor']);
  // On a terminal of its own, as a person would: the option is finished, and clients are offered for it.
  const typing = `
zmodload zsh/zpty
zpty -b z zsh -f -i
zpty -w z "PS1=; autoload -Uz compinit; compinit -u -D; source ${file}; bindkey '^I' complete-word"
zpty -n -w z $'rdpdoctor diagnose --clie\\twindows-1\\t\\t'
for turn in {1..80}; do
  sleep 0.1
  while zpty -r -t z more; do out+=$more; done
  [[ $out == *windows-11* ]] && break
done
print -r -- "$out"`;
  const shown = execFileSync('zsh', ['-f', '-c', typing], { encoding: 'utf8', timeout: 30_000 });
  assert.match(shown, /diagnose --client/);
  assert.match(shown, /windows-10/);
});
