import { certificateNameMismatch } from '../../../src/core/causes/certificate-name-mismatch.ts';
import type { Certificate } from '../../../src/core/model/facts.ts';
import { type CauseCase, CERTIFICATE, checkCause, connect, none, seen, unseen } from './evidence.ts';

const issued = (but: Partial<Certificate> = {}) =>
  seen<Certificate>({ ...CERTIFICATE, selfSigned: false, issuer: 'CN=CA', ...but });
const named = (name: string) => seen({ ...connect('open'), name });
const suspected = ['certificate-name-mismatch'];
const BOTH = ['tls.certificate', 'tcp.connect'] as const;

const fits = (name: string, host: string, but: Partial<Certificate>): CauseCase => ({
  name,
  evidence: { 'tls.certificate': issued(but), 'tcp.connect': named(host) },
  suspected,
  verdict: 'ruled-out',
  facts: BOTH,
  says: ['the name that was asked for'],
});
const differs = (name: string, host: string, but: Partial<Certificate>): CauseCase => ({
  name,
  evidence: { 'tls.certificate': issued(but), 'tcp.connect': named(host) },
  suspected,
  verdict: 'likely',
  facts: BOTH,
  says: [`not for ${host}`],
});

/** Alternative names that a shared certificate has. */
const hosts = (length: number): Partial<Certificate> => ({
  subjectAlternativeNames: Array.from({ length }, (_, index) => `host${index}.example`),
});

checkCause(certificateNameMismatch, [
  differs('the error speaks of it', 'alias.example', { subjectAlternativeNames: ['vm1.corp.example'] }),
  differs('a short name for a long one', 'vm1', {
    subject: '',
    subjectAlternativeNames: ['vm1.corp.example'],
  }),
  differs('a star covers one label alone', 'a.b.corp.example', {
    subjectAlternativeNames: ['*.corp.example'],
  }),
  differs('a star does not cover the bare domain', 'corp.example', {
    subjectAlternativeNames: ['*.corp.example'],
  }),
  differs('no name at all', 'vm1', { subject: '' }),
  {
    ...differs('more names than a sentence shows', 'vm1.corp.example', hosts(90)),
    // With the common name there are 91, of which five are shown.
    says: ['host4.example and 86 more, not for vm1.corp.example'],
  },
  {
    ...differs('as many names as a sentence shows', 'vm1.corp.example', hosts(4)),
    says: ['host3.example and VM1, not for vm1.corp.example'],
  },
  fits('an alternative name', 'VM1.corp.example', { subjectAlternativeNames: ['vm1.corp.example'] }),
  fits('the common name', 'vm2', { subject: 'CN=VM2, O=Example' }),
  fits('a star', 'vm1.corp.example', { subjectAlternativeNames: ['*.corp.example'] }),
  {
    name: 'the default client lets its user go on: a remark',
    evidence: { 'tls.certificate': issued(), 'tcp.connect': named('alias.example') },
    verdict: 'ruled-out',
    facts: BOTH,
    remark: /those that must verify the server refuse to connect/,
  },
  {
    name: 'of a self-signed one clients warn under every name',
    evidence: { 'tls.certificate': seen(CERTIFICATE), 'tcp.connect': named('alias.example') },
    verdict: 'ruled-out',
    facts: BOTH,
  },
  {
    name: 'by address there is nothing to compare',
    evidence: { 'tls.certificate': issued(), 'tcp.connect': seen(connect('open')) },
    suspected,
    verdict: 'ruled-out',
    facts: ['tcp.connect'],
  },
  {
    name: 'no certificate is shown',
    evidence: { 'tls.certificate': none(), 'tcp.connect': named('vm1') },
    verdict: 'ruled-out',
    facts: ['tls.certificate'],
  },
  {
    name: 'the certificate was not seen',
    evidence: { 'tls.certificate': unseen(), 'tcp.connect': named('vm1') },
    verdict: 'inconclusive',
    facts: ['tls.certificate'],
  },
]);
