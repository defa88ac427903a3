import { otherServiceOnPort } from '../../../src/core/causes/other-service-on-port.ts';
import { checkCause, failed, foreign, none, seen, selected, silence } from './evidence.ts';
import { notOnDisk, onDisk, set } from './windows-evidence.ts';

const SSH = 'an SSH server (SSH-2.0-OpenSSH_9.2)';

const ACME = onDisk({ process: 'acme.exe', processId: 4321 });

checkCause(otherServiceOnPort, [
  {
    name: 'the machine says that another program has the port',
    evidence: { 'listener.owner': ACME, 'listener.portNumber': set(3390) },
    verdict: 'likely',
    facts: ['listener.owner', 'listener.portNumber'],
    says: ['port 3390 belongs to acme.exe and not to TermService'],
  },
  {
    name: 'another service in a host process',
    evidence: { 'listener.owner': onDisk({ process: 'svchost.exe', service: 'iphlpsvc' }) },
    verdict: 'likely',
    facts: ['listener.owner'],
    says: ['svchost.exe, iphlpsvc'],
  },
  {
    name: 'the network and the machine agree',
    evidence: {
      'rdp.negotiation': seen([foreign(0, SSH), foreign(1, SSH), foreign(0xb, SSH)]),
      'listener.owner': ACME,
    },
    verdict: 'confirmed',
    facts: ['rdp.negotiation', 'listener.owner'],
    says: [SSH, 'acme.exe'],
  },
  {
    name: 'another protocol answers although TermService has its port: in front of the machine',
    evidence: {
      'rdp.negotiation': seen([foreign(0, SSH), foreign(1, SSH), foreign(0xb, SSH)]),
      'listener.owner': onDisk({ process: 'svchost.exe', service: 'TermService' }),
    },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'TermService has it, among others of its process',
    evidence: { 'listener.owner': onDisk({ process: 'svchost.exe', service: 'CryptSvc, TermService' }) },
    verdict: 'ruled-out',
    facts: ['listener.owner'],
  },
  {
    name: 'TermService has its own port, and another was tried, where every connection was closed',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'closed'), silence(1, 'closed')]),
      'listener.owner': onDisk({ process: 'svchost.exe', service: 'TermService' }),
      'listener.portNumber': set(3390),
    },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'nobody has it',
    evidence: { 'listener.owner': notOnDisk() },
    verdict: 'ruled-out',
    facts: ['listener.owner'],
    says: ['nobody listens'],
  },
  {
    name: 'the listener answers, whatever the machine says of another port',
    evidence: { 'rdp.negotiation': seen([selected(0xb, 8)]), 'listener.owner': ACME },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  ...[{ process: 'svchost.exe', processId: 1234 }, { process: 'System', processId: 4 }, {}].map((owner) => ({
    name: `nobody knows for whom: ${JSON.stringify(owner)}`,
    evidence: { 'listener.owner': onDisk(owner) },
    verdict: 'inconclusive' as const,
    facts: ['rdp.negotiation'] as const,
    settledBy: ['HOST', '--rpc'],
  })),
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
