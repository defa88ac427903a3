// A guard that nobody has seen fail is a comment. Each row plants one offence in a copy of the sources and
// expects the guard to name it; the rows below them plant what looks similar and has to stay allowed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BIOME, copySources, plant, runNode, TSC, withFolder } from './workspace.ts';

interface Offence {
  /** What the guard stands for. */
  readonly guard: string;
  /** Where it is planted; `planted` in the name keeps it apart from real files. */
  readonly path: string;
  readonly text: string;
  /** Biome's category (`plugin` for GritQL), or the compiler's error number. */
  readonly rule: string;
  /** Part of the message. */
  readonly says?: string;
}

const IMPORTS = 'lint/style/noRestrictedImports';

/** One file per direction that an import must not take, with the beginning of the advice given. */
const directions: readonly (readonly [from: string, to: string, says: string])[] = [
  ['core/bytes', '../model/facts.ts', 'bytes is under everything'],
  ['core/bytes', '@noble/hashes/sha2.js', 'bytes is under everything'],
  ['core/crypto', '../protocol/dialog.ts', 'crypto imports only'],
  ['core/crypto', 'commander', 'crypto imports only'],
  ['core/protocol', '../model/facts.ts', 'protocol imports only'],
  ['core/protocol', '../knowledge/row.ts', 'protocol imports only'],
  ['core/protocol', '../formats/regf.ts', 'protocol imports only'],
  ['core/protocol', '@noble/hashes/sha2.js', 'protocol imports only'],
  ['core/protocol', './../model/facts.ts', 'protocol imports only'],
  ['core/protocol', '../bytes/../model/facts.ts', 'protocol imports only'],
  ['core/protocol/inner', '../../model/facts.ts', 'protocol imports only'],
  ['core/formats', '../protocol/dialog.ts', 'formats imports only'],
  ['core/formats', '../windows/settings.ts', 'formats imports only'],
  ['core/model', '../knowledge/row.ts', 'model imports only'],
  ['core/model', '../protocol/dialog.ts', 'model imports only'],
  ['core/knowledge', '../causes/index.ts', 'knowledge imports only'],
  ['core/knowledge', '../protocol/dialog.ts', 'knowledge imports only'],
  ['core/windows', '../causes/index.ts', 'windows imports only'],
  ['core/windows', '../formats/regf.ts', 'windows imports only'],
  ['core/dialect', '../formats/regf/index.ts', 'dialect imports only'],
  ['core/dialect', '../engine/judge.ts', 'dialect imports only'],
  ['core/causes', '../protocol/dialog.ts', 'causes and remedies import only'],
  ['core/causes', '../bytes/reader.ts', 'causes and remedies import only'],
  ['core/causes', './port-unreachable.ts', 'causes and remedies import only'],
  ['core/causes', '../engine/judge.ts', 'causes and remedies import only'],
  ['core/remedies', '../causes/index.ts', 'causes and remedies import only'],
  ['core/engine', '../protocol/dialog.ts', 'engine imports only'],
  ['core/engine', '../report/text.ts', 'engine imports only'],
  ['core/report', '../knowledge/row.ts', 'report imports only'],
  ['core/report', '../engine/judge.ts', 'report imports only'],
  ['core/redact', '../engine/judge.ts', 'redact imports only'],
  ['core/engine', '../../app/ports/clock.ts', 'engine imports only'],
  ['core/report', '../../edge/cli/main.ts', 'report imports only'],
  ['core/model', '../../lab/server.ts', 'model imports only'],
  ['app/gather', '../../edge/network/driver.ts', 'app imports only'],
  ['app/gather', '../../lab/server.ts', 'app imports only'],
  ['app/gather', 'node:net', 'app imports only'],
  ['app/gather', 'commander', 'app imports only'],
  ['lab', '../app/ports/clock.ts', 'lab imports only'],
  ['lab', '../edge/network/driver.ts', 'lab imports only'],
  ['lab', 'commander', 'lab imports only'],
  ['edge/network', '../../lab/server.ts', 'only edge/cli/demo.ts'],
  ['edge/cli', '../../lab/server.ts', 'only edge/cli/demo.ts'],
  ['edge/network', 'commander', 'commander stays'],
  ['edge/network', 'ssh2', 'ssh2 stays'],
  ['edge/cli', 'ssh2', 'ssh2 stays'],
  ['edge/cli', '@noble/hashes/sha2.js', 'used through core/crypto'],
  ['edge/network', '@noble/hashes/sha2.js', 'used through core/crypto'],
];

