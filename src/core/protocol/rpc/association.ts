import { tryDecode } from '../../bytes/decode-error.ts';
import type { Dialog } from '../dialog.ts';
import { type BindRefusal, readBindAnswer } from './bind-answer.ts';
import type { RpcInterface, RpcOperation } from './operation.ts';
import type { PacketProtection } from './packet-security.ts';
import { decodePdu, encodePdu, PDU_TYPE, type Pdu, PFC, WHOLE } from './pdu.ts';
import { CONTEXT_RESULT, encodeBind, NDR_SYNTAX } from './pdu-bind.ts';
import { decodeFault } from './pdu-call.ts';
import type { PduArrival, PduStream } from './pdu-stream.ts';
import type { TransportFailure } from './pdu-transport.ts';
import { ResponseStub } from './response-stub.ts';
import { requestFragments } from './stub-fragments.ts';

/** Calls in flight where the server allows several: enough to hide a long way, few enough that no side's buffers fill. */
const MOST_IN_FLIGHT = 256;

export type CallAnswer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** The server refused the call. `status` as in FAULT_STATUS; `executed`: false where the server says that nothing was done. */
  | { readonly kind: 'fault'; readonly status: number; readonly executed: boolean }
  | TransportFailure
  /** The answer breaks the protocol. `problem`: lower case, no final stop. */
  | { readonly kind: 'foreign'; readonly problem: string };

/** A call that is ready to go: its stub is written. */
export interface PreparedCall<T> {
  readonly name: string;
  readonly interface: RpcInterface;
  readonly opnum: number;
  readonly stub: Uint8Array;
  readonly decode: (stub: Uint8Array) => T;
  /** So many PDUs at least answer it, where that is known and more than one. */
  readonly messages?: number;
}

export function prepare<Request, Response>(
  operation: RpcOperation<Request, Response>,
  request: Request,
): PreparedCall<Response> {
  const { name, opnum, encode, decode } = operation;
  return { name, interface: operation.interface, opnum, stub: encode(request), decode };
}

export interface AssociationState {
  /** Presentation contexts by the UUID of their interface. */
  readonly contexts: ReadonlyMap<string, number>;
  /** Bytes of the longest PDU that the server takes. */
  readonly maxTransmit: number;
  readonly lastCallId: number;
  /** bind_ack has PFC_CONC_MPX, and we want it. */
  readonly concurrent: boolean;
  /** BIND_FEATURE bits that both sides know. */
  readonly features: number;
  /** sec_addr of bind_ack. */
  readonly address: string;
  readonly protection?: PacketProtection;
}

export type AddAnswer =
  | { readonly kind: 'added' }
  /** `reason`: CONTEXT_REASON. */
  | { readonly kind: 'no-interface'; readonly reason: number }
  | BindRefusal
  | Refusal;

type Refusal = Exclude<CallAnswer<never>, { kind: 'answered' }>;
type Outcome = { readonly kind: 'stub'; readonly stub: Uint8Array } | Refusal;

/**
 * A bound connection. Calls go through `call` and `callAll`.
 * INVARIANT: one dialog uses it at a time. After a failure of the transport or an answer that breaks
 * the protocol it is broken: every later call has the same answer, and nothing is sent.
 */
export class RpcAssociation {
  readonly #stream: PduStream;
  readonly #state: AssociationState;
  readonly #contexts: Map<string, number>;
  #callId: number;
  #broken: Refusal | undefined;

  constructor(stream: PduStream, state: AssociationState) {
    this.#stream = stream;
    this.#state = state;
    this.#contexts = new Map(state.contexts);
    this.#callId = state.lastCallId;
  }

  /** Several calls may be in flight. */
  get concurrent(): boolean {
    return this.#state.concurrent;
  }

  get features(): number {
    return this.#state.features;
  }

  get address(): string {
    return this.#state.address;
  }

  /** Why every further call will fail; `undefined` while the connection is good. */
  get broken(): Refusal | undefined {
    return this.#broken;
  }

  /** Whether calls of this interface can be made. */
  serves({ syntax }: RpcInterface): boolean {
    return this.#contexts.has(syntax.uuid);
  }

