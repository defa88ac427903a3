import { copyBytes } from '../../bytes/copy.ts';
import { Reader } from '../../bytes/reader.ts';
import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface, returned } from './operation.ts';

// [MS-EVEN6] 3.1.4 Message Processing Events and Sequencing Rules: every log, by TCP only (2.1.1), and
// to be protected by packet privacy.

/** [MS-EVEN6] 1.9 Standards Assignments. It has no pipe. */
export const EVENTLOG6: RpcInterface = {
  name: 'eventlog6',
  syntax: { uuid: 'f6beaff7-1e19-4fbb-9f8f-b89e2018337c', major: 1, minor: 0 },
};

/** flags of EvtRpcRegisterLogQuery, [MS-EVEN6] 3.1.4.12. */
export const QUERY_FLAG = {
  channelName: 0x0001,
  oldestToNewest: 0x0100,
  newestToOldest: 0x0200,
  tolerateQueryErrors: 0x1000,
} as const;

/** [MS-EVEN6] 6 Appendix A: MAX_RPC_RECORD_COUNT, MAX_RPC_QUERY_CHANNEL_SIZE. */
const RECORD_LIMIT = 1024;
const CHANNEL_LIMIT = 512;

export interface LogQuery {
  /** 20 bytes, for EvtRpcQueryNext and EvtRpcClose. */
  readonly query: Uint8Array;
  /** 20 bytes, for EvtRpcClose alone. */
  readonly control: Uint8Array;
  /** Channels of the query, each with a Win32 code. */
  readonly channels: readonly { readonly name: string; readonly status: number }[];
}

const operation = operationOf(EVENTLOG6);

/** EvtRpcRegisterLogQuery, [MS-EVEN6] 3.1.4.12 (Opnum 5). `query`: an XPath or a structured XML query; `flags`: QUERY_FLAG. */
export const registerLogQuery = operation<
  { readonly channel?: string; readonly query: string; readonly flags: number },
  Returned<LogQuery>
>(
  'EvtRpcRegisterLogQuery',
  5,
  (w, { channel, query, flags }) => w.optionalWideString(channel).wideString(query).u32(flags),
  (r) => {
    const query = r.handle();
    const control = r.handle();
    const announced = r.u32();
    const channels = r.pointer() ? readChannels(r, announced) : [];
    for (let field = 0; field < 3; field += 1) r.u32(); // RpcInfo: says the same as the status
    return returned(r.u32(), { query, control, channels });
  },
);

function readChannels(r: NdrReader, announced: number): LogQuery['channels'] {
  const count = r.count(8 /* an EvtRpcQueryChannelInfo */);
  if (!(count === announced)) r.fail(`${count} channels where ${announced} are announced`);
  if (!(count <= CHANNEL_LIMIT)) r.fail(`more than ${CHANNEL_LIMIT} channels`);
  const heads = Array.from({ length: count }, () => ({ named: r.pointer(), status: r.u32() }));
  return heads.map(({ named, status }) => ({ name: named ? r.wideString() : '', status }));
}

/** One event of a result set, [MS-EVEN6] 2.2.17. */
export interface QueriedEvent {
  /** BinXml, [MS-EVEN6] 2.2.12: names stand in it, not references to a chunk as in a log file. */
  readonly binXml: Uint8Array;
}

/**
 * EvtRpcQueryNext, [MS-EVEN6] 3.1.4.13 (Opnum 11). `limit`: events, 1024 at the most; `timeout`:
 * milliseconds that the server may wait.
 */
export const queryNext = operation<
  { readonly query: Uint8Array; readonly limit: number; readonly timeout: number },
  Returned<readonly QueriedEvent[]>
>(
  'EvtRpcQueryNext',
  11,
  (w, { query, limit, timeout }) => w.handle(query).u32(limit).u32(timeout).u32(0 /* flags */),
  (r) => {
    const count = r.u32();
    if (!(count <= RECORD_LIMIT)) r.fail(`more than ${RECORD_LIMIT} events`);
    const offsets = readNumbers(r);
    const sizes = readNumbers(r);
    r.u32(); // resultBufferSize
    const buffer = r.pointer() ? r.conformantBytes() : new Uint8Array(0);
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    if (!(offsets.length === count && sizes.length === count)) r.fail(`expected ${count} offsets and sizes`);
    const value = offsets.map((offset, index) => {
      const set = new Reader(buffer, 'Result Set');
      set.skip(offset);
      return readEvent(set.sub(sizes[index] ?? 0));
    });
    return { kind: 'ok', value };
  },
);

function readNumbers(r: NdrReader): readonly number[] {
  return r.pointer() ? Array.from({ length: r.count(4) }, () => r.u32()) : [];
}

function readEvent(r: Reader): QueriedEvent {
  const total = r.u32le();
  if (!(total <= r.length)) r.fail(`a set of ${total} bytes in ${r.length}`);
  r.skip(4 /* headerSize */);
  const eventAt = r.u32le();
  r.skip(4 /* bookmarkOffset */);
  r.seek(eventAt);
  return { binXml: copyBytes(r.bytes(r.u32le())) };
}

/** EvtRpcClose, [MS-EVEN6] 3.1.4.33 (Opnum 13): of the query and of its control. */
export const closeQuery = operation<{ readonly handle: Uint8Array }, Returned<undefined>>(
  'EvtRpcClose',
  13,
  (w, { handle }) => w.handle(handle),
  (r) => {
    r.handle();
    return returned(r.u32(), undefined);
  },
);
