import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../app/ports/clock.ts';
import type {
  ConnectResult,
  Conversation,
  ConverseOptions,
  Endpoint,
  Network,
} from '../../app/ports/network.ts';
import { unreachable } from '../../core/bytes/unreachable.ts';
import type { Dialog, DialogAnswer, DialogRequest, Received } from '../../core/protocol/dialog.ts';
import { ByteStream } from './byte-stream.ts';
import { lackBeforehand, lackOf } from './local-lack.ts';
import { resolveHost } from './resolve.ts';
import { Slots } from './slots.ts';
import { startTlsOn, type TlsStart } from './tls-client.ts';
import { noTranscript, type Transcript, transcribe } from './transcript.ts';

/**
 * Connections that this process has open at a time, whoever asks for them: many systems give a process 1,024
 * files, and macOS 256.
 */
const MOST_CONNECTIONS = 200;
const CONNECTIONS = new Slots(MOST_CONNECTIONS);

/** Performs dialogs on TCP sockets, and writes down every byte where a transcript is kept. */
export function createNetwork(
  clock: Clock,
  transcript: Transcript = noTranscript,
  slots: Slots = CONNECTIONS,
): Network {
  let connections = 0;
  return {
    resolve: (host, deadline) => resolveHost(host, deadline - clock.monotonic()),
    async converse<T>(
      endpoint: Endpoint,
      dialog: Dialog<T>,
      options: ConverseOptions,
    ): Promise<Conversation<T>> {
      connections += 1;
      const connection = connections;
      const record = (
        event: 'connect' | 'send' | 'receive' | 'start-tls' | 'end',
        what: string,
        bytes?: string,
      ): void => {
        const at = new Date(clock.now()).toISOString();
        transcript.record(
          bytes === undefined ? { at, connection, event, what } : { at, connection, event, what, bytes },
        );
      };
      const left = (): number => options.deadline - clock.monotonic();

      const hasSlot = await slots.enter(left());
      const opened = hasSlot ? await openSocket(endpoint, left(), clock) : NO_SOCKET;
      if (opened.socket !== undefined) opened.socket.once('close', () => slots.leave());
      else if (hasSlot) slots.leave();
      record(
        'connect',
        `${options.label}: ${endpoint.address} port ${endpoint.port} ${opened.connect.state}`,
      );
      options.opened?.(opened.connect);
      if (opened.socket === undefined) {
        options.answered?.(false);
        return { connect: opened.connect };
      }
      const line = new Line(opened.socket, endpoint, clock, left, record);
      let first = true;
      try {
        let step = dialog.next();
        while (!step.done) {
          const request = step.value;
          const answer = await line.perform(request);
          if (first && request.kind === 'receive') {
            first = false;
            options.answered?.(answer.kind === 'received' || answer.kind === 'foreign');
          }
          step = dialog.next(answer);
        }
        return { connect: opened.connect, result: step.value };
      } finally {
        if (first) options.answered?.(false);
        line.end();
        record('end', options.label);
      }
    },
  };
}

/** One open connection, clear or inside TLS, that performs requests one after the other. */
class Line {
  readonly #raw: Socket;
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #left: () => number;
  readonly #record: (event: 'send' | 'receive' | 'start-tls', what: string, bytes?: string) => void;
  readonly #stream: ByteStream;
  #socket: Socket;

  constructor(
    raw: Socket,
    endpoint: Endpoint,
    clock: Clock,
    left: () => number,
    record: (event: 'send' | 'receive' | 'start-tls', what: string, bytes?: string) => void,
  ) {
    this.#raw = raw;
    this.#socket = raw;
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#left = left;
    this.#record = record;
    this.#stream = new ByteStream(raw, () => clock.now());
  }

