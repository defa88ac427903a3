import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import {
  type Evidence,
  TLS_VERSIONS,
  type TlsAsClient,
  type TlsAsClientRow,
  type TlsCiphers,
} from '../model/facts.ts';
import { describeChoice, effectOfAnswer, everyoneOffersTheChoice } from './_clients.ts';
import { weigh } from './_inside.ts';
import { cannotTell, citing, confirmed, judgeByClient, likely, ruledOut, seenValue } from './_judge.ts';
import { judgeSuiteSettings, type SuiteFacts } from './_suite-settings.ts';
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

export const tlsNoCommonSuite = defineCause({
  id: 'tls-no-common-suite',
  title: 'Client and server share no cipher suite, curve or signature',
  stage: 'tls',
  uses: [
    'tls.asClient',
    'tls.asClients',
    'tls.ciphers',
    'tls.versions',
    'os.version',
    'schannel.suites',
    'schannel.curves',
    'schannel.algorithms',
    'schannel.server',
    'listener.certificate',
    'listener.securityLayer',
  ],
  prior: 0.01,
  remedies: [],
  advice:
    "Compare what the server is set to (SCHANNEL\\Ciphers, Hashes and KeyExchangeAlgorithms, the policies for cipher suites and curves, the certificate's key) with what the client offers. Undo whatever leaves them nothing to share: without those settings and with an RSA certificate, Windows' own list works for every supported client. Then restart the machine.",
  ruledOutBy: [
    ['tls.asClient'],
    ['tls.asClients'],
    ['tls.versions'],
    ['tls.ciphers'],
    // A client that shares no version with the server is stopped by that, whatever the suites are.
    ['tls.versions', 'tls.ciphers'],
    [
      'schannel.suites',
      'schannel.algorithms',
      'schannel.curves',
      'schannel.server',
      'os.version',
      'listener.certificate',
    ],
    ['schannel.suites', 'schannel.algorithms', 'schannel.curves', 'os.version'],
    ['listener.securityLayer'],
  ],
  judge(evidence, context) {
    const outside = judgeOutside(evidence, context);
    // A listener without TLS says nothing of the settings that it does not use, and is not stopped by them.
    if (evidence['tls.versions']?.state === 'absent') return outside;
    return weigh(evidence, outside, judgeSuiteSettings(evidence, context));
  },
});

type Used = SuiteFacts | 'tls.asClient' | 'tls.asClients' | 'tls.ciphers' | 'tls.versions';

/** By what the listener does. */
function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const versions = seenValue(evidence['tls.versions']);
  const asClient = seenValue(evidence['tls.asClient']);
  if (context.client !== undefined && asClient?.client === context.client.id) {
    const judgement = judgeOwnHello(evidence, context.client, asClient);
    if (judgement !== undefined) return judgement;
  }
  const rows = seenValue(evidence['tls.asClients']);
  if (context.client === undefined && rows !== undefined && rows.length > 0) {
    return judgeHellos(evidence, context, rows);
  }
  for (const name of ['tls.versions', 'tls.asClient', 'tls.asClients', 'tls.ciphers'] as const) {
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
        `The server refuses a hello that offers every suite known to this tool: ${words}. The alert is about suites, not versions: a policy leaves none, or the certificate's key fits none.`,
      );
    }
    if (TLS_VERSIONS.every((version) => versions[version] === 'refused')) {
      return ruledOut(
        ['tls.versions'],
        `No TLS version is accepted (${words}) and no alert is about suites, so suites do not matter yet.`,
      );
    }
    return cannotTell(
      evidence,
      `whether client and server share a cipher suite (${words})`,
      ['tls.versions'],
      ['HOST', '--disk', '--client'],
    );
  }
  const ciphers = seenValue(evidence['tls.ciphers']);
  const hello = context.client === undefined ? 'tls.asClients' : 'tls.asClient';
  const open = () =>
    cannotTell(
      evidence,
      'whether client and server share a cipher suite, a curve and a signature algorithm',
      versions === undefined ? ['tls.versions', hello] : [hello],
      ['HOST', '--client'],
    );
  if (ciphers === undefined) {
    if (versions !== undefined && everyoneOffersTheChoice(context, versions)) {
      const choice = describeChoice(versions);
      const who = context.client?.title ?? 'every supported client';
      return ruledOut(
        ['tls.versions'],
        choice === undefined ? `The server chooses what ${who} offers.` : `${choice}; ${who} offers that.`,
      );
    }
    return open();
  }
  const because = citing(evidence, 'tls.ciphers', 'tls.versions');
  return judgeByClient(context, (client) => effectOfSuites(client, ciphers, versions), because, {
    stopped: (names) =>
      `The server accepts no suite that is offered by ${names}. It accepts ${describeSuites(ciphers)}.`,
    passes: (name) =>
      `The server accepts a suite that is offered by ${name}, or there is no shared TLS version to use one in.`,
    open,
    unsettled: {
      remark: (names) =>
        `The server accepts ${describeSuites(ciphers)}. Whether ${names} can use any of these is not known for certain.`,
      open,
    },
  });
}

