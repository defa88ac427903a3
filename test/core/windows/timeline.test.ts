// The timeline: which events count, what they say, when it last worked and when it first failed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { together } from '../../../src/core/bytes/batched.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import type { EventTimeline } from '../../../src/core/model/windows-facts.ts';
import type { EventRecord, PlaceQuestion } from '../../../src/core/windows/inquiry.ts';
import { inquireMachine, machineInquiries } from '../../../src/core/windows/machine.ts';
import { throughRegistry } from '../../../src/core/windows/through-registry.ts';
import { inquireTimeline } from '../../../src/core/windows/timeline.ts';
import { ask, CONTEXT, placeOf } from './fake-machine.ts';

const SECURITY = 'Microsoft-Windows-Security-Auditing';
const LSM = 'Microsoft-Windows-TerminalServices-LocalSessionManager';
const RCM = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager';

type Fields = Readonly<Record<string, string>>;
type Row = readonly [at: string, provider: string, id: number, fields?: Fields];

/** Channels with their events, newest first; what stands in `damaged` cannot be read. */
function look(
  logs: Readonly<Record<string, readonly Row[]>>,
  damaged: readonly string[] = [],
): Evidence['events.relevant'] {
  const inquiry = throughRegistry(inquireTimeline(CONTEXT));
  const step = inquiry.next();
  assert.ok(step.done !== true, 'it asks');
  const answered = inquiry.next(
    step.value.map((question) => {
      const at = placeOf(question);
      if (damaged.includes(at)) return { state: 'unknown', at, why: 'corrupt', detail: `${at} is damaged` };
      const rows = logs[at];
      if (rows === undefined) return { state: 'absent', at };
      const events = rows.map(
        ([time, provider, id, fields = {}], index): EventRecord => ({
          channel: at,
          provider,
          id,
          recordId: rows.length - index,
          at: time,
          fields,
        }),
      );
      const newest = events[0]?.at;
      const oldest = events.at(-1)?.at;
      return {
        state: 'present',
        at: `${at}.evtx`,
        value: {
          kind: 'events',
          events,
          ...(oldest === undefined ? {} : { oldest }),
          ...(newest === undefined ? {} : { newest }),
        },
      };
    }),
  );
  assert.ok(answered.done === true, 'one round');
  return answered.value['events.relevant'];
}

function timeline(
  logs: Readonly<Record<string, readonly Row[]>>,
  damaged: readonly string[] = [],
): EventTimeline {
  const observed = look(logs, damaged);
  assert.ok(observed?.state === 'present', `it is ${JSON.stringify(observed)}`);
  return observed.value;
}

const turn = (logs: Readonly<Record<string, readonly Row[]>>): readonly unknown[] => {
  const { firstFailure, lastSuccess } = timeline(logs);
  return [firstFailure?.slice(11, 13), lastSuccess?.slice(11, 13)];
};

const at = (hour: number): string => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const signIn = (hour: number): Row => [at(hour), LSM, 21, { Address: '10.0.0.9' }];
const failure = (hour: number): Row => [at(hour), 'NETLOGON', 3210];
const LSM_LOG = `${LSM}/Operational`;

const changed = (hour: number, provider = 'Service Control Manager', id = 7040): Row => [
  at(hour),
  provider,
  id,
];
const changesOf = (logs: Readonly<Record<string, readonly Row[]>>): readonly string[] =>
  (timeline(logs).changes ?? []).map(({ at: when, id }) => `${when.slice(11, 13)} ${id}`);

