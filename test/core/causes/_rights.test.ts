// Who is stopped by which right: deny beats allow, and a group counts by whom of this machine's accounts it holds.
// SIDs: [MS-DTYP] 2.4.2.4. What is in a token by how it came about: "Special identities" of Microsoft Learn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeRights, judgeRights } from '../../../src/core/causes/_rights.ts';
import type { Judgement, NamedUser } from '../../../src/core/model/cause.ts';
import type { Evidence, FactName } from '../../../src/core/model/facts.ts';
import type { UserRights } from '../../../src/core/model/windows-facts.ts';
import { seen, unseen } from './evidence.ts';
import {
  MEMBER,
  MEMBER_SIDS,
  notOnDisk,
  onDisk,
  STANDALONE,
  STANDALONE_SIDS,
  set,
} from './windows-evidence.ts';

const USUAL: UserRights = {
  remoteInteractive: ['S-1-5-32-544', 'S-1-5-32-555'],
  network: ['S-1-1-0', 'S-1-5-32-544', 'S-1-5-32-545'],
  denyRemoteInteractive: [],
  denyNetwork: [],
};
const ON_MEMBER: Evidence = {
  'domain.membership': MEMBER,
  ...MEMBER_SIDS,
  'computer.name': onDisk('VM1'),
  'listener.userAuthentication': set(1),
};
const ALONE: Evidence = { 'domain.membership': STANDALONE, ...STANDALONE_SIDS };
const ENTRA: Evidence = { ...ALONE, 'domain.membership': onDisk({ joined: false, entraJoined: true }) };
const CONTROLLER: Evidence = {
  ...ON_MEMBER,
  'machine.sid': MEMBER_SIDS['domain.sid'],
  'os.productType': onDisk('LanmanNT'),
};
const NLA = { 'listener.userAuthentication': set(1) };
const NO_NLA = { 'listener.userAuthentication': set(0) };
const LOCAL = 'S-1-5-113';
const LOCAL_ADMINISTRATOR = 'S-1-5-114';
const DOMAIN_USERS = 'S-1-5-21-4-5-6-513';
const LOCAL_USERS = 'S-1-5-21-1-2-3-513';
const STRANGERS = 'S-1-5-21-9-9-9-513';
const ONE_GROUP = 'S-1-5-21-1-2-3-1104';

/** The verdict of the finding, else `remark`, else `fine`. */
type Word = Judgement['verdict'] | 'remark' | 'fine';

function wordOn(evidence: Evidence, but: Partial<UserRights>, user?: NamedUser) {
  const word = judgeRights(
    evidence,
    { ...USUAL, ...but },
    { client: undefined, supportedClients: [], ...(user === undefined ? {} : { user }) },
  );
  const kind: Word = word.finding?.verdict ?? (word.remark === undefined ? 'fine' : 'remark');
  return { ...word, kind, text: word.finding?.explanation ?? word.remark ?? '' };
}

const named = (name: string, domain = ''): NamedUser => ({ name, domain });

