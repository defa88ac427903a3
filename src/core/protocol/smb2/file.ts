import { tryDecode } from '../../bytes/decode-error.ts';
import { concat } from '../../bytes/writer.ts';
import type { Dialog } from '../dialog.ts';
import { ACCESS, type CreateResponse, encodeClose, OPTION, SHARE } from './create.ts';
import { createOn } from './create-on.ts';
import { failed, type SmbFailure, statusFailure } from './failure.ts';
import { SMB2_COMMAND } from './header.ts';
import { decodeReadResponse, encodeRead } from './read-write.ts';
import type { SmbTree } from './session.ts';
import { sideBySide } from './side-by-side.ts';
import { NT_STATUS } from './status.ts';

/** Bytes that one call reads at most: the resources of a program are far smaller, and a program is never read whole. */
const READ_LIMIT = 1 << 20;

export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Opens a file for reading, shared with everybody: one round trip. Its size comes with the answer.
 * @param path below the share, with backslashes: `System32\drivers\ksecdd.sys`
 */
export function* openFile(tree: SmbTree, path: string): Dialog<SmbFile | SmbFailure> {
  const created = yield* createOn(tree, `opening ${path} on ${tree.share}`, {
    name: path,
    desiredAccess: ACCESS.READ_DATA | ACCESS.READ_ATTRIBUTES,
    shareAccess: SHARE.READ | SHARE.WRITE | SHARE.DELETE,
    options: OPTION.NON_DIRECTORY_FILE,
  });
  return 'kind' in created ? created : new SmbFile(tree, path, created);
}

export type ReadAnswer = { readonly kind: 'read'; readonly parts: readonly Uint8Array[] } | SmbFailure;

/** A file that is open for reading. */
export class SmbFile {
  readonly kind = 'file';
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** FILETIME. */
  readonly lastWriteTime: bigint;
  readonly #tree: SmbTree;
  readonly #created: CreateResponse;

  constructor(tree: SmbTree, path: string, created: CreateResponse) {
    this.#tree = tree;
    this.path = path;
    this.#created = created;
    this.size = created.size;
    this.lastWriteTime = created.lastWriteTime;
  }

  /** Reads all ranges in one round trip, as far as credits go; a part is shorter where the file ends. */
  *read(ranges: readonly FileRange[]): Dialog<ReadAnswer> {
    const total = ranges.reduce((sum, { length }) => sum + length, 0);
    if (!(total <= READ_LIMIT))
      throw new RangeError(`one call reads ${READ_LIMIT} bytes at most, not ${total}`);
    const answers = yield* sideBySide(ranges.map((range) => this.#readRange(range)));
    const parts: Uint8Array[] = [];
    for (const answer of answers) {
      if ('kind' in answer) return answer;
      parts.push(answer);
    }
    return { kind: 'read', parts };
  }

  /** CLOSE: one round trip. A file that is not closed ends with the connection. */
  *close(): Dialog<SmbFailure | undefined> {
    const reply = yield* this.#tree.session.connection.call({
      what: `CLOSE ${this.path}`,
      command: SMB2_COMMAND.CLOSE,
      body: encodeClose(this.#created.fileId),
      treeId: this.#tree.treeId,
    });
    if (reply.kind === 'failed') return reply;
    const { status } = reply.header;
    return status === 0 ? undefined : statusFailure(status, `closing ${this.path}`);
  }

  *#readRange({ offset, length }: FileRange): Dialog<Uint8Array | SmbFailure> {
    const { maxTransmit } = this.#tree.session.agreement;
    const pieces: FileRange[] = [];
    for (let at = 0; at < length; at += maxTransmit) {
      pieces.push({ offset: offset + at, length: Math.min(maxTransmit, length - at) });
    }
    const answers = yield* sideBySide(pieces.map((piece) => this.#readPiece(piece)));
    const parts: Uint8Array[] = [];
    for (const [index, answer] of answers.entries()) {
      if ('kind' in answer) return answer;
      parts.push(answer);
      // What comes after a short piece lies beyond the end.
      if (answer.length < (pieces[index]?.length ?? 0)) break;
    }
    return concat(...parts);
  }

  *#readPiece({ offset, length }: FileRange): Dialog<Uint8Array | SmbFailure> {
    const { connection } = this.#tree.session;
    const reply = yield* connection.call({
      what: `READ ${this.path}`,
      command: SMB2_COMMAND.READ,
      body: encodeRead(this.#created.fileId, length, offset),
      treeId: this.#tree.treeId,
    });
    if (reply.kind === 'failed') return reply;
    const { status } = reply.header;
    if (status === NT_STATUS.END_OF_FILE) return new Uint8Array(0);
    if (status !== 0) return statusFailure(status, `reading ${this.path}`);
    const data = tryDecode(() => decodeReadResponse(reply.bytes));
    if (!data.ok) return connection.breakOff(failed('foreign', data.error.message));
    if (!(data.value.length <= length)) {
      return connection.breakOff(
        failed('foreign', `${data.value.length} bytes of ${this.path} came where ${length} were asked for`),
      );
    }
    return data.value;
  }
}