describe('what changed in between', () => {
  test('between the last sign-in and the first failure, newest first', () =>
    assert.deepEqual(
      changesOf({
        System: [changed(9), failure(8), changed(7), changed(6, 'user32', 1074), changed(2)],
        [LSM_LOG]: [signIn(3)],
      }),
      ['07 7040', '06 1074'],
    ));
  test('without a sign-in, in the week before the failure', () => {
    const old: Row = ['2025-12-20T00:00:00.000Z', 'Service Control Manager', 7040];
    assert.deepEqual(changesOf({ System: [failure(8), changed(2), old] }), ['02 7040']);
  });
  test('the ends of that span belong to it', () => {
    const week = (more: number): Row => [
      new Date(Date.parse(at(8)) - 7 * 86_400_000 + more).toISOString(),
      'Service Control Manager',
      7040,
    ];
    assert.equal(changesOf({ System: [failure(8), week(0)] }).length, 1);
    assert.equal(changesOf({ System: [failure(8), week(-1)] }).length, 0);
    assert.equal(changesOf({ System: [failure(8), changed(8)] }).length, 1);
    assert.equal(changesOf({ System: [changed(9), failure(8)] }).length, 0);
    assert.equal(changesOf({ System: [failure(8), changed(3)], [LSM_LOG]: [signIn(3)] }).length, 1);
  });
  test('a restart that speaks for a cause is a change and no failure', () =>
    assert.deepEqual(turn({ System: [changed(9, 'user32', 1074)] }), [undefined, undefined]));
  test('fifty at the most, the newest of them', () => {
    const minutes = Array.from(
      { length: 60 },
      (_, minute): Row => [
        `2026-01-01T07:${String(59 - minute).padStart(2, '0')}:00.000Z`,
        'Service Control Manager',
        7040,
      ],
    );
    const { changes } = timeline({ System: [failure(8), ...minutes] });
    assert.equal(changes?.length, 50);
    assert.equal(changes[0]?.at, '2026-01-01T07:59:00.000Z');
  });
  test('without one there is no list', () => {
    assert.ok(!('changes' in timeline({ System: [failure(8)] })));
    assert.ok(!('lastSuccess' in timeline({ System: [failure(8)] })));
    assert.ok(!('firstFailure' in timeline({ System: [] })));
  });
  test('nothing without a failure', () => assert.deepEqual(changesOf({ System: [changed(2)] }), []));
});

describe('when it last worked and first failed', () => {
  test('failures after the last sign-in', () =>
    assert.deepEqual(
      turn({ System: [failure(12), failure(9), failure(5)], [LSM_LOG]: [signIn(6), signIn(4)] }),
      ['09', '06'],
    ));
  test('it works again', () =>
    assert.deepEqual(turn({ System: [failure(5)], [LSM_LOG]: [signIn(6)] }), [undefined, '06']));
  test('it never worked', () =>
    assert.deepEqual(turn({ System: [failure(12), failure(9)] }), ['09', undefined]));
  test('nothing at all', () => assert.deepEqual(turn({ System: [] }), [undefined, undefined]));

  const rows: readonly (readonly [title: string, channel: string, row: Row, turn: readonly unknown[]])[] = [
    ['NLA passed', `${RCM}/Operational`, [at(8), RCM, 1149], [undefined, '08']],
    ['a session came back', LSM_LOG, [at(8), LSM, 25, { Address: '10.0.0.9' }], [undefined, '08']],
    ['a sign-in at the console', LSM_LOG, [at(8), LSM, 21, { Address: 'LOCAL' }], [undefined, undefined]],
    [
      'a session by the Security log',
      'Security',
      [at(8), SECURITY, 4624, { LogonType: '10' }],
      [undefined, '08'],
    ],
    ['a service signs in', 'Security', [at(8), SECURITY, 4624, { LogonType: '5' }], [undefined, undefined]],
    ['a share is opened', 'Security', [at(8), SECURITY, 4624, { LogonType: '3' }], [undefined, undefined]],
    ['a refused NLA', 'Security', [at(8), SECURITY, 4625, { LogonType: '3' }], ['08', undefined]],
    ['a refused service', 'Security', [at(8), SECURITY, 4625, { LogonType: '5' }], [undefined, undefined]],
    ['an accepted proof', 'Security', [at(8), SECURITY, 4776, { Status: '0x0' }], [undefined, undefined]],
    ['a refused proof', 'Security', [at(8), SECURITY, 4776, { Status: '0xc000006a' }], ['08', undefined]],
    ['TLS as a client', 'System', [at(8), 'Schannel', 36871, { Type: 'client' }], [undefined, undefined]],
    ['TLS as a server', 'System', [at(8), 'Schannel', 36871, { Type: 'server' }], ['08', undefined]],
    ['a listener that starts is no sign-in', `${RCM}/Operational`, [at(8), RCM, 258], [undefined, undefined]],
  ];
  for (const [title, channel, row, is] of rows)
    test(title, () => assert.deepEqual(turn({ [channel]: [row] }), is));
});

