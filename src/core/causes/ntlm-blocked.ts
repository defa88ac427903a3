import { defineCause } from '../model/cause.ts';
import { describeAlone } from './_domain.ts';
import { describeSetting } from './_inside.ts';
import { cannotTell, citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { AFTER_NTLM, DENY_ALL, needsNtlm } from './_ntlm.ts';
import { statusCode } from './_words.ts';

const NTLM_BLOCKED = 0xc0000418;
/** SEC_E_UNSUPPORTED_FUNCTION: what a server without NTLM says, among others (an inference). */
const UNSUPPORTED_FUNCTION = 0x80090302;
const PACKAGE_NOT_FOUND = 0x80090305;

export const ntlmBlocked = defineCause({
  id: 'ntlm-blocked',
  title: 'The server refuses NTLM, which this sign-in needs',
  stage: 'credssp',
  uses: [
    'ntlm.refusal',
    'ntlm.challenge',
    'nla.logon',
    'rdp.nla',
    'ntlm.restrictReceiving',
    'domain.membership',
    'listener.userAuthentication',
  ],
  prior: 0.01,
  remedies: [],
  ruledOutBy: [['nla.logon'], ['rdp.nla']],
  advice:
    "Connect by the machine's full DNS name with a domain account, so that Kerberos is used. If NTLM has to work, add an exception to the policy that restricts it rather than relaxing it for everybody.",
  workgroupAdvice:
    'At the console or on the disk, set RestrictReceivingNTLMTraffic to 1, which admits local accounts, or to 0 (policy "Network security: Restrict NTLM: Incoming NTLM traffic"); it takes effect without a restart. NTLM is the only way to check a password over the network here.',
  judge(evidence) {
    const membership = seenValue(evidence['domain.membership']);
    const kerberos =
      membership?.joined === false
        ? `The machine is ${describeAlone(membership)}, so nothing can take its place.`
        : 'Clients that use Kerberos (full DNS name, domain account) can still sign in.';
    const refusal = seenValue(evidence['ntlm.refusal']);
    if (refusal?.status === NTLM_BLOCKED) {
      return likely(
        ['ntlm.refusal'],
        `The server itself says that NTLM is blocked: ${statusCode(NTLM_BLOCKED)} (${refusal.name}). ${kerberos}`,
      );
    }
    const logon = seenValue(evidence['nla.logon']);
    if (logon?.status === NTLM_BLOCKED) {
      return likely(
        ['nla.logon'],
        `The server refused the sign-in because NTLM is blocked: ${statusCode(NTLM_BLOCKED)} (${logon.name}). ${kerberos}`,
      );
    }
    if (refusal !== undefined && meansNoNtlm(refusal.status)) {
      return likely(
        ['ntlm.refusal'],
        `The server refused NTLM before any credential was sent: ${
          refusal.status === undefined ? '' : `${statusCode(refusal.status)} `
        }(${refusal.name}). That points to a policy against NTLM. ${kerberos}`,
      );
    }
    if (logon !== undefined && AFTER_NTLM.has(logon.status)) {
      return ruledOut(
        ['nla.logon'],
        `The server checked the credentials of a sign-in over NTLM (${statusCode(logon.status)}, ${logon.name}), so it accepts NTLM.`,
      );
    }
    const restriction = seenValue(evidence['ntlm.restrictReceiving']);
    if (restriction !== undefined && restriction.effective >= DENY_ALL && needsNtlm(evidence) === true) {
      return confirmed(
        citing(
          evidence,
          'ntlm.restrictReceiving',
          'domain.membership',
          'rdp.nla',
          'listener.userAuthentication',
        ),
        `The machine refuses incoming NTLM from every account: ${describeSetting('RestrictReceivingNTLMTraffic', restriction)}. It is in a workgroup, so NTLM is the only way to check a password, and Network Level Authentication is required: nobody can sign in.`,
      );
    }
    const nla = evidence['rdp.nla'];
    if (nla?.state === 'absent' || seenValue(nla) === 'refused') {
      return ruledOut(
        ['rdp.nla'],
        'The listener does not offer CredSSP, so NTLM is not used before the session.',
      );
    }
    if (seenValue(evidence['ntlm.challenge']) !== undefined) {
      return cannotTell(
        evidence,
        'whether a policy blocks NTLM, because it can still refuse the sign-in after the challenge that the server sent',
        ['nla.logon'],
        ['--user', '--disk'],
      );
    }
    if (refusal !== undefined) {
      return cannotTell(
        evidence,
        `whether NTLM is blocked, because the server stopped with ${
          refusal.status === undefined ? '' : `${statusCode(refusal.status)} `
        }(${refusal.name}), which says something else`,
        ['nla.logon'],
        ['--disk', '--user'],
      );
    }
    return cannotTell(
      evidence,
      'whether the server accepts NTLM',
      isSeen(evidence['ntlm.challenge']) && isSeen(evidence['ntlm.refusal'])
        ? ['nla.logon']
        : ['ntlm.challenge', 'ntlm.refusal', 'nla.logon'],
      ['HOST', '--user', '--disk'],
    );
  },
});

/** No status: SPNEGO rejected NTLM. */
function meansNoNtlm(status: number | undefined): boolean {
  return status === undefined || status === UNSUPPORTED_FUNCTION || status === PACKAGE_NOT_FOUND;
}
