import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { styleOf } from '../../../src/edge/cli/terminal.ts';

const { NO_COLOR, TERM } = process.env;
afterEach(() => {
  for (const [name, value] of Object.entries({ NO_COLOR, TERM })) {
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
  ['a narrow one', { isTTY: true, columns: 20 }, {}, 40, true],
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
    Object.assign(process.env, env);
    assert.deepEqual(styleOf(stream), { width, colour });
  });
}
