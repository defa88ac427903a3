import { listenerInconsistent } from '../../../src/core/causes/listener-inconsistent.ts';
import { checkCause, failed, foreign, none, seen, selected, silence, unseen } from './evidence.ts';
import { byDefault, forced, set } from './windows-evidence.ts';

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
    says: ['are consistent'],
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
    says: ['weak but consistent'],
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
  // Judged by the settings.
  {
    name: 'NLA is set and TLS is not allowed',
    evidence: { 'listener.securityLayer': set(0), 'listener.userAuthentication': forced(1, 0) },
    verdict: 'confirmed',
    facts: ['listener.securityLayer', 'listener.userAuthentication'],
    says: ['UserAuthentication is 1 (policy', 'SecurityLayer is 0'],
  },
  {
    name: 'the settings say why it refuses everything',
    evidence: {
      'rdp.negotiation': seen([failed(0, 5), failed(1, 2)]),
      'listener.securityLayer': set(0),
      'listener.userAuthentication': set(1),
    },
    verdict: 'confirmed',
    facts: ['rdp.negotiation', 'listener.securityLayer', 'listener.userAuthentication'],
    says: ['The settings agree'],
  },
  {
    name: 'another service on the port has no word against the settings',
    evidence: {
      'rdp.negotiation': seen([foreign(0, 'a web server')]),
      'listener.securityLayer': set(0),
      'listener.userAuthentication': set(1),
    },
    verdict: 'confirmed',
    facts: ['listener.securityLayer', 'listener.userAuthentication'],
  },
  {
    name: 'NLA still works: the settings wait for a restart',
    evidence: {
      'rdp.negotiation': seen([failed(0, 5), selected(0xb, 8)]),
      'listener.securityLayer': set(0),
      'listener.userAuthentication': set(1),
    },
    verdict: 'likely',
    facts: ['rdp.negotiation', 'listener.securityLayer', 'listener.userAuthentication'],
    says: ['not in effect now'],
  },
  {
    name: 'it refuses everything although the settings fit',
    evidence: {
      'rdp.negotiation': seen([failed(0, 5), failed(1, 2)]),
      'listener.securityLayer': set(2),
      'listener.userAuthentication': set(1),
      'listener.fAllowSecProtocolNegotiation': set(1),
    },
    verdict: 'likely',
    facts: ['rdp.negotiation', 'listener.securityLayer', 'listener.fAllowSecProtocolNegotiation'],
    says: ['The settings say otherwise'],
  },
  {
    name: 'TLS and NLA are set',
    evidence: {
      'listener.securityLayer': byDefault(2),
      'listener.userAuthentication': set(1),
      'listener.fAllowSecProtocolNegotiation': byDefault(1),
    },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer', 'listener.fAllowSecProtocolNegotiation'],
  },
  {
    name: 'NLA is set, and the listener may not negotiate',
    evidence: {
      'listener.securityLayer': set(2),
      'listener.userAuthentication': set(1),
      'listener.fAllowSecProtocolNegotiation': set(0),
    },
    verdict: 'likely',
    facts: ['listener.userAuthentication', 'listener.fAllowSecProtocolNegotiation'],
    says: ['fAllowSecProtocolNegotiation is 0'],
  },
  {
    name: 'a policy forbids to negotiate, and the layer was not read',
    evidence: {
      'listener.securityLayer': unseen('corrupt'),
      'listener.userAuthentication': set(1),
      'listener.fAllowSecProtocolNegotiation': forced(0, 1),
    },
    verdict: 'likely',
    facts: ['listener.userAuthentication', 'listener.fAllowSecProtocolNegotiation'],
  },
  {
    name: 'TLS alone is allowed, and the listener may not negotiate: nobody describes what that does',
    evidence: {
      'listener.securityLayer': set(2),
      'listener.userAuthentication': set(0),
      'listener.fAllowSecProtocolNegotiation': set(0),
    },
    verdict: 'inconclusive',
    facts: ['listener.fAllowSecProtocolNegotiation'],
    says: ['fAllowSecProtocolNegotiation is 0'],
  },
  {
    name: 'neither TLS nor NLA is set, as the whole workaround leaves it',
    evidence: {
      'listener.securityLayer': set(0),
      'listener.userAuthentication': set(0),
      'listener.fAllowSecProtocolNegotiation': set(0),
    },
    verdict: 'ruled-out',
    facts: ['listener.userAuthentication', 'listener.securityLayer'],
  },
  {
    name: 'no NLA is set, and the listener may negotiate',
    evidence: {
      'listener.securityLayer': unseen('corrupt'),
      'listener.userAuthentication': set(0),
      'listener.fAllowSecProtocolNegotiation': set(1),
    },
    verdict: 'ruled-out',
    facts: ['listener.userAuthentication', 'listener.fAllowSecProtocolNegotiation'],
  },
  {
    name: 'whether it may negotiate was not read',
    evidence: {
      'listener.securityLayer': set(2),
      'listener.userAuthentication': set(1),
      'listener.fAllowSecProtocolNegotiation': unseen('corrupt'),
    },
    verdict: 'inconclusive',
    facts: ['listener.fAllowSecProtocolNegotiation'],
    settledBy: ['--disk', '--rpc'],
  },
  {
    name: 'half of the settings was read',
    evidence: {
      'listener.userAuthentication': set(1),
      'listener.securityLayer': unseen('corrupt'),
      'listener.fAllowSecProtocolNegotiation': set(1),
    },
    verdict: 'inconclusive',
    facts: ['listener.securityLayer'],
    settledBy: ['--disk', '--rpc'],
  },
]);
