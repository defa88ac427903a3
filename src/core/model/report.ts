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

export interface Next {
  readonly look: Look;
  readonly why: string;
  /** Whether this version of rdpdoctor can do it. */
  readonly available: boolean;
}

/** One result object; text and JSON only render it. */
export interface Report {
  readonly schema: 1;
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
  /** What was not looked at, in sentences. */
  readonly notExamined: readonly string[];
  readonly next: readonly Next[];
  readonly warnings: readonly string[];
}
