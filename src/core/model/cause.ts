import type { ClientProfile } from './client.ts';
import type { Evidence, FactName } from './facts.ts';
import type { Stage } from './stage.ts';
import type { Subjects } from './subjects.ts';

/** Vantages and options that can settle a question, as the command line spells them. */
export const LOOKS = [
  'HOST',
  '--disk',
  '--rpc',
  '--ssh',
  '--answers',
  '--winrm',
  '--dc',
  '--user',
  '--client',
  '--full',
] as const;

export type Look = (typeof LOOKS)[number];

/**
 * *confirmed*: the failing state is proven, and it stops every client, or the one that was named.
 * *likely*: the state is proven or strongly indicated, and it stops some clients or users.
 * *ruled-out*: the state is absent, or proven harmless for the client named.
 * *inconclusive*: facts are missing; they are named, and so is who could settle it.
 * A *remark* is worth a sentence and no finding: hardening that lets its users in, a guess that proves nothing.
 */
export type Judgement =
  | {
      readonly verdict: 'confirmed' | 'likely' | 'ruled-out';
      /** The facts it rests on, at least one. */
      readonly because: readonly [FactName, ...FactName[]];
      /** One to three sentences for a person, with the values seen. */
      readonly explanation: string;
      /**
       * With `likely`: it looks like this state and may be another that looks the same, so that a witness
       * who sees the opposite refutes it.
       */
      readonly suspicion?: true;
      readonly remark?: string;
      /** What to do about what was seen, where the cause's own advice would not fit it. */
      readonly advice?: string;
    }
  | {
      readonly verdict: 'inconclusive';
      readonly missing: readonly [FactName, ...FactName[]];
      readonly explanation: string;
      /** Best first. */
      readonly settledBy: readonly Look[];
      readonly remark?: string;
    };

export type Verdict = Judgement['verdict'];

export interface JudgeContext {
  /** The client that cannot sign in, where it was named. */
  readonly client: ClientProfile | undefined;
  /** Every client whose vendor still services it: whom a state stops when no client was named. */
  readonly supportedClients: readonly ClientProfile[];
  /**
   * Cause ids that the error which the user sees points to (`--error`). It says what the client demanded,
   * which nothing at the target can show.
   */
  readonly suspected?: readonly string[];
  /** What was seen of others than the target: causes may ask for all of a role (`subjectsOf`). */
  readonly subjects?: Subjects;
  /** The account that cannot sign in, where it was named with `--user`. */
  readonly user?: NamedUser;
}

export interface NamedUser {
  /** `alice`, or `alice@corp.example`: then the domain is empty. */
  readonly name: string;
  /** What stood before the backslash; empty where nothing did. */
  readonly domain: string;
}

/** A way a sign-in fails. Judges facts it declared; never fetches, decodes or formats. */
export interface Cause {
  /** A noun for the failing state; also the file's, the test's and the page's name. Never reused. */
  readonly id: string;
  /** Five to ten words for a headline. */
  readonly title: string;
  /** The stage at which a sign-in stops. */
  readonly stage: Stage;
  /** The facts that `judge` receives. */
  readonly uses: readonly FactName[];
  /** How often this is the reason, roughly: knowledge.md 2.36. Breaks ties in the ranking. */
  readonly prior: number;
  /** Remedy ids, or none where nothing can be repaired on the target. */
  readonly remedies: readonly string[];
  /** What to do, for a person: one or two sentences, in the imperative. */
  readonly advice: string;
  /** In its place where the machine is known to be in a workgroup: no word of a domain or of Kerberos. */
  readonly workgroupAdvice?: string;
  /**
   * What must have been seen (present or absent) before the cause may be ruled out: at least one of
   * these sets, whole. The engine holds every cause to it, and the cause's page lists the same.
   */
  readonly ruledOutBy: readonly [readonly FactName[], ...(readonly FactName[])[]];
  judge(evidence: Evidence, context: JudgeContext): Judgement;
}

/** Declares a cause: the type of `judge`'s evidence is narrowed to the facts it `uses`. */
export function defineCause<const F extends FactName>(
  cause: Omit<Cause, 'uses' | 'ruledOutBy' | 'judge'> & {
    readonly uses: readonly F[];
    readonly ruledOutBy: readonly [readonly F[], ...(readonly F[])[]];
    judge(evidence: Pick<Evidence, F>, context: JudgeContext): Judgement;
  },
): Cause {
  return cause;
}