const ROWS: readonly (readonly [string, Evidence, Partial<UserRights>, Word, NamedUser?])[] = [
  // Nobody holds it.
  ['nobody may come over the network, with NLA', NLA, { network: [] }, 'confirmed'],
  ['nobody may come over the network, and NLA is the usual case', {}, { network: [] }, 'likely'],
  ['nobody may come either way, NLA or not', {}, { network: [], remoteInteractive: [] }, 'confirmed'],
  ['without NLA it does not matter', NO_NLA, { network: [] }, 'fine'],
  [
    'the listener was seen to do NLA, whatever is set',
    { 'rdp.nla': seen('offered'), ...NO_NLA },
    { network: [] },
    'confirmed',
  ],
  [
    'the listener was seen to demand NLA, whatever is set',
    { 'rdp.nla': seen('required'), ...NO_NLA },
    { network: [] },
    'confirmed',
  ],
  ['it was seen to refuse NLA', { 'rdp.nla': seen('refused'), ...NLA }, { network: [] }, 'fine'],
  ['whether it does NLA could not be seen', { 'rdp.nla': unseen(), ...NO_NLA }, { network: [] }, 'fine'],
  // Who holds it.
  ...['S-1-1-0', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-4', 'S-1-5-14', 'S-1-5-32-544', 'S-1-5-32-555'].map(
    (sid) => [`${sid} alone may come to a session`, ON_MEMBER, { remoteInteractive: [sid] }, 'fine'] as const,
  ),
  ...['S-1-1-0', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-2', 'S-1-5-32-544', 'S-1-5-32-555'].map(
    (sid) => [`${sid} alone may come over the network`, ON_MEMBER, { network: [sid] }, 'fine'] as const,
  ),
  ['users of any domain may come', ON_MEMBER, { remoteInteractive: [STRANGERS] }, 'fine'],
  ['a network token never comes to a session', ON_MEMBER, { remoteInteractive: ['S-1-5-2'] }, 'likely'],
  ['one group of many is enough', ON_MEMBER, { remoteInteractive: [ONE_GROUP, 'S-1-5-32-555'] }, 'fine'],
  ['an interactive token never comes over the network', ON_MEMBER, { network: ['S-1-5-4'] }, 'likely'],
  ['only one group may come over the network', ON_MEMBER, { network: [ONE_GROUP] }, 'likely'],
  [
    'only one group may come over the network, which nobody needs',
    { ...ON_MEMBER, ...NO_NLA },
    { network: [ONE_GROUP] },
    'fine',
  ],
  [
    'a group whose number only ends like that of domain users',
    ON_MEMBER,
    { remoteInteractive: ['S-1-5-21-4-5-6-1513'] },
    'likely',
  ],
  // The surer of two rights speaks.
  [
    'administrators are denied the one right, everybody the other',
    { ...ON_MEMBER, ...NLA },
    { denyRemoteInteractive: ['S-1-5-32-544'], denyNetwork: ['S-1-1-0'] },
    'confirmed',
  ],
  [
    'the surer one is told where the other is open',
    { ...MEMBER_SIDS, ...NLA },
    { denyRemoteInteractive: [LOCAL], denyNetwork: ['S-1-5-32-544'] },
    'likely',
  ],
  [
    'who holds a right is told where whom a deny stops is open',
    { ...MEMBER_SIDS },
    { denyRemoteInteractive: [LOCAL], remoteInteractive: [ONE_GROUP] },
    'likely',
  ],
  ['a remark on the second right is one', ON_MEMBER, { denyNetwork: [LOCAL] }, 'remark'],
  // Denied to administrators.
  ['Remote Desktop Users are denied', ON_MEMBER, { denyRemoteInteractive: ['S-1-5-32-555'] }, 'likely'],
  ['administrators are denied on a controller', CONTROLLER, { denyNetwork: ['S-1-5-32-544'] }, 'likely'],
  // Both kinds of account.
  [
    'both kinds are denied in a workgroup, which has one',
    ALONE,
    { denyRemoteInteractive: [LOCAL, STRANGERS] },
    'confirmed',
  ],
  [
    'both kinds are denied where users are those of Entra ID',
    ENTRA,
    { denyRemoteInteractive: [LOCAL, STRANGERS] },
    'remark',
  ],
  [
    'both kinds are denied, each one right',
    { ...ON_MEMBER, ...NLA },
    { denyRemoteInteractive: [LOCAL], denyNetwork: [DOMAIN_USERS] },
    'confirmed',
  ],
  [
    'both kinds are denied, the one right without NLA',
    { ...ON_MEMBER, ...NO_NLA },
    { denyRemoteInteractive: [LOCAL], denyNetwork: [DOMAIN_USERS] },
    'remark',
  ],
  [
    'both kinds are denied, each one right, the other way round',
    { ...ON_MEMBER, ...NLA },
    { denyRemoteInteractive: [DOMAIN_USERS], denyNetwork: [LOCAL] },
    'confirmed',
  ],
  [
    'strangers to the domain are denied the other right',
    { ...ON_MEMBER, ...NLA },
    { denyRemoteInteractive: [LOCAL], denyNetwork: [STRANGERS] },
    'remark',
  ],
  [
    'each one right, on a controller, which has one kind',
    { ...CONTROLLER, ...NLA },
    { denyRemoteInteractive: [LOCAL], denyNetwork: ['S-1-5-32-544'] },
    'likely',
  ],
  // On a controller.
  ['domain users on a controller', CONTROLLER, { denyRemoteInteractive: [DOMAIN_USERS] }, 'confirmed'],
  ['the same on a member', ON_MEMBER, { denyRemoteInteractive: [DOMAIN_USERS] }, 'likely'],
  [
    'local accounts on a controller, which has none',
    CONTROLLER,
    { denyRemoteInteractive: [LOCAL, LOCAL_ADMINISTRATOR] },
    'fine',
  ],
  // Domain users.
  ['users of a domain outside every domain', ALONE, { denyRemoteInteractive: [STRANGERS] }, 'fine'],
  [
    'users of a domain, and nobody knows whether it is a member',
    { ...MEMBER_SIDS },
    { denyRemoteInteractive: [DOMAIN_USERS] },
    'likely',
  ],
  [
    'users of a domain, where nobody knows which is its own',
    { 'domain.membership': MEMBER, 'machine.sid': onDisk('S-1-5-21-1-2-3') },
    { denyRemoteInteractive: [STRANGERS] },
    'likely',
  ],
  [
    'a group whose number only begins like that of domain users',
    ON_MEMBER,
    { denyRemoteInteractive: [`${DOMAIN_USERS}1`] },
    'fine',
  ],
  [
    'a redacted domain is one',
    { ...ON_MEMBER, 'domain.sid': onDisk('sid-12') },
    { denyRemoteInteractive: ['sid-12-513'] },
    'likely',
  ],
  [
    'and another redacted one is another',
    { ...ON_MEMBER, 'domain.sid': onDisk('sid-12') },
    { denyRemoteInteractive: ['sid-1-513'] },
    'fine',
  ],
  // Local administrators.
  ['local administrators of a member', ON_MEMBER, { denyNetwork: [LOCAL_ADMINISTRATOR] }, 'remark'],
  ['local administrators of Entra ID', ENTRA, { denyNetwork: [LOCAL_ADMINISTRATOR] }, 'remark'],
  ['local administrators of a workgroup', ALONE, { denyNetwork: [LOCAL_ADMINISTRATOR] }, 'likely'],
  [
    'local administrators, and nobody knows of what',
    {},
    { denyNetwork: [LOCAL_ADMINISTRATOR] },
    'inconclusive',
  ],
  // The account that was named.
  ['a local one by a dot', ON_MEMBER, { denyNetwork: [LOCAL] }, 'confirmed', named('admin', '.')],
  ["a local one by the machine's name", ON_MEMBER, { denyNetwork: [LOCAL] }, 'confirmed', named('a', 'vm1')],
  ['one by its name alone may be either', ON_MEMBER, { denyNetwork: [LOCAL] }, 'remark', named('admin')],
  [
    "one by its name alone, where the machine's is not known",
    { 'domain.membership': MEMBER, ...MEMBER_SIDS },
    { denyNetwork: [LOCAL] },
    'remark',
    named('admin'),
  ],
  [
    'a user principal name is no local one',
    ON_MEMBER,
    { denyNetwork: [LOCAL] },
    'remark',
    named('a@x.example'),
  ],
  [
    'a user principal name, of domain users',
    ON_MEMBER,
    { denyNetwork: [DOMAIN_USERS] },
    'confirmed',
    named('a@x.example'),
  ],
  ...['CORP', 'corp', 'corp.example.com', 'Corp.Example.Com'].map(
    (domain) =>
      [
        `domain users, and one of ${domain} was named`,
        ON_MEMBER,
        { denyNetwork: [DOMAIN_USERS] },
        'confirmed',
        named('alice', domain),
      ] as const,
  ),
  ...['', 'OTHER'].map(
    (domain) =>
      [
        `domain users, and one of "${domain}" was named, who may be one`,
        ON_MEMBER,
        { denyNetwork: [DOMAIN_USERS] },
        'likely',
        named('alice', domain),
      ] as const,
  ),
  [
    'domain users, and a local one was named',
    ON_MEMBER,
    { denyNetwork: [DOMAIN_USERS] },
    'fine',
    named('a', '.'),
  ],
];

