import { certificateExpired } from '../../../src/core/causes/certificate-expired.ts';
import { CERTIFICATE, checkCause, none, seen, unseen } from './evidence.ts';

const EXPIRED = { ...CERTIFICATE, notAfter: '2026-02-01T12:00:00.000Z' };

checkCause(certificateExpired, [
  {
    name: 'self-signed and past its date',
    evidence: { 'tls.certificate': seen(EXPIRED) },
    verdict: 'likely',
    facts: ['tls.certificate'],
    says: ['CN=VM1', 'ran out on 2026-02-01T12:00:00.000Z, 28 d before', 'renewal is blocked', 'only warns'],
  },
  {
    name: 'chosen by hand and past its date',
    evidence: { 'tls.certificate': seen({ ...EXPIRED, selfSigned: false }), 'clock.skewSeconds': seen(300) },
    verdict: 'likely',
    facts: ['tls.certificate'],
    says: [/^((?!renew).)*$/],
  },
  {
    name: 'not valid yet',
    evidence: { 'tls.certificate': seen({ ...CERTIFICATE, notBefore: '2026-03-01T13:30:00.000Z' }) },
    verdict: 'likely',
    facts: ['tls.certificate'],
    says: ['not valid before 2026-03-01T13:30:00.000Z, 1 h 30 min after', /^((?!renew).)*$/],
  },
  {
    name: 'one of the clocks is wrong',
    evidence: { 'tls.certificate': seen(EXPIRED), 'clock.skewSeconds': seen(-86_400 * 40) },
    verdict: 'likely',
    facts: ['tls.certificate', 'clock.skewSeconds'],
    says: ['40 d behind the clock here', 'one of the two is wrong'],
  },
  {
    name: 'the clock there is ahead',
    evidence: { 'tls.certificate': seen(EXPIRED), 'clock.skewSeconds': seen(301) },
    verdict: 'likely',
    facts: ['tls.certificate', 'clock.skewSeconds'],
    says: ['5 min 1 s ahead of the clock here'],
  },
  {
    name: 'the last moment of its time',
    evidence: { 'tls.certificate': seen(EXPIRED, EXPIRED.notAfter) },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'in date when it was seen, whatever the date is now',
    evidence: { 'tls.certificate': seen(EXPIRED, '2026-01-15T00:00:00.000Z') },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
    says: ['seen 2026-01-15T00:00:00.000Z'],
  },
  {
    name: 'no certificate',
    evidence: { 'tls.certificate': none() },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'dates that cannot be read',
    evidence: { 'tls.certificate': seen({ ...CERTIFICATE, notAfter: 'never' }) },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
    says: ['never'],
  },
  {
    name: 'the certificate was not seen',
    evidence: { 'tls.certificate': unseen('timeout') },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
    says: ['tls.certificate timed out'],
  },
]);
