import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface, returned } from './operation.ts';

/** [MS-WKST] 1.9 Standards Assignments. */
export const WKSSVC: RpcInterface = {
  name: 'wkssvc',
  syntax: { uuid: '6bffd098-a112-3610-9833-46c3f87e345a', major: 1, minor: 0 },
  pipe: 'wkssvc',
};

/** WKSTA_INFO_100, 101 and 102, [MS-WKST] 2.2.5.1 to 2.2.5.3. */
export interface WorkstationInfo {
  readonly level: 100 | 101 | 102;
  /** 500: Windows NT. */
  readonly platform: number;
  readonly computerName: string;
  /** The domain or workgroup. */
  readonly group: string;
  readonly major: number;
  readonly minor: number;
  /** From level 101 on. */
  readonly lanRoot?: string;
  /** Of level 102, which administrators alone may ask for. */
  readonly loggedOnUsers?: number;
}

const operation = operationOf(WKSSVC);

/** NetrWkstaGetInfo, [MS-WKST] 3.2.4.1 (Opnum 0). */
export const workstationInfo = operation<{ readonly level: 100 | 101 | 102 }, Returned<WorkstationInfo>>(
  'NetrWkstaGetInfo',
  0,
  (w, { level }) => w.pointer(false /* ServerName */).u32(level),
  (r) => {
    const level = r.u32();
    const information = r.pointer() ? readInfo(r, level) : undefined;
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    return { kind: 'ok', value: information ?? r.fail('success without information') };
  },
);

function readInfo(r: NdrReader, level: number): WorkstationInfo {
  if (!(level === 100 || level === 101 || level === 102))
    r.fail(`expected level 100 to 102, received ${level}`);
  const platform = r.u32();
  const hasName = r.pointer();
  const hasGroup = r.pointer();
  const major = r.u32();
  const minor = r.u32();
  const hasRoot = level > 100 && r.pointer();
  const loggedOnUsers = level > 101 ? r.u32() : undefined;
  const computerName = hasName ? r.wideString() : '';
  const group = hasGroup ? r.wideString() : '';
  return {
    level,
    platform,
    computerName,
    group,
    major,
    minor,
    ...(hasRoot && { lanRoot: r.wideString() }),
    ...(loggedOnUsers !== undefined && { loggedOnUsers }),
  };
}

export interface JoinInformation {
  /** Of the domain or workgroup. */
  readonly name: string;
  /** NETSETUP_JOIN_STATUS, [MS-WKST] 2.2.3.1: 0 unknown, 1 neither, 2 workgroup, 3 domain. */
  readonly status: number;
}

/** NetrGetJoinInformation, [MS-WKST] 3.2.4.12 (Opnum 20). Samba does not have it. */
export const joinInformation = operation<void, Returned<JoinInformation>>(
  'NetrGetJoinInformation',
  20,
  (w) => w.pointer(false /* ServerName */).pointer(false /* NameBuffer */),
  (r) => {
    const name = r.optionalWideString() ?? '';
    const status = r.u16();
    return returned(r.u32(), { name, status });
  },
);
