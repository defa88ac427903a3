import { certificateBindingOrphaned } from '../../../src/core/causes/certificate-binding-orphaned.ts';
import { CERTIFICATE, checkCause, failed, seen, selected, unseen } from './evidence.ts';
import { listenerCertificate, lostCertificate, notOnDisk, onDisk, set } from './windows-evidence.ts';

const GONE = { 'listener.certificate': lostCertificate('bound') } as const;
const NO_CERTIFICATE = seen([failed(0, 5), failed(1, 3), failed(0xb, 3)]);

checkCause(certificateBindingOrphaned, [
  {
    name: 'its store has it, and it could not be read: it is not gone',
    evidence: {
      'listener.certificate': onDisk({
        chosen: 'bound',
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
    name: 'the assigned certificate is not in its store',
    evidence: GONE,
    verdict: 'likely',
    facts: ['listener.certificate'],
    says: [CERTIFICATE.sha1, 'falls back'],
  },
  {
    name: 'and the listener says that it has none, and takes nothing else',
    evidence: { ...GONE, 'rdp.negotiation': NO_CERTIFICATE, 'rdp.standard': seen('refused') },
    verdict: 'confirmed',
    facts: ['listener.certificate', 'rdp.negotiation', 'rdp.standard'],
    says: ['failure 3'],
  },
  {
    name: 'and the listener says that it has none, but takes standard RDP security',
    evidence: { ...GONE, 'rdp.negotiation': NO_CERTIFICATE, 'rdp.standard': seen('accepted') },
    verdict: 'likely',
    facts: ['listener.certificate', 'rdp.negotiation', 'rdp.standard'],
  },
  {
    name: 'and the listener agrees to TLS, which is no word on its certificate',
    evidence: { ...GONE, 'rdp.negotiation': seen([selected(1, 1)]) },
    verdict: 'likely',
    facts: ['listener.certificate'],
  },
  {
    name: 'the listener presents another one',
    evidence: { ...GONE, 'tls.certificate': seen(CERTIFICATE) },
    verdict: 'ruled-out',
    facts: ['listener.certificate', 'tls.certificate'],
    remark: /in its place \(CN=VM1\)/,
  },
  {
    name: 'it is in its store',
    evidence: { 'listener.certificate': listenerCertificate({ chosen: 'bound' }) },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
    remarks: null,
  },
  {
    name: 'nobody assigned one',
    evidence: { 'listener.certificate': lostCertificate('self-signed') },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'none is named',
    evidence: { 'listener.certificate': notOnDisk() },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'standard RDP security needs none',
    evidence: { ...GONE, 'listener.securityLayer': set(0) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'it could not be read',
    evidence: { 'listener.certificate': unseen('denied') },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    settledBy: ['--disk', '--rpc'],
  },
]);
