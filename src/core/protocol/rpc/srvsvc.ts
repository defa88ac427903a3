import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface } from './operation.ts';

/** [MS-SRVS] 1.9 Standards Assignments. */
export const SRVSVC: RpcInterface = {
  name: 'srvsvc',
  syntax: { uuid: '4b324fc8-1670-01d3-1278-5a47bf6ee188', major: 3, minor: 0 },
  pipe: 'srvsvc',
};

/** TIME_OF_DAY_INFO, [MS-SRVS] 2.2.4.105. */
export interface TimeOfDay {
  /** By the server's clock: milliseconds since 1970-01-01 UTC, exact to hundredths of a second. */
  readonly unixMillis: number;
  /** Milliseconds since the server started, modulo 2^32: 49.7 days. */
  readonly uptimeMillis: number;
  /** Minutes west of Greenwich; `undefined` where the server does not say. */
  readonly minutesWest?: number;
}

const operation = operationOf(SRVSVC);

/** NetrRemoteTOD, [MS-SRVS] 3.1.4.21 (Opnum 28): the clock of the server. */
export const remoteTimeOfDay = operation<void, Returned<TimeOfDay>>(
  'NetrRemoteTOD',
  28,
  (w) => w.pointer(false /* ServerName */),
  (r) => {
    const time = r.pointer() ? readTime(r) : undefined;
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    return { kind: 'ok', value: time ?? r.fail('success without a time') };
  },
);

function readTime(r: NdrReader): TimeOfDay {
  const seconds = r.u32();
  const uptimeMillis = r.u32();
  for (let field = 0; field < 3; field += 1) r.u32(); // hours, minutes and seconds: in tod_elapsedt already
  const hundredths = r.u32();
  const minutesWest = r.i32();
  for (let field = 0; field < 5; field += 1) r.u32(); // tod_tinterval, day, month, year, weekday
  return {
    unixMillis: seconds * 1000 + hundredths * 10,
    uptimeMillis,
    ...(minutesWest !== -1 && { minutesWest }),
  };
}

/** SERVER_INFO_100, 101 and 102, [MS-SRVS] 2.2.4.40 to 2.2.4.42. */
export interface ServerInfo {
  readonly level: 100 | 101 | 102;
  /** 500: Windows NT. */
  readonly platform: number;
  readonly name: string;
  /** From level 101 on; the low four bits of the major version. */
  readonly major?: number;
  readonly minor?: number;
  /** SV_TYPE_* bits, [MS-SRVS] 2.2.2.7: 8 a controller, 0x10 a backup controller, 0x8000 a server. */
  readonly type?: number;
  readonly comment?: string;
  /** Of level 102: sessions at a time, at the most. */
  readonly users?: number;
}

/** NetrServerGetInfo, [MS-SRVS] 3.1.4.17 (Opnum 21). */
export const serverInfo = operation<{ readonly level: 100 | 101 | 102 }, Returned<ServerInfo>>(
  'NetrServerGetInfo',
  21,
  (w, { level }) => w.pointer(false /* ServerName */).u32(level),
  (r) => {
    const level = r.u32();
    const information = r.pointer() ? readInfo(r, level) : undefined;
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    return { kind: 'ok', value: information ?? r.fail('success without information') };
  },
);

function readInfo(r: NdrReader, level: number): ServerInfo {
  if (!(level === 100 || level === 101 || level === 102))
    r.fail(`expected level 100 to 102, received ${level}`);
  const platform = r.u32();
  const hasName = r.pointer();
  if (level === 100) return { level, platform, name: hasName ? r.wideString() : '' };
  const major = r.u32() & 0xf;
  const minor = r.u32();
  const type = r.u32();
  const hasComment = r.pointer();
  const users = level === 102 ? r.u32() : undefined;
  if (level === 102) for (let field = 0; field < 5; field += 1) r.u32(); // sv102_disc to sv102_licenses
  const hasPath = level === 102 && r.pointer();
  const name = hasName ? r.wideString() : '';
  const comment = hasComment ? r.wideString() : '';
  if (hasPath) r.wideString(); // sv102_userpath
  return { level, platform, name, major, minor, type, comment, ...(users !== undefined && { users }) };
}
