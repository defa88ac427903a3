// Event logs through wevtutil, which Wine has not: its XML is that of Windows' Event Schema (learn.microsoft.com), and its
// exit statuses are those of winerror.h.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cmdScript } from '../../../../src/core/dialect/cmd/index.ts';
import { operationsFor } from '../../../../src/core/dialect/script/operation.ts';
import { EVENTS } from '../../../../src/core/knowledge/events.ts';
import type { Answer, Question } from '../../../../src/core/windows/inquiry.ts';
import { askPrinted, LANGUAGES, type Language, MARK, type Machine } from './printed.ts';

interface Event {
  readonly provider?: string;
  readonly id: number;
  readonly record: number;
  readonly at: string;
  readonly data?: Readonly<Record<string, string>>;
}

function xmlOf({ provider = 'Schannel', id, record, at, data = {} }: Event, channel = 'System'): string {
  const fields = Object.entries(data).map(([name, value]) => `<Data Name='${name}'>${value}</Data>`);
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}' Guid='{1f678132-5938-4686-9fdc-c8ff68f15c85}'/><EventID>${id}</EventID><Version>0</Version><Level>2</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='${at}'/><EventRecordID>${record}</EventRecordID><Correlation/><Execution ProcessID='700' ThreadID='4'/><Channel>${channel}</Channel><Computer>vm1.corp.example</Computer><Security/></System><EventData>${fields.join('')}</EventData></Event>\n`;
}

const NEWEST = {
  id: 7036,
  provider: 'Service Control Manager',
  record: 900,
  at: '2026-11-27T01:00:00.1234567Z',
};
const OLDEST = { id: 6005, provider: 'EventLog', record: 1, at: '2026-01-01T00:00:00.0000000Z' };
const newest = (channel: string) => `wevtutil.exe qe "${channel}" /f:xml /rd:true /c:1`;
const oldest = (channel: string) => `wevtutil.exe qe "${channel}" /f:xml /rd:false /c:1`;
const filtered = (channel: string) => `wevtutil.exe qe "${channel}" "/q:`;

/** A System log that has what every Windows has. */
const WORKS: Machine = {
  [newest('System')]: xmlOf(NEWEST),
  [oldest('System')]: xmlOf(OLDEST),
  [filtered('System')]: '',
};

const DAY = 86_400_000;
const system: Question = {
  kind: 'events',
  channel: 'System',
  select: [{ provider: 'Schannel', ids: [36_871, 36_874] }],
  withinMillis: 14 * DAY,
  limit: 2,
};

const ask = (question: Question, machine: Machine): Answer =>
  askPrinted(operationsFor([question]), machine, LANGUAGES.english).orElse(question);

function eventsOf(answer: Answer) {
  assert.ok(answer.state === 'present' && answer.value.kind === 'events', JSON.stringify(answer));
  return answer.value;
}

test('events: the newest that were asked for, not older than asked for, with the span of the log', () => {
  const rows = [
    { id: 36_874, record: 899, at: '2026-11-27T00:59:00.0000000Z', data: { Type: 'a & b' } },
    { id: 36_871, record: 700, at: '2026-11-20T00:00:00.0000000Z' },
    { id: 36_871, record: 600, at: '2026-11-19T00:00:00.0000000Z' },
    { id: 36_871, record: 500, at: '2026-10-01T00:00:00.0000000Z' },
  ];
  const printed = rows.map((row) => xmlOf(row).replace('a & b', 'a &amp; b')).join('');
  const {
    events,
    oldest: from,
    newest: to,
  } = eventsOf(ask(system, { ...WORKS, [filtered('System')]: printed }));
  assert.deepEqual(
    events.map(({ recordId }) => recordId),
    [899, 700],
  );
  assert.deepEqual(events[0], {
    channel: 'System',
    provider: 'Schannel',
    id: 36_874,
    recordId: 899,
    at: '2026-11-27T00:59:00.000Z',
    level: 2,
    computer: 'vm1.corp.example',
    fields: { Type: 'a & b' },
  });
  assert.deepEqual([from, to], ['2026-01-01T00:00:00.000Z', '2026-11-27T01:00:00.123Z']);
  const all = eventsOf(
    ask({ ...system, limit: 10 } as Question, { ...WORKS, [filtered('System')]: printed }),
  );
  assert.equal(all.events.length, 3);
});

