// Logs made or damaged to mislead: whatever stands in them, reading ends, soon, and throws nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { decodeChunkHeader } from '../../../../src/core/formats/evtx/chunk-header.ts';
import {
  decodeEvent,
  decodeFileHeader,
  eventToXml,
  openLog,
  queryEvents,
  readAllEvents,
} from '../../../../src/core/formats/evtx/index.ts';
import { type Anomaly, bottom } from '../../../../src/core/formats/walker.ts';
import { cpuMillis } from '../../cpu-time.ts';
import { checkManners } from '../../decoder-manners.ts';
import { drive } from '../drive.ts';
import {
  buildLog,
  ChunkBuilder,
  type ElementSpec,
  fileHeader,
  type InnerXml,
  NEW_YEAR,
  SECOND,
  storeEvent,
  text,
  u16,
  type Value,
  value,
} from './build-log.ts';

checkManners('the file header', decodeFileHeader, [fileHeader().slice(0, 128)]);
checkManners('the chunk header', decodeChunkHeader, [new ChunkBuilder().build().slice(0, 128)]);

/** Reads a log in every way there is. */
function readEveryWay(bytes: Uint8Array): {
  events: number;
  anomalies: readonly Anomaly[];
  xml: readonly string[];
} {
  const xml: string[] = [];
  const log = drive(openLog(bottom(bytes.length)), bytes).value;
  const { value: summary } = drive(
    readAllEvents(log, (_, record) => {
      const rendered = eventToXml(record);
      if (rendered.ok) xml.push(rendered.value);
      assert.ok(decodeEvent(record).ok);
    }),
    bytes,
  );
  assert.ok(summary.records <= bytes.length / 28);
  drive(
    queryEvents(log, {
      select: [{ provider: 'Test-Provider', ids: [1, 7036] }],
      sinceMillisBeforeNewest: 3000,
      limit: 5,
    }),
    bytes,
  );
  return { events: summary.events, anomalies: summary.anomalies, xml };
}

const DATA: ElementSpec = {
  name: 'EventData',
  content: [
    {
      name: 'Data',
      attributes: [['Name', 'one']],
      content: ['a', { entity: 'lt' }, { cdata: 'b' }, 0],
      dependency: 0,
    },
    { name: 'Data', content: [1] },
    { name: 'Binary', content: [2] },
  ],
};

const SAMPLE = (() => {
  const payload: InnerXml = (chunk) =>
    chunk.instance(DATA, [text('x'), value(0x81, encodeUtf16le('p\0q\0')), value(0x0e, [1, 2, 3])]);
  const chunk = (first: number) => {
    const builder = new ChunkBuilder();
    for (let id = first; id < first + 3; id += 1) {
      builder.record(id, NEW_YEAR, storeEvent({ id: 7036, time: NEW_YEAR + BigInt(id) * SECOND, payload }));
    }
    builder.record(first + 3, NEW_YEAR, (inside) => void inside.plain(DATA));
    return builder;
  };
  return { bytes: buildLog([chunk(1).build(), chunk(5).build()]), used: chunk(1).length };
})();

/** A place that something stands at: the file header, or the header and records of a chunk. */
const place = fc
  .tuple(fc.constantFrom(0, 4096, 4096, 4096 + 65536), fc.nat(SAMPLE.used))
  .map(([start, at]) => (start === 0 ? at % 128 : start + at));

test('the sample itself', () => {
  const { events, anomalies } = readEveryWay(SAMPLE.bytes);
  assert.equal(events, 6);
  assert.deepEqual(
    anomalies.map(({ where }) => where),
    ['record 4 in chunk 0', 'record 8 in chunk 1'],
  );
});

test('changed bytes anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = SAMPLE.bytes.slice();
      for (const [at, byte] of changes) bytes[at] = byte;
      readEveryWay(bytes);
    }),
    { numRuns: 1500 },
  );
});

test('changed numbers anywhere', () => {
  const numbers = fc.constantFrom(
    0,
    1,
    0x7f,
    0xff,
    0xffff,
    0x10000,
    0x7fff_ffff,
    0xffff_ffff,
    512,
    0x218,
    0xfff0,
  );
  fc.assert(
    fc.property(place, numbers, (at, number) => {
      const bytes = SAMPLE.bytes.slice();
      new DataView(bytes.buffer).setUint32(at, number, true);
      readEveryWay(bytes);
    }),
    { numRuns: 1500 },
  );
});

