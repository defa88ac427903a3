import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDemo, type Scene } from '../../src/edge/cli/demo.ts';

/** Runs the demo in this process; what it prints, and its status. */
async function demo(scenes?: readonly Scene[]): Promise<{ readonly text: string; readonly status: number }> {
  let text = '';
  const status = await runDemo(scenes, (more) => {
    text += more;
  });
  return { text, status };
}

test('names every fault, within 80 columns and without colours', async () => {
  const { text, status } = await demo();
  assert.equal(status, 0, text);
  assert.equal(text.match(/^ {3}✓ /gm)?.length, 9);
  assert.doesNotMatch(text, /^ {3}✗ /m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no escape sequence may be there
  assert.doesNotMatch(text, /\x1b/);
  assert.deepEqual(
    text.split('\n').filter((line) => line.length > 80),
    [],
  );
  assert.match(text, /The sign-in stops at tls: Every TLS version is off at the server\./);
  assert.match(text, /diagnose HOST/);
});

const WRONG: readonly (readonly [string, Scene])[] = [
  ['a fault that is not named', { broken: 'Nothing.', change: {}, cause: 'clock-skew' }],
  ['a finding where there should be none', { broken: 'All.', change: { tlsVersions: [] }, cause: undefined }],
  [
    'another fault than the one that is there',
    { broken: 'All.', change: { tlsVersions: [] }, cause: 'clock-skew' },
  ],
  [
    'more than the fault that is there',
    {
      broken: 'Two things.',
      change: { credssp: { version: 2, clockOffsetSeconds: 3600 } },
      cause: 'clock-skew',
    },
  ],
];
for (const [name, scene] of WRONG) {
  test(`does not call it right: ${name}`, async () => {
    const { text, status } = await demo([scene]);
    assert.equal(status, 1);
    assert.match(text, /^ {3}✗ /m);
    assert.match(text, /^0 of 1 were diagnosed correctly/m);
  });
}
