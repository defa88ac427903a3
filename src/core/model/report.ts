import type { Look, NamedUser, Verdict } from './cause.ts';
import type { Evidence, FactName } from './facts.ts';
import type { Stage, StageResult } from './stage.ts';
import type { Subjects } from './subjects.ts';

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

/** docs/report.md says what each means. */
export const WARNING_CODES = [
  'disk-not-read',
  'machine-not-asked',
  'machine-part-not-read',
  'ssh-config-skipped',
  'answers-made',
  'answers-incomplete',
  'answers-limited',
  'disk-part-unreadable',
  'disk-anomaly',
  'disk-hibernated',
  'hive-unreadable',
  'hive-incomplete',
  'hive-recovered',
  'addresses-not-examined',
  'suites-not-tried',
  'witnesses-disagree',
  'vantage-late',
  'cause-crashed',
  'saved-without-code',
] as const;

export type WarningCode = (typeof WARNING_CODES)[number];

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
  /** What was seen of others than the target, by role and name: `domain-controller:dc1.corp.example`. */
  readonly subjects: Subjects;
  /** Ranked: confirmed, likely, inconclusive, ruled-out; but what explains another finding stands before it. */
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  /** What was not looked at. */
  readonly notExamined: readonly NotExamined[];
  readonly next: readonly Next[];
  readonly warnings: readonly Warning[];
}
