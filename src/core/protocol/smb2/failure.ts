import { unreachable } from '../../bytes/unreachable.ts';
import type { Interruption } from '../dialog.ts';
import { NT_STATUS, statusText } from './status.ts';

/** What went wrong, so that a caller can act on it. What it means for a machine is judged elsewhere. */
export type SmbFailureReason =
  /** The connection ended, also in the middle of a reply. */
  | 'closed'
  | 'timeout'
  /** Something else than SMB 2 answers there, or it breaks its own rules. */
  | 'foreign'
  /** SMB 1 only, or SMB 2.0.2 only, or a dialect that was not offered. */
  | 'dialect-refused'
  /** NEGOTIATE was changed on its way. */
  | 'negotiation-tampered'
  /** A reply that had to be signed was not. */
  | 'unsigned'
  /** Signature, tag or session of a reply are not the ones that they must be. */
  | 'forged'
  /** A reply of an encrypted session came in the clear. */
  | 'unencrypted'
  /** Signed in as Guest, or as nobody: without a key. */
  | 'guest'
  | 'null-session'
  /** The server wants no NTLM, or not in the form that is spoken here. */
  | 'ntlm-refused'
  /** No user of this name, or another password: the server does not say which. */
  | 'wrong-credential'
  /** Disabled, locked out, expired, restricted, password to be changed: the status says which. */
  | 'account-state'
  /** The user may not sign in over the network. */
  | 'logon-type-refused'
  /** The machine cannot reach its domain, or is not trusted by it. */
  | 'domain-unreachable'
  /** At sign-in or TREE_CONNECT, in a session that is not encrypted: encryption may be demanded. */
  | 'encryption-required'
  | 'access-denied'
  /** A share, file or pipe of this name does not exist. */
  | 'not-found'
  /** The pipe's server does not listen: it may be starting. */
  | 'pipe-not-available'
  /** Each instance of the pipe is in use, or has something unread. */
  | 'pipe-busy'
  /** The program at the pipe's other end is gone. */
  | 'pipe-closed'
  /** The server has no room for another session, or asks to be left alone. */
  | 'server-busy'
  | 'session-ended'
  /** Another NTSTATUS. */
  | 'status';

/** Assignable to `TransportFailure` of the protocols above. */
export interface SmbFailure {
  readonly kind: 'failed';
  readonly reason: SmbFailureReason;
  /** NTSTATUS, where the server gave one. */
  readonly status?: number;
  /** Lower case, no final stop. */
  readonly problem: string;
}

export function failed(reason: SmbFailureReason, problem: string, status?: number): SmbFailure {
  return { kind: 'failed', reason, problem, ...(status !== undefined && { status }) };
}

/** A packet that did not arrive; `after` is what was sent before. */
export function notArrived(by: Interruption, after: string): SmbFailure {
  switch (by.kind) {
    case 'foreign':
      return failed('foreign', `${by.problem}, in answer to ${after}`);
    case 'too-long':
      return failed(
        'foreign',
        `announced a reply of ${by.announced} bytes to ${after}; ${by.limit} is the most that was asked for`,
      );
    case 'timeout':
      return failed('timeout', `no reply to ${after} in time${partOf(by.partial)}`);
    case 'closed': {
      const how = by.how === 'reset' ? 'reset' : 'closed';
      return failed('closed', `the server ${how} the connection after ${after}${partOf(by.partial)}`);
    }
    default:
      return unreachable(by);
  }
}

function partOf(partial: Uint8Array): string {
  return partial.length === 0 ? '' : `, in the middle of a reply (${partial.length} bytes of it had come)`;
}

/** What a failed status means wherever it comes; `doing`: "opening the pipe winreg". */
export function statusFailure(status: number, doing: string): SmbFailure {
  const [reason, meaning] = MEANINGS.get(status) ?? ['status', 'refused'];
  return failed(reason, `${doing}: ${meaning} (${statusText(status)})`, status);
}

