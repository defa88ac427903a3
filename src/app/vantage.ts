import type { Look } from '../core/model/cause.ts';
import type { Evidence, FactName } from '../core/model/facts.ts';
import type { Warning } from '../core/model/report.ts';
import type { Subjects } from '../core/model/subjects.ts';

/** A place from which a target is looked at: the network, a disk, later RPC, SSH, the domain, Azure. */
export interface Vantage {
  /** As the command line spells it. */
  readonly look: Look;
  /** It can look once all of these were seen, by whomever; none: at once. */
  readonly needs: readonly FactName[];
  /** What it may bring: unknown where it was late, or never began. */
  readonly provides: readonly FactName[];
  /**
   * Looks, once. Nothing that the target does makes the promise reject.
   * @param known what the others have seen so far
   * @param millis what is left of the run's time
   */
  start(known: Evidence, millis: number): Promise<Sighting>;
}

/** What was seen from one vantage. */
export interface Sighting {
  readonly evidence: Evidence;
  /** Of others than the target. */
  readonly subjects?: Subjects;
  readonly warnings: readonly Warning[];
  /** What counts as looked at; nothing, where the vantage could not be reached. */
  readonly taken: readonly Look[];
  /** What was tried and did not open. */
  readonly failed?: readonly Look[];
}