test('a log cut off anywhere', () => {
  fc.assert(
    fc.property(place, (at) => void readEveryWay(SAMPLE.bytes.slice(0, at))),
    { numRuns: 300 },
  );
});

test('random bytes in place of the records', () => {
  fc.assert(
    fc.property(fc.nat(SAMPLE.used - 512), fc.uint8Array({ maxLength: 400 }), (at, random) => {
      const bytes = SAMPLE.bytes.slice();
      bytes.set(random, 4096 + 512 + at);
      readEveryWay(bytes);
    }),
    { numRuns: 500 },
  );
});

test('random bytes for a log', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 9000 }), (bytes) => void readEveryWay(bytes)));
});

/** Far more than an honest log of this size takes, and far less than one without bounds. */
const MOST_CPU_MILLIS = 5_000;

function readSoon(bytes: Uint8Array): ReturnType<typeof readEveryWay> {
  let read: ReturnType<typeof readEveryWay> | undefined;
  const millis = cpuMillis(() => {
    read = readEveryWay(bytes);
  });
  assert.ok(read !== undefined && millis < MOST_CPU_MILLIS, `${Math.round(millis)} ms`);
  return read;
}

/** One event with this payload, read every way, and quickly; what is wrong with it is told. */
function checkBomb(payload: InnerXml, problem: RegExp): void {
  const chunk = new ChunkBuilder();
  chunk.record(1, NEW_YEAR, storeEvent({ id: 1, payload }));
  chunk.record(2, NEW_YEAR, storeEvent({ id: 2 }));
  const { events, anomalies } = readSoon(buildLog([chunk.build()]));
  assert.equal(events, 2);
  assert.match(anomalies[0]?.problem ?? '', problem);
}

test('elements inside elements without end', () => {
  let deep: ElementSpec = { name: 'a' };
  for (let depth = 0; depth < 1000; depth += 1) deep = { name: 'a', content: [deep] };
  checkBomb(
    (chunk) => chunk.plain({ name: 'EventData', content: [deep] }),
    /more than 64 elements inside each other/,
  );
});

test('binary XML inside binary XML without end', () => {
  const template: ElementSpec = { name: 'a', content: [0] };
  const nest =
    (depth: number): InnerXml =>
    (chunk) =>
      void chunk.instance(template, depth === 0 ? [u16(1)] : [value(0x21, nest(depth - 1))]);
  checkBomb(nest(200), /binary XML more than 16 deep in itself/);
});

test('values that are put in many times on each of many levels', () => {
  const template: ElementSpec = { name: 'a', content: new Array(40).fill(0) };
  const nest =
    (depth: number): InnerXml =>
    (chunk) =>
      void chunk.instance(template, depth === 0 ? [text('lol')] : [value(0x21, nest(depth - 1))]);
  checkBomb(nest(12), /it grows to more than \d+ (?:nodes|characters)/);
});

test('a long text that is put in many times', () => {
  const data: ElementSpec = { name: 'Data', content: new Array(400).fill(0) };
  checkBomb(
    (chunk) =>
      chunk.instance({ name: 'EventData', content: new Array(20).fill(data) }, [text('x'.repeat(10_000))]),
    /it grows to more than \d+ characters/,
  );
});

test('a long array that is put in many times', () => {
  const data: ElementSpec = { name: 'Data', content: [0] };
  checkBomb(
    (chunk) =>
      chunk.instance({ name: 'EventData', content: new Array(400).fill(data) }, [
        value(0x84, new Uint8Array(20_000)),
      ]),
    /it grows to more than \d+ nodes/,
  );
});

test('values that cost much and come to nothing', () => {
  const data: ElementSpec = { name: 'Data', attributes: [['Name', 'x']], content: new Array(150).fill(0) };
  for (const type of [0x01, 0x81, 0x02, 0x82]) {
    checkBomb(
      (chunk) =>
        chunk.instance({ name: 'EventData', content: new Array(40).fill(data) }, [
          value(type, new Uint8Array(30_000)),
        ]),
      /it grows to more than \d+ (?:characters|nodes)/,
    );
  }
});

