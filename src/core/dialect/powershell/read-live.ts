import type { ResourcesState, SecureChannel, UserRights } from '../../model/windows-facts.ts';
import type { Answer, AnswerValue, Question } from '../../windows/inquiry.ts';
import { placeOf } from '../../windows/question-place.ts';
import { SERVICE_STATES, serviceState, serviceStatus } from '../../windows/service-status.ts';
import type { Output } from '../cmd/command.ts';
import { readChannel } from '../cmd/netlogon.ts';
import { readTimeSource } from '../cmd/time.ts';
import type { AnswerSheet } from '../script/sheet.ts';
import { OWN_PORT } from '../script/usual.ts';
import { isoOf, type LineReader, unreadOf } from './line.ts';
import { answerOf } from './read-files.ts';

/** Lines of part-live.ts and part-lsa.ts. */
export class LiveReader implements LineReader {
  readonly #sheet: AnswerSheet;
  readonly #rights = new Map<string, readonly string[]>();
  readonly #printed = new Map<string, Printed>();
  #last: Printed | undefined;
  #domain = '';

  constructor(sheet: AnswerSheet) {
    this.#sheet = sheet;
  }

  take(word: string, fields: readonly string[]): void {
    const [first = '', ...rest] = fields;
    switch (word) {
      case 'membership':
        this.#give({ kind: 'membership' }, fields, membershipOf);
        return;
      case 'machine-sid':
        this.#give({ kind: 'machine-sid' }, fields, ([sid = '']) =>
          SID.test(sid) ? { kind: 'sid', sid } : undefined,
        );
        return;
      case 'right':
        this.#rights.set(first, rest);
        return;
      case 'rights':
        this.#give({ kind: 'account-rights' }, fields, () => rightsOf(this.#rights));
        return;
      case 'service':
        this.#give({ kind: 'service-status', name: first }, rest, statusOf);
        return;
      case 'start-time':
        this.#give({ kind: 'start-time' }, fields, ([time]) => {
          const at = isoOf(time);
          return at === undefined ? undefined : { kind: 'time', at };
        });
        return;
      case 'resources':
        this.#give({ kind: 'resources' }, fields, (said) => resourcesOf(said));
        return;
      case 'owner':
        this.#owner(fields);
        return;
      case 'channel':
        if (rest[0] === 'asked') this.#domain = rest[1] ?? '';
        else if (isAsked(first))
          this.#give({ kind: 'secure-channel', asked: first, domain: '' }, rest, () => undefined);
        return;
      case 'program':
        this.#last = { exit: rest[0] ?? '', lines: [] };
        this.#printed.set(first, this.#last);
        return;
      case 'printed':
        this.#last?.lines.push(first);
        return;
      case 'failed':
        // What it printed did not come to its end.
        if (this.#last !== undefined) this.#last.exit = '';
    }
  }

  end(): void {
    for (const asked of ['query', 'verify'] as const) {
      const output = this.#output(asked);
      if (output === undefined) continue;
      const question = { kind: 'secure-channel', asked, domain: this.#domain } as const;
      this.#sheet.give(question, readChannel(output, asked, placeOf(question)));
    }
    const source = this.#output('time-source');
    if (source === undefined) return;
    const question = { kind: 'time-source' } as const;
    this.#sheet.give(question, readTimeSource(source, this.#output('time-status'), placeOf(question)));
  }

  #output(word: string): Output | undefined {
    const printed = this.#printed.get(word);
    if (printed === undefined) return undefined;
    if (printed.exit === 'missing') return { state: 'no-program' };
    if (!/^-?\d{1,10}$/.test(printed.exit)) return { state: 'lost', problem: 'its exit status is missing' };
    const text = printed.lines.map((line) => `${line}\n`).join('');
    return { state: 'printed', text, status: Number(printed.exit) };
  }

  /** The port that was meant, and who has it. */
  #owner([text, ...said]: readonly string[]): void {
    const port = Number(text);
    const isPort = Number.isInteger(port) && port > OWN_PORT && port <= 65_535;
    if (isPort) this.#give({ kind: 'listener-owner', port }, said, ownerOf);
  }

  #give(
    question: Question,
    [state, ...said]: readonly string[],
    take: (said: readonly string[]) => AnswerValue | undefined,
  ): void {
    const at = placeOf(question);
    const answer: Answer = state === undefined ? { ...unreadOf([]), at } : answerOf(at, state, said, take);
    this.#sheet.give(question, answer);
  }
}

