import { certificateMissing } from '../../../src/core/causes/certificate-missing.ts';
import {
  CERTIFICATE,
  checkCause,
  failed,
  GCM,
  none,
  seen,
  selected,
  silence,
  unseen,
  versions,
} from './evidence.ts';
import {
  event,
  listenerCertificate,
  lostCertificate,
  notOnDisk,
  onDisk,
  set,
  timeline,
} from './windows-evidence.ts';

const ALL_THREE = [failed(0, 3), failed(1, 3), failed(0xb, 3)];
const AGREED = seen([failed(0, 1), selected(1, 1), selected(0xb, 8)]);

checkCause(certificateMissing, [
  {
    name: 'its store has it, and it could not be read: it is not gone',
    evidence: {
      'listener.certificate': onDisk({
        chosen: 'self-signed',
        sha1: 'ab',
        store: 'MY',
        unread: true,
        key: 'unknown',
      }),
    },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    says: ['could not be read'],
    settledBy: ['HOST'],
  },
  {
    name: 'failure 3 for all, standard security refused',
    evidence: { 'rdp.negotiation': seen(ALL_THREE), 'rdp.standard': seen('refused') },
    verdict: 'confirmed',
    facts: ['rdp.negotiation', 'rdp.standard'],
    says: ['TLS (0x1) got failure 3 (SSL_CERT_NOT_ON_SERVER)', 'cannot be read look the same'],
  },
  {
    name: 'standard security is still accepted',
    evidence: {
      'rdp.negotiation': seen([selected(0, 0), failed(1, 3), failed(0xb, 3)]),
      'rdp.standard': seen('accepted'),
    },
    verdict: 'likely',
    facts: ['rdp.negotiation', 'rdp.standard'],
    says: ['standard RDP security would still get in'],
  },
  {
    name: 'standard security could not be seen',
    evidence: { 'rdp.negotiation': seen([silence(0, 'closed'), failed(1, 3)]), 'rdp.standard': unseen() },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'another request for TLS was agreed to',
    evidence: {
      'rdp.negotiation': seen([failed(0, 5), failed(1, 3), selected(0xb, 8)]),
      'rdp.standard': seen('refused'),
    },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['comes and goes'],
  },
  {
    name: 'TLS agreed to, every handshake dies without an alert',
    evidence: { 'rdp.negotiation': AGREED, 'tls.versions': seen(versions('closed closed closed closed')) },
    verdict: 'likely',
    facts: ['rdp.negotiation', 'tls.versions'],
    says: ['closed without an alert', 'switched off'],
  },
  {
    name: 'alert 80 speaks of the credential',
    evidence: { 'rdp.negotiation': AGREED, 'tls.versions': seen(versions('70 70 80 70')) },
    verdict: 'likely',
    facts: ['rdp.negotiation', 'tls.versions'],
    says: ['alert 80, internal_error'],
  },
  {
    name: 'a certificate is presented',
    evidence: { 'rdp.negotiation': seen(ALL_THREE), 'tls.certificate': seen(CERTIFICATE) },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
    says: ['CN=VM1', CERTIFICATE.sha1],
  },
  {
    name: 'a handshake is accepted',
    evidence: { 'rdp.negotiation': AGREED, 'tls.versions': seen(versions(`70 70 ${GCM} 70`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'the listener refuses TLS for another reason',
    evidence: { 'rdp.negotiation': seen([selected(0, 0), failed(1, 2), failed(0xb, 2)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['SSL_NOT_ALLOWED_BY_SERVER'],
  },
  {
    name: 'alert 70 for every version is another cause',
    evidence: {
      'rdp.negotiation': AGREED,
      'tls.versions': seen(versions('70 70 70 70')),
      'tls.certificate': none(),
    },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation', 'tls.versions'],
  },
  {
    name: 'TLS agreed to, a handshake timed out',
    evidence: { 'rdp.negotiation': AGREED, 'tls.versions': seen(versions('70 70 timeout 70')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'one offer over TLS agreed to, no handshake was tried',
    evidence: { 'rdp.negotiation': seen([failed(0, 5), failed(1, 5), selected(0xb, 8)]) },
    verdict: 'inconclusive',
    facts: ['tls.certificate', 'tls.versions'],
  },
  {
    name: 'the handshakes were refused, a certificate was not looked for',
    evidence: { 'rdp.negotiation': AGREED, 'tls.versions': seen(versions('70 70 70 70')) },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
  },
  {
    name: 'TLS agreed to, no handshake was tried',
    evidence: { 'rdp.negotiation': AGREED },
    verdict: 'inconclusive',
    facts: ['tls.certificate', 'tls.versions'],
  },
  {
    name: 'no request for TLS was answered',
    evidence: { 'rdp.negotiation': seen([selected(0, 0), silence(1, 'closed'), silence(0xb, 'silent')]) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'nothing was seen',
    evidence: {},
    verdict: 'inconclusive',
    facts: ['rdp.negotiation', 'tls.certificate'],
  },
  // Judged by the settings.
  {
    name: 'the self-signed certificate is not in its store',
    evidence: { 'listener.certificate': lostCertificate(), 'listener.securityLayer': set(2) },
    verdict: 'confirmed',
    facts: ['listener.certificate', 'listener.securityLayer'],
    says: ['Remote Desktop'],
  },
  {
    name: 'the same, where a client without TLS still gets in',
    evidence: { 'listener.certificate': lostCertificate(), 'listener.securityLayer': set(1) },
    verdict: 'likely',
    facts: ['listener.certificate', 'listener.securityLayer'],
    says: ['SecurityLayer is 1'],
  },
  {
    name: 'none is named and none could be made',
    evidence: {
      'listener.certificate': notOnDisk(),
      'listener.securityLayer': set(2),
      'events.relevant': timeline(event('RemoteConnectionManager', 1057, 30)),
    },
    verdict: 'confirmed',
    facts: ['listener.certificate', 'events.relevant', 'listener.securityLayer'],
    says: ['event 1057'],
  },
  {
    name: 'none is named and none could be made, and whether TLS is used is not known',
    evidence: {
      'listener.certificate': notOnDisk(),
      'events.relevant': timeline(event('RemoteConnectionManager', 1057, 30)),
    },
    verdict: 'likely',
    facts: ['listener.certificate', 'events.relevant'],
    says: ['is not known'],
  },
  {
    name: 'the chosen certificate is not in its store',
    evidence: { 'listener.certificate': lostCertificate('bound') },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    says: ['whether the listener has another certificate'],
  },
  {
    name: 'none is named',
    evidence: { 'listener.certificate': notOnDisk(), 'listener.fDenyTSConnections': set(0) },
    verdict: 'likely',
    facts: ['listener.certificate'],
  },
  {
    name: 'it is there, and a new one could not be made',
    evidence: {
      'listener.certificate': listenerCertificate(),
      'events.relevant': timeline(event('RemoteConnectionManager', 1057, 30)),
    },
    verdict: 'likely',
    facts: ['listener.certificate', 'events.relevant'],
  },
  {
    name: 'the listener says it has none, and its store says it has: the key is left',
    evidence: {
      'rdp.negotiation': seen([failed(0, 1), failed(1, 3)]),
      'rdp.standard': seen('refused'),
      'listener.certificate': listenerCertificate(),
    },
    verdict: 'confirmed',
    facts: ['rdp.negotiation', 'rdp.standard', 'listener.certificate'],
    says: ['The settings say otherwise'],
  },
  {
    name: 'it is not in its store, and the listener shows it all the same',
    evidence: {
      'rdp.negotiation': seen([selected(1, 1)]),
      'tls.certificate': seen(CERTIFICATE),
      'listener.certificate': lostCertificate(),
    },
    verdict: 'likely',
    facts: ['tls.certificate', 'listener.certificate'],
    says: ['not in effect now'],
  },
  {
    name: 'it is there; the failure was mended',
    evidence: {
      'listener.certificate': listenerCertificate(),
      'events.relevant': timeline(
        event('RemoteConnectionManager', 1057, 30),
        event('RemoteConnectionManager', 1056, 31),
      ),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'none is named as long as Remote Desktop is off',
    evidence: { 'listener.certificate': notOnDisk(), 'listener.fDenyTSConnections': set(1) },
    verdict: 'ruled-out',
    facts: ['listener.certificate', 'listener.fDenyTSConnections'],
  },
  {
    name: 'standard security needs none',
    evidence: { 'listener.certificate': lostCertificate(), 'listener.securityLayer': set(0) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'the store could not be read',
    evidence: { 'listener.certificate': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    settledBy: ['--disk', '--rpc'],
  },
  {
    name: 'every handshake ends, which other states do too, and the certificate is in its store',
    evidence: {
      'rdp.negotiation': AGREED,
      'tls.versions': seen(versions('closed closed closed closed')),
      'listener.certificate': listenerCertificate(),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
    says: ['is in its store', 'another reason'],
  },
  {
    name: 'Windows could not make a new one, and the listener shows the one it has',
    evidence: {
      'tls.certificate': seen(CERTIFICATE),
      'rdp.negotiation': AGREED,
      'listener.certificate': listenerCertificate(),
      'events.relevant': timeline(event('RemoteConnectionManager', 1057, 30)),
    },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'it is not in its store; the listener shows it, and nothing else of it was heard',
    evidence: {
      'tls.certificate': seen(CERTIFICATE),
      'listener.certificate': lostCertificate(),
      'listener.securityLayer': set(2),
    },
    verdict: 'likely',
    facts: ['tls.certificate', 'listener.certificate', 'listener.securityLayer'],
  },
  {
    name: 'it is not in its store; a handshake succeeded, and nothing else of it was heard',
    evidence: {
      'tls.versions': seen(versions(`70 70 ${GCM} 70`)),
      'listener.certificate': lostCertificate(),
      'listener.securityLayer': set(2),
    },
    verdict: 'likely',
    facts: ['tls.versions', 'listener.certificate', 'listener.securityLayer'],
  },
  {
    name: 'it is not in its store; that no listener answers does not speak against that',
    evidence: {
      'rdp.negotiation': none(),
      'listener.certificate': lostCertificate(),
      'listener.securityLayer': set(2),
    },
    verdict: 'confirmed',
    facts: ['listener.certificate', 'listener.securityLayer'],
  },
  {
    name: 'no listener answers, and the store could not be read',
    evidence: { 'rdp.negotiation': none(), 'listener.certificate': unseen('corrupt') },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  // The event table points Schannel's events here as well; they are of every program that uses TLS.
  {
    name: 'it is there; a key that cannot be opened is another cause',
    evidence: {
      'listener.certificate': listenerCertificate(),
      'events.relevant': timeline(event('Schannel', 36870, 30)),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'a new one could not be made, and a handshake of some program does not mend that',
    evidence: {
      'listener.certificate': listenerCertificate(),
      'events.relevant': timeline(event('RemoteConnectionManager', 1057, 30), event('Schannel', 36880, 31)),
    },
    verdict: 'likely',
    facts: ['listener.certificate', 'events.relevant'],
  },
]);
