// Refused sign-ins: on the wire, as events, and as rows of the count that stand among the events.
// SubStatus says more than Status where it is not zero: "4625(F): An account failed to log on", Microsoft Learn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  citingLogs,
  describeRefused,
  refusedOnTheWire,
  refusedWith,
  timelineWithLogons,
} from '../../../src/core/causes/_logons.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { failure, success, tally } from './account-rows.ts';
import { none, seen, unseen } from './evidence.ts';
import { event, MEMBER, onDisk, timeline } from './windows-evidence.ts';

const LOCKED = new Set([0xc0000234]);
const refused = (fields: Readonly<Record<string, string>>) => event('Security-Auditing', 4625, 30, fields);

test('the status of the attempt comes before that of a refusal without a name', () => {
  const fact = (evidence: Evidence) => refusedOnTheWire(evidence, LOCKED)?.fact;
  const locked = seen({ status: 0xc0000234, name: 'STATUS_ACCOUNT_LOCKED_OUT' });
  const other = seen({ status: 0xc000006a, name: 'STATUS_WRONG_PASSWORD' });
  const wordless = seen({ name: 'SPNEGO reject' });
  assert.equal(fact({}), undefined);
  assert.equal(fact({ 'nla.logon': locked }), 'nla.logon');
  assert.equal(fact({ 'nla.logon': locked, 'ntlm.refusal': locked }), 'nla.logon');
  assert.equal(fact({ 'nla.logon': other, 'ntlm.refusal': locked }), 'ntlm.refusal');
  assert.equal(fact({ 'nla.logon': unseen(), 'ntlm.refusal': locked }), 'ntlm.refusal');
  assert.equal(fact({ 'nla.logon': other, 'ntlm.refusal': wordless }), undefined);
  const words = (evidence: Evidence) => refusedOnTheWire(evidence, LOCKED)?.words ?? '';
  for (const told of [words({ 'nla.logon': locked }), words({ 'ntlm.refusal': locked })])
    assert.match(told, /0xC0000234 \(STATUS_ACCOUNT_LOCKED_OUT\)$/);
  assert.notEqual(words({ 'nla.logon': locked }), words({ 'ntlm.refusal': locked }));
});

test('a refusal by SubStatus, else by Status, of the kinds of logon that are asked for', () => {
  const rows: readonly (readonly [Readonly<Record<string, string>>, boolean])[] = [
    [{ Status: '0xc0000234' }, true],
    [{ Status: '0xc0000234', SubStatus: '0x0' }, true],
    [{ Status: '0xc000006d', SubStatus: '0xc0000234' }, true],
    [{ Status: '0xc0000234', SubStatus: '0xc000006a' }, false],
    [{ Status: '3221226036' }, true],
    [{ Status: 'locked out' }, false],
    [{}, false],
  ];
  for (const [fields, is] of rows)
    assert.equal(refusedWith(LOCKED)(refused(fields)), is, JSON.stringify(fields));
  assert.ok(!refusedWith(LOCKED)({ ...refused({ Status: '0xc0000234' }), id: 4624 }));
  assert.ok(!refusedWith(new Set([0]))(event('Security-Auditing', 4624, 30)));
  const by = (LogonType: string) =>
    refusedWith(LOCKED, [3, 10])(refused({ Status: '0xc0000234', LogonType }));
  assert.deepEqual(['3', '10', '2', '', '-'].map(by), [true, true, false, false, false]);
});

test('who was refused is named where the event names somebody', () => {
  const told = (TargetUserName: string) => describeRefused(refused({ TargetUserName, Status: '0xc0000234' }));
  assert.match(told('alice'), /alice .*0xC0000234$/);
  assert.equal(told(''), told('-'));
  assert.doesNotMatch(told('-'), / - /);
  assert.equal(describeRefused(refused({ Status: '0xc0000234' })), told(''));
  assert.match(describeRefused(refused({ Status: '0xc000006d', SubStatus: '0xc0000234' })), /0xC0000234$/);
});

test('the count stands among the events, each row as the event that it was', () => {
  assert.equal(timelineWithLogons({}), undefined);
  const log = timeline(event('NETLOGON', 5719, 10));
  assert.deepEqual(
    timelineWithLogons({ 'events.relevant': log, 'logon.failures': none() })?.events.map(({ id }) => id),
    [5719],
  );
  const counted = onDisk(
    tally({
      statuses: [failure(0xc0000234, { logonType: 10 })],
      accounts: [failure(0xc000006a, { account: 'bob' })],
      successes: [success(40)],
    }),
  );
  const alone = timelineWithLogons({ 'logon.failures': counted });
  assert.deepEqual(alone?.spans, []);
  assert.deepEqual(
    alone.events.map(({ id, fields }) => [id, fields['TargetUserName'], fields['LogonType']]),
    [
      [4625, 'alice', '10'],
      [4625, 'bob', '3'],
      [4624, 'alice', '3'],
    ],
  );
  const [first, , last] = alone.events;
  assert.ok(first !== undefined && refusedWith(LOCKED, [10])(first));
  assert.deepEqual([first.at, first.locator], ['2026-03-01T11:30:00.000Z', 'Security.evtx#4711']);
  assert.deepEqual([first.proves, first.refutes, last?.proves, last?.refutes], [[], [], [], []]);
  assert.equal(last?.fields['TargetDomainName'], 'CORP');
  assert.equal(last.fields['AuthenticationPackageName'], 'NTLM');
  const both = timelineWithLogons({ 'events.relevant': log, 'logon.failures': counted });
  assert.equal(both?.events.length, 4);
  assert.equal(both.spans.length, 1);
});

test('cited is the log and the count, what was seen of them', () => {
  const log = timeline();
  const counted = onDisk(tally());
  const all: Evidence = { 'events.relevant': log, 'logon.failures': counted, 'domain.membership': MEMBER };
  assert.deepEqual(citingLogs(all, 'domain.membership'), [
    ...['events.relevant', 'domain.membership', 'logon.failures'],
  ]);
  assert.deepEqual(citingLogs({ ...all, 'events.relevant': unseen() }, 'domain.membership'), [
    ...['logon.failures', 'domain.membership'],
  ]);
  assert.deepEqual(citingLogs({ 'events.relevant': log }), ['events.relevant']);
});
