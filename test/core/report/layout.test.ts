import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  harmless,
  inAscii,
  jsonInAscii,
  paint,
  paragraph,
  renderJson,
  wrap,
} from '../../../src/core/report/layout.ts';

const wraps: readonly (readonly [text: string, width: number, lines: readonly string[]])[] = [
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 6, ['one', 'two', 'three']],
  ['one two three', 13, ['one two three']],
  ['  spaces   and\ttabs\nand lines ', 80, ['spaces and tabs and lines']],
  [
    'a https://learn.microsoft.com/a/very/long/path b',
    10,
    ['a', 'https://learn.microsoft.com/a/very/long/path', 'b'],
  ],
  ['', 10, []],
  ['   ', 10, []],
];
for (const [text, width, lines] of wraps) {
  test(`wrap: ${JSON.stringify(text)} at ${width}`, () => assert.deepEqual(wrap(text, width), lines));
}

test('wrap: loses no word, and no line with more than one word is too long', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 100 }), (text, width) => {
      const lines = wrap(text, width);
      assert.deepEqual(lines.join(' ').split(' ').filter(Boolean), text.split(/\s+/).filter(Boolean));
      for (const line of lines) assert.ok(line.length <= width || !line.includes(' '));
    }),
  );
});

test('paragraph: the rest stands below the text, not below the head', () => {
  const style = { width: 12, colour: false };
  assert.deepEqual(paragraph(style, 'to do: ', 'one two three'), [
    'to do: one',
    '       two',
    '       three',
  ]);
  assert.deepEqual(paragraph(style, '  - ', ''), ['  -']);
});

test('paint: colours only where colour is wanted', () => {
  assert.equal(paint({ width: 80, colour: true }, 'red', 'x'), '\u001b[31mx\u001b[0m');
  assert.equal(paint({ width: 80, colour: false }, 'red', 'x'), 'x');
});

const harms: readonly (readonly [name: string, text: string, safe: string])[] = [
  ['escape sequences', '\u001b[31mred', '\\u001b[31mred'],
  ['a title that ends with a bell', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  ['CSI in one character', '\u009b31m', '\\u009b31m'],
  ['all of C1', '\u0080\u009f', '\\u0080\\u009f'],
  ['a backspace that overwrites', 'abc\b\b\bxyz', 'abc\\u0008\\u0008\\u0008xyz'],
  ['a carriage return that overwrites', 'bad\rgood', 'bad\\u000dgood'],
  ['line feeds and tabs', 'a\nb\tc', 'a\\u000ab\\u0009c'],
  ['delete', '\u007f', '\\u007f'],
  ['a zero', '\u0000', '\\u0000'],
  ['writing turned round', 'user\u202egnp.exe', 'user\\u202egnp.exe'],
  ['isolates', '\u2066\u2067\u2068\u2069', '\\u2066\\u2067\\u2068\\u2069'],
  ['left-to-right and Arabic marks', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
  ['what cannot be seen', 'a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\u00add'],
  ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['half a pair', '\ud800x', '\\ud800x'],
  ['tags beyond U+FFFF', '\u{e0041}', '\\udb40\\udc41'],
  ['honest text', 'CN=Größe 東京 🙂 · ✓', 'CN=Größe 東京 🙂 · ✓'],
];
for (const [name, text, safe] of harms) {
  test(`harmless: ${name}`, () => {
    assert.equal(harmless(text), safe);
    assert.equal(harmless(safe), safe);
  });
}

test('JSON: indented, closed by a line feed, and the same value when read', () => {
  const value = {
    text: 'a\n\u001b[31m\u009b31m \u202e \u{e0041} "quoted" \\',
    list: [1, null, { deep: true }],
  };
  const json = renderJson(value);
  assert.ok(json.endsWith('}\n'));
  assert.deepEqual(JSON.parse(json), value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  assert.doesNotMatch(json, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('JSON: whatever the text, the value is the same when read, and nothing in it drives a terminal', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), { noNullPrototype: true }),
      (value) => {
        const json = renderJson(value);
        assert.deepEqual(JSON.parse(json), value);
        assert.doesNotMatch(json.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}]/u);
      },
    ),
  );
});

test('paragraph: on a narrow terminal the text stands below its head', () => {
  assert.deepEqual(
    paragraph({ width: 20, colour: false }, '  [x] reach      ', 'nobody answers there at all'),
    ['  [x] reach', '    nobody answers', '    there at all'],
  );
  assert.deepEqual(paragraph({ width: 20, colour: false }, '  - ', 'one two three four'), [
    '  - one two three',
    '    four',
  ]);
});

test('ASCII: our marks by others, anything else escaped; JSON stays the same value', () => {
  assert.equal(
    inAscii('[✓] 0x1 → TLS … – “a” MÜNCHEN 🙂'),
    '[ok] 0x1 -> TLS ... - "a" M\\u00dcNCHEN \\ud83d\\ude42',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = jsonInAscii(renderJson({ text }));
      assert.match(json, /^[\n\x20-\x7e]*$/);
      assert.equal(JSON.parse(json).text, text);
    }),
  );
});

test('paragraph: sixteen columns beside a head are room enough, fifteen are not; a head of eight always has room', () => {
  const of = (width: number, head: string) =>
    paragraph({ width, colour: false }, head, 'one two three four five');
  assert.deepEqual(of(26, '  [x] abcd'), ['  [x] abcdone two three', '          four five']);
  assert.deepEqual(of(25, '  [x] abcd'), ['  [x] abcd', '    one two three four', '    five']);
  assert.deepEqual(of(20, '  [x] ab'), ['  [x] abone two', '        three four', '        five']);
});
