import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../../../../src/core/bytes/base64.ts';
import { fromDense, toDense } from '../../../../src/core/dialect/script/dense.ts';
import { type Frame, readFrame } from '../../../../src/core/dialect/script/frame.ts';
import { candidatesOf, textOf } from '../../../../src/core/dialect/script/raw-lines.ts';
import { cpuMillis } from '../../cpu-time.ts';
import { fields, frame, hashOf, type Lines, packed, raw, unpack } from './write-frame.ts';

const KEY: Lines = [
  ['key', 'SYSTEM\\CurrentControlSet\\Control\\Terminal Server'],
  ['v', 'Name with  two blanks ', '1', ' ümläut – [x] <tag> > quoted; 100%|_'],
];
const OTHER: Lines = [
  ['file', '\\Windows\\System32\\TSpkg.dll'],
  ['present', '10.0.20348.2340'],
];
/** Long enough to fill many lines, and not to be made shorter by gzip. */
const LONG: Lines = Array.from({ length: 40 }, (_, at) => ['v', `name${at}`, toHexOf(at)]);

function toHexOf(seed: number): string {
  return Array.from({ length: 40 }, (_, at) => ((seed * 7919 + at * at * 104729) % 65521).toString(16)).join(
    '',
  );
}

function read(text: string): Frame {
  const result = readFrame(text, unpack);
  if (!result.ok) throw new Error(result.problem);
  return result.frame;
}

function linesOf(read: Frame, number: number): Lines | undefined {
  const section = read.sections.get(number);
  return section?.form === 'fields' ? section.lines : undefined;
}

const PLAIN = frame(fields(1, KEY), fields(2, LONG), fields(3, OTHER));
const PACKED = frame(packed(1, fields(1, KEY), fields(2, LONG)), packed(2, fields(3, OTHER)));

/** What happens to a text between a console and a file. */
const PASTES: readonly (readonly [what: string, (text: string) => string])[] = [
  ['nothing', (text) => text],
  ['line ends of Unix', (text) => text.replaceAll('\r\n', '\n')],
  ['line ends of old Macs', (text) => text.replaceAll('\r\n', '\r')],
  ['quoted in an answer', (text) => text.replaceAll(/^/gm, '> ')],
  ['quoted twice', (text) => text.replaceAll(/^/gm, '>> ')],
  ['leading tabs', (text) => text.replaceAll(/^/gm, '\t')],
  ['leading blanks that are not breaking', (text) => text.replaceAll(/^/gm, '\u00a0\u00a0')],
  ['trailing blanks', (text) => text.replaceAll(/\r\n/g, '   \r\n')],
  ['a blank line after each', (text) => text.replaceAll('\r\n', '\r\n\r\n')],
  ['wrapped at 72 and quoted', (text) => wrapped(text, 72).replaceAll(/^/gm, '> ')],
  ['wrapped at 40', (text) => wrapped(text, 40)],
  ['no line ends at all', (text) => text.replaceAll('\r\n', ' ')],
  ['zero-width spaces', (text) => text.replaceAll('\r\n', '\u200b\r\n\ufeff')],
  ['prompts around it', (text) => `PS C:\\Users\\x> .\\ask.ps1\r\n${text}PS C:\\Users\\x> `],
  ['a mail around it', (text) => `Hello,\n\nhere it is [1]:\n${text}\n-- \nRegards [/1:2]`],
  ['pasted twice, the first time cut', (text) => `${text.slice(0, 700)}\n\n${text}`],
  ['pasted twice, the second time cut', (text) => `${text}\n\n${text.slice(0, 700)}`],
];

