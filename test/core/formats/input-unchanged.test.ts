// Whoever hands a Buffer to the library finds it unchanged, and gets the same answers as from a Uint8Array.
// (`slice` of a Buffer is a view: a decoder that writes into such a "copy" damages the caller's file.)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyBytes } from '../../../src/core/bytes/copy.ts';
import { eventToXml, openLog, readAllEvents } from '../../../src/core/formats/evtx/index.ts';
import { openImage } from '../../../src/core/formats/image/index.ts';
import { findFiles, listDirectory, openFile, openVolume } from '../../../src/core/formats/ntfs/index.ts';
import { readPartitions } from '../../../src/core/formats/partition/index.ts';
import { openHive, readSubtree, recoverHive } from '../../../src/core/formats/regf/index.ts';
import { bottom, readAt, type Walker, walkBytes } from '../../../src/core/formats/walker.ts';
import { buildLog as buildEvtx, ChunkBuilder, NEW_YEAR, storeEvent } from './evtx/build-log.ts';
import { buildVhd } from './image/build-vhd.ts';
import { buildVhdx, MIB, STATE } from './image/build-vhdx.ts';
import { buildVolume, nonResident, resident, Type } from './ntfs/build-volume.ts';
import { gptDisk } from './partition/build-disk.ts';
import { buildHive, buildLog, dword, sz } from './regf/build-hive.ts';

interface Row {
  readonly files: readonly Uint8Array[];
  /** Reads all that there is; what comes back is compared. */
  readonly read: (files: readonly Uint8Array[]) => Walker<unknown>;
}

const hive = buildHive({
  name: 'ROOT',
  values: [
    { name: 'Inline', type: 4, data: dword(1) },
    { name: 'Text', type: 1, data: sz('some text') },
    { name: 'Big', type: 3, data: new Uint8Array(40_000).fill(3) },
  ],
  subkeys: [{ name: 'Below' }],
});
const dirty = copyBytes(hive.bytes);
dirty[4] = 9;

function* readHive([primary, log]: readonly Uint8Array[]): Walker<unknown> {
  const opened = yield* openHive(
    bottom(primary?.length ?? 0),
    log === undefined ? [] : [bottom(log.length, 1)],
  );
  assert.ok(opened.ok);
  const tree = yield* readSubtree(opened.hive, '');
  return { state: opened.state, tree, recovered: yield* recoverHive(opened.hive) };
}

function* readImage([file]: readonly Uint8Array[]): Walker<unknown> {
  const opened = yield* openImage(bottom(file?.length ?? 0));
  assert.ok(opened.ok);
  return yield* opened.image.disk.read([{ offset: 0, length: MIB * 2 }]);
}

const rows: Readonly<Record<string, Row>> = {
  'a hive': { files: [hive.bytes], read: readHive },
  'a hive with its log': {
    files: [
      dirty,
      buildLog(hive, [
        {
          sequence: 2,
          hiveBinsSize: hive.bytes.length - 4096,
          pages: [{ offset: 0, bytes: copyBytes(hive.bytes, 4096, 8192) }],
        },
      ]),
    ],
    read: readHive,
  },
  'an event log': {
    files: [
      buildEvtx([new ChunkBuilder().record(1, NEW_YEAR, storeEvent({ id: 1, time: NEW_YEAR })).build()]),
    ],
    *read([file]) {
      const seen: unknown[] = [];
      const log = yield* openLog(bottom(file?.length ?? 0));
      yield* readAllEvents(log, (event, record) => void seen.push(event, eventToXml(record)));
      return seen;
    },
  },
  'an NTFS volume': {
    files: [
      buildVolume({
        root: [
          { name: 'packed', record: 31 },
          { name: 'small', record: 30 },
        ],
        records: [
          { number: 30, attributes: [resident(Type.Data, new Uint8Array(100).fill(65))] },
          {
            number: 31,
            attributes: [
              nonResident({
                type: Type.Data,
                runs: [{ lcn: 64, clusters: 1 }, { clusters: 15 }],
                size: 60_000,
                initialisedSize: 5000,
                flags: 1,
                unitShift: 4,
              }),
            ],
          },
        ],
      }),
    ],
    *read([file]) {
      const opened = yield* openVolume(bottom(file?.length ?? 0));
      assert.ok(opened.ok);
      const listed = yield* listDirectory(opened.volume, '\\');
      const { lookups } = yield* findFiles(opened.volume, ['\\small', '\\packed']);
      const contents: unknown[] = [];
      for (const lookup of lookups) {
        assert.ok(lookup.kind === 'found' && lookup.files[0] !== undefined);
        const file = openFile(opened.volume, lookup.files[0].file);
        assert.ok(file.ok);
        contents.push(yield* readAt(file.medium, 0, 60_000));
      }
      return { listed, contents };
    },
  },
  'a GPT': { files: [gptDisk(512)], read: ([file]) => readPartitions(bottom(file?.length ?? 0)) },
  'a VHD': {
    files: [
      buildVhd({
        size: 32_768,
        blockSize: 4096,
        id: 1,
        blocks: new Map([[2, { data: new Uint8Array(4096).fill(7) }]]),
      }),
    ],
    read: readImage,
  },
  'a VHDX': {
    files: [
      buildVhdx({
        size: MIB * 2,
        blockSize: MIB,
        id: 1,
        blocks: new Map([[1, { state: STATE.full, data: new Uint8Array(MIB).fill(9) }]]),
      }),
    ],
    read: readImage,
  },
};

for (const [name, { files, read }] of Object.entries(rows)) {
  test(`${name} is the same from a Buffer as from a Uint8Array, and neither is changed`, () => {
    const answers = [copyBytes, (bytes: Uint8Array) => Buffer.from(bytes)].map((make) => {
      const given = files.map((file) => make(file));
      const [first = new Uint8Array(), ...further] = given;
      const answer = walkBytes(read(given), first, ...further);
      for (const [index, file] of given.entries()) {
        assert.ok(Buffer.compare(file, files[index] ?? new Uint8Array()) === 0, `file ${index} was changed`);
      }
      return plain(answer);
    });
    assert.deepEqual(answers[1], answers[0]);
  });
}

test('a copy shares nothing with a Buffer', () => {
  const buffer = Buffer.from([1, 2, 3]);
  const copy = copyBytes(buffer, 1);
  copy.fill(0);
  assert.deepEqual([...buffer], [1, 2, 3]);
  assert.equal(copy.length, 2);
});

/** Without the type of the arrays, which is the caller's, and which deepEqual would compare. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, of]) =>
      key === 'file' || key === 'medium' ? [] : [[key, plain(of)]],
    ),
  );
}
