import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { ListenerCertificate } from '../model/windows-facts.ts';
import { effective, INSIDE } from './_inside.ts';
import { cannotTell, citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, failedWith, SSL_CERT_NOT_ON_SERVER } from './_negotiation.ts';
import { list } from './_words.ts';

export const certificateBindingOrphaned = defineCause({
  id: 'certificate-binding-orphaned',
  title: 'The listener is bound to a certificate that does not exist',
  stage: 'tls',
  uses: [
    'listener.certificate',
    'listener.securityLayer',
    'tls.certificate',
    'rdp.negotiation',
    'rdp.standard',
  ],
  ruledOutBy: [
    ['listener.securityLayer'],
    ['listener.certificate'],
    ['listener.certificate', 'tls.certificate'],
  ],
  prior: 0.01,
  remedies: [],
  advice:
    "Put the certificate and its private key back into the machine's own store, or assign another one. To go back to the certificate that Windows makes itself, note the 20 bytes of SSLCertificateSHA1Hash, delete the value and restart TermService, which disconnects every session.",
  judge(evidence) {
    if (effective(evidence['listener.securityLayer']) === 0) {
      return ruledOut(
        ['listener.securityLayer'],
        'The listener is set to standard RDP security (SecurityLayer 0), which uses no certificate.',
      );
    }
    const observed = evidence['listener.certificate'];
    if (!isSeen(observed)) {
      return cannotTell(
        evidence,
        'which certificate the listener is bound to',
        ['listener.certificate'],
        INSIDE,
      );
    }
    const bound = seenValue(observed);
    if (bound === undefined || bound.chosen !== 'bound') {
      return ruledOut(['listener.certificate'], 'Nobody assigned a certificate to the listener.');
    }
    if (bound.unread === true) {
      return cannotTell(
        evidence,
        `whether the listener can use the certificate ${bound.sha1} that is assigned to it, because what its store (${bound.store}) has of it could not be read`,
        ['listener.certificate'],
        ['HOST'],
      );
    }
    return bound.certificate === undefined
      ? judgeGone(evidence, bound)
      : ruledOut(
          ['listener.certificate'],
          `The certificate assigned to the listener, ${bound.sha1}, is in its store (${bound.store}).`,
        );
  },
});

type Used = Pick<Evidence, 'listener.certificate' | 'tls.certificate' | 'rdp.negotiation' | 'rdp.standard'>;

/** The assigned certificate is not in its store: whom that stops shows on the wire. */
function judgeGone(evidence: Used, { sha1, store }: ListenerCertificate): Judgement {
  const gone = `SSLCertificateSHA1Hash names the certificate ${sha1}, which is not in its store (${store}).`;
  const shown = seenValue(evidence['tls.certificate']);
  if (shown !== undefined) {
    return {
      ...ruledOut(
        ['listener.certificate', 'tls.certificate'],
        `${gone} The listener presents another one all the same: ${shown.subject}, thumbprint ${shown.sha1}.`,
      ),
      remark: `${gone} The listener uses another one in its place (${shown.subject}), which clients that know only the assigned one do not trust.`,
    };
  }
  const rows = seenValue(evidence['rdp.negotiation']) ?? [];
  const refused = rows.filter((row) => failedWith(row, SSL_CERT_NOT_ON_SERVER));
  if (refused.length > 0) {
    const said = `${gone} The listener itself says that it has no certificate it can use: ${list(refused.map(describeRow))}.`;
    return seenValue(evidence['rdp.standard']) === 'refused'
      ? confirmed(['listener.certificate', 'rdp.negotiation', 'rdp.standard'], said)
      : likely(citing(evidence, 'listener.certificate', 'rdp.negotiation', 'rdp.standard'), said);
  }
  return likely(
    ['listener.certificate'],
    `${gone} The listener falls back to its self-signed certificate, if it has one that can be used; clients that know only the assigned one do not trust that.`,
  );
}
