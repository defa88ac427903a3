import { together } from '../../../core/bytes/batched.ts';
import { filetimeToIso } from '../../../core/bytes/filetime.ts';
import { CHUNK_SIZE } from '../../../core/formats/evtx/chunk-header.ts';
import {
  type EventAnswer,
  type EventRecordData,
  openLog,
  queryEvents,
} from '../../../core/formats/evtx/index.ts';
import { openFile } from '../../../core/formats/ntfs/file.ts';
import {
  type FoundFile,
  findFiles,
  type Lookup,
  listDirectory,
} from '../../../core/formats/ntfs/find-files.ts';
import { readSecurityDescriptor } from '../../../core/formats/ntfs/security.ts';
import type { Volume } from '../../../core/formats/ntfs/volume.ts';
import {
  decodeValue,
  type LookUp,
  lookUp,
  type Answer as RegistryAnswer,
  readKey,
  readValues,
  type TypedData,
} from '../../../core/formats/regf/index.ts';
import { type Range, type ReadResult, readAt, type Walker } from '../../../core/formats/walker.ts';
import type {
  Answer,
  AnswerValue,
  EventRecord,
  HiveName,
  Inquiry,
  PlaceQuestion,
  RegistryValue,
} from '../../../core/windows/inquiry.ts';
import { LOGON_FAILED, LOGON_SUCCEEDED, LogonCounter } from '../../../core/windows/logon-tally.ts';
import { throughRegistry } from '../../../core/windows/through-registry.ts';
import type { OfflineRegistry } from './offline-windows.ts';

type Ask<K extends PlaceQuestion['kind']> = Extract<PlaceQuestion, { readonly kind: K }>;

/** What answers: hives, and the volume with the files where there is one. */
export interface OfflineMachine extends OfflineRegistry {
  readonly volume?: Volume;
}

/** A key with more values than this has been tampered with; FirewallRules of a busy server has a thousand. */
const MOST_VALUES_BYTES = 8 * 1024 * 1024;

/** Of the values of one batch: settings, names and certificates, of which a whole batch has some kilobytes. */
const MOST_DATA_BYTES = 2 * 1024 * 1024;

/** Lets a Windows on a disk answer an inquiry: the same program that a live machine would answer. */
export function* inquireOffline<T>(windows: OfflineMachine, inquiry: Inquiry<T>): Walker<T> {
  const places = throughRegistry(inquiry);
  let step = places.next();
  while (!step.done) step = places.next(yield* answerAll(windows, step.value));
  return step.value;
}

/** Answers a batch. Questions of a kind are read together, and the kinds side by side. */
export function* answerAll(
  windows: OfflineMachine,
  questions: readonly PlaceQuestion[],
): Walker<readonly Answer[]> {
  const answers: Answer[] = questions.map((question) => unknown(describe(question), 'not-gathered'));
  const give = (index: number, answer: Answer): void => {
    answers[index] = answer;
  };
  const of = <K extends PlaceQuestion['kind']>(kind: K): readonly (readonly [number, Ask<K>])[] =>
    questions.flatMap((question, index) => (isOf(question, kind) ? [[index, question] as const] : []));
  yield* together<Range, ReadResult, void>([
    ...HIVES.map((hive) =>
      answerValues(
        windows,
        hive,
        of('value').filter(([, { hive: of }]) => of === hive),
        give,
      ),
    ),
    ...of('values').map(([index, question]) => answerKey(windows, question, (answer) => give(index, answer))),
    ...of('subkeys').map(([index, question]) =>
      answerSubkeys(windows, question, (answer) => give(index, answer)),
    ),
    ...of('folder').map(([index, question]) =>
      answerFolder(windows, question, (answer) => give(index, answer)),
    ),
    answerFiles(windows, [...of('file'), ...of('content'), ...of('events'), ...of('logons')], give),
  ]);
  return answers;
}

const HIVES: readonly HiveName[] = ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM'];

