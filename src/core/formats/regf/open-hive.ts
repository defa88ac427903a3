import { together } from '../../bytes/batched.ts';
import { copyBytes } from '../../bytes/copy.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Anomaly, type Medium, NO_ANSWER, type ReadResult, readAt, type Walker } from '../walker.ts';
import {
  BASE_BLOCK_SIZE,
  type BaseBlock,
  decodeBaseBlock,
  FILE_TYPE,
  HIVE_BIN_ALIGNMENT,
  isDirty,
  isHiveBinsSize,
  isLogType,
  LOG_BASE_BLOCK_SIZE,
  MAX_HIVE_BINS_SIZE,
} from './base-block.ts';
import { NO_CELL } from './cells.ts';
import { type Hive, problemOf, Reading } from './hive.ts';
import { decodeHiveBin, HIVE_BIN_HEADER_SIZE } from './hive-bin.ts';
import { readKeyNode } from './keys.ts';
import { overlay } from './overlay.ts';
import { PAGE_SIZE, Pages } from './pages.ts';
import { type Log, type LogBudget, MAX_KEPT_BYTES, replay } from './replay.ts';

/**
 * How far what is read can be trusted:
 * - `clean`: the last write had ended; logs were not needed.
 * - `replayed`: a write had not ended, and logs filled in what it lacked, as Windows does on loading.
 * - `dirty-without-log`: it had not, and no log applies: old and new may stand side by side.
 * - `recovered`: the base block is damaged and no log has one: where the root is was guessed.
 */
export type HiveState = 'clean' | 'replayed' | 'dirty-without-log' | 'recovered';

export type OpenedHive =
  | {
      readonly ok: true;
      readonly state: HiveState;
      /** The number of the last write that what is read includes. */
      readonly sequence: number;
      /** FILETIME. Windows 8.1 and later do not keep it up to date. */
      readonly lastWritten: bigint;
      readonly minorVersion: number;
      /** The end of the path that Windows knew the file by. */
      readonly fileName: string;
      /** Log entries (new format) or logs (old format) that were applied. */
      readonly replayed: number;
      readonly anomalies: readonly Anomaly[];
      readonly hive: Hive;
    }
  /** There is nothing that could be a hive. */
  | { readonly ok: false; readonly problem: string; readonly anomalies: readonly Anomaly[] };

export interface OpenHiveOptions {
  /** Pages of 4 KiB that the hive keeps in memory; as a default 16 MiB of them. */
  readonly cachedPages?: number;
  /** What logs may keep in memory, in bytes, where several hives share it; as a default 64 MiB for this one. */
  readonly logBudget?: LogBudget;
}

/** Key nodes of versions before 1.2 are laid out in another way; after 1.6 nothing is known. */
const MINOR_VERSIONS = { first: 2, last: 6 } as const;

/** Where the root key stands in every hive that Windows makes: the first cell of the first bin. */
const USUAL_ROOT_CELL = HIVE_BIN_HEADER_SIZE;

/**
 * Opens a hive; a dirty one as Windows would, by replaying its logs in memory. Nothing is written.
 * One round for a clean hive. A dirty one takes one more for each mebibyte-doubling of its logs
 * (see replay), a damaged base block without a log one more to find the root.
 * @param logs the files beside it (.LOG, .LOG1, .LOG2) in any order; empty or unrelated ones do no harm
 */
export function* openHive(
  medium: Medium,
  logs: readonly Medium[] = [],
  options: OpenHiveOptions = {},
): Walker<OpenedHive> {
  const anomalies: Anomaly[] = [];
  const [head = NO_ANSWER, ...logHeads] = yield* together([
    readAt(medium, 0, Math.min(medium.size, BASE_BLOCK_SIZE + PAGE_SIZE)),
    ...logs.map((log) => readAt(log, 0, Math.min(log.size, LOG_BASE_BLOCK_SIZE))),
  ]);
  if (!head.ok) anomalies.push({ where: 'base block', problem: head.problem });
  const start = head.ok ? head.bytes : new Uint8Array();
  const found = tryDecode(() => decodeBaseBlock(start));
  const bin = tryDecode(() => decodeHiveBin(start.subarray(BASE_BLOCK_SIZE)));

  if (found.ok && isLogType(found.value.fileType) && (found.value.checksumValid || !bin.ok)) {
    const problem = `it is a transaction log (file type ${found.value.fileType}), which holds no keys: open the hive itself, with this as its log`;
    return { ok: false, problem, anomalies };
  }
  if (found.ok && found.value.checksumValid && !isDirty(found.value)) {
    return yield* finish(
      medium,
      { state: 'clean', base: found.value, replayed: 0 },
      start,
      anomalies,
      options,
    );
  }
  const sound = found.ok && found.value.checksumValid ? found.value : undefined;
  if (sound === undefined) {
    const problem = found.ok ? 'its checksum is not the one stored' : problemOf(found.error);
    anomalies.push({ where: 'base block', problem });
  }
  const lastWritten = sound?.lastWritten ?? (bin.ok ? bin.value.timestamp : undefined);
  const outcome = yield* replay(
    {
      ...(sound === undefined ? {} : { base: sound }),
      ...(lastWritten === undefined ? {} : { lastWritten }),
    },
    soundLogs(logs, logHeads, anomalies),
    options.logBudget ?? { left: MAX_KEPT_BYTES },
  );
  anomalies.push(...outcome.anomalies);

  if (outcome.base === undefined) {
    // Without a sound base block anywhere, the damaged one is the best guess there is.
    if (!found.ok && !bin.ok) return { ok: false, problem: 'it does not contain a hive', anomalies };
    const size = Math.floor((medium.size - BASE_BLOCK_SIZE) / HIVE_BIN_ALIGNMENT) * HIVE_BIN_ALIGNMENT;
    const guess: BaseBlock = {
      ...(found.ok ? found.value : UNKNOWN_BASE),
      ...(lastWritten === undefined ? {} : { lastWritten }),
      hiveBinsSize: Math.max(0, size),
    };
    return yield* finish(medium, { state: 'recovered', base: guess, replayed: 0 }, start, anomalies, options);
  }
  const { hiveBinsSize = outcome.base.hiveBinsSize, sequence = outcome.base.secondarySequence } = outcome;
  const base = { ...outcome.base, hiveBinsSize, primarySequence: sequence };
  if (outcome.applied === 0) {
    const state = sound === undefined ? 'recovered' : 'dirty-without-log';
    return yield* finish(medium, { state, base, replayed: 0 }, start, anomalies, options);
  }
  const whole = overlay(medium, outcome.sectors, BASE_BLOCK_SIZE + hiveBinsSize);
  return yield* finish(
    whole,
    { state: 'replayed', base, replayed: outcome.applied },
    undefined,
    anomalies,
    options,
  );
}

