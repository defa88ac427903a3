/** A mutant that changes nothing anybody could see, and why. */
export interface Accepted {
  /** Below the repository. */
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  readonly why: string;
}

export const ACCEPTED: readonly Accepted[] = [];
