import { defineCause } from '../model/cause.ts';
import { TLS_VERSIONS } from '../model/facts.ts';
import { cannotTell, citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { acceptedVersions, describeVersions } from './_tls.ts';

export const tlsAnswerForeign = defineCause({
  id: 'tls-answer-foreign',
  title: 'The listener agrees to TLS and then speaks something else',
  stage: 'tls',
  uses: ['tls.versions', 'rdp.standard'],
  prior: 0.002,
  remedies: [],
  advice:
    'Find out what is between the client and Windows: a proxy, a load balancer or a port forward that answers the negotiation itself and passes the rest to the wrong place. Try from a second network, and check on the machine which program owns the port (netstat -abno).',
  ruledOutBy: [['tls.versions']],
  judge(evidence) {
    const seen = evidence['tls.versions'];
    if (!isSeen(seen)) {
      return cannotTell(evidence, 'what answers where TLS should start', ['tls.versions'], ['HOST']);
    }
    if (seen.state === 'absent') {
      return ruledOut(['tls.versions'], 'The listener does not use TLS, so nothing can take its place.');
    }
    const versions = seen.value;
    const words = describeVersions(versions);
    const foreign = TLS_VERSIONS.filter((version) => versions[version] === 'foreign');
    if (acceptedVersions(versions).length > 0) {
      return ruledOut(['tls.versions'], `The listener accepts a TLS handshake: ${words}.`);
    }
    if (foreign.length === 0) {
      return TLS_VERSIONS.some((version) => versions[version] === 'refused')
        ? ruledOut(['tls.versions'], `What answers speaks TLS: ${words}.`)
        : cannotTell(
            evidence,
            `what answers where TLS should start (${words})`,
            ['tls.versions'],
            ['HOST', '--disk'],
          );
    }
    const what = versions.foreign ?? 'an unrecognised protocol';
    const because = citing(evidence, 'tls.versions', 'rdp.standard');
    if (foreign.length < TLS_VERSIONS.length || seenValue(evidence['rdp.standard']) === 'accepted') {
      return likely(
        because,
        `The listener agrees to TLS, and then a hello is answered with ${what}: ${words}. A client that asks for TLS or NLA gets no further.`,
      );
    }
    return confirmed(
      because,
      `The listener agrees to TLS, and then every hello is answered with ${what}, which is not TLS. No client gets past this point.`,
    );
  },
});