describe('what is kept', () => {
  test('newest first across the logs; of one moment each log keeps its order', () => {
    const { events } = timeline({
      System: [failure(9), [at(7), 'NETLOGON', 5719], [at(7), 'NETLOGON', 3210]],
      [LSM_LOG]: [signIn(8)],
    });
    assert.deepEqual(
      events.map(({ at: time, id }) => [time.slice(11, 13), id]),
      [
        ['09', 3210],
        ['08', 21],
        ['07', 5719],
        ['07', 3210],
      ],
    );
  });
  test('where each was found, and what it speaks for', () => {
    const [event] = timeline({ System: [failure(9)] }).events;
    assert.equal(event?.locator, 'System.evtx#1');
    assert.ok(event.proves.includes('secure-channel-broken'), `it speaks for ${event.proves.join(', ')}`);
    assert.deepEqual(event.refutes, []);
  });
  test('under attack: the newest five hundred, and the sign-in before them is still known', () => {
    const attack = Array.from(
      { length: 600 },
      (_, index): Row => [
        new Date(Date.UTC(2026, 0, 2) - index * 1000).toISOString(),
        SECURITY,
        4625,
        { LogonType: '3' },
      ],
    );
    const { events, lastSuccess, firstFailure } = timeline({ Security: attack, [LSM_LOG]: [signIn(3)] });
    assert.equal(events.length, 500);
    assert.equal(lastSuccess, at(3));
    assert.equal(firstFailure, attack.at(-1)?.[0]);
  });
  test('how far the logs reach', () =>
    assert.deepEqual(timeline({ System: [failure(9), failure(5)], [LSM_LOG]: [] }).spans, [
      { channel: 'System', oldest: at(5), newest: at(9) },
      { channel: LSM_LOG },
    ]));
});

describe('what is asked for', () => {
  const step = throughRegistry(inquireTimeline(CONTEXT)).next();
  assert.ok(step.done !== true, 'it asks');
  const asked: readonly PlaceQuestion[] = step.value;
  const questions = asked.filter((question) => question.kind === 'events');
  test('each channel once, a fortnight and four hundred events of it', () => {
    assert.equal(questions.length, asked.length);
    const channels = questions.map(({ channel }) => channel);
    assert.equal(new Set(channels).size, channels.length);
    for (const channel of ['System', 'Security', LSM_LOG, `${RCM}/Operational`])
      assert.ok(channels.includes(channel), channel);
    for (const { withinMillis, limit } of questions)
      assert.deepEqual([withinMillis, limit], [14 * 24 * 3600 * 1000, 400]);
  });
  test('of a channel its own providers, each once with all of its ids', () => {
    const selectors = questions.find(({ channel }) => channel === 'Security')?.select ?? [];
    assert.deepEqual([...new Set(selectors.map(({ provider }) => provider))], [SECURITY]);
    assert.equal(selectors.length, 1);
    for (const id of [4624, 4625, 4776, 4825]) assert.ok(selectors[0]?.ids.includes(id), String(id));
    const system = questions.find(({ channel }) => channel === 'System')?.select ?? [];
    assert.ok(system.some(({ provider, ids }) => provider === 'NETLOGON' && ids.includes(3210)));
    assert.ok(!system.some(({ provider }) => provider === SECURITY));
  });
});

describe('what cannot be read', () => {
  test('which log, and why', () => {
    assert.deepEqual(timeline({ System: [] }, ['Security']).unread, [
      { channel: 'Security', problem: 'Security is damaged' },
    ]);
    assert.ok(!('unread' in timeline({ System: [] })));
  });
  test('it stands at the first log that is there', () => {
    const observed = look({ Security: [], [LSM_LOG]: [] });
    assert.ok(observed?.state === 'present');
    assert.match(observed.from.locator, /\.evtx$/);
    const both = look({ System: [], Security: [] });
    const [first] = timeline({ System: [], Security: [] }).spans;
    assert.ok(both?.state === 'present' && both.from.locator.includes(`${first?.channel}.evtx`));
  });

  test('one log: the others are told', () => {
    const { events, spans } = timeline({ System: [failure(9)] }, ['Security']);
    assert.equal(events.length, 1);
    assert.deepEqual(
      spans.map(({ channel }) => channel),
      ['System'],
    );
  });
  test('all of them', () =>
    assert.deepEqual(look({}, ['System']), {
      state: 'unknown',
      why: 'corrupt',
      detail: 'System is damaged',
    }));
  test('none is there', () =>
    assert.deepEqual(look({}), {
      state: 'unknown',
      why: 'not-gathered',
      detail: 'no event log was found',
    }));
});

