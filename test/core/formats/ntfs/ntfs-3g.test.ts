// What ntfs-3g writes is read as it was meant; the Sleuth Kit and ntfs-3g give second opinions.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statfsSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { AttributeType } from '../../../../src/core/formats/ntfs/attribute.ts';
import { findStream, openFile } from '../../../../src/core/formats/ntfs/file.ts';
import { type FoundFile, findFiles, listDirectory } from '../../../../src/core/formats/ntfs/find-files.ts';
import { openVolume } from '../../../../src/core/formats/ntfs/open-volume.ts';
import { readSecurityDescriptor } from '../../../../src/core/formats/ntfs/security.ts';
import type { Volume } from '../../../../src/core/formats/ntfs/volume.ts';
import { bottom, type ReadResult, readAt } from '../../../../src/core/formats/walker.ts';
import { requirePeer } from '../../../peers/require-peer.ts';
import { type Driven, drive } from '../drive.ts';
import { type MadeVolume, makeVolume } from './ntfs-3g.ts';
import { compressByWimlib } from './wim.ts';

const random = (size: number) => new Uint8Array(randomBytes(size));
const text = (size: number) =>
  new TextEncoder().encode('the session host refused the connection; '.repeat(size / 40)).subarray(0, size);

function open(made: MadeVolume): { readonly volume: Volume; readonly rounds: number } {
  const { value, rounds } = drive(openVolume(bottom(made.size)), made.read);
  assert.ok(value.ok, inspect(value));
  assert.deepEqual(value.anomalies, []);
  return { volume: value.volume, rounds };
}

/** Finds paths and gives the files in their order, with what that cost. */
function find(made: MadeVolume, volume: Volume, paths: readonly string[]): Driven<FoundFile[]> {
  const driven = drive(findFiles(volume, paths), made.read);
  assert.deepEqual(driven.value.anomalies, []);
  const files = driven.value.lookups.flatMap((lookup) => {
    assert.ok(lookup.kind === 'found', inspect(lookup));
    assert.deepEqual(lookup.problems, []);
    return lookup.files;
  });
  return { ...driven, value: files };
}

function contents(made: MadeVolume, volume: Volume, found: FoundFile, stream?: string): Uint8Array {
  const opened = openFile(volume, found.file, stream);
  assert.ok(opened.ok, inspect(opened));
  const { value }: Driven<ReadResult> = drive(readAt(opened.medium, 0, opened.medium.size), made.read);
  assert.ok(value.ok, inspect(value));
  return value.bytes;
}

function sameBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  assert.equal(actual.length, expected.length, what);
  assert.ok(Buffer.from(actual).equals(expected), what);
}

/** Reads files by name and compares them with what was written. */
function checkFiles(made: MadeVolume, written: ReadonlyMap<string, Uint8Array>): void {
  const { volume } = open(made);
  const paths = [...written.keys()];
  const { value } = find(
    made,
    volume,
    paths.map((path) => path.toUpperCase()),
  );
  for (const [index, path] of paths.entries()) {
    const found = value[index];
    assert.ok(found !== undefined);
    assert.equal(found.path, `\\${path.replaceAll('/', '\\')}`);
    sameBytes(contents(made, volume, found), written.get(path) ?? new Uint8Array(0), path);
  }
}

/** Every path of the volume, by our listings and by fls: without metadata files, streams and deleted ones. */
function checkListing(made: MadeVolume): void {
  const { volume } = open(made);
  const ours: string[] = [];
  const walk = (path: string) => {
    const { value } = drive(listDirectory(volume, path), made.read);
    assert.ok(value.kind === 'found', inspect(value));
    assert.deepEqual(value.anomalies, []);
    for (const entry of value.entries) {
      if (entry.reference.record < 24) continue;
      ours.push(entry.path.slice(1).replaceAll('\\', '/'));
      if (entry.isDirectory) walk(entry.path);
    }
  };
  walk('');
  const output = execFileSync('fls', ['-rpu', '-f', 'ntfs', made.path], { maxBuffer: 64 << 20 }).toString();
  const theirs = output
    .split('\n')
    .flatMap((line) => /^[-rd]\/[-rd] (\d+)-\d+-\d+:\t(.*)$/.exec(line)?.slice(1) ?? [])
    .filter((_, index, all) => index % 2 === 1 && Number(all[index - 1]) >= 24)
    .filter((path) => !/:[^/]*$|^\$/.test(path));
  assert.deepEqual(ours.sort(), [...new Set(theirs)].sort());
}