  /**
   * alter_context: adds an interface of the same pipe or port, one round trip. Samba takes only the
   * first of several in one bind. The sign-in of the connection goes for it as well; the PDU itself has no
   * signature, and whoever changes it on its way can refuse the interface and do no more.
   */
  *add(served: RpcInterface): Dialog<AddAnswer> {
    if (this.#broken) return this.#broken;
    if (this.serves(served)) return { kind: 'added' };
    this.#callId += 1;
    const callId = this.#callId;
    const id = this.#contexts.size === 0 ? 0 : Math.max(...this.#contexts.values()) + 1;
    const ours = this.#stream.maxTransmit;
    const request = encodePdu({
      type: PDU_TYPE.alter_context,
      flags: WHOLE,
      callId,
      body: encodeBind({
        maxTransmit: ours,
        maxReceive: ours,
        group: 0,
        contexts: [{ id, abstractSyntax: served.syntax, transferSyntaxes: [NDR_SYNTAX] }],
      }),
    });
    const what = `alter_context for ${served.name}`;
    const read = readBindAnswer(yield* this.#stream.transact(what, request, `answer to ${what}`), {
      type: PDU_TYPE.alter_context_resp,
      callId,
      interfaces: 1,
      ours,
    });
    if (read.kind === 'failed' || read.kind === 'foreign') return this.#break(read);
    if (read.kind !== 'ack') return read;
    const [result] = read.ack.results;
    if (result?.result !== CONTEXT_RESULT.acceptance)
      return { kind: 'no-interface', reason: result?.reason ?? 0 };
    this.#contexts.set(served.syntax.uuid, id);
    return { kind: 'added' };
  }

