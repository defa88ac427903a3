import { fromBase64 } from '../../bytes/base64.ts';
import type { Answer, AnswerValue, Question } from '../../windows/inquiry.ts';
import type { AnswerSheet } from '../script/sheet.ts';
import { isoOf, type LineReader, unreadOf } from './line.ts';
import { bytesOf } from './read-keys.ts';

/** Lines of part-files.ts. */
export class FileReader implements LineReader {
  readonly #sheet: AnswerSheet;
  #folder: { readonly path: string; complete: boolean; readonly names: string[] } | undefined;

  constructor(sheet: AnswerSheet) {
    this.#sheet = sheet;
  }

  take(word: string, [path = '', ...said]: readonly string[]): void {
    switch (word) {
      case 'file':
        this.#note(path);
        this.#give({ kind: 'file', path }, said, ([size, time, security]) => {
          const modifiedAt = isoOf(time);
          if (!/^\d{1,15}$/.test(size ?? '') || modifiedAt === undefined) return undefined;
          const bytes = security === undefined ? undefined : fromBase64(security);
          const file = {
            size: Number(size),
            modifiedAt,
            ...(bytes === undefined ? {} : { security: bytes }),
          };
          return { kind: 'file', file };
        });
        return;
      case 'version':
        this.#give({ kind: 'file-version', path }, said, ([version]) =>
          /^\d{1,5}(?:\.\d{1,5}){3}$/.test(version ?? '') && version !== '0.0.0.0'
            ? { kind: 'version', version: version ?? '' }
            : undefined,
        );
        return;
      case 'content':
        this.#give({ kind: 'content', path, limit: 0 }, said, ([form, data]) => {
          const bytes = bytesOf(form, data ?? '');
          return bytes && { kind: 'content', bytes };
        });
        return;
      case 'folder':
        this.#give({ kind: 'folder', path }, said, (names) => ({ kind: 'names', names }));
        return;
      case 'failed':
        this.#cut();
        return;
      case 'listing':
        // Told for the second time, since it came to no end.
        if (said[0] !== 'present' && path === this.#folder?.path) this.#cut();
        this.end();
        if (said[0] === 'absent') this.#sheet.folder(path, { state: 'absent' });
        else if (said[0] === 'present') this.#folder = { path, complete: said[1] === 'all', names: [] };
    }
  }

  end(): void {
    if (this.#folder !== undefined) this.#sheet.folder(this.#folder.path, this.#folder);
    this.#folder = undefined;
  }

  /** Names are missing in the folder that is being listed. */
  #cut(): void {
    if (this.#folder !== undefined) this.#folder.complete = false;
  }

  #note(path: string): void {
    const folder = this.#folder;
    if (folder !== undefined && path.startsWith(`${folder.path}\\`)) {
      folder.names.push(path.slice(folder.path.length + 1));
    }
  }

  #give(
    question: Question & { readonly path: string },
    [state, ...said]: readonly string[],
    take: (said: readonly string[]) => AnswerValue | undefined,
  ): void {
    this.#sheet.give(question, answerOf(question.path, state, said, take));
  }
}

/** An answer out of what a line says behind its subject: a state, and what goes with it. */
export function answerOf(
  at: string,
  state: string | undefined,
  said: readonly string[],
  take: (said: readonly string[]) => AnswerValue | undefined,
): Answer {
  if (state === 'absent') return { state: 'absent', at };
  if (state !== 'present') return { ...unreadOf(['', ...said]), at };
  const value = take(said);
  return value === undefined
    ? {
        state: 'unknown',
        at,
        why: 'corrupt',
        detail: `${at} was told in a form that nothing can be read out of`,
      }
    : { state: 'present', at, value };
}
