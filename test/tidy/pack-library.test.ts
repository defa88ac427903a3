// The libraries of the package as somebody else uses them: the tarball that npm packs, installed without a
// network, imported by the names in its `exports`, compiled against its types, and each put to work on a file.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { buildLog, ChunkBuilder, NEW_YEAR, storeEvent } from '../core/formats/evtx/build-log.ts';
import { buildVhd } from '../core/formats/image/build-vhd.ts';
import { buildVolume, resident, Type } from '../core/formats/ntfs/build-volume.ts';
import { gptDisk } from '../core/formats/partition/build-disk.ts';
import { buildHive, dword } from '../core/formats/regf/build-hive.ts';
import { plant, ROOT, runNode, TSC, withFolder } from './workspace.ts';

/** Runs npm, the one that runs the tests where it tells which that is. */
function npm(args: readonly string[], cwd: string): void {
  const path = process.env['npm_execpath'];
  const run = path?.endsWith('.js')
    ? spawnSync(process.execPath, [path, ...args], { cwd, encoding: 'utf8' })
    : spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  assert.equal(run.status, 0, run.stderr);
}

before(() => assert.ok(existsSync(join(ROOT, 'dist/bin.js')), 'dist/bin.js is missing: run npm run build'));

/** One use of each library, as its user writes it: text in, what it found out. */
const USES: Readonly<Record<string, string>> = {
  regf: `
    import { bottom, decodeValue, lookUp, openHive, walkBytes } from 'rdpdoctor/regf';
    function* walk(size: number) {
      const opened = yield* openHive(bottom(size));
      if (!opened.ok) return opened.problem;
      const { answers } = yield* lookUp(opened.hive, [{ path: 'Select', name: 'Current' }]);
      const [answer] = answers;
      return answer?.kind === 'value' ? decodeValue(answer.value) : answer?.kind;
    }
    export const use = (bytes: Uint8Array) => walkBytes(walk(bytes.length), bytes);`,
  evtx: `
    import { bottom, eventToXml, openLog, readAllEvents, walkBytes } from 'rdpdoctor/evtx';
    function* walk(size: number) {
      const seen: string[] = [];
      const log = yield* openLog(bottom(size));
      yield* readAllEvents(log, (event, record) => {
        const xml = eventToXml(record);
        seen.push(event.provider + ' ' + event.id + ' ' + (xml.ok && xml.value.startsWith('<Event ')));
      });
      return seen;
    }
    export const use = (bytes: Uint8Array) => walkBytes(walk(bytes.length), bytes);`,
  ntfs: `
    import { bottom, findFiles, openFile, openVolume, readAt, walkBytes } from 'rdpdoctor/ntfs';
    function* walk(size: number) {
      const opened = yield* openVolume(bottom(size));
      if (!opened.ok) return opened.problem;
      const { lookups } = yield* findFiles(opened.volume, ['\\\\FILE.TXT']);
      const [lookup] = lookups;
      if (lookup?.kind !== 'found' || lookup.files[0] === undefined) return lookup?.kind;
      const file = openFile(opened.volume, lookup.files[0].file);
      if (!file.ok) return file.problem;
      const read = yield* readAt(file.medium, 0, 5);
      return read.ok ? new TextDecoder().decode(read.bytes) : read.problem;
    }
    export const use = (bytes: Uint8Array) => walkBytes(walk(bytes.length), bytes);`,
  partition: `
    import { bottom, readPartitions, walkBytes } from 'rdpdoctor/partition';
    export const use = (bytes: Uint8Array) => {
      const table = walkBytes(readPartitions(bottom(bytes.length)), bytes);
      return [table.scheme, table.partitions.length > 0, table.anomalies.length];
    };`,
  vhd: `
    import { bottom, openImage, readAt, walkBytes } from 'rdpdoctor/vhd';
    function* walk(size: number) {
      const opened = yield* openImage(bottom(size));
      if (!opened.ok) return opened.problem;
      const read = yield* readAt(opened.image.disk, 8192, 2);
      return [opened.image.container, opened.image.disk.size, read.ok ? [...read.bytes] : read.problem];
    }
    export const use = (bytes: Uint8Array) => walkBytes(walk(bytes.length), bytes);`,
  report: `
    import { FACT_NAMES, type Report } from 'rdpdoctor/report';
    import schema from 'rdpdoctor/report.schema.json' with { type: 'json' };
    export function use(bytes: Uint8Array) {
      const report: Report = JSON.parse(new TextDecoder().decode(bytes));
      const first = report.findings.find(({ verdict }) => verdict === 'confirmed');
      const name = report.evidence['computer.name'];
      return [
        first?.cause,
        name?.state === 'present' ? name.value.toUpperCase() : name?.state,
        FACT_NAMES.length === schema.$defs.fact.enum.length,
        schema.properties.schema.const === report.schema,
      ];
    }`,
};

