// What is fuzzed: for each format a small valid input made by the tests' builders, and a reader that
// looks at all of it. Inputs are ours, so that what a run finds may be kept in the repository.
import { Writer } from '../src/core/bytes/writer.ts';
import { eventToXml, openLog, queryEvents, readAllEvents } from '../src/core/formats/evtx/index.ts';
import { openImage } from '../src/core/formats/image/open-image.ts';
import { findFiles, listDirectory, openFile, openVolume } from '../src/core/formats/ntfs/index.ts';
import { readPartitions, recogniseVolume } from '../src/core/formats/partition/index.ts';
import { openHive, readSubtree, recoverHive } from '../src/core/formats/regf/index.ts';
import { bottom, readAt, type Walker } from '../src/core/formats/walker.ts';
import { drive } from '../test/core/formats/drive.ts';
import {
  buildLog as buildEvtx,
  ChunkBuilder,
  NEW_YEAR,
  storeEvent,
} from '../test/core/formats/evtx/build-log.ts';
import { buildVhd } from '../test/core/formats/image/build-vhd.ts';
import { buildVhdx, MIB, STATE } from '../test/core/formats/image/build-vhdx.ts';
import { buildVolume, resident, Type } from '../test/core/formats/ntfs/build-volume.ts';
import { gptDisk, putMbr } from '../test/core/formats/partition/build-disk.ts';
import { buildHive, buildLog, dword, sz } from '../test/core/formats/regf/build-hive.ts';
import type { Target } from './target.ts';
import { WIRE_TARGETS } from './wire-targets.ts';

/** No anomaly, no value and no refusal is a finding; only an exception or a hang is. */
function walk<T>(bytes: Uint8Array, program: (size: number) => Walker<T>): T {
  return drive(program(bytes.length), bytes).value;
}

const HIVE = buildHive({
  name: 'ROOT',
  subkeys: [
    { name: 'Select', values: [{ name: 'Current', type: 4, data: dword(1) }] },
    {
      name: 'ControlSet001',
      list: 'ri-lh',
      subkeys: ['Control', 'Enum', 'Services'].map((name) => ({
        name,
        list: 'lf' as const,
        values: [
          { name: 'Text', type: 1, data: sz('some text') },
          { name: 'Big', type: 3, data: new Uint8Array(40_000) },
        ],
        subkeys: [{ name: 'Below', className: 'class' }],
      })),
    },
  ],
});

function readHive(bytes: Uint8Array, log?: Uint8Array): void {
  const whole = log === undefined ? bytes : new Writer().bytes(bytes).bytes(log).toBytes();
  walk(whole, function* () {
    const logs = log === undefined ? [] : [part(bytes.length, log.length)];
    const opened = yield* openHive(part(0, bytes.length), logs);
    if (!opened.ok) return;
    yield* readSubtree(opened.hive, '', { keys: 2000, dataBytes: 1 << 22 });
    yield* recoverHive(opened.hive);
  });
}

/** A part of the fuzzed bytes as a medium of its own. */
function part(offset: number, length: number) {
  const whole = bottom(offset + length);
  return {
    size: length,
    read: (ranges: Parameters<typeof whole.read>[0]) =>
      whole.read(
        ranges.map((range) => ({
          offset: offset + range.offset,
          length: Math.max(0, Math.min(range.length, length - range.offset)),
        })),
      ),
  };
}

export const TARGETS: Readonly<Record<string, Target>> = {
  regf: { seeds: () => [HIVE.bytes], read: (bytes) => readHive(bytes) },
  'regf-log': {
    seeds: () => {
      const hiveBinsSize = HIVE.bytes.length - 4096;
      const page = { offset: 0, bytes: HIVE.bytes.slice(4096, 8192) };
      return [
        buildLog(HIVE, [
          { sequence: 2, hiveBinsSize, pages: [page] },
          { sequence: 3, hiveBinsSize: hiveBinsSize + 4096, pages: [page] },
        ]),
      ];
    },
    read: (bytes) => {
      const dirty = HIVE.bytes.slice();
      dirty[4] = 9;
      readHive(dirty, bytes);
    },
  },
  evtx: {
    seeds: () => {
      const chunk = new ChunkBuilder();
      for (let id = 1; id <= 4; id += 1) chunk.record(id, NEW_YEAR, storeEvent({ id, time: NEW_YEAR }));
      return [buildEvtx([chunk.build()])];
    },
    read: (bytes) =>
      walk(bytes, function* (size) {
        const log = yield* openLog(bottom(size));
        yield* readAllEvents(log, (_, record) => void eventToXml(record));
        yield* queryEvents(log, { limit: 10, select: [{ provider: 'Test-Provider', ids: [1, 2] }] });
      }),
  },
  ntfs: {
    seeds: () => [
      buildVolume({
        root: [{ name: 'file.txt', record: 30 }],
        records: [{ number: 30, attributes: [resident(Type.Data, new Uint8Array(100).fill(65))] }],
      }),
    ],
    read: (bytes) =>
      walk(bytes, function* (size) {
        yield* recogniseVolume(bottom(size));
        const opened = yield* openVolume(bottom(size));
        if (!opened.ok) return;
        yield* listDirectory(opened.volume, '\\');
        const { lookups } = yield* findFiles(opened.volume, ['\\file.txt', '\\Windows\\System32']);
        for (const lookup of lookups) {
          if (lookup.kind !== 'found' || lookup.files[0] === undefined) continue;
          const file = openFile(opened.volume, lookup.files[0].file);
          if (file.ok) yield* readAt(file.medium, 0, 65_536);
        }
      }),
  },
  partition: {
    seeds: () => {
      const mbr = new Uint8Array(512 * 256);
      putMbr(mbr, 0, [
        { type: 7, first: 16, sectors: 64, status: 0x80 },
        { type: 5, first: 100, sectors: 100 },
      ]);
      putMbr(mbr, 512 * 100, [{ type: 7, first: 1, sectors: 8 }]);
      return [mbr, gptDisk(512), gptDisk(4096)];
    },
    read: (bytes) => void walk(bytes, (size) => readPartitions(bottom(size))),
  },
  vhd: {
    seeds: () => {
      const blockSize = 4096;
      const data = new Uint8Array(blockSize).fill(7);
      const plan = { size: blockSize * 8, blockSize, id: 1, blocks: new Map([[2, { data }]]) };
      return [buildVhd(plan), buildVhd({ ...plan, parent: { id: 2, name: 'p.vhd', relative: '.\\p.vhd' } })];
    },
    read: readImage,
  },
  vhdx: {
    seeds: () => [
      buildVhdx({
        size: MIB * 4,
        blockSize: MIB,
        id: 1,
        blocks: new Map([[1, { state: STATE.full, data: new Uint8Array(MIB) }]]),
      }),
    ],
    read: readImage,
  },
  ...WIRE_TARGETS,
};

function readImage(bytes: Uint8Array): void {
  walk(bytes, function* (size) {
    const opened = yield* openImage(bottom(size));
    if (!opened.ok) return;
    const { disk } = opened.image;
    yield* disk.read([
      { offset: 0, length: 4096 },
      { offset: Math.max(0, Math.floor(disk.size / 2)), length: 65_536 },
      { offset: Math.max(0, disk.size - 4096), length: 8192 },
    ]);
  });
}
