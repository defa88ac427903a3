import type { Dialog } from '../dialog.ts';

/** Carries the PDUs of DCE/RPC: a named pipe, later a TCP connection. */
export interface PduTransport {
  /** Most bytes of one PDU that a single message carries. */
  readonly maxTransmit: number;
  /** One PDU out, one PDU (or its beginning) back, in one round trip where the transport can. */
  transact(what: string, pdu: Uint8Array, secret?: boolean): Dialog<TransportAnswer>;
  /** Sends without waiting for an answer of the other side's program. */
  write(what: string, pdu: Uint8Array, secret?: boolean): Dialog<TransportDone>;
  /**
   * The next bytes of the other side: a PDU or more of one.
   * `expected`: so many messages will come at least, this one among them. Where each message has to be
   * asked for, so many can be asked for at once: else calls in flight cost a round trip each after all.
   */
  read(what: string, expected?: number): Dialog<TransportAnswer>;
  /**
   * Asks for so many messages ahead of `read`, without waiting, where each has to be asked for: a server whose
   * answers nobody takes may stop taking requests.
   */
  expect?(what: string, count: number): Dialog<TransportDone>;
}

export type TransportAnswer = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | TransportFailure;

export type TransportDone = { readonly kind: 'done' } | TransportFailure;

/** `status`: NTSTATUS where the other side gave one. `problem`: lower case, no final stop. */
export interface TransportFailure {
  readonly kind: 'failed';
  readonly status?: number;
  readonly problem: string;
}
