import { encryptionLevelTooHigh } from '../../../src/core/causes/encryption-level-too-high.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { checkCause, MODERN, none, OLD, PLAIN, seen, unseen } from './evidence.ts';

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
    says: ['uses TLS'],
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
]);
