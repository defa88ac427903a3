// Disks made to end the program: counts that cost no bytes, sizes that only metadata state, data that unpacks
// to many times itself. Whatever they say, memory stays below 400 MB and the time limit holds.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { copyBytes } from '../../../src/core/bytes/copy.ts';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../src/core/bytes/writer.ts';
import { marvin32 } from '../../../src/core/crypto/marvin32.ts';
import {
  buildLog as buildEvtx,
  ChunkBuilder,
  type ElementSpec,
  fileHeader,
  type InnerXml,
  NEW_YEAR,
  storeEvent,
  text,
  value,
} from '../../core/formats/evtx/build-log.ts';
import { baseBlock, sealBaseBlock } from '../../core/formats/regf/build-hive.ts';
import { temporaryFolder } from '../../peers/processes.ts';
import { MainProcess } from '../run-main.ts';
import { nonResident, plantVolume, resident, smallSystem, Type } from './hostile-volume.ts';

const MIB = 2 ** 20;
const TIB = 2 ** 40;
/** What every disk may cost, the program and what compiles it included. */
const MOST_RSS = 400 * MIB;
/** `--timeout 5` on a machine that has other things to do. */
const MOST_MILLIS = 15_000;

/** What the disk says all the same; on a busy machine the time may be over before. */
const READ_OR_LATE = /PLANTED|the time limit was reached/;

const folder = temporaryFolder({ after: (end) => after(end) }, 'hostile-disks');

/** Diagnoses it in a process of its own, since the most memory is counted over its life. */
async function checkHarmless(name: string, volume: Uint8Array, says?: RegExp): Promise<void> {
  const path = join(folder, `${name}.raw`);
  writeFileSync(path, volume);
  const program = await MainProcess.start();
  try {
    const ran = await program.run(['diagnose', '--disk', path, '--timeout', '5', '--json']);
    assert.ok([1, 3].includes(ran.status), `status ${ran.status}: ${ran.stderr}`);
    assert.ok(ran.maxRssBytes < MOST_RSS, `${Math.round(ran.maxRssBytes / MIB)} MB`);
    assert.ok(ran.millis < MOST_MILLIS, `${Math.round(ran.millis)} ms`);
    if (says !== undefined) assert.match(ran.stdout, says);
  } finally {
    program.end();
  }
}

const HIVE = smallSystem();

/** A SYSTEM hive whose last write had not ended. */
function dirtySystem(): Uint8Array {
  const bytes = copyBytes(HIVE.bytes);
  new DataView(bytes.buffer).setUint32(4, 2, true);
  sealBaseBlock(bytes);
  return bytes;
}

/** The head of a log with one entry of this size, which says that it has so many pages; all else is zeros. */
function logOfZeros(size: number, pages: number): Uint8Array {
  const seed = 0x82ef4d887a4e55c5n;
  const header = new Writer()
    .bytes(new TextEncoder().encode('HvLE'))
    .u32le(size)
    .u32le(0)
    .u32le(1)
    .u32le(HIVE.bytes.length - 4096)
    .u32le(pages)
    .u64le(marvin32(new Uint8Array(size - 40), seed));
  return concat(
    baseBlock({ primarySequence: 1 }, 32, HIVE.bytes.length - 4096, 6, 512),
    header.u64le(marvin32(header.toBytes(), seed)).toBytes(),
  );
}

describe('hives', () => {
  for (const megabytes of [250, 12]) {
    test(`a log of ${megabytes} MB whose one entry lists a reference of no length for every eight bytes`, async () => {
      const size = megabytes * MIB - 512;
      const log = logOfZeros(size, Math.floor((size - 40) / 8));
      await checkHarmless(
        `references-${megabytes}`,
        plantVolume({
          SYSTEM: { stored: dirtySystem() },
          'SYSTEM.LOG1': { stored: log, size: size + 512 },
        }),
        READ_OR_LATE,
      );
    });
  }

  test('a hive of 2 GiB with a log of 200 GiB', async () => {
    const bytes = dirtySystem();
    new DataView(bytes.buffer).setUint32(40, 2 ** 31, true);
    sealBaseBlock(bytes);
    await checkHarmless(
      'long',
      plantVolume({
        SYSTEM: { stored: bytes, size: 2 ** 31 + 4096 },
        'SYSTEM.LOG': { stored: logOfZeros(4096, 0), size: 200 * 2 ** 30 },
      }),
    );
  });

  test('a key whose 262,144 subkeys all lie over each other, in a list without hashes', async () => {
    await checkHarmless('subkeys', plantVolume({ SYSTEM: { stored: manySubkeys() } }));
  });
});

/** A hive whose root lists four leaves of 65,535 elements each, at cells that begin every eight bytes. */
function manySubkeys(): Uint8Array {
  const bins = new Uint8Array(256 * 1024);
  const view = new DataView(bins.buffer);
  view.setUint32(0, 0x6e696268, true);
  view.setUint32(8, bins.length, true);
  const ascii = (at: number, word: string): void => bins.set(new TextEncoder().encode(word), at);
  const key = (at: number, subkeys: number, list: number, name: string): void => {
    view.setInt32(at, -96, true);
    ascii(at + 4, 'nk');
    view.setUint16(at + 6, 0x24, true);
    view.setUint32(at + 20, 0xffffffff, true);
    view.setUint32(at + 24, subkeys, true);
    view.setUint32(at + 32, list, true);
    view.setUint32(at + 44, 0xffffffff, true);
    view.setUint32(at + 52, 0xffffffff, true);
    view.setUint16(at + 76, name.length, true);
    ascii(at + 80, name);
  };
  const root = 32;
  const index = 160;
  const leaf = 1024;
  key(root, 262_144, index, 'ROOT');
  view.setInt32(index, -64, true);
  ascii(index + 4, 'ri');
  view.setUint16(index + 6, 4, true);
  for (let at = 0; at < 4; at += 1) view.setUint32(index + 8 + at * 4, leaf + at * 8, true);
  // Each leaf is as long as the hive has room for, and they lie over each other.
  for (let at = 0; at < 4; at += 1) {
    view.setInt32(leaf + at * 8, -(bins.length - leaf - 64), true);
    ascii(leaf + at * 8 + 4, 'li');
    view.setUint16(leaf + at * 8 + 6, 0xffff, true);
  }
  for (let at = leaf + 64; at + 4 <= bins.length; at += 4)
    view.setUint32(at, root + ((at % 4096) & ~7), true);
  return concat(baseBlock({}, root, bins.length, 0, 4096), bins);
}

