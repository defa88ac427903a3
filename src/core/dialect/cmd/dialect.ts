import type { Answer, HiveName, LiveQuestion, PlaceQuestion, Question } from '../../windows/inquiry.ts';
import { placeOf } from '../../windows/question-place.ts';
import type { AskedOperation, Operation } from '../script/operation.ts';
import { AnswerSheet } from '../script/sheet.ts';
import { OWN_DOMAIN, OWN_PORT } from '../script/usual.ts';
import type { Step, Transcript } from './command.ts';
import { eventQueries, LAST_START, logonQueries, readEvents, readLogons, readStartTime } from './events.ts';
import { existenceOf, readExistence } from './existence.ts';
import { JOIN_STATE, machineSidOf, membershipOf, WHOAMI } from './identity.ts';
import { PROCESSES, readListener, SOCKETS } from './listener.ts';
import { channelQuery, readChannel } from './netlogon.ts';
import {
  CALIBRATION,
  isGuarded,
  keysSeen,
  NO_VALUE,
  queryOf,
  type RegTarget,
  type RegWords,
  valueQueryOf,
  valueSeen,
  wordsOfReg,
} from './registry.ts';
import { readProcessCount } from './resources.ts';
import { readService, serviceQuery } from './service.ts';
import { readTimeSource, TIME_SOURCE, TIME_STATUS } from './time.ts';

const POLICY = 'Policy';
const SERVICES = 'CurrentControlSet\\Services\\';
const TCPIP = `${SERVICES}Tcpip\\Parameters`;
const COMPUTER_NAME = 'CurrentControlSet\\Control\\ComputerName\\ComputerName';

const shallow = (hive: HiveName, key: string): RegTarget => ({ hive, key, deep: false });

/** The keys that an operation reads. What only the LSA may read is asked for all the same: a script may run as SYSTEM. */
function targetsOf(operation: Operation): readonly RegTarget[] {
  switch (operation.kind) {
    case 'key':
      // Its values are asked for one by one.
      if (isGuarded(operation) && operation.names !== undefined) return [];
      return [{ hive: operation.hive, key: operation.key, deep: operation.depth > 0 }];
    case 'services':
      return operation.names.map((name) => shallow('SYSTEM', `${SERVICES}${name}`));
    case 'listing':
      return [];
    case 'ask':
      return targetsOfQuestion(operation.question);
  }
}

function targetsOfQuestion({ kind }: Question): readonly RegTarget[] {
  const policy = (name: string) => shallow('SECURITY', `${POLICY}\\${name}`);
  switch (kind) {
    case 'membership':
      return [policy('PolPrDmS'), policy('PolDnDDN'), policy('PolPrDmN'), shallow('SYSTEM', TCPIP)];
    case 'machine-sid':
      return [policy('PolAcDmS'), shallow('SYSTEM', COMPUTER_NAME)];
    case 'account-rights':
      return [{ hive: 'SECURITY', key: `${POLICY}\\Accounts`, deep: true }];
    case 'machine-password':
      return [policy('Secrets\\$MACHINE.ACC\\CupdTime')];
    case 'policy-refresh':
      return [shallow('SOFTWARE', POLICY_ENGINE)];
    case 'listener-owner':
      return [shallow('SYSTEM', LISTENER)];
    default:
      return [];
  }
}

/** Values that are asked for by their names. */
function singleValues(operation: Operation): readonly ValueQuestion[] {
  if (operation.kind !== 'key' || !isGuarded(operation)) return [];
  const { hive, key, names = [] } = operation;
  return names.map((name) => ({ kind: 'value', hive, key, name }));
}

type ValueQuestion = Extract<PlaceQuestion, { readonly kind: 'value' }>;

const POLICY_ENGINE =
  'Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine\\Extension-List\\{00000000-0000-0000-0000-000000000000}';
const LISTENER = 'CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp';

