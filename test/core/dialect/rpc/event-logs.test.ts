// Classic event logs: EVENTLOGRECORDs after [MS-EVEN] 2.2.3 become the events that a disk has too, with names from
// the table of insertion strings.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import type { Answer, Question } from '../../../../src/core/windows/inquiry.ts';
import { askQuestions, EPOCH } from './fake-windows.ts';

interface Event {
  readonly number: number;
  readonly source: string;
  readonly id: number;
  /** Milliseconds before the EPOCH. */
  readonly ago: number;
  readonly type?: number;
  readonly strings?: readonly string[];
  readonly data?: Uint8Array;
}

const AUDIT = 'Microsoft-Windows-Security-Auditing';
const DAY = 86_400_000;

function record({
  number,
  source,
  id,
  ago,
  type = 4,
  strings = [],
  data = new Uint8Array(0),
}: Event): Uint8Array {
  const nul = (text: string): Uint8Array => encodeUtf16le(`${text}\0`);
  const names = concat(nul(source), nul('VM1'));
  const text = concat(...strings.map(nul));
  const stringsAt = 56 + names.length;
  const dataAt = stringsAt + text.length;
  const padding = -(dataAt + data.length) & 3;
  const length = dataAt + data.length + padding + 4;
  const seconds = Math.floor((EPOCH - ago) / 1000);
  return (
    new Writer()
      .u32le(length)
      .u32le(0x654c_664c)
      .u32le(number)
      .u32le(seconds)
      .u32le(seconds)
      // Qualifiers above: severity and facility, which are no part of the number.
      .u32le(0xc000_0000 + id)
      .u16le(type)
      .u16le(strings.length)
      .u16le(0)
      .u16le(0)
      .u32le(0)
      .u32le(stringsAt)
      .u32le(0)
      .u32le(0)
      .u32le(data.length)
      .u32le(dataAt)
      .bytes(names)
      .bytes(text)
      .bytes(data)
      .zeros(padding)
      .u32le(length)
      .toBytes()
  );
}

const failure = (number: number, ago: number, name: string): Event => ({
  number,
  source: AUDIT,
  id: 4625,
  ago,
  type: 16,
  strings: [
    ...['S-1-0-0', '-', '-', '0x0', 'S-1-0-0', name, 'CORP', '0xc000006d', '%%2313', '0xc000006a'],
    ...['3', 'NtLmSsp ', 'NTLM', 'PC7', '-', '-', '0', '0x0', '-', '203.0.113.9', '0'],
  ],
});

/** Newest first. */
const SYSTEM: readonly Event[] = [
  {
    number: 9,
    source: 'NETLOGON',
    id: 5719,
    ago: 1000,
    type: 1,
    strings: ['CORP', 'reason'],
    data: Uint8Array.of(0x5e, 0, 0, 0xc0),
  },
  { number: 8, source: 'Schannel', id: 36_871, ago: 2000, type: 1, strings: ['server', '10013'] },
  { number: 7, source: 'Other', id: 5719, ago: 3000 },
  { number: 6, source: 'NETLOGON', id: 5719, ago: 15 * DAY, type: 1 },
  { number: 5, source: 'EventLog', id: 6005, ago: 16 * DAY },
];

const events = (over: Partial<Extract<Question, { kind: 'events' }>> = {}): Question => ({
  kind: 'events',
  channel: 'System',
  select: [
    { provider: 'netlogon', ids: [5719] },
    { provider: 'Schannel', ids: [36_871] },
  ],
  withinMillis: 14 * DAY,
  limit: 400,
  ...over,
});

const logons: Question = {
  kind: 'logons',
  channel: 'Security',
  withinMillis: 14 * DAY,
  limit: 1000,
  bytes: 1 << 20,
};

function ask(logs: Readonly<Record<string, readonly Event[] | number>>, ...questions: readonly Question[]) {
  const raw = Object.entries(logs).map(([name, log]) => [
    name,
    typeof log === 'number' ? log : log.map(record),
  ]);
  return askQuestions({ logs: Object.fromEntries(raw) }, questions);
}

const iso = (ago: number): string => new Date(EPOCH - ago).toISOString();

