import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { effective, INSIDE, weigh } from './_inside.ts';
import {
  cannotTell,
  citing,
  confirmed,
  type FactNames,
  isSeen,
  likely,
  ruledOut,
  seenValue,
  suspected,
} from './_judge.ts';
import {
  asksForTls,
  choseTls,
  describeRow,
  failedWith,
  findRdpAnswer,
  isRdpAnswer,
  SSL_CERT_NOT_ON_SERVER,
} from './_negotiation.ts';
import { acceptedVersions, describeVersions, diesWithoutWord, hasTimeout } from './_tls.ts';
import { list } from './_words.ts';

/** From outside a missing certificate and one whose key cannot be read look the same. */
const LOOK_ALIKE =
  'From outside, a missing certificate and one whose private key cannot be read look the same.';

export const certificateMissing = defineCause({
  id: 'certificate-missing',
  title: 'The listener has no usable certificate',
  stage: 'tls',
  uses: [
    'rdp.negotiation',
    'rdp.standard',
    'tls.versions',
    'tls.certificate',
    'listener.certificate',
    'listener.securityLayer',
    'listener.fDenyTSConnections',
    'events.relevant',
  ],
  ruledOutBy: [
    ['tls.certificate'],
    ['tls.versions'],
    ['rdp.negotiation'],
    ['rdp.negotiation', 'tls.versions'],
    ['rdp.negotiation', 'tls.versions', 'tls.certificate'],
    ['listener.certificate'],
    ['listener.certificate', 'listener.fDenyTSConnections'],
    ['listener.securityLayer'],
  ],
  prior: 0.03,
  remedies: [],
  advice:
    'Have Windows create a new self-signed certificate (restart SessionEnv), or repair the permissions on its private key; if somebody assigned a certificate, check that it and its key are still there. --disk shows which of these it is.',
  judge(evidence) {
    const outside = judgeOutside(evidence);
    const inside = judgeStore(evidence);
    // Where no listener was heard, the network has no word against the store.
    const heard =
      findRdpAnswer(evidence) !== undefined ||
      seenValue(evidence['tls.versions']) !== undefined ||
      seenValue(evidence['tls.certificate']) !== undefined;
    return !heard && outside.verdict === 'ruled-out' && inside.verdict !== 'inconclusive'
      ? inside
      : weigh(evidence, outside, inside);
  },
});

type Inside =
  | 'listener.certificate'
  | 'listener.securityLayer'
  | 'listener.fDenyTSConnections'
  | 'events.relevant';
type Outside = 'rdp.negotiation' | 'rdp.standard' | 'tls.versions' | 'tls.certificate';

/** RemoteConnectionManager: a self-signed certificate was made, or could not be. */
const MADE = 1056;
const NOT_MADE = 1057;
/** SecurityLayer: TLS where the client can, else standard RDP security. */
const NEGOTIATE = 1;

/** By the certificate that the listener names and its store. */
function judgeStore(evidence: Pick<Evidence, Inside>): Judgement {
  if (effective(evidence['listener.securityLayer']) === 0) {
    return ruledOut(
      ['listener.securityLayer'],
      'The listener is set to standard RDP security (SecurityLayer 0), which uses no certificate.',
    );
  }
  const observed = evidence['listener.certificate'];
  if (!isSeen(observed)) {
    return cannotTell(evidence, 'whether the listener has a certificate', ['listener.certificate'], INSIDE);
  }
  const timeline = seenValue(evidence['events.relevant']);
  const word =
    timeline === undefined
      ? undefined
      : weighEvents(timeline, 'certificate-missing', {
          proves: (event) => isEvent(event, PROVIDER.connections, NOT_MADE),
          refutes: (event) => isEvent(event, PROVIDER.connections, MADE),
        });
  const failure = word?.later === 'proving' ? describeEvent(word.proving) : undefined;
  const certificate = seenValue(observed);
  if (certificate?.certificate !== undefined) {
    return failure === undefined
      ? ruledOut(
          ['listener.certificate'],
          `The certificate set for the listener, ${certificate.sha1}, is in its store (${certificate.store}).`,
        )
      : suspected(
          ['listener.certificate', 'events.relevant'],
          `The certificate ${certificate.sha1} is in its store, but Windows could not make a new one: ${failure}.`,
        );
  }
  if (certificate?.unread === true) {
    return cannotTell(
      evidence,
      `whether the listener can use the certificate ${certificate.sha1}, because what its store (${certificate.store}) has of it could not be read`,
      ['listener.certificate'],
      ['HOST'],
    );
  }
  if (certificate !== undefined) {
    const gone = `The listener is set to use the certificate ${certificate.sha1}, which is not in its store (${certificate.store}).`;
    return certificate.chosen === 'bound'
      ? cannotTell(
          evidence,
          `whether the listener has another certificate than the one that somebody assigned, ${certificate.sha1}, which is not in its store`,
          ['listener.certificate'],
          ['HOST'],
        )
      : judgeByLayer(evidence, gone, ['listener.certificate']);
  }
  if (failure !== undefined) {
    return judgeByLayer(
      evidence,
      `No certificate is set for the listener, and Windows could not create one: ${failure}.`,
      ['listener.certificate', 'events.relevant'],
    );
  }
  const deny = effective(evidence['listener.fDenyTSConnections']);
  return deny !== undefined && deny !== 0
    ? ruledOut(
        ['listener.certificate', 'listener.fDenyTSConnections'],
        'No certificate is set for the listener while Remote Desktop is switched off; Windows creates one when it is switched on.',
      )
    : likely(
        ['listener.certificate'],
        'No certificate is set for the listener, neither an assigned nor a self-signed one. Windows creates one when the service starts, unless something prevents it.',
      );
}

