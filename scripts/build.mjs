// Builds dist/: checks the types, writes the declarations of the library, and bundles.
// - dist/bin.js and dist/chunks: the command. CommonJS, since it starts sooner than ES modules do, and
//   in pieces, so that `--help` does not read what only a diagnosis needs.
// - dist/lib: what the package exports, as ES modules with their declarations.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** The oldest Node that the package promises to run on. */
const target = 'node20.19';

/** Subpath exports of the package, by the folder of core that holds each. */
const library = {
  regf: 'src/core/formats/regf/index.ts',
  evtx: 'src/core/formats/evtx/index.ts',
  ntfs: 'src/core/formats/ntfs/index.ts',
  partition: 'src/core/formats/partition/index.ts',
  vhd: 'src/core/formats/image/index.ts',
  report: 'src/core/model/index.ts',
};

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Bundled packages: their licences ask to be passed on. */
const bundled = [
  'commander',
  '@noble/ciphers',
  '@noble/hashes',
  'ssh2',
  // What ssh2 needs.
  'asn1',
  'bcrypt-pbkdf',
  'safer-buffer',
  'tweetnacl',
];

/**
 * ssh2 has parts in C++ that it does without where they were not built. They are left out wherever the
 * bundle is made, so that it is the same everywhere and runs on every machine.
 */
const withoutNativeParts = {
  name: 'without-native-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.node$|^cpu-features$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: "throw new Error('not part of the bundle');",
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target,
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay, so that what RDPDOCTOR_DEBUG=1 prints can be read without a source map.
  minifyIdentifiers: false,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: dist,
};

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The command: split as ES modules, which is what esbuild can split, then each piece as CommonJS. */
async function buildCommand() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: { bin: 'src/bin.ts' },
    chunkNames: 'chunks/[name]-[hash]',
    define: { RDPDOCTOR_VERSION: JSON.stringify(version) },
    plugins: [withoutNativeParts],
    write: false,
  });
  rmSync(join(dist, 'chunks'), { recursive: true, force: true });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target,
      minifyWhitespace: true,
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': 'importMetaUrl' },
      ...(text.includes('import.meta.url')
        ? { banner: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" }
        : {}),
    });
    write(path, code);
  }
  write(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  chmodSync(join(dist, 'bin.js'), 0o755);
}

async function buildLibrary() {
  const outdir = join(dist, 'lib');
  rmSync(join(outdir, 'chunks'), { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: library,
    platform: 'neutral',
    chunkNames: 'chunks/[name]-[hash]',
    outdir,
  });
  write(join(outdir, 'package.json'), '{ "type": "module" }\n');
}

function writeLicences() {
  const texts = bundled.map((name) => {
    const folder = join(root, 'node_modules', name);
    const its = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${name} ${its.version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n`;
  });
  write(join(dist, 'THIRD-PARTY.txt'), texts.join(`\n${'-'.repeat(72)}\n\n`));
}

const { status } = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: 'inherit' });
if (status === 0) {
  await buildCommand();
  await buildLibrary();
  writeLicences();
}
process.exitCode = status ?? 1;
