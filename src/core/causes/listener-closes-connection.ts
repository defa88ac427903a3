import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence, NegotiationRow } from '../model/facts.ts';
import { citing, confirmed, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, judgeUnanswered, offer } from './_negotiation.ts';
import { list } from './_words.ts';

/** A close by RST comes from a device or a host that wants no connection, one by FIN from a program that gives up. */
const RESET_ADVICE =
  'First try from a second network: a firewall or intrusion prevention system resets connections from sources it distrusts. If it is the same from everywhere, check whether TermService crashes (System log, events 7031 and 7034) and restart it, which disconnects every session, or the machine.';

export const listenerClosesConnection = defineCause({
  id: 'listener-closes-connection',
  title: 'The listener hangs up before it negotiates',
  stage: 'negotiate',
  uses: ['rdp.negotiation', 'tls.direct'],
  prior: 0.03,
  remedies: [],
  advice:
    'Check whether the machine is still starting (boot screenshot) or under attack, and whether a firewall or proxy admits only some sources; then restart TermService, which disconnects every session, or the machine. Use --disk to read its System and RemoteConnectionManager events.',
  ruledOutBy: [['rdp.negotiation']],
  judge: (evidence) =>
    judgeUnanswered(evidence, 'No listener was found, so none closes connections.', (rows) =>
      judgeClosed(evidence, rows),
    ),
});

function judgeClosed(
  evidence: Pick<Evidence, 'rdp.negotiation' | 'tls.direct'>,
  rows: readonly NegotiationRow[],
): Judgement {
  const closed = rows.filter((row) => row.answer === 'closed');
  if (closed.length === 0) {
    return ruledOut(
      ['rdp.negotiation'],
      `No connection was closed; they stayed open without an answer: ${list(rows.map(describeRow))}.`,
    );
  }
  const direct = seenValue(evidence['tls.direct']);
  if (direct?.answer === 'secured' || direct?.answer === 'alert') {
    return ruledOut(
      citing(evidence, 'rdp.negotiation', 'tls.direct'),
      'The port speaks TLS from the first byte, so it closes whatever does not start with TLS.',
    );
  }
  if (closed.length < rows.length) {
    return likely(
      ['rdp.negotiation'],
      `The port accepts connections, but no request got an answer: ${list(rows.map(describeRow))}. The service hangs or is overloaded, or something in front of it swallows the requests.`,
    );
  }
  const asked = list(rows.map((row) => offer(row.requested)));
  // One offer alone may be what the server dislikes; two different ones and a repetition may not.
  const verdict = rows.length > 1 ? confirmed : likely;
  if (closed.every((row) => row.how === 'reset')) {
    return {
      ...verdict(
        ['rdp.negotiation'],
        `The port accepts connections and resets every one (TCP RST) without an answer, even when each is retried on its own (tried: ${asked}). A firewall or intrusion prevention system that rejects this machine does that, and so does a service that crashes on each request.`,
      ),
      advice: RESET_ADVICE,
    };
  }
  return verdict(
    ['rdp.negotiation'],
    `The port accepts connections and closes every one without an answer, even when each is retried on its own (tried: ${asked}). The service cannot set up its security or is overloaded, or something in front of it rejects this machine.`,
  );
}
