import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedUser } from '../../../src/core/model/cause.ts';
import { bareName, isSameAccount, type Place } from '../../../src/core/windows/account-name.ts';

const MEMBER: Place = {
  computer: 'VM1',
  membership: { joined: true, domain: 'corp.example.com', netbiosDomain: 'CONTOSO' },
};

/** As the command line splits it: what stands before the backslash is the domain. */
function user(text: string): NamedUser {
  const [first = '', second] = text.split('\\');
  return second === undefined ? { name: first, domain: '' } : { name: second, domain: first };
}

// The names by which Windows takes an account: down-level, principal, and the machine's own ("." or its name).
const ROWS: readonly (readonly [one: string, other: string, same: boolean, where?: Place])[] = [
  ['alice', 'CORP\\Alice', true],
  ['corp\\alice', 'CORP\\ALICE', true],
  ['CORP\\alice', 'CORP\\bob', false],
  ['CORP\\alice', 'OTHER\\alice', false],
  ['CORP\\alice', 'alice@corp.example.com', true],
  ['CORP\\alice', 'alice@other.example.com', false],
  ['alice@corp.example.com', 'alice', true],
  ['.\\alice', 'VM1\\alice', true, MEMBER],
  ['.\\alice', 'vm1.corp.example.com\\alice', true, MEMBER],
  ['.\\alice', 'CONTOSO\\alice', false, MEMBER],
  ['VM1\\alice', 'CONTOSO\\alice', false, MEMBER],
  ['CONTOSO\\alice', 'alice@corp.example.com', true, MEMBER],
  ['CONTOSO\\alice', 'corp.example.com\\alice', true, MEMBER],
  // A principal's suffix may be anything that the forest knows.
  ['CONTOSO\\alice', 'alice@brand.example', true, MEMBER],
  ['VM1\\alice', 'alice@brand.example', false, MEMBER],
  ['OTHER\\alice', 'alice@corp.example.com', false, MEMBER],
  [
    'CORP\\alice',
    'alice@corp.example.com',
    true,
    { membership: { joined: true, domain: 'corp.example.com' } },
  ],
  ['AzureAD\\alice@corp.example.com', 'alice@corp.example.com', true],
  // The suffix behind an @ is told before what stands in front of a backslash.
  ['AzureAD\\alice@corp.example.com', 'CORP\\alice', true],
  ['OTHER\\alice@corp.example.com', 'OTHER\\alice', false],
  ['alice@a@corp.example.com', 'alice@a@corp.example.com', true],
  ['alice@a@corp.example.com', 'CORP\\alice@a', false],
  // An @ at the beginning is part of a name that has no suffix.
  ['@alice', '@alice', true],
  ['@alice', 'alice', false],
  ['CORP\\@alice', 'OTHER\\@alice', false],
  // The machine's own accounts, and those of nobody's domain.
  ['.\\alice', 'VM2\\alice', false, MEMBER],
  ['.\\alice', 'VM1\\alice', false],
  ['.\\alice', '.\\alice', true],
  ['.\\alice', 'alice@brand.example', false, MEMBER],
  ['.\\alice', 'alice', true, MEMBER],
  ['VM1\\alice', 'alice@vm1', true, MEMBER],
  ['corp.example.com\\alice', 'CORP\\alice', true],
  // Whose NetBIOS name is known, has no other by the first label of its DNS name.
  ['CORP\\alice', 'CONTOSO\\alice', false, MEMBER],
  ['CORP\\alice', 'corp.example.com\\alice', false, MEMBER],
  [
    'CORP\\alice',
    'corp.example.com\\alice',
    true,
    { computer: 'VM1', membership: { joined: true, domain: 'corp.example.com' } },
  ],
  [
    'corp.other.example\\alice',
    'corp.example.com\\alice',
    false,
    { membership: { joined: true, domain: 'corp.example.com' } },
  ],
  [
    'OTHER\\alice',
    'alice@corp.example.com',
    false,
    { membership: { joined: true, domain: 'corp.example.com' } },
  ],
  ['alice@vm1', 'OTHER\\alice', false, MEMBER],
  [
    'CONTOSO\\alice',
    'alice@corp.example.com',
    false,
    { membership: { joined: true, netbiosDomain: 'CONTOSO' } },
  ],
  // Without a domain a principal's suffix is one authority like any other.
  ['OTHER\\alice', 'alice@brand.example', false],
  ['OTHER\\alice', 'alice@brand.example', false, { computer: 'VM1', membership: { joined: false } }],
  ['OTHER\\alice', 'alice@brand.example', true, MEMBER],
  ['alice@one.example', 'alice@two.example', true, MEMBER],
  ['OTHER\\alice', 'THIRD\\alice', false, MEMBER],
  [' CORP \\ alice ', 'corp\\alice', true],
  ['', '', false],
  ['CORP\\', 'CORP\\', false],
];

for (const [one, other, same, where] of ROWS) {
  test(`${one} and ${other} ${same ? 'may be one account' : 'are two accounts'}${where === undefined ? '' : ' at a member'}`, () => {
    assert.equal(isSameAccount(user(one), user(other), where), same);
    assert.equal(isSameAccount(user(other), user(one), where), same);
  });
}

test('an event may name the domain inside the name, or a dash in place of none', () => {
  assert.equal(isSameAccount({ name: 'CORP\\alice', domain: '' }, user('CORP\\alice')), true);
  assert.equal(isSameAccount({ name: 'CORP\\alice', domain: '' }, user('OTHER\\alice')), false);
  assert.equal(isSameAccount({ name: 'alice', domain: '-' }, user('OTHER\\alice')), true);
  assert.equal(isSameAccount({ name: 'CORP\\alice', domain: '-' }, user('OTHER\\alice')), false);
  assert.equal(isSameAccount({ name: 'CORP\\alice', domain: 'OTHER' }, user('OTHER\\alice')), true);
  assert.equal(isSameAccount({ name: 'CORP\\alice', domain: 'OTHER' }, user('CORP\\alice')), false);
});

test('the name alone, whoever is to know it', () => {
  const rows: readonly (readonly [NamedUser, string])[] = [
    [user('CORP\\Alice'), 'alice'],
    [user('Alice@corp.example.com'), 'alice'],
    [{ name: 'CORP\\Alice ', domain: '' }, 'alice'],
    [user('@Alice'), '@alice'],
    [user(''), ''],
  ];
  for (const [one, name] of rows) assert.equal(bareName(one), name, JSON.stringify(one));
});
