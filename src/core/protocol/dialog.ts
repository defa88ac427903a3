/**
 * A dialog talks a protocol without doing any input or output: a generator that yields requests
 * and is continued with their answers. A driver in `edge` performs the requests on a socket, a
 * test performs them from a script. See ARCHITECTURE.md, "Code that needs the world asks for it".
 */

/** How long is the first packet in this buffer? `undefined`: not enough bytes to tell. Throws `DecodeError` when these bytes cannot start such a packet. */
export type Framing = (buffered: Uint8Array) => number | undefined;

export type DialogRequest =
  /** Put bytes on the wire. `secret` keeps their content out of every transcript. */
  | { readonly kind: 'send'; readonly what: string; readonly bytes: Uint8Array; readonly secret: boolean }
  /** Wait for one whole packet of at most `limit` bytes. */
  | { readonly kind: 'receive'; readonly what: string; readonly framing: Framing; readonly limit: number }
  /** Become a TLS client on this connection; what follows travels inside. */
  | { readonly kind: 'start-tls'; readonly what: string }
  /** Let so much time pass, within the dialog's own: the other side starts something. */
  | { readonly kind: 'pause'; readonly what: string; readonly millis: number };

/** `at`: milliseconds since 1970-01-01 UTC by the clock of this machine, with a fraction. */
export type Received =
  | { readonly kind: 'received'; readonly bytes: Uint8Array; readonly at: number }
  | Interruption;

/** Why a packet did not arrive. `partial` holds what did (bounded by the request's limit). */
export type Interruption =
  | {
      readonly kind: 'closed';
      readonly how: 'end' | 'reset';
      /** The TLS alert with which it ended, where the inside of TLS was read. */
      readonly alert?: number;
      readonly partial: Uint8Array;
      readonly at: number;
    }
  | { readonly kind: 'timeout'; readonly partial: Uint8Array; readonly at: number }
  | { readonly kind: 'foreign'; readonly partial: Uint8Array; readonly problem: string; readonly at: number }
  | {
      readonly kind: 'too-long';
      readonly partial: Uint8Array;
      readonly announced: number;
      readonly limit: number;
      readonly at: number;
    };

export type Secured =
  | {
      readonly kind: 'secured';
      /** '1.0' … '1.3', or the library's own word for anything else. */
      readonly version: string;
      /** The suite by its IANA name where the library knows it. */
      readonly cipher: string;
      /** DER, the server's own certificate first. */
      readonly certificates: readonly Uint8Array[];
      readonly at: number;
    }
  | { readonly kind: 'tls-failed'; readonly reason: string; readonly alert?: number; readonly at: number }
  | Interruption;

export type DialogAnswer =
  | { readonly kind: 'sent'; readonly at: number }
  | { readonly kind: 'paused'; readonly at: number }
  | Received
  | Secured;

export type Dialog<T> = Generator<DialogRequest, T, DialogAnswer>;

/** Puts bytes on the wire and says when that was (ms since 1970-01-01 UTC). A closed connection shows at the next `receive`. */
export function* send(what: string, bytes: Uint8Array, secret = false): Dialog<number> {
  return (yield { kind: 'send', what, bytes, secret }).at;
}

/** Waits for one packet. `limit` is in bytes. */
export function* receive(what: string, framing: Framing, limit: number): Dialog<Received> {
  const answer = yield { kind: 'receive', what, framing, limit };
  if (
    answer.kind === 'sent' ||
    answer.kind === 'paused' ||
    answer.kind === 'secured' ||
    answer.kind === 'tls-failed'
  ) {
    throw new TypeError(`the driver answered a receive with ${answer.kind}`);
  }
  return answer;
}

/** Starts TLS. No certificate is rejected: it is evidence, and judged elsewhere. */
export function* startTls(what: string): Dialog<Secured> {
  const answer = yield { kind: 'start-tls', what };
  if (answer.kind === 'sent' || answer.kind === 'paused' || answer.kind === 'received') {
    throw new TypeError(`the driver answered a start-tls with ${answer.kind}`);
  }
  return answer;
}

/** Lets time pass, shorter where the driver's is up. For waiting until a service has started, never for guessing. */
export function* pause(what: string, millis: number): Dialog<void> {
  yield { kind: 'pause', what, millis };
}