for (const [name, evidence, but, kind, user] of ROWS) {
  test(`rights: ${name}: ${kind}`, () => {
    const word = wordOn(evidence, but, user);
    assert.equal(word.kind, kind, word.text);
  });
}

test('a finding cites what was seen of the way a sign-in takes, and no more', () => {
  const because = (evidence: Evidence): readonly FactName[] => {
    const { finding } = wordOn(evidence, { denyRemoteInteractive: ['S-1-1-0'] });
    assert.ok(finding?.verdict === 'confirmed');
    return finding.because;
  };
  assert.deepEqual(because({}), ['user.rights']);
  assert.deepEqual(because({ ...ON_MEMBER, ...NLA, 'rdp.nla': seen('required') }), [
    ...['user.rights', 'rdp.nla', 'listener.userAuthentication', 'domain.membership'],
  ]);
});

test('where it is open whose accounts there are, membership is what tells', () => {
  const { finding } = wordOn({}, { denyNetwork: [LOCAL] });
  assert.ok(finding?.verdict === 'inconclusive');
  assert.deepEqual(finding.missing, ['domain.membership']);
  assert.deepEqual(finding.settledBy, ['--disk', '--rpc', '--user']);
});

test('one group is denied, several are, and so is one with a plural name', () => {
  const told = (evidence: Evidence, ...denied: readonly string[]) =>
    wordOn(evidence, { denyRemoteInteractive: denied }).text;
  assert.match(told({}, 'S-1-1-0'), /^Everyone is denied/);
  assert.match(told({}, 'S-1-1-0', 'S-1-5-4'), /^Everyone and Interactive are denied/);
  assert.match(told({}, 'S-1-5-32-544'), /^Administrators are denied/);
  assert.match(told(ON_MEMBER, DOMAIN_USERS), /^Domain Users \(S-1-5-21-4-5-6-513\) are denied/);
  assert.match(told(ALONE, LOCAL_USERS), /^Every local user \(S-1-5-21-1-2-3-513\) is denied/);
  assert.match(told({}, STRANGERS), /^Domain Users \(S-1-5-21-9-9-9-513\) are denied/);
  const only = (...holders: readonly string[]) => wordOn({}, { remoteInteractive: holders }).text;
  assert.match(only(ONE_GROUP), new RegExp(`${ONE_GROUP} has `));
  assert.match(only(ONE_GROUP, 'S-1-5-32-546'), new RegExp(`${ONE_GROUP} and Guests have `));
});

