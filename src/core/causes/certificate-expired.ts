import { defineCause } from '../model/cause.ts';
import { cannotTell, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { span } from './_words.ts';

/** From here on a clock difference is worth a word beside a date: Kerberos' own tolerance. */
const LARGE_SKEW_SECONDS = 300;

export const certificateExpired = defineCause({
  id: 'certificate-expired',
  title: "The listener's certificate has expired",
  stage: 'tls',
  uses: ['tls.certificate', 'clock.skewSeconds'],
  prior: 0.01,
  remedies: [],
  advice:
    'Renew the certificate: a self-signed one is made anew by restarting SessionEnv once its private key is accessible; one chosen by hand must be replaced by its owner. If a clock is wrong, set the clock instead.',
  judge(evidence) {
    const certificate = evidence['tls.certificate'];
    if (!isSeen(certificate)) {
      return cannotTell(
        evidence,
        'whether the certificate of the listener is in date',
        ['tls.certificate'],
        ['HOST', '--disk'],
      );
    }
    if (certificate.state === 'absent') {
      return ruledOut(['tls.certificate'], 'The listener shows no certificate that could have expired.');
    }
    const { subject, sha1, notBefore, notAfter, selfSigned } = certificate.value;
    const { observedAt } = certificate.from;
    const [from, until, seen] = [Date.parse(notBefore), Date.parse(notAfter), Date.parse(observedAt)];
    if (Number.isNaN(from) || Number.isNaN(until) || Number.isNaN(seen)) {
      return cannotTell(
        evidence,
        `whether the certificate is in date, because its dates cannot be read (${notBefore} to ${notAfter})`,
        ['tls.certificate'],
        ['--disk'],
      );
    }
    const name = `The certificate (${subject}, thumbprint ${sha1})`;
    if (seen >= from && seen <= until) {
      return ruledOut(
        ['tls.certificate'],
        `${name} was in date when it was seen: valid from ${notBefore} to ${notAfter}, seen ${observedAt}.`,
      );
    }
    const expired = seen > until;
    const fact = expired
      ? `${name} ran out on ${notAfter}, ${span((seen - until) / 1000)} before it was seen.`
      : `${name} is not valid before ${notBefore}, ${span((from - seen) / 1000)} after it was seen.`;
    const skew = seenValue(evidence['clock.skewSeconds']);
    if (skew !== undefined && Math.abs(skew) > LARGE_SKEW_SECONDS) {
      return likely(
        ['tls.certificate', 'clock.skewSeconds'],
        `${fact} The target's clock is ${span(skew)} ${skew > 0 ? 'ahead of' : 'behind'} the clock here, so one of the two is wrong and the date may be too. Clients that insist on a valid certificate stop.`,
      );
    }
    const renewal =
      selfSigned && expired
        ? ' Windows renews its self-signed certificate by itself, so renewal is blocked, mostly by rights on the private key.'
        : '';
    return likely(
      ['tls.certificate'],
      `${fact}${renewal} The default client only warns; clients that insist on a valid certificate stop.`,
    );
  },
});
