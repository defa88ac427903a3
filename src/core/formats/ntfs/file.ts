import { pause, together } from '../../bytes/batched.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Anomaly, type Medium, NO_ANSWER, readAt, type Walker } from '../walker.ts';
import { AttributeFlag, AttributeType } from './attribute.ts';
import { ATTRIBUTE_LIST_SIZE_MAX, decodeAttributeList } from './attribute-list.ts';
import { compressedMedium } from './compressed-medium.ts';
import { decodeFileRecord, type FileRecord, type FileReference } from './file-record.ts';
import { joinStreams, type Stream } from './stream.ts';
import { streamMedium } from './stream-medium.ts';
import type { Volume } from './volume.ts';
import { decodeReparsePoint, decodeWofProvider, REPARSE_TAG_WOF, WOF_STREAM, wofMedium } from './wof.ts';

/** A file or directory: its record with everything that its attribute list adds. */
export interface NtfsFile {
  readonly reference: FileReference;
  readonly isDirectory: boolean;
  readonly streams: readonly Stream[];
  /** What could not be read of it; the rest can be used. */
  readonly anomalies: readonly Anomaly[];
}

export type FileResult =
  | { readonly ok: true; readonly file: NtfsFile }
  | { readonly ok: false; readonly problem: string };

/** One list names at most this many other records: 256 KiB of entries of 32 bytes. */
const EXTENSION_RECORDS_MAX = 8192;

/** Extension records read in one round; many files may have such lists, and are read side by side. */
const EXTENSIONS_A_ROUND = 64;

/** Runs of one file: 2 GiB in pieces of 64 KiB. What lies behind is not known. */
const RUNS_MAX = 1 << 15;

/** A file is told to be damaged by the first of its faults. */
const ANOMALIES_MAX = 50;

/**
 * Reads the records of several files. One round; one more where files have attribute lists, and yet
 * another where such a list is not resident.
 * A sequence number of 0 in a reference takes the record whatever its use is.
 */
export function* readFiles(
  volume: Volume,
  references: readonly FileReference[],
): Walker<readonly FileResult[]> {
  const results = yield* volume.records.read(references.map(({ record }) => record));
  // Names that all lead to one record must not multiply what it costs.
  const first = new Map<string, number>();
  const keys = references.map(({ record, sequence }) => `${record} ${sequence}`);
  for (const [index, key] of keys.entries()) if (!first.has(key)) first.set(key, index);
  const distinct = [...first.values()];
  const files = yield* together(
    distinct.map((index) => {
      const reference = references[index];
      const result = results[index];
      if (reference === undefined || !result?.ok) {
        const problem = result?.ok === false ? result.problem : NO_ANSWER.problem;
        return answer(lost(`record ${reference?.record}: ${problem}`));
      }
      return completeFile(volume, reference, result.bytes);
    }),
  );
  const byKey = new Map(distinct.map((index, at) => [keys[index], files[at]]));
  return keys.map((key) => byKey.get(key) ?? lost(NO_ANSWER.problem));
}

/** A named or unnamed stream of a type, `undefined` where there is none. */
export function findStream(file: NtfsFile, type: number, name = ''): Stream | undefined {
  return file.streams.find((stream) => stream.type === type && stream.name === name);
}

/** The value of a resident attribute. */
export function residentValue(file: NtfsFile, type: number): Uint8Array | undefined {
  return file.streams.find((stream) => stream.type === type && stream.value !== undefined)?.value;
}

export type OpenedFile =
  | { readonly ok: true; readonly medium: Medium }
  | { readonly ok: false; readonly problem: string };

/**
 * A medium over a file's data, decompressed where NTFS or WOF compressed it. Reading costs one round
 * (two for WOF); resident data costs none.
 * @param name an alternate data stream; without it, the unnamed one
 */
export function openFile(volume: Volume, file: NtfsFile, name = ''): OpenedFile {
  if (name === '') {
    const reparse = residentValue(file, AttributeType.ReparsePoint);
    const point = reparse && tryDecode(() => decodeReparsePoint(reparse));
    if (point?.ok && point.value.tag === REPARSE_TAG_WOF) return openWof(volume, file, point.value.data);
    if (point !== undefined && !point.ok) return lost(point.error.message);
  }
  const stream = findStream(file, AttributeType.Data, name);
  if (stream === undefined) {
    return lost(
      file.isDirectory ? 'it is a directory' : `it has no ${name === '' ? 'data' : `stream ${name}`}`,
    );
  }
  return openStream(volume, stream);
}

/** A medium over one stream, decompressed where NTFS compressed it. */
export function openStream(volume: Volume, stream: Stream): OpenedFile {
  if ((stream.flags & AttributeFlag.Encrypted) !== 0) return lost('it is encrypted (EFS)');
  const { clusterSize } = volume.geometry;
  const isCompressed = (stream.flags & AttributeFlag.CompressionMask) !== 0 && stream.value === undefined;
  const medium = isCompressed
    ? compressedMedium(volume.medium, clusterSize, stream)
    : streamMedium(volume.medium, clusterSize, stream);
  return typeof medium === 'string' ? lost(medium) : { ok: true, medium };
}

function openWof(volume: Volume, file: NtfsFile, data: Uint8Array): OpenedFile {
  const algorithm = tryDecode(() => decodeWofProvider(data));
  if (!algorithm.ok) return lost(algorithm.error.message);
  const whole = findStream(file, AttributeType.Data);
  const packed = findStream(file, AttributeType.Data, WOF_STREAM);
  if (whole === undefined || packed === undefined) return lost(`it has no stream ${WOF_STREAM}`);
  const opened = openStream(volume, packed);
  return opened.ok ? { ok: true, medium: wofMedium(opened.medium, algorithm.value, whole.size) } : opened;
}

