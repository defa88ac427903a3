import { certificateExpired } from '../../../src/core/causes/certificate-expired.ts';
import { type CauseCase, CERTIFICATE, checkCause, none, seen, unseen } from './evidence.ts';
import {
  event,
  listenerCertificate,
  lostCertificate,
  notOnDisk,
  onDisk,
  stored,
  timeline,
} from './windows-evidence.ts';

const EXPIRED = { ...CERTIFICATE, notAfter: '2026-02-01T12:00:00.000Z' };

/** Ran out a month before SEEN_AT. */
const PAST = stored({ notBefore: '2025-08-01T00:00:00.000Z', notAfter: '2026-02-01T00:00:00.000Z' });

checkCause(certificateExpired, [
  {
    name: 'self-signed and past its date',
    evidence: { 'tls.certificate': seen(EXPIRED) },
    verdict: 'likely',
    facts: ['tls.certificate'],
    says: ['CN=VM1', 'expired on 2026-02-01 12:00 UTC, 28 d before', 'blocks the renewal', 'only warns'],
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
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
    says: ['had not expired'],
  },
  {
    name: 'one of the clocks is wrong',
    evidence: { 'tls.certificate': seen(EXPIRED), 'clock.skewSeconds': seen(-86_400 * 40) },
    verdict: 'likely',
    facts: ['tls.certificate', 'clock.skewSeconds'],
    says: ['40 d behind the clock here', 'one of them is wrong'],
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
    says: ['seen (2026-01-15 00:00 UTC)'],
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
    settledBy: ['--disk'],
  },
  {
    name: 'a beginning that cannot be read',
    evidence: { 'tls.certificate': seen({ ...EXPIRED, notBefore: 'once' }) },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
    settledBy: ['--disk'],
  },
  {
    name: 'it is not known when the certificate was seen',
    evidence: { 'tls.certificate': seen(EXPIRED, 'lately') },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
    settledBy: ['--disk'],
  },
  {
    name: 'the certificate was not seen',
    evidence: { 'tls.certificate': unseen('timeout') },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
    says: ['tls.certificate timed out'],
  },
  // Judged by the settings.
  {
    name: 'a chosen certificate in the store ran out',
    evidence: { 'listener.certificate': listenerCertificate({ chosen: 'bound', certificate: PAST }) },
    verdict: 'likely',
    facts: ['listener.certificate'],
    says: ['The assigned certificate', '2026-02-01', '28 d'],
  },
  {
    name: 'one in the store is valid up to the very moment in which it ends',
    evidence: {
      'listener.certificate': listenerCertificate({
        certificate: { ...CERTIFICATE, notAfter: '2026-03-01T12:00:00.000Z' },
      }),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'a self-signed one ran out and could not be replaced',
    evidence: {
      'listener.certificate': listenerCertificate({ certificate: PAST }),
      'events.relevant': timeline(event('RemoteConnectionManager', 1058, 30)),
    },
    verdict: 'likely',
    facts: ['listener.certificate', 'events.relevant'],
    says: ['could not renew it', 'event 1058'],
  },
  {
    name: 'a self-signed one ran out while the machine was running',
    evidence: {
      'listener.certificate': listenerCertificate({ certificate: PAST }),
      'events.relevant': timeline(),
    },
    verdict: 'likely',
    facts: ['listener.certificate', 'events.relevant'],
    says: ['has not renewed it'],
  },
  {
    name: 'a certificate of tomorrow has not expired, which is another cause',
    evidence: {
      'listener.certificate': listenerCertificate({
        certificate: stored({ notBefore: '2026-04-01T00:00:00.000Z' }),
      }),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
    says: ['has not expired'],
  },
  {
    name: 'a self-signed one ran out while the machine was off',
    evidence: {
      'listener.certificate': listenerCertificate({ certificate: PAST }),
      'events.relevant': onDisk({
        events: [],
        spans: [{ channel: 'System', newest: '2026-01-20T00:00:00.000Z' }],
      }),
    },
    verdict: 'ruled-out',
    facts: ['listener.certificate', 'events.relevant'],
    says: ['was off', 'end at 2026-01-20 00:00 UTC', 'renews it at the next start'],
  },
  {
    name: 'the one in the store is in date',
    evidence: { 'listener.certificate': listenerCertificate() },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'the one that is shown counts, not the one in the store',
    evidence: {
      'tls.certificate': seen(CERTIFICATE),
      'listener.certificate': listenerCertificate({ chosen: 'bound', certificate: PAST }),
    },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'none is named',
    evidence: { 'listener.certificate': notOnDisk() },
    verdict: 'ruled-out',
    facts: ['listener.certificate'],
  },
  {
    name: 'a self-signed one ran out, and no log tells whether the machine was running',
    evidence: {
      'listener.certificate': listenerCertificate({ certificate: PAST }),
      'events.relevant': unseen('corrupt'),
    },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
    settledBy: ['HOST', '--disk', '--rpc'],
  },
  ...(
    [
      ['logs that are empty do not tell whether the machine was running', [{ channel: 'System' }]],
      ['no log, likewise', []],
    ] as const
  ).map(
    ([name, spans]): CauseCase => ({
      name,
      evidence: {
        'listener.certificate': listenerCertificate({ certificate: PAST }),
        'events.relevant': onDisk({ events: [], spans }),
      },
      verdict: 'inconclusive',
      facts: ['events.relevant'],
      settledBy: ['HOST', '--disk', '--rpc'],
    }),
  ),
  ...(
    [
      ['an end in the store that cannot be read', { ...PAST, notAfter: 'never' }, undefined],
      ['a beginning in the store that cannot be read', { ...PAST, notBefore: 'once' }, undefined],
      ['it is not known when the store was read', PAST, 'lately'],
    ] as const
  ).map(
    ([name, certificate, observedAt]): CauseCase => ({
      name,
      evidence: {
        'listener.certificate': onDisk(
          { chosen: 'bound', sha1: certificate.sha1, store: 'My', certificate, key: 'readable' },
          observedAt,
        ),
      },
      verdict: 'inconclusive',
      facts: ['listener.certificate'],
      settledBy: ['--disk', '--rpc'],
    }),
  ),
  {
    name: 'the store does not have it',
    evidence: { 'listener.certificate': lostCertificate() },
    verdict: 'inconclusive',
    facts: ['listener.certificate'],
    settledBy: ['--disk', '--rpc'],
  },
]);
