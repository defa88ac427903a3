// Rules of the house that no compiler and no linter knows.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { plant, ROOT, runNode, withFolder } from './workspace.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What the repository holds, with `/` between folders: by git, or by looking where there is no git. */
function trackedFiles(): string[] {
  const git = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  if (git.status === 0 && git.stdout !== '') {
    return git.stdout.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
  }
  const skipped = new Set(['node_modules', 'dist', '.git', '.tmp']);
  const walk = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(entry.name)) return [];
      return entry.isDirectory() ? walk(path) : [path];
    });
  return walk('');
}

const files = trackedFiles();

/** Every line of the given files that `wrong` objects to, as `path:line: text`. */
function linesWith(wrong: RegExp, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    readFileSync(join(ROOT, path), 'latin1')
      .split('\n')
      .flatMap((line, row) => (wrong.test(line) ? [`${path}:${row + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

/** The names, without their ending, of the files in a folder that `keep` accepts. */
function idsIn(folder: string, ending: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(ending) && !name.startsWith('_'))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
const manifest: Manifest = JSON.parse(read('package.json'));
const runTime = Object.keys(manifest.dependencies ?? {});

describe('causes', () => {
  const ids = idsIn('src/core/causes', '.ts').filter((id) => id !== 'index');

  test('there are some', () => assert.notEqual(ids.length, 0));

  test('the index is fresh', () => {
    const { status, stderr } = runNode('scripts/gen.mjs', ['--check']);
    assert.equal(status, 0, stderr);
  });

  test('the id of each is the name of its file', () => {
    const stated = ids.map((id) => /^\s*id: '([^']*)'/m.exec(read(`src/core/causes/${id}.ts`))?.[1]);
    assert.deepEqual(stated, ids);
  });

  test('each has a test of its name, and no test is left over', () => {
    const tests = idsIn('test/core/causes', '.test.ts');
    assert.deepEqual(
      ids.filter((id) => !tests.includes(id)),
      [],
      'without a test',
    );
    // A test of the whole catalogue has no cause's name; it starts with `all-` or is called `index`.
    const strays = tests.filter((id) => !ids.includes(id) && id !== 'index' && !id.startsWith('all-'));
    assert.deepEqual(strays, [], 'tests without a cause');
  });

  test('each has a page of its name, and no page is left over', () => {
    const pages = idsIn('docs/causes', '.md').filter((id) => id !== 'README');
    assert.deepEqual(pages, ids);
  });
});

describe('files', () => {
  test("none names a folder of somebody's machine", () => {
    const personal = /(?<![\w.~*/-])\/(?:work|root|home)\//;
    assert.deepEqual(linesWith(personal, files), []);
  });

  test('none but tests name the folder for temporary files', () => {
    const product = files.filter((path) => !path.startsWith('test/'));
    assert.deepEqual(linesWith(/(?<![\w.~*/-])\/tmp\//, product), []);
  });

  test('none names the host of a package registry', () => {
    const host =
      /registry\.(?:npmjs|yarnpkg)\.|npmmirror\.|\.debian\.org|files\.pythonhosted\.|proxy\.golang\./;
    assert.deepEqual(linesWith(host, files), []);
  });

  test('none is longer than a reader can bear', () => {
    const limit = 450;
    // A file that may be longer, and why. One that has become shorter leaves the list.
    const allowed: Readonly<Record<string, string>> = {
      'src/core/knowledge/cause-catalogue.ts': 'a table, read by row',
      'src/core/knowledge/win32-errors.ts': 'a table, read by row',
    };
    const long = files
      .filter((path) => /^(?:src|scripts|bench)\/.*\.(?:ts|mjs)$/.test(path))
      .filter((path) => read(path).split('\n').length - 1 > limit);
    assert.deepEqual(long, Object.keys(allowed).sort());
  });
});

describe('documents', () => {
  const pages = files.filter((path) => path.endsWith('.md'));
  const prose = (path: string): string => read(path).replace(/^```[\s\S]*?^```/gm, '');
  const anchors = (path: string): string[] =>
    [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  test('every relative link leads somewhere', () => {
    const broken = pages.flatMap((page) => {
      const links = prose(page)
        .replace(/`[^`\n]*`/g, '')
        .matchAll(/\]\(<?([^)>\s]+)>?[^)]*\)/g);
      return [...links].flatMap(([, link = '']) => {
        if (/^[a-z][a-z+.-]*:/i.test(link)) return [];
        const [path = '', anchor] = decodeURI(link).split('#');
        const target = path === '' ? page : join(dirname(page), path);
        const found =
          existsSync(join(ROOT, target)) &&
          (anchor === undefined || !target.endsWith('.md') || anchors(target).includes(anchor));
        return found ? [] : [`${page}: ${link}`];
      });
    });
    assert.deepEqual(broken, []);
  });

  test('README starts and tests the tool with one line each', () => {
    assert.ok(existsSync(join(ROOT, 'README.md')), 'there is no README.md');
    const readme = read('README.md');
    for (const command of ['npm ci && npm start', 'npm ci && npm test']) {
      assert.ok(readme.includes(command), `README.md does not say: ${command}`);
    }
  });

  test('every dependency is explained, and nothing else is', () => {
    const explained = [...read('docs/dependencies.md').matchAll(/^### `(.*)`$/gm)].map(([, name]) => name);
    assert.deepEqual(explained.sort(), [...runTime, ...Object.keys(manifest.devDependencies ?? {})].sort());
  });
});

