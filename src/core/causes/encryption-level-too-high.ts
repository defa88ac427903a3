import { defineCause } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import type { StandardEncryption } from '../model/facts.ts';
import { cannotTell, citing, type Effect, isSeen, judgeByClient, ruledOut, seenValue } from './_judge.ts';
import { speaksTls } from './_tls.ts';

/** encryptionMethod of TS_UD_SC_SEC1, [MS-RDPBCGR] 2.2.1.4.3: 128BIT_ENCRYPTION_METHOD. */
const METHOD_128_BIT = 0x2;
/** encryptionLevel of TS_UD_SC_SEC1: ENCRYPTION_LEVEL_HIGH and ENCRYPTION_LEVEL_FIPS. */
const LEVEL_HIGH = 3;
const LEVEL_FIPS = 4;

export const encryptionLevelTooHigh = defineCause({
  id: 'encryption-level-too-high',
  title: 'The encryption level is above what the client has',
  stage: 'negotiate',
  uses: ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
  prior: 0.01,
  remedies: [],
  advice:
    'Set SecurityLayer to 2, so that TLS protects the connection and the level has no effect; if a client without TLS must stay, set MinEncryptionLevel to 2. Then restart TermService.',
  judge(evidence, context) {
    const standard = evidence['rdp.standard'];
    if (!isSeen(standard)) {
      return cannotTell(
        evidence,
        'whether standard RDP security, to which alone the level applies, is in use',
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
        `The server is at encryption level ${stated.level}, which asks no client for more than it has.`,
      );
    }
    if (stated?.level === LEVEL_FIPS) {
      return ruledOut(
        ['rdp.standard', 'rdp.encryption'],
        'The server is at encryption level 4 (FIPS), which the cause fips-only judges.',
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
          `${words}, 128-bit only, and it is what the listener gives to ${names}, without that method.`,
        passes: (name) =>
          `${words}; ${name} has 128-bit encryption or uses TLS, where the level does not apply.`,
        open: () =>
          cannotTell(
            evidence,
            'which level the server asks for and of whom',
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
  },
});

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
  return 'stopped';
}
