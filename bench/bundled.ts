import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles a script of this folder, as somebody would who ships it, so that what is measured is the
 * work and not the finding of forty files.
 * @param folder where the bundle goes
 * @returns its path
 */
export async function bundled(script: string, folder: string): Promise<string> {
  const outfile = join(folder, script.replace(/\.mjs$/, '.cjs'));
  await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [`bench/${script}`],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
