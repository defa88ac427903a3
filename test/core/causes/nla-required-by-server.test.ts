import { nlaRequiredByServer } from '../../../src/core/causes/nla-required-by-server.ts';
import { checkCause, MODERN, none, OLD, PLAIN, seen, unseen } from './evidence.ts';
import { forced, set } from './windows-evidence.ts';

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
  // Judged by the settings.
  {
    name: 'NLA is set and the client named cannot do it',
    evidence: { 'listener.userAuthentication': forced(1) },
    client: PLAIN,
    verdict: 'confirmed',
    facts: ['listener.userAuthentication'],
    says: ['policy', 'Plain Terminal'],
  },
  {
    name: 'NLA is set, and the listener does not insist on it yet',
    evidence: { 'rdp.nla': seen('offered'), 'listener.userAuthentication': set(1) },
    client: PLAIN,
    verdict: 'likely',
    facts: ['rdp.nla', 'listener.userAuthentication'],
    says: ['not in effect now'],
  },
  {
    name: 'NLA is set, as is normal',
    evidence: { 'listener.userAuthentication': set(1) },
    verdict: 'ruled-out',
    facts: ['listener.userAuthentication'],
    says: ['normal hardening'],
  },
  {
    name: 'NLA is not set',
    evidence: { 'listener.userAuthentication': set(0) },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['listener.userAuthentication'],
  },
  {
    name: 'the setting could not be read',
    evidence: { 'listener.userAuthentication': unseen('corrupt') },
    client: PLAIN,
    verdict: 'inconclusive',
    facts: ['listener.userAuthentication'],
    settledBy: ['--disk', '--rpc'],
  },
]);
