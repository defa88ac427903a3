import { certificateNotYetValid } from '../../../src/core/causes/certificate-not-yet-valid.ts';
import type { ListenerCertificate } from '../../../src/core/model/windows-facts.ts';
import { CERTIFICATE, checkCause, none, SEEN_AT, seen, unseen } from './evidence.ts';

const EARLY = { ...CERTIFICATE, notBefore: '2026-03-02T12:00:00.000Z' };
const stored = (certificate?: typeof CERTIFICATE): ListenerCertificate => ({
  sha1: CERTIFICATE.sha1,
  store: 'Remote Desktop',
  chosen: 'self-signed',
  key: 'readable',
  ...(certificate === undefined ? {} : { certificate }),
});

checkCause(certificateNotYetValid, [
  {
    name: 'its time comes a day later',
    evidence: { 'tls.certificate': seen(EARLY), 'clock.skewSeconds': seen(2) },
    verdict: 'likely',
    facts: ['tls.certificate'],
    says: ['2026-03-02 12:00 UTC, 1 d after it was seen', 'only warns'],
  },
  {
    name: 'with a clock that is wrong, which is told',
    evidence: { 'tls.certificate': seen(EARLY), 'clock.skewSeconds': seen(86_400) },
    verdict: 'likely',
    facts: ['tls.certificate', 'clock.skewSeconds'],
    says: ['1 d ahead of the clock here'],
  },
  {
    name: 'five minutes of skew are not worth a word, and a second more is',
    evidence: { 'tls.certificate': seen(EARLY), 'clock.skewSeconds': seen(-301) },
    verdict: 'likely',
    facts: ['tls.certificate', 'clock.skewSeconds'],
    says: ['behind the clock here'],
  },
  {
    name: 'the same in the store',
    evidence: { 'listener.certificate': seen(stored(EARLY)) },
    verdict: 'likely',
    facts: ['listener.certificate'],
  },
  {
    name: 'what is shown counts, not what the store holds',
    evidence: { 'tls.certificate': seen(CERTIFICATE), 'listener.certificate': seen(stored(EARLY)) },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'valid from the very moment',
    evidence: { 'tls.certificate': seen({ ...CERTIFICATE, notBefore: SEEN_AT }) },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'an expired one is not early',
    evidence: { 'tls.certificate': seen({ ...CERTIFICATE, notAfter: '2026-02-01T00:00:00.000Z' }) },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'no certificate is shown',
    evidence: { 'tls.certificate': none() },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'its date cannot be read',
    evidence: { 'tls.certificate': seen({ ...CERTIFICATE, notBefore: '' }) },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
  },
  {
    name: 'the one in the store could not be read',
    evidence: { 'tls.certificate': unseen(), 'listener.certificate': seen(stored()) },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
  },
]);
