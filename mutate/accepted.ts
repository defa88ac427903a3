/** A mutant that changes nothing anybody could see, and why. */
export interface Accepted {
  /** Below the repository. */
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  readonly why: string;
}

export const ACCEPTED: readonly Accepted[] = [
  {
    file: 'src/core/report/layout.ts',
    original: '/^ */',
    replacement: '/ */',
    why: 'the expression matches nothing as well, so that its first match stands at the beginning either way',
  },
  {
    file: 'src/core/report/text.ts',
    original: 'stated !== undefined',
    replacement: 'true',
    why: 'no list of facts includes undefined',
  },
  {
    file: 'src/core/causes/clock-skew.ts',
    original: 'skew > 0',
    replacement: 'skew >= 0',
    why: 'a difference of nothing has words of its own, chosen before',
  },
  {
    file: 'src/core/causes/_logons.ts',
    original: 'status !== undefined',
    replacement: 'true',
    why: 'no set of statuses holds undefined',
  },
  {
    file: 'src/core/windows/logon-tally.ts',
    original: 'a.at < b.at',
    replacement: 'a.at <= b.at',
    why: 'of two rows of one moment the second is then 1 instead of 0, and a sort asks only whether it is below 0',
  },
];