/** Whom a listener without a certificate stops: everybody only where it insists on TLS. */
function judgeByLayer(
  evidence: Pick<Evidence, Inside>,
  words: string,
  [first, ...others]: FactNames,
): Judgement {
  const because = citing(evidence, first, ...others, 'listener.securityLayer');
  switch (effective(evidence['listener.securityLayer'])) {
    case undefined:
      return likely(because, `${words} Whether the listener uses TLS, for which it needs one, is not known.`);
    case NEGOTIATE:
      return likely(
        because,
        `${words} SecurityLayer is 1: clients that ask for TLS or NLA are stopped, but one that accepts standard RDP security is not.`,
      );
    default:
      return confirmed(because, words);
  }
}

/** By what the listener does. */
function judgeOutside(evidence: Pick<Evidence, Outside>): Judgement {
  const certificate = seenValue(evidence['tls.certificate']);
  if (certificate !== undefined) {
    return ruledOut(
      ['tls.certificate'],
      `The listener presents a certificate: ${certificate.subject}, thumbprint ${certificate.sha1}.`,
    );
  }
  const versions = seenValue(evidence['tls.versions']);
  if (versions !== undefined && acceptedVersions(versions).length > 0) {
    return ruledOut(
      ['tls.versions'],
      `The listener accepts a TLS handshake (${describeVersions(versions)}), for which it needs a certificate.`,
    );
  }
  const negotiation = evidence['rdp.negotiation'];
  if (!isSeen(negotiation)) {
    return cannotTell(
      evidence,
      'whether the listener has a certificate',
      ['rdp.negotiation', 'tls.certificate'],
      ['HOST', '--disk'],
    );
  }
  const rows = negotiation.state === 'present' ? negotiation.value : [];
  const overTls = rows.filter(asksForTls);
  const refused = rows.filter((row) => failedWith(row, SSL_CERT_NOT_ON_SERVER));
  if (refused.length > 0) return judgeRefusal(evidence, refused.map(describeRow), overTls.some(choseTls));

  if (overTls.some(choseTls)) {
    if (versions !== undefined && diesWithoutWord(versions)) {
      return suspected(
        ['rdp.negotiation', 'tls.versions'],
        `The listener agrees to TLS and then ends every handshake: ${describeVersions(versions)}. An unusable key looks like this, and so do TLS versions that are switched off.`,
      );
    }
    if (versions !== undefined && hasTimeout(versions)) {
      return cannotTell(
        evidence,
        `whether the listener has a certificate that it can use (${describeVersions(versions)})`,
        ['tls.versions'],
        ['HOST', '--disk'],
      );
    }
    if (isSeen(evidence['tls.certificate']) && isSeen(evidence['tls.versions'])) {
      return ruledOut(
        citing(evidence, 'rdp.negotiation', 'tls.versions'),
        'The listener agrees to TLS. Without a certificate it would refuse with failure 3, so the handshake fails for another reason.',
      );
    }
    return cannotTell(
      evidence,
      'whether the listener has a certificate that it can use',
      ['tls.certificate', 'tls.versions'],
      ['HOST', '--disk'],
    );
  }
  const word = overTls.find(isRdpAnswer);
  if (word !== undefined || negotiation.state === 'absent') {
    return ruledOut(
      ['rdp.negotiation'],
      `The listener does not say that it lacks a certificate${
        word === undefined ? '' : `: ${describeRow(word)}`
      }.`,
    );
  }
  return cannotTell(
    evidence,
    'whether the listener has a certificate, because no request for TLS was answered',
    ['rdp.negotiation'],
    ['HOST', '--disk'],
  );
}

/** The server has said failure 3: SSL_CERT_NOT_ON_SERVER is its own word, not an inference. */
function judgeRefusal(
  evidence: Pick<Evidence, 'rdp.standard'>,
  refused: readonly string[],
  othersGotTls: boolean,
): ReturnType<typeof likely> {
  const word = `The listener itself says that it has no certificate it can use: ${list(refused)}.`;
  const standard = seenValue(evidence['rdp.standard']);
  if (othersGotTls) {
    return likely(
      ['rdp.negotiation'],
      `${word} Other requests for TLS were accepted, so either this comes and goes or several machines answer. ${LOOK_ALIKE}`,
    );
  }
  if (standard === 'refused') {
    return confirmed(
      ['rdp.negotiation', 'rdp.standard'],
      `${word} It refuses standard RDP security too, so nobody gets in. ${LOOK_ALIKE}`,
    );
  }
  return likely(
    citing(evidence, 'rdp.negotiation', 'rdp.standard'),
    `${word} ${
      standard === 'accepted'
        ? 'A client that asks for standard RDP security would still get in, but current Windows clients ask for TLS.'
        : 'Whether it accepts standard RDP security is not known.'
    } ${LOOK_ALIKE}`,
  );
}