describe('packages', () => {
  test('every dependency at run time is imported by the product', () => {
    const sources = files.filter((path) => /^src\/.*\.ts$/.test(path)).map(read);
    const unused = runTime.filter(
      (name) => !sources.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}/`)),
    );
    assert.deepEqual(unused, []);
  });

  interface Locked {
    readonly resolved?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  }
  const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(read('package-lock.json'));

  test('the lock file names no host to fetch from', () => {
    const hosts = Object.values(lock.packages).flatMap(({ resolved }) => resolved ?? []);
    assert.deepEqual(hosts, [], 'run npm install with omit-lockfile-registry-resolved=true');
  });

  // `npm ci` refuses a lock file in which a package for another platform is missing.
  test('the lock file is complete, for every platform', () => {
    const missing = Object.entries(lock.packages).flatMap(([place, locked]) =>
      Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })
        .filter(
          (name) => ![`${place}/node_modules/${name}`, `node_modules/${name}`].some((p) => lock.packages[p]),
        )
        .map((name) => `${name} (of ${place || 'the product'})`),
    );
    assert.deepEqual(missing, []);
  });
});

describe('scripts/test.mjs', () => {
  const body = (assertion: string): string =>
    `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\ntest('x', () => assert.ok(${assertion}));\n`;
  const rows: readonly (readonly [what: string, path: string, text: string, status: number, says: RegExp])[] =
    [
      ['no tests at all', 'readme.txt', '', 1, /no test files found/],
      [
        'a test that passes',
        'inner/a.test.ts',
        body('1 as number'),
        0,
        /\btests 1\n[\s\S]*\bpass 1\n[\s\S]*\bfail 0\n/,
      ],
      [
        'a test that fails',
        'inner/a.test.ts',
        body('0 as number'),
        1,
        /\btests 1\n[\s\S]*\bpass 0\n[\s\S]*\bfail 1\n/,
      ],
    ];
  for (const [what, path, text, status, says] of rows) {
    test(`${what}: exits with ${status} and says so`, () => {
      withFolder((folder) => {
        plant(folder, path, text);
        const run = runNode('scripts/test.mjs', [folder]);
        assert.match(run.stdout + run.stderr, says);
        assert.equal(run.status, status);
      });
    });
  }

  test('a test that does not exist is an error', () => {
    const run = runNode('scripts/test.mjs', ['test/no-such.test.ts']);
    assert.match(run.stderr, /no such test: test.no-such\.test\.ts/);
    assert.equal(run.status, 1);
  });
});

test('the command can be executed once it is built', { skip: process.platform === 'win32' }, () => {
  assert.ok(existsSync(join(ROOT, 'dist/bin.js')), 'dist/bin.js is missing: run npm run build');
  assert.match(read('dist/bin.js'), /^#!\/usr\/bin\/env node\n/);
  assert.equal(statSync(join(ROOT, 'dist/bin.js')).mode & 0o111, 0o111, 'build with scripts/build.mjs');
});
