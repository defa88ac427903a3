import { together } from '../../../core/bytes/batched.ts';
import { openFile } from '../../../core/formats/ntfs/file.ts';
import { type FoundFile, findFiles } from '../../../core/formats/ntfs/find-files.ts';
import { openVolume } from '../../../core/formats/ntfs/open-volume.ts';
import type { Volume } from '../../../core/formats/ntfs/volume.ts';
import { recogniseVolume, type VolumeKind } from '../../../core/formats/partition/boot-sector.ts';
import { type Partition, readPartitions } from '../../../core/formats/partition/partitions.ts';
import { decodeValue, lookUp, type OpenedHive, openHive } from '../../../core/formats/regf/index.ts';
import {
  type Anomaly,
  type Medium,
  type Range,
  type ReadResult,
  readAt,
  slice,
  type Walker,
} from '../../../core/formats/walker.ts';
import type { HiveName } from '../../../core/windows/inquiry.ts';
import { leadToCommonKeys, readAhead, readVolumeAhead } from './ahead.ts';

/** Hives by their names, wherever they come from. */
export interface OfflineRegistry {
  readonly hives: Readonly<Record<HiveName, OpenedHive>>;
  /** `ControlSet001`: the one that Windows uses, by SYSTEM\Select\Current. */
  readonly controlSet: string;
}

/** A Windows that lies on a disk, ready to answer questions. */
export interface OfflineWindows extends OfflineRegistry {
  readonly volume: Volume;
  readonly partitionScheme: string;
  readonly isHibernated: boolean;
  readonly anomalies: readonly Anomaly[];
}

export type WindowsSearch =
  | { readonly kind: 'found'; readonly windows: OfflineWindows }
  /** `problem`: lower case, no final stop. `advice`: a sentence. */
  | { readonly kind: 'none'; readonly problem: string; readonly advice: string };

/** Partitions that are looked into, the largest first: an OS disk has five or six. */
const MOST_PARTITIONS = 16;

const CONFIG = '\\Windows\\System32\\config';
const HIVES: readonly HiveName[] = ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM'];
/** The new logs, and the one of Windows 7 and before. */
const LOGS = ['.LOG1', '.LOG2', '.LOG'];

/** Of the logs of all hives together, kept to be laid over them: what a busy server has not yet written is a few mebibytes. */
const MOST_LOG_BYTES = 64 * 1024 * 1024;

const FIRST_CONTROL_SET = 'ControlSet001';

/** What hiberfil.sys begins with while it holds a memory image that would be resumed. */
const HIBERNATED = ['hibr', 'HIBR'];

/**
 * Finds the Windows on a disk and opens its hives, dirty ones with their logs.
 * Dependent rounds: the partition table, the volumes (two), the path to the hives (see `findFiles`),
 * their base blocks, logs where a hive is dirty, and the control set.
 * @param ahead bytes that are read beside what is asked for where they will probably be needed next: the
 *   usual places of the $MFT, the beginnings of the hives. What is below `disk` has to keep them.
 */
export function* findWindows(disk: Medium, ahead = 0): Walker<WindowsSearch> {
  const table = yield* readPartitions(disk);
  const partitions: readonly Pick<Partition, 'offset' | 'size'>[] =
    table.scheme === 'none' ? [{ offset: 0, size: disk.size }] : table.partitions;
  const media = largest(partitions).map(({ offset, size }) => slice(disk, offset, size));
  const [kinds] = yield* together<Range, ReadResult, [VolumeKind[], unknown]>([
    together(media.map((medium) => recogniseVolume(medium))),
    together(media.map((medium) => readVolumeAhead(medium, ahead))),
  ]);
  const candidates = media.filter((_, index) => kinds[index] === 'ntfs');
  const opened = yield* together(candidates.map((medium) => openVolume(medium)));
  const volumes = opened.flatMap((result) => (result.ok ? [result] : []));
  const searches = yield* together(volumes.map(({ volume }) => findFiles(volume, [`${CONFIG}\\SYSTEM`])));
  const at = searches.findIndex(({ lookups }) => lookups[0]?.kind === 'found');
  const found = volumes[at];
  if (found === undefined) {
    const end = Math.max(0, ...table.partitions.map(({ offset, size }) => offset + size));
    const missing = Math.max(0, end - disk.size);
    return explainAbsence({ count: table.partitions.length, missing }, kinds, [
      ...opened.flatMap((result) => (result.ok ? [] : [result.problem])),
      ...searches.flatMap(({ lookups: [lookup] }) => (lookup?.kind === 'unreadable' ? [lookup.problem] : [])),
    ]);
  }
  return yield* openWindows(found.volume, table.scheme, [...table.anomalies, ...found.anomalies], ahead);
}

