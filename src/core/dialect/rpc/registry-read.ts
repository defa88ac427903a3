import { decodeValue } from '../../bytes/registry-data.ts';
import type { Dialog } from '../../protocol/dialog.ts';
import { type CallAnswer, prepare, type RpcAssociation } from '../../protocol/rpc/association.ts';
import type { Returned } from '../../protocol/rpc/operation.ts';
import {
  enumKey,
  enumValue,
  type KeyInfo,
  type MoreData,
  queryInfoKey,
  queryValue,
  type RegistryData,
} from '../../protocol/rpc/winreg.ts';
import { type KeyHandle, REG_STATUS } from '../../protocol/rpc/winreg-interface.ts';
import type { Answer, RegistryValue } from '../../windows/inquiry.ts';
import { placeOf } from '../../windows/question-place.ts';
import { type Job, job, runJobs } from './jobs.ts';
import { absent, ofCall, present, refused, unknown } from './refusals.ts';
import { ofStatus, type RegistryQuestion } from './registry-question.ts';

/** Bytes of data that are offered room for at first: a certificate with its properties, a list of cipher suites. */
const FIRST_ROOM = 8 * 1024;
/** The largest value that is taken at all. */
const MOST_ROOM = 1024 * 1024;
/** A key with more values than this has been tampered with; FirewallRules of a busy server has a thousand. */
const MOST_VALUES = 10_000;
/** Component Based Servicing has some ten thousand packages. */
const MOST_SUBKEYS = 30_000;
/** Names of values end at 16,383 characters, those of keys at 255 ("Registry Element Size Limits"). */
const MOST_NAME = 16_384;

const CHANGED = 'it changed while it was listed';

interface Asked {
  readonly question: RegistryQuestion;
  /** Where its answer goes. */
  readonly index: number;
  readonly key: KeyHandle;
}

/** Reads from open keys: one round trip for values, two for lists. */
export function* readKeys(
  association: RpcAssociation,
  asked: readonly Asked[],
  give: (index: number, answer: Answer) => void,
): Dialog<void> {
  const again: Job[] = [];
  const lists: Job[] = [];
  const ends: (() => void)[] = [];
  const jobs = asked.map(({ question, index, key }) => {
    const at = placeOf(question);
    if (question.kind === 'value') {
      const { name } = question;
      return job(prepare(queryValue, { key, name, room: FIRST_ROOM }), (answer) => {
        const needed = moreIn(answer);
        if (needed === undefined) return give(index, valueIn(at, name, answer));
        again.push(
          job(prepare(queryValue, { key, name, room: Math.min(needed, MOST_ROOM) }), (second) =>
            give(index, valueIn(at, name, second)),
          ),
        );
      });
    }
    return job(prepare(queryInfoKey, { key }), (answer) => {
      if (answer.kind !== 'answered') return give(index, unknown(at, ofCall(`reading ${at}`, answer)));
      if (answer.value.kind !== 'ok') return give(index, ofKeyStatus(at, answer.value.status));
      const list = question.kind === 'values' ? valuesOf : subkeysOf;
      const { jobs, end } = list(at, key, answer.value.value);
      lists.push(...jobs);
      ends.push(() => give(index, end()));
    });
  });
  yield* runJobs(association, jobs);
  yield* runJobs(association, [...again, ...lists]);
  for (const end of ends) end();
}

interface Listing {
  readonly jobs: readonly Job[];
  /** The answer, once the jobs are done. */
  readonly end: () => Answer;
}

function valuesOf(at: string, key: KeyHandle, info: KeyInfo): Listing {
  const values: RegistryValue[] = [];
  let incomplete: string | undefined;
  const lack = (why: string): void => {
    incomplete ??= why;
  };
  const count = Math.min(info.values, MOST_VALUES);
  if (count < info.values) lack(`only the first ${MOST_VALUES} of ${info.values} values were read`);
  const room = Math.min(MOST_ROOM, Math.max(info.longestValue, 16));
  const nameRoom = Math.min(MOST_NAME, info.longestValueName + 2);
  const jobs = numbers(count).map((position) =>
    job(prepare(enumValue, { key, index: position, nameRoom, room }), (answer) => {
      if (answer.kind !== 'answered') return lack(ofCall('listing values', answer).detail);
      const { value } = answer;
      if (value.kind === 'ok') return void values.push(decoded(value.value.name, value.value));
      if (value.kind === 'more-data') return lack('a value changed or is too long');
      // Fewer than there were a moment ago: behind the one that was taken away all moved up, and one was passed over.
      if (value.status === REG_STATUS.ERROR_NO_MORE_ITEMS) return lack(CHANGED);
      lack(`listing values: error ${value.status}`);
    }),
  );
  return {
    jobs,
    end: () => present(at, { kind: 'values', values, ...(incomplete === undefined ? {} : { incomplete }) }),
  };
}

function subkeysOf(at: string, key: KeyHandle, info: KeyInfo): Listing {
  const names: string[] = [];
  let lacks: Answer | undefined;
  if (info.subkeys > MOST_SUBKEYS)
    lacks = unknown(at, refused('corrupt', `${info.subkeys} subkeys are more than are read`));
  const nameRoom = Math.min(MOST_NAME, info.longestSubkeyName + 2);
  const count = lacks === undefined ? info.subkeys : 0;
  const jobs = numbers(count).map((position) =>
    job(prepare(enumKey, { key, index: position, nameRoom }), (answer) => {
      if (answer.kind !== 'answered') lacks ??= unknown(at, ofCall(`listing ${at}`, answer));
      else if (answer.value.kind === 'ok') names.push(answer.value.value.name);
      else if (answer.value.status === REG_STATUS.ERROR_NO_MORE_ITEMS)
        lacks ??= unknown(at, refused('corrupt', `${at}: ${CHANGED}`));
      else lacks ??= ofKeyStatus(at, answer.value.status);
    }),
  );
  return { jobs, end: () => lacks ?? present(at, { kind: 'names', names }) };
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** How much room the value needs that did not fit. */
function moreIn(answer: CallAnswer<Returned<RegistryData> | MoreData>): number | undefined {
  const more = answer.kind === 'answered' && answer.value.kind === 'more-data' ? answer.value : undefined;
  // A server that says nothing of the size is given all the room there is.
  return more && (more.needed > FIRST_ROOM ? more.needed : MOST_ROOM);
}

function valueIn(at: string, name: string, answer: CallAnswer<Returned<RegistryData> | MoreData>): Answer {
  if (answer.kind !== 'answered') return unknown(at, ofCall(`reading ${at}`, answer));
  const { value } = answer;
  if (value.kind === 'ok') return present(at, { kind: 'value', value: decoded(name, value.value) });
  if (value.kind === 'more-data')
    return unknown(at, refused('corrupt', `a value of more than ${MOST_ROOM} bytes`));
  return ofKeyStatus(at, value.status);
}

function decoded(name: string, { type, data }: RegistryData): RegistryValue {
  return { name, type, data: decodeValue({ type, data }) };
}

function ofKeyStatus(at: string, status: number): Answer {
  const said = ofStatus(at, status);
  return said.kind === 'absent' ? absent(at) : unknown(at, said);
}
