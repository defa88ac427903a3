import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isAsciiOnly, styleOf } from '../../../src/edge/cli/terminal.ts';

const { NO_COLOR, TERM, LC_ALL } = process.env;
afterEach(() => {
  for (const [name, value] of Object.entries({ NO_COLOR, TERM, LC_ALL })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const rows: readonly (readonly [
  name: string,
  stream: { readonly isTTY: boolean; readonly columns: number },
  env: Readonly<Record<string, string>>,
  width: number,
  colour: boolean,
])[] = [
  ['a terminal', { isTTY: true, columns: 90 }, {}, 90, true],
  ['a wide one: long lines are hard to read', { isTTY: true, columns: 300 }, {}, 100, true],
  ['a narrow one', { isTTY: true, columns: 20 }, {}, 20, true],
  ['a tiny one', { isTTY: true, columns: 5 }, {}, 20, true],

  ['one that does not know its size', { isTTY: true, columns: 0 }, {}, 80, true],
  ['a file or a pipe', { isTTY: false, columns: 0 }, {}, 80, false],
  ['NO_COLOR', { isTTY: true, columns: 80 }, { NO_COLOR: '1' }, 80, false],
  ['NO_COLOR without a value is none', { isTTY: true, columns: 80 }, { NO_COLOR: '' }, 80, true],
  ['a dumb terminal', { isTTY: true, columns: 80 }, { TERM: 'dumb' }, 80, false],
];
for (const [name, stream, env, width, colour] of rows) {
  test(`style: ${name}`, () => {
    process.env['NO_COLOR'] = '';
    process.env['TERM'] = 'xterm';
    process.env['LC_ALL'] = 'C.UTF-8';
    Object.assign(process.env, env);
    assert.deepEqual(styleOf(stream), { width, colour });
  });
}

const charsets: readonly (readonly [
  name: string,
  isTTY: boolean,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
  ascii: boolean,
])[] = [
  ['UTF-8', true, { LANG: 'en_US.UTF-8' }, 'linux', false],
  ['UTF-8 as others write it', true, { LANG: 'de_DE.utf8' }, 'linux', false],
  ['the C locale', true, { LANG: 'C' }, 'linux', true],
  ['the POSIX locale', true, { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, 'linux', true],
  ['C with UTF-8', true, { LC_ALL: 'C.UTF-8' }, 'linux', false],
  ['Latin-1', true, { LC_CTYPE: 'de_DE.ISO-8859-1', LANG: 'en_US.UTF-8' }, 'linux', true],
  ['a locale without a character set', true, { LANG: 'de_DE' }, 'linux', true],
  ['no locale', true, {}, 'linux', false],
  ['an empty locale is none', true, { LC_ALL: '', LANG: 'C' }, 'linux', true],
  ['a pipe', false, { LANG: 'C' }, 'linux', false],
  ['the console of Windows', true, {}, 'win32', true],
  ['Windows Terminal', true, { WT_SESSION: 'x' }, 'win32', false],
  ['a pipe of Windows, which PowerShell decodes', false, { WT_SESSION: 'x' }, 'win32', true],
];
for (const [name, isTTY, env, platform, ascii] of charsets) {
  test(`character set: ${name}`, () => assert.equal(isAsciiOnly({ isTTY }, env, platform), ascii));
}