function largest<P extends Pick<Partition, 'size'>>(partitions: readonly P[]): readonly P[] {
  return [...partitions].sort((a, b) => b.size - a.size).slice(0, MOST_PARTITIONS);
}

/**
 * Where volumes may begin, taking the file for the disk itself, which it is for a raw image and a fixed
 * VHD. For another kind no table is found, or one that leads nowhere: it is only for reading ahead.
 */
export function* guessVolumes(file: Medium): Walker<readonly Medium[]> {
  const { partitions } = yield* readPartitions(file);
  return largest(partitions).map(({ offset, size }) => slice(file, offset, size));
}

function* openWindows(
  volume: Volume,
  partitionScheme: string,
  anomalies: readonly Anomaly[],
  ahead: number,
): Walker<WindowsSearch> {
  const names = HIVES.flatMap((hive) => [hive, ...LOGS.map((log) => `${hive}${log}`)]);
  const found = yield* findFiles(volume, ['\\hiberfil.sys', ...names.map((name) => `${CONFIG}\\${name}`)]);
  const [hiberfile, ...files] = found.lookups.map((lookup) =>
    lookup.kind === 'found' ? mediumOf(volume, lookup.files[0]) : undefined,
  );
  const media = new Map(names.map((name, index) => [name, files[index]]));
  const { hives, controlSet } = yield* openRegistry(
    (hive) => ({
      primary: media.get(hive),
      logs: LOGS.flatMap((log) => media.get(`${hive}${log}`) ?? []),
    }),
    ahead,
  );
  if (!hives.SYSTEM.ok) {
    return {
      kind: 'none',
      problem: `the SYSTEM hive cannot be read: ${hives.SYSTEM.problem}`,
      advice: 'Restore the hive from a backup or an older snapshot of the disk.',
    };
  }
  const isHibernated = hiberfile !== undefined && (yield* startsWith(hiberfile, HIBERNATED));
  return {
    kind: 'found',
    windows: {
      volume,
      hives,
      controlSet,
      partitionScheme,
      isHibernated,
      anomalies: [
        ...anomalies,
        ...found.anomalies,
        ...HIVES.flatMap((name) =>
          hives[name].anomalies.map((anomaly) => ({ ...anomaly, where: `${name}, ${anomaly.where}` })),
        ),
      ],
    },
  };
}

/** A hive's file, and the logs beside it in any order. */
export interface HiveFiles {
  readonly primary: Medium | undefined;
  readonly logs: readonly Medium[];
}

