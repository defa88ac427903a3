// What is no hive is refused by what it says it is, and what is damaged beside the keys is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHive, readSubtree } from '../../../../src/core/formats/regf/index.ts';
import { decodeLogEntry } from '../../../../src/core/formats/regf/transaction-log.ts';
import { bottom, walkBytes } from '../../../../src/core/formats/walker.ts';
import { baseBlock, buildHive, buildLog, logEntry, sz } from './build-hive.ts';

const HIVE = buildHive({
  name: 'ROOT',
  values: [{ name: 'Text', type: 1, data: sz('x'.repeat(3000)) }],
  subkeys: [{ name: 'Below', values: [{ name: 'More', type: 1, data: sz('y'.repeat(3000)) }] }],
});

function open(bytes: Uint8Array) {
  return walkBytes(openHive(bottom(bytes.length)), bytes);
}

for (const fileType of [1, 2, 6]) {
  test(`a log of type ${fileType} is no hive, and says what it is`, () => {
    const log =
      fileType === 6
        ? buildLog(HIVE, [{ sequence: 1, hiveBinsSize: 4096, pages: [] }])
        : baseBlock({}, 32, 4096, fileType, 8192);
    const opened = open(log);
    assert.ok(!opened.ok, 'it was opened');
    assert.match(opened.problem, new RegExp(`^it is a transaction log \\(file type ${fileType}\\)`));
    assert.match(opened.problem, /open the hive itself/);
  });
}

/** Two bins of a page each, of which the second holds nothing. */
function twoBins(): Uint8Array {
  const bytes = new Uint8Array(HIVE.bytes.length + 4096);
  bytes.set(HIVE.bytes);
  const view = new DataView(bytes.buffer);
  const size = HIVE.bytes.length - 4096;
  bytes.set(bytes.subarray(4096, 4128), HIVE.bytes.length);
  view.setUint32(HIVE.bytes.length + 4, size, true);
  view.setUint32(HIVE.bytes.length + 8, 4096, true);
  view.setInt32(HIVE.bytes.length + 32, 4064, true);
  return bytes;
}

test('a damaged header of the first bin is told on opening', () => {
  const bytes = HIVE.bytes.slice();
  assert.deepEqual(open(bytes).anomalies, []);
  for (const [at, byte] of [
    [4096, 0],
    [4100, 1],
    [4105, 1],
  ] as const) {
    const damaged = bytes.slice();
    damaged[at] = byte;
    const opened = open(damaged);
    assert.ok(opened.ok);
    assert.deepEqual(opened.anomalies, [{ where: 'hive bin at 0x0', problem: 'its header is damaged' }]);
  }
});

test('a damaged header of a later bin is told where its page was read, once', () => {
  const bytes = twoBins();
  const second = HIVE.bytes.length;
  const size = second - 4096;
  const read = (given: Uint8Array) =>
    walkBytes(
      (function* () {
        const opened = yield* openHive(bottom(given.length));
        assert.ok(opened.ok);
        // The pages of a hive come by as they are needed: here all of them.
        yield* opened.hive.pages.load(Array.from({ length: given.length / 4096 - 1 }, (_, page) => page + 1));
        return (yield* readSubtree({ ...opened.hive, hiveBinsSize: given.length - 4096 }, '')).anomalies;
      })(),
      given,
    );
  assert.deepEqual(read(bytes), []);
  const damaged = bytes.slice();
  damaged[second] = 0;
  assert.deepEqual(read(damaged), [
    { where: `hive bin at 0x${size.toString(16)}`, problem: 'its header is damaged' },
  ]);
});

test('a log entry brings bytes for every page that it lists', () => {
  const page = { offset: 0, bytes: new Uint8Array(512) };
  assert.equal(decodeLogEntry(logEntry({ sequence: 1, hiveBinsSize: 4096, pages: [page] })).pages.length, 1);
  for (const pages of [
    [{ offset: 0, bytes: new Uint8Array() }],
    Array.from({ length: 50 }, () => ({ offset: 0, bytes: new Uint8Array() })),
  ]) {
    assert.throws(() => decodeLogEntry(logEntry({ sequence: 1, hiveBinsSize: 4096, pages })), /impossible/);
  }
});