function available(t: TestContext): boolean {
  return requirePeer(t, 'mkntfs', 'ntfs-3g', 'fls', 'setfattr');
}

function setAttribute(path: string, name: string, value: Uint8Array): void {
  execFileSync('setfattr', ['-h', '-n', name, '-v', `0x${Buffer.from(value).toString('hex')}`, path]);
}

function writeTree(folder: string, written: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of written) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** Where Windows keeps what a diagnosis reads, among as many files as make System32 a tree of two levels. */
function windowsTree(): Map<string, Uint8Array> {
  const written = new Map<string, Uint8Array>();
  for (const hive of ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM']) {
    written.set(`Windows/System32/config/${hive}`, random(90_000));
    for (const log of ['LOG1', 'LOG2']) written.set(`Windows/System32/config/${hive}.${log}`, random(9_000));
  }
  for (let index = 0; index < 300; index += 1) {
    const name = `Microsoft-Windows-Something%4Operational ${index}.evtx`;
    written.set(`Windows/System32/winevt/Logs/${name}`, text(2000));
  }
  for (let index = 0; index < 2500; index += 1) {
    written.set(`Windows/System32/library ${index}.dll`, new Uint8Array(0));
  }
  return written;
}

test('a Windows-like volume: contents, names, and what finding them costs', async (t) => {
  if (!available(t)) return;
  const written = windowsTree();
  const options = { size: 60 << 20, clusterSize: 4096, label: 'Größe' };
  const made = await makeVolume(t, options, (folder) => writeTree(folder, written));
  checkFiles(made, written);
  checkListing(made);

  const opened = open(made);
  assert.equal(opened.volume.label, 'Größe');
  assert.equal(opened.rounds, 2);
  const config = String.raw`\Windows\System32\config`;
  const one = find(made, open(made).volume, [`${config}\\SYSTEM`]);
  const hives = ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM'].flatMap((hive) =>
    ['', '.LOG1', '.LOG2'].map((log) => `${config}\\${hive}${log}`),
  );
  const logs = String.raw`\Windows\System32\winevt\Logs\*.evtx`;
  const all = find(made, open(made).volume, [...hives, logs]);
  assert.equal(all.value.length, 12 + 300);
  const cost = ({ rounds, ranges, bytesRead }: Driven<unknown>) => ({ rounds, ranges, bytesRead });
  t.diagnostic(`open ${opened.rounds}; SYSTEM ${inspect(cost(one))}; everything ${inspect(cost(all))}`);
  // offline.md found eight dependent rounds from the $MFT to a path, with blocks of 4 KiB.
  assert.ok(one.rounds <= 8, `${one.rounds} rounds`);
  // Indexes of up to a mebibyte are read whole: bytes for rounds.
  assert.ok(one.bytesRead < 1024 * 1024, `${one.bytesRead} bytes`);
  // Everything else goes along: the logs lie one directory deeper.
  assert.ok(all.rounds <= 10, `${all.rounds} rounds`);

  // Absent is not unreadable.
  const { lookups } = drive(findFiles(opened.volume, [`${config}\\DRIVERS`, 'Users\\x']), made.read).value;
  assert.deepEqual(
    lookups.map(({ kind }) => kind),
    ['absent', 'absent'],
  );
});