/** One value is put in many times, and is such a template itself. */
function nested(depth: number): InnerXml {
  const template: ElementSpec = { name: 'Data', content: new Array<number>(40).fill(0) };
  return (chunk) =>
    void chunk.instance(template, [depth === 0 ? text('x'.repeat(200)) : value(0x21, nested(depth - 1))]);
}

function bombs(slots: number): Uint8Array {
  return buildEvtx(
    Array.from({ length: slots }, (_, slot) => {
      const chunk = new ChunkBuilder();
      for (let id = 1; chunk.length < 60_000; id += 1) {
        chunk.record(
          slot * 1000 + id,
          NEW_YEAR,
          storeEvent({ id: 7036, time: NEW_YEAR, payload: nested(3) }),
        );
      }
      return chunk.build();
    }),
    fileHeader({ flags: 1 }),
  );
}

describe('event logs', () => {
  const system = { SYSTEM: { stored: HIVE.bytes } };
  test('a log of 15 TB that is a hole', async () => {
    await checkHarmless(
      'hole',
      plantVolume(system, { 'System.evtx': { stored: fileHeader({ flags: 1 }), size: 15 * TIB } }),
      READ_OR_LATE,
    );
  });
  test('logs of 15 TB that begin with two chunks of nested templates', async () => {
    const planted = { stored: bombs(2), size: 15 * TIB };
    await checkHarmless('bombs', plantVolume(system, { 'Security.evtx': planted, 'System.evtx': planted }));
  });
});

describe('files', () => {
  const system = { SYSTEM: { stored: HIVE.bytes } };
  test('a log that NTFS compresses, of 15 TB, whose every unit is the same bytes', async () => {
    // LZNT1: a chunk of 4 KiB out of one literal and one match, sixteen to a unit.
    const one = Uint8Array.of(0x03, 0xb0, 0x02, 0x45, 0xfc, 0x0f);
    await checkHarmless(
      'lznt1',
      plantVolume(system, {
        'System.evtx': {
          stored: concat(...new Array<Uint8Array>(16).fill(one)),
          attributes: (lcn) => [
            nonResident({
              type: Type.Data,
              flags: 1,
              unitShift: 4,
              runs: Array.from({ length: 60 }, (_, index) =>
                index % 2 === 0
                  ? { lcn: lcn + (index % 4) / 2, clusters: 1 }
                  : { clusters: index === 59 ? 2 ** 30 : 15 },
              ),
              size: 15 * TIB,
            }),
          ],
        },
      }),
    );
  });
  test('a WOF file of 200 GiB, and one of 15 TB, with tables of chunks that are holes', async () => {
    for (const size of [200 * 2 ** 30, 15 * TIB]) {
      await checkHarmless(
        `wof-${size}`,
        plantVolume(system, {
          'System.evtx': {
            stored: fileHeader(),
            attributes: () => [
              nonResident({ type: Type.Data, runs: [{ clusters: Math.ceil(size / 4096) }], size }),
              nonResident({
                type: Type.Data,
                name: 'WofCompressedData',
                runs: [{ clusters: Math.ceil(size / 4096) }],
                size,
              }),
              resident(
                Type.ReparsePoint,
                new Writer()
                  .u32le(0x8000_0017)
                  .u16le(16)
                  .u16le(0)
                  .u32le(1)
                  .u32le(2)
                  .u32le(1)
                  .u32le(0)
                  .toBytes(),
              ),
            ],
          },
        }),
      );
    }
  });
  test('attribute lists that name the file itself, and a list in a list', async () => {
    const entry = (record: number): Uint8Array =>
      new Writer()
        .u32le(0x80)
        .u16le(32)
        .u8(0)
        .u8(26)
        .u64le(0n)
        .u32le(record)
        .u16le(0)
        .u16le(1)
        .zeros(8)
        .toBytes();
    const list = resident(Type.AttributeList, concat(...[30, 31, 32, 50, 51].map(entry)));
    await checkHarmless(
      'lists',
      plantVolume(
        { SYSTEM: { stored: HIVE.bytes, attributes: () => [list] } },
        { 'System.evtx': { stored: new Uint8Array(1), attributes: () => [list] } },
        [50, 51].map((number) => ({ number, attributes: [list], base: 30 })),
      ),
    );
  });
  test('a folder whose index goes round in circles', async () => {
    const volume = plantVolume(system);
    // The root's record is taken for every folder: its own child, and so on for ever.
    const at = 4 * 4096 + 25 * 1024;
    const path = encodeUtf16le('config');
    const found = Buffer.from(volume.buffer).indexOf(Buffer.from(path), at);
    volume[found - 66 - 16] = 25;
    await checkHarmless('circle', volume);
  });
});
