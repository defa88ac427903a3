// Puts every mutant of a folder into a copy of the sources, each behind a switch, so that one build
// serves them all: which one is on is said by an environment variable.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInstrumenter, type Instrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';

export interface Mutant {
  readonly id: string;
  /** Below the repository, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
}

/** What a person reads is held by the goldens; here the logic is. */
const LEFT_OUT = ['StringLiteral'];

const silent = () => undefined;
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort();
}

/**
 * Copies `src` and `test` of the repository to `copy` and puts the mutants of `folder` (below `src`)
 * into the copy.
 */
export async function instrument(root: string, copy: string, folder: string): Promise<readonly Mutant[]> {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of ['src', 'test', 'package.json', 'docs']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  const instrumenter: Instrumenter = createInjector()
    .provideValue('logger', logger)
    .injectFunction(createInstrumenter);
  const sources = filesOf(join(copy, 'src', folder));
  const result = await instrumenter.instrument(
    sources.map((name) => ({ name, content: readFileSync(name, 'utf8'), mutate: true })),
    { plugins: [], excludedMutations: LEFT_OUT, ignorers: [] },
  );
  for (const { name, content } of result.files) writeFileSync(name, content);
  return result.mutants.flatMap((mutant) => {
    const { id, fileName, location, mutatorName, replacement, status } = mutant;
    if (status === 'Ignored') return [];
    const source = readFileSync(join(root, relative(copy, fileName)), 'utf8').split('\n');
    return [
      {
        id,
        file: relative(copy, fileName).replaceAll('\\', '/'),
        line: location.start.line + 1,
        mutator: mutatorName,
        original: textAt(source, location),
        replacement: replacement ?? '',
      },
    ];
  });
}

interface Span {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

function textAt(lines: readonly string[], { start, end }: Span): string {
  if (start.line === end.line) return (lines[start.line] ?? '').slice(start.column, end.column);
  return [
    (lines[start.line] ?? '').slice(start.column),
    ...lines.slice(start.line + 1, end.line),
    (lines[end.line] ?? '').slice(0, end.column),
  ].join('\n');
}
