import { together } from '../../../core/bytes/batched.ts';
import {
  type Image,
  type ImageResult,
  isDiskId,
  type ParentLink,
} from '../../../core/formats/image/image.ts';
import { openImage } from '../../../core/formats/image/open-image.ts';
import {
  type Anomaly,
  bottom,
  type Medium,
  NO_ANSWER,
  type Range,
  type ReadResult,
} from '../../../core/formats/walker.ts';
import type { NamedUser } from '../../../core/model/cause.ts';
import type { Evidence } from '../../../core/model/facts.ts';
import { present } from '../../../core/model/observation.ts';
import type { Warning } from '../../../core/model/report.ts';
import type { VolumeState } from '../../../core/model/windows-facts.ts';
import { machineInquiries } from '../../../core/windows/machine.ts';
import { BlockCache, BlockStore } from '../../disk/block-cache.ts';
import { runWalker } from '../../disk/run-walker.ts';
import type { ByteSource, OpenedSource, SourceCost } from '../../ports/byte-source.ts';
import type { Clock } from '../../ports/clock.ts';
import { leadToLaterKeys, readVolumeAhead } from './ahead.ts';
import { inquireOffline } from './answer.ts';
import { findWindows, guessVolumes, type OfflineWindows } from './offline-windows.ts';

/** Differencing disks on differencing disks: Hyper-V advises against more than a few. */
const MOST_PARENTS = 16;

/** Anomalies that a warning names one by one; a damaged hive can have thousands. */
const MOST_NAMED = 5;

/** Places that cannot be read are counted up to this; a broken disk has millions. */
const MOST_PROBLEMS = 1000;

export interface DiskRequest {
  readonly source: ByteSource;
  /** Opens the disk that a differencing disk builds on, by the names that the child gives. */
  readonly openParent: (link: ParentLink) => Promise<OpenedSource>;
  readonly timeoutMillis: number;
  /** Bytes fetched at a time: small where reading is near, larger where each request costs a round trip. */
  readonly blockSize: number;
  /** The account that cannot sign in, where it was named. */
  readonly account?: NamedUser;
}

export type DiskLook =
  | {
      readonly ok: true;
      readonly evidence: Evidence;
      readonly warnings: readonly Warning[];
      readonly cost: SourceCost;
    }
  /** `problem`: lower case, no final stop. `advice`: a sentence. */
  | { readonly ok: false; readonly problem: string; readonly advice: string };

/** Blocks that stay in memory, in bytes, for all files of a disk together. */
const CACHE_BYTES = 48 * 1024 * 1024;
const LONGEST_FETCH = 1024 * 1024;

/** What is probably needed is read before it is asked for, so many blocks of it: where a round costs more, more. */
const BLOCKS_AHEAD = 8;

/** Blocks that are in memory already are answered at once: so long, and the network's timers wait no longer. */
const LONGEST_TURN_MILLIS = 50;

/** Reads a Windows disk where it lies, as much of it as the questions need. Nothing is ever written. */
export async function lookAtDisk(clock: Clock, request: DiskRequest): Promise<DiskLook> {
  const deadline = clock.monotonic() + request.timeoutMillis;
  const disks = new Disks(clock, deadline, request);
  try {
    const opened = await disks.open(request.source);
    if (!opened.ok) return disks.whyNotRead ?? opened;
    const { image } = opened;
    const search = await disks.walk(findWindows(image.disk, disks.ahead));
    if (search === undefined) return TIME_IS_OVER;
    if (search.kind === 'none') {
      return disks.whyNotRead ?? { ok: false, problem: search.problem, advice: search.advice };
    }
    const { windows } = search;
    const context = {
      channel: 'disk',
      observedAt: new Date(clock.now()).toISOString(),
      ...(request.account === undefined ? {} : { account: request.account }),
    };
    const parts: Evidence[] = [];
    const done = await disks.walk(
      together<Range, ReadResult, unknown>(
        [
          ...machineInquiries(context).map(function* (inquiry, index) {
            parts[index] = yield* inquireOffline(windows, inquiry);
          }),
          ...leadToLaterKeys(windows.hives),
        ],
        (ranges) => disks.atHand(ranges),
      ),
    );
    if (done === undefined) return TIME_IS_OVER;
    return {
      ok: true,
      evidence: {
        ...Object.assign({}, ...parts),
        'disk.volume': present(stateOf(image, windows), {
          gatherer: 'disk',
          channel: context.channel,
          locator: request.source.name,
          observedAt: context.observedAt,
        }),
      },
      warnings: warnings(image, windows, disks.problems),
      cost: disks.cost(),
    };
  } finally {
    await disks.close();
  }
}

