import { Reader } from '../../bytes/reader.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface, returned } from './operation.ts';
import { optionalU32 } from './winreg-interface.ts';

// [MS-SCMR] 3.1.4 Message Processing Events and Sequencing Rules: the methods that only read.

/** [MS-SCMR] 1.9 Standards Assignments. */
export const SVCCTL: RpcInterface = {
  name: 'svcctl',
  syntax: { uuid: '367abb81-9844-35f1-ad32-98f038001003', major: 2, minor: 0 },
  pipe: 'svcctl',
};

/** [MS-SCMR] 3.1.4: access to the service control manager and to a service. */
export const SERVICE_ACCESS = {
  SC_MANAGER_CONNECT: 0x0001,
  SC_MANAGER_ENUMERATE_SERVICE: 0x0004,
  SERVICE_QUERY_CONFIG: 0x0001,
  SERVICE_QUERY_STATUS: 0x0004,
} as const;

/** dwServiceType, [MS-SCMR] 2.2.47: bits. */
export const SERVICE_TYPE = { KERNEL_DRIVER: 1, FILE_SYSTEM_DRIVER: 2, WIN32: 0x30 } as const;

/** dwServiceState of an enumeration, [MS-SCMR] 3.1.4.14. */
export const SERVICE_STATE = { ACTIVE: 1, INACTIVE: 2, ALL: 3 } as const;

/** [MS-ERREF] 2.2. */
const SERVICE_STATUS_CODE = {
  ERROR_ACCESS_DENIED: 5,
  ERROR_INSUFFICIENT_BUFFER: 122,
  ERROR_MORE_DATA: 234,
  ERROR_SERVICE_DOES_NOT_EXIST: 1060,
} as const;

/** [MS-SCMR] 3.1.4.17: cbBufSize ends at 8 KiB; 3.1.4.14: at 256 KiB. */
export const SERVICE_CONFIG_ROOM = 8 * 1024;

/** 20 bytes. */
export type ServiceHandle = Uint8Array;

/** SERVICE_STATUS, [MS-SCMR] 2.2.47. */
export interface ServiceStatus {
  readonly type: number;
  /** 1 stopped, 2 start pending, 3 stop pending, 4 running, 5 continue pending, 6 pause pending, 7 paused. */
  readonly state: number;
  readonly controlsAccepted: number;
  /** Why it stopped: a Win32 code; 1066 points to `serviceExitCode`, 1077 says that it was never started. */
  readonly exitCode: number;
  readonly serviceExitCode: number;
  readonly checkPoint: number;
  /** Milliseconds. */
  readonly waitHint: number;
}

/** QUERY_SERVICE_CONFIGW, [MS-SCMR] 2.2.15. */
export interface ServiceConfig {
  readonly type: number;
  /** 0 boot, 1 system, 2 automatic, 3 manual, 4 disabled. */
  readonly startType: number;
  readonly errorControl: number;
  readonly program: string;
  readonly loadOrderGroup: string;
  readonly tag: number;
  /** Services, and groups with a plus sign in front. */
  readonly dependencies: readonly string[];
  /** The account it runs as. */
  readonly startName: string;
  readonly displayName: string;
}

/** What did not fit: bytes that are needed (of an enumeration: that are left). */
export interface NeedsRoom {
  readonly kind: 'more-data';
  readonly needed: number;
}

const operation = operationOf(SVCCTL);

const readHandle = (r: NdrReader): Returned<ServiceHandle> => {
  const handle = r.handle();
  return returned(r.u32(), handle);
};

/** ROpenSCManagerW, [MS-SCMR] 3.1.4.15 (Opnum 15). `access`: SERVICE_ACCESS. */
export const openManager = operation<{ readonly access: number }, Returned<ServiceHandle>>(
  'ROpenSCManagerW',
  15,
  (w, { access }) => w.pointer(false /* lpMachineName */).pointer(false /* lpDatabaseName */).u32(access),
  readHandle,
);

/** ROpenServiceW, [MS-SCMR] 3.1.4.16 (Opnum 16). */
export const openService = operation<
  { readonly manager: ServiceHandle; readonly name: string; readonly access: number },
  Returned<ServiceHandle>
>(
  'ROpenServiceW',
  16,
  (w, { manager, name, access }) => w.handle(manager).wideString(name).u32(access),
  readHandle,
);

/** RCloseServiceHandle, [MS-SCMR] 3.1.4.1 (Opnum 0). */
export const closeService = operation<{ readonly handle: ServiceHandle }, Returned<undefined>>(
  'RCloseServiceHandle',
  0,
  (w, { handle }) => w.handle(handle),
  (r) => {
    r.handle();
    return returned(r.u32(), undefined);
  },
);

/** RQueryServiceStatus, [MS-SCMR] 3.1.4.7 (Opnum 6). */
export const queryServiceStatus = operation<{ readonly service: ServiceHandle }, Returned<ServiceStatus>>(
  'RQueryServiceStatus',
  6,
  (w, { service }) => w.handle(service),
  (r) => {
    const status = r.read(readStatus);
    return returned(r.u32(), status);
  },
);

const STATUS_SIZE = 7 * 4;
const STATUS_PROCESS_SIZE = STATUS_SIZE + 4 /* dwProcessId */ + 4; /* dwServiceFlags */

