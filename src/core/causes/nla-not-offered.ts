import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { describeSource, INSIDE, weigh } from './_inside.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';

const ID = 'nla-not-offered';

export const nlaNotOffered = defineCause({
  id: 'nla-not-offered',
  title: 'The client insists on NLA, which the server does not offer',
  stage: 'negotiate',
  uses: ['rdp.nla', 'rdp.negotiation', 'listener.securityLayer'],
  prior: 0.005,
  remedies: [],
  advice:
    "Set the listener's SecurityLayer to 2 so that it offers NLA again, rather than relaxing the client. A client demands NLA when it uses Restricted Admin mode, Remote Credential Guard, or a setting such as /sec:nla.",
  ruledOutBy: [['rdp.nla'], ['listener.securityLayer']],
  judge(evidence, context) {
    return weigh(evidence, judgeOutside(evidence, context), judgeSetting(evidence, context));
  },
});

type Used = 'rdp.nla' | 'rdp.negotiation' | 'listener.securityLayer';

/** What the client demands cannot be seen here; the error that the user sees can tell. */
function isDemanded(context: JudgeContext): boolean {
  return context.suspected?.includes(ID) === true;
}

function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const nla = evidence['rdp.nla'];
  if (!isSeen(nla)) {
    return cannotTell(evidence, 'whether the server offers NLA', ['rdp.nla'], ['HOST', '--disk']);
  }
  if (nla.state === 'absent') {
    return ruledOut(['rdp.nla'], 'No listener answers, so NLA cannot be missing from its offer.');
  }
  if (nla.value !== 'refused') {
    return ruledOut(['rdp.nla'], `The listener offers NLA (rdp.nla: ${nla.value}).`);
  }
  const because = citing(evidence, 'rdp.nla', 'rdp.negotiation');
  // Where nothing is let in at all, it is not NLA that is missing.
  const rows = seenValue(evidence['rdp.negotiation']);
  if (
    rows !== undefined &&
    !rows.some((row) => row.answer === 'selected' || row.answer === 'no-negotiation')
  ) {
    return ruledOut(because, 'The listener accepts no offer at all, so the missing NLA is not the reason.');
  }
  return isDemanded(context)
    ? likely(
        because,
        'The listener does not offer NLA (rdp.nla: refused), and the error given with --error comes from a client that insists on it.',
      )
    : {
        ...ruledOut(
          because,
          'The listener does not offer NLA (rdp.nla: refused). Clients connect without it unless they are set to insist on it.',
        ),
        remark:
          'The listener does not offer NLA: a client that insists on it (Restricted Admin mode, Remote Credential Guard, /sec:nla) cannot connect, and everybody on the network can reach the sign-in screen.',
      };
}

function judgeSetting(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const setting = seenValue(evidence['listener.securityLayer']);
  if (setting === undefined) {
    return cannotTell(evidence, 'whether the listener offers NLA', ['listener.securityLayer'], INSIDE);
  }
  const words = `SecurityLayer ${setting.effective}, ${describeSource(setting)}`;
  if (setting.effective !== 0) {
    return ruledOut(
      ['listener.securityLayer'],
      `The listener is set to allow TLS, and therefore NLA (${words}).`,
    );
  }
  return isDemanded(context)
    ? likely(
        ['listener.securityLayer'],
        `The listener is set to standard RDP security (${words}), which has no NLA, and the error given with --error comes from a client that insists on it.`,
      )
    : ruledOut(
        ['listener.securityLayer'],
        `The listener is set to standard RDP security (${words}), which has no NLA. Clients connect without it unless they are set to insist on it.`,
      );
}