  async perform(request: DialogRequest): Promise<DialogAnswer> {
    switch (request.kind) {
      case 'send': {
        const isOpen = this.#socket.writable;
        const what = isOpen ? request.what : `${request.what}: not sent, the connection had ended`;
        this.#record('send', what, transcribe(request.bytes, request.secret));
        if (isOpen) this.#socket.write(request.bytes);
        return { kind: 'sent', at: this.#clock.now() };
      }
      case 'receive': {
        const answer = await this.#stream.read(request.framing, request.limit, this.#left);
        this.#record('receive', describe(request.what, answer), transcribe(bytesOf(answer)));
        return answer;
      }
      case 'start-tls':
        return this.#startTls(request.what);
      case 'pause':
        await sleep(Math.max(0, Math.min(request.millis, this.#left())));
        return { kind: 'paused', at: this.#clock.now() };
      default:
        return unreachable(request);
    }
  }

  async #startTls(what: string): Promise<DialogAnswer> {
    const { answer, socket } = await this.#secure();
    this.#record(
      'start-tls',
      answer.kind === 'secured'
        ? `${what}: TLS ${answer.version} ${answer.cipher}; what follows is inside TLS`
        : `${what}: ${answer.kind}`,
    );
    if (socket !== undefined) {
      this.#socket = socket;
      this.#stream.moveTo(socket);
    }
    return answer;
  }

  async #secure(): Promise<TlsStart> {
    const at = this.#clock.now();
    const partial = new Uint8Array(0);
    const ended = this.#stream.ended;
    if (ended !== undefined) return { answer: { kind: 'closed', how: ended, partial, at } };
    const left = this.#left();
    if (left <= 0) return { answer: { kind: 'timeout', partial, at } };
    const unread = this.#stream.release();
    if (unread.length > 0) this.#raw.unshift(unread);
    return startTlsOn(this.#raw, this.#endpoint.serverName, left, () => this.#clock.now());
  }

  end(): void {
    if (this.#socket !== this.#raw) this.#socket.destroy();
    this.#raw.destroy();
  }
}

interface Opened {
  readonly connect: ConnectResult;
  readonly socket?: Socket;
}

const NO_SOCKET: Opened = { connect: { state: 'unreachable', millis: 0, lacks: 'socket' } };

function openSocket(endpoint: Endpoint, left: number, clock: Clock): Promise<Opened> {
  const started = clock.monotonic();
  const lacks = lackBeforehand(endpoint.address);
  if (lacks !== undefined) {
    return Promise.resolve({ connect: { state: 'unreachable', millis: clock.monotonic() - started, lacks } });
  }
  return new Promise((resolve) => {
    const socket = connect({ host: endpoint.address, port: endpoint.port, noDelay: true });
    // A socket may fail between two requests as well, when nobody waits: that must not end the process.
    socket.on('error', () => undefined);
    const settle = (state: ConnectResult['state'], lacks?: ConnectResult['lacks']): void => {
      clearTimeout(timer);
      socket.off('error', onError);
      const millis = clock.monotonic() - started;
      const result: ConnectResult = lacks === undefined ? { state, millis } : { state, millis, lacks };
      if (state === 'open') {
        resolve({ connect: result, socket });
      } else {
        socket.destroy();
        resolve({ connect: result });
      }
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      settle(stateOf(error.code), lackOf(error.code, endpoint.address));
    };
    const timer = setTimeout(() => settle('timeout'), Math.max(1, left));
    socket.on('error', onError);
    socket.once('connect', () => settle('open'));
  });
}

function stateOf(code: string | undefined): ConnectResult['state'] {
  // A SYN is refused, never reset: this one was answered, and the connection cut off at once.
  if (code === 'ECONNRESET') return 'open';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ETIMEDOUT') return 'timeout';
  return 'unreachable';
}

function describe(what: string, answer: Received): string {
  switch (answer.kind) {
    case 'received':
      return what;
    case 'closed':
      return `${what}: closed (${answer.how})`;
    case 'timeout':
      return `${what}: nothing in time`;
    case 'foreign':
      return `${what}: ${answer.problem}`;
    case 'too-long':
      return `${what}: announced ${answer.announced} bytes, the limit is ${answer.limit}`;
    default:
      return unreachable(answer);
  }
}

function bytesOf(answer: Received): Uint8Array {
  return answer.kind === 'received' ? answer.bytes : answer.partial;
}