function wrapped(text: string, width: number): string {
  return text
    .split('\r\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [''])
    .join('\r\n');
}

describe('a frame survives', () => {
  for (const [what, paste] of PASTES) {
    for (const [form, text] of Object.entries({ plain: PLAIN, compressed: PACKED })) {
      test(`${what} (${form})`, () => {
        const result = read(paste(text));
        assert.deepEqual(
          [1, 2, 3].map((number) => linesOf(result, number)),
          [KEY, LONG, OTHER],
        );
        assert.equal(result.whole, true);
        assert.deepEqual(result.damaged, []);
      });
    }
  }
});

describe('a paste with lines missing', () => {
  for (const [form, text] of Object.entries({ plain: PLAIN, compressed: PACKED })) {
    test(`whichever line is gone, nothing wrong is read (${form})`, () => {
      const lines = text.trimEnd().split('\r\n');
      for (let gone = 1; gone < lines.length; gone += 1) {
        const result = readFrame(lines.filter((_, at) => at !== gone).join('\r\n'), unpack);
        if (!result.ok) continue;
        for (const [number, expected] of [KEY, LONG, OTHER].entries()) {
          const got = linesOf(result.frame, number + 1);
          if (got !== undefined) assert.deepEqual(got, expected, `without ${lines[gone]}`);
        }
        assert.equal(result.frame.whole, false, `without ${lines[gone]}`);
        // One line is in one section, or in one compressed part.
        assert.ok(result.frame.sections.size >= (form === 'plain' ? 2 : 1), `without ${lines[gone]}`);
      }
    });

    test(`whichever line stands twice or beside its place, nothing wrong is read (${form})`, () => {
      const lines = text.trimEnd().split('\r\n');
      for (let at = 1; at < lines.length - 1; at += 1) {
        const [one = '', other = ''] = lines.slice(at, at + 2);
        const twice = [...lines.slice(0, at), one, ...lines.slice(at)];
        const swapped = [...lines.slice(0, at), other, one, ...lines.slice(at + 2)];
        for (const paste of form === 'plain' ? [twice] : [twice, swapped]) {
          const result = readFrame(paste.join('\r\n'), unpack);
          if (!result.ok) continue;
          for (const [number, expected] of [KEY, LONG, OTHER].entries()) {
            const got = linesOf(result.frame, number + 1);
            if (got !== undefined) assert.deepEqual(got, expected);
          }
        }
      }
    });
  }

  test('sections of which something arrived are named', () => {
    const text = frame(fields(1, KEY), fields(2, LONG), fields(3, OTHER)).replace('[/2:', '[/2:1');
    const result = read(text);
    assert.deepEqual(result.damaged, [2]);
    assert.deepEqual([...result.sections.keys()], [1, 3]);
  });

  test('a compressed part that is lost takes no other with it', () => {
    const result = read(PACKED.replace(/(\[z1\]\r\n.{10})./, '$1'));
    assert.deepEqual([...result.sections.keys()], [3]);
    assert.deepEqual([result.damagedParts, result.whole], [1, false]);
  });

  test('a character that was changed is seen by the hash', () => {
    const changed = PACKED.replace(
      /(\[z1\]\r\n.{40})(.)/,
      (_, before: string, letter: string) => before + (letter === 'A' ? 'B' : 'A'),
    );
    assert.deepEqual([...read(changed).sections.keys()], [3]);
  });
});

describe('what is no answer says so', () => {
  const problem = (text: string): string => {
    const result = readFrame(text, unpack);
    return result.ok ? 'an answer' : result.problem;
  };

  test('nothing in it', () => {
    assert.match(problem('Hello'), /no answer in it: no line says BEGIN RDPDOCTOR ANSWER/);
    assert.match(problem(''), /no answer/);
  });
  test('the script itself instead of its answer', () => {
    assert.match(problem("'-----BEGIN ' + 'RDPDOCTOR ANSWER 1-----'"), /no answer/);
  });
  test('its beginning is cut off', () => {
    assert.match(problem(PLAIN.slice(40)), /its beginning is missing/);
  });
  test('a form of another version', () => {
    assert.match(
      problem(PLAIN.replace('ANSWER 1-', 'ANSWER 7-')),
      /number 7, and this rdpdoctor reads number 1/,
    );
  });
  test('nothing arrived whole', () => {
    assert.match(problem(PACKED.replace(/\[z\d\]/g, '')), /no part of the answer arrived whole/);
  });
});

describe('a frame is not trusted', () => {
  test('marks that nothing ends cost no more than reading them', () => {
    const text = `-----BEGIN RDPDOCTOR ANSWER 1-----${'[r1]'.repeat(40_000)}`;
    const millis = cpuMillis(() => assert.equal(readFrame(text, unpack).ok, false));
    assert.ok(millis < 2000, `${millis} ms`);
  });

  test('a bomb is not unpacked', () => {
    const gzip = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
    const body = toBase64(gzip);
    let asked = 0;
    const text = `${PACKED.replace(/\[z1\][^[]*\[[^\]]*\]/, `[z1]${body}[/z1:${body.length}:${hashOf(gzip)}]`)}`;
    const result = readFrame(text, (bytes, limit) => {
      asked = Math.max(asked, limit);
      return unpack(bytes, limit);
    });
    assert.equal(asked, 64 * 1024 * 1024);
    assert.equal(result.ok && result.frame.damagedParts, 1);
  });

  test('parts are not unpacked within parts', () => {
    const result = readFrame(frame(packed(1, packed(2, fields(1, KEY)), fields(2, OTHER))), unpack);
    assert.deepEqual(result.ok && [...result.frame.sections.keys()], [2]);
  });

  test('any text gives a frame or a problem', () => {
    const piece = fc.constantFrom(
      '[1]',
      '[/1:1:3]',
      '[z1]',
      '[r1]',
      '[/r1:1]',
      '1:x',
      'a|b;',
      '-----BEGIN RDPDOCTOR ANSWER 1-----',
      '-----END RDPDOCTOR ANSWER:1-----',
      '> ',
      '\r\n',
      '%u12',
      '%ZZ',
      '=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (parts) => {
        const result = readFrame(`-----BEGIN RDPDOCTOR ANSWER 1-----${parts.join('')}`, unpack);
        assert.equal(typeof result.ok, 'boolean');
      }),
    );
  });
});

