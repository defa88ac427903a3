import { NdrReader } from './ndr-reader.ts';
import { NdrWriter } from './ndr-writer.ts';
import type { Syntax } from './pdu-bind.ts';

/** An interface of DCE/RPC and where it listens. */
export interface RpcInterface {
  /** As in the specifications: winreg, svcctl, lsarpc. */
  readonly name: string;
  readonly syntax: Syntax;
  /** The name of its pipe, without `\PIPE\`; `undefined` where it has only a port. */
  readonly pipe?: string;
}

/** One method of an interface, by its number on the wire: how its request is written and its response read. */
export interface RpcOperation<Request, Response> {
  readonly interface: RpcInterface;
  /** The method's name in its specification. */
  readonly name: string;
  readonly opnum: number;
  readonly encode: (request: Request) => Uint8Array;
  /** Throws `DecodeError`. */
  readonly decode: (stub: Uint8Array) => Response;
}

/** What a method returned: its values, or the error code that it has instead of them. */
export type Returned<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** A Win32 or NTSTATUS code, unsigned, as the method's specification has it. */
  | { readonly kind: 'error'; readonly status: number };

/** The values where the code is 0. The code stands last in a stub, so they are read before it is known. */
export function returned<T>(status: number, value: T): Returned<T> {
  return status === 0 ? { kind: 'ok', value } : { kind: 'error', status };
}

/** An operation of one interface, from what writes its request and what reads its response. */
export function operationOf(
  served: RpcInterface,
): <Request, Response>(
  name: string,
  opnum: number,
  encode: (w: NdrWriter, request: Request) => NdrWriter,
  decode: (r: NdrReader) => Response,
) => RpcOperation<Request, Response> {
  return (name, opnum, encode, decode) => ({
    interface: served,
    name,
    opnum,
    encode: (request) => encode(new NdrWriter(), request).toBytes(),
    decode: (stub) => decode(new NdrReader(stub, name)),
  });
}
