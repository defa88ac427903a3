// What nobody else uses is not exported: an export is a promise, and a reader looks for who relies on it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './workspace.ts';

const FOLDERS = ['src', 'test', 'bench', 'fuzz', 'mutate', 'scripts'];

const sources = new Map(
  FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`)
      .filter((path) => /\.(?:ts|mjs)$/.test(path)),
  ).map((path) => [path, new Set(readFileSync(join(ROOT, path), 'utf8').match(/\w+/g))]),
);

test('every exported function, class and value is used by another file', () => {
  const dead = [...sources.keys()]
    .filter((path) => path.startsWith('src/'))
    .flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      const names = [...text.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm)];
      return names
        .flatMap(([, name = '']) => name)
        .filter((name) => ![...sources].some(([other, words]) => other !== path && words.has(name)))
        .map((name) => `${path}: ${name}`);
    });
  assert.deepEqual(dead, []);
});
