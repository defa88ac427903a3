import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { cannotTell, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { choseTls, describeRow, failedWith, USER_AUTH_REQUIRED } from './_negotiation.ts';
import { ABOUT_CLIENT_CERTIFICATE, acceptedVersions, alertsOf, describeAlert } from './_tls.ts';
import { list } from './_words.ts';

export const clientCertificateRequired = defineCause({
  id: 'client-certificate-required',
  title: 'The server demands a TLS certificate from the client',
  stage: 'tls',
  uses: ['rdp.negotiation', 'tls.versions', 'tls.clientCertificate'],
  prior: 0.003,
  remedies: [],
  advice:
    'Find out what terminates TLS in front of Windows (a reverse proxy, a gateway, stunnel with verify) and stop it from demanding client certificates, or bypass it: a Windows listener never makes this demand. Remote Desktop clients cannot present a certificate at this point, so installing one on the client does not help.',
  ruledOutBy: [['tls.clientCertificate'], ['tls.versions']],
  judge(evidence) {
    const demand = evidence['tls.clientCertificate'];
    const refusals = seenValue(evidence['rdp.negotiation']) ?? [];
    const refused = refusals.find((row) => failedWith(row, USER_AUTH_REQUIRED));
    if (refused !== undefined && !refusals.some(choseTls)) {
      return confirmed(
        ['rdp.negotiation'],
        `The listener itself says that it accepts only TLS with a client certificate: ${describeRow(refused)}.`,
      );
    }
    const seen = seenValue(demand);
    if (seen?.demand === 'required') {
      return confirmed(
        ['tls.clientCertificate'],
        `The server asks for a client certificate and ends the handshake when it gets none${
          seen.alert === undefined ? '' : ` (${describeAlert(seen.alert)})`
        }.`,
      );
    }
    if (seen?.demand === 'requested') {
      return seen.hungUp === true
        ? likely(
            ['tls.clientCertificate'],
            'The server asks for a client certificate, gets none, and ends the connection without giving a reason.',
          )
        : {
            ...ruledOut(
              ['tls.clientCertificate'],
              'The server asks for a client certificate and continues without one.',
            ),
            remark:
              'The listener asks for a client certificate and continues without one. Windows does not ask, so something other than Windows handles TLS here.',
          };
    }
    return judgeAlerts(evidence);
  },
});

type Used = 'tls.versions' | 'tls.clientCertificate';

/** Nobody saw a request, which TLS 1.3 encrypts: the alerts are what is left. */
function judgeAlerts(evidence: Pick<Evidence, Used>): Judgement {
  const versions = evidence['tls.versions'];
  const value = seenValue(versions);
  const alerts =
    value === undefined || acceptedVersions(value).length > 0
      ? []
      : alertsOf(value).filter((alert) => ABOUT_CLIENT_CERTIFICATE.includes(alert));
  if (alerts.length > 0) {
    return likely(
      ['tls.versions'],
      `The server refuses the handshake with ${list(alerts.map(describeAlert))}. That is about a client certificate, and none was sent.`,
    );
  }
  if (isSeen(evidence['tls.clientCertificate'])) {
    return ruledOut(
      ['tls.clientCertificate'],
      'The server continues without asking for a client certificate.',
    );
  }
  if (isSeen(versions) && (value === undefined || acceptedVersions(value).length > 0)) {
    return ruledOut(
      ['tls.versions'],
      value === undefined
        ? 'The listener does not use TLS, and only TLS can demand a client certificate.'
        : 'The listener accepts a TLS handshake, and nothing shows that it asks for a client certificate.',
    );
  }
  return cannotTell(
    evidence,
    'whether the server demands a client certificate',
    ['tls.clientCertificate', 'tls.versions'],
    ['HOST'],
  );
}
