import { concat } from '../../../../src/core/bytes/writer.ts';
import type { Dialog, DialogAnswer } from '../../../../src/core/protocol/dialog.ts';
import { verifyAuthenticate } from '../../../../src/core/protocol/ntlm-logon.ts';
import { ntHash } from '../../../../src/core/protocol/ntlm-response.ts';
import { NtlmSession } from '../../../../src/core/protocol/ntlm-session.ts';
import { PacketProtection } from '../../../../src/core/protocol/rpc/packet-security.ts';
import {
  decodePdu,
  encodePdu,
  PDU_TYPE,
  type Pdu,
  PFC,
  WHOLE,
} from '../../../../src/core/protocol/rpc/pdu.ts';
import {
  CONTEXT_RESULT,
  decodeBind,
  encodeBindAck,
  NDR_SYNTAX,
} from '../../../../src/core/protocol/rpc/pdu-bind.ts';
import {
  decodeRequest,
  encodeFault,
  encodeResponse,
  type RequestBody,
} from '../../../../src/core/protocol/rpc/pdu-call.ts';
import type {
  PduTransport,
  TransportAnswer,
  TransportDone,
} from '../../../../src/core/protocol/rpc/pdu-transport.ts';
import { CHALLENGE } from '../ntlm-samples.ts';

export interface FakeServerOptions {
  /** The stub of the response; a number is the status of a fault. */
  readonly answer?: (call: RequestBody & { readonly callId: number }) => Uint8Array | number;
  /** The server says that several calls may be in flight. */
  readonly concurrent?: boolean;
  /** Bytes of the largest fragment it takes. */
  readonly maxReceive?: number;
  /** Bytes that one message carries. */
  readonly maxTransmit?: number;
  /** Bytes of stub in one fragment of a response. */
  readonly part?: number;
  /** Bytes that one read gives at the most. */
  readonly chop?: number;
  /** UUIDs of the interfaces it serves; all of them where it is left out. */
  readonly serves?: readonly string[];
  /** Knows this password, and answers a signed bind. */
  readonly password?: string;
  /** What becomes of the PDUs that it is about to say. */
  readonly twist?: (pdus: readonly Uint8Array[], asked: Pdu) => readonly Uint8Array[];
  /** How a message is refused, by its number from 0 on. */
  readonly refuse?: (message: number) => { readonly status?: number; readonly problem: string } | undefined;
}

/** A server of DCE/RPC in memory. It answers as [C706] chapter 12 has it, and as `twist` bends it. */
export class FakeServer implements PduTransport {
  readonly maxTransmit: number;
  /** Whole requests in the order in which they came. */
  readonly calls: (RequestBody & { readonly callId: number })[] = [];
  /** Every PDU as it came. */
  readonly pdus: Uint8Array[] = [];
  /** Messages: what was written, transacted or read. */
  readonly messages: ('write' | 'transact' | 'read')[] = [];
  /** How many messages each read was told to expect. */
  readonly expected: number[] = [];
  readonly secrets: Uint8Array[] = [];
  readonly #options: FakeServerOptions;
  #said: Uint8Array[] = [];
  #partial = new Map<number, Uint8Array[]>();
  #negotiate: Uint8Array = new Uint8Array(0);
  #protection: PacketProtection | undefined;

  constructor(options: FakeServerOptions = {}) {
    this.#options = options;
    this.maxTransmit = options.maxTransmit ?? 4280;
  }

  // biome-ignore lint/correctness/useYield: nothing of it travels
  *transact(_what: string, pdu: Uint8Array, secret = false): Dialog<TransportAnswer> {
    const refused = this.#send('transact', pdu, secret);
    return refused ?? this.#give();
  }

  // biome-ignore lint/correctness/useYield: nothing of it travels
  *write(_what: string, pdu: Uint8Array, secret = false): Dialog<TransportDone> {
    return this.#send('write', pdu, secret) ?? { kind: 'done' };
  }

  // biome-ignore lint/correctness/useYield: nothing of it travels
  *read(_what: string, expected = 1): Dialog<TransportAnswer> {
    this.expected.push(expected);
    this.messages.push('read');
    return this.#give();
  }