const lintOffences: readonly Offence[] = [
  ...directions.map(([from, to, says], row) => ({
    guard: `${from} does not import ${to}`,
    path: `src/${from}/planted-direction-${row}.ts`,
    text: `import { x } from '${to}';\nexport const y = x;\n`,
    rule: IMPORTS,
    says,
  })),
  {
    guard: 'bin.ts only starts edge',
    path: 'src/bin.ts',
    text: "import { x } from './lab/server.ts';\nexport const y = x;\n",
    rule: IMPORTS,
    says: 'bin.ts only starts edge',
  },
  {
    guard: 'types are imported in the allowed directions too',
    path: 'src/core/protocol/planted-type.ts',
    text: "import type { Facts } from '../model/facts.ts';\nexport type X = Facts;\n",
    rule: IMPORTS,
  },
  {
    guard: 'exports from elsewhere go in the allowed directions too',
    path: 'src/core/protocol/planted-export.ts',
    text: "export * from '../model/facts.ts';\n",
    rule: IMPORTS,
  },
  {
    guard: 'imports at run time go in the allowed directions too',
    path: 'src/core/protocol/planted-dynamic.ts',
    text: "export const x = () => import('../model/facts.ts');\n",
    rule: IMPORTS,
  },
  {
    guard: 'inline import types do not slip through',
    path: 'src/core/protocol/planted-inline-type.ts',
    text: "export type X = import('../model/facts.ts').Facts;\n",
    rule: 'plugin',
    says: 'no-inline-import-type',
  },
  ...['src/core/protocol', 'src/app/gather'].map((folder) => ({
    guard: `${folder} imports no module of Node`,
    path: `${folder}/planted-node.ts`,
    text: "import { connect } from 'node:net';\nexport const x = connect;\n",
    rule: 'lint/correctness/noNodejsModules',
  })),
  ...[
    'Date.now()',
    'new Date()',
    'Date()',
    'Math.random()',
    'performance.now()',
    '((now = Date.now) => now())()',
    '(3).toLocaleString()',
    'new Date(0).toLocaleDateString()',
    'new Date(0).toLocaleTimeString()',
  ].flatMap((expression, row) =>
    ['src/core/engine', 'src/app/gather'].map((folder) => ({
      guard: `${folder} gets time, chance and locale from outside: ${expression}`,
      path: `${folder}/planted-ambient-${row}.ts`,
      text: `export const x = ${expression};\n`,
      rule: 'plugin',
      says: 'no-ambient',
    })),
  ),
  {
    guard: 'a module of Node is imported by its full name',
    path: 'src/edge/network/planted-protocol.ts',
    text: "import { connect } from 'net';\nexport const x = connect;\n",
    rule: 'lint/style/useNodejsImportProtocol',
  },
  {
    guard: 'nothing exits in the middle',
    path: 'src/edge/cli/planted-exit.ts',
    text: 'process.exit(1);\n',
    rule: 'plugin',
    says: 'no-exit',
  },
  {
    guard: 'no promise is left alone, not even one from another file',
    path: 'src/app/gather/planted-floating.ts',
    text: "import { later } from './planted-later.ts';\nexport function x(): void {\n  later();\n}\n",
    rule: 'lint/nursery/noFloatingPromises',
  },
  {
    guard: 'no import cycles',
    path: 'src/core/bytes/planted-cycle-a.ts',
    text: "import { b } from './planted-cycle-b.ts';\nexport const a = (): number => b();\n",
    rule: 'lint/suspicious/noImportCycles',
  },
  {
    guard: 'no import cycles, not even of types alone',
    path: 'src/core/bytes/planted-type-cycle-a.ts',
    text: "import type { B } from './planted-type-cycle-b.ts';\nexport interface A { readonly b?: B }\n",
    rule: 'lint/suspicious/noImportCycles',
  },
  {
    guard: 'no any',
    path: 'src/core/model/planted-any.ts',
    text: 'export const x = (y: any): unknown => y;\n',
    rule: 'lint/suspicious/noExplicitAny',
  },
  {
    guard: 'no non-null assertion',
    path: 'src/core/model/planted-non-null.ts',
    text: 'export const x = (y?: string): string => y!;\n',
    rule: 'lint/style/noNonNullAssertion',
  },
  {
    guard: 'no default export',
    path: 'src/core/model/planted-default.ts',
    text: 'export default 1;\n',
    rule: 'lint/style/noDefaultExport',
  },
  {
    guard: 'types are imported as types',
    path: 'src/core/model/planted-import-type.ts',
    text: "import { Stage } from './stage.ts';\nexport const x = (y: Stage): string => y;\n",
    rule: 'lint/style/useImportType',
  },
];

