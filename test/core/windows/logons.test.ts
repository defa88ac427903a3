import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogonTally } from '../../../src/core/model/windows-facts.ts';
import { LogonCounter } from '../../../src/core/windows/logon-tally.ts';
import { inquireLogons } from '../../../src/core/windows/logons.ts';
import { ask, CONTEXT, type FakeMachine } from './fake-machine.ts';

const PROVIDER = 'Microsoft-Windows-Security-Auditing';

// Field names and forms as Windows writes them (event 4625 version 0, 4624 version 2).
function failed(at: string, but: Readonly<Record<string, string>> = {}) {
  const fields = {
    ...{ TargetUserName: 'alice', TargetDomainName: 'CORP', Status: '0xc000006d', SubStatus: '0xc000006a' },
    ...{ LogonType: '3', IpAddress: '203.0.113.9', WorkstationName: 'LAPTOP' },
    ...but,
  };
  return { provider: PROVIDER, id: 4625, at: `2026-03-01T${at}:00.000Z`, fields };
}

function signedIn(at: string, but: Readonly<Record<string, string>> = {}) {
  const fields = {
    ...{ TargetUserName: 'alice', TargetDomainName: 'CORP', LogonType: '3' },
    ...{ AuthenticationPackageName: 'NTLM', ...but },
  };
  return { provider: PROVIDER, id: 4624, at: `2026-03-01T${at}:00.000Z`, fields };
}

function count(...events: NonNullable<FakeMachine['logs']>[string]): LogonTally {
  const { value, rounds } = ask({ logs: { Security: events } }, inquireLogons(CONTEXT));
  assert.equal(rounds, 1);
  const observed = value['logon.failures'];
  assert.ok(observed?.state === 'present');
  return observed.value;
}

test('failures that end alike are one row, with the first, the last and where that stands', () => {
  const { total, statuses, accounts, since, until } = count(
    failed('11:30'),
    failed('11:20'),
    failed('11:10'),
  );
  assert.equal(total, 3);
  assert.equal(accounts.length, 1);
  assert.deepEqual(statuses, [
    {
      account: 'alice',
      domain: 'CORP',
      status: 0xc000006a,
      name: 'STATUS_WRONG_PASSWORD',
      logonType: 3,
      count: 3,
      first: '2026-03-01T11:10:00.000Z',
      last: '2026-03-01T11:30:00.000Z',
      locator: 'Security.evtx#3',
    },
  ]);
  assert.deepEqual([since, until], ['2026-03-01T11:10:00.000Z', '2026-03-01T11:30:00.000Z']);
});

test('SubStatus is the more exact one where it is not zero', () => {
  const { statuses } = count(
    failed('11:30', { Status: '0xc000006e', SubStatus: '0xc000006f' }),
    failed('11:20', { Status: '0xc000015b', SubStatus: '0x0' }),
  );
  assert.deepEqual(statuses.map(({ status }) => status).sort(), [0xc000006f, 0xc000015b]);
});

test('rows are kept apart by account, authority, status and kind of logon', () => {
  const { accounts, statuses } = count(
    failed('11:30'),
    failed('11:29', { TargetUserName: 'bob' }),
    failed('11:28', { TargetDomainName: 'VM1' }),
    failed('11:27', { SubStatus: '0xc0000234' }),
    failed('11:26', { LogonType: '10' }),
    failed('11:25', { TargetUserName: 'ALICE', TargetDomainName: 'corp' }),
  );
  assert.equal(accounts.length, 5);
  assert.equal(statuses.length, 3);
});

test('tasks and services are nobody who signs in', () => {
  assert.equal(count(failed('11:30', { LogonType: '4' }), failed('11:20', { LogonType: '5' })).total, 0);
});

test('names, addresses and names that were never let in count of remote sign-ins alone', () => {
  const tally = count(
    failed('11:30'),
    failed('11:29', { TargetUserName: 'bob', IpAddress: '203.0.113.10' }),
    failed('11:28', { TargetUserName: 'bob' }),
    failed('11:27', { TargetUserName: 'carol', LogonType: '2', IpAddress: '203.0.113.11' }),
    failed('11:26', { TargetUserName: 'dave', IpAddress: '-' }),
    failed('11:25', { TargetUserName: 'dave', IpAddress: '127.0.0.1' }),
    signedIn('11:20'),
  );
  const { total, remote, names, namesNeverIn, addresses, busiest } = tally;
  assert.deepEqual(
    { total, remote, names, namesNeverIn, addresses },
    { total: 6, remote: 5, names: 3, namesNeverIn: 2, addresses: 2 },
  );
  assert.deepEqual(busiest[0], { address: '203.0.113.9', count: 2 });
});

test('of an account that signs in again and again the newest is kept, by kind and package', () => {
  const { successes } = count(
    signedIn('11:30'),
    signedIn('11:20'),
    signedIn('11:10', { AuthenticationPackageName: 'Kerberos' }),
    signedIn('11:05', { TargetUserName: 'DWM-2', TargetDomainName: 'Window Manager', LogonType: '2' }),
  );
  assert.deepEqual(
    successes.map(({ at, authentication }) => [at.slice(11, 16), authentication]),
    [
      ['11:30', 'NTLM'],
      ['11:10', 'Kerberos'],
    ],
  );
});

test('the account that was named is kept among thousands, whatever came first; memory is bounded', () => {
  const counter = new LogonCounter({ name: 'Alice', domain: '' });
  const of = (name: string, address: string) =>
    ({ ...failed('11:30', { TargetUserName: name, IpAddress: address }) }) as const;
  for (let at = 0; at < 30_000; at += 1)
    counter.add(of(`user${at}`, `198.51.${at % 250}.${at % 199}`), `S#${at}`);
  counter.add(failed('11:00', { SubStatus: '0xc0000234' }), 'S#1');
  counter.add(signedIn('11:10'), 'S#2');
  const { accounts, successes, names, capped, total } = counter.result();
  assert.equal(accounts[0]?.account, 'alice');
  assert.equal(accounts[0]?.status, 0xc0000234);
  assert.equal(successes[0]?.account, 'alice');
  assert.ok(accounts.length <= 60);
  assert.equal(total, 30_001);
  assert.ok(names <= 20_000 && capped);
});

test('one refused for its right is kept before those that failed more often', () => {
  const counter = new LogonCounter();
  for (let at = 0; at < 200; at += 1) {
    for (let times = 0; times < 2; times += 1)
      counter.add(failed('11:30', { TargetUserName: `user${at}` }), 'S#1');
  }
  counter.add(failed('11:00', { Status: '0xc000015b', SubStatus: '0x0', TargetUserName: 'bob' }), 'S#2');
  assert.equal(counter.result().accounts[0]?.account, 'bob');
});

test('no log says nothing, nor does one that cannot be read', () => {
  const observed = (machine: FakeMachine) => ask(machine, inquireLogons(CONTEXT)).value['logon.failures'];
  const missing = observed({});
  assert.ok(missing?.state === 'unknown' && missing.why === 'not-gathered');
  const damaged = observed({ unreadable: ['Security'] });
  assert.ok(damaged?.state === 'unknown' && damaged.why === 'corrupt');
});