test('long names in every script, in a directory of many', async (t) => {
  if (!available(t)) return;
  const written = new Map<string, Uint8Array>();
  const scripts = ['ünïcödé', 'Ж', 'ελληνικά', '日本語のファイル名', '𝔘nicode beyond the plane', 'ﬀ ß ı ſ'];
  for (let index = 0; index < 900; index += 1) {
    const script = scripts[index % scripts.length] ?? '';
    written.set(`many/${script} ${index} ${'long '.repeat(index % 30)}.txt`, text(index % 5));
  }
  const made = await makeVolume(t, { size: 20 << 20, clusterSize: 4096, label: '' }, (folder) =>
    writeTree(folder, written),
  );
  // JavaScript's upper case of ß, ﬀ, ı and ſ is not NTFS': these names are looked up as they are.
  const { volume } = open(made);
  const found = find(made, volume, [...written.keys()]);
  assert.deepEqual(
    found.value.map(({ size }) => size),
    [...written.values()].map(({ length }) => length),
  );
  const upper = [...written.keys()].filter((path) => !/[ßﬀıſ𝔘]/u.test(path));
  checkFiles(made, new Map(upper.map((path) => [path, written.get(path) ?? new Uint8Array(0)])));
  checkListing(made);
});

for (const clusterSize of [512, 65_536, 2 << 20]) {
  test(`clusters of ${clusterSize} bytes`, async (t) => {
    if (!available(t)) return;
    const written = new Map<string, Uint8Array>();
    for (let index = 0; index < 120; index += 1) {
      written.set(`folder/${'a name that fills nodes '.repeat(3)}${index}`, random(index * 7));
    }
    written.set('large', random(1_000_000));
    const size = clusterSize > 1 << 20 ? 1 << 30 : 64 << 20;
    const made = await makeVolume(t, { size, clusterSize, label: 'x' }, (folder) =>
      writeTree(folder, written),
    );
    checkFiles(made, written);
    // The Sleuth Kit does not know clusters past 64 KiB.
    if (clusterSize <= 65_536) checkListing(made);
  });
}

