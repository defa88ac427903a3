import { tryDecode } from '../../bytes/decode-error.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { type Anomaly, type Medium, NO_ANSWER, type ReadResult, readAt, type Walker } from '../walker.ts';
import { AttributeType } from './attribute.ts';
import { BOOT_SECTOR_SIZE, decodeBootSector, type Geometry } from './boot-sector.ts';
import { decodeExtension, findStream, listExtensions, readFiles, residentValue } from './file.ts';
import { decodeFileRecord, type FileRecord } from './file-record.ts';
import { decodeVolumeInformation, VOLUME_FLAG_DIRTY } from './metadata.ts';
import { RecordSource } from './record-source.ts';
import { joinStreams, type Stream } from './stream.ts';
import { streamMedium } from './stream-medium.ts';
import { UPCASE_PAGE_SIZE, UpcaseTable } from './upcase.ts';
import { RecordNumber, type Volume } from './volume.ts';

export type OpenedVolume =
  | { readonly ok: true; readonly volume: Volume; readonly anomalies: readonly Anomaly[] }
  | { readonly ok: false; readonly problem: string; readonly anomalies: readonly Anomaly[] };

/** The first 64 records of the usual size: all that have a fixed number, and on small volumes more. */
const MFT_HEAD_SIZE = 64 * 1024;

/**
 * Opens an NTFS volume. `medium` is the partition.
 * Two rounds: the boot sector, then the start of the $MFT. More where the boot sector or the start of
 * the $MFT is damaged (the backup, the mirror: one each) or the $MFT has an attribute list (one, or two where
 * the list is not resident, and one more for each part that can only be found through the part before it).
 */
export function* openVolume(medium: Medium): Walker<OpenedVolume> {
  const anomalies: Anomaly[] = [];
  const geometry = yield* readGeometry(medium, anomalies);
  if (typeof geometry === 'string') return { ok: false, problem: geometry, anomalies };
  const { clusterSize, recordSize, mftLcn, mirrorLcn } = geometry;
  if (geometry.volumeSize > medium.size) {
    const problem = `the volume has ${geometry.volumeSize} bytes, but its partition has ${medium.size}`;
    anomalies.push({ where: 'NTFS boot sector', problem });
  }
  const within = (lcn: number) => Math.min(lcn * clusterSize, medium.size);
  const head = yield* readAt(medium, within(mftLcn), MFT_HEAD_SIZE);
  const record =
    decodeMftRecord(head, recordSize, '$MFT', anomalies) ??
    decodeMftRecord(yield* readAt(medium, within(mirrorLcn), recordSize), recordSize, '$MFTMirr', anomalies);
  if (record === undefined) return { ok: false, problem: 'neither $MFT nor $MFTMirr can be read', anomalies };
  const stream = yield* readMftStream(medium, geometry, record, anomalies);
  if (stream === undefined) return { ok: false, problem: 'the $MFT has no data', anomalies };

  // The head is the beginning of the $MFT only as far as its first fragment goes, and is what the
  // boot sector says only if that fragment begins there.
  const [run] = stream.runs;
  const isHead = run?.lcn === mftLcn && head.ok;
  const known = isHead ? Math.min(head.bytes.length, run.clusters * clusterSize, stream.size) : 0;
  const volume = {
    medium,
    geometry,
    records: new RecordSource(
      streamMedium(medium, clusterSize, stream),
      recordSize,
      head.ok ? head.bytes.subarray(0, known) : new Uint8Array(0),
    ),
    upcase: new UpcaseTable(),
  };
  return { ok: true, volume: yield* describeVolume(volume, anomalies), anomalies };
}

/**
 * Makes sure that pages of $UpCase are there. One round where one is missing, two where $UpCase's
 * record does not lie in the first 64 KiB of the $MFT.
 * Where it cannot be read, Unicode's upper case serves: it differs in a few hundred rare letters.
 */
export function* loadUpcase(volume: Volume, pages: ReadonlySet<number>): Walker<void> {
  if (pages.size === 0) return;
  const wanted = [...pages];
  const [found] = yield* readFiles(volume, [{ record: RecordNumber.UpCase, sequence: 0 }]);
  const stream = found?.ok ? findStream(found.file, AttributeType.Data) : undefined;
  const results =
    stream === undefined
      ? []
      : yield* streamMedium(volume.medium, volume.geometry.clusterSize, stream).read(
          wanted.map((page) => ({ offset: page * UPCASE_PAGE_SIZE, length: UPCASE_PAGE_SIZE })),
        );
  for (const [index, page] of wanted.entries()) {
    const result = results[index];
    volume.upcase.set(
      page,
      result?.ok && result.bytes.length === UPCASE_PAGE_SIZE ? result.bytes : undefined,
    );
  }
}