function isOf<K extends PlaceQuestion['kind']>(question: PlaceQuestion, kind: K): question is Ask<K> {
  return question.kind === kind;
}

function* answerValues(
  windows: OfflineMachine,
  hiveName: HiveName,
  asked: readonly (readonly [number, Ask<'value'>])[],
  give: (index: number, answer: Answer) => void,
): Walker<void> {
  if (asked.length === 0) return;
  const hive = windows.hives[hiveName];
  const places = asked.map(([, { key, name }]) => `${hiveName}\\${resolve(windows, hiveName, key)}!${name}`);
  if (!hive.ok) {
    for (const [at, [index]] of asked.entries())
      give(index, unknown(places[at] ?? '', 'corrupt', hive.problem));
    return;
  }
  const requests = asked.map(
    ([, { key, name }]): LookUp => ({ path: resolve(windows, hiveName, key), name }),
  );
  const { answers } = yield* lookUp(hive.hive, requests, { dataBytes: MOST_DATA_BYTES });
  for (const [at, [index]] of asked.entries()) give(index, valueAnswer(places[at] ?? '', answers[at]));
}

function valueAnswer(at: string, answer: RegistryAnswer | undefined): Answer {
  switch (answer?.kind) {
    case 'value':
      return present(at, { kind: 'value', value: registryValue(answer.value) });
    case 'absent':
      return { state: 'absent', at };
    case 'unreadable':
      return unknown(at, 'corrupt', `${answer.anomaly.where}: ${answer.anomaly.problem}`);
    default:
      return unknown(at, 'corrupt', 'the hive gave no answer');
  }
}

function registryValue(value: TypedData & { readonly name: string }): RegistryValue {
  return { name: value.name, type: value.type, data: decodeValue(value) };
}

function* answerKey(
  windows: OfflineMachine,
  { hive: hiveName, key }: Ask<'values'>,
  give: (answer: Answer) => void,
): Walker<void> {
  const path = resolve(windows, hiveName, key);
  const at = `${hiveName}\\${path}`;
  const hive = windows.hives[hiveName];
  if (!hive.ok) return give(unknown(at, 'corrupt', hive.problem));
  const { answer, anomalies } = yield* readValues(hive.hive, path, MOST_VALUES_BYTES);
  if (answer.kind === 'absent') return give({ state: 'absent', at });
  if (answer.kind === 'unreadable') return give(unknown(at, 'corrupt', answer.anomaly.problem));
  const values = answer.value.filter(({ missing }) => missing === undefined).map(registryValue);
  const [anomaly] = anomalies;
  give(
    present(at, {
      kind: 'values',
      values,
      ...(anomaly === undefined ? {} : { incomplete: `${anomaly.where}: ${anomaly.problem}` }),
    }),
  );
}

function* answerSubkeys(
  windows: OfflineMachine,
  { hive: hiveName, key }: Ask<'subkeys'>,
  give: (answer: Answer) => void,
): Walker<void> {
  const path = resolve(windows, hiveName, key);
  const at = `${hiveName}\\${path}`;
  const hive = windows.hives[hiveName];
  if (!hive.ok) return give(unknown(at, 'corrupt', hive.problem));
  const { answer, anomalies } = yield* readKey(hive.hive, path);
  if (answer.kind === 'absent') return give({ state: 'absent', at });
  if (answer.kind === 'unreadable') return give(unknown(at, 'corrupt', answer.anomaly.problem));
  if (!answer.value.complete) {
    return give(unknown(at, 'corrupt', anomalies[0]?.problem ?? 'some of its subkeys cannot be read'));
  }
  give(present(at, { kind: 'names', names: answer.value.subkeys }));
}

function* answerFolder(
  { volume }: OfflineMachine,
  { path }: Ask<'folder'>,
  give: (answer: Answer) => void,
): Walker<void> {
  if (volume === undefined) return give(unknown(path, 'no-channel', NO_VOLUME));
  const listed = yield* listDirectory(volume, path);
  if (listed.kind === 'absent') return give({ state: 'absent', at: path });
  if (listed.kind === 'unreadable') return give(unknown(path, 'corrupt', listed.problem));
  give(present(path, { kind: 'names', names: listed.entries.map(({ name }) => name) }));
}