/** Checks a base record and adds what its attribute list points to. */
function* completeFile(volume: Volume, reference: FileReference, bytes: Uint8Array): Walker<FileResult> {
  const where = `record ${reference.record}`;
  const decoded = tryDecode(() => decodeFileRecord(bytes, volume.geometry.recordSize));
  if (!decoded.ok) return lost(`${where}: ${decoded.error.message}`);
  const record = decoded.value;
  if (!record.inUse) return lost(`${where} is free`);
  if (record.base !== undefined) return lost(`${where} is an extension of record ${record.base.record}`);
  if (reference.sequence !== 0 && record.sequence !== reference.sequence) {
    return lost(`${where} has sequence number ${record.sequence}, expected ${reference.sequence}`);
  }
  const anomalies: Anomaly[] = [];
  const note = (problem: string) => {
    if (anomalies.length < ANOMALIES_MAX) anomalies.push({ where: `MFT ${where}`, problem });
  };
  noteRecord(record, reference.record, note);
  const extensions = yield* readExtensions(volume, reference.record, record, note);
  const all = [record, ...extensions].flatMap(({ attributes }) => attributes);
  const own = { record: reference.record, sequence: record.sequence };
  return {
    ok: true,
    file: { reference: own, isDirectory: record.isDirectory, streams: joinStreams(all, note), anomalies },
  };
}

function noteRecord(record: FileRecord, number: number, note: (problem: string) => void): void {
  if (record.number !== undefined && record.number !== number % 2 ** 32) {
    note(`it says that it is record ${record.number}`);
  }
  for (const problem of record.problems) note(problem);
}

/** The other records of a file, by its attribute list. */
function* readExtensions(
  volume: Volume,
  number: number,
  record: FileRecord,
  note: (problem: string) => void,
): Walker<readonly FileRecord[]> {
  const numbers = yield* listExtensions(volume, number, record, note);
  if (numbers.length === 0) return [];
  const records: FileRecord[] = [];
  let runs = countRuns(record);
  for (let at = 0; at < numbers.length; at += EXTENSIONS_A_ROUND) {
    const round = numbers.slice(at, at + EXTENSIONS_A_ROUND);
    const results = yield* volume.records.read(round);
    for (const [index, extension] of round.entries()) {
      const result = results[index] ?? NO_ANSWER;
      const decoded = result.ok
        ? decodeExtension(result.bytes, volume.geometry.recordSize, number, record.sequence)
        : result.problem;
      if (typeof decoded === 'string') {
        note(`extension record ${extension}: ${decoded}`);
        continue;
      }
      noteRecord(decoded, extension, note);
      runs += countRuns(decoded);
      if (runs > RUNS_MAX) {
        note(`it lies in more than ${RUNS_MAX} pieces: the rest is left out`);
        return records;
      }
      records.push(decoded);
    }
    yield* pause();
  }
  return records;
}

function countRuns({ attributes }: FileRecord): number {
  return attributes.reduce((sum, one) => sum + (one.form === 'non-resident' ? one.runs.length : 0), 0);
}

/** The numbers of the records that a base record's attribute list names, itself left out. */
export function* listExtensions(
  volume: Pick<Volume, 'medium' | 'geometry'>,
  number: number,
  record: FileRecord,
  note: (problem: string) => void,
): Walker<readonly number[]> {
  const [list] = joinStreams(
    record.attributes.filter(({ type }) => type === AttributeType.AttributeList),
    note,
  );
  if (list === undefined) return [];
  if (!(list.size <= ATTRIBUTE_LIST_SIZE_MAX)) {
    note(`an attribute list of ${list.size} bytes is not read`);
    return [];
  }
  const medium = streamMedium(volume.medium, volume.geometry.clusterSize, list);
  const result = yield* readAt(medium, 0, list.size);
  const decoded = result.ok ? tryDecode(() => decodeAttributeList(result.bytes)) : undefined;
  if (!decoded?.ok) {
    note(`attribute list: ${decoded?.error.message ?? (result.ok ? '' : result.problem)}`);
    return [];
  }
  const numbers = new Set(decoded.value.map(({ reference }) => reference.record));
  numbers.delete(number);
  if (numbers.size <= EXTENSION_RECORDS_MAX) return [...numbers];
  note(`its attribute list names ${numbers.size} records, of which ${EXTENSION_RECORDS_MAX} were read`);
  return [...numbers].slice(0, EXTENSION_RECORDS_MAX);
}

/** Decodes an extension record; a text says why it is none of this file's. A list inside it is left out. */
export function decodeExtension(
  bytes: Uint8Array,
  recordSize: number,
  base: number,
  sequence: number,
): FileRecord | string {
  const decoded = tryDecode(() => decodeFileRecord(bytes, recordSize));
  if (!decoded.ok) return decoded.error.message;
  const record = decoded.value;
  if (!record.inUse) return 'it is free';
  if (record.base?.record !== base || record.base.sequence !== sequence) {
    return `it belongs to record ${record.base?.record ?? 'none'}`;
  }
  const nested = record.attributes.filter(({ type }) => type === AttributeType.AttributeList);
  if (nested.length === 0) return record;
  return {
    ...record,
    attributes: record.attributes.filter((attribute) => !nested.includes(attribute)),
    problems: [...record.problems, 'an attribute list inside an extension record is left out'],
  };
}

/** A program that has its answer already. */
// biome-ignore lint/correctness/useYield: there is nothing to ask
function* answer<T>(value: T): Walker<T> {
  return value;
}

function lost(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