/** By what the hello of the client named met; undefined where that leaves it to the rest. */
function judgeOwnHello(
  evidence: Pick<Evidence, Used>,
  client: ClientProfile,
  asClient: TlsAsClient,
): Judgement | undefined {
  const versions = seenValue(evidence['tls.versions']);
  const { title } = client;
  if (asClient.answer === 'accepted') {
    return ruledOut(
      ['tls.asClient'],
      `The listener accepts the hello of ${title}${asClient.suite === undefined ? '' : ` and chooses ${asClient.suite}`}.`,
    );
  }
  const effect = effectOfAnswer(client, asClient, versions);
  const because = citing(evidence, 'tls.asClient', 'tls.versions');
  const common = versions === undefined ? [] : commonVersions(client, versions);
  const word = `The listener refuses the hello of ${title}${asClient.alert === undefined ? '' : ` with ${describeAlert(asClient.alert)}`}`;
  const choice = versions === undefined ? undefined : describeChoice(versions);
  switch (effect) {
    case 'stopped':
      return confirmed(
        because,
        `${word}, although it accepts TLS ${common.join(' and ')}, which that client speaks.${choice === undefined ? '' : ` ${choice}.`}`,
      );
    case 'suspect':
      return likely(because, `${word}, so they share no suite.`);
    case 'unsettled':
      return {
        ...cannotTell(
          evidence,
          `whether ${title} offers what the server chooses`,
          ['tls.asClient'],
          ['--client'],
        ),
        explanation: `${word}. What ${title} offers there is not known for certain, so only a test with that client will tell.`,
        remark: `${word}, but what that client offers there is not known for certain.`,
      };
    case 'passes':
      return ruledOut(because, `${word}, which is not about suites.`);
    case 'open':
      return undefined;
  }
}

/** By what the hellos of the supported clients met. */
function judgeHellos(
  evidence: Pick<Evidence, Used>,
  context: JudgeContext,
  rows: readonly TlsAsClientRow[],
): Judgement {
  const versions = seenValue(evidence['tls.versions']);
  const words = (versions === undefined ? undefined : describeChoice(versions)) ?? 'It accepts other clients';
  const refusals = rows.filter(({ answer }) => answer === 'refused');
  const alerts = [...new Set(refusals.map(({ alert }) => alert).filter((alert) => alert !== undefined))];
  const alert = alerts.length === 0 ? '' : ` with ${alerts.map(describeAlert).join(' or ')}`;
  return judgeByClient<'passes' | 'stopped' | 'suspect' | 'open' | 'unsettled'>(
    context,
    (client) => {
      const row = rows.find((one) => one.client === client.id);
      // It was not asked for because no version that it speaks is accepted: another cause's matter.
      return row === undefined ? 'passes' : effectOfAnswer(client, row, versions);
    },
    citing(evidence, 'tls.asClients', 'tls.versions'),
    {
      stopped: (names) => `The listener refuses the hello sent by ${names}${alert}. ${words}.`,
      passes: (name) =>
        `The listener accepts the hello sent by ${name}, or there is no shared TLS version to send one in.`,
      open: () =>
        cannotTell(
          evidence,
          'whether every supported client gets through its handshake',
          ['tls.asClients'],
          ['HOST', '--client'],
        ),
      unsettled: {
        remark: (names) =>
          `The listener refuses the hello thought to be sent by ${names}${alert}, but what is really offered is not known for certain. ${words}.`,
        open: () =>
          cannotTell(
            evidence,
            'whether any supported client offers what the server chooses',
            ['tls.asClients'],
            ['--client'],
          ),
      },
    },
  );
}

/** `TLS 1.2: A, B; TLS 1.3: C`. */
function describeSuites(ciphers: TlsCiphers): string {
  return TLS_VERSIONS.flatMap((version) => {
    const suites = ciphers[version] ?? [];
    return suites.length === 0 ? [] : [`TLS ${version}: ${suites.map(({ name }) => name).join(', ')}`];
  }).join('; ');
}
