import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import type { Evidence, TlsVersions } from '../model/facts.ts';
import { isRefusedOnGuess, mayHaveVersion } from './_clients.ts';
import { effective, INSIDE, weigh } from './_inside.ts';
import {
  cannotTell,
  citing,
  confirmed,
  type Effect,
  isSeen,
  judgeByClient,
  ruledOut,
  seenValue,
} from './_judge.ts';
import {
  acceptedVersions,
  commonVersions,
  describeAlert,
  describeSchannel,
  describeVersions,
  doubtVersions,
  hasTimeout,
  listenerVersions,
  PROTOCOL_VERSION,
  versionsHidden,
  versionsOn,
} from './_tls.ts';
import { list } from './_words.ts';

export const tlsNoCommonVersion = defineCause({
  id: 'tls-no-common-version',
  title: 'Client and server share no TLS version',
  stage: 'tls',
  uses: [
    'tls.versions',
    'tls.asClient',
    'rdp.standard',
    'schannel.server',
    'schannel.rdsUpdate',
    'os.version',
    'listener.securityLayer',
  ],
  prior: 0.02,
  remedies: [],
  advice:
    'Update the client so that it speaks a version that the server accepts; if the server has TLS 1.2 switched off, switch it on and restart the machine (Windows 7 and Server 2008 R2 need KB3080079 first). Do not switch on TLS 1.0 or 1.1 instead.',
  ruledOutBy: [
    ['tls.asClient'],
    ['tls.versions', 'rdp.standard'],
    ['tls.versions'],
    ['schannel.server', 'os.version', 'schannel.rdsUpdate', 'listener.securityLayer'],
    ['schannel.server', 'os.version', 'listener.securityLayer'],
    ['listener.securityLayer'],
  ],
  judge(evidence, context) {
    const outside = judgeOutside(evidence, context);
    // A listener without TLS says nothing of the settings that it does not use, and is not stopped by them.
    if (evidence['tls.versions']?.state === 'absent') return outside;
    return weigh(evidence, outside, judgeSettings(evidence, context));
  },
});

type Used =
  | 'tls.versions'
  | 'tls.asClient'
  | 'rdp.standard'
  | 'schannel.server'
  | 'schannel.rdsUpdate'
  | 'os.version'
  | 'listener.securityLayer';

/** By what the listener does. */
function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const asClient = seenValue(evidence['tls.asClient']);
  if (context.client !== undefined && asClient?.client === context.client.id) {
    if (asClient.answer === 'accepted') {
      return ruledOut(
        ['tls.asClient'],
        `The listener accepts the hello of ${context.client.title}${
          asClient.version === undefined ? '' : ` with TLS ${asClient.version}`
        }.`,
      );
    }
    if (
      asClient.answer === 'refused' &&
      asClient.alert === PROTOCOL_VERSION &&
      !refusesEverybody(evidence['tls.versions'])
    ) {
      if (isRefusedOnGuess(context.client, asClient, seenValue(evidence['tls.versions']))) {
        return unsettledBy(
          evidence,
          context.client.title,
          'The server refuses the hello that this client is thought to send',
        );
      }
      return confirmed(
        citing(evidence, 'tls.asClient', 'tls.versions'),
        `The listener refuses the hello of ${context.client.title} (TLS ${list(context.client.tlsVersions)}): ${describeAlert(
          asClient.alert,
        )}.`,
      );
    }
  }
  const seen = evidence['tls.versions'];
  if (!isSeen(seen)) {
    return cannotTell(
      evidence,
      'whether client and server share a TLS version',
      ['tls.versions'],
      ['HOST', '--client', '--disk'],
    );
  }
  if (seen.state === 'absent') {
    return ruledOut(['tls.versions'], 'The listener does not use TLS, so no version has to match.');
  }
  const versions = seen.value;
  const words = describeVersions(versions);
  const open = () =>
    cannotTell(
      evidence,
      `whether client and server share a TLS version (${words})`,
      // Without a timeout it is a client without TLS, and whether it gets standard RDP security.
      hasTimeout(versions) ? ['tls.versions'] : ['rdp.standard'],
      ['HOST', '--client'],
    );
  if (acceptedVersions(versions).length === 0) {
    return hasTimeout(versions)
      ? open()
      : ruledOut(
          ['tls.versions'],
          `The server accepts no TLS version at all (${words}), so it does not matter what the client speaks.`,
        );
  }
  const standard =
    evidence['rdp.standard']?.state === 'absent' ? 'refused' : seenValue(evidence['rdp.standard']);
  return judgeByClient(
    context,
    (client) => effectOn(client, versions, standard),
    citing(evidence, 'tls.versions', 'rdp.standard'),
    {
      stopped: (names) => `The server's answers: ${words}. That leaves no version shared with ${names}.`,
      passes: (name) =>
        `The server and ${name} share a TLS version or need none: ${words}. Switching off old versions while a newer one works is normal hardening.`,
      open,
      unsettled: {
        remark: (names) =>
          `The server's answers: ${words}. Whether ${names} can use any of these is not known for certain.`,
        open: () => unsettledBy(evidence, context.client?.title, `The server's answers: ${words}`),
      },
    },
  );
}

