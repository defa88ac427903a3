// What a user installs: the tarball's list of files, and the command started from nothing but those.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { before, describe, test } from 'node:test';
import { ROOT, withFolder } from './workspace.ts';

/** What `npm pack` would put into the tarball, without building and without writing it. */
function packed(): string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  // `npm test` tells where its npm is; without it the one in PATH has to do.
  const npm = process.env['npm_execpath'];
  const run = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, encoding: 'utf8' })
    : spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' });
  assert.equal(run.status, 0, run.stderr);
  const [tarball]: readonly { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(
    run.stdout,
  );
  return (tarball?.files ?? []).map(({ path }) => path);
}

describe('the package', () => {
  let files: readonly string[] = [];
  before(() => {
    assert.ok(existsSync(join(ROOT, 'dist/bin.js')), 'dist/bin.js is missing: run npm run build');
    files = packed();
  });

  for (const path of [
    'package.json',
    'dist/bin.js',
    'dist/THIRD-PARTY.txt',
    'LICENSE',
    'README.md',
    'docs/dependencies.md',
  ]) {
    test(`contains ${path}`, () => assert.ok(files.includes(path)));
  }

  test('contains nothing else than the product and its documents', () => {
    const allowed =
      /^(?:package\.json|LICENSE|README\.md|CHANGELOG\.md|docs\/.+\.md|docs\/report\.schema\.json|dist\/(?:lib\/)?package\.json|dist\/THIRD-PARTY\.txt|dist\/(?:bin|chunks\/.+|lib\/.+)\.js|dist\/lib\/types\/core\/.+\.d\.ts)$/;
    assert.deepEqual(
      files.filter((path) => !allowed.test(path) || /\.test\.|tsbuildinfo/.test(path)),
      [],
    );
  });

  test('every link in its documents leads to a file of the package', () => {
    const broken = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((page) =>
        // Code may look like a link.
        [
          ...readFileSync(join(ROOT, page), 'utf8')
            .replace(/^```[\s\S]*?^```|`[^`\n]*`/gm, '')
            .matchAll(/\]\(<?([^)>\s#]+)/g),
        ]
          .map(([, link = '']) => link)
          .filter((link) => !/^[a-z][a-z+.-]*:/i.test(link))
          .map((link) => posix.join(posix.dirname(page), link))
          .filter((target) => !files.some((path) => path === target || path.startsWith(`${target}/`)))
          .map((target) => `${page}: ${target}`),
      );
    assert.deepEqual(broken, []);
  });

  test('starts from these files and its declared dependencies alone', () => {
    withFolder((folder) => {
      for (const path of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        cpSync(join(ROOT, path), join(folder, path));
      }
      const { dependencies = {}, version }: { dependencies?: Record<string, string>; version: string } =
        JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      for (const name of Object.keys(dependencies)) {
        mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
        symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
      }
      const run = spawnSync(process.execPath, ['dist/bin.js', '--version'], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(run.stderr, '');
      assert.equal(run.stdout.trim(), version);
      assert.equal(run.status, 0);
    });
  });

  test('points to no source map that is not there', () => {
    for (const path of files.filter((name) => name.endsWith('.js'))) {
      assert.doesNotMatch(readFileSync(join(ROOT, path), 'utf8'), /^\/\/# sourceMappingURL=/m, path);
    }
  });
});
