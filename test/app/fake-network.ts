import type { Clock } from '../../src/app/ports/clock.ts';
import type {
  ConnectResult,
  Conversation,
  ConverseOptions,
  Endpoint,
  Network,
  Resolution,
} from '../../src/app/ports/network.ts';
import { tryDecode } from '../../src/core/bytes/decode-error.ts';
import { concat } from '../../src/core/bytes/writer.ts';
import type { Dialog, DialogAnswer, DialogRequest, Received } from '../../src/core/protocol/dialog.ts';

/** What a peer does, one after the other: put bytes on the wire, end the connection, or let time pass. */
export type Act = Uint8Array | 'end' | 'reset' | { readonly millis: number };

/** What a peer makes of TLS: it comes up, it is refused with an alert, the connection ends, or nothing happens. */
export type TlsAct =
  | { readonly version: '1.0' | '1.1' | '1.2' | '1.3'; readonly certificates: readonly Uint8Array[] }
  | { readonly alert: number }
  | 'end'
  | 'reset'
  | 'silent';

/** One end of one connection. */
export interface Peer {
  /** What TCP says; `open` when left out, after a round trip and these milliseconds. */
  readonly connect?: { readonly state: ConnectResult['state']; readonly millis?: number };
  /** What it does when these bytes arrive. Nothing: it stays silent. */
  receive(bytes: Uint8Array, insideTls: boolean): readonly Act[];
  startTls(): TlsAct;
}

export interface FakeNetworkOptions {
  /** Milliseconds there and back. */
  readonly roundTrip: number;
  /** Milliseconds that the server thinks before each answer. */
  readonly thinking?: number;
  readonly resolution?: Resolution;
  /** Milliseconds that a look-up of a name takes. */
  readonly resolving?: number;
  /** The other end of the n-th connection, counted from 1. */
  readonly peer: (connection: number, endpoint: Endpoint) => Peer;
}

export interface Sent {
  readonly connection: number;
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly secret: boolean;
  readonly at: number;
}

/** Performs dialogs against scripted peers, in the virtual time of a clock. */
export class FakeNetwork implements Network {
  readonly sent: Sent[] = [];
  /** Every connection in its order: its label, when it began, and how many were open then, itself included. */
  readonly started: { readonly label: string; readonly at: number; readonly open: number }[] = [];
  /** How many connections were open at once. */
  mostOpen = 0;
  #open = 0;
  readonly #clock: Clock;
  readonly #options: FakeNetworkOptions;

