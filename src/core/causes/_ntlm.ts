/** Statuses that a server gives only after it has looked at the NTLM answer: NTLM as such was let in. */
export const AFTER_NTLM: ReadonlySet<number> = new Set([
  0x00000000, // success
  0xc0000064, // no such user
  0xc000006a, // wrong password
  0xc000006d, // logon failure
  0xc000006f, // logon hours
  0xc0000070, // workstation
  0xc0000071, // password expired
  0xc0000072, // account disabled
  0xc000015b, // logon type not granted
  0xc0000193, // account expired
  0xc0000224, // password must change
  0xc0000234, // locked out
]);
