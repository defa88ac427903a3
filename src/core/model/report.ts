import type { Look, NamedUser, Verdict } from './cause.ts';
import type { Evidence, FactName } from './facts.ts';
import type { Stage, StageResult } from './stage.ts';

/** healthy: no cause at any vantage that was looked from. blind: too little could be seen. */
export type Outcome = 'healthy' | 'explained' | 'unexplained' | 'blind';

/** A cause with its verdict; `crashed` is a fault of ours in judging it, and shows as a warning too. */
export interface Finding {
  readonly cause: string;
  readonly title: string;
  readonly stage: Stage;
  readonly verdict: Verdict | 'crashed';
  /** The facts it rests on; empty when inconclusive. */
  readonly because: readonly FactName[];
  /** With `inconclusive`: the facts that are missing. */
  readonly missing?: readonly FactName[];
  readonly explanation: string;
  readonly advice: string;
  readonly remedies: readonly string[];
  readonly settledBy?: readonly Look[];
}

/** Worth knowing and no cause: hardening that lets its users in, a guess that proves nothing. */
export interface Remark {
  /** The cause that noticed it. */
  readonly code: string;
  /** One to three sentences. */
  readonly text: string;
}

/**
 * What a run has to say beside its findings: a warning, or what was not examined. The code is fixed,
 * since scripts rely on it; the text is for a person.
 */
export interface Notice<Code extends string = string> {
  readonly code: Code;
  /** Lower case at its beginning. */
  readonly text: string;
}

export type WarningCode =
  /** Nothing of the disk could be read. */
  | 'disk-not-read'
  /** A part of it could not. */
  | 'disk-part-unreadable'
  /** Something on it is not as it should be, and what could be read was. */
  | 'disk-anomaly'
  | 'disk-hibernated'
  | 'hive-unreadable'
  /** It was being written, and its log is missing. */
  | 'hive-incomplete'
  | 'hive-recovered'
  /** The target has more addresses than were examined. */
  | 'addresses-not-examined'
  /** With `--full`: not every cipher suite was tried in time. */
  | 'suites-not-tried'
  /** Two witnesses of one machine contradict each other. */
  | 'witnesses-disagree'
  /** A vantage was not done when the time was up. */
  | 'vantage-late'
  /** A fault of ours in judging a cause. */
  | 'cause-crashed'
  /** Of a case that was saved when warnings had no codes. */
  | 'saved-without-code';

export type Warning = Notice<WarningCode>;

/** What no vantage of the run looked at. */
export type NotExamined = Notice<'listener' | 'sign-in' | 'disk' | 'inside' | 'domain'>;

export interface Next {
  readonly look: Look;
  readonly why: string;
  /** Whether this version of rdpdoctor can do it. */
  readonly available: boolean;
}

/** One result object; text and JSON only render it. */
export interface Report {
  readonly schema: 2;
  readonly target: string;
  /** ISO 8601, UTC: when the diagnosis began. */
  readonly at: string;
  readonly client?: string;
  /** The error that the user sees, as it was given with `--error`; of a log, what was read in it. */
  readonly symptom?: string;
  /** With `symptom`: the cause ids that the whole of it points to, the likeliest first. */
  readonly suspected?: readonly string[];
  /** The account that cannot sign in, where it was named with `--user`. */
  readonly user?: NamedUser;
  /** What this run looked at: what the same evidence is judged by again. */
  readonly looks: readonly Look[];
  /** Users, hosts, addresses and SIDs were masked (`--redact`). */
  readonly redacted?: true;
  readonly outcome: Outcome;
  readonly stages: readonly StageResult[];
  /** Every fact: what was not gathered is here as unknown. */
  readonly evidence: Evidence;
  /** Ranked: confirmed, likely, inconclusive, ruled-out; but what explains another finding stands before it. */
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  /** What was not looked at. */
  readonly notExamined: readonly NotExamined[];
  readonly next: readonly Next[];
  readonly warnings: readonly Warning[];
}