/** Opens the hives, dirty ones with their logs, and reads which control set is in use. */
export function* openRegistry(filesOf: (hive: HiveName) => HiveFiles, ahead = 0): Walker<OfflineRegistry> {
  const logBudget = { left: MOST_LOG_BYTES };
  const files = HIVES.map((hive) => ({ hive, ...filesOf(hive) }));
  const [opened] = yield* together<Range, ReadResult, [OpenedHive[], unknown]>([
    together(
      files.map(({ hive, primary, logs }) =>
        primary === undefined ? missing(hive) : openHive(primary, logs, { logBudget }),
      ),
    ),
    // The keys that Windows' setup made stand there, and with them most of those that are asked for.
    together(files.flatMap(({ primary }) => (primary === undefined ? [] : [readAhead(primary, [0], ahead)]))),
  ]);
  const hiveOf = (name: HiveName): OpenedHive =>
    opened[HIVES.indexOf(name)] ?? { ok: false, problem: `${name} was not opened`, anomalies: [] };
  const hives = {
    SYSTEM: hiveOf('SYSTEM'),
    SOFTWARE: hiveOf('SOFTWARE'),
    SECURITY: hiveOf('SECURITY'),
    SAM: hiveOf('SAM'),
  };
  const [controlSet] = yield* together<Range, ReadResult, [string, ...unknown[]]>([
    readControlSet(hives.SYSTEM),
    // Every question is below one of these: what leads to them is in the cache when it is asked.
    ...(ahead > 0 ? leadToCommonKeys(hives) : []),
  ]);
  return { hives, controlSet };
}

// biome-ignore lint/correctness/useYield: a file that is not there needs no reading
function* missing(hive: HiveName): Walker<OpenedHive> {
  return { ok: false, problem: `there is no ${CONFIG}\\${hive}`, anomalies: [] };
}

function mediumOf(volume: Volume, found: FoundFile | undefined): Medium | undefined {
  const opened = found === undefined ? undefined : openFile(volume, found.file);
  return opened?.ok === true ? opened.medium : undefined;
}

/** Offline there is no CurrentControlSet: Select\Current names its number. 1 where even that cannot be read. */
function* readControlSet(system: OpenedHive): Walker<string> {
  if (!system.ok) return FIRST_CONTROL_SET;
  const { answers } = yield* lookUp(system.hive, [{ path: 'Select', name: 'Current' }]);
  const [answer] = answers;
  const current = answer?.kind === 'value' ? decodeValue(answer.value) : undefined;
  return typeof current === 'number' && current > 0
    ? `ControlSet${String(current).padStart(3, '0')}`
    : FIRST_CONTROL_SET;
}

function* startsWith(medium: Medium, starts: readonly string[]): Walker<boolean> {
  const head = yield* readAt(medium, 0, 4);
  return head.ok && starts.includes(String.fromCharCode(...head.bytes));
}

/** @param partitions how many there are, and how many bytes they reach beyond the end of the disk */
function explainAbsence(
  partitions: { readonly count: number; readonly missing: number },
  kinds: readonly VolumeKind[],
  problems: readonly string[],
): WindowsSearch {
  if (kinds.some((kind) => kind === 'bitlocker' || kind === 'bitlocker-to-go')) {
    return {
      kind: 'none',
      problem: 'the disk is encrypted with BitLocker',
      advice:
        'Unlock it first (attach it to a Windows machine and run manage-bde -unlock), or copy the unlocked volume to an image.',
    };
  }
  const [problem] = problems;
  if (problem !== undefined) {
    return {
      kind: 'none',
      problem: `there is an NTFS volume, but it cannot be read: ${problem}`,
      advice: 'Check that the copy of the disk is complete, or use an older snapshot.',
    };
  }
  if (partitions.missing > 0) {
    return {
      kind: 'none',
      problem: `the image is cut off: its partitions reach ${partitions.missing} bytes beyond its end`,
      advice: 'Copy the whole disk again.',
    };
  }
  if (kinds.includes('ntfs')) {
    return {
      kind: 'none',
      problem: 'the disk has NTFS volumes, but none holds \\Windows\\System32\\config',
      advice: 'Name the OS disk: this looks like a data disk.',
    };
  }
  return {
    kind: 'none',
    problem:
      partitions.count === 0
        ? 'no Windows was found on this disk: it has neither partitions nor an NTFS volume'
        : 'none of its partitions is an NTFS volume',
    advice: 'Name a raw, VHD or VHDX image of the OS disk.',
  };
}
