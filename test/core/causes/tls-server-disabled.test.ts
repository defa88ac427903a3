import { tlsServerDisabled } from '../../../src/core/causes/tls-server-disabled.ts';
import { checkCause, GCM, MODERN, none, PLAIN, seen, unseen, versions } from './evidence.ts';
import { forced, schannel, set } from './windows-evidence.ts';

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
  // Judged by the settings.
  {
    name: 'every version is switched off',
    evidence: { 'schannel.server': schannel('off off off off') },
    verdict: 'confirmed',
    facts: ['schannel.server'],
    says: ['TLS 1.0, TLS 1.1, TLS 1.2 and TLS 1.3 off (Enabled 0)'],
  },
  {
    name: 'the settings and the listener agree',
    evidence: {
      'rdp.tls': seen('required'),
      'rdp.standard': seen('refused'),
      'tls.versions': seen(versions('closed closed closed closed')),
      'schannel.server': schannel('off off off off'),
    },
    verdict: 'confirmed',
    facts: ['tls.versions', 'schannel.server'],
    says: ['The settings agree'],
  },
  {
    name: 'the listener refuses every version although one is switched on',
    evidence: {
      'rdp.tls': seen('required'),
      'rdp.standard': seen('refused'),
      'tls.versions': seen(versions('70 70 70 70')),
      'schannel.server': schannel('off off on -'),
    },
    verdict: 'confirmed',
    facts: ['tls.versions', 'rdp.tls', 'rdp.standard', 'schannel.server'],
    says: ['The settings say otherwise'],
  },
  {
    name: 'every version is off, one for DisabledByDefault alone',
    evidence: { 'schannel.server': schannel('off off hidden off') },
    verdict: 'likely',
    facts: ['schannel.server'],
    says: ['TLS 1.2 off (DisabledByDefault 1)'],
  },
  {
    name: 'every version is off, and the listener accepted a handshake',
    evidence: {
      'tls.versions': seen(versions(`70 70 ${GCM} 70`)),
      'schannel.server': schannel('off off off off'),
    },
    verdict: 'likely',
    facts: ['tls.versions', 'schannel.server'],
    says: ['not in effect yet', 'restart', 'the listener accepts TLS'],
  },
  {
    name: 'old versions off is hardening',
    evidence: { 'schannel.server': schannel('off off on -') },
    verdict: 'ruled-out',
    facts: ['schannel.server'],
    says: ['TLS 1.2 and TLS 1.3 on'],
  },
  {
    name: 'standard security uses no TLS',
    evidence: { 'schannel.server': schannel('off off off off'), 'listener.securityLayer': set(0) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'the listener was heard to use no TLS',
    evidence: {
      'rdp.tls': seen('refused'),
      'schannel.server': schannel('off off off off'),
      'listener.securityLayer': forced(2),
    },
    verdict: 'ruled-out',
    facts: ['rdp.tls'],
  },
  {
    name: 'the settings could not be read',
    evidence: { 'schannel.server': unseen('corrupt', 'bad hive'), 'listener.securityLayer': set(2) },
    verdict: 'inconclusive',
    facts: ['schannel.server'],
    says: ['bad hive'],
    settledBy: ['--disk', '--rpc'],
  },
]);
