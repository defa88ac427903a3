// What README shows of the library is true: its example runs on a real hive, under its own name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildHive } from './core/formats/regf/build-hive.ts';
import { optionsTable } from './golden/options-table.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

test("README's example of the library reads a value, imported by its public name", () => {
  const readme = readFileSync(`${ROOT}README.md`, 'utf8');
  const example = /```js\n(import [^`]*?)```/.exec(readme)?.[1];
  assert.notEqual(example, undefined, 'README has no example of the library');
  const { bytes } = buildHive({
    name: 'ROOT',
    subkeys: [{ name: 'Select', values: [{ name: 'Current', type: 4, data: [3, 0, 0, 0] }] }],
  });
  const hex = Buffer.from(bytes).toString('hex');
  const program = `${example}`.replace(
    '\nconst opened',
    `\nconst bytes = new Uint8Array(Buffer.from('${hex}', 'hex'));\nconst opened`,
  );
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  assert.equal(output.trim(), '3');
});

test('every library that README names can be imported', () => {
  const readme = readFileSync(`${ROOT}README.md`, 'utf8');
  const names = [...readme.matchAll(/^\| `(rdpdoctor\/\w+)` \|/gm)].map(([, name]) => name);
  assert.equal(names.length, 6);
  for (const name of names) {
    const what = name === 'rdpdoctor/report' ? 'FACT_NAMES.find' : 'walkBytes';
    const program = `import * as all from '${name}'; console.log(typeof all.${what});`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    assert.equal(output.trim(), 'function', name);
  }
});

test("README's table of options says what the command line takes, and `npm run golden` writes it", () => {
  const readme = readFileSync(`${ROOT}README.md`, 'utf8');
  assert.ok(readme.includes(optionsTable()), 'run `npm run golden`');
});