  #send(
    how: 'write' | 'transact',
    pdu: Uint8Array,
    secret: boolean,
  ): Extract<TransportDone, { kind: 'failed' }> | undefined {
    const refused = this.#options.refuse?.(this.messages.length);
    this.messages.push(how);
    if (refused) return { kind: 'failed', ...refused };
    this.pdus.push(pdu);
    if (secret) this.secrets.push(pdu);
    const plain = decodePdu(pdu);
    // What changes the connection itself has no signature.
    const isBare = this.#protection === undefined || plain.type === PDU_TYPE.alter_context;
    const asked = isBare ? plain : this.#protection?.open(pdu);
    if (asked === undefined) throw new Error('the client sent a PDU whose signature is wrong');
    const answers = this.#answersTo(asked);
    this.#said.push(...(this.#options.twist?.(answers, asked) ?? answers));
    return undefined;
  }

  #give(): TransportAnswer {
    const [next, ...rest] = this.#said;
    if (next === undefined) return { kind: 'failed', problem: 'the server says nothing' };
    const chop = this.#options.chop ?? next.length;
    const tail = next.subarray(chop);
    this.#said = tail.length > 0 ? [tail, ...rest] : rest;
    return { kind: 'bytes', bytes: next.subarray(0, chop) };
  }

  #answersTo(asked: Pdu): readonly Uint8Array[] {
    switch (asked.type) {
      case PDU_TYPE.bind:
      case PDU_TYPE.alter_context:
        return [this.#bindAck(asked)];
      case PDU_TYPE.rpc_auth_3:
        this.#authenticate(asked.auth?.value ?? new Uint8Array(0));
        return [];
      case PDU_TYPE.request:
        return this.#responses(asked);
      default:
        throw new Error(`the client sent a PDU of type ${asked.type}`);
    }
  }

  #bindAck(asked: Pdu): Uint8Array {
    const { contexts } = decodeBind(asked.body);
    const { serves, concurrent = false, maxReceive = 4280, password } = this.#options;
    const results = contexts.map(({ abstractSyntax, transferSyntaxes }) => {
      const [offered] = transferSyntaxes;
      if (offered?.uuid !== NDR_SYNTAX.uuid)
        return { result: CONTEXT_RESULT.negotiate_ack, reason: 3, transferSyntax: NO_SYNTAX };
      return serves === undefined || serves.includes(abstractSyntax.uuid)
        ? { result: CONTEXT_RESULT.acceptance, reason: 0, transferSyntax: NDR_SYNTAX }
        : { result: CONTEXT_RESULT.provider_rejection, reason: 1, transferSyntax: NO_SYNTAX };
    });
    if (asked.auth) this.#negotiate = asked.auth.value;
    return encodePdu({
      type: asked.type === PDU_TYPE.bind ? PDU_TYPE.bind_ack : PDU_TYPE.alter_context_resp,
      flags: WHOLE | (concurrent ? PFC.CONC_MPX : 0),
      callId: asked.callId,
      body: encodeBindAck({ maxTransmit: 4280, maxReceive, group: 0x1234, address: '\\PIPE\\fake', results }),
      ...(asked.auth && password !== undefined && { auth: { ...asked.auth, value: CHALLENGE } }),
    });
  }

  #authenticate(authenticate: Uint8Array): void {
    const messages = { negotiate: this.#negotiate, challenge: CHALLENGE, authenticate };
    const verified = verifyAuthenticate(messages, ntHash(this.#options.password ?? ''));
    if (verified.kind !== 'genuine') return;
    const session = new NtlmSession(verified.exportedSessionKey, verified.flags, 'server');
    const last = this.pdus[this.pdus.length - 1] ?? new Uint8Array(0);
    const { auth } = decodePdu(last);
    if (auth) this.#protection = new PacketProtection(session, { ...auth, value: new Uint8Array(16) });
  }

  #responses(asked: Pdu): readonly Uint8Array[] {
    const request = decodeRequest(asked.body);
    const parts = this.#partial.get(asked.callId) ?? [];
    parts.push(request.stub);
    this.#partial.set(asked.callId, parts);
    if ((asked.flags & PFC.LAST_FRAG) === 0) return [];
    const call = { ...request, stub: concat(...parts), callId: asked.callId };
    this.calls.push(call);
    const answer = this.#options.answer?.(call) ?? new Uint8Array(0);
    if (typeof answer === 'number') return [faultOf(asked.callId, answer)];
    return responsesOf(asked.callId, answer, this.#options.part).map((pdu) =>
      this.#protection ? this.#protection.protect(pdu) : encodePdu(pdu),
    );
  }
}

const NO_SYNTAX = { uuid: '00000000-0000-0000-0000-000000000000', major: 0, minor: 0 };

/** The PDUs of one response. */
export function responsesOf(
  callId: number,
  stub: Uint8Array,
  part = Math.max(stub.length, 1),
): readonly Omit<Pdu, 'auth'>[] {
  const count = Math.max(1, Math.ceil(stub.length / part));
  return Array.from({ length: count }, (_, index) => ({
    type: PDU_TYPE.response,
    flags: (index === 0 ? PFC.FIRST_FRAG : 0) | (index === count - 1 ? PFC.LAST_FRAG : 0),
    callId,
    body: encodeResponse({
      allocHint: stub.length - index * part,
      contextId: 0,
      stub: stub.subarray(index * part, (index + 1) * part),
    }),
  }));
}

/** A fault that says that nothing was done. */
export function faultOf(callId: number, status: number): Uint8Array {
  return encodePdu({
    type: PDU_TYPE.fault,
    flags: WHOLE | PFC.DID_NOT_EXECUTE,
    callId,
    body: encodeFault({ contextId: 0, status }),
  });
}

/** Runs a dialog that asks nothing of the world: the server is in memory. */
export function run<T>(dialog: Dialog<T>): T {
  const step = dialog.next({ kind: 'sent', at: 0 } satisfies DialogAnswer);
  if (!step.done) throw new Error(`the dialog asks the world: ${step.value.kind} ${step.value.what}`);
  return step.value;
}
