import { listenerSilent } from '../../../src/core/causes/listener-silent.ts';
import { checkCause, failed, foreign, none, seen, silence, unseen } from './evidence.ts';

const SILENT = [0, 1, 0xb].map((mask) => silence(mask, 'silent'));

checkCause(listenerSilent, [
  {
    name: 'no request is answered',
    evidence: { 'rdp.negotiation': seen(SILENT), 'tls.direct': seen({ answer: 'silent' }) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['standard RDP security (0x0), TLS (0x1) and TLS and CredSSP (0xB)', 'before the time limit'],
  },
  {
    name: 'it waits for TLS, which is another cause',
    evidence: { 'rdp.negotiation': seen(SILENT), 'tls.direct': seen({ answer: 'secured', inside: 'rdp' }) },
    verdict: 'ruled-out',
    facts: ['tls.direct'],
  },
  {
    name: 'it refuses TLS with an alert, so it waited for that',
    evidence: { 'rdp.negotiation': seen(SILENT), 'tls.direct': seen({ answer: 'alert', alert: 40 }) },
    verdict: 'ruled-out',
    facts: ['tls.direct'],
  },
  {
    name: 'every connection was ended',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), silence(1, 'closed')]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'one connection was ended',
    evidence: { 'rdp.negotiation': seen([...SILENT.slice(1), silence(0, 'closed')]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'one request was answered',
    evidence: { 'rdp.negotiation': seen([...SILENT.slice(1), failed(0, 5)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['HYBRID_REQUIRED_BY_SERVER'],
  },
  {
    name: 'another protocol answers',
    evidence: { 'rdp.negotiation': seen([...SILENT.slice(1), foreign(0, 'a web server')]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'there is no listener',
    evidence: { 'rdp.negotiation': none() },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'nothing was asked',
    evidence: { 'rdp.negotiation': seen([]) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'the port is closed',
    evidence: { 'rdp.negotiation': unseen('no-channel') },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
]);