const FILES: Readonly<Record<string, { readonly bytes: Uint8Array; readonly expected: unknown }>> = {
  regf: {
    bytes: buildHive({
      name: 'ROOT',
      subkeys: [{ name: 'Select', values: [{ name: 'Current', type: 4, data: dword(7) }] }],
    }).bytes,
    expected: 7,
  },
  evtx: {
    bytes: buildLog([new ChunkBuilder().record(1, NEW_YEAR, storeEvent({ id: 42, time: NEW_YEAR })).build()]),
    expected: ['Test-Provider 42 true'],
  },
  ntfs: {
    bytes: buildVolume({
      root: [{ name: 'file.txt', record: 30 }],
      records: [{ number: 30, attributes: [resident(Type.Data, new TextEncoder().encode('hello'))] }],
    }),
    expected: 'hello',
  },
  partition: { bytes: gptDisk(512), expected: ['gpt', true, 0] },
  vhd: {
    bytes: buildVhd({
      size: 32_768,
      blockSize: 4096,
      id: 1,
      blocks: new Map([[2, { data: new Uint8Array(4096).fill(7) }]]),
    }),
    expected: ['VHD, dynamic', 32_768, [7, 7]],
  },
  report: {
    bytes: readFileSync(join(ROOT, 'test/golden/tls-off.json')),
    expected: ['tls-server-disabled', 'unknown', true, true],
  },
};

test('every export of the packed package is imported, compiled and used', () => {
  const { exports }: { exports: Record<string, unknown> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const names = Object.keys(exports).filter((name) => !name.endsWith('.json'));
  assert.deepEqual(
    names.sort(),
    Object.keys(USES)
      .map((name) => `./${name}`)
      .sort(),
  );

  withFolder((folder) => {
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], ROOT);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    assert.ok(tarball !== undefined, 'npm packed nothing');
    plant(folder, 'package.json', JSON.stringify({ name: 'somebody', private: true, type: 'module' }));
    npm(
      ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball)],
      folder,
    );

    for (const [name, text] of Object.entries(USES)) plant(folder, `use-${name}.ts`, text);
    for (const [name, { bytes }] of Object.entries(FILES)) writeFileSync(join(folder, `${name}.bin`), bytes);
    const options = [
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--resolveJsonModule',
      '--pretty',
      'false',
    ];
    const compiled = runNode(TSC, [...options, ...Object.keys(USES).map((name) => `use-${name}.ts`)], folder);
    assert.equal(compiled.stdout, '');
    assert.equal(compiled.status, 0);

    const script = Object.keys(USES)
      .map((name) => `said['${name}'] = (await import('./use-${name}.js')).use(readFileSync('${name}.bin'));`)
      .join('\n');
    plant(
      folder,
      'run.mjs',
      `import { readFileSync } from 'node:fs';\nconst said = {};\n${script}\nconsole.log(JSON.stringify(said));\n`,
    );
    const run = spawnSync(process.execPath, ['run.mjs'], { cwd: folder, encoding: 'utf8' });
    assert.equal(run.stderr, '');
    assert.deepEqual(
      JSON.parse(run.stdout),
      Object.fromEntries(Object.entries(FILES).map(([name, { expected }]) => [name, expected])),
    );
  });
});
