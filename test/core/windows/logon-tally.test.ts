// The count of sign-ins at its bounds: order, doubles, whose rows are kept, and how many.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NamedUser } from '../../../src/core/model/cause.ts';
import { LogonCounter } from '../../../src/core/windows/logon-tally.ts';

type Fields = Readonly<Record<string, string>>;

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();
const BASE = { TargetUserName: 'alice', TargetDomainName: 'CORP', LogonType: '3' };

/** Counts; each event is its id, its minute and what differs from a refused password of CORP\alice over the network. */
function count(
  events: readonly (readonly [id: number, minute: number, but?: Fields])[],
  account?: NamedUser,
): ReturnType<LogonCounter['result']> {
  const counter = new LogonCounter(account);
  for (const [id, minute, but] of events) {
    const fields = {
      ...BASE,
      ...(id === 4625 ? { Status: '0xc000006d', SubStatus: '0xc000006a', IpAddress: '203.0.113.9' } : {}),
      ...but,
    };
    counter.add({ id, at: at(minute), fields }, `S#${minute}`);
  }
  return counter.result();
}

const times = <T>(many: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: many }, (_, index) => make(index));

describe('one row', () => {
  test('in any order: first and last by time, name and place of the newest', () => {
    const { statuses, accounts } = count([
      [4625, 5, { TargetUserName: 'Alice', TargetDomainName: 'Corp' }],
      [4625, 9, { TargetUserName: 'ALICE', TargetDomainName: 'CORP' }],
      [4625, 2],
      [4625, 9, { TargetUserName: 'aLICE' }],
    ]);
    assert.equal(statuses.length, 1);
    assert.deepEqual(accounts, statuses);
    const [row] = statuses;
    assert.deepEqual(
      [row?.account, row?.domain, row?.count, row?.first, row?.last, row?.locator],
      ['ALICE', 'CORP', 4, at(2), at(9), 'S#9'],
    );
  });
  test('an event of another kind, or of nobody, is not counted', () => {
    const tally = count([
      [4634, 1],
      [4625, 2, { LogonType: '0' }],
      [4624, 3, { LogonType: '5' }],
      [4625, 4, { LogonType: 'x' }],
    ]);
    assert.deepEqual(
      [tally.total, tally.remote, tally.successes.length, tally.statuses.length],
      [0, 0, 0, 0],
    );
  });
  test('a field that is missing or a dash is empty, a number that is none is 0', () => {
    const counter = new LogonCounter();
    counter.add(
      { id: 4625, at: at(1), fields: { LogonType: '3', TargetUserName: '-', Status: '-1', IpAddress: '-' } },
      'S#1',
    );
    const { statuses, names, addresses } = counter.result();
    assert.deepEqual(
      [statuses[0]?.account, statuses[0]?.domain, statuses[0]?.status, names, addresses],
      ['', '', 0, 0, 0],
    );
  });
  test('a name without end is cut', () => {
    const { accounts } = count([
      [4625, 1, { TargetUserName: 'x'.repeat(300) }],
      [4625, 2, { TargetUserName: 'y'.repeat(256) }],
    ]);
    assert.deepEqual(
      accounts.map(({ account }) => account.length),
      [256, 256],
    );
  });
});

describe('where from', () => {
  test('each kind of sign-in by Remote Desktop counts', () => {
    const { remote, total } = count(
      ['2', '3', '7', '8', '10', '11'].map((LogonType, index) => [4625, index, { LogonType }] as const),
    );
    assert.deepEqual([remote, total], [3, 6]);
  });
  test('the machine itself is no address; one that begins alike is', () => {
    const { addresses, busiest } = count(
      ['127.0.0.1', '127.1.2.3', '::1', '-', '1127.0.0.1', '::10'].map(
        (IpAddress, index) => [4625, index, { IpAddress }] as const,
      ),
    );
    assert.equal(addresses, 2);
    assert.deepEqual(busiest.map(({ address }) => address).sort(), ['1127.0.0.1', '::10']);
  });
  test('the five busiest, the busiest first', () => {
    const { busiest, addresses } = count(
      times(7, (address) =>
        times(address + 1, () => [4625, 1, { IpAddress: `198.51.100.${address}` }] as const),
      ).flat(),
    );
    assert.equal(addresses, 7);
    assert.deepEqual(
      busiest,
      [7, 6, 5, 4, 3].map((many) => ({ address: `198.51.100.${many - 1}`, count: many })),
    );
  });
  test('who was let in at any time is no name that never was', () => {
    const named = (TargetUserName: string) => ({ TargetUserName });
    const { names, namesNeverIn } = count([
      [4625, 1, named('a')],
      [4625, 2, named('b')],
      [4624, 3, named('A')],
      [4624, 4, named('c')],
    ]);
    assert.deepEqual([names, namesNeverIn], [2, 1]);
  });
});

