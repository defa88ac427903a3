import { defineCause } from '../model/cause.ts';
import { cannotTell, isSeen, judgeByClient, ruledOut } from './_judge.ts';

export const nlaRequiredByServer = defineCause({
  id: 'nla-required-by-server',
  title: 'The server insists on NLA and the client cannot do it',
  stage: 'negotiate',
  uses: ['rdp.nla'],
  prior: 0.02,
  remedies: [],
  advice:
    'Use a client that supports Network Level Authentication. Switching NLA off lets everybody on the network reach the sign-in screen: if it must be, narrow the network rules first and switch it back on after.',
  judge(evidence, context) {
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
  },
});