describe('a machine with logs', () => {
  const logs = {
    System: [
      { at: '2026-01-20T00:00:00.000Z', provider: 'Service Control Manager', id: 7036 },
      { at: '2026-01-19T00:00:00.000Z', provider: 'NETLOGON', id: 3210, fields: { param1: 'DC1' } },
      { at: '2026-01-01T00:00:00.000Z', provider: 'NETLOGON', id: 3210, fields: { param1: 'DC2' } },
    ],
  };

  test('events carry their fields, and what is older than a fortnight before the newest is left out', () => {
    const { value } = ask({ logs }, inquireTimeline(CONTEXT));
    const observed = value['events.relevant'];
    assert.ok(observed?.state === 'present');
    assert.deepEqual(
      observed.value.events.map(({ fields, locator }) => [fields, locator]),
      [[{ param1: 'DC1' }, 'System#2']],
    );
    assert.deepEqual(observed.value.spans, [
      { channel: 'System', oldest: '2026-01-01T00:00:00.000Z', newest: '2026-01-20T00:00:00.000Z' },
    ]);
  });
});

describe('the whole machine', () => {
  test('three rounds at the most, and no question twice', () => {
    const asked: string[] = [];
    // Each part by itself, as the disk is asked: one that takes two rounds keeps no other waiting.
    const inquiry = together(machineInquiries(CONTEXT).map(throughRegistry));
    const watched = (function* () {
      let step = inquiry.next();
      while (!step.done) {
        asked.push(...step.value.map((question: PlaceQuestion) => `${question.kind} ${placeOf(question)}`));
        step = inquiry.next(yield step.value);
      }
      const evidence: Evidence = Object.assign({}, ...step.value);
      return evidence;
    })();
    const thumbprint = new Uint8Array(20).fill(7);
    const { value, rounds } = ask(
      {
        registry: {
          'SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations': {
            SelfSignedCertificate: thumbprint,
          },
          'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion': {
            CurrentBuildNumber: '20348',
            InstallationType: 'Server',
          },
          'SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\{A}': {},
          'SECURITY\\Policy\\Accounts\\S-1-1-0\\ActSysAc': { '': 2 },
        },
        logs: { System: [], Security: [] },
      },
      watched,
    );
    assert.equal(rounds, 2);
    const twice = asked.filter((question, index) => asked.indexOf(question) !== index);
    assert.deepEqual(twice, REPEATED);
    const missing = Object.entries(value).filter(([, observed]) => observed?.state === 'unknown');
    assert.deepEqual(
      missing.map(([fact]) => fact),
      // What no disk can tell.
      ['time.source', 'os.startedAt', 'resources.state', 'listener.owner'],
    );
  });

  test('nothing can be read: every fact says so', () => {
    const { value } = ask({ unreadable: ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM'] }, inquireMachine(CONTEXT));
    const states = Object.entries(value).map(([fact, observed]) => `${fact} ${observed?.state}`);
    assert.deepEqual(
      states.filter((text) => !text.endsWith(' unknown')),
      ['grouppolicy.local present', 'credssp.fileVersion absent'],
    );
    assert.equal(states.length, 68);
  });
});

/** What two parts of the inquiry ask for, each for its own: answered from the same page of the hive. */
const REPEATED = [
  'value SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion!InstallationType',
  // Beside the name that is in use, whether a restart is to give it.
  'value SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName!ComputerName',
  // Who owns the port.
  'value SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp!PortNumber',
  // The secure channel is looked at apart, for it may take half a minute.
  'value SECURITY\\Policy\\PolPrDmS!',
  'value SECURITY\\Policy\\PolDnDDN!',
  'value SECURITY\\Policy\\PolPrDmN!',
  'value SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters!Domain',
  'value SYSTEM\\CurrentControlSet\\Control\\ProductOptions!ProductType',
  'value SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp!PortNumber',
];
