import type { NdrReader } from './ndr-reader.ts';
import type { RpcInterface } from './operation.ts';

/** [MS-RRP] 1.9 Standards Assignments. */
export const WINREG: RpcInterface = {
  name: 'winreg',
  syntax: { uuid: '338cd001-2244-31f1-aaaa-900038001003', major: 1, minor: 0 },
  pipe: 'winreg',
};

/** REGSAM, [MS-RRP] 2.2.3 and 2.2.4. */
export const REG_ACCESS = {
  KEY_QUERY_VALUE: 0x0000_0001,
  KEY_SET_VALUE: 0x0000_0002,
  KEY_CREATE_SUB_KEY: 0x0000_0004,
  KEY_ENUMERATE_SUB_KEYS: 0x0000_0008,
  /** Below Wow6432Node is not looked, whoever asks. */
  KEY_WOW64_64KEY: 0x0000_0100,
  DELETE: 0x0001_0000,
  READ_CONTROL: 0x0002_0000,
  WRITE_DAC: 0x0004_0000,
  MAXIMUM_ALLOWED: 0x0200_0000,
} as const;

/** dwOptions of opening and creating a key, [MS-RRP] 3.1.5.7 and 3.1.5.15. */
export const REG_OPTION = {
  /** With SeBackupPrivilege in the caller's token every key can be read, SECURITY and SAM too. */
  BACKUP_RESTORE: 4,
} as const;

/** [MS-ERREF] 2.2: what the methods of winreg answer where all is well. */
export const REG_STATUS = {
  ERROR_FILE_NOT_FOUND: 2,
  ERROR_ACCESS_DENIED: 5,
  ERROR_INSUFFICIENT_BUFFER: 122,
  ERROR_MORE_DATA: 234,
  ERROR_NO_MORE_ITEMS: 259,
} as const;

/** SECURITY_INFORMATION, [MS-DTYP] 2.4.7. */
export const SECURITY_INFORMATION = { owner: 1, group: 2, dacl: 4, sacl: 8 } as const;

/** A key that the server holds open for us: 20 bytes. */
export type KeyHandle = Uint8Array;

/** FILETIME as two numbers of 32 bits, aligned to four bytes. */
export function readFiletime(r: NdrReader): bigint {
  const low = BigInt(r.u32());
  return low | (BigInt(r.u32()) << 32n);
}

/** [in, out, unique] LPDWORD. */
export function optionalU32(r: NdrReader): number | undefined {
  return r.pointer() ? r.u32() : undefined;
}
