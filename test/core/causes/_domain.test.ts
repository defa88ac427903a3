// Who belongs to whom, and which events show that a domain trusts the machine or that a controller was reached.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeAlone,
  describeMembership,
  isInWorkgroup,
  ruledOutByMembership,
  showsController,
  showsTrust,
} from '../../../src/core/causes/_domain.ts';
import { needsNtlm } from '../../../src/core/causes/_ntlm.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import type { DomainMembership, RelevantEvent } from '../../../src/core/model/windows-facts.ts';
import { seen, unseen } from './evidence.ts';
import { event, MEMBER, onDisk, STANDALONE, set } from './windows-evidence.ts';

const CORP: DomainMembership = { joined: true, domain: 'corp.example.com', netbiosDomain: 'CORP' };
const ALONE: DomainMembership = { joined: false };
const ENTRA: DomainMembership = { joined: false, entraJoined: true };

test('a workgroup is neither a domain nor Entra ID', () => {
  assert.deepEqual([undefined, CORP, ALONE, ENTRA, { ...CORP, entraJoined: true }].map(isInWorkgroup), [
    ...[false, false, true, false, false],
  ]);
  assert.notEqual(describeAlone(ALONE), describeAlone(ENTRA));
  assert.match(describeMembership(CORP), /corp\.example\.com$/);
  assert.match(describeMembership({ joined: true, netbiosDomain: 'CORP' }), /CORP$/);
  assert.doesNotMatch(describeMembership({ joined: true }), /undefined/);
});

test('what a domain lacks stops nobody outside of one', () => {
  const verdict = (membership: Evidence['domain.membership']) =>
    ruledOutByMembership(membership === undefined ? {} : { 'domain.membership': membership })?.verdict;
  assert.equal(verdict(STANDALONE), 'ruled-out');
  assert.equal(verdict(onDisk(ENTRA)), 'ruled-out');
  assert.equal(verdict(MEMBER), undefined);
  assert.equal(verdict(unseen()), undefined);
  assert.equal(verdict(undefined), undefined);
  const told = (membership: DomainMembership) =>
    ruledOutByMembership({ 'domain.membership': onDisk(membership) })?.explanation ?? '';
  assert.match(told(ENTRA), /Entra/);
  assert.doesNotMatch(told(ALONE), /Entra/);
});

/** 4624 with its fields: a sign-in over the network by NTLM of the domain, but for what is given. */
const signIn = (but: Readonly<Record<string, string>> = {}): RelevantEvent =>
  event('Security-Auditing', 4624, 30, {
    ...{ TargetUserName: 'alice', TargetDomainName: 'CORP', LogonType: '3' },
    ...{ AuthenticationPackageName: 'NTLM', ...but },
  });
const passed = (but: Readonly<Record<string, string>> = {}): RelevantEvent =>
  event('RemoteConnectionManager', 1149, 30, { Param1: 'alice', Param2: 'CORP', ...but });

const EVENTS: readonly (readonly [string, RelevantEvent, boolean, boolean])[] = [
  // shows trust, shows a controller
  ['the policy was applied', event('GroupPolicy', 1502, 30), true, true],
  ['the policy of a machine was applied', event('GroupPolicy', 1500, 30), true, true],
  ['the policy could not be applied', event('GroupPolicy', 1058, 30), false, false],
  ['a user of the domain came over the network', signIn(), true, true],
  ['by the DNS name of the domain', signIn({ TargetDomainName: 'Corp.Example.Com' }), true, true],
  ['by a ticket, which the client fetched', signIn({ AuthenticationPackageName: 'Kerberos' }), true, false],
  ['by a ticket, in capitals', signIn({ AuthenticationPackageName: 'KERBEROS' }), true, false],
  [
    'at the console by a ticket of its own',
    signIn({ LogonType: '2', AuthenticationPackageName: 'Kerberos' }),
    true,
    true,
  ],
  ['by Remote Desktop', signIn({ LogonType: '10', AuthenticationPackageName: 'Negotiate' }), true, true],
  ['from the cache', signIn({ LogonType: '11' }), false, false],
  ['from the cache, by Remote Desktop', signIn({ LogonType: '12' }), false, false],
  ['a service', signIn({ LogonType: '5' }), false, false],
  ['a local account', signIn({ TargetDomainName: 'VM1' }), false, false],
  ['an account of nobody', signIn({ TargetDomainName: '' }), false, false],
  ['NLA passed, which does not say how', passed(), true, false],
  ['NLA passed, of a local account', passed({ Param2: 'VM1' }), false, false],
  ['NLA passed, of nobody', passed({ Param2: '' }), false, false],
  ['a refused one', { ...signIn(), id: 4625 }, false, false],
];
for (const [name, one, trust, controller] of EVENTS) {
  test(`what an event shows of the domain: ${name}`, () => {
    assert.deepEqual([showsTrust(CORP)(one), showsController(CORP)(one)], [trust, controller]);
  });
}

test('where the domain is not known, no sign-in is one of it', () => {
  for (const membership of [undefined, ALONE, { joined: true }]) {
    assert.ok(!showsTrust(membership)(signIn()));
    assert.ok(!showsTrust(membership)(signIn({ TargetDomainName: '' })));
    assert.ok(!showsController(membership)(signIn()));
  }
  assert.ok(showsTrust(undefined)(event('GroupPolicy', 1502, 30)));
});

test('NTLM is the only way in where there is no domain and NLA is required', () => {
  const needs = (evidence: Evidence) => needsNtlm(evidence);
  const alone: Evidence = { 'domain.membership': STANDALONE };
  assert.equal(needs({}), undefined);
  assert.equal(needs({ 'domain.membership': MEMBER, 'rdp.nla': seen('required') }), false);
  assert.equal(needs({ 'domain.membership': onDisk(ENTRA), 'rdp.nla': seen('required') }), false);
  assert.equal(needs(alone), undefined);
  assert.equal(needs({ ...alone, 'rdp.nla': seen('required') }), true);
  assert.equal(needs({ ...alone, 'rdp.nla': seen('offered'), 'listener.userAuthentication': set(1) }), false);
  assert.equal(needs({ ...alone, 'rdp.nla': seen('refused'), 'listener.userAuthentication': set(1) }), false);
  assert.equal(needs({ ...alone, 'listener.userAuthentication': set(1) }), true);
  assert.equal(needs({ ...alone, 'listener.userAuthentication': set(0) }), false);
});
