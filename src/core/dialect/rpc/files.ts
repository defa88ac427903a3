import { filetimeToUnixMillis } from '../../bytes/filetime.ts';
import { concat } from '../../bytes/writer.ts';
import type { Dialog } from '../../protocol/dialog.ts';
import { openFile, type SmbFile } from '../../protocol/smb2/file.ts';
import type { SmbSession, SmbTree } from '../../protocol/smb2/session.ts';
import { sideBySide } from '../../protocol/smb2/side-by-side.ts';
import type { Answer, PlaceQuestion } from '../../windows/inquiry.ts';
import { absent, ofFailure, present, type Refused, refused, unknown } from './refusals.ts';

/** Questions for files. */
export type FileQuestion = Extract<PlaceQuestion, { readonly kind: 'file' | 'content' | 'folder' }>;

/** ADMIN$ is %SystemRoot%, whatever it is called. */
const SHARE = 'ADMIN$';
const ROOT = /^\\Windows\\/i;

/** One call of `SmbFile.read` takes no more. */
const MOST_AT_ONCE = 1 << 20;

/** Year 10000: ISO 8601 has four digits for a year. */
const END_OF_CALENDAR = Date.UTC(10_000, 0);

/** Files below the Windows folder, by the share that administrators have for it. */
export class RemoteFiles {
  readonly #session: SmbSession;
  #tree: SmbTree | Refused | undefined;

  constructor(session: SmbSession) {
    this.#session = session;
  }

  /** Why the share is not there for us, once it was asked for. */
  get refusal(): Refused | undefined {
    return this.#tree?.kind === 'refused' ? this.#tree : undefined;
  }

  /** Two round trips, and the first time one more. */
  *answer(questions: readonly FileQuestion[]): Dialog<readonly Answer[]> {
    const tree = questions.some(isBelowWindows) ? yield* this.connect() : undefined;
    return yield* sideBySide(questions.map((question) => answerFile(tree, question)));
  }

  /** Connects to the share, ahead of the first question or with it. */
  *connect(): Dialog<SmbTree | Refused> {
    if (this.#tree === undefined) {
      const connected = yield* this.#session.connectShare(SHARE);
      this.#tree = connected.kind === 'tree' ? connected : ofFailure(connected);
    }
    return this.#tree;
  }
}

function isBelowWindows({ kind, path }: FileQuestion): boolean {
  return kind !== 'folder' && ROOT.test(path);
}

function* answerFile(tree: SmbTree | Refused | undefined, question: FileQuestion): Dialog<Answer> {
  const { path } = question;
  if (question.kind === 'folder') {
    return unknown(path, refused('no-channel', 'folders are not listed over RPC'));
  }
  if (tree === undefined || !isBelowWindows(question)) {
    return unknown(
      path,
      refused('no-channel', `over RPC only files below \\Windows are read, through ${SHARE}`),
    );
  }
  const at = `${SHARE}\\${path.replace(ROOT, '')}`;
  if (tree.kind === 'refused') return unknown(at, { ...tree, why: tree.why, detail: tree.detail });
  const file = yield* openFile(tree, path.replace(ROOT, ''));
  if (file.kind === 'failed') return file.reason === 'not-found' ? absent(at) : unknown(at, ofFailure(file));
  if (question.kind === 'content') return yield* contentOf(at, file, question.limit);
  const millis = filetimeToUnixMillis(file.lastWriteTime);
  const modifiedAt = new Date(millis < END_OF_CALENDAR && millis >= 0 ? millis : 0).toISOString();
  return present(at, { kind: 'file', file: { size: file.size, modifiedAt } });
}

function* contentOf(at: string, file: SmbFile, limit: number): Dialog<Answer> {
  const wanted = Math.min(file.size, limit);
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < wanted; offset += MOST_AT_ONCE) {
    const read = yield* file.read([{ offset, length: Math.min(MOST_AT_ONCE, wanted - offset) }]);
    if (read.kind === 'failed') return unknown(at, ofFailure(read));
    parts.push(...read.parts);
  }
  return present(at, { kind: 'content', bytes: concat(...parts) });
}
