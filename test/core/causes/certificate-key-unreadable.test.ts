import { certificateKeyUnreadable } from '../../../src/core/causes/certificate-key-unreadable.ts';
import { checkCause, GCM, seen, unseen, versions } from './evidence.ts';
import {
  event,
  listenerCertificate,
  lostCertificate,
  notOnDisk,
  service,
  set,
  timeline,
} from './windows-evidence.ts';

const DENIED = listenerCertificate({
  key: 'denied',
  keyDetail: 'NETWORK SERVICE may not read its file',
  keyFile: '\\ProgramData\\MachineKeys\\f686',
});
const FAILED = event('Schannel', 36870, 30, { Type: 'server', ErrorCode: '0x8009030D' });

checkCause(certificateKeyUnreadable, [
  {
    name: 'NETWORK SERVICE may not read the key of the self-signed certificate',
    evidence: { 'listener.certificate': DENIED, 'listener.securityLayer': set(2) },
    verdict: 'confirmed',
    facts: ['listener.certificate', 'listener.securityLayer'],
    says: ['cannot be read by the service', '\\ProgramData\\MachineKeys\\f686'],
  },
  {
    name: 'the file is gone',
    evidence: {
      'listener.certificate': listenerCertificate({ key: 'missing', keyDetail: 'its file does not exist' }),
      'listener.securityLayer': set(2),
    },
    verdict: 'confirmed',
    facts: ['listener.certificate', 'listener.securityLayer'],
    says: ['is missing: its file does not exist'],
    advice: /^(?!.*(?:NETWORK SERVICE|read on)).*Restore .*make a new certificate/,
  },
  {
    name: 'the file is gone, and whether TLS is used is not known',
    evidence: { 'listener.certificate': listenerCertificate({ key: 'missing' }) },
    verdict: 'likely',
    facts: ['listener.certificate'],
    says: ['Unless the listener uses standard RDP security'],
    advice: /^Restore /,
  },
  {
    name: 'the file of a chosen certificate is gone',
    evidence: { 'listener.certificate': listenerCertificate({ chosen: 'bound', key: 'missing' }) },
    verdict: 'likely',
    facts: ['listener.certificate'],
    says: ['falls back'],
    advice: /^(?!.*(?:NETWORK SERVICE|read on)).*Restore .*enrol/,
  },
  {
    name: 'the key of a chosen certificate: the listener has its own to fall back to',
    evidence: { 'listener.certificate': listenerCertificate({ chosen: 'bound', key: 'denied' }) },
    verdict: 'likely',
    facts: ['listener.certificate'],
    says: ['falls back'],
  },
  {
    name: 'where it is negotiated a client without TLS still gets in',
    evidence: { 'listener.certificate': DENIED, 'listener.securityLayer': set(1) },
    verdict: 'likely',
    facts: ['listener.certificate', 'listener.securityLayer'],
    says: ['SecurityLayer is 1'],
  },
  {
    name: 'a handshake succeeded all the same',
    evidence: { 'listener.certificate': DENIED, 'tls.versions': seen(versions(`70 70 ${GCM} 70`)) },
    verdict: 'likely',
    facts: ['tls.versions', 'listener.certificate'],
    says: ['not in effect now', 'TLS 1.2 accepted'],
  },
  {
    name: 'Schannel could not use a key, and nothing worked since',
    evidence: { 'listener.certificate': listenerCertificate(), 'events.relevant': timeline(FAILED) },
    verdict: 'likely',
    facts: ['listener.certificate', 'events.relevant'],
    says: ['Schannel event 36870', 'System.evtx#1030'],
  },
  {
    name: 'the event alone',
    evidence: { 'events.relevant': timeline(event('RemoteConnectionManager', 1057, 30)) },
    verdict: 'likely',
    facts: ['events.relevant'],
  },
  {
    name: 'the service that holds the keys is disabled',
    evidence: { 'listener.certificate': listenerCertificate(), 'service.KeyIso': service(4) },
    verdict: 'likely',
    facts: ['listener.certificate', 'service.KeyIso'],
  },
  {
    name: 'a new certificate came after the failure',
    evidence: {
      'listener.certificate': listenerCertificate(),
      'events.relevant': timeline(FAILED, event('RemoteConnectionManager', 1056, 40)),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'a program that calls out has trouble of its own',
    evidence: {
      'listener.certificate': listenerCertificate(),
      'events.relevant': timeline(event('Schannel', 36870, 30, { Type: 'client' })),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
    says: ['can be read'],
  },
  {
    name: 'standard RDP security needs no certificate',
    evidence: { 'listener.certificate': DENIED, 'listener.securityLayer': set(0) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'there is no certificate',
    evidence: { 'listener.certificate': notOnDisk() },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'a handshake succeeded',
    evidence: { 'tls.versions': seen(versions(`70 70 ${GCM} 70`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'who may read it was not seen',
    evidence: { 'listener.certificate': lostCertificate() },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    settledBy: ['HOST', '--rpc'],
  },
  {
    name: 'every handshake died, and nobody looked at the key',
    evidence: {
      'tls.versions': seen(versions('closed closed closed closed')),
      'listener.certificate': unseen('not-gathered'),
    },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    settledBy: ['--disk', '--rpc'],
  },
]);
