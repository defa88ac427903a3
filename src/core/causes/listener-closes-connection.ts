import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence, NegotiationRow } from '../model/facts.ts';
import { cannotTell, citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, offer } from './_negotiation.ts';
import { list } from './_words.ts';

/** A close by RST comes from a device or a host that wants no connection, one by FIN from a program that gives up. */
const RESET_ADVICE =
  'Compare from a second network first: a firewall or intrusion prevention system resets connections of sources that it does not like. If it is so from everywhere, see whether TermService crashes (System log, events 7031 and 7034) and restart it or the machine.';

export const listenerClosesConnection = defineCause({
  id: 'listener-closes-connection',
  title: 'The listener hangs up before it negotiates',
  stage: 'negotiate',
  uses: ['rdp.negotiation', 'tls.direct'],
  prior: 0.03,
  remedies: [],
  advice:
    'See whether the machine is still starting (boot screenshot) or under attack, and whether a firewall or proxy admits only some sources; then restart TermService, which disconnects every session, or the machine. Look with --disk for its System and RemoteConnectionManager events.',
  ruledOutBy: [['rdp.negotiation']],
  judge(evidence) {
    const negotiation = evidence['rdp.negotiation'];
    const rows = seenValue(negotiation) ?? [];
    const answered = rows.find((row) => row.answer !== 'closed' && row.answer !== 'silent');
    if (answered !== undefined) {
      return ruledOut(['rdp.negotiation'], `A connection request is answered: ${describeRow(answered)}.`);
    }
    if (negotiation?.state === 'absent') {
      return ruledOut(['rdp.negotiation'], 'No listener that would close connections was found.');
    }
    if (!isSeen(negotiation) || rows.length === 0) {
      return cannotTell(
        evidence,
        'whether the listener answers a connection request',
        ['rdp.negotiation'],
        ['HOST', '--disk'],
      );
    }
    return judgeClosed(evidence, rows);
  },
});

function judgeClosed(
  evidence: Pick<Evidence, 'rdp.negotiation' | 'tls.direct'>,
  rows: readonly NegotiationRow[],
): Judgement {
  const closed = rows.filter((row) => row.answer === 'closed');
  if (closed.length === 0) {
    return ruledOut(
      ['rdp.negotiation'],
      `No connection was ended; they were left open without an answer: ${list(rows.map(describeRow))}.`,
    );
  }
  const direct = seenValue(evidence['tls.direct']);
  if (direct?.answer === 'secured' || direct?.answer === 'alert') {
    return ruledOut(
      citing(evidence, 'rdp.negotiation', 'tls.direct'),
      'The port speaks TLS from the first byte, so it ends what does not begin with TLS.',
    );
  }
  if (closed.length < rows.length) {
    return likely(
      ['rdp.negotiation'],
      `The port accepts connections, but no request got an answer: ${list(rows.map(describeRow))}. The service hangs, is overloaded, or something before it swallows the requests.`,
    );
  }
  const asked = list(rows.map((row) => offer(row.requested)));
  // One offer alone may be what the server dislikes; two different ones and a repetition may not.
  const verdict = rows.length > 1 ? confirmed : likely;
  if (closed.every((row) => row.how === 'reset')) {
    return {
      ...verdict(
        ['rdp.negotiation'],
        `The port accepts connections and resets every one (TCP RST) without an answer, also when tried again alone; asked were ${asked}. A firewall or intrusion prevention system that turns this machine away does that, and so does a service that dies on each request.`,
      ),
      advice: RESET_ADVICE,
    };
  }
  return verdict(
    ['rdp.negotiation'],
    `The port accepts connections and closes every one without an answer, also when tried again alone; asked were ${asked}. The service cannot set up its security, is overloaded, or something before it turns this machine away.`,
  );
}
