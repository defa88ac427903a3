import { findNtStatus } from '../knowledge/ntstatus.ts';
import type { CodeRow } from '../knowledge/row.ts';
import { findSecurityStatus } from '../knowledge/security-status.ts';
import type { Evidence } from '../model/facts.ts';

/** What the tables say of an NTSTATUS or SECURITY_STATUS, given unsigned. */
export function findStatus(status: number): CodeRow | undefined {
  return findNtStatus(status) ?? findSecurityStatus(status);
}

/**
 * Cause ids that the server's own status points to: that of the sign-in attempt, or that with which it
 * refused NTLM. It is an error text like the one that the user sees, only better. Of a row that is not
 * sure nothing is concluded.
 */
export function pointedAtByServer(evidence: Evidence): readonly string[] {
  const logon = evidence['nla.logon'];
  const refusal = evidence['ntlm.refusal'];
  const stated = [
    logon?.state === 'present' ? logon.value.status : undefined,
    refusal?.state === 'present' ? refusal.value.status : undefined,
  ];
  return stated.flatMap((status) => {
    const row = status === undefined ? undefined : findStatus(status);
    return row === undefined || row.sure === 'unsure' ? [] : row.causes;
  });
}