test('fragments, attribute lists, holes, LZNT1, streams, security', async (t) => {
  if (!available(t)) return;
  const fragmented = random(6_000_000);
  const compressed = new Map<string, Uint8Array>([
    ['text', text(500_000)],
    ['random', random(150_001)],
    ['zeros', new Uint8Array(200_001)],
    ['mixed', Uint8Array.from([...text(100_000), ...random(70_000), ...new Uint8Array(50_000)])],
    ['program', new Uint8Array(readFileSync(process.execPath).subarray(0, 700_000))],
    ['small', text(40)],
    ['empty', new Uint8Array(0)],
  ]);
  // Every fourth cluster is there: more runs than one record has room for.
  const comb = new Uint8Array(800 * 16_384);
  for (let at = 0; at < comb.length; at += 16_384) comb.set(random(4096), at);
  const descriptors = new Map<string, string>();
  const made = await makeVolume(t, { size: 40 << 20, clusterSize: 4096, label: 'odd' }, (folder) => {
    mkdirSync(join(folder, 'frag'));
    mkdirSync(join(folder, 'comp'));
    setAttribute(join(folder, 'comp'), 'system.ntfs_attrib_be', Uint8Array.of(0, 0, 8, 0x10));
    for (const [name, bytes] of compressed) writeFileSync(join(folder, 'comp', name), bytes);
    // Every other cluster pair is freed in a full volume: the next file takes the gaps.
    for (let index = 0; index < 1500; index += 1)
      writeFileSync(join(folder, 'frag', `f${index}`), random(8192));
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'fill'), new Uint8Array(bavail * bsize - 200_000).fill(1));
    for (let index = 0; index < 1500; index += 2) unlinkSync(join(folder, 'frag', `f${index}`));
    writeFileSync(join(folder, 'fragmented'), fragmented);
    unlinkSync(join(folder, 'fill'));
    const teeth = openSync(join(folder, 'comb'), 'w');
    for (let at = 0; at < comb.length; at += 16_384) writeSync(teeth, comb, at, 4096, at);
    ftruncateSync(teeth, comb.length);
    closeSync(teeth);
    const sparse = openSync(join(folder, 'sparse'), 'w');
    ftruncateSync(sparse, 5_000_000);
    writeSync(sparse, 'middle', 1_000_000);
    writeSync(sparse, 'end', 4_999_990);
    closeSync(sparse);
    writeFileSync(join(folder, 'linked'), 'many names');
    for (let index = 0; index < 150; index += 1) {
      linkSync(join(folder, 'linked'), join(folder, `a rather long name for a hard link ${index}`));
    }
    writeFileSync(join(folder, 'comp', 'small:note'), 'beside it');
    for (const name of ['linked', 'comp/small', 'fragmented']) {
      const words = ['--only-values', '-h', '-n', 'system.ntfs_acl', join(folder, name)];
      descriptors.set(
        name,
        execFileSync('getfattr', words, { stdio: ['ignore', 'pipe', 'ignore'] }).toString('hex'),
      );
    }
  });
  const sparse = new Uint8Array(5_000_000);
  sparse.set(new TextEncoder().encode('middle'), 1_000_000);
  sparse.set(new TextEncoder().encode('end'), 4_999_990);
  const linked = new TextEncoder().encode('many names');
  checkFiles(
    made,
    new Map([
      ['fragmented', fragmented],
      ['comb', comb],
      ['sparse', sparse],
      ['linked', linked],
      ['a rather long name for a hard link 149', linked],
      ...[...compressed].map(([name, bytes]) => [`comp/${name}`, bytes] as const),
    ]),
  );
  checkListing(made);

  const { volume } = open(made);
  const names = ['fragmented', 'comb', 'linked', 'comp/text', 'comp/small'];
  const [fragments, teeth, links, packed, small] = find(made, volume, names).value;
  assert.ok(fragments && teeth && links && packed && small);
  // The cases are what they are meant to be.
  const runs = [fragments, teeth].map(({ file }) => findStream(file, AttributeType.Data)?.runs.length ?? 0);
  assert.ok((runs[0] ?? 0) > 10 && (runs[1] ?? 0) > 1000, `${runs} fragments`);
  const lists = [teeth, links].map(({ file }) => findStream(file, AttributeType.AttributeList));
  assert.ok(lists.every((list) => list !== undefined));
  assert.equal((findStream(packed.file, AttributeType.Data)?.flags ?? 0) & 1, 1);
  sameBytes(contents(made, volume, small, 'note'), new TextEncoder().encode('beside it'), 'note');
  // One read of a fragmented file is one round.
  const opened = openFile(volume, fragments.file);
  assert.ok(opened.ok);
  assert.equal(drive(readAt(opened.medium, 0, 6_000_000), made.read).rounds, 1);

  for (const [name, expected] of descriptors) {
    const [found] = find(made, volume, [name]).value;
    assert.ok(found);
    const { value } = drive(readSecurityDescriptor(volume, found.file), made.read);
    assert.ok(value.ok, inspect(value));
    assert.equal(Buffer.from(value.bytes).toString('hex'), expected, name);
  }
});

test('WOF files: wimlib compresses, ntfs-3g stores', async (t) => {
  if (!available(t) || !requirePeer(t, 'wimlib-imagex')) return;
  const plain = new Uint8Array(readFileSync(process.execPath).subarray(40_000_000, 40_400_123));
  const formats = [
    ['xpress4k', 'XPRESS', 4096, 0],
    ['lzx', 'LZX', 32_768, 1],
    ['xpress8k', 'XPRESS', 8192, 2],
    ['xpress16k', 'XPRESS', 16_384, 3],
  ] as const;
  const made = await makeVolume(t, { size: 20 << 20, clusterSize: 4096, label: 'wof' }, (folder) => {
    for (const [name, algorithm, chunkSize, number] of formats) {
      const path = join(folder, name);
      const packed = compressByWimlib(t, plain, algorithm, chunkSize);
      assert.ok(packed !== undefined);
      const file = openSync(path, 'w');
      ftruncateSync(file, plain.length);
      closeSync(file);
      writeFileSync(`${path}:WofCompressedData`, packed);
      const point = Uint8Array.of(
        0x17,
        0,
        0,
        0x80,
        16,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        number,
        0,
        0,
        0,
      );
      setAttribute(path, 'system.ntfs_reparse_data', point);
    }
  });
  checkFiles(made, new Map(formats.map(([name]) => [name, plain])));
});
