import { listenerClosesConnection } from '../../../src/core/causes/listener-closes-connection.ts';
import { checkCause, failed, foreign, none, seen, silence, unseen } from './evidence.ts';

checkCause(listenerClosesConnection, [
  {
    name: 'every request is closed',
    evidence: { 'rdp.negotiation': seen([0, 1, 0xb].map((mask) => silence(mask, 'closed'))) },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
    says: ['standard RDP security (0x0), TLS (0x1) and TLS and CredSSP (0xB)'],
  },
  {
    name: 'only one request was made',
    evidence: { 'rdp.negotiation': seen([silence(0xb, 'closed')]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'one silent answer among the closed ones is not a close',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), silence(0xb, 'silent')]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['was closed without an answer', 'got no answer in time'],
  },
  {
    name: 'the listener never says a word, which is another cause',
    evidence: { 'rdp.negotiation': seen([silence(0, 'silent'), silence(0xb, 'silent')]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'every connection is reset',
    evidence: {
      'rdp.negotiation': seen(
        [0, 1, 0xb].map((mask) => ({ ...silence(mask, 'closed'), how: 'reset' as const })),
      ),
    },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
    says: ['resets every one (TCP RST)'],
    advice: /^First try from a second network/,
  },
  {
    name: 'one of them was ended, the others reset',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'closed'), { ...silence(1, 'closed'), how: 'reset' as const }]),
    },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
    says: ['closes every one'],
  },
  {
    name: 'the port wants TLS first',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'closed'), silence(1, 'closed')]),
      'tls.direct': seen({ answer: 'alert', alert: 40 }),
    },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation', 'tls.direct'],
  },
  {
    name: 'TLS was tried, and closed as well',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'closed'), silence(1, 'closed')]),
      'tls.direct': seen({ answer: 'closed' }),
    },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'one failure among the closed',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), failed(1, 2)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['SSL_NOT_ALLOWED_BY_SERVER'],
  },
  {
    name: 'another protocol answers, which is another cause',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), foreign(1, 'a web server')]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['a web server'],
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
