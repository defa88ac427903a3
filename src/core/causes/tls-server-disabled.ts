import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import { type Evidence, TLS_VERSIONS } from '../model/facts.ts';
import { effective, INSIDE, weigh } from './_inside.ts';
import {
  cannotTell,
  citing,
  confirmed,
  isSeen,
  judgeByClient,
  likely,
  ruledOut,
  seenValue,
  suspected,
} from './_judge.ts';
import {
  acceptedVersions,
  describeSchannel,
  describeVersions,
  diesWithoutWord,
  doubtVersions,
  listenerVersions,
  PROTOCOL_VERSION,
  refusedWith,
  speaksTls,
  versionsHidden,
} from './_tls.ts';

export const tlsServerDisabled = defineCause({
  id: 'tls-server-disabled',
  title: 'Every TLS version is off at the server',
  stage: 'tls',
  uses: [
    'rdp.tls',
    'rdp.standard',
    'tls.versions',
    'schannel.server',
    'schannel.rdsUpdate',
    'os.version',
    'listener.securityLayer',
  ],
  prior: 0.02,
  remedies: [],
  advice:
    'Switch on the highest TLS version that this Windows supports, TLS 1.2 as a rule, and restart the machine; leave TLS 1.0 and 1.1 off. On Windows 7 and Server 2008 R2 install KB3080079 first: without it Remote Desktop there cannot use TLS 1.2. Look at the SCHANNEL settings first: --disk shows them, and whether a policy sets them.',
  ruledOutBy: [
    ['tls.versions'],
    ['rdp.tls'],
    ['schannel.server', 'os.version', 'schannel.rdsUpdate'],
    ['schannel.server', 'os.version'],
    ['listener.securityLayer'],
  ],
  judge(evidence, context) {
    const outside = judgeOutside(evidence, context);
    // A listener without TLS says nothing of the settings that it does not use, and is not stopped by them.
    if (speaksTls(evidence) === false || evidence['tls.versions']?.state === 'absent') return outside;
    return weigh(evidence, outside, judgeSettings(evidence));
  },
});

type Used =
  | 'rdp.tls'
  | 'rdp.standard'
  | 'tls.versions'
  | 'schannel.server'
  | 'schannel.rdsUpdate'
  | 'os.version'
  | 'listener.securityLayer';

/** By what the listener does. */
function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const versions = seenValue(evidence['tls.versions']);
  if (versions !== undefined && acceptedVersions(versions).length > 0) {
    return ruledOut(['tls.versions'], `The listener accepts TLS: ${describeVersions(versions)}.`);
  }
  if (speaksTls(evidence) === false) {
    return ruledOut(
      ['rdp.tls'],
      'The listener does not use TLS: it accepts standard RDP security only, so its TLS settings stop nobody for now.',
    );
  }
  if (versions === undefined) {
    return isSeen(evidence['tls.versions'])
      ? ruledOut(['tls.versions'], 'The listener does not use TLS, so its TLS settings stop nobody for now.')
      : cannotTell(
          evidence,
          'whether the server has any TLS version switched on',
          ['tls.versions', 'rdp.tls'],
          ['HOST', '--disk'],
        );
  }
  const seen = describeVersions(versions);
  if (!TLS_VERSIONS.every((version) => refusedWith(versions, version, PROTOCOL_VERSION))) {
    // "closed" and "timeout" are no negative facts, and alert 40 speaks of suites, not of versions.
    return diesWithoutWord(versions)
      ? suspected(
          ['tls.versions'],
          `No TLS version gets through: ${seen}. The server could not set up TLS: every version is switched off, or the private key of its certificate cannot be used.`,
        )
      : cannotTell(
          evidence,
          `whether every TLS version is off (${seen})`,
          ['tls.versions'],
          ['HOST', '--disk', '--full'],
        );
  }
  if (speaksTls(evidence) === undefined) {
    return likely(
      ['tls.versions'],
      `Every TLS version is refused: ${seen}. What the listener negotiates could not be seen; this stops only clients with which it negotiates TLS.`,
    );
  }
  if (seenValue(evidence['rdp.standard']) !== 'accepted') {
    return confirmed(
      citing(evidence, 'tls.versions', 'rdp.tls', 'rdp.standard'),
      `The listener negotiates TLS and then refuses every version of it: ${seen}. No client gets past this point.`,
    );
  }
  // Standard RDP security is open beside it: only clients that ask for TLS run into the fault.
  const asking = context.client === undefined ? context.supportedClients : [context.client];
  const because = citing(evidence, 'tls.versions', 'rdp.tls', 'rdp.standard');
  if (asking.every((client) => client.tlsVersions.length > 0)) {
    return confirmed(
      because,
      `The listener negotiates TLS with every client that asks for it, and then refuses every version: ${seen}. Only a client that asks for standard RDP security alone gets in.`,
    );
  }
  return judgeByClient<'stopped' | 'passes'>(
    context,
    (client) => (client.tlsVersions.length > 0 ? 'stopped' : 'passes'),
    because,
    {
      stopped: (names) =>
        `The listener refuses every version of TLS (${seen}) and accepts standard RDP security. It stops clients that ask for TLS: ${names}.`,
      passes: (name) =>
        `Every version of TLS is refused (${seen}), but standard RDP security is accepted, and that is enough for ${name}.`,
    },
  );
}

/** By what Schannel is set to. */
function judgeSettings(evidence: Pick<Evidence, Used>): Judgement {
  if (effective(evidence['listener.securityLayer']) === 0) {
    return ruledOut(
      ['listener.securityLayer'],
      'The listener is set to standard RDP security (SecurityLayer 0), which uses no TLS.',
    );
  }
  const server = seenValue(evidence['schannel.server']);
  if (server === undefined) {
    return cannotTell(evidence, 'whether any TLS version is switched on', ['schannel.server'], INSIDE);
  }
  const words = describeSchannel(server);
  const { on, doubted } = listenerVersions(server, evidence);
  if (on.length > 0) {
    return ruledOut(
      citing(evidence, 'schannel.server', 'os.version', 'schannel.rdsUpdate'),
      `Schannel has a TLS version switched on for servers, and Remote Desktop can use it: ${words}.`,
    );
  }
  if (doubted.length > 0) return doubtVersions(evidence, doubted, words);
  return versionsHidden(server).length > 0
    ? likely(
        ['schannel.server'],
        `Schannel offers no TLS version unless a program asks for one explicitly, which Remote Desktop is unlikely to do: ${words}.`,
      )
    : confirmed(
        ['schannel.server'],
        `Schannel has every TLS version switched off for servers, so neither a handshake nor NLA can start: ${words}.`,
      );
}
