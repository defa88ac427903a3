import { encryptionLevelTooHigh } from '../../../src/core/causes/encryption-level-too-high.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { checkCause, client, MODERN, none, OLD, PLAIN, seen, unseen } from './evidence.ts';
import { byDefault, set } from './windows-evidence.ts';

const STANDARD_ONLY: Evidence = { 'rdp.tls': seen('refused'), 'rdp.standard': seen('accepted') };
const HIGH = seen({ level: 3, methods: 2 });

checkCause(encryptionLevelTooHigh, [
  {
    name: 'level 3 and a client without 128-bit',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': HIGH },
    client: OLD,
    verdict: 'confirmed',
    facts: ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
    says: ['level 3', 'Old Windows'],
  },
  {
    name: 'level 3 beside TLS, and a client without TLS and 128-bit',
    evidence: { 'rdp.tls': seen('offered'), 'rdp.standard': seen('accepted'), 'rdp.encryption': HIGH },
    client: PLAIN,
    verdict: 'confirmed',
    facts: ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
  },
  {
    name: 'level 3 and one supported client without 128-bit',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': HIGH },
    supported: [MODERN, OLD],
    verdict: 'likely',
    facts: ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
    says: ['Old Windows'],
  },
  {
    name: 'level 3 and supported clients, which all have 128-bit',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': HIGH },
    verdict: 'ruled-out',
    facts: ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
  },
  {
    name: 'TLS beside it, which the client takes',
    evidence: { 'rdp.tls': seen('offered'), 'rdp.standard': seen('accepted'), 'rdp.encryption': HIGH },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
    says: ['or TLS, where the level does not apply'],
  },
  {
    name: 'standard security refused',
    evidence: { 'rdp.standard': seen('refused'), 'rdp.encryption': none() },
    verdict: 'ruled-out',
    facts: ['rdp.standard'],
    says: ['does not apply under TLS'],
  },
  {
    name: 'level 2',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': seen({ level: 2, methods: 2 }) },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['rdp.standard', 'rdp.encryption'],
  },
  {
    name: 'level 4 is another cause',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': seen({ level: 4, methods: 16 }) },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['rdp.standard', 'rdp.encryption'],
    says: ['fips-only'],
  },
  {
    name: 'no level stated',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': none() },
    verdict: 'ruled-out',
    facts: ['rdp.standard', 'rdp.encryption'],
  },
  {
    name: 'a level that nobody knows',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': seen({ level: 9, methods: 2 }) },
    verdict: 'inconclusive',
    facts: ['rdp.encryption'],
  },
  {
    name: 'level 3, but whether the client gets TLS is not known',
    evidence: { 'rdp.standard': seen('accepted'), 'rdp.encryption': HIGH, 'rdp.tls': unseen() },
    client: OLD,
    verdict: 'inconclusive',
    facts: ['rdp.tls'],
  },
  {
    name: 'the level was not read',
    evidence: STANDARD_ONLY,
    verdict: 'inconclusive',
    facts: ['rdp.encryption'],
  },
  { name: 'nothing was seen', evidence: {}, verdict: 'inconclusive', facts: ['rdp.standard'] },
  // Judged by the settings.
  {
    name: 'level 3 is set where it applies, and the client named has no 128-bit',
    evidence: { 'listener.minEncryptionLevel': set(3), 'listener.securityLayer': set(0) },
    client: PLAIN,
    verdict: 'confirmed',
    facts: ['listener.minEncryptionLevel', 'listener.securityLayer'],
    says: ['MinEncryptionLevel is 3', 'Plain Terminal'],
  },
  {
    name: 'level 3 is set, and only a client without TLS ends up there',
    evidence: {
      'listener.minEncryptionLevel': byDefault(3),
      'listener.securityLayer': set(1),
      'listener.userAuthentication': set(0),
    },
    supported: [OLD, PLAIN],
    verdict: 'likely',
    facts: ['listener.minEncryptionLevel', 'listener.securityLayer', 'listener.userAuthentication'],
    says: ['more than these clients support: Plain Terminal.'],
  },
  {
    name: 'level 3 is set, and every supported client has 128-bit',
    evidence: { 'listener.minEncryptionLevel': set(3), 'listener.securityLayer': set(0) },
    verdict: 'ruled-out',
    facts: ['listener.minEncryptionLevel', 'listener.securityLayer'],
  },
  {
    name: 'under TLS the level does not apply',
    evidence: { 'listener.minEncryptionLevel': set(3), 'listener.securityLayer': set(2) },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'under NLA neither',
    evidence: {
      'listener.minEncryptionLevel': set(3),
      'listener.securityLayer': set(1),
      'listener.userAuthentication': set(1),
    },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['listener.userAuthentication'],
  },
  {
    name: 'level 2 is set',
    evidence: { 'listener.minEncryptionLevel': set(2) },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['listener.minEncryptionLevel'],
  },
  {
    name: 'level 4 is another cause',
    evidence: { 'listener.minEncryptionLevel': set(4), 'listener.securityLayer': set(0) },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['listener.minEncryptionLevel'],
    says: ['fips-only'],
  },
  {
    name: 'a level that nobody knows is set',
    evidence: { 'listener.minEncryptionLevel': set(9), 'listener.securityLayer': set(0) },
    verdict: 'inconclusive',
    facts: ['listener.minEncryptionLevel'],
    settledBy: ['HOST'],
  },
  {
    name: 'whether it applies was not read',
    evidence: { 'listener.minEncryptionLevel': set(3), 'listener.securityLayer': unseen('corrupt') },
    client: PLAIN,
    verdict: 'inconclusive',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'level 3 beside TLS, and the client named does neither: the methods are hearsay',
    evidence: {
      'rdp.standard': seen('accepted'),
      'rdp.encryption': seen({ level: 3, methods: 2 }),
      'rdp.tls': seen('refused'),
    },
    client: client('Hearsay', {
      tlsVersions: [],
      encryptionMethods: 0x1,
      sure: { ...MODERN.sure, encryptionMethods: 'practice' },
    }),
    verdict: 'inconclusive',
    facts: ['rdp.encryption'],
    remark: /Hearsay/,
  },
  {
    name: 'a level that nobody knows, over TLS',
    evidence: {
      'rdp.standard': seen('accepted'),
      'rdp.encryption': seen({ level: 5, methods: 2 }),
      'rdp.tls': seen('offered'),
    },
    verdict: 'ruled-out',
    facts: ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
  },
  {
    name: 'level 3, TLS not known, and a client that cannot do it',
    evidence: { 'rdp.standard': seen('accepted'), 'rdp.encryption': seen({ level: 3, methods: 2 }) },
    client: client('Weak', { tlsVersions: [], encryptionMethods: 0x1 }),
    verdict: 'confirmed',
    facts: ['rdp.standard', 'rdp.encryption'],
  },
]);