/** What the guards must let through. Some are the other half of an offence above. */
const lintAllowed: readonly (readonly [path: string, text: string])[] = [
  ['src/app/gather/planted-later.ts', 'export async function later(): Promise<void> {}\n'],
  ...(
    [
      ['core/crypto', '@noble/hashes/sha2.js'],
      ['core/protocol', '../bytes/reader.ts'],
      ['core/protocol', './dialog.ts'],
      ['core/protocol', './inner/y.ts'],
      ['core/protocol/inner', '../dialog.ts'],
      ['core/protocol/inner', '../../crypto/md4.ts'],
      ['core/causes', '../knowledge/row.ts'],
      ['core/causes', './_words.ts'],
      ['core/engine', '../causes/index.ts'],
      ['core/report', '../model/report.ts'],
      ['app/gather', '../../core/protocol/dialog.ts'],
      ['app/gather/outside', '../../ports/clock.ts'],
      ['lab', '../core/protocol/dialog.ts'],
      ['lab', 'node:net'],
      ['edge/network', '../../app/ports/network.ts'],
      ['edge/network', 'node:net'],
      ['edge/cli', 'commander'],
      ['edge/guest/ssh', 'ssh2'],
    ] as const
  ).map(
    ([from, to], row) =>
      [`src/${from}/planted-allowed-${row}.ts`, `import { x } from '${to}';\nexport const y = x;\n`] as const,
  ),
  ['src/edge/cli/demo.ts', "import { x } from '../../lab/server.ts';\nexport const y = x;\n"],
  ['src/core/causes/index.ts', "import { x } from './port-unreachable.ts';\nexport const y = x;\n"],
  [
    'src/core/model/planted-pure-date.ts',
    'export const x = (millis: number): string => new Date(millis).toISOString() + Date.parse("2026");\n',
  ],
  ['src/edge/system/planted-clock.ts', 'export const x = (): number => Date.now() + Math.random();\n'],
];

/** What the compiler must refuse, per tier. */
const typeOffences: readonly Offence[] = [
  ...(
    [
      ['node:fs', "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n", 'TS2591'],
      ['Buffer', 'export const x = Buffer.alloc(1);\n', 'TS2591'],
      ['process', 'export const x = process.platform;\n', 'TS2591'],
      ['console', "console.log('x');\nexport const x = 1;\n", 'TS2584'],
      ['setTimeout', 'export const x = setTimeout(() => 1, 1);\n', 'TS2304'],
      ['fetch', "export const x = fetch('x');\n", 'TS2304'],
      ['performance', 'export const x = performance.now();\n', 'TS2304'],
      ['crypto', 'export const x = crypto.getRandomValues(new Uint8Array(1));\n', 'TS2304'],
    ] as const
  ).flatMap(([name, text, rule], row) =>
    ['src/core', 'src/app'].map((tier) => ({
      guard: `${tier} has no ${name}`,
      path: `${tier}/planted-host-${row}.ts`,
      text,
      rule,
    })),
  ),
  ...(
    [
      ['src/core', '../app/planted-target.ts'],
      ['src/core', '../edge/planted-target.ts'],
      ['src/core', '../lab/planted-target.ts'],
      ['src/app', '../edge/planted-target.ts'],
      ['src/app', '../lab/planted-target.ts'],
      ['src/lab', '../app/planted-target.ts'],
      ['src/lab', '../edge/planted-target.ts'],
    ] as const
  ).map(([tier, to], row) => ({
    guard: `${tier} does not reach ${to}`,
    path: `${tier}/planted-tier-${row}.ts`,
    text: `import { target } from '${to}';\nexport const x = target;\n`,
    rule: 'TS6307',
  })),
  ...(
    [
      ['enum', 'export enum X {\n  A,\n}\n', 'TS1294'],
      ['namespace', 'export namespace X {\n  export const y = 1;\n}\n', 'TS1294'],
      ['parameter property', 'export class X {\n  constructor(readonly y: number) {}\n}\n', 'TS1294'],
      ['unchecked index', 'export const x = (y: number[]): number => y[0];\n', 'TS2322'],
      ['slice of bytes', 'export const x = (bytes: Uint8Array): Uint8Array => bytes.slice(1);\n', 'TS2740'],
      ['unused local', 'export const x = (): void => {\n  const y = 1;\n};\n', 'TS6133'],
      ['undefined for an optional', 'export const x: { y?: number } = { y: undefined };\n', 'TS2375'],
    ] as const
  ).map(([name, text, rule], row) => ({
    guard: `no ${name}`,
    path: `src/core/planted-strict-${row}.ts`,
    text,
    rule,
  })),
];