suite('events', () => {
  test('selected by provider and number within the time, with the span of the log', () => {
    const { answers } = ask({ System: SYSTEM }, events());
    assert.deepEqual(answers[0], {
      state: 'present',
      at: 'System',
      value: {
        kind: 'events',
        newest: iso(1000),
        oldest: iso(16 * DAY),
        events: [
          {
            channel: 'System',
            provider: 'NETLOGON',
            id: 5719,
            recordId: 9,
            at: iso(1000),
            level: 2,
            computer: 'VM1',
            fields: { param1: 'CORP', param2: 'reason', binary: '5E0000C0' },
          },
          {
            channel: 'System',
            provider: 'Schannel',
            id: 36_871,
            recordId: 8,
            at: iso(2000),
            level: 2,
            computer: 'VM1',
            fields: { Type: 'server', ErrorState: '10013' },
          },
        ],
      },
    });
  });

  test('told from the oldest on, as by Samba: read to its end, or not told at all', () => {
    const forwards = (roundTripMillis: number): Answer | undefined =>
      askQuestions({ logs: { System: SYSTEM.map(record) }, forwards: true, roundTripMillis }, [events()])
        .answers[0];
    const whole = forwards(10);
    assert.ok(whole?.state === 'present' && whole.value.kind === 'events');
    assert.equal(whole.value.newest, iso(1000));
    assert.deepEqual(
      whole.value.events.map(({ recordId }) => recordId),
      [9, 8],
    );
    // What comes last is the newest: it was not seen.
    const late = forwards(8000);
    assert.equal(late?.state === 'unknown' && late.why, 'timeout');
  });

  test('no more than asked for, the newest', () => {
    const { answers } = ask({ System: SYSTEM }, events({ limit: 1 }));
    const [answer] = answers;
    assert.ok(answer?.state === 'present' && answer.value.kind === 'events');
    assert.deepEqual(
      answer.value.events.map(({ recordId }) => recordId),
      [9],
    );
  });

  test('a long log costs a round trip for so many bytes, whatever its fragments are', () => {
    const long = Array.from({ length: 2000 }, (_, index) => ({
      number: 2000 - index,
      source: 'NETLOGON',
      id: index % 1000 === 0 ? 5719 : 1,
      ago: index * 1000,
      strings: ['x'.repeat(150)],
    }));
    const { answers, roundTrips } = ask({ System: long }, events());
    const [answer] = answers;
    assert.ok(answer?.state === 'present' && answer.value.kind === 'events');
    assert.equal(answer.value.events.length, 2);
    // 780 kB in pieces of 256 KiB; nine for the shares, the pipe, the log and its first record.
    assert.ok(roundTrips <= 9 + 5, `${roundTrips} round trips`);
  });
});

suite('sign-ins', () => {
  const security = [
    failure(30, 1000, 'alice'),
    failure(29, 2000, 'bob'),
    failure(28, 3000, 'alice'),
    { number: 27, source: AUDIT, id: 4688, ago: 4000, type: 8 },
  ];
  test('counted by the names of the strings', () => {
    const { answers } = ask({ Security: security }, logons);
    const [answer] = answers;
    assert.ok(answer?.state === 'present' && answer.value.kind === 'logons');
    const { tally } = answer.value;
    assert.deepEqual(
      [tally.total, tally.remote, tally.names, tally.addresses, tally.endedBy],
      [3, 3, 2, 1, 'log'],
    );
    assert.deepEqual([tally.since, tally.until], [iso(4000), iso(1000)]);
    assert.deepEqual(tally.statuses[0]?.status, 0xc000_006a);
    assert.deepEqual(tally.accounts[0]?.locator, 'Security#30');
  });

  test('ended by the limit, the span begins at the last one counted', () => {
    const { answers } = ask({ Security: security }, { ...logons, limit: 2 } as Question);
    const [answer] = answers;
    assert.ok(answer?.state === 'present' && answer.value.kind === 'logons');
    assert.deepEqual([answer.value.tally.endedBy, answer.value.tally.since], ['limit', iso(2000)]);
  });

  test('both questions of one log are answered by reading it once', () => {
    const both = [events({ channel: 'Security', select: [{ provider: AUDIT, ids: [4625] }] }), logons];
    const { answers, sent } = ask({ Security: security }, ...both);
    assert.deepEqual(
      answers.map(({ state }) => state),
      ['present', 'present'],
    );
    assert.equal(sent.filter((what) => what.endsWith('ElfrOpenELW')).length, 1);
  });
});

suite('logs that cannot be read', () => {
  const brief = (answer: Answer | undefined): string =>
    answer?.state === 'unknown' ? `${answer.why}: ${answer.detail ?? ''}` : (answer?.state ?? '');
  const rows: readonly (readonly [string, number, RegExp])[] = [
    [
      'access denied',
      0xc000_0022,
      /^denied: Security: access denied; it takes an administrator or a member of Event Log Readers$/,
    ],
    ['a privilege is not held', 0xc000_0061, /^denied: /],
    ['no such log', 0xc000_0034, /^absent$/],
    ['another status', 0xc000_0039, /^no-channel: .*0xc0000039/],
  ];
  for (const [name, status, said] of rows) {
    test(name, () => assert.match(brief(ask({ Security: status }, logons).answers[0]), said));
  }

  test('an operational channel: over 445 alone it is not to be had', () => {
    const channel = 'Microsoft-Windows-NTLM/Operational';
    const { answers } = ask({}, events({ channel }));
    assert.equal(
      brief(answers[0]),
      `no-channel: ${channel} is no classic log: over port 445 only System, Application and Security can be read; use --ssh or rdpdoctor collect`,
    );
  });
});
