import { tryDecode } from '../../bytes/decode-error.ts';
import type { Dialog } from '../dialog.ts';
import type { PduTransport, TransportAnswer, TransportDone } from '../rpc/pdu-transport.ts';
import type { Smb2Reply } from './connection.ts';
import { ACCESS, encodeClose, type FileId, SHARE } from './create.ts';
import { createOn } from './create-on.ts';
import { failed, type SmbFailure, statusFailure } from './failure.ts';
import { SMB2_COMMAND } from './header.ts';
import { decodeIoctlResponse, encodeIoctl, FSCTL } from './ioctl.ts';
import { decodeReadResponse, decodeWriteResponse, encodeRead, encodeWrite } from './read-write.ts';
import type { SmbTree } from './session.ts';
import { NT_STATUS } from './status.ts';

/** What a client of an RPC pipe asks for: Windows' own clients and Samba's do the same. */
const PIPE_ACCESS =
  ACCESS.READ_DATA |
  ACCESS.WRITE_DATA |
  ACCESS.APPEND_DATA |
  ACCESS.READ_EA |
  ACCESS.WRITE_EA |
  ACCESS.READ_ATTRIBUTES |
  ACCESS.WRITE_ATTRIBUTES |
  ACCESS.READ_CONTROL;

/** Writes whose answers were not waited for: those of all calls in flight, of which a few have several fragments. */
const UNANSWERED_LIMIT = 512;
/** READs that wait at a server at a time: as many as calls in flight make sense on one pipe. */
const READ_AHEAD_LIMIT = 256;

/**
 * Opens a named pipe on IPC$: one round trip. `not-found` and `pipe-not-available` may pass when its
 * service starts: the caller tries again, on the same tree.
 * @param name `winreg`, without a backslash
 */
export function* openPipe(tree: SmbTree, name: string): Dialog<SmbPipe | SmbFailure> {
  const created = yield* createOn(tree, `opening the pipe ${name}`, {
    name,
    desiredAccess: PIPE_ACCESS,
    shareAccess: SHARE.READ | SHARE.WRITE,
  });
  return 'kind' in created ? created : new SmbPipe(tree, name, created.fileId);
}

/** An open named pipe in message mode. */
export class SmbPipe implements PduTransport {
  readonly kind = 'pipe';
  readonly name: string;
  readonly maxTransmit: number;
  readonly #tree: SmbTree;
  readonly #fileId: FileId;
  /** WRITEs that went out and whose answers are still to come. */
  #unanswered: bigint[] = [];
  /** READs that went out, in the order in which messages come to them. */
  #reads: readonly bigint[] = [];

  constructor(tree: SmbTree, name: string, fileId: FileId) {
    this.#tree = tree;
    this.name = name;
    this.#fileId = fileId;
    this.maxTransmit = tree.session.agreement.maxTransmit;
  }

  /** FSCTL_PIPE_TRANSCEIVE: one round trip. What is longer than `maxTransmit` comes by `read`. */
  *transact(what: string, pdu: Uint8Array, secret = false): Dialog<TransportAnswer> {
    this.#expectFits(pdu);
    // A READ that still waits at the server would be given what this one asks for.
    if (this.#reads.length > 0) {
      const done = yield* this.write(what, pdu, secret);
      return done.kind === 'failed' ? done : yield* this.read(what);
    }
    const reply = yield* this.#ask(
      `IOCTL ${this.name}: ${what}`,
      SMB2_COMMAND.IOCTL,
      encodeIoctl(FSCTL.PIPE_TRANSCEIVE, this.#fileId, pdu, this.maxTransmit),
      secret,
    );
    return this.#bytesOf(reply, what, decodeIoctlResponse);
  }

  /** WRITE, without waiting: what the server says to it comes with the next answer. No round trip. */
  *write(what: string, pdu: Uint8Array, secret = false): Dialog<TransportDone> {
    this.#expectFits(pdu);
    if (this.#unanswered.length >= UNANSWERED_LIMIT) {
      const failure = yield* this.#settle();
      if (failure) return failure;
    }
    const id = yield* this.#post(
      `WRITE ${this.name}: ${what}`,
      SMB2_COMMAND.WRITE,
      encodeWrite(this.#fileId, pdu),
      secret,
    );
    if (typeof id !== 'bigint') return id;
    this.#unanswered.push(id);
    return { kind: 'done' };
  }

  /**
   * READ: one round trip, and the server keeps it until there is something. So many as are `expected` are
   * asked for at once; the others wait on the way until their turn comes.
   */
  *read(what: string, expected = 1): Dialog<TransportAnswer> {
    const asked = yield* this.expect(what, Math.max(1, expected));
    if (asked.kind === 'failed') return asked;
    const [next, ...later] = this.#reads;
    if (next === undefined) throw new TypeError('a read was posted and is not there');
    this.#reads = later;
    return this.#bytesOf(yield* this.#replyTo(next), what, decodeReadResponse);
  }

