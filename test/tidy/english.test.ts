// Phrases over which native readers stumbled: none of them comes back into a text that a person sees.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);

const STUMBLED_OVER =
  /everyone are\b|lets it in in\b|\bran out on\b|made anew|password is of\b|stopped are\b|none of that is in common|for want of\b|could not be had\b|are its kin\b|has not the right\b|account had an end date|because no event says|the time was over|this is no disk with|which is no protocol|nothing is known of\b|rdpdoctor's own|which has it not|\bown word\b|came as far as|of former times|the whole row|lie over each other|, nor what follows|(?<!there )is no (?:disk|name|text|url|multiple|member)\b|cannot prompt|\bis no fault|gives no chance|out of step\b|\bin vain\b|unless none is needed/i;

function offences(text: string): readonly string[] {
  // Nobody but a developer sees a comment.
  return text.split('\n').filter((line) => STUMBLED_OVER.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line));
}

test('no text has a phrase that native readers stumbled over', () => {
  const files = ['src', 'docs/causes'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|md)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  assert.ok(files.length > 300, `only ${files.length} files in ${fileURLToPath(ROOT)}`);
  const found = files.flatMap((file) =>
    offences(readFileSync(new URL(file, ROOT), 'utf8')).map((line) => `${file}: ${line.trim()}`),
  );
  assert.deepEqual(found, []);
});

test('the guard sees an offence', () => {
  assert.deepEqual(offences('It is made anew.\nIt is created again.'), ['It is made anew.']);
});

/** Literals that say what NO_ANSWER says. */
function missingAnswers(text: string): readonly string[] {
  return text.match(/'(?:the medium gave )?no answer'/g) ?? [];
}

test('that a medium gave no answer is spelt once, in walker.ts', () => {
  assert.equal(missingAnswers("lost(problem ?? 'no answer'), lost('the medium gave no answer')").length, 2);
  const spelt = ['src/core/formats', 'src/app'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        missingAnswers(readFileSync(new URL(`${folder}/${name}`, ROOT), 'utf8')).map(
          () => `${folder}/${name}`,
        ),
      ),
  );
  assert.deepEqual(spelt, ['src/core/formats/walker.ts']);
});
