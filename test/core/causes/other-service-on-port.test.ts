import { otherServiceOnPort } from '../../../src/core/causes/other-service-on-port.ts';
import { checkCause, failed, foreign, none, seen, selected, silence } from './evidence.ts';

const SSH = 'an SSH server (SSH-2.0-OpenSSH_9.2)';

checkCause(otherServiceOnPort, [
  {
    name: 'SSH answers every request',
    evidence: { 'rdp.negotiation': seen([foreign(0, SSH), foreign(1, SSH), foreign(0xb, SSH)]) },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
    says: [SSH],
  },
  {
    name: 'SSH answers what was answered at all',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), foreign(1, SSH), silence(0xb, 'silent')]) },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'a load balancer mixes machines',
    evidence: { 'rdp.negotiation': seen([foreign(0, SSH), selected(0xb, 8)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['load balancer', 'TLS and CredSSP (0xB) got CredSSP (0x8)'],
  },
  {
    name: 'a failure is RDP too',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), failed(1, 5)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['TLS (0x1) got failure 5 (HYBRID_REQUIRED_BY_SERVER)'],
  },
  {
    name: 'there is no listener',
    evidence: { 'rdp.negotiation': none() },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'closed and silent are no answers',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), silence(1, 'silent')]) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  { name: 'nothing was asked', evidence: {}, verdict: 'inconclusive', facts: ['rdp.negotiation'] },
  {
    name: 'a web server inside TLS',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'closed'), silence(1, 'closed')]),
      'tls.direct': seen({
        answer: 'secured',
        version: '1.3',
        subject: 'CN=gateway.example',
        inside: { foreign: 'a web server (HTTP/1.1 400 Bad Request)' },
      }),
    },
    verdict: 'confirmed',
    facts: ['tls.direct', 'rdp.negotiation'],
    says: ['TLS 1.3, certificate CN=gateway.example', 'a web server (HTTP/1.1 400 Bad Request)'],
    advice: /gateway in the connection settings/,
  },
  {
    name: 'a listener inside TLS',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'silent'), silence(1, 'silent')]),
      'tls.direct': seen({ answer: 'secured', version: '1.2', inside: 'rdp' }),
    },
    verdict: 'confirmed',
    facts: ['tls.direct', 'rdp.negotiation'],
    says: ['Inside that TLS a Remote Desktop listener answers', 'stunnel'],
    advice: /TLS wrapper/,
  },
  {
    name: 'TLS that refuses us in its own words',
    evidence: {
      'rdp.negotiation': seen([foreign(0, 'a TLS server without Remote Desktop in front')]),
      'tls.direct': seen({ answer: 'alert', alert: 40 }),
    },
    verdict: 'confirmed',
    facts: ['tls.direct', 'rdp.negotiation'],
    says: ['alert 40, handshake_failure'],
    advice: /gateway in the connection settings/,
  },
  {
    name: 'a listener that was heard, whatever TLS at once did',
    evidence: { 'rdp.negotiation': seen([selected(1, 1)]), 'tls.direct': seen({ answer: 'secured' }) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'TLS at once was closed too',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'closed'), silence(1, 'closed')]),
      'tls.direct': seen({ answer: 'closed' }),
    },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
]);
