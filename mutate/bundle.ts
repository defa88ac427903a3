// Bundles the tests, so that loading them needs no compiler.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** Tests find their data beside them; in a bundle they would look beside the bundle. */
const ownPlace: Plugin = {
  name: 'own-place',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: 'ts',
    }));
  },
};

const COLLECT = fileURLToPath(new URL('collect.mjs', import.meta.url));

/** Tests are gathered instead of run. */
const collect: Plugin = {
  name: 'collect',
  setup({ onResolve }) {
    onResolve({ filter: /^node:test$/ }, () => ({ path: COLLECT }));
  },
};

/**
 * Writes one module a test into `out`.
 * @param tests below `copy`
 * @returns the path of each module, by its test
 */
export async function bundleTests(
  copy: string,
  tests: readonly string[],
  out: string,
): Promise<ReadonlyMap<string, string>> {
  await build({
    absWorkingDir: copy,
    entryPoints: tests.map((test) => ({ in: test, out: nameOf(test) })),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    outdir: out,
    logLevel: 'error',
    plugins: [ownPlace, collect],
  });
  return new Map(tests.map((test) => [test, join(out, `${nameOf(test)}.mjs`)]));
}

function nameOf(test: string): string {
  return test.replaceAll(/[\\/]/g, '--').replace(/\.ts$/, '');
}
