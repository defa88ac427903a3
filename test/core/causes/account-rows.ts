// What every cause that speaks of one account has in common: three places that state a status, and when each counts.
import type { Cause } from '../../../src/core/model/cause.ts';
import type { LogonFailureRow, LogonSuccess, LogonTally } from '../../../src/core/model/windows-facts.ts';
import { type CauseCase, checkCause, seen, unseen } from './evidence.ts';
import { MEMBER, onDisk } from './windows-evidence.ts';

export interface StatusRow {
  readonly status: number;
  readonly name: string;
  /** What the explanation says of it. */
  readonly says: string;
}

/** Counted sign-ins: nothing failed, but for what is given. */
export function tally(but: Partial<LogonTally> = {}): LogonTally {
  return {
    ...{ total: 1, remote: 1, names: 1, namesNeverIn: 1, addresses: 1, capped: false },
    busiest: [{ address: '203.0.113.9', count: 1 }],
    statuses: [],
    accounts: [],
    successes: [],
    since: '2026-02-22T12:00:00.000Z',
    until: '2026-03-01T11:59:00.000Z',
    endedBy: 'log',
    ...but,
  };
}

/** One failure at 11:30, over the network. */
export function failure(status: number, but: Partial<LogonFailureRow> = {}): LogonFailureRow {
  const at = '2026-03-01T11:30:00.000Z';
  return {
    ...{ account: 'alice', domain: 'CORP', status, name: 'SOME_STATUS', logonType: 3, count: 1 },
    ...{ first: at, last: at, locator: 'Security.evtx#4711' },
    ...but,
  };
}

/** A sign-in over the network, so many minutes after 11:00. */
export function success(minutes: number, but: Partial<LogonSuccess> = {}): LogonSuccess {
  const at = new Date(Date.UTC(2026, 2, 1, 11, minutes)).toISOString();
  return {
    ...{ account: 'alice', domain: 'CORP', logonType: 3, authentication: 'NTLM' },
    ...{ at, locator: `Security.evtx#${5000 + minutes}` },
    ...but,
  };
}

const ALICE = { name: 'alice', domain: 'corp' };

/** Every status from every place, and the rows that hold for each such cause. */
export function checkAccountCause(cause: Cause, rows: readonly [StatusRow, ...StatusRow[]]): void {
  const [{ status }] = rows;
  const counted = (but: Partial<LogonTally>) => ({
    'domain.membership': MEMBER,
    'computer.name': onDisk('VM1'),
    'logon.failures': onDisk(tally(but)),
  });
  const code = (value: number) => `0x${value.toString(16).toUpperCase()}`;
  checkCause(cause, [
    ...rows.flatMap((row): readonly CauseCase[] => [
      {
        name: `${row.name} of the attempt is proof`,
        evidence: { 'nla.logon': seen({ status: row.status, name: row.name }) },
        user: ALICE,
        verdict: 'confirmed',
        facts: ['nla.logon'],
        says: [code(row.status), row.name, row.says, 'corp\\alice'],
      },
      {
        name: `${row.name} before any name was sent`,
        evidence: { 'ntlm.refusal': seen({ status: row.status, name: row.name }) },
        verdict: 'likely',
        facts: ['ntlm.refusal'],
        says: [code(row.status), row.says],
      },
      {
        name: `${row.name} in the log, of the account that was named`,
        evidence: counted({ accounts: [failure(row.status, { count: 14, name: row.name })] }),
        user: ALICE,
        verdict: 'likely',
        facts: ['logon.failures'],
        says: [code(row.status), row.name, row.says, '14 times', 'Security.evtx#4711'],
      },
    ]),
    {
      name: 'the attempt was accepted',
      evidence: { 'nla.logon': seen({ status: 0, name: 'STATUS_SUCCESS' }), ...counted({}) },
      user: ALICE,
      verdict: 'ruled-out',
      facts: ['nla.logon'],
      says: ['corp\\alice'],
    },
    {
      name: 'the attempt was refused for another reason',
      evidence: { 'nla.logon': seen({ status: 0xc0000418, name: 'STATUS_NTLM_BLOCKED' }) },
      verdict: 'inconclusive',
      facts: ['logon.failures'],
    },
    {
      name: 'another account in the log says nothing',
      evidence: counted({ accounts: [failure(status, { account: 'bob' })] }),
      user: ALICE,
      verdict: 'inconclusive',
      facts: ['nla.logon'],
    },
    {
      name: 'an account of that name at another authority says nothing',
      evidence: counted({ accounts: [failure(status, { domain: 'VM1' })] }),
      user: ALICE,
      verdict: 'inconclusive',
      facts: ['nla.logon'],
    },
    {
      name: 'nobody was named, so no account in the log counts',
      evidence: counted({ accounts: [failure(status)] }),
      verdict: 'inconclusive',
      facts: ['nla.logon'],
      says: ['no account was named'],
    },
    {
      name: 'a later sign-in of the same account makes it history',
      evidence: counted({ accounts: [failure(status)], successes: [success(40)] }),
      user: ALICE,
      verdict: 'inconclusive',
      facts: ['nla.logon'],
      says: ['Security.evtx#5040'],
    },
    {
      name: 'an earlier sign-in does not, nor one of somebody else',
      evidence: counted({
        accounts: [failure(status)],
        successes: [success(20), success(40, { account: 'bob' }), success(40, { domain: 'VM1' })],
      }),
      user: ALICE,
      verdict: 'likely',
      facts: ['logon.failures'],
    },
    {
      name: 'the Security log could not be read',
      evidence: { 'logon.failures': unseen('corrupt'), 'nla.logon': unseen('no-channel') },
      user: ALICE,
      verdict: 'inconclusive',
      facts: ['nla.logon', 'logon.failures'],
      settledBy: ['--user'],
    },
  ]);
}
