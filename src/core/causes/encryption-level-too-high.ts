import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import type { Evidence, StandardEncryption } from '../model/facts.ts';
import { cannotTellFrom, describeSetting, INSIDE, weigh } from './_inside.ts';
import {
  cannotTell,
  citing,
  type Effect,
  isSeen,
  judgeByClient,
  ruledOut,
  seenValue,
  stoppedBy,
} from './_judge.ts';
import { speaksTls } from './_tls.ts';

/** encryptionMethod of TS_UD_SC_SEC1, [MS-RDPBCGR] 2.2.1.4.3: 128BIT_ENCRYPTION_METHOD. */
const METHOD_128_BIT = 0x2;
/** encryptionLevel of TS_UD_SC_SEC1: ENCRYPTION_LEVEL_HIGH and ENCRYPTION_LEVEL_FIPS. */
const LEVEL_HIGH = 3;
const LEVEL_FIPS = 4;

export const encryptionLevelTooHigh = defineCause({
  id: 'encryption-level-too-high',
  title: 'The encryption level is higher than the client supports',
  stage: 'negotiate',
  uses: [
    'rdp.standard',
    'rdp.encryption',
    'rdp.tls',
    'listener.minEncryptionLevel',
    'listener.securityLayer',
    'listener.userAuthentication',
  ],
  prior: 0.01,
  remedies: [],
  advice:
    'Set SecurityLayer to 2, so that TLS protects the connection and the level has no effect; if a client without TLS must be kept, set MinEncryptionLevel to 2. Then restart TermService, which disconnects every session.',
  ruledOutBy: [
    ['rdp.standard'],
    ['rdp.standard', 'rdp.encryption'],
    ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
    ['rdp.standard', 'rdp.tls'],
    ['listener.securityLayer'],
    ['listener.userAuthentication'],
    ['listener.minEncryptionLevel'],
    ['listener.minEncryptionLevel', 'listener.securityLayer'],
  ],
  judge(evidence, context) {
    return weigh(evidence, judgeOutside(evidence, context), judgeSettings(evidence, context));
  },
});

type Used =
  | 'rdp.standard'
  | 'rdp.encryption'
  | 'rdp.tls'
  | 'listener.minEncryptionLevel'
  | 'listener.securityLayer'
  | 'listener.userAuthentication';

/** SecurityLayer of the listener. */
const LAYER_RDP = 0;
const LAYER_NEGOTIATE = 1;

/** By the level that is set, which applies only where TLS does not. */
function judgeSettings(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const level = seenValue(evidence['listener.minEncryptionLevel']);
  const layer = seenValue(evidence['listener.securityLayer']);
  const nla = seenValue(evidence['listener.userAuthentication']);
  if (layer !== undefined && layer.effective > LAYER_NEGOTIATE) {
    return ruledOut(
      ['listener.securityLayer'],
      `The listener is set to use TLS, where the encryption level does not apply: ${describeSetting('SecurityLayer', layer)}.`,
    );
  }
  if (nla !== undefined && nla.effective !== 0) {
    return ruledOut(
      ['listener.userAuthentication'],
      `The listener is set to require NLA, so nobody gets as far as standard RDP security: ${describeSetting('UserAuthentication', nla)}.`,
    );
  }
  if (level !== undefined && level.effective < LEVEL_HIGH) {
    return ruledOut(
      ['listener.minEncryptionLevel'],
      `The configured level asks no client for more than it supports: ${describeSetting('MinEncryptionLevel', level)}.`,
    );
  }
  if (level?.effective === LEVEL_FIPS) {
    return ruledOut(
      ['listener.minEncryptionLevel'],
      'The encryption level is set to 4 (FIPS), which is covered by the cause fips-only.',
    );
  }
  if (level === undefined || layer === undefined || level.effective > LEVEL_FIPS) {
    return level !== undefined && layer !== undefined
      ? cannotTell(
          evidence,
          `what the configured level means (${describeSetting('MinEncryptionLevel', level)})`,
          ['listener.minEncryptionLevel'],
          ['HOST'],
        )
      : cannotTellFrom(
          evidence,
          'which encryption level is set, and whether it applies',
          ['listener.minEncryptionLevel', 'listener.securityLayer'],
          INSIDE,
        );
  }
  const words = `Standard RDP security is set to level 3, 128-bit only (${describeSetting('MinEncryptionLevel', level)}, ${describeSetting('SecurityLayer', layer)})`;
  return judgeByClient<'stopped' | 'passes' | 'unsettled'>(
    context,
    (client) =>
      (layer.effective !== LAYER_RDP && client.tlsVersions.length > 0) ||
      (client.encryptionMethods & METHOD_128_BIT) !== 0
        ? 'passes'
        : stoppedBy(client.sure.encryptionMethods),
    citing(evidence, 'listener.minEncryptionLevel', 'listener.securityLayer', 'listener.userAuthentication'),
    {
      stopped: (names) => `${words}, which is more than these clients support: ${names}.`,
      passes: (name) =>
        `${words}. That does not stop ${name}: 128-bit encryption is available there, or TLS, where the level does not apply.`,
      unsettled: unsettled(evidence, words),
    },
  );
}

