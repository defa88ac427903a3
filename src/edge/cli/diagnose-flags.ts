import type { PresentFlags } from './present.ts';

/** The options of `rdpdoctor diagnose`, as they were given. */
export interface DiagnoseFlags extends PresentFlags {
  readonly full?: true;
  readonly client?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly error?: string;
  readonly rpc?: string;
  readonly rpcPasswordFile?: string;
  readonly answers?: string;
  readonly disk?: string;
  /** The disk's own parent first, then that one's. */
  readonly parent?: readonly string[];
  readonly ssh?: string;
  readonly sshKey?: string;
  readonly sshPasswordFile?: string;
  readonly from?: string;
  readonly redact?: true;
  readonly timeout?: string;
}
