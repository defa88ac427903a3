import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { cannotTellFrom, describeSetting, effective, INSIDE, weigh } from './_inside.ts';
import { confirmed, type FactNames, ruledOut, seenValue } from './_judge.ts';
import { describeRow, findRdpAnswer } from './_negotiation.ts';

const SETTINGS = ['listener.fDenyTSConnections', 'listener.fEnableWinStation'] as const;

type Used = (typeof SETTINGS)[number];

export const rdpDisabled = defineCause({
  id: 'rdp-disabled',
  title: 'Remote Desktop is switched off',
  stage: 'reach',
  uses: ['rdp.negotiation', ...SETTINGS],
  prior: 0.03,
  remedies: [],
  advice:
    'Set fDenyTSConnections to 0 and fEnableWinStation to 1 and restart TermService; where a policy sets it, change the policy, since it wins and comes back.',
  judge(evidence) {
    const answer = findRdpAnswer(evidence);
    const inside = judgeSettings(evidence);
    if (answer === undefined) return inside;
    const outside = ruledOut(['rdp.negotiation'], `The listener answers: ${describeRow(answer)}.`);
    return weigh(evidence, outside, inside);
  },
});

function judgeSettings(evidence: Pick<Evidence, Used>): Judgement {
  const deny = seenValue(evidence['listener.fDenyTSConnections']);
  const listener = seenValue(evidence['listener.fEnableWinStation']);
  const switches: readonly { readonly fact: Used; readonly words: string }[] = [
    ...(deny !== undefined && deny.effective !== 0
      ? [
          {
            fact: 'listener.fDenyTSConnections' as const,
            words: `${describeSetting('fDenyTSConnections', deny)}`,
          },
        ]
      : []),
    ...(listener?.effective === 0
      ? [
          {
            fact: 'listener.fEnableWinStation' as const,
            words: `${describeSetting('fEnableWinStation', listener)}`,
          },
        ]
      : []),
  ];
  const [first, ...rest] = switches;
  if (first !== undefined) {
    const because: FactNames = [first.fact, ...rest.map(({ fact }) => fact)];
    const byPolicy = deny?.setBy === 'policy' && deny.effective !== 0;
    return confirmed(
      because,
      `Remote Desktop is switched off: ${switches.map(({ words }) => words).join(' and ')}.${
        byPolicy ? ' The policy wins over what is set at the machine.' : ''
      }`,
    );
  }
  if (effective(evidence['listener.fDenyTSConnections']) === undefined || listener === undefined) {
    return cannotTellFrom(evidence, 'whether Remote Desktop is switched on', SETTINGS, ['HOST', ...INSIDE]);
  }
  return ruledOut(
    SETTINGS,
    'Remote Desktop is switched on: fDenyTSConnections is 0 and fEnableWinStation is 1.',
  );
}
