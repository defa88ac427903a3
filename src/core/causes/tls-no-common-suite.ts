import { findSuiteByName, type TlsSuite } from '../knowledge/tls-suites.ts';
import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import { type Evidence, TLS_VERSIONS, type TlsCiphers, type TlsVersion } from '../model/facts.ts';
import { effective, INSIDE, weigh } from './_inside.ts';
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
  versionsOn,
} from './_tls.ts';
import { list } from './_words.ts';

export const tlsNoCommonSuite = defineCause({
  id: 'tls-no-common-suite',
  title: 'Client and server share no cipher suite',
  stage: 'tls',
  uses: [
    'tls.asClient',
    'tls.ciphers',
    'tls.versions',
    'schannel.suites',
    'schannel.server',
    'listener.certificate',
    'listener.securityLayer',
  ],
  prior: 0.01,
  remedies: [],
  advice:
    'Compare the cipher suite policy of the server with what the client offers and add a suite both know, such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; then restart the machine. The self-signed certificate is RSA, so a policy with ECDSA suites alone stops everybody.',
  judge(evidence, context) {
    const outside = judgeOutside(evidence, context);
    // A listener without TLS says nothing of the settings that it does not use, and is not stopped by them.
    if (evidence['tls.versions']?.state === 'absent') return outside;
    return weigh(evidence, outside, judgeSettings(evidence, context));
  },
});

type Used =
  | 'tls.asClient'
  | 'tls.ciphers'
  | 'tls.versions'
  | 'schannel.suites'
  | 'schannel.server'
  | 'listener.certificate'
  | 'listener.securityLayer';

/** By what the listener does. */
function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
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
}

/** By the list of suites, where somebody set one, and the key of the certificate. */
function judgeSettings(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  if (effective(evidence['listener.securityLayer']) === 0) {
    return ruledOut(
      ['listener.securityLayer'],
      'The listener is set to standard RDP security (SecurityLayer 0), which uses no TLS.',
    );
  }
  const setting = seenValue(evidence['schannel.suites']);
  if (setting === undefined) {
    return cannotTell(evidence, 'which cipher suites are set', ['schannel.suites'], INSIDE);
  }
  if (setting.effective.length === 0) {
    return ruledOut(
      ['schannel.suites'],
      "No list of cipher suites is set, so Windows' own applies, which every current client can use.",
    );
  }
  const server = seenValue(evidence['schannel.server']);
  const on = server === undefined ? TLS_VERSIONS : versionsOn(server);
  const certificate = seenValue(evidence['listener.certificate'])?.certificate;
  // The self-signed certificate is RSA; a key of fewer bits than any RSA key is one of an elliptic curve.
  const key = certificate !== undefined && certificate.keyBits < SMALLEST_RSA_BITS ? 'ECDSA' : 'RSA';
  const usable = setting.effective.flatMap((name) => {
    // Windows before version 1607 writes the curve behind the suite.
    const suite = findSuiteByName(name.replace(/_P\d{3}$/, ''));
    return suite !== undefined && fitsKey(suite, key) ? [suite] : [];
  });
  const origin = setting.setBy === 'policy' ? `policy ${setting.where}` : setting.where;
  return judgeByClient<'stopped' | 'passes'>(
    context,
    (client) => {
      const common = client.tlsVersions.filter((version) => on.includes(version));
      // Without a version in common it does not come to suites.
      if (common.length === 0) return 'passes';
      return usable.some(
        (suite) =>
          client.tlsSuites.includes(suite.id) && common.some((version) => isUsedWith(suite, version)),
      )
        ? 'passes'
        : 'stopped';
    },
    citing(evidence, 'schannel.suites', 'schannel.server', 'listener.certificate'),
    {
      stopped: (names) =>
        `The list of cipher suites (${origin}) holds ${
          usable.length === 0
            ? `none that a certificate with an ${key} key can use`
            : `${list(usable.slice(0, NAMED).map(({ name }) => name))}${usable.length > NAMED ? ` and ${usable.length - NAMED} more` : ''} for a certificate with an ${key} key`
        }. None of that is in common with ${names}.`,
      passes: (name) => `The list of cipher suites (${origin}) holds one that ${name} offers.`,
    },
  );
}

/** Certificates with a shorter RSA key are not accepted by anybody. */
const SMALLEST_RSA_BITS = 1024;
/** How many suites a sentence names. */
const NAMED = 3;

const WIRE: Readonly<Record<TlsVersion, number>> = {
  '1.0': 0x0301,
  '1.1': 0x0302,
  '1.2': 0x0303,
  '1.3': 0x0304,
};

function isUsedWith({ versions: [first, last] }: TlsSuite, version: TlsVersion): boolean {
  return first <= WIRE[version] && WIRE[version] <= last;
}

/** Suites of TLS 1.3 name no key. */
function fitsKey({ name, versions: [first] }: TlsSuite, key: 'RSA' | 'ECDSA'): boolean {
  return first >= WIRE['1.3'] || name.includes(`_${key}_`);
}

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
