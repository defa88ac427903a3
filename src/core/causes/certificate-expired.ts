import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { describeEvent, isEvent, lastAlive, PROVIDER, weighEvents } from './_events.ts';
import { INSIDE, weigh } from './_inside.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { moment, span } from './_words.ts';

/** From here on a clock difference is worth a word beside a date: Kerberos' own tolerance. */
const LARGE_SKEW_SECONDS = 300;

export const certificateExpired = defineCause({
  id: 'certificate-expired',
  title: "The listener's certificate has expired",
  stage: 'tls',
  uses: ['tls.certificate', 'clock.skewSeconds', 'listener.certificate', 'events.relevant'],
  ruledOutBy: [['tls.certificate'], ['listener.certificate'], ['listener.certificate', 'events.relevant']],
  prior: 0.01,
  remedies: [],
  advice:
    'Renew the certificate. For a self-signed one, make sure its private key is accessible and restart SessionEnv, which creates a new one; a certificate that somebody assigned must be replaced by its owner. If a clock is wrong, set the clock instead.',
  judge(evidence) {
    const outside = judgeShown(evidence);
    // What the listener shows is what counts; the store may hold another one meanwhile.
    return isSeen(evidence['tls.certificate']) && outside.verdict !== 'inconclusive'
      ? outside
      : weigh(evidence, outside, judgeStored(evidence));
  },
});

type Used = 'tls.certificate' | 'clock.skewSeconds' | 'listener.certificate' | 'events.relevant';

/** RemoteConnectionManager: the certificate has expired; a self-signed one could not be replaced. */
const NOT_RENEWED = [1053, 1058, 1065];
const MADE = 1056;

/**
 * By the certificate in the store. A self-signed one is renewed by Windows while it runs, so of a
 * machine that is off only what it lived to see counts.
 */
function judgeStored(evidence: Pick<Evidence, Used>): Judgement {
  const observed = evidence['listener.certificate'];
  const open = (question: string, fact: 'listener.certificate' | 'events.relevant') =>
    cannotTell(evidence, question, [fact], fact === 'listener.certificate' ? INSIDE : ['HOST', ...INSIDE]);
  if (!isSeen(observed)) {
    return open("whether the listener's certificate is in date", 'listener.certificate');
  }
  if (observed.state === 'absent') {
    return ruledOut(
      ['listener.certificate'],
      'No certificate is set for the listener, so none can have expired.',
    );
  }
  const { certificate, chosen, sha1 } = observed.value;
  if (certificate === undefined) {
    return open(
      `whether the certificate ${sha1} is in date, because it could not be read`,
      'listener.certificate',
    );
  }
  const { notBefore, notAfter } = certificate;
  const { observedAt } = observed.from;
  const [from, until, now] = [Date.parse(notBefore), Date.parse(notAfter), Date.parse(observedAt)];
  if (Number.isNaN(from) || Number.isNaN(until) || Number.isNaN(now)) {
    return open(
      `whether the certificate is in date, because its dates cannot be read (${notBefore} to ${notAfter})`,
      'listener.certificate',
    );
  }
  const name = `The ${chosen === 'bound' ? 'assigned' : 'self-signed'} certificate ${sha1}`;
  if (now <= until) {
    return ruledOut(
      ['listener.certificate'],
      `${name} has not expired: it is valid until ${moment(notAfter)}.`,
    );
  }
  const strict =
    'The default client only warns; clients that insist on a valid certificate refuse to connect.';
  if (chosen === 'bound' || !certificate.selfSigned) {
    return likely(
      ['listener.certificate'],
      `${name} expired on ${moment(notAfter)}, ${span((now - until) / 1000)} before it was read. ${strict}`,
    );
  }
  const timeline = seenValue(evidence['events.relevant']);
  if (timeline === undefined) {
    return open(
      `whether Windows failed to renew its certificate, which expired on ${moment(notAfter)}`,
      'events.relevant',
    );
  }
  const because = citing(evidence, 'listener.certificate', 'events.relevant');
  const word = weighEvents(timeline, 'certificate-expired', {
    proves: (event) => isEvent(event, PROVIDER.connections, ...NOT_RENEWED),
    refutes: (event) => isEvent(event, PROVIDER.connections, MADE),
  });
  if (word.later === 'proving') {
    return likely(
      because,
      `${name} expired on ${moment(notAfter)} and Windows could not renew it: ${describeEvent(word.proving)}. ${strict}`,
    );
  }
  const alive = lastAlive(timeline);
  if (alive === undefined) {
    return open(
      `whether the machine was running after ${moment(notAfter)}, when its certificate expired, because its logs have no events`,
      'events.relevant',
    );
  }
  return Date.parse(alive) > until
    ? likely(
        because,
        `${name} expired on ${moment(notAfter)}, and the machine, which ran until at least ${moment(alive)} according to its logs, has not renewed it. ${strict}`,
      )
    : ruledOut(
        because,
        `${name} expired on ${moment(notAfter)}, while the machine was off (its logs end at ${moment(alive)}); Windows renews it at the next start.`,
      );
}

/** By the certificate that the listener shows. */
function judgeShown(evidence: Pick<Evidence, Used>): Judgement {
  const certificate = evidence['tls.certificate'];
  if (!isSeen(certificate)) {
    return cannotTell(
      evidence,
      "whether the listener's certificate is in date",
      ['tls.certificate'],
      ['HOST', '--disk'],
    );
  }
  if (certificate.state === 'absent') {
    return ruledOut(['tls.certificate'], 'The listener presents no certificate, so none can have expired.');
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
  if (seen <= until) {
    return ruledOut(
      ['tls.certificate'],
      `${name} had not expired when it was seen (${moment(observedAt)}): it is valid until ${moment(notAfter)}.`,
    );
  }
  const fact = `${name} expired on ${moment(notAfter)}, ${span((seen - until) / 1000)} before it was seen.`;
  const skew = seenValue(evidence['clock.skewSeconds']);
  if (skew !== undefined && Math.abs(skew) > LARGE_SKEW_SECONDS) {
    return likely(
      ['tls.certificate', 'clock.skewSeconds'],
      `${fact} The target's clock is ${span(skew)} ${skew > 0 ? 'ahead of' : 'behind'} the clock here, so one of them is wrong, and the certificate may be in date after all. Clients that insist on a valid certificate refuse to connect.`,
    );
  }
  const renewal = selfSigned
    ? ' Windows renews its self-signed certificate by itself, so something blocks the renewal, usually the permissions on the private key.'
    : '';
  return likely(
    ['tls.certificate'],
    `${fact}${renewal} The default client only warns; clients that insist on a valid certificate refuse to connect.`,
  );
}