describe('lines that a program printed', () => {
  const PRINTED = [
    '',
    'HKEY_LOCAL_MACHINE\\SYSTEM\\Select',
    '    Current    REG_DWORD    0x1',
    '7: not a number of ours',
    '',
  ];

  test('keep their blanks', () => {
    const section = read(frame(raw(1, PRINTED))).sections.get(1);
    assert.deepEqual(section?.form === 'raw' && section.lines.map(textOf), PRINTED);
  });

  test('one that was broken is not taken for whole', () => {
    const text = frame(raw(1, ['one two', 'three four'])).replace('three four', 'three\r\nfour');
    const section = read(text).sections.get(1);
    assert.deepEqual(section?.form === 'raw' && section.lines.map(textOf), ['one two', undefined]);
    assert.deepEqual(section?.form === 'raw' && section.lines.map(candidatesOf), [
      ['one two'],
      ['threefour', 'three four'],
    ]);
  });

  test('what looks like a mark is a line', () => {
    const section = read(frame(raw(1, ['*[System[1]]', '[/r2:1]', '[3]']), fields(2, OTHER))).sections.get(1);
    assert.deepEqual(section?.form === 'raw' && section.lines.map(textOf), [
      '*[System[1]]',
      '[/r2:1]',
      '[3]',
    ]);
  });

  test('a line that is missing takes its section with it', () => {
    const text = frame(raw(1, PRINTED), fields(2, OTHER)).replace(/2:HKEY.*\r\n/, '');
    assert.deepEqual([...read(text).sections.keys()], [2]);
  });
});

describe('dense fields', () => {
  test('hold every text, in no character that somebody changes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const dense = toDense(text);
        assert.match(dense, /^[!-~]*$/);
        assert.doesNotMatch(dense, /[<>[\]|;"'`,&^#~]/);
        assert.equal(fromDense(dense), text);
      }),
    );
  });
  test('what cannot be one is none', () => {
    for (const text of ['%', '%1', '%u123', 'a b', 'a,b', '%zz']) assert.equal(fromDense(text), undefined);
  });
});

describe('base64', () => {
  test("is what Node's is", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        assert.equal(toBase64(bytes), text);
        assert.deepEqual(fromBase64(text), bytes);
      }),
    );
  });
  test('what cannot be one is none', () => {
    for (const text of ['A', 'AAA', 'A===', 'AA=A', 'AA-_', 'AAA '])
      assert.equal(fromBase64(text), undefined, text);
  });
});