/** What is assumed where no base block can be read: version 1.5, which Windows has written since XP. */
const UNKNOWN_BASE: BaseBlock = {
  primarySequence: 0,
  secondarySequence: 0,
  lastWritten: 0n,
  majorVersion: 1,
  minorVersion: 5,
  fileType: FILE_TYPE.PRIMARY,
  fileFormat: 1,
  rootCell: USUAL_ROOT_CELL,
  hiveBinsSize: 0,
  fileName: '',
  checksumValid: false,
};

/** Logs that say of themselves that they are whole; an empty one is normal, a damaged one is noted. */
function soundLogs(media: readonly Medium[], heads: readonly ReadResult[], anomalies: Anomaly[]): Log[] {
  const logs: Log[] = [];
  for (const [index, medium] of media.entries()) {
    const name = `log ${index + 1}`;
    const note = (problem: string): void =>
      void anomalies.push({ where: name, problem: `not used: ${problem}` });
    const head = heads[index] ?? NO_ANSWER;
    if (!head.ok) note(head.problem);
    else if (head.bytes.some((byte) => byte !== 0)) {
      const base = tryDecode(() => decodeBaseBlock(head.bytes));
      if (!base.ok) note(problemOf(base.error));
      else if (!base.value.checksumValid) note('the checksum of its base block is not the one stored');
      else if (base.value.primarySequence !== base.value.secondarySequence)
        note('it was not written completely');
      else if (base.value.fileType === FILE_TYPE.PRIMARY) note('it is a primary file, not a log');
      else logs.push({ name, medium, base: base.value });
    }
  }
  return logs;
}

interface Found {
  readonly state: HiveState;
  readonly base: BaseBlock;
  readonly replayed: number;
}

/** @param start the first two pages of the medium, where no log replaces any of it */
function* finish(
  medium: Medium,
  { state, base, replayed }: Found,
  start: Uint8Array | undefined,
  anomalies: Anomaly[],
  options: OpenHiveOptions,
): Walker<OpenedHive> {
  const { minorVersion } = base;
  if (base.checksumValid && (base.majorVersion !== 1 || !isKnown(minorVersion))) {
    const version = `${base.majorVersion}.${minorVersion}`;
    return { ok: false, problem: `hives of version ${version} are not supported`, anomalies };
  }
  let { hiveBinsSize } = base;
  if (!(isHiveBinsSize(hiveBinsSize) && hiveBinsSize <= MAX_HIVE_BINS_SIZE)) {
    anomalies.push({ where: 'base block', problem: `hive bins of ${hiveBinsSize} bytes are impossible` });
    hiveBinsSize = Math.min(MAX_HIVE_BINS_SIZE, Math.max(0, medium.size - BASE_BLOCK_SIZE));
  }
  if (BASE_BLOCK_SIZE + hiveBinsSize > medium.size) {
    const sizes = `${medium.size} of ${BASE_BLOCK_SIZE + hiveBinsSize} bytes are present`;
    anomalies.push({ where: 'hive', problem: `it is truncated: ${sizes}` });
  }
  const pages = new Pages(medium, options.cachedPages);
  if (start !== undefined && start.length === BASE_BLOCK_SIZE + PAGE_SIZE) {
    pages.put(BASE_BLOCK_SIZE / PAGE_SIZE, copyBytes(start, BASE_BLOCK_SIZE));
  }
  anomalies.push(...pages.bins.anomalies(hiveBinsSize));
  const hive: Hive = {
    pages,
    rootCell: base.rootCell,
    hiveBinsSize,
    minorVersion: isKnown(minorVersion) ? minorVersion : UNKNOWN_BASE.minorVersion,
  };
  return {
    ok: true,
    state,
    sequence: base.primarySequence,
    lastWritten: base.lastWritten,
    minorVersion: hive.minorVersion,
    fileName: base.fileName,
    replayed,
    hive: state === 'recovered' ? yield* withRoot(hive, anomalies) : hive,
    anomalies,
  };
}

function isKnown(minorVersion: number): boolean {
  return minorVersion >= MINOR_VERSIONS.first && minorVersion <= MINOR_VERSIONS.last;
}

/** Takes the first place that has a key node for the root: where the base block says, else where it usually is. */
function* withRoot(hive: Hive, anomalies: Anomaly[]): Walker<Hive> {
  for (const rootCell of new Set([hive.rootCell, USUAL_ROOT_CELL])) {
    const node = yield* hive.pages.perform(readKeyNode(new Reading(hive), rootCell));
    if (node.ok) return { ...hive, rootCell };
  }
  anomalies.push({ where: 'hive', problem: 'no root key was found' });
  return { ...hive, rootCell: NO_CELL };
}
