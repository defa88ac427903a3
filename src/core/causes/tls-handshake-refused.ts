import { findTlsAlert } from '../knowledge/tls-alerts.ts';
import { defineCause } from '../model/cause.ts';
import { cannotTell, isSeen, likely, ruledOut } from './_judge.ts';
import {
  ABOUT_CLIENT_CERTIFICATE,
  acceptedVersions,
  alertsOf,
  describeAlert,
  describeVersions,
  HANDSHAKE_FAILURE,
  hasTimeout,
  INSUFFICIENT_SECURITY,
  INTERNAL_ERROR,
  PROTOCOL_VERSION,
  UNRECOGNIZED_NAME,
} from './_tls.ts';
import { list } from './_words.ts';

/** Alerts that name a cause of their own. */
const EXPLAINED: readonly number[] = [
  HANDSHAKE_FAILURE,
  PROTOCOL_VERSION,
  INSUFFICIENT_SECURITY,
  INTERNAL_ERROR,
  UNRECOGNIZED_NAME,
  ...ABOUT_CLIENT_CERTIFICATE,
];

const CLOSE_NOTIFY = 0;
const UNEXPECTED_MESSAGE = 10;
const ILLEGAL_PARAMETER = 47;
const DECODE_ERROR = 50;
const INAPPROPRIATE_FALLBACK = 86;

const ADVICE: Readonly<Record<number, string>> = {
  [CLOSE_NOTIFY]:
    "The server ends the handshake cleanly and gives no reason: look in its own log. If a proxy or load balancer is in front of Windows, look in that one's log.",
  [ILLEGAL_PARAMETER]:
    'Look for a device on the way that inspects TLS (a firewall or an intrusion prevention system) and exempt this connection; otherwise update the server, whose TLS rejects an ordinary hello.',
  [INAPPROPRIATE_FALLBACK]:
    'Something on the way lowers the TLS version of the hello: exempt this connection from TLS inspection, and update the client so that it offers its highest version from the start.',
};

export const tlsHandshakeRefused = defineCause({
  id: 'tls-handshake-refused',
  title: 'The server breaks off every TLS handshake with an alert',
  stage: 'tls',
  uses: ['tls.versions'],
  prior: 0.002,
  remedies: [],
  advice:
    'Try from a second network to find out whether it is the server or a device on the way. If it is the server, read its Schannel events 36887 and 36888, which name the alert, and install its updates.',
  ruledOutBy: [['tls.versions']],
  judge(evidence) {
    const seen = evidence['tls.versions'];
    if (!isSeen(seen)) {
      return cannotTell(evidence, 'how the server answers a handshake', ['tls.versions'], ['HOST', '--disk']);
    }
    if (seen.state === 'absent') {
      return ruledOut(['tls.versions'], 'The listener does not use TLS, so it refuses no handshake.');
    }
    const versions = seen.value;
    const words = describeVersions(versions);
    if (acceptedVersions(versions).length > 0) {
      return ruledOut(['tls.versions'], `The listener accepts a TLS handshake: ${words}.`);
    }
    const [first, ...others] = alertsOf(versions).filter((alert) => !EXPLAINED.includes(alert));
    if (first === undefined) {
      return hasTimeout(versions)
        ? cannotTell(
            evidence,
            `how the server answers a handshake (${words})`,
            ['tls.versions'],
            ['HOST', '--disk'],
          )
        : ruledOut(['tls.versions'], `Other causes cover whatever alert came: ${words}.`);
    }
    const meanings = [first, ...others].flatMap((alert) => findTlsAlert(alert)?.meaning ?? []);
    const advice = ADVICE[first];
    return {
      ...likely(
        ['tls.versions'],
        `The server breaks off the handshake with ${list([first, ...others].map(describeAlert))}, and accepts no version. ${
          first === ILLEGAL_PARAMETER || first === UNEXPECTED_MESSAGE || first === DECODE_ERROR
            ? 'It objects to the form of an ordinary hello, as old TLS software and inspecting devices do.'
            : (meanings[0] ?? 'The meaning of that alert is not known.')
        }`,
      ),
      ...(advice === undefined ? {} : { advice }),
    };
  },
});