test('events: in a code page that lacks characters a field with a question mark is not told', () => {
  const printed = xmlOf({
    id: 36_871,
    record: 700,
    at: '2026-11-27T00:00:00.0000000Z',
    data: { Name: 'M?ller', Code: '10013' },
  });
  const machine = { ...WORKS, [filtered('System')]: printed };
  const fieldsIn = (language: Language) =>
    eventsOf(askPrinted(operationsFor([system]), machine, language).orElse(system)).events[0]?.fields;
  assert.deepEqual(fieldsIn(LANGUAGES.english), { Name: 'M?ller', Code: '10013' });
  assert.deepEqual(fieldsIn(LANGUAGES.german), { Code: '10013' });
});

test('events: none is an answer where wevtutil has proved that it speaks', () => {
  assert.deepEqual(eventsOf(ask(system, WORKS)).events, []);
});

const OTHER = 'Microsoft-Windows-NTLM/Operational';
const other: Question = {
  kind: 'events',
  channel: OTHER,
  select: [{ provider: 'Microsoft-Windows-NTLM', ids: [4020] }],
  withinMillis: DAY,
  limit: 9,
};

test('events: an empty log has no span', () => {
  const empty = { ...WORKS, [newest(OTHER)]: '', [oldest(OTHER)]: '', [filtered(OTHER)]: '' };
  assert.deepEqual(eventsOf(ask(other, empty)), { kind: 'events', events: [] });
});

test('events: a log that does not exist is absent, by the exit status and not by the words', () => {
  const text = 'Fehler beim Öffnen der Ereignisabfrage. Der angegebene Kanal wurde nicht gefunden.\n';
  const machine = Object.fromEntries(
    [newest(OTHER), oldest(OTHER), filtered(OTHER)].map((command) => [command, { text, status: 15_007 }]),
  );
  assert.equal(ask(other, { ...WORKS, ...machine }).state, 'absent');
});

const UNKNOWN: readonly (readonly [why: string, machine: Machine, expected: readonly [string, RegExp]])[] = [
  [
    'denied',
    { ...WORKS, [filtered('System')]: { text: 'Access is denied.\n', status: 5 } },
    ['denied', /Access is denied/],
  ],
  [
    'a wevtutil that never says a word',
    { ...WORKS, [newest('System')]: '', [oldest('System')]: '' },
    ['corrupt', /said nothing/],
  ],
  [
    'words that are no events',
    { ...WORKS, [filtered('System')]: 'The query is invalid.\n' },
    ['corrupt', /query is invalid/],
  ],
  [
    'an event cut off',
    { ...WORKS, [filtered('System')]: xmlOf(NEWEST).slice(0, 300) },
    ['corrupt', /<Event/],
  ],
  [
    'nothing that can be read',
    { ...WORKS, [filtered('System')]: '<Event><System></System></Event>\n' },
    ['corrupt', /<Event/],
  ],
  [
    'a failure without words',
    { ...WORKS, [filtered('System')]: { text: '', status: 1 } },
    ['corrupt', /ended with 1/],
  ],
  [
    'an event that was broken on the way',
    { ...WORKS, [filtered('System')]: xmlOf(NEWEST) + xmlOf(OLDEST).replace('<EventID>', '<Event\ufffdID>') },
    ['corrupt', /<Event/],
  ],
  ['no wevtutil', {}, ['no-channel', /no wevtutil\.exe/]],
];

for (const [why, machine, [word, detail]] of UNKNOWN) {
  test(`events: unknown, ${why}`, () => {
    const answer = ask(system, machine);
    assert.ok(answer.state === 'unknown', answer.state);
    assert.equal(answer.why, word);
    assert.match(answer.detail ?? '', detail);
  });
}

