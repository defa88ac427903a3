import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import { decodeEventLogRecords } from '../../../../src/core/protocol/rpc/event-log-record.ts';
import {
  closeLog,
  EVENTLOG,
  numberOfRecords,
  oldestRecord,
  openLog,
  READ_FLAG,
  readLog,
} from '../../../../src/core/protocol/rpc/eventlog.ts';
import {
  closeQuery,
  EVENTLOG6,
  QUERY_FLAG,
  queryNext,
  registerLogQuery,
} from '../../../../src/core/protocol/rpc/eventlog6.ts';
import { checkManners } from '../../decoder-manners.ts';
import { IMPACKET_REQUESTS, SAMBA_REPLIES } from './foreign-stubs.ts';
import { bytesOf, checkReplies, checkRequest, HANDLE } from './operation-rows.ts';

test('eventlog and eventlog6 are the interfaces of [MS-EVEN] 1.9 and [MS-EVEN6] 1.9', () => {
  assert.deepEqual(EVENTLOG.syntax, { uuid: '82273fdc-e32a-18c3-3f78-827929dc23ea', major: 0, minor: 0 });
  assert.deepEqual(EVENTLOG6.syntax, { uuid: 'f6beaff7-1e19-4fbb-9f8f-b89e2018337c', major: 1, minor: 0 });
  assert.equal(EVENTLOG6.pipe, undefined, '[MS-EVEN6] 2.1.1: TCP only');
});

checkRequest(
  openLog,
  7,
  { log: 'System' },
  // RegModuleName MUST be empty: a null pointer with us, an empty buffer with impacket.
  IMPACKET_REQUESTS.ElfrOpenELW.replace('0000000004000200000000000000000000000000', '0000000000000000'),
);
checkRequest(numberOfRecords, 4, { log: HANDLE }, IMPACKET_REQUESTS.ElfrNumberOfRecords);
checkRequest(oldestRecord, 5, { log: HANDLE }, IMPACKET_REQUESTS.ElfrOldestRecord);
checkRequest(closeLog, 2, { log: HANDLE }, IMPACKET_REQUESTS.ElfrCloseEL);
checkRequest(
  readLog,
  10,
  { log: HANDLE, flags: READ_FLAG.SEQUENTIAL | READ_FLAG.BACKWARDS, record: 0, room: 65_536 },
  IMPACKET_REQUESTS.ElfrReadELW,
);
checkRequest(
  registerLogQuery,
  5,
  { channel: 'System', query: '*', flags: QUERY_FLAG.channelName | QUERY_FLAG.newestToOldest },
  IMPACKET_REQUESTS.EvtRpcRegisterLogQuery,
);
checkRequest(queryNext, 11, { query: HANDLE, limit: 10, timeout: 1000 }, IMPACKET_REQUESTS.EvtRpcQueryNext);
checkRequest(closeQuery, 13, { handle: HANDLE }, IMPACKET_REQUESTS.EvtRpcClose);

/** A record after [MS-EVEN] 2.2.3. */
function record(strings: readonly string[], sid: Uint8Array, data: Uint8Array): Uint8Array {
  const nul = (text: string): Uint8Array => encodeUtf16le(`${text}\0`);
  const names = concat(nul('TermDD'), nul('VM1'));
  const text = concat(...strings.map(nul));
  const sidAt = 56 + names.length;
  const stringsAt = sidAt + sid.length;
  const dataAt = stringsAt + text.length;
  const padding = -(dataAt + data.length) & 3;
  const length = dataAt + data.length + padding + 4;
  return new Writer()
    .u32le(length)
    .u32le(0x654c_664c)
    .u32le(7)
    .u32le(1_700_000_000)
    .u32le(1_700_000_001)
    .u32le(0xc00a_0038)
    .u16le(1)
    .u16le(strings.length)
    .u16le(2)
    .u16le(0)
    .u32le(0)
    .u32le(stringsAt)
    .u32le(sid.length)
    .u32le(sidAt)
    .u32le(data.length)
    .u32le(dataAt)
    .bytes(names)
    .bytes(sid)
    .bytes(text)
    .bytes(data)
    .zeros(padding)
    .u32le(length)
    .toBytes();
}

const SYSTEM_SID = bytesOf('01 01 00 00 00 00 00 05 12 00 00 00');
const RECORD = record(['one', '', 'three'], SYSTEM_SID, Uint8Array.of(1, 2, 3));
const READ = {
  recordNumber: 7,
  generatedAt: 1_700_000_000_000,
  writtenAt: 1_700_000_001_000,
  id: 56,
  qualifiers: 0xc00a,
  type: 1,
  category: 2,
  source: 'TermDD',
  computer: 'VM1',
  strings: ['one', '', 'three'],
  sid: 'S-1-5-18',
  data: Uint8Array.of(1, 2, 3),
};

