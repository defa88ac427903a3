import { defineCause } from '../model/cause.ts';
import { describeEvent, mentions, weighEvents } from './_events.ts';
import { describeSetting, INSIDE } from './_inside.ts';
import { cannotTell, likely, ruledOut, seenValue } from './_judge.ts';

/**
 * ERROR_NO_SUCH_LOGON_SESSION as HRESULT and as NTSTATUS: what a program gets that wants to store or
 * use a credential while this is on.
 */
const NO_SUCH_LOGON_SESSION = ['80070520', 'c000005f'];

export const domainCredentialsDisabled = defineCause({
  id: 'domain-credentials-disabled',
  title: 'Windows is not allowed to store credentials',
  stage: 'logon',
  uses: ['lsa.disableDomainCreds', 'events.relevant'],
  ruledOutBy: [['lsa.disableDomainCreds']],
  prior: 0.002,
  remedies: [],
  advice:
    'Leave it as it is and look elsewhere: the setting is normal hardening. Change the policy and restart the machine only if something depends on stored credentials, such as a scheduled task with a saved password, and whoever owns the policy agrees.',
  judge(evidence) {
    const setting = seenValue(evidence['lsa.disableDomainCreds']);
    if (setting === undefined) {
      return cannotTell(
        evidence,
        'whether Windows may store credentials',
        ['lsa.disableDomainCreds'],
        INSIDE,
      );
    }
    if (setting.effective === 0) {
      return ruledOut(
        ['lsa.disableDomainCreds'],
        `Credentials may be stored: ${describeSetting('DisableDomainCreds', setting)}.`,
      );
    }
    const word = describeSetting('DisableDomainCreds', setting);
    const timeline = seenValue(evidence['events.relevant']);
    const failure =
      timeline === undefined
        ? undefined
        : weighEvents(timeline, 'domain-credentials-disabled', {
            proves: (event) => NO_SUCH_LOGON_SESSION.some((code) => mentions(event, code)),
            refutes: () => false,
          }).proving;
    if (failure !== undefined) {
      return likely(
        ['lsa.disableDomainCreds', 'events.relevant'],
        `Credentials may not be stored: ${word}. ${describeEvent(failure)} reports a logon session that does not exist (0x80070520), which is how a program that needs a stored credential fails.`,
      );
    }
    return ruledOut(
      ['lsa.disableDomainCreds'],
      `Credentials may not be stored for network authentication: ${word}. That stops Credential Manager and scheduled tasks with a saved password, but not a user who types a password, so it does not stop a sign-in.`,
    );
  },
});
