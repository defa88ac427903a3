import type { Judgement } from '../model/cause.ts';
import type { Certificate, Evidence } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import { cannotTell, isSeen, ruledOut, seenValue } from './_judge.ts';

/** The facts in which a certificate of the listener is seen: what it shows, and what its store holds. */
export const CERTIFICATE_FACTS = ['tls.certificate', 'listener.certificate'] as const;
export type CertificateFact = (typeof CERTIFICATE_FACTS)[number];

export interface SeenCertificate {
  readonly certificate: Certificate;
  /** ISO 8601, UTC: when it was seen. */
  readonly observedAt: string;
  readonly fact: CertificateFact;
}

/**
 * Judges the certificate that the listener shows, else the one in its store.
 * @param question so that "It is not known …" reads as a sentence
 * @param none why nothing of the kind can be, where there is no certificate: a sentence
 */
export function judgeCertificate(
  evidence: Pick<Evidence, CertificateFact>,
  question: string,
  none: string,
  judge: (seen: SeenCertificate) => Judgement,
): Judgement {
  const found = findCertificate(evidence);
  if (found !== undefined) return judge(found);
  const fact = whereNoneIs(evidence);
  return fact === undefined
    ? cannotTell(evidence, question, ['tls.certificate'], ['HOST', '--disk'])
    : ruledOut([fact], none);
}

function findCertificate(evidence: Pick<Evidence, CertificateFact>): SeenCertificate | undefined {
  const shown = evidence['tls.certificate'];
  if (shown?.state === 'present') {
    return { certificate: shown.value, observedAt: shown.from.observedAt, fact: 'tls.certificate' };
  }
  const stored = evidence['listener.certificate'];
  const certificate = seenValue(stored)?.certificate;
  return stored?.state !== 'present' || certificate === undefined
    ? undefined
    : { certificate, observedAt: stored.from.observedAt, fact: 'listener.certificate' };
}

/** The fact that says that there is none. */
function whereNoneIs(evidence: Pick<Evidence, CertificateFact>): CertificateFact | undefined {
  return CERTIFICATE_FACTS.find((name) => {
    const observation: Observation<unknown> | undefined = evidence[name];
    return isSeen(observation) && observation.state === 'absent';
  });
}

/** `The certificate (CN=VM1, thumbprint 0123…)`. */
export function nameOf({ subject, sha1 }: Certificate): string {
  return `The certificate (${subject === '' ? 'without a subject' : subject}, thumbprint ${sha1})`;
}
