/** The stages of a sign-in, in the order in which it passes them. */
export type Stage = 'reach' | 'negotiate' | 'tls' | 'credssp' | 'logon' | 'session';

export const STAGES: readonly Stage[] = ['reach', 'negotiate', 'tls', 'credssp', 'logon', 'session'];

export interface StageResult {
  readonly stage: Stage;
  readonly state: 'passed' | 'failed' | 'unknown';
  /** One sentence: what was seen, or why it could not be seen. */
  readonly detail: string;
}