test('of two rights each is told with those who are denied it', () => {
  const { text } = wordOn(
    { ...ON_MEMBER, ...NLA },
    { denyRemoteInteractive: [LOCAL], denyNetwork: [DOMAIN_USERS] },
  );
  assert.match(
    text,
    /^Local account is denied .*Remote Desktop.*, and Domain Users \(.*\) are denied .*network.*neither/,
  );
});

test('what the remark advises depends on whose accounts may come', () => {
  assert.match(wordOn(ON_MEMBER, { denyNetwork: [LOCAL] }).text, /domain account/);
  assert.match(wordOn(ENTRA, { denyNetwork: [LOCAL] }).text, /Entra ID account/);
});

test('of a machine in order it is said who may come, and each group once that is denied', () => {
  const told = (but: Partial<UserRights>, evidence: Evidence = ON_MEMBER) =>
    describeRights(evidence, { ...USUAL, ...but });
  assert.match(told({}), /^Administrators and Remote Desktop Users may/);
  assert.doesNotMatch(told({}), /deny rights name/);
  assert.match(told({ denyNetwork: [STRANGERS] }), new RegExp(`name ${STRANGERS}$`));
  assert.match(told({ denyNetwork: [LOCAL_USERS] }), /name Every local user \(/);
  assert.match(
    told({ denyNetwork: ['S-1-5-32-546', LOCAL], denyRemoteInteractive: ['S-1-5-32-546'] }),
    /name Guests and Local account$/,
  );
  assert.match(told({ denyNetwork: [STRANGERS] }, { 'domain.sid': notOnDisk() }), /Domain Users \(S/);
});
