import type { UnknownWhy } from '../../model/observation.ts';
import type { AddAnswer, CallAnswer } from '../../protocol/rpc/association.ts';
import type { BindAnswer } from '../../protocol/rpc/bind.ts';
import { FAULT_STATUS, faultName } from '../../protocol/rpc/fault-status.ts';
import type { SmbFailure, SmbFailureReason } from '../../protocol/smb2/failure.ts';
import { NT_STATUS, statusText } from '../../protocol/smb2/status.ts';
import type { Answer, AnswerValue } from '../../windows/inquiry.ts';

/** Why something could not be had. `detail`: lower case, no final stop. */
export interface Refused {
  readonly kind: 'refused';
  readonly why: UnknownWhy;
  readonly detail: string;
  /** The pipe or share is not there: its service may be starting, or be off. */
  readonly missing?: true;
  /** NTSTATUS, where one was given. */
  readonly status?: number;
}

export function refused(why: UnknownWhy, detail: string): Refused {
  return { kind: 'refused', why, detail };
}

export function unknown(at: string, { why, detail }: Pick<Refused, 'why' | 'detail'>): Answer {
  return { state: 'unknown', at, why, detail };
}

export function present(at: string, value: AnswerValue): Answer {
  return { state: 'present', at, value };
}

export function absent(at: string): Answer {
  return { state: 'absent', at };
}

const WHY: Partial<Record<SmbFailureReason, UnknownWhy>> = {
  timeout: 'timeout',
  'access-denied': 'denied',
  foreign: 'corrupt',
};

/** What a failed CREATE, READ or TREE_CONNECT means for a question. */
export function ofFailure(failure: {
  readonly reason?: SmbFailureReason;
  readonly status?: number;
  readonly problem: string;
}): Refused {
  const { reason, status, problem } = failure;
  const denied = status === NT_STATUS.ACCESS_DENIED;
  const why = denied ? 'denied' : ((reason && WHY[reason]) ?? 'no-channel');
  const missing = reason === 'not-found' || reason === 'pipe-not-available';
  return {
    ...refused(why, problem),
    ...(missing && { missing }),
    ...(status !== undefined && { status }),
  };
}

/** What a call that was not answered means for a question. */
export function ofCall(name: string, answer: Exclude<CallAnswer<unknown>, { kind: 'answered' }>): Refused {
  switch (answer.kind) {
    case 'failed':
      // Of an SMB pipe, which says more than a transport must.
      return ofFailure(answer as SmbFailure);
    case 'foreign':
      return refused('corrupt', `${name}: ${answer.problem}`);
    case 'fault':
      return ofFault(name, answer.status);
  }
}

function ofFault(name: string, status: number): Refused {
  return status === FAULT_STATUS.rpc_s_access_denied
    ? refused('denied', `${name}: access denied`)
    : refused(
        'no-channel',
        `${name}: the machine answers with fault ${faultName(status) ?? statusText(status)}`,
      );
}

/** What a bind or alter_context that came to nothing means for a question. */
export function ofBind(
  name: string,
  answer: Exclude<BindAnswer, { kind: 'bound' }> | Exclude<AddAnswer, { kind: 'added' }>,
): Refused {
  switch (answer.kind) {
    case 'failed':
      return ofFailure(answer as SmbFailure);
    case 'foreign':
      return refused('corrupt', `binding to ${name}: ${answer.problem}`);
    case 'fault':
      return ofFault(`binding to ${name}`, answer.status);
    case 'rejected':
      return refused('no-channel', `binding to ${name}: rejected for reason ${answer.reason}`);
    case 'no-interface':
      return refused('no-channel', `the machine does not serve ${name}`);
  }
}
