import type { CauseId } from './cause-catalogue.ts';

/**
 * How far a row can be trusted. *verified*: checked against a specification or a Microsoft page.
 * *practice*: what administrators have found, not confirmed by a primary source.
 * *unsure*: could not be settled; nothing may be concluded from it alone.
 */
export type Sure = 'verified' | 'practice' | 'unsure';

/** What every row of every table says. */
export interface Row {
  /** The name that the specification gives it. */
  readonly name: string;
  /** Other spellings that are in use. */
  readonly aliases?: readonly string[];
  /** One or two plain sentences for the person who has to act. */
  readonly meaning: string;
  /** Cause ids, most likely first; empty where it points to none. */
  readonly causes: readonly CauseId[];
  /** What to look at next, besides running rdpdoctor. */
  readonly look: readonly string[];
  /** Specification section, Microsoft page, or `practice`. */
  readonly source: string;
  readonly sure: Sure;
}

/** A row that is found by number. */
export interface CodeRow extends Row {
  /** Unsigned. */
  readonly code: number;
}
