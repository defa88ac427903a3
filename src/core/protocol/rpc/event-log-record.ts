import { copyBytes } from '../../bytes/copy.ts';
import { Reader } from '../../bytes/reader.ts';
import { readSid } from '../../bytes/sid.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';

// [MS-EVEN] 2.2.3 EVENTLOGRECORD. Little-endian; offsets count from the start of the record.

/** 'LfLe' */
const SIGNATURE = 0x654c_664c;

const HEADER_SIZE =
  6 * 4 /* Length, Reserved, RecordNumber, TimeGenerated, TimeWritten, EventID */ +
  4 * 2 /* EventType, NumStrings, EventCategory, ReservedFlags */ +
  6 * 4; /* ClosingRecordNumber, StringOffset, UserSidLength, UserSidOffset, DataLength, DataOffset */

/** Header, two empty names, and Length once more. */
const LEAST_RECORD = HEADER_SIZE + 2 * 2 + 4;

/** Strings of one record; [MS-EVEN] 3.1.4.5 lets a writer give 256. */
const STRING_LIMIT = 256;

export interface EventLogRecord {
  readonly recordNumber: number;
  /** Milliseconds since 1970-01-01 UTC, whole seconds. */
  readonly generatedAt: number;
  readonly writtenAt: number;
  /** The event's number, without qualifiers. */
  readonly id: number;
  /** The upper half of EventID: severity, customer bit and facility. */
  readonly qualifiers: number;
  /** 0 success, 1 error, 2 warning, 4 information, 8 audit success, 16 audit failure. */
  readonly type: number;
  readonly category: number;
  readonly source: string;
  readonly computer: string;
  readonly strings: readonly string[];
  readonly sid?: string;
  readonly data: Uint8Array;
}

/** Records one after the other, which fill the buffer. Throws `DecodeError`. */
export function decodeEventLogRecords(buffer: Uint8Array): readonly EventLogRecord[] {
  const r = new Reader(buffer, 'EVENTLOGRECORD');
  const records: EventLogRecord[] = [];
  while (r.remaining > 0) {
    const length = r.u32le();
    if (!(length >= LEAST_RECORD)) r.fail(`expected at least ${LEAST_RECORD} bytes, received ${length}`);
    r.seek(r.offset - 4);
    records.push(readRecord(r.sub(length)));
  }
  return records;
}

function readRecord(r: Reader): EventLogRecord {
  const length = r.u32le();
  const signature = r.u32le();
  if (!(signature === SIGNATURE)) r.fail(`expected the signature LfLe, received 0x${signature.toString(16)}`);
  const recordNumber = r.u32le();
  const generatedAt = r.u32le() * 1000;
  const writtenAt = r.u32le() * 1000;
  const id = r.u16le();
  const qualifiers = r.u16le();
  const type = r.u16le();
  const count = r.u16le();
  const category = r.u16le();
  r.skip(2 /* ReservedFlags */ + 4 /* ClosingRecordNumber */);
  const stringsAt = r.u32le();
  const sidSize = r.u32le();
  const sidAt = r.u32le();
  const dataSize = r.u32le();
  const dataAt = r.u32le();
  const source = readText(r);
  const computer = readText(r);
  if (!(count <= STRING_LIMIT)) r.fail(`more than ${STRING_LIMIT} strings`);

  const strings: string[] = [];
  if (count > 0) r.seek(stringsAt);
  for (let index = 0; index < count; index += 1) strings.push(readText(r));

  let sid: string | undefined;
  if (sidSize > 0) {
    r.seek(sidAt);
    sid = readSid(r.sub(sidSize, 'UserSid'));
  }
  let data: Uint8Array = new Uint8Array(0);
  if (dataSize > 0) {
    r.seek(dataAt);
    data = copyBytes(r.bytes(dataSize));
  }

  r.seek(length - 4);
  const again = r.u32le();
  if (!(again === length)) r.fail(`a length of ${length} in front and of ${again} behind`);
  return {
    recordNumber,
    generatedAt,
    writtenAt,
    id,
    qualifiers,
    type,
    category,
    source,
    computer,
    strings,
    ...(sid !== undefined && { sid }),
    data,
  };
}

/** UTF-16 up to its NUL, which is read too. */
function readText(r: Reader): string {
  const start = r.offset;
  while (r.u16le() !== 0);
  const end = r.offset;
  r.seek(start);
  const text = r.bytes(end - start - 2);
  r.skip(2);
  return decodeUtf16le(text);
}
