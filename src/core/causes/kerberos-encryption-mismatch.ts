import { defineCause } from '../model/cause.ts';
import { ruledOutByMembership } from './_domain.ts';
import { describeEvent, fieldOf, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { describeSource } from './_inside.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { list } from './_words.ts';

/** SupportedEncryptionTypes, a bit mask: [MS-KILE] 2.2.7 Supported Encryption Types Bit Flags. */
const TYPES: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'DES-CBC-CRC'],
  [0x2, 'DES-CBC-MD5'],
  [0x4, 'RC4-HMAC'],
  [0x8, 'AES128'],
  [0x10, 'AES256'],
];
const AES = 0x18;
const KNOWN = 0x1f;

/** KDC_ERR_ETYPE_NOSUPP, [RFC 4120] 7.5.9. */
const NOT_SUPPORTED = 0xe;
const CONTROLLER = 'Microsoft-Windows-Kerberos-Key-Distribution-Center';

export const kerberosEncryptionMismatch = defineCause({
  id: 'kerberos-encryption-mismatch',
  title: 'Kerberos finds no shared encryption type',
  stage: 'credssp',
  uses: ['kerberos.encryptionTypes', 'domain.membership', 'events.relevant'],
  prior: 0.01,
  remedies: [],
  ruledOutBy: [['domain.membership'], ['kerberos.encryptionTypes']],
  advice:
    "Allow AES on every side: remove the SupportedEncryptionTypes limit or add AES128 and AES256 to it, and reset the password of an account that is older than AES support in its domain (the machine's own with Reset-ComputerMachinePassword). Until then, connecting by IP address, which uses NTLM, may work.",
  judge(evidence) {
    // Outside a domain nobody asks for a ticket: what a baseline limits there stops nobody.
    const outsider = ruledOutByMembership(evidence);
    if (outsider !== undefined) return outsider;
    const timeline = seenValue(evidence['events.relevant']);
    const word =
      timeline === undefined
        ? undefined
        : weighEvents(timeline, 'kerberos-encryption-mismatch', {
            proves: (event) =>
              isEvent(event, CONTROLLER, 14, 16, 26, 27) ||
              (isEvent(event, PROVIDER.kerberos, 3) &&
                Number(fieldOf(event, 'ErrorCode')) === NOT_SUPPORTED) ||
              (isEvent(event, PROVIDER.security, 4768, 4769) &&
                Number(fieldOf(event, 'Status')) === NOT_SUPPORTED),
          });
    const limit = evidence['kerberos.encryptionTypes'];
    if (limit?.state === 'present') {
      const { effective } = limit.value;
      const named = TYPES.filter(([bit]) => (effective & bit) !== 0).map(([, name]) => name);
      if ((effective & KNOWN) !== 0 && (effective & AES) === 0) {
        return likely(
          ['kerberos.encryptionTypes'],
          `This machine is limited to ${list(named)} (SupportedEncryptionTypes, ${describeSource(limit.value)}). Current domain controllers issue AES only, so Kerberos fails; NTLM still works.`,
        );
      }
    }
    if (word?.proving !== undefined) {
      return likely(
        citing(evidence, 'events.relevant', 'kerberos.encryptionTypes'),
        `Kerberos found no shared encryption type: ${describeEvent(word.proving)}.`,
      );
    }
    if (!isSeen(limit)) {
      return cannotTell(
        evidence,
        'which Kerberos encryption types this machine allows',
        ['kerberos.encryptionTypes'],
        ['--dc', '--disk', '--rpc'],
      );
    }
    return ruledOut(
      ['kerberos.encryptionTypes'],
      `${
        limit.state === 'absent'
          ? 'No policy limits the Kerberos encryption types of this machine'
          : `This machine allows AES (SupportedEncryptionTypes, ${describeSource(limit.value)})`
      }. Whether accounts and controllers allow it too can only be seen in the domain.`,
    );
  },
});