/** By what the listener does. */
function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const standard = evidence['rdp.standard'];
  if (!isSeen(standard)) {
    return cannotTell(
      evidence,
      'whether standard RDP security is in use, the only mode to which the level applies',
      ['rdp.standard'],
      ['HOST', '--disk'],
    );
  }
  if (standard.state === 'absent' || standard.value === 'refused') {
    return ruledOut(
      ['rdp.standard'],
      'The listener refuses standard RDP security. The encryption level does not apply under TLS or CredSSP.',
    );
  }
  const encryption = evidence['rdp.encryption'];
  if (encryption?.state === 'absent') {
    return ruledOut(['rdp.standard', 'rdp.encryption'], 'The server states no encryption level.');
  }
  const stated = seenValue(encryption);
  if (stated !== undefined && stated.level < LEVEL_HIGH) {
    return ruledOut(
      ['rdp.standard', 'rdp.encryption'],
      `The server is at encryption level ${stated.level}, which asks no client for more than it supports.`,
    );
  }
  if (stated?.level === LEVEL_FIPS) {
    return ruledOut(
      ['rdp.standard', 'rdp.encryption'],
      'The server is at encryption level 4 (FIPS), which is covered by the cause fips-only.',
    );
  }
  const tls = speaksTls(evidence);
  const words =
    stated === undefined
      ? 'The level of standard RDP security could not be seen'
      : `Standard RDP security is at encryption level ${stated.level}`;
  return judgeByClient(
    context,
    (client) => effectOn(client, stated, tls),
    citing(evidence, 'rdp.standard', 'rdp.encryption', 'rdp.tls'),
    {
      stopped: (names) =>
        `${words}, 128-bit only, and the listener offers nothing else to these clients, which lack that method: ${names}.`,
      passes: (name) =>
        `${words}. That does not stop ${name}: 128-bit encryption is available there, or TLS, where the level does not apply.`,
      unsettled: unsettled(evidence, words),
      open: () =>
        cannotTell(
          evidence,
          'which level the server demands, and from which clients',
          // A level that nobody knows is a value too, but not one to judge by.
          stated === undefined
            ? ['rdp.encryption', 'rdp.tls']
            : tls === undefined
              ? ['rdp.tls']
              : ['rdp.encryption'],
          ['HOST', '--disk', '--client'],
        ),
    },
  );
}

function effectOn(
  client: ClientProfile,
  stated: StandardEncryption | undefined,
  tls: boolean | undefined,
): Effect {
  const speaks = client.tlsVersions.length > 0;
  if (tls === true && speaks) return 'passes';
  if (stated !== undefined && stated.level > LEVEL_FIPS) return 'open';
  if ((client.encryptionMethods & METHOD_128_BIT) !== 0) return stated === undefined ? 'open' : 'passes';
  if (stated === undefined || (tls === undefined && speaks)) return 'open';
  return stoppedBy(client.sure.encryptionMethods);
}

/** A client whose encryption methods nobody knows decides nothing. */
function unsettled(evidence: Pick<Evidence, Used>, words: string) {
  return {
    remark: (names: string) =>
      `${words}. Whether ${names} can encrypt with 128 bits is not known for certain.`,
    open: () =>
      cannotTell(
        evidence,
        'whether the client in question can encrypt with 128 bits',
        ['rdp.encryption'],
        ['HOST', '--client'],
      ),
  };
}
