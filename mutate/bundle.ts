// Bundles the tests, so that running one costs the start of a bare Node and no compiler.
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

const BAIL = fileURLToPath(new URL('bail.mjs', import.meta.url));

/** A test that fails ends the run: what the others would have said does not count. */
const bail: Plugin = {
  name: 'bail',
  setup({ onResolve }) {
    onResolve({ filter: /^node:test$/ }, ({ importer }) =>
      importer === BAIL ? { path: 'node:test', external: true } : { path: BAIL },
    );
  },
};

/**
 * Writes one module a test into `out`, and one (`all.mjs`) that runs them all.
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
    plugins: [ownPlace, bail],
  });
  return new Map(tests.map((test) => [test, join(out, `${nameOf(test)}.mjs`)]));
}

function nameOf(test: string): string {
  return test.replaceAll(/[\\/]/g, '--').replace(/\.ts$/, '');
}