describe('sign-ins', () => {
  const seen = (events: Parameters<typeof count>[0], account?: NamedUser): readonly string[] =>
    count(events, account).successes.map(
      (row) => `${row.account} ${row.logonType} ${row.authentication} ${row.locator}`,
    );
  test('the newest, in whichever order they come', () => {
    const package_ = { AuthenticationPackageName: 'NTLM' };
    assert.deepEqual(
      seen([
        [4624, 2, package_],
        [4624, 7, package_],
        [4624, 5, package_],
      ]),
      ['alice 3 NTLM S#7'],
    );
  });
  test('kinds and domains apart, newest first', () =>
    assert.deepEqual(
      seen([
        [4624, 1],
        [4624, 3, { LogonType: '10' }],
        [4624, 2, { TargetDomainName: 'VM1' }],
        [4624, 4, { TargetUserName: 'ALICE' }],
      ]),
      ['ALICE 3  S#4', 'alice 10  S#3', 'alice 3  S#2'],
    ));
  test("the window manager's own accounts are nobody; a user of a similar name is somebody", () =>
    assert.deepEqual(
      seen(
        ['DWM-1', 'umfd-12', 'DWM-x', 'DWM-', 'xDWM-1', 'DWM-1x'].map(
          (TargetUserName, index) => [4624, index, { TargetUserName }] as const,
        ),
      ).map((row) => row.split(' ')[0]),
      ['DWM-1x', 'xDWM-1', 'DWM-', 'DWM-x'],
    ));
  test('the account that was named first, then those that failed, then the newest', () => {
    const named = (TargetUserName: string) => ({ TargetUserName });
    assert.deepEqual(
      seen(
        [
          [4624, 9, named('new')],
          [4624, 8, named('failed')],
          [4624, 1, named('old')],
          [4624, 2, named('alice')],
          [4625, 3, named('failed')],
        ],
        { name: 'ALICE', domain: '' },
      ).map((row) => row.split(' ')[0]),
      ['alice', 'failed', 'new', 'old'],
    );
  });
  test('two hundred at the most', () =>
    assert.equal(
      seen(times(250, (index) => [4624, index, { TargetUserName: `u${index}` }] as const)).length,
      200,
    ));
});

describe('what is handed on of very many', () => {
  test('sign-ins of one moment in the order in which they came', () => {
    const { successes } = count([
      [4624, 5, { TargetUserName: 'bob' }],
      [4624, 5, { TargetUserName: 'carol' }],
      [4624, 6, { TargetUserName: 'dave' }],
      [4624, 5, { TargetUserName: 'erin' }],
    ]);
    assert.deepEqual(
      successes.map(({ account }) => account),
      ['dave', 'bob', 'carol', 'erin'],
    );
  });
  test('fifty statuses, the most frequent first', () => {
    const { statuses } = count(
      times(60, (index) =>
        times(
          index === 59 ? 3 : 1,
          () => [4625, 1, { SubStatus: `0xc00001${(16 + index).toString(16)}` }] as const,
        ),
      ).flat(),
    );
    assert.equal(statuses.length, 50);
    assert.equal(statuses[0]?.count, 3);
    assert.equal(statuses[1]?.count, 1);
  });
  test('sixty accounts, the most frequent first; a right that is missing before all of them', () => {
    const { accounts } = count([
      ...times(70, (index) =>
        times(index === 69 ? 3 : 1, () => [4625, 1, { TargetUserName: `u${index}` }] as const),
      ).flat(),
      [4625, 2, { TargetUserName: 'denied', SubStatus: '0xc000015b' }],
    ]);
    assert.equal(accounts.length, 60);
    assert.deepEqual(
      accounts.slice(0, 3).map(({ account, count: many }) => [account, many]),
      [
        ['denied', 1],
        ['u69', 3],
        ['u0', 1],
      ],
    );
  });
  test('of the account that was named all rows, up to five hundred', () => {
    const of = (many: number) =>
      count(
        times(
          many,
          (index) => [4625, index, { SubStatus: `0xc00${(0x1000 + index).toString(16)}` }] as const,
        ),
        { name: 'alice', domain: '' },
      ).accounts.length;
    assert.deepEqual([of(59), of(61), of(499), of(501), of(600)], [59, 61, 499, 500, 500]);
  });
  test('as many names, addresses and rows as are told apart, and not one more', () => {
    const of = (many: number, but: (index: number) => Fields) =>
      count(times(many, (index) => [4625, 1, but(index)] as const));
    const names = (index: number) => ({ TargetUserName: `u${index}`, IpAddress: '-' });
    assert.equal(of(20_000, names).capped, false);
    const more = of(20_001, names);
    assert.deepEqual([more.names, more.capped], [20_000, true]);
    const addresses = of(20_001, (index) => ({ TargetUserName: '-', IpAddress: `h${index}` }));
    assert.deepEqual([addresses.addresses, addresses.capped, addresses.names], [20_000, true, 0]);
  });
  test('a status beyond as many as are told apart counts in the total alone', () => {
    const of = (many: number) =>
      count([
        ...times(
          many,
          (index) => [4625, 1, { SubStatus: `0x${(0xc0010000 + index).toString(16)}` }] as const,
        ),
        ...times(3, () => [4625, 2, { SubStatus: '0xc0000072' }] as const),
      ]);
    const room = of(19_999);
    assert.deepEqual([room.statuses[0]?.status, room.statuses[0]?.count], [0xc0000072, 3]);
    assert.deepEqual([room.total, room.capped], [20_002, false]);
    const full = of(20_000);
    assert.deepEqual([full.total, full.capped], [20_003, true]);
    const told = [...full.statuses, ...full.accounts].filter(({ status }) => status === 0xc0000072);
    assert.deepEqual(told, []);
  });
});
