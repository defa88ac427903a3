import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { describeSource, INSIDE, weigh } from './_inside.ts';
import { cannotTell, isSeen, judgeByClient, ruledOut, seenValue } from './_judge.ts';

export const nlaRequiredByServer = defineCause({
  id: 'nla-required-by-server',
  title: 'The server requires NLA and the client cannot do it',
  stage: 'negotiate',
  uses: ['rdp.nla', 'listener.userAuthentication'],
  ruledOutBy: [['rdp.nla'], ['listener.userAuthentication']],
  prior: 0.02,
  remedies: [],
  advice:
    'Use a client that supports Network Level Authentication. Switching NLA off lets everybody on the network reach the sign-in screen: if you must, restrict the network rules first and switch it back on afterwards.',
  judge(evidence, context) {
    return weigh(evidence, judgeOutside(evidence, context), judgeSetting(evidence, context));
  },
});

type Used = 'rdp.nla' | 'listener.userAuthentication';

function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const nla = evidence['rdp.nla'];
  if (!isSeen(nla)) {
    return cannotTell(evidence, 'whether the server requires NLA', ['rdp.nla'], ['HOST', '--disk']);
  }
  if (nla.state === 'absent' || nla.value !== 'required') {
    return ruledOut(
      ['rdp.nla'],
      `The listener does not require NLA (${nla.state === 'absent' ? 'none' : nla.value}), so clients without it are not turned away.`,
    );
  }
  return judgeByClient<'stopped' | 'passes'>(
    context,
    (client) => (client.nla ? 'passes' : 'stopped'),
    ['rdp.nla'],
    {
      stopped: (names) =>
        `The listener requires NLA (rdp.nla: required). It turns away clients without it: ${names}.`,
      passes: (name) => `The listener requires NLA, which is normal hardening; ${name} supports it.`,
    },
  );
}

function judgeSetting(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const setting = seenValue(evidence['listener.userAuthentication']);
  if (setting === undefined) {
    return cannotTell(evidence, 'whether NLA is required', ['listener.userAuthentication'], INSIDE);
  }
  const source = describeSource(setting);
  if (setting.effective === 0) {
    return ruledOut(
      ['listener.userAuthentication'],
      `The listener is set not to require NLA (UserAuthentication 0, ${source}).`,
    );
  }
  return judgeByClient<'stopped' | 'passes'>(
    context,
    (client) => (client.nla ? 'passes' : 'stopped'),
    ['listener.userAuthentication'],
    {
      stopped: (names) =>
        `The listener is set to require NLA (UserAuthentication ${setting.effective}, ${source}), which turns away clients without it: ${names}.`,
      passes: (name) =>
        `The listener is set to require NLA (UserAuthentication ${setting.effective}, ${source}), which is normal hardening; ${name} supports it.`,
    },
  );
}
