import type { Dialog } from '../../protocol/dialog.ts';
import { type CallAnswer, prepare, type RpcAssociation } from '../../protocol/rpc/association.ts';
import type { Returned } from '../../protocol/rpc/operation.ts';
import { openKey, openLocalMachine } from '../../protocol/rpc/winreg.ts';
import { type KeyHandle, REG_ACCESS, REG_OPTION, WINREG } from '../../protocol/rpc/winreg-interface.ts';
import type { Answer, HiveName } from '../../windows/inquiry.ts';
import { placeOf } from '../../windows/question-place.ts';
import { job, runJobs } from './jobs.ts';
import type { Pipes } from './pipes.ts';
import { absent, ofCall, type Refused, refused, unknown } from './refusals.ts';
import { ofStatus, type RegistryQuestion } from './registry-question.ts';
import { readKeys } from './registry-read.ts';

/** A key that was opened, or why not. */
export type OpenedKey =
  | { readonly kind: 'open'; readonly key: KeyHandle }
  | { readonly kind: 'absent' }
  | Refused;

/** The hives that nobody but the system may open, unless the caller's token has SeBackupPrivilege. */
const GUARDED: readonly HiveName[] = ['SECURITY', 'SAM'];

const ACCESS = REG_ACCESS.KEY_QUERY_VALUE | REG_ACCESS.KEY_ENUMERATE_SUB_KEYS;

/** The registry of the machine. Keys stay open: what is asked of one again costs one round trip. */
export class RemoteRegistry {
  readonly #pipes: Pipes;
  /** Handles are those of an association. */
  #association: RpcAssociation | undefined;
  #root: KeyHandle | Refused | undefined;
  #keys = new Map<string, OpenedKey>();
  /** KEY_WOW64_64KEY: whether it is asked for, and whether that was tried both ways. */
  #wow64 = { asked: true, isSettled: false };

  constructor(pipes: Pipes) {
    this.#pipes = pipes;
  }

  /**
   * Answers a batch: three round trips (keys; values and what keys have; lists), and for the first batch three
   * more for the pipe and the root.
   */
  *answer(questions: readonly RegistryQuestion[]): Dialog<readonly Answer[] | Refused> {
    if (questions.length === 0) return [];
    return yield* this.#pipes.use(WINREG, (association) => this.#answerOn(association, questions));
  }

  *#answerOn(
    association: RpcAssociation,
    questions: readonly RegistryQuestion[],
  ): Dialog<readonly Answer[] | Refused> {
    const root = yield* this.#rootOf(association);
    if ('kind' in root) return root;
    yield* this.#open(association, root, questions);
    const answers: Answer[] = questions.map((question) => unknown(placeOf(question), NOT_ANSWERED));
    const found = questions.flatMap((question, index) => {
      const key = this.#keyOf(question);
      if (key.kind === 'open') return [{ question, index, key: key.key }];
      answers[index] = key.kind === 'absent' ? absent(placeOf(question)) : unknown(placeOf(question), key);
      return [];
    });
    yield* readKeys(association, found, (index, answer) => {
      answers[index] = answer;
    });
    return answers;
  }

  *#rootOf(association: RpcAssociation): Dialog<KeyHandle | Refused> {
    if (this.#association !== association) {
      this.#association = association;
      this.#root = undefined;
      this.#keys = new Map();
    }
    if (this.#root === undefined) {
      const opened = keyIn(
        'HKEY_LOCAL_MACHINE',
        yield* association.call(openLocalMachine, { access: REG_ACCESS.MAXIMUM_ALLOWED }),
      );
      this.#root =
        opened.kind === 'open'
          ? opened.key
          : opened.kind === 'absent'
            ? refused('no-channel', 'the machine shows no HKEY_LOCAL_MACHINE')
            : opened;
    }
    return this.#root;
  }

  /** Opens what is not open yet, each key once, and the hives themselves with them: a missing hive is no missing key. */
  *#open(association: RpcAssociation, root: KeyHandle, questions: readonly RegistryQuestion[]): Dialog<void> {
    const wanted = new Map<string, { readonly path: string; readonly guarded: boolean }>();
    const want = (path: string, guarded: boolean): void => {
      if (!this.#keys.has(path.toLowerCase())) wanted.set(path.toLowerCase(), { path, guarded });
    };
    for (const { hive, key } of questions) {
      want(hive, GUARDED.includes(hive));
      want(`${hive}\\${key}`, GUARDED.includes(hive));
    }
    const round = function* (this: RemoteRegistry): Dialog<void> {
      const access = this.#wow64.asked ? ACCESS | REG_ACCESS.KEY_WOW64_64KEY : ACCESS;
      yield* runJobs(
        association,
        [...wanted].map(([id, { path, guarded }]) =>
          job(
            prepare(openKey, {
              key: root,
              path,
              options: guarded ? REG_OPTION.BACKUP_RESTORE : 0,
              access,
            }),
            (answer) => this.#keys.set(id, keyIn(path, answer)),
          ),
        ),
      );
    }.bind(this);
    yield* round();
    const refusedKeys = [...wanted].filter(([id, { guarded }]) => mayMind(this.#keys.get(id), guarded));
    if (this.#wow64.isSettled || refusedKeys.length === 0 || association.broken) return;
    // Who does not know the flag says that it is wrong, or takes it for a right that the account lacks (Samba).
    this.#wow64 = { asked: false, isSettled: true };
    wanted.clear();
    for (const [id, key] of refusedKeys) wanted.set(id, key);
    yield* round();
    const helped = refusedKeys.some(([id]) => this.#keys.get(id)?.kind !== 'refused');
    this.#wow64 = { asked: !helped, isSettled: true };
  }

  /** The key of a question; one below a hive that is not there or not open to us cannot be said to be absent. */
  #keyOf({ hive, key }: RegistryQuestion): OpenedKey {
    const ofHive = this.#keys.get(hive.toLowerCase()) ?? NOT_ANSWERED;
    const opened = this.#keys.get(`${hive}\\${key}`.toLowerCase()) ?? NOT_ANSWERED;
    if (opened.kind !== 'absent' || ofHive.kind === 'open') return opened;
    return ofHive.kind === 'absent'
      ? refused('no-channel', `HKLM\\${hive} cannot be seen through the remote registry of this machine`)
      : ofHive;
  }
}

/** Stands in where the association broke before the answer. */
const NOT_ANSWERED: Refused = refused('no-channel', 'the remote registry gave no answer');

function keyIn(path: string, answer: CallAnswer<Returned<KeyHandle>>): OpenedKey {
  if (answer.kind !== 'answered') return ofCall(`opening ${path}`, answer);
  const { value } = answer;
  return value.kind === 'ok' ? { kind: 'open', key: value.value } : ofStatus(path, value.status);
}

/** Whether the key may have been refused for how it was asked for. Guarded ones have a reason of their own. */
function mayMind(key: OpenedKey | undefined, guarded: boolean): boolean {
  return key?.kind === 'refused' && (key.status !== undefined || (key.why === 'denied' && !guarded));
}
