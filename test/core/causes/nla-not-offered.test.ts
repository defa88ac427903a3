import { nlaNotOffered } from '../../../src/core/causes/nla-not-offered.ts';
import { checkCause, failed, none, seen, selected, unseen } from './evidence.ts';

const TLS_ONLY = [failed(0, 1), selected(1, 1), selected(0xb, 1)];
const setting = (effective: number) => seen({ effective, setBy: 'machine' as const, where: 'SYSTEM\\…' });
const suspected = ['nla-not-offered'];

checkCause(nlaNotOffered, [
  {
    name: 'the error is of a client that insists, and the listener takes TLS alone',
    evidence: { 'rdp.nla': seen('refused'), 'rdp.negotiation': seen(TLS_ONLY) },
    suspected,
    verdict: 'likely',
    facts: ['rdp.nla', 'rdp.negotiation'],
    says: ['rdp.nla: refused'],
  },
  {
    name: 'without such an error it stops nobody that is known',
    evidence: { 'rdp.nla': seen('refused'), 'rdp.negotiation': seen(TLS_ONLY) },
    verdict: 'ruled-out',
    facts: ['rdp.nla', 'rdp.negotiation'],
    remark: /Remote Credential Guard/,
  },
  {
    name: 'everything is refused, so it is not NLA that is missing',
    evidence: { 'rdp.nla': seen('refused'), 'rdp.negotiation': seen([failed(0, 2), failed(0xb, 2)]) },
    suspected,
    verdict: 'ruled-out',
    facts: ['rdp.nla', 'rdp.negotiation'],
    says: ['accepts no offer at all'],
  },
  {
    name: 'NLA is offered, whatever the error says',
    evidence: { 'rdp.nla': seen('offered') },
    suspected,
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'no listener, which offers nothing',
    evidence: { 'rdp.nla': none() },
    suspected,
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
    says: ['No listener answers'],
  },
  {
    name: 'from the disk: SecurityLayer 0 and such an error',
    evidence: { 'listener.securityLayer': setting(0) },
    suspected,
    verdict: 'likely',
    facts: ['listener.securityLayer'],
    says: ['SecurityLayer 0'],
  },
  {
    name: 'from the disk: SecurityLayer 0 without an error',
    evidence: { 'listener.securityLayer': setting(0) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'from the disk: SecurityLayer 2',
    evidence: { 'listener.securityLayer': setting(2) },
    suspected,
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'not seen',
    evidence: { 'rdp.nla': unseen() },
    verdict: 'inconclusive',
    facts: ['rdp.nla'],
  },
]);
