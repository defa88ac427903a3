import { defineCause } from '../model/cause.ts';
import { TLS_VERSIONS } from '../model/facts.ts';
import {
  cannotTell,
  citing,
  confirmed,
  isSeen,
  judgeByClient,
  likely,
  ruledOut,
  seenValue,
} from './_judge.ts';
import {
  acceptedVersions,
  describeVersions,
  diesWithoutWord,
  PROTOCOL_VERSION,
  refusedWith,
  speaksTls,
} from './_tls.ts';

export const tlsServerDisabled = defineCause({
  id: 'tls-server-disabled',
  title: 'Every TLS version is off at the server',
  stage: 'tls',
  uses: ['rdp.tls', 'rdp.standard', 'tls.versions'],
  prior: 0.02,
  remedies: [],
  advice:
    'Switch on the highest TLS version that this Windows supports, TLS 1.2 as a rule, and restart the machine; leave TLS 1.0 and 1.1 off. Look with --disk at the SCHANNEL settings first, and whether a policy sets them.',
  judge(evidence, context) {
    const versions = seenValue(evidence['tls.versions']);
    if (versions !== undefined && acceptedVersions(versions).length > 0) {
      return ruledOut(['tls.versions'], `The listener accepts TLS: ${describeVersions(versions)}.`);
    }
    if (speaksTls(evidence) === false) {
      return ruledOut(
        ['rdp.tls'],
        'The listener does not use TLS: it accepts standard RDP security only, so its TLS settings stop nobody at present.',
      );
    }
    if (versions === undefined) {
      return isSeen(evidence['tls.versions'])
        ? ruledOut(
            ['tls.versions'],
            'The listener does not use TLS, so its TLS settings stop nobody at present.',
          )
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
        ? likely(
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
        `Every TLS version is refused: ${seen}. What the listener negotiates could not be seen, so this stops only clients that it sends to TLS.`,
      );
    }
    if (seenValue(evidence['rdp.standard']) !== 'accepted') {
      return confirmed(
        citing(evidence, 'tls.versions', 'rdp.tls', 'rdp.standard'),
        `The listener leads clients to TLS and then refuses every version of it: ${seen}. No client gets past this point.`,
      );
    }
    // Standard RDP security is open beside it: only clients that ask for TLS run into the fault.
    const asking = context.client === undefined ? context.supportedClients : [context.client];
    const because = citing(evidence, 'tls.versions', 'rdp.tls', 'rdp.standard');
    if (asking.every((client) => client.tlsVersions.length > 0)) {
      return confirmed(
        because,
        `The listener leads every client that asks for TLS to TLS, and then refuses every version of it: ${seen}. Only a client that asks for standard RDP security alone gets in.`,
      );
    }
    return judgeByClient<'stopped' | 'passes'>(
      context,
      (client) => (client.tlsVersions.length > 0 ? 'stopped' : 'passes'),
      because,
      {
        stopped: (names) =>
          `The listener refuses every version of TLS (${seen}) and accepts standard RDP security. Stopped are clients that ask for TLS: ${names}.`,
        passes: (name) =>
          `Every version of TLS is refused (${seen}), but standard RDP security is accepted, and that is what ${name} uses.`,
      },
    );
  },
});
