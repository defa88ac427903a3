import { credsspPolicy } from '../../../src/core/causes/credssp-policy.ts';
import { checkCause, client, MODERN, PLAIN, seen, unseen } from './evidence.ts';
import { byDefault, forced, set } from './windows-evidence.ts';

const SHIPPED = client('Windows as shipped', { supported: false, credsspHardened: false });
const UNKNOWN = client('Phone', { credsspHardened: false });

checkCause(credsspPolicy, [
  {
    name: 'only updated clients, and this one was shipped before',
    evidence: { 'credssp.allowEncryptionOracle': set(0) },
    client: SHIPPED,
    verdict: 'confirmed',
    facts: ['credssp.allowEncryptionOracle'],
    says: ['AllowEncryptionOracle is 0', 'Windows as shipped'],
  },
  {
    name: 'only updated clients, by whom nobody is stopped who is serviced',
    evidence: { 'credssp.allowEncryptionOracle': forced(0) },
    supported: [MODERN, UNKNOWN],
    verdict: 'ruled-out',
    facts: ['credssp.allowEncryptionOracle'],
    says: ['normal hardening', 'every supported client'],
  },
  {
    name: 'a client that is serviced has the update, whether it refuses old servers or not',
    evidence: { 'credssp.allowEncryptionOracle': set(0) },
    client: UNKNOWN,
    verdict: 'ruled-out',
    facts: ['credssp.allowEncryptionOracle'],
  },
  {
    name: 'the client named does no CredSSP',
    evidence: { 'credssp.allowEncryptionOracle': set(0) },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['credssp.allowEncryptionOracle'],
    says: ['does not use CredSSP'],
  },
  {
    name: 'as installed',
    evidence: { 'credssp.allowEncryptionOracle': byDefault(1) },
    client: SHIPPED,
    verdict: 'ruled-out',
    facts: ['credssp.allowEncryptionOracle'],
  },
  {
    name: 'the listener does not offer CredSSP',
    evidence: { 'rdp.nla': seen('refused') },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'the setting was not read',
    evidence: { 'credssp.allowEncryptionOracle': unseen('corrupt'), 'rdp.nla': seen('required') },
    client: SHIPPED,
    verdict: 'inconclusive',
    facts: ['credssp.allowEncryptionOracle'],
    settledBy: ['--disk', '--rpc'],
  },
]);