interface Found {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** Lints the whole copy. */
function lint(folder: string): Found[] {
  const run = runNode(BIOME, ['lint', '--reporter=json', '--max-diagnostics=none', 'src'], folder);
  assert.notEqual(run.stdout.trim(), '', `biome said nothing: ${run.stderr}`);
  const report: {
    readonly diagnostics: readonly {
      readonly category: string;
      readonly message: string;
      readonly location?: { readonly path?: string };
    }[];
  } = JSON.parse(run.stdout);
  return report.diagnostics.map(({ category, message, location }) => ({
    path: (location?.path ?? '').replaceAll('\\', '/'),
    rule: category,
    message,
  }));
}

/** Compiles one tier of the copy, or everything when no tier is given. */
function compile(folder: string, tier?: string): Found[] {
  const run = runNode(TSC, [...(tier ? ['-p', tier] : ['-b']), '--pretty', 'false'], folder);
  const found = [...run.stdout.matchAll(/^(?:(\S+)\(\d+,\d+\): )?error (TS\d+): (.*)$/gm)].map(
    ([, path = '', rule = '', message = '']) => ({ path, rule, message }),
  );
  assert.equal(run.status === 0, found.length === 0, run.stdout + run.stderr);
  return found;
}

/** Fails with the offences that no finding answers. */
function check(offences: readonly Offence[], found: readonly Found[]): void {
  const missed = offences.filter(
    ({ path, rule, says = '' }) =>
      !found.some((f) => f.path === path && f.rule === rule && f.message.includes(says)),
  );
  const silent = missed.map(({ guard, path }) => `${guard} (${path})`);
  assert.deepEqual(silent, [], 'guards that did not fire');
}

/** Fails with what was found although nothing may be. */
function checkClean(found: readonly Found[], what: string): void {
  assert.deepEqual(
    found.map(({ path, rule, message }) => `${path}: ${rule}: ${message}`),
    [],
    what,
  );
}

describe('guards', () => {
  test('every row plants a file of its own', () => {
    const lintPaths = [...lintOffences.map(({ path }) => path), ...lintAllowed.map(([path]) => path)];
    assert.equal(new Set(lintPaths).size, lintPaths.length);
    const typePaths = typeOffences.map(({ path }) => path);
    assert.equal(new Set(typePaths).size, typePaths.length);
  });

  test('the linter names each planted file, and lets the allowed ones pass', () => {
    withFolder((folder) => {
      copySources(folder);
      for (const { path, text } of lintOffences) plant(folder, path, text);
      for (const [path, text] of lintAllowed) plant(folder, path, text);
      plant(
        folder,
        'src/core/bytes/planted-cycle-b.ts',
        "import { a } from './planted-cycle-a.ts';\nexport const b = (): number => a();\n",
      );
      plant(
        folder,
        'src/core/bytes/planted-type-cycle-b.ts',
        "import type { A } from './planted-type-cycle-a.ts';\nexport interface B { readonly a?: A }\n",
      );
      const found = lint(folder);
      check(lintOffences, found);
      const allowed = new Set(lintAllowed.map(([path]) => path));
      checkClean(
        found.filter(({ path }) => allowed.has(path)),
        'guards that fired at what is allowed',
      );
    });
  });

  test('the compiler names each planted file', () => {
    withFolder((folder) => {
      copySources(folder);
      compile(folder); // A tier is checked against the declarations of those below it.
      for (const { path, text } of typeOffences) plant(folder, path, text);
      for (const tier of ['app', 'edge', 'lab']) {
        plant(folder, `src/${tier}/planted-target.ts`, 'export const target = 1;\n');
      }
      check(
        typeOffences,
        ['src/core', 'src/app', 'src/lab'].flatMap((tier) => compile(folder, tier)),
      );
    });
  });

  test('the sources as they are pass both', () => {
    withFolder((folder) => {
      copySources(folder);
      checkClean(lint(folder), 'linter');
      checkClean(compile(folder), 'compiler');
    });
  });
});