/** Everything that begins with a path: found together, so that shared folders are walked once. */
function* answerFiles(
  { volume }: OfflineMachine,
  asked: readonly (readonly [number, Ask<'file' | 'content' | 'events' | 'logons'>])[],
  give: (index: number, answer: Answer) => void,
): Walker<void> {
  if (asked.length === 0) return;
  if (volume === undefined) {
    for (const [index, question] of asked) give(index, unknown(describe(question), 'no-channel', NO_VOLUME));
    return;
  }
  const { lookups } = yield* findFiles(
    volume,
    asked.map(([, question]) => describe(question)),
  );
  yield* together<Range, ReadResult, void>(
    asked.map(([index, question], at) =>
      answerFile(volume, question, lookups[at], (answer) => give(index, answer)),
    ),
  );
}

function* answerFile(
  volume: Volume,
  question: Ask<'file' | 'content' | 'events' | 'logons'>,
  lookup: Lookup | undefined,
  give: (answer: Answer) => void,
): Walker<void> {
  const at = describe(question);
  if (lookup?.kind === 'absent') return give({ state: 'absent', at });
  const found = lookup?.kind === 'found' ? lookup.files[0] : undefined;
  if (found === undefined) {
    return give(unknown(at, 'corrupt', lookup?.kind === 'unreadable' ? lookup.problem : 'it was not found'));
  }
  switch (question.kind) {
    case 'file':
      return give(yield* statFile(volume, at, found, question.security ?? true));
    case 'content':
      return give(yield* readContent(volume, at, found, question.limit));
    case 'events':
      return give(yield* readEvents(volume, at, found, question));
    case 'logons':
      return give(yield* countLogons(volume, at, found, question));
  }
}

function* statFile(volume: Volume, at: string, found: FoundFile, withSecurity: boolean): Walker<Answer> {
  const security = withSecurity ? yield* readSecurityDescriptor(volume, found.file) : undefined;
  return present(at, {
    kind: 'file',
    file: {
      size: found.size,
      modifiedAt: isoOf(found.modified),
      ...(security?.ok === true ? { security: security.bytes } : {}),
    },
  });
}

function* readContent(volume: Volume, at: string, found: FoundFile, limit: number): Walker<Answer> {
  const opened = openFile(volume, found.file);
  if (!opened.ok) return unknown(at, 'corrupt', opened.problem);
  const read = yield* readAt(opened.medium, 0, Math.min(limit, opened.medium.size));
  return read.ok ? present(at, { kind: 'content', bytes: read.bytes }) : unknown(at, 'corrupt', read.problem);
}

function* readEvents(
  volume: Volume,
  at: string,
  found: FoundFile,
  { channel, select, withinMillis, limit }: Ask<'events'>,
): Walker<Answer> {
  const opened = openFile(volume, found.file);
  if (!opened.ok) return unknown(at, 'corrupt', opened.problem);
  const log = yield* openLog(opened.medium);
  const answer = yield* queryEvents(log, { select, sinceMillisBeforeNewest: withinMillis, limit });
  const [anomaly] = [...log.anomalies, ...answer.anomalies];
  if (answer.newest === undefined && anomaly !== undefined) {
    return unknown(at, 'corrupt', `no record of ${found.name} can be read: ${anomaly.problem}`);
  }
  return present(found.name, {
    kind: 'events',
    events: answer.events.map((event) => eventRecord(channel, event)),
    ...(answer.oldest === undefined ? {} : { oldest: isoOf(answer.oldest.timeCreated) }),
    ...(answer.newest === undefined ? {} : { newest: isoOf(answer.newest.timeCreated) }),
  });
}

const SIGN_INS = [{ provider: 'Microsoft-Windows-Security-Auditing', ids: [LOGON_SUCCEEDED, LOGON_FAILED] }];