/** The boot sector, else its backup in the last sector of the partition; else a text. */
function* readGeometry(medium: Medium, anomalies: Anomaly[]): Walker<Geometry | string> {
  const result = yield* readAt(medium, 0, BOOT_SECTOR_SIZE);
  const primary = result.ok ? tryDecode(() => decodeBootSector(result.bytes)) : undefined;
  if (primary?.ok) return primary.value;
  const problem = primary?.error.message ?? (result.ok ? '' : result.problem);
  anomalies.push({ where: 'NTFS boot sector', problem });
  const places = [512, 4096].filter((size) => size <= medium.size);
  const backups = yield* medium.read(
    places.map((size) => ({ offset: medium.size - size, length: BOOT_SECTOR_SIZE })),
  );
  for (const backup of backups) {
    const decoded = backup.ok ? tryDecode(() => decodeBootSector(backup.bytes)) : undefined;
    if (decoded?.ok) return decoded.value;
  }
  return problem;
}

function decodeMftRecord(
  result: ReadResult,
  recordSize: number,
  where: string,
  anomalies: Anomaly[],
): FileRecord | undefined {
  const decoded = result.ok ? tryDecode(() => decodeFileRecord(result.bytes, recordSize)) : undefined;
  if (decoded?.ok && decoded.value.inUse && decoded.value.base === undefined) return decoded.value;
  const problem =
    decoded === undefined
      ? result?.ok === false
        ? result.problem
        : NO_ANSWER.problem
      : decoded.ok
        ? 'its first record is not in use'
        : decoded.error.message;
  anomalies.push({ where, problem });
  return undefined;
}

/**
 * The $MFT's own data. Where it has an attribute list, the records that this names lie in the $MFT
 * itself: they are read through the part that is known, which makes the next ones readable.
 */
function* readMftStream(
  medium: Medium,
  geometry: Geometry,
  record: FileRecord,
  anomalies: Anomaly[],
): Walker<Stream | undefined> {
  const note = (problem: string) => void anomalies.push({ where: '$MFT', problem });
  for (const problem of record.problems) note(problem);
  const { clusterSize, recordSize } = geometry;
  const records = [record];
  const joined = (report: (problem: string) => void) =>
    joinStreams(
      records.flatMap(({ attributes }) => attributes.filter(({ type }) => type === AttributeType.Data)),
      report,
    ).find(({ name }) => name === '');
  let pending = yield* listExtensions({ medium, geometry }, RecordNumber.Mft, record, note);
  while (pending.length > 0) {
    // Gaps are no news before everything is there.
    const known = joined(() => undefined);
    if (known === undefined) break;
    const mft = streamMedium(medium, clusterSize, known);
    const results = yield* mft.read(
      pending.map((number) => ({ offset: number * recordSize, length: recordSize })),
    );
    const left: number[] = [];
    for (const [index, number] of pending.entries()) {
      const result = results[index];
      if (!result?.ok) left.push(number);
      else {
        const decoded = decodeExtension(result.bytes, recordSize, RecordNumber.Mft, record.sequence);
        if (typeof decoded === 'string') note(`extension record ${number}: ${decoded}`);
        else records.push(decoded);
      }
    }
    if (left.length === pending.length) {
      note(`extension records that cannot be read: ${left.slice(0, 10).join(', ')}`);
      break;
    }
    pending = left;
  }
  return joined(note);
}

function* describeVolume(volume: Volume, anomalies: Anomaly[]): Walker<Volume> {
  const [result = NO_ANSWER] = yield* readFiles(volume, [{ record: RecordNumber.Volume, sequence: 0 }]);
  if (!result.ok) {
    anomalies.push({ where: '$Volume', problem: result.problem });
    return volume;
  }
  anomalies.push(...result.file.anomalies);
  const name = residentValue(result.file, AttributeType.VolumeName);
  const value = residentValue(result.file, AttributeType.VolumeInformation);
  const information = value && tryDecode(() => decodeVolumeInformation(value));
  if (!information?.ok) {
    const problem = information?.error.message ?? 'it has no $VOLUME_INFORMATION';
    anomalies.push({ where: '$Volume', problem });
    return volume;
  }
  const { major, minor, flags } = information.value;
  return {
    ...volume,
    ...(name === undefined ? {} : { label: decodeUtf16le(name) }),
    version: `${major}.${minor}`,
    isDirty: (flags & VOLUME_FLAG_DIRTY) !== 0,
  };
}
