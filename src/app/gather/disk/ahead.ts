import { lookUp, type OpenedHive, readSubtree } from '../../../core/formats/regf/index.ts';
import type { Medium, Walker } from '../../../core/formats/walker.ts';
import type { HiveName } from '../../../core/windows/inquiry.ts';

/**
 * Reading ahead: what will probably be needed is asked for in the same round as something else, and its
 * bytes are in the block cache when somebody wants them. A wrong guess costs bytes, and is never an answer.
 */

/**
 * Where the $MFT begins in a volume, in bytes: mkntfs of ntfs-3g puts it at 16 KiB, Windows at cluster
 * 786,432, which with clusters of 4 KiB is 3 GiB. The boot sector says where it really is.
 */
const USUAL_MFT_PLACES = [0, 786_432 * 4096];

/** Records of the $MFT that are read with its first, as a part of what is read ahead of a hive. */
const MFT_PART = 4;

/** Has bytes at these places in the cache. `length` in bytes, 0 for none. */
export function* readAhead(medium: Medium, places: readonly number[], length: number): Walker<void> {
  if (length === 0) return;
  const ranges = places
    .filter((offset) => offset < medium.size)
    .map((offset) => ({ offset, length: Math.min(length, medium.size - offset) }));
  if (ranges.length > 0) yield* medium.read(ranges);
}

/** The boot sector of a volume, and the beginning of its $MFT at each usual place. One round. */
export function* readVolumeAhead(volume: Medium, ahead: number): Walker<void> {
  yield* readAhead(volume, USUAL_MFT_PLACES, Math.floor(ahead / MFT_PART));
}

type Hives = Readonly<Record<HiveName, OpenedHive>>;

/** Every question is below one of these. */
const COMMON_KEYS: Readonly<Record<HiveName, readonly string[]>> = {
  SYSTEM: ['ControlSet001\\Control', 'ControlSet001\\Services'],
  SOFTWARE: ['Microsoft', 'Policies'],
  SECURITY: ['Policy'],
  SAM: [],
};

/** Where the listener's certificate is looked for once its thumbprint is known: few certificates each. */
const STORES = ['MY', 'Remote Desktop'].map(
  (store) => `Microsoft\\SystemCertificates\\${store}\\Certificates`,
);

/** A certificate with its properties has some kilobytes. */
const STORE_LIMITS = { depth: 1, keys: 16, dataBytes: 128 * 1024 } as const;

/** Goes to the keys that all questions begin with. Two rounds, or three. */
export function leadToCommonKeys(hives: Hives): readonly Walker<unknown>[] {
  return Object.entries(COMMON_KEYS).flatMap(([name, paths]) => {
    const opened = hives[name as HiveName];
    return opened.ok
      ? [
          lookUp(
            opened.hive,
            paths.map((path) => ({ path })),
          ),
        ]
      : [];
  });
}

/** Goes to what will be asked for once something else is known. */
export function leadToLaterKeys({ SOFTWARE }: Hives): readonly Walker<unknown>[] {
  if (!SOFTWARE.ok) return [];
  const { hive } = SOFTWARE;
  return STORES.map((store) => readSubtree(hive, store, STORE_LIMITS));
}