/** Steps beside the registry; `undefined` where cmd cannot hand on what is asked for. */
function stepsOfQuestion(question: AskedOperation['question']): readonly (Step | undefined)[] {
  switch (question.kind) {
    case 'membership':
      return [JOIN_STATE, WHOAMI];
    case 'machine-sid':
      return [WHOAMI];
    case 'file':
    case 'content':
    case 'file-version':
      return [existenceOf(question.path)];
    case 'events':
      return eventQueries(question) ?? [undefined];
    case 'logons':
      return logonQueries(question) ?? [undefined];
    case 'service-status':
      return [serviceQuery(question.name)];
    case 'listener-owner':
      return [SOCKETS, PROCESSES];
    case 'secure-channel':
      return [channelQuery(question.asked, question.domain)];
    case 'start-time':
      return [LAST_START];
    case 'time-source':
      return [TIME_SOURCE, TIME_STATUS];
    case 'resources':
      return [PROCESSES];
    default:
      return [];
  }
}

/** What a script has to do for these operations, each step once. */
export function stepsFor(operations: readonly Operation[]): readonly Step[] {
  const targets = operations.flatMap(targetsOf);
  const values = operations.flatMap(singleValues);
  const steps = [
    ...(targets.length + values.length === 0 ? [] : CALIBRATION),
    ...targets.map(queryOf),
    ...(values.length === 0 ? [] : [NO_VALUE]),
    ...values.map(({ hive, key, name }) => valueQueryOf(hive, key, name)),
    ...operations.flatMap((operation) =>
      operation.kind === 'ask' ? stepsOfQuestion(operation.question) : [],
    ),
  ];
  const each = new Map(steps.flatMap((step) => (step === undefined ? [] : [[step.id, step] as const])));
  // What may take longer than there is time comes last: all else is told by then.
  const isLong = (step: Step): boolean => 'isLong' in step;
  return [...each.values()].sort((one, other) => Number(isLong(one)) - Number(isLong(other)));
}

/** What a script brought, as answers. */
export function sheetOf(operations: readonly Operation[], transcript: Transcript): AnswerSheet {
  const sheet = new AnswerSheet();
  for (const { id } of stepsFor(operations)) {
    const output = transcript.outputs.get(id);
    if (output === undefined ? !transcript.complete : output.state === 'lost') sheet.lose(id);
    else if (output !== undefined) sheet.count();
  }
  const words = wordsOfReg(transcript);
  for (const target of operations.flatMap(targetsOf)) putKeys(sheet, target, words, transcript);
  for (const question of operations.flatMap(singleValues)) {
    const query = valueQueryOf(question.hive, question.key, question.name);
    // A script of another version may not have asked for it.
    const isAsked = query !== undefined && (transcript.outputs.has(query.id) || !transcript.complete);
    if (isAsked) sheet.give(question, valueSeen(question, transcript.outputs.get(query.id), words));
  }
  for (const operation of operations) {
    if (operation.kind !== 'ask') continue;
    const { question } = operation;
    const answer = stepsOfQuestion(question).includes(undefined)
      ? cannot(question, 'cmd cannot hand on a name with such characters')
      : answerOf(question, transcript, sheet);
    if (answer !== undefined) sheet.give(question, answer);
    if (question.kind === 'listener-owner') giveListeners(sheet, transcript);
  }
  return sheet;
}

function putKeys(
  sheet: AnswerSheet,
  target: RegTarget,
  words: RegWords,
  { outputs, complete }: Transcript,
): void {
  const query = queryOf(target);
  if (query === undefined) {
    const detail = 'cmd cannot hand on a name with such characters';
    sheet.key(target.hive, target.key, { state: 'unknown', why: 'no-channel', detail });
    return;
  }
  // A script of another version may not have asked for it.
  if (!outputs.has(query.id) && complete) return;
  for (const [key, seen] of keysSeen(target, outputs.get(query.id), words)) {
    if (seen.state !== 'present') sheet.key(target.hive, key, seen);
    else {
      const { values, subkeys, unreadable, damage } = seen;
      sheet.key(target.hive, key, {
        state: 'present',
        values,
        ...(unreadable.size === 0 ? {} : { unreadable }),
        ...(subkeys === undefined ? {} : { subkeys }),
        ...(damage === undefined ? {} : { incomplete: damage }),
      });
    }
  }
}