/** A client about whose versions nothing sure is known decides nothing. */
function unsettledBy(
  evidence: Pick<Evidence, Used>,
  title: string | undefined,
  words: string,
): Judgement & { readonly verdict: 'inconclusive' } {
  const who = title ?? 'any supported client';
  return {
    ...cannotTell(
      evidence,
      `whether ${who} speaks a TLS version that the server accepts`,
      ['tls.asClient'],
      ['--client'],
    ),
    explanation: `${words}. Whether ${who} speaks one of the accepted versions is not known for certain, so only a test with that client will tell.`,
    remark: `${words}. Whether ${who} can speak a version that it accepts is not known for certain.`,
  };
}

/** By what Schannel is set to. */
function judgeSettings(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const layer = effective(evidence['listener.securityLayer']);
  if (layer === 0) {
    return ruledOut(
      ['listener.securityLayer'],
      'The listener is set to standard RDP security (SecurityLayer 0), which uses no TLS.',
    );
  }
  const server = seenValue(evidence['schannel.server']);
  if (server === undefined) {
    return cannotTell(evidence, 'which TLS versions are switched on', ['schannel.server'], INSIDE);
  }
  const words = describeSchannel(server);
  const { on, doubted } = listenerVersions(server, evidence);
  if (versionsOn(server).length === 0) {
    return ruledOut(
      ['schannel.server'],
      `Schannel offers no TLS version at all (${words}), so it does not matter what the client speaks.`,
    );
  }
  const hidden = versionsHidden(server);
  const asking = context.client === undefined ? context.supportedClients : [context.client];
  return judgeByClient(
    context,
    (client) => {
      // Such a client asks for standard RDP security, which SecurityLayer 2 refuses.
      if (client.tlsVersions.length === 0) {
        return layer === undefined ? 'open' : layer === 1 ? 'passes' : 'stopped';
      }
      if (client.tlsVersions.some((version) => on.includes(version))) return 'passes';
      if (client.tlsVersions.some((version) => doubted.includes(version))) return 'open';
      if (mayHaveVersion(client, versionsOn(server))) return 'unsettled';
      return client.tlsVersions.some((version) => hidden.includes(version)) ? 'suspect' : 'stopped';
    },
    citing(evidence, 'schannel.server', 'os.version', 'schannel.rdsUpdate', 'listener.securityLayer'),
    {
      stopped: (names) => `Schannel has ${words}, which leaves no version shared with ${names}.`,
      passes: (name) =>
        `Schannel has ${words}. With that, ${name} has a version to use or does not need TLS. Switching off old versions while a newer one works is normal hardening.`,
      open: () =>
        doubted.length > 0 &&
        (layer !== undefined || asking.every(({ tlsVersions }) => tlsVersions.length > 0))
          ? doubtVersions(evidence, doubted, words)
          : cannotTell(
              evidence,
              'whether the listener lets in a client without TLS',
              ['listener.securityLayer'],
              INSIDE,
            ),
      unsettled: {
        remark: (names) =>
          `Schannel has ${words}. Whether ${names} can use any of these is not known for certain.`,
        open: () => unsettledBy(evidence, context.client?.title, `Schannel has ${words}`),
      },
    },
  );
}

/** Whether no version is accepted at all: which one the client speaks is then no matter. */
function refusesEverybody(seen: Evidence['tls.versions']): boolean {
  const versions = seenValue(seen);
  return versions !== undefined && acceptedVersions(versions).length === 0 && !hasTimeout(versions);
}

function effectOn(
  client: ClientProfile,
  versions: TlsVersions,
  standard: 'accepted' | 'refused' | undefined,
): Effect {
  if (client.tlsVersions.length === 0) {
    // Such a client asks for standard RDP security.
    return standard === undefined ? 'open' : standard === 'accepted' ? 'passes' : 'stopped';
  }
  if (commonVersions(client, versions).length > 0) return 'passes';
  if (mayHaveVersion(client, acceptedVersions(versions))) return 'unsettled';
  const answers = client.tlsVersions.map((version) => versions[version]);
  if (answers.includes('timeout')) return 'open';
  return answers.includes('closed') ? 'suspect' : 'stopped';
}
