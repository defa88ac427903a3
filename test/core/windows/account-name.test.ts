import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedUser } from '../../../src/core/model/cause.ts';
import { isSameAccount, type Place } from '../../../src/core/windows/account-name.ts';

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
  ['', '', false],
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
});
