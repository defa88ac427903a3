import { findNtStatus } from './ntstatus.ts';
import { findSecurityStatus } from './security-status.ts';

/** Symbolic name of an NTSTATUS or SECURITY_STATUS (unsigned); `0xC0001234` for one we do not know. */
export function statusName(code: number): string {
  if (code === 0) return 'STATUS_SUCCESS';
  return (
    findNtStatus(code)?.name ??
    findSecurityStatus(code)?.name ??
    `0x${code.toString(16).toUpperCase().padStart(8, '0')}`
  );
}
