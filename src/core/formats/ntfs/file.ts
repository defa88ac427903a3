import { together } from '../../bytes/batched.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Anomaly, type Medium, readAt, type Walker } from '../walker.ts';
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
  return yield* together(
    references.map((reference, index) => {
      const result = results[index];
      if (!result?.ok) return answer(lost(`record ${reference.record}: ${result?.problem ?? 'no answer'}`));
      return completeFile(volume, reference, result.bytes);
    }),
  );
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
    return lost(`${where} is in its use ${record.sequence}, expected ${reference.sequence}`);
  }
  const anomalies: Anomaly[] = [];
  const note = (problem: string) => anomalies.push({ where: `MFT ${where}`, problem });
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
  const results = yield* volume.records.read(numbers);
  return numbers.flatMap((extension, index) => {
    const result = results[index];
    const problem = (text: string) => {
      note(`extension record ${extension}: ${text}`);
      return [];
    };
    if (!result?.ok) return problem(result?.problem ?? 'the medium gave no answer');
    const decoded = decodeExtension(result.bytes, volume.geometry.recordSize, number, record.sequence);
    if (typeof decoded === 'string') return problem(decoded);
    noteRecord(decoded, extension, note);
    return [decoded];
  });
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
    note(`an attribute list of ${list.size} bytes`);
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
  note(`its attribute list names ${numbers.size} records, ${EXTENSION_RECORDS_MAX} are read`);
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
