import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface } from './operation.ts';

/** [MS-NRPC] 1.9 Standards Assignments. */
export const NETLOGON: RpcInterface = {
  name: 'netlogon',
  syntax: { uuid: '12345678-1234-abcd-ef00-01234567cffb', major: 1, minor: 0 },
  pipe: 'netlogon',
};

/**
 * FunctionCode, [MS-NRPC] 3.5.4.9.1: the two that diagnosing may send. Query says what the machine
 * remembers; verify asks the controller now, and may make a broken machine look for another one.
 */
export const CONTROL_FUNCTION = { tcQuery: 6, tcVerify: 10 } as const;

/** netlog2_flags, [MS-NRPC] 2.2.1.7.3. */
export const NETLOGON_FLAG = {
  hasAddress: 0x10,
  hasTimeService: 0x20,
  /** pdc_connection_status is what the verification just found. */
  verifyStatusReturned: 0x80,
} as const;

/** NETLOGON_INFO_2, [MS-NRPC] 2.2.1.7.3. */
export interface SecureChannel {
  /** NETLOGON_FLAG bits. */
  readonly flags: number;
  /** Win32 code: with `verifyStatusReturned` that of the verification, else that of the connection to the primary controller. */
  readonly pdcStatus: number;
  /** Win32 code of the channel to `controller`. */
  readonly channelStatus: number;
  /** `\\dc1.corp.example`; empty where a controller is asked about its own domain. */
  readonly controller: string;
}

const INFO_2 = 2;

/**
 * NetrLogonControl2Ex, [MS-NRPC] 3.5.4.9.1 (Opnum 18), level 2. The call itself succeeds while the
 * channel is broken: `pdcStatus` and `channelStatus` say how it is.
 */
export const logonControl = operationOf(NETLOGON)<
  {
    /** UNC name of the machine that is asked; `undefined` for the one at the other end. */
    readonly server?: string;
    readonly function: (typeof CONTROL_FUNCTION)[keyof typeof CONTROL_FUNCTION];
    readonly domain: string;
  },
  Returned<SecureChannel>
>(
  'NetrLogonControl2Ex',
  18,
  (w, request) =>
    w
      .optionalWideString(request.server)
      .u32(request.function)
      .u32(INFO_2)
      .u32(request.function /* which arm of Data */)
      .optionalWideString(request.domain),
  (r) => {
    const level = r.u32();
    const information = r.pointer() ? readInfo2(r, level) : undefined;
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    return { kind: 'ok', value: information ?? r.fail('success without information') };
  },
);

function readInfo2(r: NdrReader, level: number): SecureChannel {
  if (!(level === INFO_2)) r.fail(`expected level ${INFO_2}, received ${level}`);
  const flags = r.u32();
  const pdcStatus = r.u32();
  const hasName = r.pointer();
  const channelStatus = r.u32();
  return { flags, pdcStatus, channelStatus, controller: hasName ? r.wideString() : '' };
}
