import { listenerInconsistent } from '../../../src/core/causes/listener-inconsistent.ts';
import { checkCause, failed, foreign, none, seen, selected, silence } from './evidence.ts';

checkCause(listenerInconsistent, [
  {
    name: 'TLS is not allowed and standard security demands NLA',
    evidence: { 'rdp.negotiation': seen([failed(0, 5), failed(1, 2), failed(0xb, 2)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: [
      'standard RDP security (0x0) got failure 5 (HYBRID_REQUIRED_BY_SERVER)',
      'SSL_NOT_ALLOWED_BY_SERVER',
    ],
  },
  {
    name: 'TLS is not allowed and standard security is closed',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), failed(1, 2), failed(0xb, 2)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['was closed without an answer'],
  },
  {
    name: 'TLS is not allowed and standard security is answered with TLS',
    evidence: { 'rdp.negotiation': seen([selected(0, 1), failed(1, 2)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'INCONSISTENT_FLAGS is its own word',
    evidence: { 'rdp.negotiation': seen([selected(0, 0), failed(0xb, 4)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['INCONSISTENT_FLAGS'],
  },
  {
    name: 'it demands the CredSSP that it was offered',
    evidence: { 'rdp.negotiation': seen([failed(0, 5), failed(1, 5), failed(0xb, 5)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['contradicts itself: TLS and CredSSP (0xB) got failure 5'],
  },
  {
    name: 'it demands the TLS that it was offered',
    evidence: { 'rdp.negotiation': seen([failed(0, 1), failed(1, 1)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'NLA required',
    evidence: { 'rdp.negotiation': seen([failed(0, 5), failed(1, 5), selected(0xb, 8)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['fit together'],
  },
  {
    name: 'TLS demanded where CredSSP alone was offered is no contradiction',
    evidence: { 'rdp.negotiation': seen([failed(0, 1), failed(2, 1), selected(0xb, 8)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'one offer over TLS is accepted',
    evidence: { 'rdp.negotiation': seen([failed(0, 5), failed(8, 2), selected(0xb, 8)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'standard security only',
    evidence: { 'rdp.negotiation': seen([selected(0, 0), failed(1, 2), failed(0xb, 2)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['weak but fits together'],
  },
  {
    name: 'another service',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), foreign(1, 'a web server')]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['a web server'],
  },
  {
    name: 'no listener',
    evidence: { 'rdp.negotiation': none() },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'a silence is not a refusal',
    evidence: { 'rdp.negotiation': seen([silence(0, 'silent'), failed(1, 2)]) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    says: ['standard RDP security (0x0) got no answer in time'],
  },
  {
    name: 'TLS was not answered',
    evidence: { 'rdp.negotiation': seen([selected(0, 0), silence(1, 'closed')]) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'TLS met another service',
    evidence: { 'rdp.negotiation': seen([selected(0, 0), foreign(1, 'a web server')]) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  { name: 'nothing was asked', evidence: {}, verdict: 'inconclusive', facts: ['rdp.negotiation'] },
]);
