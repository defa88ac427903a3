import { NTSTATUS_ACCOUNT } from './ntstatus-account.ts';
import { NTSTATUS_DOMAIN } from './ntstatus-domain.ts';
import { NTSTATUS_OTHER } from './ntstatus-other.ts';
import type { CodeRow } from './row.ts';

/** NTSTATUS values that a failing sign-in can show. */
export const NTSTATUS: readonly CodeRow[] = [...NTSTATUS_ACCOUNT, ...NTSTATUS_DOMAIN, ...NTSTATUS_OTHER];

const byCode = new Map(NTSTATUS.map((row) => [row.code, row]));

/** The row of an NTSTATUS, given unsigned, or undefined. */
export function findNtStatus(code: number): CodeRow | undefined {
  return byCode.get(code);
}

/**
 * The NTSTATUS inside an HRESULT (FACILITY_NT_BIT, [MS-ERREF] 2.1), as in the data of TermDD event 56:
 * bit 28 set on top of the status, so 0xD0000184 stands for 0xC0000184. Undefined for any other value.
 */
export function ntStatusFromHresult(hresult: number): number | undefined {
  return (hresult & 0xf0000000) >>> 0 === 0xd0000000 ? (hresult & ~0x10000000) >>> 0 : undefined;
}
