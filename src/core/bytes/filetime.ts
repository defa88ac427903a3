/** 100-nanosecond intervals between 1601-01-01 (FILETIME's zero) and 1970-01-01. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

/** [MS-DTYP] 2.3.3 FILETIME → milliseconds since 1970-01-01 UTC, with a fraction. */
export function filetimeToUnixMillis(filetime: bigint): number {
  return Number(filetime - UNIX_EPOCH) / 10_000;
}

/** Milliseconds since 1970-01-01 UTC → [MS-DTYP] 2.3.3 FILETIME. */
export function unixMillisToFiletime(millis: number): bigint {
  return BigInt(Math.round(millis * 10_000)) + UNIX_EPOCH;
}

/** [MS-DTYP] 2.3.3 FILETIME → ISO 8601, UTC; `undefined` for one that is no date: a Date holds 285,616 years. */
export function filetimeToIso(filetime: bigint): string | undefined {
  const millis = filetimeToUnixMillis(filetime);
  return Math.abs(millis) <= LATEST ? new Date(millis).toISOString() : undefined;
}

/** The last millisecond that a Date can hold. */
const LATEST = 8.64e15;
