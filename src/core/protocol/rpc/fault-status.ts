// [C706] Appendix E Reject Status Codes and Parameters; [MS-RPCE] 2.2.2.8 and 3.1.1.5.5; [MS-ERREF] 2.2
// for the Win32 codes that Windows and Samba put into a fault.

/** The status of a fault PDU. */
export const FAULT_STATUS = {
  rpc_s_access_denied: 0x0000_0005,
  /** RPC_X_BAD_STUB_DATA: the request is not what the interface expects. */
  nca_s_fault_ndr: 0x0000_06f7,
  /** RPC_S_CALL_FAILED_DNE. */
  rpc_s_call_failed_dne: 0x0000_06bf,
  /** RPC_S_SEC_PKG_ERROR: the security package refused a message. */
  rpc_s_sec_pkg_error: 0x0000_0721,
  nca_s_fault_context_mismatch: 0x1c00_001a,
  nca_s_fault_unspec: 0x1c00_0012,
  nca_s_op_rng_error: 0x1c01_0002,
  nca_s_unk_if: 0x1c01_0003,
  nca_s_proto_error: 0x1c01_000b,
  nca_s_server_too_busy: 0x1c01_0014,
  nca_s_unsupported_type: 0x1c01_0017,
} as const;

/** The specification's name of a fault's status; `undefined` for one that is not among FAULT_STATUS. */
export function faultName(status: number): string | undefined {
  return Object.entries(FAULT_STATUS).find(([, code]) => code === status)?.[0];
}