const TIME_IS_OVER = {
  ok: false,
  problem: 'the time limit was reached before the disk had been read',
  advice: 'Allow more time with --timeout, or copy the disk to this machine.',
} as const satisfies DiskLook;

type OpenedDisk =
  | { readonly ok: true; readonly image: Image }
  | { readonly ok: false; readonly problem: string; readonly advice: string };

/** The files of one disk: the image, and its parents where it is a differencing one. */
class Disks {
  readonly problems = new Set<string>();
  readonly #clock: Clock;
  readonly #deadline: number;
  readonly #request: DiskRequest;
  readonly #sources: ByteSource[] = [];
  readonly #caches: BlockCache[] = [];
  readonly #store = new BlockStore(CACHE_BYTES);
  #cutShort = false;

  constructor(clock: Clock, deadline: number, request: DiskRequest) {
    this.#clock = clock;
    this.#deadline = deadline;
    this.#request = request;
  }

  /** How much is read ahead of what is asked for, in bytes. */
  get ahead(): number {
    return this.#request.blockSize * BLOCKS_AHEAD;
  }

  /** `undefined`: out of time. What a walker makes of a read that was cut short is no word on the disk. */
  async walk<T>(walker: Generator<readonly Range[], T, readonly ReadResult[]>): Promise<T | undefined> {
    let turnSince = this.#clock.monotonic();
    const value = await runWalker(walker, (ranges) => this.#read(ranges), {
      stopped: () => this.#clock.monotonic() >= this.#deadline,
      breathe: () => {
        const now = this.#clock.monotonic();
        if (now - turnSince < LONGEST_TURN_MILLIS) return undefined;
        return this.#clock.sleep(0).then(() => {
          turnSince = this.#clock.monotonic();
        });
      },
    });
    return this.#cutShort ? undefined : value;
  }

  /** Where reading failed, what was found out by it says nothing of the disk. */
  get whyNotRead(): DiskLook | undefined {
    if (this.#cutShort) return TIME_IS_OVER;
    const [problem] = this.problems;
    return problem === undefined
      ? undefined
      : {
          ok: false,
          problem: `a part of it could not be read: ${problem}`,
          advice: 'Check that it can be read from here, and try again.',
        };
  }

  /** Opens an image, and its parents before it can be read. */
  async open(source: ByteSource): Promise<OpenedDisk> {
    const index = this.#sources.push(source) - 1;
    this.#caches.push(
      new BlockCache(
        source,
        { blockSize: this.#request.blockSize, capacity: CACHE_BYTES, longestFetch: LONGEST_FETCH },
        this.#store,
      ),
    );
    const file = bottom(source.size, index);
    const alone = explain(source, await this.#openImage(file, index === 0 ? this.ahead : 0));
    if (!alone.ok || alone.image.parent === undefined) return alone;
    const link = alone.image.parent;
    if (index >= MOST_PARENTS) {
      return {
        ok: false,
        problem: `the disk builds on more than ${MOST_PARENTS} others`,
        advice: 'Merge them first.',
      };
    }
    if (!isDiskId(link.id)) {
      return {
        ok: false,
        problem: `${source.name} is a differencing disk that does not identify its parent: any disk would fit`,
        advice: 'Use another copy of the disk: data read through the wrong parent would be wrong.',
      };
    }
    const found = await this.#request.openParent(link);
    if (!found.ok) {
      return {
        ok: false,
        problem: `${source.name} is a differencing disk, and its parent was not opened: ${found.problem}`,
        advice: found.advice,
      };
    }
    const parent = await this.open(found.source);
    if (!parent.ok) return parent;
    if (parent.image.id !== link.id) {
      return {
        ok: false,
        problem: `${found.source.name} is not the parent that ${source.name} was made from, or it has changed since then`,
        advice:
          'Name the right, unchanged parent with --parent FILE: data read through the wrong one would be wrong.',
      };
    }
    return explain(source, await this.walk(openImage(file, parent.image.disk)));
  }

  /** Opens an image, and reads where its volumes begin in the same round, as if it were the disk itself. */
  async #openImage(file: Medium, ahead: number): Promise<ImageResult | undefined> {
    const volumes = ahead === 0 ? [] : await this.walk(guessVolumes(file));
    const done = await this.walk(
      together<Range, ReadResult, [ImageResult, ...unknown[]]>([
        openImage(file),
        ...(volumes ?? []).map((volume) => readVolumeAhead(volume, ahead)),
      ]),
    );
    return done?.[0];
  }

  /** What was read of these before, `undefined` where not all of it is kept. */
  atHand(ranges: readonly Range[]): readonly ReadResult[] | undefined {
    const [{ source = 0 } = {}] = ranges;
    if (ranges.some((range) => (range.source ?? 0) !== source)) return undefined;
    return this.#caches[source]?.atHand(ranges);
  }

  async #read(ranges: readonly Range[]): Promise<readonly ReadResult[]> {
    const bySource = new Map<number, number[]>();
    for (const [at, { source = 0 }] of ranges.entries())
      bySource.set(source, [...(bySource.get(source) ?? []), at]);
    const results: ReadResult[] = ranges.map(() => ({ ok: false, problem: TIME_IS_OVER.problem }));
    const reads = [...bySource].map(async ([source, places]) => {
      const mine = await this.#caches[source]?.read(places.flatMap((at) => ranges[at] ?? []));
      for (const [order, at] of places.entries()) results[at] = mine?.[order] ?? NO_ANSWER;
    });
    // What a silent server owes is not waited for beyond the time limit.
    const left = Math.max(0, this.#deadline - this.#clock.monotonic());
    if ((await this.#clock.within(Promise.all(reads), left)) === undefined) this.#cutShort = true;
    for (const result of results) {
      if (!result.ok && this.problems.size < MOST_PROBLEMS) this.problems.add(result.problem);
    }
    return results;
  }

  cost(): SourceCost {
    const sum = (pick: (cost: SourceCost) => number): number =>
      this.#sources.reduce((total, { cost }) => total + pick(cost), 0);
    return {
      bytes: sum(({ bytes }) => bytes),
      requests: sum(({ requests }) => requests),
      rounds: sum(({ rounds }) => rounds),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }
}

function explain(source: ByteSource, result: ImageResult | undefined): OpenedDisk {
  if (result === undefined) return TIME_IS_OVER;
  return result.ok
    ? result
    : {
        ok: false,
        problem: `${source.name}: ${result.problem}`,
        advice: result.advice ?? 'Use another copy of the disk.',
      };
}

function stateOf(image: Image, windows: OfflineWindows): VolumeState {
  return {
    container: image.container,
    partitionScheme: windows.partitionScheme,
    dirty: windows.volume.isDirty === true,
    hibernated: windows.isHibernated,
    hives: Object.fromEntries(
      Object.entries(windows.hives).map(([name, hive]) => [
        name,
        hive.ok ? hive.state : `unreadable: ${hive.problem}`,
      ]),
    ),
  };
}

function warnings(image: Image, windows: OfflineWindows, problems: ReadonlySet<string>): readonly Warning[] {
  const parts: Warning[] = [...problems].slice(0, MOST_NAMED).map((problem) => ({
    code: 'disk-part-unreadable',
    text: `a part of the disk could not be read: ${problem}`,
  }));
  if (problems.size > MOST_NAMED) {
    const text = `more parts of the disk could not be read (${problems.size - MOST_NAMED})`;
    parts.push({ code: 'disk-part-unreadable', text });
  }
  const anomalies: readonly Anomaly[] = [...image.anomalies, ...windows.anomalies];
  const odd: Warning[] = anomalies
    .slice(0, MOST_NAMED)
    .map(({ where, problem }) => ({ code: 'disk-anomaly', text: `${where}: ${problem}` }));
  if (anomalies.length > MOST_NAMED) {
    odd.push({ code: 'disk-anomaly', text: `more anomalies were found (${anomalies.length - MOST_NAMED})` });
  }
  return [...parts, ...warningsOfState(windows), ...odd];
}

function warningsOfState({ isHibernated, hives }: OfflineWindows): readonly Warning[] {
  const said: Warning[] = [];
  if (isHibernated) {
    said.push({
      code: 'disk-hibernated',
      text: 'the machine is hibernated: what it had in memory is newer than what was read from the disk',
    });
  }
  for (const [name, hive] of Object.entries(hives)) {
    if (!hive.ok) {
      said.push({ code: 'hive-unreadable', text: `the ${name} hive cannot be read: ${hive.problem}` });
    } else if (hive.state === 'dirty-without-log') {
      said.push({
        code: 'hive-incomplete',
        text: `the ${name} hive was being written and its log is missing: old and new values may be mixed`,
      });
    } else if (hive.state === 'recovered') {
      said.push({
        code: 'hive-recovered',
        text: `the ${name} hive is damaged: only what could be recovered from it was read`,
      });
    }
  }
  return said;
}
