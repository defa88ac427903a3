import type { UnknownWhy } from '../../../core/model/observation.ts';

/** Why there is no connection: what a run says of it. */
export interface SshFailure {
  readonly ok: false;
  readonly why: UnknownWhy;
  /** Lower case, no final stop. */
  readonly problem: string;
  /** A sentence. */
  readonly advice: string;
}

export function failed(why: UnknownWhy, problem: string, advice: string): SshFailure {
  return { ok: false, why, problem, advice };
}
