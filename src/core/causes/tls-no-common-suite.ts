import { defineCause } from '../model/cause.ts';
import { TLS_VERSIONS, type TlsCiphers } from '../model/facts.ts';
import { cannotTell, citing, confirmed, judgeByClient, likely, ruledOut, seenValue } from './_judge.ts';
import { chosenSuites, everyoneOffersTheChosenSuite } from './_suites.ts';
import {
  acceptedVersions,
  commonVersions,
  describeAlert,
  describeVersions,
  effectOfSuites,
  HANDSHAKE_FAILURE,
  INSUFFICIENT_SECURITY,
  refusedWith,
} from './_tls.ts';
import { list } from './_words.ts';

export const tlsNoCommonSuite = defineCause({
  id: 'tls-no-common-suite',
  title: 'Client and server share no cipher suite',
  stage: 'tls',
  uses: ['tls.asClient', 'tls.ciphers', 'tls.versions'],
  prior: 0.01,
  remedies: [],
  advice:
    'Compare the cipher suite policy of the server with what the client offers and add a suite both know, such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; then restart the machine. The self-signed certificate is RSA, so a policy with ECDSA suites alone stops everybody.',
  judge(evidence, context) {
    const versions = seenValue(evidence['tls.versions']);
    const asClient = seenValue(evidence['tls.asClient']);
    if (context.client !== undefined && asClient?.client === context.client.id) {
      const { title } = context.client;
      if (asClient.answer === 'accepted') {
        return ruledOut(
          ['tls.asClient'],
          `The listener accepts the hello of ${title}${asClient.suite === undefined ? '' : ` and chooses ${asClient.suite}`}.`,
        );
      }
      if (asClient.answer === 'refused' && speaksOfSuites(asClient.alert)) {
        const word = `The listener refuses the hello of ${title} with ${describeAlert(asClient.alert)}`;
        const common = versions === undefined ? [] : commonVersions(context.client, versions);
        return common.length > 0
          ? confirmed(
              ['tls.asClient', 'tls.versions'],
              `${word}, although it accepts TLS ${common.join(' and ')}, which that client speaks.`,
            )
          : likely(citing(evidence, 'tls.asClient', 'tls.versions'), `${word}, so no suite is in common.`);
      }
    }
    for (const name of ['tls.versions', 'tls.ciphers'] as const) {
      if (evidence[name]?.state === 'absent') {
        return ruledOut([name], 'The listener does not use TLS, so no cipher suite has to match.');
      }
    }
    if (versions !== undefined && acceptedVersions(versions).length === 0) {
      const words = describeVersions(versions);
      const speaking = TLS_VERSIONS.filter((version) =>
        refusedWith(versions, version, HANDSHAKE_FAILURE, INSUFFICIENT_SECURITY),
      );
      if (speaking.length > 0) {
        return likely(
          ['tls.versions'],
          `The server refuses a hello with every suite known here: ${words}. The alert speaks of suites, not of versions: policy, or a certificate whose key fits no suite, leaves none.`,
        );
      }
      if (TLS_VERSIONS.every((version) => versions[version] === 'refused')) {
        return ruledOut(
          ['tls.versions'],
          `No TLS version is accepted (${words}) and no alert speaks of suites, so it does not come to suites.`,
        );
      }
      return cannotTell(
        evidence,
        `whether a suite is in common (${words})`,
        ['tls.versions'],
        ['HOST', '--disk', '--client'],
      );
    }
    const ciphers = seenValue(evidence['tls.ciphers']);
    const open = () =>
      cannotTell(
        evidence,
        'whether client and server share a cipher suite',
        versions === undefined ? ['tls.versions', 'tls.ciphers'] : ['tls.ciphers'],
        ['--full', '--client'],
      );
    if (ciphers !== undefined) {
      return judgeByClient(
        context,
        (client) => effectOfSuites(client, ciphers, versions),
        citing(evidence, 'tls.ciphers', 'tls.versions'),
        {
          stopped: (names) =>
            `The suites that the server accepts (${describeSuites(ciphers)}) have none in common with ${names}.`,
          passes: (name) =>
            `The server accepts a suite that ${name} offers, or they share no version to use it in.`,
          open,
        },
      );
    }
    if (versions !== undefined && everyoneOffersTheChosenSuite(context, versions)) {
      return ruledOut(
        ['tls.versions'],
        `The server chose ${list(chosenSuites(versions))}, which ${context.client?.title ?? 'every supported client'} offers.`,
      );
    }
    return open();
  },
});

function speaksOfSuites(alert: number | undefined): alert is number {
  return alert === HANDSHAKE_FAILURE || alert === INSUFFICIENT_SECURITY;
}

/** `TLS 1.2: A, B; TLS 1.3: C`. */
function describeSuites(ciphers: TlsCiphers): string {
  return TLS_VERSIONS.flatMap((version) => {
    const suites = ciphers[version] ?? [];
    return suites.length === 0 ? [] : [`TLS ${version}: ${suites.map(({ name }) => name).join(', ')}`];
  }).join('; ');
}
