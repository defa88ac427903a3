import type { Dialog } from '../../protocol/dialog.ts';
import type { Credential } from '../../protocol/ntlm-logon.ts';
import type { RpcAssociation } from '../../protocol/rpc/association.ts';
import { bind } from '../../protocol/rpc/bind.ts';
import type { RpcInterface } from '../../protocol/rpc/operation.ts';
import { openPipe } from '../../protocol/smb2/pipe.ts';
import type { SmbTree } from '../../protocol/smb2/session.ts';
import { NT_STATUS } from '../../protocol/smb2/status.ts';
import { ofBind, ofFailure, type Refused } from './refusals.ts';

/** What each bind signs in with. The account of the session, which the machine has accepted. */
export interface PipeOptions {
  readonly credential: Credential;
  /** So many unpredictable bytes, others each time. */
  readonly random: (length: number) => Uint8Array;
  /** FILETIME by the clock here; used where a challenge has no time stamp. */
  readonly now: bigint;
  /** The name of this machine for the server's log. */
  readonly workstation: string;
}

/** How a pipe is used: as well as it goes, and with less where the server wants that. */
interface Manner {
  /** Several calls in flight, where bind_ack allows it. */
  readonly concurrent: boolean;
  /** Signed in once more and sealed, inside the session. */
  readonly sealed: boolean;
  /** How often it was opened. */
  readonly tries: number;
}

const AT_FIRST: Manner = { concurrent: true, sealed: true, tries: 0 };
/** As many as there are ways to fall back. */
const MOST_TRIES = 3;

/** The other end went away: a service that was restarted has another instance of its pipe. */
const GONE: readonly number[] = [
  NT_STATUS.PIPE_DISCONNECTED,
  NT_STATUS.PIPE_CLOSING,
  NT_STATUS.PIPE_BROKEN,
  NT_STATUS.FILE_CLOSED,
];

/** Does work on pipes, whatever carries them. */
export type PipeUser = Pick<Pipes, 'use'>;

/**
 * The named pipes of one session, each opened and bound when it is first used and kept. Every bind signs in
 * with packet privacy: [MS-EVEN] and [MS-EVEN6] 2.1.1 ask for it, and what others may read of the session is
 * the session's business.
 * INVARIANT: one dialog uses a pipe at a time.
 */
export class Pipes {
  readonly #tree: SmbTree;
  readonly #options: PipeOptions;
  readonly #bound = new Map<string, RpcAssociation | Refused>();
  readonly #manners = new Map<string, Manner>();

  constructor(tree: SmbTree, options: PipeOptions) {
    this.#tree = tree;
    this.#options = options;
  }

  /**
   * Does work on a pipe. Where the pipe turns out to be busy, or to be gone, it is opened anew and the work
   * begins again: handles are those of one association, and so belong into `work`'s own state for it.
   */
  *use<T>(served: RpcInterface, work: (association: RpcAssociation) => Dialog<T>): Dialog<T | Refused> {
    for (;;) {
      const association = yield* this.bound(served);
      if ('kind' in association) return association;
      const done = yield* work(association);
      if (!this.#falls(served, association)) return done;
    }
  }

  /** The association of an interface: two round trips the first time, a third where it shares another's pipe. */
  *bound(served: RpcInterface): Dialog<RpcAssociation | Refused> {
    const pipe = served.pipe ?? served.name;
    let known = this.#bound.get(pipe);
    if (known === undefined) {
      known = yield* this.#open(pipe, served);
      this.#bound.set(pipe, known);
    }
    if ('kind' in known || known.serves(served)) return known;
    const added = yield* known.add(served);
    return added.kind === 'added' ? known : ofBind(served.name, added);
  }

  /** So that the next use opens it again: its service may have started. */
  forget({ pipe, name }: RpcInterface): void {
    this.#bound.delete(pipe ?? name);
  }

  *#open(pipe: string, served: RpcInterface): Dialog<RpcAssociation | Refused> {
    for (;;) {
      const manner = this.#manners.get(pipe) ?? AT_FIRST;
      this.#manners.set(pipe, { ...manner, tries: manner.tries + 1 });
      const opened = yield* openPipe(this.#tree, pipe);
      if (opened.kind === 'failed') return ofFailure(opened);
      const { credential, random, now, workstation } = this.#options;
      const bound = yield* bind(opened, [served], {
        concurrent: manner.concurrent,
        ...(manner.sealed && {
          security: {
            level: 'privacy',
            credential,
            random: { exportedSessionKey: random(16), clientChallenge: random(8) },
            now,
            workstation,
          },
        }),
      });
      if (bound.kind === 'bound') return bound.association;
      // A server without NTLM for RPC still has the session's own sign-in and its signatures.
      const isRefused = bound.kind === 'rejected' || bound.kind === 'fault';
      if (!isRefused || !manner.sealed || manner.tries >= MOST_TRIES) return ofBind(served.name, bound);
      this.#manners.set(pipe, { ...manner, sealed: false, tries: manner.tries + 1 });
    }
  }

  /** Whether the pipe broke in a way that another way of using it helps; then it is forgotten. */
  #falls(served: RpcInterface, { broken }: RpcAssociation): boolean {
    const pipe = served.pipe ?? served.name;
    const manner = this.#manners.get(pipe) ?? AT_FIRST;
    if (broken === undefined || manner.tries > MOST_TRIES) return false;
    let next: Manner | undefined;
    if (broken.kind === 'fault' && manner.sealed) next = { ...manner, sealed: false };
    if (broken.kind === 'failed' && broken.status === NT_STATUS.PIPE_BUSY && manner.concurrent)
      next = { ...manner, concurrent: false };
    if (broken.kind === 'failed' && broken.status !== undefined && GONE.includes(broken.status))
      next = manner;
    if (next === undefined) return false;
    this.#manners.set(pipe, next);
    this.#bound.delete(pipe);
    return true;
  }
}