test('every event of the tables is in a filter, twenty comparisons a filter at the most', () => {
  for (const channel of new Set(EVENTS.map((row) => row.channel))) {
    const rows = EVENTS.filter((row) => row.channel === channel);
    const providers = [...new Set(rows.map(({ provider }) => provider))];
    const select = providers.map((provider) => ({
      provider,
      ids: rows.filter((row) => row.provider === provider).map(({ id }) => id),
    }));
    const { text } = cmdScript(
      operationsFor([{ kind: 'events', channel, select, withinMillis: DAY, limit: 1 }]),
      MARK,
    );
    const filters = [...text.matchAll(/"\/q:([^"]*)"/g)].map(([, filter]) => filter ?? '');
    const asked = filters.flatMap((filter) => {
      assert.ok((filter.match(/=/g) ?? []).length <= 20, filter);
      return [...filter.matchAll(/Provider\[@Name='([^']+)'\] and \(([^)]*)\)/g)].flatMap(
        ([, provider, ids = '']) => [...ids.matchAll(/EventID=(\d+)/g)].map(([, id]) => `${provider} ${id}`),
      );
    });
    assert.deepEqual(asked.sort(), rows.map(({ provider, id }) => `${provider} ${id}`).sort(), channel);
  }
});

const logons: Question = {
  kind: 'logons',
  channel: 'Security',
  withinMillis: 14 * DAY,
  limit: 60_000,
  bytes: 1 << 24,
};
const failure = (record: number, at: string): string =>
  xmlOf(
    {
      provider: 'Microsoft-Windows-Security-Auditing',
      id: 4625,
      record,
      at,
      data: {
        TargetUserName: 'alice',
        TargetDomainName: 'CORP',
        Status: '0xc000006d',
        SubStatus: '0xc000006a',
        LogonType: '3',
        IpAddress: '10.0.0.7',
      },
    },
    'Security',
  );
const SECURITY: Machine = {
  ...WORKS,
  [newest('Security')]: failure(900, '2026-11-27T01:00:00.0000000Z'),
  [oldest('Security')]: failure(1, '2026-11-26T00:00:00.0000000Z'),
};

test('sign-ins are counted, as far back as the log goes', () => {
  const printed = failure(900, '2026-11-27T01:00:00.0000000Z') + failure(899, '2026-11-27T00:00:00.0000000Z');
  const answer = ask(logons, { ...SECURITY, [filtered('Security')]: printed });
  assert.ok(answer.state === 'present' && answer.value.kind === 'logons');
  const { total, accounts, since, until, endedBy } = answer.value.tally;
  assert.equal(total, 2);
  assert.equal(accounts[0]?.account, 'alice');
  assert.deepEqual([since, until, endedBy], ['2026-11-26T00:00:00.000Z', '2026-11-27T01:00:00.000Z', 'log']);
});

test('sign-ins beyond the limit are not counted, and that is said', () => {
  const printed = Array.from({ length: 1000 }, (_, index) =>
    failure(2000 - index, '2026-11-27T00:30:00.0000000Z'),
  ).join('');
  const answer = ask(logons, { ...SECURITY, [filtered('Security')]: printed });
  assert.ok(answer.state === 'present' && answer.value.kind === 'logons');
  assert.deepEqual([answer.value.tally.total, answer.value.tally.endedBy], [1000, 'limit']);
  assert.equal(answer.value.tally.since, '2026-11-27T00:30:00.000Z');
});

test('a Security log that one may not read', () => {
  const denied = { text: 'Access is denied.\n', status: 5 };
  const answer = ask(logons, {
    ...WORKS,
    [newest('Security')]: denied,
    [oldest('Security')]: denied,
    [filtered('Security')]: denied,
  });
  assert.equal(answer.state === 'unknown' && answer.why, 'denied');
});

test('when Windows started, by event 12 of Kernel-General', () => {
  const started = xmlOf({
    provider: 'Microsoft-Windows-Kernel-General',
    id: 12,
    record: 880,
    at: '2026-11-25T05:00:07.0000000Z',
    data: { MajorVersion: '10', StartTime: '2026-11-25T05:00:06.5000000Z' },
  });
  const answer = ask({ kind: 'start-time' }, { ...WORKS, [filtered('System')]: started });
  assert.deepEqual(answer.state === 'present' && answer.value, {
    kind: 'time',
    at: '2026-11-25T05:00:06.500Z',
  });
  assert.equal(ask({ kind: 'start-time' }, WORKS).state, 'unknown');
});
