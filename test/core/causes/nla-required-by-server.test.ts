import { nlaRequiredByServer } from '../../../src/core/causes/nla-required-by-server.ts';
import { checkCause, MODERN, none, OLD, seen, unseen } from './evidence.ts';

checkCause(nlaRequiredByServer, [
  {
    name: 'required, and the client named cannot do it',
    evidence: { 'rdp.nla': seen('required') },
    client: OLD,
    verdict: 'confirmed',
    facts: ['rdp.nla'],
    says: ['Old Windows'],
  },
  {
    name: 'required, and one supported client cannot do it',
    evidence: { 'rdp.nla': seen('required') },
    supported: [MODERN, OLD],
    verdict: 'likely',
    facts: ['rdp.nla'],
    says: ['Old Windows'],
  },
  {
    name: 'required, which every supported client can do',
    evidence: { 'rdp.nla': seen('required') },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
    says: ['normal hardening', 'every supported client supports it'],
  },
  {
    name: 'offered',
    evidence: { 'rdp.nla': seen('offered') },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'absent',
    evidence: { 'rdp.nla': none() },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
    says: ['(none)'],
  },
  {
    name: 'not seen',
    evidence: { 'rdp.nla': unseen('corrupt', 'the listener closed the connection') },
    verdict: 'inconclusive',
    facts: ['rdp.nla'],
    says: ['rdp.nla came back unusable (the listener closed the connection)'],
  },
]);
