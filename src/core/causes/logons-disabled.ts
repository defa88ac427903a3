import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { Setting } from '../model/windows-facts.ts';
import { cannotTellFrom, describeSetting } from './_inside.ts';
import { citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';

const SETTINGS = [
  'listener.fLogonDisabled',
  'winlogon.WinStationsDisabled',
  'listener.TSUserEnabled',
  'listener.TSServerDrainMode',
] as const;

type Used = (typeof SETTINGS)[number] | 'listener.TSAppCompat' | 'os.version';

export const logonsDisabled = defineCause({
  id: 'logons-disabled',
  title: 'Remote sign-ins are switched off or being drained',
  stage: 'session',
  uses: [...SETTINGS, 'listener.TSAppCompat', 'os.version'],
  ruledOutBy: [SETTINGS],
  prior: 0.005,
  remedies: [],
  advice:
    'Allow new sign-ins again: run "change logon /enable" on the machine (an administrator can reach a drained session host with mstsc /admin), and set the listener\'s fLogonDisabled back to 0.',
  judge(evidence) {
    const stopped = judgeSwitches(evidence) ?? judgeDrain(evidence);
    if (stopped !== undefined) return stopped;
    if (!SETTINGS.every((name) => evidence[name]?.state === 'present')) {
      return cannotTellFrom(evidence, 'whether the machine accepts new sign-ins', SETTINGS);
    }
    return ruledOut(
      SETTINGS,
      'The machine accepts new sign-ins: fLogonDisabled, WinStationsDisabled, TSUserEnabled and TSServerDrainMode are 0.',
    );
  },
});

/** What keeps every new session out. An answering port shows nothing of it: it acts after the sign-in. */
function judgeSwitches(evidence: Pick<Evidence, Used>): Judgement | undefined {
  const rows = [
    ['listener.fLogonDisabled', 'fLogonDisabled', 'The listener refuses sign-ins'],
    [
      'winlogon.WinStationsDisabled',
      'WinStationsDisabled',
      'Remote sign-ins are switched off (change logon)',
    ],
    ['listener.TSUserEnabled', 'TSUserEnabled', 'Users are not allowed to connect'],
  ] as const;
  for (const [fact, name, words] of rows) {
    const setting: Setting<number> | undefined = seenValue(evidence[fact]);
    // TSUserEnabled: only the 1 is described anywhere.
    const isOff =
      fact === 'listener.TSUserEnabled' ? setting?.effective === 1 : (setting?.effective ?? 0) !== 0;
    if (setting !== undefined && isOff) {
      // Of the first alone Microsoft's page says in so many words that nobody can connect.
      return (fact === 'listener.fLogonDisabled' ? confirmed : likely)(
        [fact],
        `${words}: ${describeSetting(name, setting)}. The port still answers, but the session ends after the sign-in.`,
      );
    }
  }
  return undefined;
}

const APPLICATION_MODE = 1;
const UNTIL_RESTART = 1;

/** Draining is for session hosts: elsewhere the value has nothing to act on. */
function judgeDrain(evidence: Pick<Evidence, Used>): Judgement | undefined {
  const drain = seenValue(evidence['listener.TSServerDrainMode']);
  if (drain === undefined || drain.effective === 0) return undefined;
  const word = describeSetting('TSServerDrainMode', drain);
  const role = seenValue(evidence['listener.TSAppCompat']);
  const os = seenValue(evidence['os.version']);
  const isElsewhere =
    role !== undefined &&
    role.effective !== APPLICATION_MODE &&
    (role.setBy !== 'default' || os?.installationType === 'Client');
  if (isElsewhere) {
    const others = SETTINGS.filter((name) => name !== 'listener.TSServerDrainMode');
    if (!others.every((name) => isSeen(evidence[name]))) return undefined;
    return {
      ...ruledOut(
        citing(evidence, ...SETTINGS, 'listener.TSAppCompat', 'os.version'),
        `The machine is not a session host, so the drain mode that is set (${word}) has no effect.`,
      ),
      remark: `${word}, although this machine is not a session host. It has no effect now, but will drain the machine if that role is installed.`,
    };
  }
  return likely(
    citing(evidence, 'listener.TSServerDrainMode', 'listener.TSAppCompat'),
    `The session host is being drained${
      drain.effective === UNTIL_RESTART ? ' until its next restart' : ''
    } and accepts no new sessions: ${word}. Users can reconnect to existing sessions, and an administrator gets in with mstsc /admin.`,
  );
}