test('a chunk full of such records: the others are read, and soon', () => {
  const chunk = new ChunkBuilder();
  const bomb: ElementSpec = { name: 'Data', content: new Array(1000).fill(0) };
  const event: ElementSpec = { name: 'EventData', content: new Array(8).fill(bomb) };
  for (let id = 1; id <= 40; id += 1) {
    chunk.record(
      id,
      NEW_YEAR,
      storeEvent({ id, payload: (inside) => void inside.instance(event, [text('x'.repeat(200))]) }),
    );
  }
  chunk.record(
    41,
    NEW_YEAR,
    storeEvent({ id: 41, payload: (inside) => void inside.instance(DATA, [text('y')]) }),
  );
  const { events, anomalies } = readSoon(buildLog([chunk.build()]));
  assert.equal(events, 41);
  assert.equal(anomalies.length, 40);
  assert.match(anomalies[0]?.problem ?? '', /more than 1048576 characters/);
  assert.match(
    anomalies[39]?.problem ?? '',
    /more characters than the records of its chunk may have together/,
  );
});

test('more damage than anyone reads is counted', () => {
  const chunks = Array.from({ length: 4 }, (_, index) => {
    const chunk = new ChunkBuilder();
    for (let id = 1; id <= 200; id += 1)
      chunk.record(index * 200 + id, NEW_YEAR, (inside) => void inside.raw([0x33]));
    return chunk.build();
  });
  const { anomalies } = readEveryWay(buildLog(chunks));
  assert.equal(anomalies.length, 501);
  assert.deepEqual(anomalies[500], {
    where: 'log',
    problem: 'more anomalies were found, which are not listed (300)',
  });
});

/** A payload out of bytes, which begin `at` bytes into the chunk. */
function bytesAt(make: (at: number) => readonly number[]): InnerXml {
  return (chunk) => void chunk.raw(make(chunk.length));
}

const u32le = (number: number) => [number & 0xff, (number >> 8) & 0xff, (number >> 16) & 0xff, number >>> 24];

test('a template that holds an instance of itself', () => {
  checkBomb(
    bytesAt((at) => {
      const definition = at + 14;
      const inner = [0x0f, 1, 1, 0, 0x0c, 1, 0, 0, 0, 0, ...u32le(definition)];
      return [...inner, ...u32le(0), ...new Array(16).fill(0), ...u32le(inner.length), ...inner, ...u32le(0)];
    }),
    /a token 0xc does not belong here/,
  );
});

test('names and templates that point anywhere', () => {
  for (const offset of [0, 4, 511, 65530, 65535, 65536, 0x7fff_ffff, 0xffff_ffff]) {
    checkBomb(
      bytesAt(() => [0x0f, 1, 1, 0, 0x01, ...u32le(20), ...u32le(offset), 0x03, 0x00]),
      /lies outside|expected \d+ more bytes|^$/,
    );
    checkBomb(
      bytesAt(() => [0x0f, 1, 1, 0, 0x0c, 1, ...u32le(1), ...u32le(offset), ...u32le(0)]),
      /lies outside|expected \d+ more bytes|^$/,
    );
  }
});

test('values whose sizes and numbers lie', () => {
  const lies: readonly (readonly Value[])[] = [
    [{ ...text('abc'), size: 0xffff }],
    [{ ...value(0x81, encodeUtf16le('ab')), size: 0x8000 }],
    [{ type: 0x93, bytes: new Uint8Array(64).fill(0xff), size: 0xff00 }],
  ];
  for (const values of lies) checkBomb((chunk) => chunk.instance(DATA, values), /TemplateInstanceData/);
  checkBomb(
    bytesAt((at) => [
      ...[
        0x0f,
        1,
        1,
        0,
        0x0c,
        1,
        0,
        0,
        0,
        0,
        ...u32le(at + 14),
        ...u32le(0),
        ...new Array(16).fill(0),
        ...u32le(1),
        0,
      ],
      ...u32le(0xffff_ffff),
    ]),
    /TemplateInstanceData/,
  );
});
