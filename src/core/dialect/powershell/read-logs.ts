import { tryDecode } from '../../bytes/decode-error.ts';
import type { NamedUser } from '../../model/cause.ts';
import type { EventRecord } from '../../windows/inquiry.ts';
import { LOGON_FAILED, LOGON_SUCCEEDED } from '../../windows/logon-tally.ts';
import { readEventXml } from '../script/event-xml.ts';
import { type ListedLog, tallyOf } from '../script/logons.ts';
import type { AnswerSheet } from '../script/sheet.ts';
import { isoOf, type LineReader, unreadOf } from './line.ts';

interface OpenLog {
  readonly kind: 'log' | 'logons';
  readonly channel: string;
  readonly oldest?: string;
  readonly newest?: string;
  /** Of sign-ins: as far back as was asked for, and whether there were more than the script lists. */
  readonly since?: string;
  readonly isCut: boolean;
  readonly events: EventRecord[];
  unreadable: number;
  /** Why it was not read to its end. */
  failed?: string;
}

/** Lines of part-events.ts: a log, and its events until the next. */
export class LogReader implements LineReader {
  readonly #sheet: AnswerSheet;
  readonly #account: NamedUser | undefined;
  #open: OpenLog | undefined;

  constructor(sheet: AnswerSheet, account?: NamedUser) {
    this.#sheet = sheet;
    this.#account = account;
  }

  take(word: string, fields: readonly string[]): void {
    if (word === 'log' || word === 'logons') {
      this.end();
      this.#begin(word, fields);
    } else if (word === 'failed' && this.#open !== undefined) {
      this.#open.failed = `reading it failed${fields[0] ? ` (${fields[0]})` : ''}`;
    } else if (word === 'event' && this.#open !== undefined) {
      const { channel, events } = this.#open;
      const read = tryDecode(() => readEventXml(fields[0] ?? '', channel));
      if (read.ok) events.push(read.value);
      else this.#open.unreadable += 1;
    } else if (word === 'logon' && this.#open !== undefined) {
      const event = logonOf(this.#open.channel, fields);
      if (event === undefined) this.#open.unreadable += 1;
      else this.#open.events.push(event);
    }
  }

  end(): void {
    const log = this.#open;
    this.#open = undefined;
    if (log === undefined) return;
    const { channel: at, oldest, newest, events, unreadable, failed } = log;
    if (failed !== undefined) {
      this.#sheet.give(questionOf(log), { state: 'unknown', at, why: 'no-channel', detail: failed });
    } else if (unreadable > 0 && events.length === 0) {
      const detail = `none of its ${unreadable} events can be read`;
      this.#sheet.give(questionOf(log), { state: 'unknown', at, why: 'corrupt', detail });
    } else if (log.kind === 'log') {
      // Several queries of one log, each newest first.
      events.sort((a, b) => b.recordId - a.recordId);
      const span = {
        ...(oldest === undefined ? {} : { oldest }),
        ...(newest === undefined ? {} : { newest }),
      };
      this.#sheet.give(questionOf(log), { state: 'present', at, value: { kind: 'events', events, ...span } });
    } else {
      this.#sheet.give(questionOf(log), {
        state: 'present',
        at,
        value: { kind: 'logons', tally: tallyOf(events, listed(log), this.#account) },
      });
    }
  }

  #begin(kind: 'log' | 'logons', [channel = '', state, ...said]: readonly string[]): void {
    const [oldest, newest, since] = said.map(isoOf);
    const log: OpenLog = {
      kind,
      channel,
      ...(oldest === undefined ? {} : { oldest }),
      ...(newest === undefined ? {} : { newest }),
      ...(since === undefined ? {} : { since }),
      isCut: said[3] === 'limit',
      events: [],
      unreadable: 0,
    };
    if (state === 'present') this.#open = log;
    else if (state === 'absent') this.#sheet.give(questionOf(log), { state: 'absent', at: channel });
    else this.#sheet.give(questionOf(log), { ...unreadOf(['', ...said]), at: channel });
  }
}

function questionOf({ kind, channel }: OpenLog) {
  const common = { channel, withinMillis: 0, limit: 0 };
  return kind === 'log'
    ? ({ kind: 'events', ...common, select: [] } as const)
    : ({ kind: 'logons', ...common, bytes: 0 } as const);
}

const AUDITING = 'Microsoft-Windows-Security-Auditing';

function logonOf(
  channel: string,
  [
    id,
    recordId,
    at,
    user = '',
    domain = '',
    type = '',
    status = '',
    sub = '',
    authentication = '',
    ip = '',
  ]: readonly string[],
): EventRecord | undefined {
  const when = isoOf(at);
  const number = Number(id);
  if (when === undefined || (number !== LOGON_SUCCEEDED && number !== LOGON_FAILED)) return undefined;
  return {
    channel,
    provider: AUDITING,
    id: number,
    recordId: Number(recordId),
    at: when,
    fields: {
      TargetUserName: user,
      TargetDomainName: domain,
      LogonType: type,
      ...(number === LOGON_FAILED ? { Status: status, SubStatus: sub } : {}),
      AuthenticationPackageName: authentication,
      IpAddress: ip,
    },
  };
}

function listed({ channel, oldest, newest, since: bound, isCut }: OpenLog): ListedLog {
  return {
    channel,
    ...(oldest === undefined ? {} : { oldest }),
    ...(newest === undefined ? {} : { newest }),
    bound: bound !== undefined && (oldest === undefined || oldest < bound) ? bound : undefined,
    isCut,
  };
}