  /** One call, one round trip. */
  *call<Request, Response>(
    operation: RpcOperation<Request, Response>,
    request: Request,
  ): Dialog<CallAnswer<Response>> {
    const call = prepare(operation, request);
    return finish(call, yield* this.#one(call));
  }

  /**
   * Calls that do not depend on each other, answers in their order: in flight together where the server
   * allows it, else one round trip each. A pipe that is busy (STATUS_PIPE_BUSY) breaks the connection, since
   * nobody can say which of the messages it took: bind to a new one with `concurrent: false`.
   */
  *callAll<T>(calls: readonly PreparedCall<T>[]): Dialog<readonly CallAnswer<T>[]> {
    const outcomes: Outcome[] = [];
    // A long answer to one call comes sooner too, where its fragments are asked for with the call.
    const several = calls.length > 1 || (calls[0]?.messages ?? 1) > 1;
    if (this.concurrent && several) yield* this.#together(calls, outcomes);
    const answers: CallAnswer<T>[] = [];
    for (const [index, call] of calls.entries()) {
      answers.push(finish(call, outcomes[index] ?? (yield* this.#one(call))));
    }
    return answers;
  }

  /** Sends a call, its last fragment in one round trip with the answer, and reads until it is done. */
  *#one(call: PreparedCall<unknown>): Dialog<Outcome> {
    const started = this.#start(call);
    if (started.kind !== 'started') return started;
    const { id, fragments } = started;
    const last = fragments[fragments.length - 1] ?? new Uint8Array(0);
    for (const fragment of fragments.slice(0, -1)) {
      const done = yield* this.#stream.write(call.name, fragment);
      if (done.kind === 'failed') return this.#break(done);
    }
    const open = new Map([[id, new ResponseStub()]]);
    let left = call.messages ?? 1;
    let arrival = yield* this.#stream.transact(call.name, last, `response of ${call.name}`);
    for (;;) {
      const taken = this.#take(arrival, open);
      if (taken.kind === 'done') return taken.outcome;
      if (taken.kind === 'broken') return taken.refusal;
      left -= 1;
      arrival = yield* this.#stream.next(`response of ${call.name}`, Math.max(1, left));
    }
  }

  /** Fills `outcomes` as far as the connection holds; what is missing then failed with it. */
  *#together(calls: readonly PreparedCall<unknown>[], outcomes: Outcome[]): Dialog<void> {
    const open = new Map<number, ResponseStub>();
    const indexOf = new Map<number, number>();
    /** PDUs that are to come for the open calls, at least. */
    let expected = 0;
    let next = 0;
    while (next < calls.length || open.size > 0) {
      const call = calls[next];
      if (call !== undefined && open.size < MOST_IN_FLIGHT) {
        const index = next;
        next += 1;
        const started = this.#start(call);
        if (started.kind !== 'started') {
          outcomes[index] = started;
          continue;
        }
        for (const fragment of started.fragments) {
          const done = yield* this.#stream.write(call.name, fragment);
          if (done.kind === 'failed') return void this.#break(done);
        }
        open.set(started.id, new ResponseStub());
        indexOf.set(started.id, index);
        expected += call.messages ?? 1;
        const done = yield* this.#stream.expect(`response of ${call.name}`, expected);
        if (done.kind === 'failed') return void this.#break(done);
        continue;
      }
      const [first = 0] = open.keys();
      const what = `response of ${calls[indexOf.get(first) ?? 0]?.name}`;
      const taken = this.#take(yield* this.#stream.next(what, expected), open);
      if (taken.kind === 'broken') return;
      expected = Math.max(open.size, expected - 1);
      if (taken.kind === 'done') outcomes[indexOf.get(taken.id) ?? 0] = taken.outcome;
    }
  }

  /** The PDUs of a new call, protected where the connection is: they must be sent next, in order. */
  #start(
    call: PreparedCall<unknown>,
  ): { readonly kind: 'started'; readonly id: number; readonly fragments: readonly Uint8Array[] } | Refusal {
    if (this.#broken) return this.#broken;
    const contextId = this.#contexts.get(call.interface.syntax.uuid);
    if (contextId === undefined)
      return { kind: 'failed', problem: `${call.interface.name} is not served here` };
    const { protection, maxTransmit } = this.#state;
    this.#callId += 1;
    const id = this.#callId;
    const { opnum, stub } = call;
    const pdus = requestFragments(
      { callId: id, contextId, opnum, stub },
      maxTransmit,
      protection !== undefined,
    );
    return {
      kind: 'started',
      id,
      fragments: pdus.map((pdu) => (protection ? protection.protect(pdu) : encodePdu(pdu))),
    };
  }

  /** Takes in one PDU for one of the open calls, and closes the call where it was its last. */
  #take(
    arrival: PduArrival,
    open: Map<number, ResponseStub>,
  ):
    | { readonly kind: 'more' }
    | { readonly kind: 'done'; readonly id: number; readonly outcome: Outcome }
    | { readonly kind: 'broken'; readonly refusal: Refusal } {
    const broken = (refusal: Refusal) => ({ kind: 'broken', refusal: this.#break(refusal) }) as const;
    const foreign = (problem: string) => broken({ kind: 'foreign', problem });
    if (arrival.kind !== 'pdu') return broken(arrival);
    const decoded = tryDecode(() => {
      const pdu = this.#open(arrival.bytes);
      if (typeof pdu === 'string') return pdu;
      const response = open.get(pdu.callId);
      // Nobody answers rpc_auth_3; a server that refuses it all the same says so by the bind's own call.
      if (response === undefined && pdu.type === PDU_TYPE.fault && pdu.callId === this.#state.lastCallId)
        return { signIn: decodeFault(pdu.body) };
      if (response === undefined) return `an answer to call ${pdu.callId}, which is not open`;
      if (pdu.type === PDU_TYPE.fault) return { pdu, fault: decodeFault(pdu.body) };
      if (pdu.type !== PDU_TYPE.response) return `expected a response, received a PDU of type ${pdu.type}`;
      const stub = response.add(pdu);
      return stub !== undefined && 'problem' in stub ? stub.problem : { pdu, stub };
    });
    if (!decoded.ok) return foreign(decoded.error.message);
    if (typeof decoded.value === 'string') return foreign(decoded.value);
    if ('signIn' in decoded.value)
      return broken({ kind: 'fault', status: decoded.value.signIn.status, executed: false });
    const { pdu } = decoded.value;
    if ('fault' in decoded.value) {
      open.delete(pdu.callId);
      const executed = (pdu.flags & PFC.DID_NOT_EXECUTE) === 0;
      const { status } = decoded.value.fault;
      return { kind: 'done', id: pdu.callId, outcome: { kind: 'fault', status, executed } };
    }
    if (decoded.value.stub === undefined) return { kind: 'more' };
    open.delete(pdu.callId);
    return { kind: 'done', id: pdu.callId, outcome: { kind: 'stub', stub: decoded.value.stub } };
  }

  /**
   * The PDU inside, or what is wrong with it. A fault may come without protection: a server that
   * does not know who we are (yet) has no key for it. It carries no facts, only a refusal.
   */
  #open(bytes: Uint8Array): Pdu | string {
    const pdu = decodePdu(bytes);
    const { protection } = this.#state;
    if (protection === undefined || (pdu.type === PDU_TYPE.fault && pdu.auth === undefined)) return pdu;
    return protection.open(bytes) ?? 'an answer without the signature that was agreed on';
  }

  #break(refusal: Refusal): Refusal {
    this.#broken ??= refusal;
    return refusal;
  }
}

function finish<T>(call: PreparedCall<T>, outcome: Outcome): CallAnswer<T> {
  if (outcome.kind !== 'stub') return outcome;
  const decoded = tryDecode(() => call.decode(outcome.stub));
  return decoded.ok
    ? { kind: 'answered', value: decoded.value }
    : { kind: 'foreign', problem: decoded.error.message };
}