const MEANINGS: ReadonlyMap<number, readonly [SmbFailureReason, string]> = new Map([
  [NT_STATUS.ACCESS_DENIED, ['access-denied', 'access denied']],
  [NT_STATUS.NETWORK_ACCESS_DENIED, ['access-denied', 'network access denied']],
  [NT_STATUS.OBJECT_NAME_NOT_FOUND, ['not-found', 'there is no such name']],
  [NT_STATUS.OBJECT_PATH_NOT_FOUND, ['not-found', 'there is no such path']],
  [NT_STATUS.BAD_NETWORK_NAME, ['not-found', 'there is no such share']],
  [NT_STATUS.PIPE_NOT_AVAILABLE, ['pipe-not-available', 'the pipe is not available']],
  [NT_STATUS.INSTANCE_NOT_AVAILABLE, ['pipe-busy', 'every instance of the pipe is in use']],
  [NT_STATUS.PIPE_BUSY, ['pipe-busy', 'the pipe is busy']],
  [NT_STATUS.PIPE_DISCONNECTED, ['pipe-closed', 'the other end of the pipe is gone']],
  [NT_STATUS.PIPE_CLOSING, ['pipe-closed', 'the other end of the pipe is closing']],
  [NT_STATUS.PIPE_BROKEN, ['pipe-closed', 'the pipe is broken']],
  [NT_STATUS.FILE_CLOSED, ['pipe-closed', 'it has been closed']],
  [NT_STATUS.INSUFFICIENT_RESOURCES, ['server-busy', 'the server is short of resources']],
  [NT_STATUS.REQUEST_NOT_ACCEPTED, ['server-busy', 'the server takes no more connections']],
  [NT_STATUS.USER_SESSION_DELETED, ['session-ended', 'the session has been ended']],
  [NT_STATUS.NETWORK_SESSION_EXPIRED, ['session-ended', 'the session has expired']],
]);

/**
 * What a failed SESSION_SETUP means. What Samba and Windows send differs: an unknown user or a wrong
 * password is LOGON_FAILURE from both, and a disabled account is told only to who knows its password.
 */
export function logonFailure(status: number): SmbFailure {
  const found = LOGON_MEANINGS.get(status);
  if (found === undefined) return statusFailure(status, 'signing in');
  const [reason, meaning] = found;
  return failed(reason, `signing in: ${meaning} (${statusText(status)})`, status);
}

const UNKNOWN = 'the user name or the password is wrong, or the account is unknown to this machine';

const LOGON_MEANINGS: ReadonlyMap<number, readonly [SmbFailureReason, string]> = new Map([
  [NT_STATUS.LOGON_FAILURE, ['wrong-credential', UNKNOWN]],
  [NT_STATUS.WRONG_PASSWORD, ['wrong-credential', 'the password is wrong']],
  [NT_STATUS.NO_SUCH_USER, ['wrong-credential', 'there is no such user']],
  [NT_STATUS.ACCOUNT_RESTRICTION, ['account-state', 'a restriction of the account forbids it']],
  [NT_STATUS.INVALID_LOGON_HOURS, ['account-state', 'the account may not sign in at this hour']],
  [NT_STATUS.INVALID_WORKSTATION, ['account-state', 'the account may not sign in from this machine']],
  [NT_STATUS.PASSWORD_EXPIRED, ['account-state', 'the password has expired']],
  [NT_STATUS.PASSWORD_MUST_CHANGE, ['account-state', 'the password must be changed first']],
  [NT_STATUS.ACCOUNT_DISABLED, ['account-state', 'the account is disabled']],
  [NT_STATUS.ACCOUNT_EXPIRED, ['account-state', 'the account has expired']],
  [NT_STATUS.ACCOUNT_LOCKED_OUT, ['account-state', 'the account is locked out']],
  [
    NT_STATUS.LOGON_TYPE_NOT_GRANTED,
    ['logon-type-refused', 'the user may not sign in to this machine over the network'],
  ],
  [
    NT_STATUS.AUTHENTICATION_FIREWALL_FAILED,
    ['logon-type-refused', 'selective authentication of a trust keeps the user out'],
  ],
  [NT_STATUS.NTLM_BLOCKED, ['ntlm-refused', 'NTLM is blocked']],
  [NT_STATUS.NOT_SUPPORTED, ['ntlm-refused', 'the server does not support this way of signing in']],
  [NT_STATUS.INVALID_PARAMETER, ['ntlm-refused', 'the server did not accept the NTLM message']],
  [NT_STATUS.NO_LOGON_SERVERS, ['domain-unreachable', 'the machine reaches no domain controller']],
  [NT_STATUS.NO_SUCH_DOMAIN, ['domain-unreachable', 'the machine knows no such domain']],
  [NT_STATUS.TRUSTED_DOMAIN_FAILURE, ['domain-unreachable', 'the trust to the domain of the user is broken']],
  [NT_STATUS.NO_TRUST_SAM_ACCOUNT, ['domain-unreachable', 'the domain has no account for the machine']],
  [
    NT_STATUS.TRUSTED_RELATIONSHIP_FAILURE,
    ['domain-unreachable', 'the machine has lost the trust of its domain'],
  ],
]);