test('EVENTLOGRECORD: one after the other, with and without strings, SID and data', () => {
  const bare = record([], new Uint8Array(0), new Uint8Array(0));
  const { sid: _, ...withoutSid } = READ;
  assert.deepEqual(decodeEventLogRecords(concat(RECORD, bare)), [
    READ,
    { ...withoutSid, strings: [], data: new Uint8Array(0) },
  ]);
  assert.deepEqual(decodeEventLogRecords(new Uint8Array(0)), []);
});

test('EVENTLOGRECORD: lengths and offsets that lie are refused', () => {
  const changed = (at: number, value: number) => RECORD.map((byte, index) => (index === at ? value : byte));
  const rows: readonly (readonly [at: number, value: number, problem: RegExp])[] = [
    [0, 63, /expected at least 64 bytes, received 63/],
    [4, 0, /expected the signature LfLe/],
    [26, 200, /expected 2 more bytes/],
    [27, 2, /more than 256 strings/],
    [36, 0xff, /offset 255 lies outside/],
    [44, 0xff, /offset 255 lies outside/],
    [52, 0xff, /offset 255 lies outside/],
    [RECORD.length - 4, 1, /in front and of/],
  ];
  for (const [at, value, problem] of rows) {
    assert.throws(() => decodeEventLogRecords(changed(at, value)), problem, `byte ${at}`);
  }
});

test('EVENTLOGRECORD: random damage gives records or a DecodeError', () => {
  // Truncation at a border of records is a shorter list, so the common manners are checked through the call.
  for (let length = 1; length < RECORD.length; length += 1) {
    assert.throws(() => decodeEventLogRecords(RECORD.subarray(0, length)), { name: 'DecodeError' });
  }
});

/** The buffer has the size that was asked for, whatever is in it. */
const READ_REPLY = new Writer()
  .u32le(RECORD.length + 8)
  .bytes(RECORD)
  .zeros(8)
  .u32le(RECORD.length)
  .u32le(0)
  .u32le(0)
  .toBytes();
checkManners('ElfrReadELW', readLog.decode, [READ_REPLY]);

test('ElfrReadELW: the records, and what comes instead of them', () => {
  assert.deepEqual(readLog.decode(READ_REPLY), { kind: 'ok', value: [READ] });
  assert.deepEqual(readLog.decode(bytesOf(SAMBA_REPLIES.readWithoutRoom)), {
    kind: 'more-data',
    needed: 104,
  });
  assert.deepEqual(readLog.decode(bytesOf('00 00 00 00 00 00 00 00 00 00 00 00 11 00 00 c0')), {
    kind: 'error',
    status: 0xc000_0011,
  });
  const more = READ_REPLY.map((byte, index) => (index === READ_REPLY.length - 12 ? 0xff : byte));
  assert.throws(() => readLog.decode(more), /255 bytes of records in a buffer of/);
});

checkReplies(openLog, [['no such log', SAMBA_REPLIES.noSuchLog, { kind: 'error', status: 0xc000_0039 }]]);
checkReplies(numberOfRecords, [['one', SAMBA_REPLIES.numberOfRecords, { kind: 'ok', value: 1 }]]);

const handleHex = '01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14';
checkReplies(registerLogQuery, [
  [
    'two handles and the state of each channel',
    `${handleHex} ${handleHex}
     01 00 00 00 00 00 02 00 01 00 00 00
     04 00 02 00 9f 3a 00 00                     -- 15007
     02 00 00 00 00 00 00 00 02 00 00 00 53 00 00 00
     00 00 00 00 00 00 00 00 00 00 00 00         -- RpcInfo
     00 00 00 00`,
    {
      kind: 'ok',
      value: { query: HANDLE, control: HANDLE, channels: [{ name: 'S', status: 15_007 }] },
    },
  ],
  [
    'as Samba answers: no channel',
    `${handleHex} ${handleHex} 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00`,
    { kind: 'ok', value: { query: HANDLE, control: HANDLE, channels: [] } },
  ],
]);
checkReplies(queryNext, [
  [
    'two events',
    `02 00 00 00
     00 00 02 00 02 00 00 00 00 00 00 00 1c 00 00 00   -- at 0 and at 28
     04 00 02 00 02 00 00 00 1c 00 00 00 1a 00 00 00   -- 28 and 26 bytes
     38 00 00 00
     08 00 02 00 38 00 00 00
       1c 00 00 00 10 00 00 00 10 00 00 00 1c 00 00 00 04 00 00 00 0f 01 01 00  00 00 00 00
       1a 00 00 00 10 00 00 00 10 00 00 00 1a 00 00 00 02 00 00 00 aa bb        00 00 00 00 00 00
     00 00 00 00`,
    {
      kind: 'ok',
      value: [{ binXml: Uint8Array.of(0x0f, 1, 1, 0) }, { binXml: Uint8Array.of(0xaa, 0xbb) }],
    },
  ],
  [
    'no more',
    '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 03 01 00 00',
    { kind: 'error', status: 259 },
  ],
]);

test('EvtRpcQueryNext: more events than the interface allows are refused', () => {
  const reply = bytesOf('01 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00');
  assert.throws(() => queryNext.decode(reply), /more than 1024 events/);
});
