import { tlsServerDisabled } from '../../../src/core/causes/tls-server-disabled.ts';
import { checkCause, GCM, MODERN, none, PLAIN, seen, unseen, versions } from './evidence.ts';

const ALL_70 = seen(versions('70 70 70 70'));

checkCause(tlsServerDisabled, [
  {
    name: 'TLS required, every version refused with alert 70',
    evidence: { 'rdp.tls': seen('required'), 'rdp.standard': seen('refused'), 'tls.versions': ALL_70 },
    verdict: 'confirmed',
    facts: ['tls.versions', 'rdp.tls', 'rdp.standard'],
    says: ['TLS 1.0, TLS 1.1, TLS 1.2 and TLS 1.3 refused (alert 70, protocol_version)'],
  },
  {
    name: 'standard security beside it helps no client that asks for TLS',
    evidence: { 'rdp.tls': seen('offered'), 'rdp.standard': seen('accepted'), 'tls.versions': ALL_70 },
    verdict: 'confirmed',
    facts: ['tls.versions', 'rdp.tls', 'rdp.standard'],
    says: ['Only a client that asks for standard RDP security alone gets in'],
  },
  {
    name: 'one supported client does without TLS',
    evidence: { 'rdp.tls': seen('offered'), 'rdp.standard': seen('accepted'), 'tls.versions': ALL_70 },
    supported: [MODERN, PLAIN],
    verdict: 'likely',
    facts: ['tls.versions', 'rdp.tls', 'rdp.standard'],
    says: ['Modern Windows'],
  },
  {
    name: 'the client named does without TLS',
    evidence: { 'rdp.tls': seen('offered'), 'rdp.standard': seen('accepted'), 'tls.versions': ALL_70 },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['tls.versions', 'rdp.tls', 'rdp.standard'],
  },
  {
    name: 'the negotiation could not be seen',
    evidence: { 'tls.versions': ALL_70 },
    verdict: 'likely',
    facts: ['tls.versions'],
  },
  {
    name: 'handshakes end without an alert',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions('70 closed refused 70')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['TLS 1.1 closed without an alert', 'TLS 1.2 refused without an alert', 'private key'],
  },
  {
    name: 'one version works',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions(`70 70 ${GCM} 70`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: ['TLS 1.2 accepted'],
  },
  {
    name: 'the listener does standard security only',
    evidence: { 'rdp.tls': seen('refused'), 'rdp.standard': seen('accepted'), 'tls.versions': none() },
    verdict: 'ruled-out',
    facts: ['rdp.tls'],
    says: ['standard RDP security only'],
  },
  {
    name: 'TLS is not negotiated',
    evidence: { 'rdp.tls': none(), 'tls.versions': unseen() },
    verdict: 'ruled-out',
    facts: ['rdp.tls'],
  },
  {
    name: 'TLS was looked for and is not there',
    evidence: { 'tls.versions': none() },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'alert 40 speaks of suites',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions('70 70 40 70')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
    says: ['TLS 1.2 refused (alert 40, handshake_failure)'],
  },
  {
    name: 'a timeout is no refusal',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions('70 70 timeout 70')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
    says: ['TLS 1.2 without an answer in time'],
  },
  {
    name: 'the versions were not tried',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': unseen('not-gathered') },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
    settledBy: ['HOST', '--disk'],
  },
]);