  constructor(clock: Clock, options: FakeNetworkOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  get open(): number {
    return this.#open;
  }

  get connections(): number {
    return this.started.length;
  }

  async resolve(host: string, deadline: number): Promise<Resolution> {
    const { resolution, resolving = 0 } = this.#options;
    const left = deadline - this.#clock.monotonic();
    await this.#clock.sleep(Math.min(resolving, left));
    return resolving > left
      ? { kind: 'failed', problem: 'not in time' }
      : (resolution ?? { kind: 'addresses', addresses: [host] });
  }

  async converse<T>(
    endpoint: Endpoint,
    dialog: Dialog<T>,
    options: ConverseOptions,
  ): Promise<Conversation<T>> {
    const clock = this.#clock;
    const { roundTrip, thinking = 0 } = this.#options;
    const begun = clock.monotonic();
    this.#open += 1;
    this.started.push({ label: options.label, at: begun, open: this.#open });
    const connection = this.started.length;
    const peer = this.#options.peer(connection, endpoint);
    this.mostOpen = Math.max(this.mostOpen, this.#open);
    let first = true;
    try {
      const { state, millis = 0 } = peer.connect ?? { state: 'open' };
      const left = Math.max(1, options.deadline - begun);
      const takes = state === 'timeout' ? Number.POSITIVE_INFINITY : roundTrip + millis;
      await clock.sleep(Math.min(left, takes));
      const connect: ConnectResult = {
        state: takes > left ? 'timeout' : state,
        millis: clock.monotonic() - begun,
      };
      options.opened?.(connect);
      if (connect.state !== 'open') return { connect };

      const line = new FakeLine(clock, peer, roundTrip + thinking, options.deadline);
      let step = dialog.next();
      while (!step.done) {
        const request = step.value;
        if (request.kind === 'send') {
          const { what, bytes, secret } = request;
          this.sent.push({ connection, what, bytes, secret, at: clock.monotonic() });
        }
        const answer = await line.perform(request);
        if (first && request.kind === 'receive') {
          first = false;
          options.answered?.(answer.kind === 'received' || answer.kind === 'foreign');
        }
        step = dialog.next(answer);
      }
      return { connect, result: step.value };
    } finally {
      this.#open -= 1;
      if (first) options.answered?.(false);
    }
  }
}

class FakeLine {
  readonly #clock: Clock;
  readonly #peer: Peer;
  readonly #delay: number;
  readonly #deadline: number;
  readonly #arriving: { readonly at: number; readonly act: Uint8Array | 'end' | 'reset' }[] = [];
  #buffered: Uint8Array = new Uint8Array(0);
  #ended: 'end' | 'reset' | undefined;
  #insideTls = false;
  #lastArrival = 0;

  constructor(clock: Clock, peer: Peer, delay: number, deadline: number) {
    this.#clock = clock;
    this.#peer = peer;
    this.#delay = delay;
    this.#deadline = deadline;
  }

  async perform(request: DialogRequest): Promise<DialogAnswer> {
    switch (request.kind) {
      case 'send': {
        let at = Math.max(this.#lastArrival, this.#clock.monotonic() + this.#delay);
        for (const act of this.#peer.receive(request.bytes, this.#insideTls)) {
          if (typeof act === 'object' && 'millis' in act) at += act.millis;
          else this.#arriving.push({ at, act });
        }
        this.#lastArrival = at;
        return { kind: 'sent', at: this.#clock.now() };
      }
      case 'receive':
        return this.#receive(request);
      case 'start-tls':
        return this.#startTls();
      case 'pause':
        throw new TypeError('no dialog from outside pauses');
    }
  }

  async #receive({ framing, limit }: Extract<DialogRequest, { kind: 'receive' }>): Promise<Received> {
    for (;;) {
      const framed = tryDecode(() => framing(this.#buffered));
      const at = this.#clock.now();
      const partial = this.#buffered;
      if (!framed.ok) return { kind: 'foreign', partial, problem: framed.error.message, at };
      const length = framed.value;
      if (length !== undefined && length > limit) {
        return { kind: 'too-long', partial, announced: length, limit, at };
      }
      if (length !== undefined && length <= this.#buffered.length) {
        this.#buffered = partial.slice(length);
        return { kind: 'received', bytes: partial.slice(0, length), at };
      }
      if (this.#ended !== undefined) return { kind: 'closed', how: this.#ended, partial, at };
      const next = this.#arriving[0];
      const left = this.#deadline - this.#clock.monotonic();
      const wait = (next?.at ?? Number.POSITIVE_INFINITY) - this.#clock.monotonic();
      await this.#clock.sleep(Math.min(wait, left));
      if (next === undefined || wait > left)
        return { kind: 'timeout', partial: this.#buffered, at: this.#clock.now() };
      this.#arriving.shift();
      if (typeof next.act === 'string') this.#ended = next.act;
      else this.#buffered = concat(this.#buffered, next.act);
    }
  }

  /** Two round trips up to TLS 1.2, one in 1.3; a refusal takes one. */
  async #startTls(): Promise<DialogAnswer> {
    const act = this.#ended ?? this.#peer.startTls();
    const secured = typeof act === 'object' && 'version' in act;
    const wait =
      act === 'silent' ? Number.POSITIVE_INFINITY : this.#delay * (secured && act.version !== '1.3' ? 2 : 1);
    const left = this.#deadline - this.#clock.monotonic();
    await this.#clock.sleep(Math.min(wait, left));
    const at = this.#clock.now();
    const partial = new Uint8Array(0);
    if (act === 'silent' || wait > left) return { kind: 'timeout', partial, at };
    if (typeof act === 'string') return { kind: 'closed', how: act, partial, at };
    if (!secured) return { kind: 'tls-failed', reason: 'tls alert', alert: act.alert, at };
    this.#insideTls = true;
    return { kind: 'secured', version: act.version, cipher: 'TLS_TEST', certificates: act.certificates, at };
  }
}