interface Printed {
  exit: string;
  readonly lines: string[];
}

const SID = /^S-1-\d{1,14}(?:-\d{1,10}){1,15}$/;

function isAsked(text: string): text is SecureChannel['asked'] {
  return text === 'query' || text === 'verify';
}

/** Without a SID it is in no domain. */
function membershipOf([sid = '', domain = '', netbiosDomain = '']: readonly string[]):
  | AnswerValue
  | undefined {
  if (sid === '') return { kind: 'membership', membership: {} };
  if (!SID.test(sid)) return undefined;
  return {
    kind: 'membership',
    membership: {
      sid,
      ...(domain === '' ? {} : { domain }),
      ...(netbiosDomain === '' ? {} : { netbiosDomain }),
    },
  };
}

function rightsOf(found: ReadonlyMap<string, readonly string[]>): AnswerValue | undefined {
  const holders = (right: string): readonly string[] | undefined => {
    const sids = found.get(right);
    return sids?.every((sid) => SID.test(sid)) === true ? sids : undefined;
  };
  const [remoteInteractive, network, denyRemoteInteractive, denyNetwork] = [
    'SeRemoteInteractiveLogonRight',
    'SeNetworkLogonRight',
    'SeDenyRemoteInteractiveLogonRight',
    'SeDenyNetworkLogonRight',
  ].map(holders);
  if (!remoteInteractive || !network || !denyRemoteInteractive || !denyNetwork) return undefined;
  const rights: UserRights = { remoteInteractive, network, denyRemoteInteractive, denyNetwork };
  return { kind: 'account-rights', rights };
}

/** Get-Service tells the number of a state, Win32_Service its words. */
function statusOf([said = '', ...numbers]: readonly string[]): AnswerValue | undefined {
  const state = /^\d$/.test(said)
    ? serviceState(Number(said))
    : SERVICE_STATES.find((one) => one === said.toLowerCase());
  if (state === undefined) return undefined;
  const [exitCode, serviceExitCode, processId] = numbers.map(unsigned);
  return {
    kind: 'service-status',
    status: serviceStatus(state, { exitCode, serviceExitCode, processId }),
  };
}

function ownerOf([id, process = '', ...services]: readonly string[]): AnswerValue | undefined {
  const processId = unsigned(id);
  if (processId === undefined) return undefined;
  // A host of several: which of them it is, only this one's name tells.
  const service =
    services.find((name) => name.toLowerCase() === 'termservice') ??
    (services.length === 1 ? services[0] : undefined);
  return {
    kind: 'listener-owner',
    owner: {
      processId,
      // Get-Process leaves the end of the name off.
      ...(process === '' ? {} : { process: `${process}.exe` }),
      ...(service === undefined ? {} : { service }),
    },
  };
}

const KIB = 1024;

function resourcesOf(said: readonly string[]): AnswerValue | undefined {
  const [total, free, limit, left, handles, processes, sessions] = said.map(unsigned);
  const resources: ResourcesState = {
    ...(total === undefined || free === undefined
      ? {}
      : { memory: { totalBytes: total * KIB, availableBytes: free * KIB } }),
    ...(limit === undefined || left === undefined
      ? {}
      : { commit: { limitBytes: limit * KIB, usedBytes: (limit - left) * KIB } }),
    ...(handles === undefined ? {} : { handles }),
    ...(processes === undefined ? {} : { processes }),
    ...(sessions === undefined ? {} : { sessions }),
  };
  return Object.keys(resources).length === 0 ? undefined : { kind: 'resources', resources };
}

function unsigned(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined;
}
