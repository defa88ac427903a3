import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { EventTimeline, ListenerCertificate } from '../model/windows-facts.ts';
import { describeEvent, fieldOf, isEvent, PROVIDER, weighEvents } from './_events.ts';
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
import { DISABLED } from './_services.ts';
import { acceptedVersions, describeVersions } from './_tls.ts';

/** Schannel: no access to the private key. */
const KEY_NOT_ACCESSIBLE = 36870;
const HANDSHAKE_COMPLETED = 36880;
/** RemoteConnectionManager: the chosen certificate's key, and a self-signed one not created or replaced. */
const KEY_IN_THE_WAY = [1055, 1057, 1058];
const NEW_CERTIFICATE = 1056;
/** SecurityLayer: TLS where the client can, else standard RDP security. */
const NEGOTIATE = 1;

type Used = 'listener.certificate' | 'listener.securityLayer' | 'service.KeyIso' | 'events.relevant';

export const certificateKeyUnreadable = defineCause({
  id: 'certificate-key-unreadable',
  title: 'The private key of the certificate cannot be read',
  stage: 'tls',
  uses: [
    'tls.versions',
    'listener.certificate',
    'listener.securityLayer',
    'service.KeyIso',
    'events.relevant',
  ],
  ruledOutBy: [['tls.versions'], ['listener.certificate'], ['listener.securityLayer']],
  prior: 0.03,
  remedies: [],
  advice:
    'Grant NETWORK SERVICE read access to the key file, and SYSTEM and Administrators full control; or rename the file and restart SessionEnv, which creates a new self-signed certificate. Do not take ownership of the whole MachineKeys folder.',
  judge(evidence) {
    if (effective(evidence['listener.securityLayer']) === 0) {
      return ruledOut(
        ['listener.securityLayer'],
        'SecurityLayer is 0: the listener uses standard RDP security, which needs no certificate.',
      );
    }
    const versions = seenValue(evidence['tls.versions']);
    const inside = judgeKey(evidence);
    return versions === undefined || acceptedVersions(versions).length === 0
      ? inside
      : weigh(
          evidence,
          ruledOut(
            ['tls.versions'],
            `The listener accepts a TLS handshake (${describeVersions(versions)}), for which it reads its key.`,
          ),
          inside,
        );
  },
});

function judgeKey(evidence: Pick<Evidence, Used>): Judgement {
  const observed = evidence['listener.certificate'];
  const timeline = seenValue(evidence['events.relevant']);
  const failure = timeline === undefined ? undefined : findFailure(timeline);
  if (!isSeen(observed)) {
    return failure === undefined
      ? cannotTell(
          evidence,
          "whether the certificate's private key can be read",
          ['listener.certificate'],
          INSIDE,
        )
      : suspected(['events.relevant'], failure);
  }
  const because = citing(evidence, 'listener.certificate', 'listener.securityLayer');
  if (observed.state === 'absent') {
    return ruledOut(because, 'No certificate is set for the listener, so there is no private key to read.');
  }
  const certificate = observed.value;
  const state = judgeState(certificate, because, effective(evidence['listener.securityLayer']));
  if (state !== undefined) return state;
  if (failure !== undefined) {
    return suspected([...because, 'events.relevant'], failure);
  }
  const keyService = seenValue(evidence['service.KeyIso']);
  if (keyService?.startType === DISABLED && keyService.state !== 'running') {
    return likely(
      [...because, 'service.KeyIso'],
      'The service KeyIso (CNG Key Isolation) is disabled. Windows needs it to use the private keys of most certificates.',
    );
  }
  if (certificate.key === 'readable') {
    return ruledOut(
      because,
      `The private key of ${describe(certificate)} can be read: ${detail(certificate)}.`,
    );
  }
  return cannotTell(
    evidence,
    `whether the private key of ${describe(certificate)} can be read (${detail(certificate)})`,
    ['listener.certificate'],
    ['HOST', '--rpc'],
  );
}

/** A file that is gone has no rights to mend. */
const KEY_GONE: Readonly<Record<ListenerCertificate['chosen'], string>> = {
  bound:
    "Restore the key's file from a backup, or enrol the certificate again and bind the new one to the listener.",
  'self-signed':
    "Restore the key's file from a backup, or have Windows make a new certificate: remove the old one from the store Remote Desktop of the computer account and restart SessionEnv.",
};

function judgeState(
  certificate: ListenerCertificate,
  because: FactNames,
  layer: number | undefined,
): Judgement | undefined {
  if (certificate.key !== 'missing' && certificate.key !== 'denied') return undefined;
  const word = `The private key of ${describe(certificate)} ${
    certificate.key === 'missing' ? 'is missing' : 'cannot be read by the service'
  }: ${detail(certificate)}${certificate.keyFile === undefined ? '' : ` (${certificate.keyFile})`}.`;
  const advice = certificate.key === 'missing' ? { advice: KEY_GONE[certificate.chosen] } : {};
  // For a certificate that somebody chose the listener has its own as a stand-in (event 1051).
  if (certificate.chosen === 'bound') {
    return {
      ...suspected(
        because,
        `${word} The listener falls back to its self-signed certificate, if it has a usable one.`,
      ),
      ...advice,
    };
  }
  const judgement =
    layer === undefined
      ? likely(
          because,
          `${word} Unless the listener uses standard RDP security, which is not known, neither TLS nor NLA can start without it.`,
        )
      : layer === NEGOTIATE
        ? likely(
            because,
            `${word} SecurityLayer is 1: clients that ask for TLS or NLA are stopped, but one that accepts standard RDP security is not.`,
          )
        : confirmed(because, `${word} Without it neither TLS nor NLA can start.`);
  return { ...judgement, ...advice };
}

function describe({ chosen, sha1 }: ListenerCertificate): string {
  return `the ${chosen === 'bound' ? 'assigned' : 'self-signed'} certificate ${sha1}`;
}

function detail({ key, keyDetail }: ListenerCertificate): string {
  return keyDetail ?? `its key is ${key}`;
}

function findFailure(timeline: EventTimeline): string | undefined {
  const word = weighEvents(timeline, 'certificate-key-unreadable', {
    proves: (event) =>
      isEvent(event, PROVIDER.connections, ...KEY_IN_THE_WAY) ||
      (isEvent(event, PROVIDER.schannel, KEY_NOT_ACCESSIBLE) && !isOfClient(fieldOf(event, 'Type'))),
    refutes: (event) =>
      isEvent(event, PROVIDER.connections, NEW_CERTIFICATE) ||
      (isEvent(event, PROVIDER.schannel, HANDSHAKE_COMPLETED) && !isOfClient(fieldOf(event, 'Type'))),
  });
  return word.later !== 'proving'
    ? undefined
    : `Windows could not use a private key, and no later event shows that this was fixed: ${describeEvent(word.proving)}.`;
}

/** Programs that call out fail with their own keys; that is not the listener's. */
function isOfClient(type: string | undefined): boolean {
  return type?.toLowerCase() === 'client';
}
