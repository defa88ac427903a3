import { certificateEnrolmentFailed } from '../../../src/core/causes/certificate-enrolment-failed.ts';
import { CERTIFICATE, checkCause, seen, unseen } from './evidence.ts';
import { event, listenerCertificate, notOnDisk, onDisk, stored, timeline } from './windows-evidence.ts';

const WANTED = { 'listener.certificateTemplate': onDisk('RDPAuth') } as const;
const ISSUED = stored({ selfSigned: false, issuer: 'CN=Example CA' });

checkCause(certificateEnrolmentFailed, [
  ...[1062, 1064, 1065].map((id) => ({
    name: `a template is prescribed, and event ${id} says that it failed`,
    evidence: { ...WANTED, 'events.relevant': timeline(event('RemoteConnectionManager', id, 30)) },
    verdict: 'likely' as const,
    facts: ['listener.certificateTemplate', 'events.relevant'] as const,
    says: ['template RDPAuth', `event ${id}`],
  })),
  {
    name: 'the same, and the listener presents one of its own',
    evidence: {
      ...WANTED,
      'events.relevant': timeline(event('RemoteConnectionManager', 1064, 30)),
      'tls.certificate': seen(CERTIFICATE),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificateTemplate', 'tls.certificate'],
    remark: /event 1064.*a self-signed one in its place/,
  },
  {
    name: 'the listener presents one of its own, and no log says why',
    evidence: { ...WANTED, 'tls.certificate': seen(CERTIFICATE) },
    verdict: 'ruled-out',
    facts: ['listener.certificateTemplate', 'tls.certificate'],
    remark:
      /prescribes certificates of the template RDPAuth for the listener\. The listener presents a self-signed/,
  },
  {
    name: 'the listener presents one that somebody issued',
    evidence: { ...WANTED, 'tls.certificate': seen(ISSUED) },
    verdict: 'ruled-out',
    facts: ['listener.certificateTemplate', 'tls.certificate'],
    remarks: null,
  },
  {
    name: 'renewal failed, and the old one is still presented',
    evidence: {
      ...WANTED,
      'events.relevant': timeline(event('RemoteConnectionManager', 1065, 30)),
      'tls.certificate': seen(ISSUED),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificateTemplate', 'tls.certificate'],
    remark: /event 1065.*one of CN=Example CA/,
  },
  {
    name: 'the listener has one that somebody issued',
    evidence: {
      ...WANTED,
      'events.relevant': timeline(),
      'listener.certificate': listenerCertificate({ certificate: ISSUED }),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificateTemplate', 'listener.certificate'],
  },
  {
    // Event 1064 of the first start, before the certification authority could be reached, stays in the log.
    name: 'it failed at some time, and the listener has one that somebody issued',
    evidence: {
      ...WANTED,
      'events.relevant': timeline(event('RemoteConnectionManager', 1064, 30)),
      'listener.certificate': listenerCertificate({ certificate: ISSUED }),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificateTemplate', 'listener.certificate'],
    remark: /event 1064.*has one of CN=Example CA all the same/,
  },
  {
    name: 'the listener names its own, and the logs are silent',
    evidence: { ...WANTED, 'events.relevant': timeline(), 'listener.certificate': listenerCertificate() },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    settledBy: ['HOST', '--disk', '--rpc'],
  },
  {
    name: 'no template is prescribed, whatever failed before',
    evidence: {
      'listener.certificateTemplate': notOnDisk(),
      'events.relevant': timeline(event('RemoteConnectionManager', 1064, 30)),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificateTemplate'],
  },
  {
    name: 'nobody knows whether one is prescribed',
    evidence: { 'listener.certificateTemplate': unseen('denied') },
    verdict: 'inconclusive',
    facts: ['listener.certificateTemplate'],
  },
]);