/** `undefined` where the registry answers it, through the sheet. */
function answerOf(
  question: AskedOperation['question'],
  transcript: Transcript,
  sheet: AnswerSheet,
): Answer | undefined {
  const { outputs } = transcript;
  const at = placeOf(question);
  switch (question.kind) {
    case 'membership': {
      if (isSeen(sheet.answer(question))) return undefined;
      const suffix = textAt(sheet, TCPIP, 'Domain');
      const membership = membershipOf(outputs.get(JOIN_STATE.id), outputs.get(WHOAMI.id), suffix);
      return (
        membership && { state: 'present', at: 'dsregcmd /status', value: { kind: 'membership', membership } }
      );
    }
    case 'machine-sid': {
      if (isSeen(sheet.answer(question))) return undefined;
      const sid = machineSidOf(outputs.get(WHOAMI.id), textAt(sheet, COMPUTER_NAME, 'ComputerName'));
      return sid === undefined
        ? undefined
        : { state: 'present', at: 'whoami /user', value: { kind: 'sid', sid } };
    }
    case 'file':
    case 'content':
    case 'file-version': {
      const there = readExistence(outputs.get(`exists ${question.path}`), question.path);
      if (there !== 'there') return there;
      if (question.kind === 'file') return { state: 'present', at, value: { kind: 'file', file: {} } };
      return cannot(question, 'it exists, and cmd has no command that reads more of it without a risk');
    }
    case 'events':
      return readEvents(transcript, question);
    case 'logons':
      return readLogons(transcript, question);
    case 'service-status':
      return readService(outputs.get(`service ${question.name}`), at);
    case 'listener-owner':
      // Whichever port it is: `giveListeners` knows by now.
      if (question.port === OWN_PORT) return undefined;
      return readListener(question.port, outputs.get(SOCKETS.id), outputs.get(PROCESSES.id), at);
    case 'secure-channel': {
      const output = outputs.get(channelQuery(question.asked, question.domain)?.id ?? '');
      // Another script asks again, by the name that membership has.
      const isTold = output?.state === 'printed' || output?.state === 'no-program';
      if (question.domain === OWN_DOMAIN && !isTold) return undefined;
      return readChannel(output, question.asked, at);
    }
    case 'start-time':
      return readStartTime(transcript, at);
    case 'time-source':
      return readTimeSource(outputs.get(TIME_SOURCE.id), outputs.get(TIME_STATUS.id), at);
    case 'resources':
      return readProcessCount(outputs.get(PROCESSES.id), at);
    case 'clock':
      return cannot(question, 'cmd tells the time in the words of its language and in its own zone alone');
    case 'folder':
      return cannot(question, 'cmd does not list a folder in a way that is the same in all languages');
    default:
      return undefined;
  }
}

function isSeen(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.state !== 'unknown';
}

function cannot(question: Question, detail: string): Answer {
  return { state: 'unknown', at: placeOf(question), why: 'no-channel', detail };
}

function textAt(sheet: AnswerSheet, key: string, name: string): string | undefined {
  const answer = sheet.answer({ kind: 'value', hive: 'SYSTEM', key, name });
  const data =
    answer?.state === 'present' && answer.value.kind === 'value' ? answer.value.value.data : undefined;
  return typeof data === 'string' ? data : undefined;
}

const DEFAULT_PORT = 3389;

/** The script was written before the port was known: the same list answers for whichever it is. */
function giveListeners(sheet: AnswerSheet, { outputs }: Transcript): void {
  const port = sheet.answer({ kind: 'value', hive: 'SYSTEM', key: LISTENER, name: 'PortNumber' });
  const set = port?.state === 'present' && port.value.kind === 'value' ? port.value.value.data : undefined;
  for (const number of new Set([DEFAULT_PORT, ...(typeof set === 'number' ? [set] : [])])) {
    const question: LiveQuestion = { kind: 'listener-owner', port: number };
    sheet.give(
      question,
      readListener(number, outputs.get(SOCKETS.id), outputs.get(PROCESSES.id), placeOf(question)),
    );
  }
}