function* countLogons(
  volume: Volume,
  at: string,
  found: FoundFile,
  { channel, withinMillis, limit, bytes, account }: Ask<'logons'>,
): Walker<Answer> {
  const opened = openFile(volume, found.file);
  if (!opened.ok) return unknown(at, 'corrupt', opened.problem);
  const log = yield* openLog(opened.medium);
  let counter = new LogonCounter(account);
  // Newest first, so the last one is as far back as was counted.
  let last: bigint | undefined;
  const answer = yield* queryEvents(log, {
    select: SIGN_INS,
    sinceMillisBeforeNewest: withinMillis,
    limit,
    chunks: Math.ceil(bytes / CHUNK_SIZE),
    visit: {
      begin() {
        counter = new LogonCounter(account);
        last = undefined;
      },
      take(event) {
        last = event.timeCreated;
        counter.add(eventRecord(channel, event), `${found.name}#${event.recordId}`);
      },
    },
  });
  const [anomaly] = [...log.anomalies, ...answer.anomalies];
  if (answer.newest === undefined && anomaly !== undefined) {
    return unknown(at, 'corrupt', `no record of ${found.name} can be read: ${anomaly.problem}`);
  }
  const since = sinceOf(answer, last, withinMillis);
  return present(found.name, {
    kind: 'logons',
    tally: {
      ...counter.result(),
      ...(since === undefined ? {} : { since: isoOf(since) }),
      ...(answer.newest === undefined ? {} : { until: isoOf(answer.newest.timeCreated) }),
      endedBy: answer.endedBy,
    },
  });
}

/** How far back was looked: to where the log begins, as far as was asked for, or to the last sign-in counted. */
function sinceOf(
  { endedBy, oldest, newest }: EventAnswer,
  last: bigint | undefined,
  withinMillis: number,
): bigint | undefined {
  if (endedBy === 'limit') return last;
  const bound = newest && newest.timeCreated - BigInt(withinMillis) * TICKS_A_MILLI;
  if (endedBy === 'since' || oldest === undefined) return bound ?? last;
  return bound !== undefined && bound > oldest.timeCreated ? bound : oldest.timeCreated;
}

/** FILETIME's unit is 100 nanoseconds. */
const TICKS_A_MILLI = 10_000n;

function eventRecord(channel: string, event: EventRecordData): EventRecord {
  return {
    channel: event.channel ?? channel,
    provider: event.provider,
    id: event.id,
    recordId: event.recordId,
    at: isoOf(event.timeCreated),
    ...(event.level === undefined ? {} : { level: event.level }),
    ...(event.computer === undefined ? {} : { computer: event.computer }),
    fields: Object.fromEntries(event.fields.map(({ name, value }) => [name, value])),
  };
}

const NO_VOLUME = 'only the registry hives are available, not the volume';

/** The file that a question is about, or the registry place. */
function describe(question: PlaceQuestion): string {
  switch (question.kind) {
    case 'file':
    case 'content':
    case 'folder':
      return question.path;
    case 'events':
    case 'logons':
      return `\\Windows\\System32\\winevt\\Logs\\${question.channel.replaceAll('/', '%4')}.evtx`;
    default:
      return `${question.hive}\\${question.key}`;
  }
}

/** CurrentControlSet is only a link of a running Windows. */
function resolve(windows: OfflineMachine, hive: HiveName, key: string): string {
  return hive === 'SYSTEM' ? key.replace(/^CurrentControlSet(?=\\|$)/i, windows.controlSet) : key;
}

function isoOf(filetime: bigint): string {
  return filetimeToIso(filetime) ?? new Date(0).toISOString();
}

function present(at: string, value: AnswerValue): Answer {
  return { state: 'present', at, value };
}

function unknown(
  at: string,
  why: Extract<Answer, { readonly state: 'unknown' }>['why'],
  detail?: string,
): Answer {
  return detail === undefined ? { state: 'unknown', at, why } : { state: 'unknown', at, why, detail };
}
