import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import {
  CERTIFICATE_FACTS,
  type CertificateFact,
  judgeCertificate,
  nameOf,
  type SeenCertificate,
} from './_certificate.ts';
import { cannotTell, citing, likely, ruledOut, seenValue } from './_judge.ts';
import { moment, span } from './_words.ts';

/** From here on a clock difference is worth a word beside a date: Kerberos' own tolerance. */
const LARGE_SKEW_SECONDS = 300;

export const certificateNotYetValid = defineCause({
  id: 'certificate-not-yet-valid',
  title: "The listener's certificate is not valid yet",
  stage: 'tls',
  uses: [...CERTIFICATE_FACTS, 'clock.skewSeconds'],
  prior: 0.003,
  remedies: [],
  advice:
    'Compare the clocks of the server, the client and a third machine, and correct the wrong one. If all are right, have the certificate reissued; a self-signed one is replaced if you delete it and restart SessionEnv.',
  ruledOutBy: [['tls.certificate'], ['listener.certificate']],
  judge: (evidence) =>
    judgeCertificate(
      evidence,
      'when the certificate becomes valid',
      'The listener has no certificate, so there are no dates to check.',
      (seen) => judgeBeginning(evidence, seen),
    ),
});

function judgeBeginning(
  evidence: Pick<Evidence, CertificateFact | 'clock.skewSeconds'>,
  { certificate, observedAt, fact }: SeenCertificate,
): Judgement {
  const [from, seen] = [Date.parse(certificate.notBefore), Date.parse(observedAt)];
  const name = nameOf(certificate);
  if (Number.isNaN(from) || Number.isNaN(seen)) {
    return cannotTell(
      evidence,
      `when the certificate becomes valid, because the date cannot be read (${certificate.notBefore})`,
      [fact],
      ['--disk'],
    );
  }
  if (seen >= from) {
    return ruledOut(
      [fact],
      `${name} was already valid when it was seen (${moment(observedAt)}): it is valid from ${moment(certificate.notBefore)}.`,
    );
  }
  const state = `${name} is not valid until ${moment(certificate.notBefore)}, ${span((from - seen) / 1000)} after it was seen.`;
  const skew = seenValue(evidence['clock.skewSeconds']);
  const clock =
    skew !== undefined && Math.abs(skew) > LARGE_SKEW_SECONDS
      ? ` The target's clock is ${span(skew)} ${skew > 0 ? 'ahead of' : 'behind'} the clock here, so one of them is wrong.`
      : '';
  return likely(
    clock === '' ? [fact] : citing(evidence, fact, 'clock.skewSeconds'),
    `${state}${clock} The default client only warns; clients that insist on a valid certificate refuse to connect.`,
  );
}