  /** READs ahead of `read`, without waiting. */
  *expect(what: string, count: number): Dialog<TransportDone> {
    const wanted = Math.min(count, READ_AHEAD_LIMIT);
    while (this.#reads.length < wanted) {
      const id = yield* this.#post(
        `READ ${this.name}: ${what}`,
        SMB2_COMMAND.READ,
        encodeRead(this.#fileId, this.maxTransmit, 0),
        false,
      );
      if (typeof id !== 'bigint') return id;
      this.#reads = [...this.#reads, id];
    }
    return { kind: 'done' };
  }

  /** CLOSE: one round trip. A pipe that is not closed ends with the connection. */
  *close(): Dialog<SmbFailure | undefined> {
    const reply = yield* this.#ask(
      `CLOSE ${this.name}`,
      SMB2_COMMAND.CLOSE,
      encodeClose(this.#fileId),
      false,
    );
    if (reply.kind === 'failed') return reply;
    const { status } = reply.header;
    return status === 0 ? undefined : statusFailure(status, `closing the pipe ${this.name}`);
  }

  *#ask(what: string, command: number, body: Uint8Array, secret: boolean): Dialog<Smb2Reply | SmbFailure> {
    const id = yield* this.#post(what, command, body, secret);
    return typeof id === 'bigint' ? yield* this.#replyTo(id) : id;
  }

  #post(what: string, command: number, body: Uint8Array, secret: boolean): Dialog<bigint | SmbFailure> {
    const { session, treeId } = this.#tree;
    return session.connection.post({ what, command, body, treeId, secret });
  }

  /** Takes the answers to earlier writes that come on the way: the first of them that failed is the answer. */
  *#replyTo(id: bigint): Dialog<Smb2Reply | SmbFailure> {
    const { connection } = this.#tree.session;
    for (;;) {
      const before = this.#takeWritten();
      if (before) return before;
      const reply = connection.take(id);
      if (reply) return reply;
      const broken = yield* connection.pump();
      if (broken) return broken;
    }
  }

  /** The first of the writes answered by now that failed. Those still on their way are not waited for: that would cost a round trip a call. */
  #takeWritten(): SmbFailure | undefined {
    let first: SmbFailure | undefined;
    this.#unanswered = this.#unanswered.filter((id) => {
      const reply = this.#tree.session.connection.take(id);
      if (reply) first ??= this.#problemOfWrite(reply);
      return reply === undefined;
    });
    return first;
  }

  *#settle(): Dialog<SmbFailure | undefined> {
    const ids = this.#unanswered;
    this.#unanswered = [];
    let first: SmbFailure | undefined;
    for (const id of ids) {
      const reply = yield* this.#tree.session.connection.reply(id);
      if (reply.kind === 'failed') first ??= reply;
      else first ??= this.#problemOfWrite(reply);
    }
    return first;
  }

  #problemOfWrite(reply: Smb2Reply): SmbFailure | undefined {
    const { status } = reply.header;
    if (status !== 0) return statusFailure(status, `writing to the pipe ${this.name}`);
    const taken = tryDecode(() => decodeWriteResponse(reply.bytes));
    return taken.ok ? undefined : this.#breakOff(taken.error.message);
  }

  #bytesOf(
    reply: Smb2Reply | SmbFailure,
    what: string,
    decode: (message: Uint8Array) => Uint8Array,
  ): TransportAnswer {
    if (reply.kind === 'failed') return reply;
    const { status } = reply.header;
    // BUFFER_OVERFLOW: the message is longer than asked for, and the rest waits in the pipe.
    if (status !== 0 && status !== NT_STATUS.BUFFER_OVERFLOW)
      return statusFailure(status, `${what} on the pipe ${this.name}`);
    const bytes = tryDecode(() => decode(reply.bytes));
    if (!bytes.ok) return this.#breakOff(bytes.error.message);
    if (!(bytes.value.length <= this.maxTransmit))
      return this.#breakOff(`${bytes.value.length} bytes came where ${this.maxTransmit} were asked for`);
    return { kind: 'bytes', bytes: bytes.value };
  }

  #breakOff(problem: string): SmbFailure {
    return this.#tree.session.connection.breakOff(failed('foreign', problem));
  }

  #expectFits(pdu: Uint8Array): void {
    if (!(pdu.length <= this.maxTransmit))
      throw new RangeError(`a message carries ${this.maxTransmit} bytes, not ${pdu.length}`);
  }
}
