import { copyBytes } from '../bytes/copy.ts';
import type { Interruption } from './dialog.ts';

/** Bytes of a foreign answer that are kept: room for a banner or the start of a packet. */
const HEAD_LIMIT = 128;

/** The peer answered, but not in the protocol that was asked. */
export interface Foreign {
  readonly kind: 'foreign';
  /** The first bytes of its answer, at most 128; a copy. */
  readonly head: Uint8Array;
  /** What was wrong with it: lower case, no final stop. */
  readonly problem: string;
}

/** No whole answer came: closed, timeout or too-long. */
export interface Interrupted {
  readonly kind: 'interrupted';
  readonly by: Exclude<Interruption, { readonly kind: 'foreign' }>;
}

export function foreign(answer: Uint8Array, problem: string): Foreign {
  return { kind: 'foreign', head: copyBytes(answer, 0, HEAD_LIMIT), problem };
}

/** A dialog's own answer for a packet that did not arrive. */
export function interrupted(by: Interruption): Foreign | Interrupted {
  return by.kind === 'foreign' ? foreign(by.partial, by.problem) : { kind: 'interrupted', by };
}
