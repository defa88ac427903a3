import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { cannotTellFrom, describeSetting, INSIDE, weigh } from './_inside.ts';
import { confirmed, type FactNames, isSeen, ruledOut, seenValue } from './_judge.ts';
import { describeRow, findRdpAnswer } from './_negotiation.ts';
import { list } from './_words.ts';

const SETTINGS = [
  'listener.fDenyTSConnections',
  'listener.fEnableWinStation',
  'listener.TSEnabled',
  'listener.WinStations',
] as const;

type Used = (typeof SETTINGS)[number];

/** The listener's key, as Windows names it. */
const LISTENER = 'RDP-Tcp';

export const rdpDisabled = defineCause({
  id: 'rdp-disabled',
  title: 'Remote Desktop is switched off',
  stage: 'reach',
  uses: ['rdp.negotiation', ...SETTINGS],
  ruledOutBy: [['rdp.negotiation'], SETTINGS],
  prior: 0.03,
  remedies: [],
  advice:
    'Set fDenyTSConnections to 0, and TSEnabled and fEnableWinStation to 1, then restart TermService, which disconnects every session. If a policy sets one of them, change the policy, because it overrides the machine and comes back.',
  judge(evidence) {
    const answer = findRdpAnswer(evidence);
    const inside = judgeSettings(evidence);
    if (answer === undefined) return inside;
    const outside = ruledOut(['rdp.negotiation'], `The listener answers: ${describeRow(answer)}.`);
    return weigh(evidence, outside, inside);
  },
});

function judgeSettings(evidence: Pick<Evidence, Used>): Judgement {
  const switches = switchedOff(evidence);
  const [first, ...rest] = switches;
  if (first !== undefined) {
    const because: FactNames = [first.fact, ...rest.map(({ fact }) => fact)];
    const deny = seenValue(evidence['listener.fDenyTSConnections']);
    const byPolicy = deny?.setBy === 'policy' && deny.effective !== 0;
    return confirmed(
      because,
      `Remote Desktop is switched off: ${list(switches.map(({ words }) => words))}.${
        byPolicy ? " A policy sets it, so changing the machine's own value does not help." : ''
      }`,
    );
  }
  if (!SETTINGS.every((name) => isSeen(evidence[name]) && evidence[name]?.state === 'present')) {
    return cannotTellFrom(evidence, 'whether Remote Desktop is switched on', SETTINGS, ['HOST', ...INSIDE]);
  }
  return ruledOut(
    SETTINGS,
    'Remote Desktop is switched on: fDenyTSConnections is 0, TSEnabled and fEnableWinStation are 1, and the registry has the listener RDP-Tcp.',
  );
}

/** Each of these alone keeps everybody out. */
function switchedOff(
  evidence: Pick<Evidence, Used>,
): readonly { readonly fact: Used; readonly words: string }[] {
  const deny = seenValue(evidence['listener.fDenyTSConnections']);
  const station = seenValue(evidence['listener.fEnableWinStation']);
  const services = seenValue(evidence['listener.TSEnabled']);
  const stations = evidence['listener.WinStations'];
  const names = stations?.state === 'absent' ? [] : seenValue(stations);
  return [
    ...(deny !== undefined && deny.effective !== 0
      ? [
          {
            fact: 'listener.fDenyTSConnections' as const,
            words: describeSetting('fDenyTSConnections', deny),
          },
        ]
      : []),
    ...(station?.effective === 0
      ? [
          {
            fact: 'listener.fEnableWinStation' as const,
            words: describeSetting('fEnableWinStation', station),
          },
        ]
      : []),
    ...(services?.effective === 0
      ? [{ fact: 'listener.TSEnabled' as const, words: describeSetting('TSEnabled', services) }]
      : []),
    ...(names !== undefined && !names.some((name) => name.toLowerCase() === LISTENER.toLowerCase())
      ? [
          {
            fact: 'listener.WinStations' as const,
            words: `the registry has no listener ${LISTENER} (WinStations holds ${names.length === 0 ? 'nothing' : list(names)})`,
          },
        ]
      : []),
  ];
}