/** RQueryServiceStatusEx, [MS-SCMR] 3.1.4.41 (Opnum 40), with SC_STATUS_PROCESS_INFO: the status and its process, 0 where it does not run. */
export const queryServiceStatusEx = operation<
  { readonly service: ServiceHandle },
  Returned<ServiceStatus & { readonly processId: number }>
>(
  'RQueryServiceStatusEx',
  40,
  (w, { service }) => w.handle(service).u32(0 /* SC_STATUS_PROCESS_INFO */).u32(STATUS_PROCESS_SIZE),
  (r) => {
    const buffer = new Reader(r.conformantBytes(), 'SERVICE_STATUS_PROCESS');
    r.u32(); // pcbBytesNeeded
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    return { kind: 'ok', value: { ...readStatus(buffer), processId: buffer.u32le() } };
  },
);

/** RQueryServiceConfigW, [MS-SCMR] 3.1.4.17 (Opnum 17). `room`: bytes, SERVICE_CONFIG_ROOM at the most. */
export const queryServiceConfig = operation<
  { readonly service: ServiceHandle; readonly room: number },
  Returned<ServiceConfig> | NeedsRoom
>(
  'RQueryServiceConfigW',
  17,
  (w, { service, room }) => w.handle(service).u32(room),
  (r) => {
    const type = r.u32();
    const startType = r.u32();
    const errorControl = r.u32();
    const first = [r.pointer(), r.pointer()];
    const tag = r.u32();
    const second = [r.pointer(), r.pointer(), r.pointer()];
    const [program = '', loadOrderGroup = '', dependencies = '', startName = '', displayName = ''] = [
      ...first,
      ...second,
    ].map((present) => (present ? r.wideString() : ''));
    const needed = r.u32();
    const status = r.u32();
    if (status === SERVICE_STATUS_CODE.ERROR_INSUFFICIENT_BUFFER) return { kind: 'more-data', needed };
    return returned(status, {
      type,
      startType,
      errorControl,
      program,
      loadOrderGroup,
      tag,
      // As a [string] it would end at its first NUL; on the wire a slash stands between the names.
      dependencies: dependencies.split('/').filter((name) => name !== ''),
      startName,
      displayName,
    });
  },
);

export interface ListedService {
  readonly name: string;
  readonly displayName: string;
  readonly status: ServiceStatus;
}

export interface ServiceList {
  readonly services: readonly ListedService[];
  /** Where to go on, where `more` says that there are more. */
  readonly resume: number;
  /** Bytes that the rest needs; 0 where nothing is left. */
  readonly more: number;
}

const ENUM_ENTRY_SIZE = 4 /* lpServiceName */ + 4 /* lpDisplayName */ + STATUS_SIZE;

/** REnumServicesStatusW, [MS-SCMR] 3.1.4.14 (Opnum 14). `room`: bytes, 256 KiB ([MS-SCMR] 3.1.4.14) at the most; ERROR_MORE_DATA is no error here, it brings what fitted. */
export const enumServices = operation<
  {
    readonly manager: ServiceHandle;
    /** SERVICE_TYPE. */
    readonly type: number;
    /** SERVICE_STATE. */
    readonly state: number;
    readonly room: number;
    readonly resume: number;
  },
  Returned<ServiceList>
>(
  'REnumServicesStatusW',
  14,
  (w, { manager, type, state, room, resume }) =>
    w.handle(manager).u32(type).u32(state).u32(room).pointer().u32(resume),
  (r) => {
    const buffer = r.conformantBytes();
    const needed = r.u32();
    const count = r.u32();
    const resume = optionalU32(r) ?? 0;
    const status = r.u32();
    if (status !== 0 && status !== SERVICE_STATUS_CODE.ERROR_MORE_DATA) return { kind: 'error', status };
    if (!(count * ENUM_ENTRY_SIZE <= buffer.length))
      r.fail(`${count} services in a buffer of ${buffer.length} bytes`);
    const entries = new Reader(buffer, 'ENUM_SERVICE_STATUSW');
    const services = Array.from({ length: count }, () => ({
      name: textAt(buffer, entries.u32le()),
      displayName: textAt(buffer, entries.u32le()),
      status: readStatus(entries),
    }));
    return {
      kind: 'ok',
      value: { services, resume, more: status === SERVICE_STATUS_CODE.ERROR_MORE_DATA ? needed : 0 },
    };
  },
);

function readStatus(r: Reader): ServiceStatus {
  return {
    type: r.u32le(),
    state: r.u32le(),
    controlsAccepted: r.u32le(),
    exitCode: r.u32le(),
    serviceExitCode: r.u32le(),
    checkPoint: r.u32le(),
    waitHint: r.u32le(),
  };
}

/** [MS-SCMR] 2.2.11: lpServiceName of a service has at most 256 characters, and so has its display name. */
const NAME_LIMIT = 256;

/** The text that begins there and ends at a NUL or after the most that a name has. */
function textAt(buffer: Uint8Array, offset: number): string {
  const r = new Reader(buffer, 'ENUM_SERVICE_STATUSW');
  r.skip(offset);
  const text = decodeUtf16le(r.bytes(Math.min(r.remaining, 2 * (NAME_LIMIT + 1))));
  const end = text.indexOf('\0');
  if (end === -1) r.fail('a name without an end');
  return text.slice(0, end);
}
