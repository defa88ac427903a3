// Decides for one mutant after another whether a test notices it. All bundles are loaded once a lane, and
// mutants are switched on and off in that process: only what came by a mutant while it was loaded (tables,
// rows computed by a test's module) needs a process of its own, where the mutant is on from the start.
import { basename, dirname } from 'node:path';
import type { Mutant } from './instrument.ts';
import { inLanes } from './lanes.ts';
import { type Covered, type TestPlace, TestProcess } from './process.ts';

export type Noticing = 'noticed' | 'too long' | 'survived';

/** A mutant that runs for ever is noticed too. */
const LONGEST_MILLIS = 60_000;
/** Without a mutant the slowest test, of every denied question, may take its time on a busy machine. */
const UNTOUCHED_MILLIS = 600_000;
/** What else the machine does may slow tests down by this much. */
const SLOWER = 20;

interface Bundled extends Covered {
  /** The test's path below the repository. */
  readonly test: string;
  readonly bundle: string;
}

export class TestBench {
  readonly #root: string;
  readonly #bundles: readonly Bundled[];
  /** One a lane, with everything loaded and no mutant on. */
  readonly #warm = new Map<number, TestProcess>();

  private constructor(root: string, bundles: readonly Bundled[]) {
    this.#root = root;
    this.#bundles = bundles;
  }

  /** Runs each test once without a mutant, to know what it comes by. */
  static async of(root: string, bundles: ReadonlyMap<string, string>): Promise<TestBench> {
    const bundled: Bundled[] = [];
    await inLanes(bundles, async ([test, bundle]) => {
      const alone = new TestProcess(root);
      try {
        if ((await alone.load([bundle], UNTOUCHED_MILLIS)) === undefined) throw new Error('does not load');
        bundled.push({ test, bundle, ...(await alone.cover(UNTOUCHED_MILLIS)) });
      } catch (error) {
        throw new Error(`${test} fails without any mutant: ${error}`);
      } finally {
        alone.end();
      }
    });
    return new TestBench(root, bundled);
  }

  async try(mutant: Mutant, lane: number): Promise<Noticing> {
    const warm = await this.#tryWarm(mutant, lane);
    return warm === 'survived' ? this.#tryFresh(mutant) : warm;
  }

  end(): void {
    for (const warm of this.#warm.values()) warm.end();
  }

  /** The tests nearest to the mutant first, and of those the quickest: one that fails is enough. */
  async #tryWarm(mutant: Mutant, lane: number): Promise<Noticing> {
    const places = this.#bundles
      .filter(({ atLoad }) => !atLoad.includes(mutant.id))
      .flatMap(({ test, bundle, tests }) =>
        tests.flatMap(({ millis, mutants }, index) =>
          mutants.includes(mutant.id) ? [{ bundle, index, millis, distance: distance(mutant, test) }] : [],
        ),
      )
      .sort((one, other) => one.distance - other.distance || one.millis - other.millis);
    if (places.length === 0) return 'survived';
    const expected = places.reduce((sum, { millis }) => sum + millis, 0);
    const tests = places.map(({ bundle, index }): TestPlace => ({ bundle, index }));
    for (const again of [false, true]) {
      const process = await this.#warmProcess(lane);
      const outcome = await process.run({ tests, mutant: mutant.id }, LONGEST_MILLIS + expected * SLOWER);
      if (outcome !== undefined && !outcome.soiled) return outcome.noticed ? 'noticed' : 'survived';
      process.end();
      this.#warm.delete(lane);
      if (outcome === undefined) return 'too long';
      if (again) break;
    }
    // It leaves something behind, and a process of its own keeps that.
    return this.#tryFresh(mutant, true);
  }

  async #warmProcess(lane: number): Promise<TestProcess> {
    const running = this.#warm.get(lane);
    if (running !== undefined) return running;
    const process = new TestProcess(this.#root);
    const loaded = await process.load(
      this.#bundles.map(({ bundle }) => bundle),
      UNTOUCHED_MILLIS,
    );
    if (loaded === undefined) throw new Error('the tests do not load together');
    this.#warm.set(lane, process);
    return process;
  }

  /** Those that came by the mutant while they were loaded, or with `all` those that did so ever. */
  async #tryFresh(mutant: Mutant, all = false): Promise<Noticing> {
    const covering = this.#bundles.filter(
      ({ atLoad, tests }) =>
        atLoad.includes(mutant.id) || (all && tests.some(({ mutants }) => mutants.includes(mutant.id))),
    );
    for (const step of [0, 1, 2]) {
      const group = covering.filter(({ test }) => distance(mutant, test) === step);
      if (group.length === 0) continue;
      const process = new TestProcess(this.#root, { __STRYKER_ACTIVE_MUTANT__: mutant.id });
      try {
        const bundles = group.map(({ bundle }) => bundle);
        if ((await process.load(bundles, LONGEST_MILLIS)) === undefined) return 'noticed';
        const expected = group.flatMap(({ tests }) => tests).reduce((sum, { millis }) => sum + millis, 0);
        const outcome = await process.run({}, LONGEST_MILLIS + expected * SLOWER);
        if (outcome === undefined) return 'too long';
        if (outcome.noticed) return 'noticed';
      } finally {
        process.end();
      }
    }
    return 'survived';
  }
}

/** The test of the same name is nearest, then come those of the folder: they notice most of what they should. */
function distance(mutant: Mutant, test: string): number {
  if (basename(test) === `${basename(mutant.file, '.ts')}.test.ts`) return 0;
  return test.startsWith(`${dirname(mutant.file).replace(/^src/, 'test')}/`) ? 1 : 2;
}
