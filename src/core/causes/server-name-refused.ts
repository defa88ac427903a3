import { defineCause, type Judgement } from '../model/cause.ts';
import { type Evidence, TLS_VERSIONS, type TlsVersions } from '../model/facts.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import {
  acceptedVersions,
  alertsOf,
  describeAlert,
  describeVersions,
  PROTOCOL_VERSION,
  refusedWith,
  UNRECOGNIZED_NAME,
} from './_tls.ts';

type Used = 'tls.versions' | 'tls.serverName' | 'tcp.connect';

/** Clients take the server name from what they are told to connect to: practice, and RFC 6066 section 3. */
const ADDRESS_ADVICE =
  'Connect by the name that the server expects, not by its address: a client sends no server name for an address. Ask whoever runs the proxy in front of Windows which names it accepts.';

export const serverNameRefused = defineCause({
  id: 'server-name-refused',
  title: 'The TLS server does not accept the name it was asked for',
  stage: 'tls',
  uses: ['tls.versions', 'tls.serverName', 'tcp.connect'],
  prior: 0.002,
  remedies: [],
  advice:
    'Check the name first: a typing error or a stale DNS entry causes this. If it is right, add it to the proxy that terminates TLS in front of Windows, or connect by a name that the proxy accepts; a Windows listener itself accepts every name.',
  ruledOutBy: [['tls.versions']],
  judge(evidence) {
    const versions = evidence['tls.versions'];
    if (!isSeen(versions)) {
      return cannotTell(evidence, 'whether the name is accepted', ['tls.versions'], ['HOST']);
    }
    if (versions.state === 'absent') {
      return ruledOut(['tls.versions'], 'The listener does not use TLS, so it is not sent a name.');
    }
    return judgeName(evidence, versions.value);
  },
});

function judgeName(evidence: Pick<Evidence, Used>, versions: TlsVersions): Judgement {
  const words = describeVersions(versions);
  if (acceptedVersions(versions).length > 0) {
    return ruledOut(['tls.versions'], `The listener accepts the hello as it was sent: ${words}.`);
  }
  if (TLS_VERSIONS.every((version) => refusedWith(versions, version, PROTOCOL_VERSION))) {
    return ruledOut(['tls.versions'], `The server objects to the versions, not to the name: ${words}.`);
  }
  const told = seenValue(evidence['tls.serverName']);
  if (told?.withoutName === 'accepted') {
    return likely(
      ['tls.versions', 'tls.serverName'],
      `The server refuses the hello that names ${told.name} (${words}) and accepts the same hello without a name.`,
    );
  }
  if (alertsOf(versions).includes(UNRECOGNIZED_NAME)) return judgeUnrecognised(evidence, words);
  return !isSeen(evidence['tls.serverName'])
    ? cannotTell(
        evidence,
        `whether the server wants another name, or any name at all (${words})`,
        ['tls.serverName'],
        ['HOST'],
      )
    : ruledOut(
        ['tls.versions', 'tls.serverName'],
        `The server accepts no hello, whatever name it is sent: ${words}.`,
      );
}

/** The server's own word: it does not know the name, or wants one. */
function judgeUnrecognised(evidence: Pick<Evidence, Used>, words: string): Judgement {
  const connect = seenValue(evidence['tcp.connect']);
  const because = citing(evidence, 'tls.versions', 'tls.serverName', 'tcp.connect');
  if (connect !== undefined && connect.name === undefined) {
    return {
      ...likely(
        because,
        `The server answers with ${describeAlert(UNRECOGNIZED_NAME)}, although no name was sent, since the target was given by its address. It wants a name that it knows.`,
      ),
      advice: ADDRESS_ADVICE,
    };
  }
  const name = connect?.name === undefined ? '' : ` ${connect.name}`;
  return likely(because, `The server does not know the name${name} and says so: ${words}.`);
}
