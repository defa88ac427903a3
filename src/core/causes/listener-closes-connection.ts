import { defineCause } from '../model/cause.ts';
import { cannotTell, confirmed, isSeen, likely, ruledOut } from './_judge.ts';
import { describeRow, offer } from './_negotiation.ts';
import { list } from './_words.ts';

export const listenerClosesConnection = defineCause({
  id: 'listener-closes-connection',
  title: 'The listener hangs up before it negotiates',
  stage: 'negotiate',
  uses: ['rdp.negotiation'],
  prior: 0.03,
  remedies: [],
  advice:
    'See whether the machine is still starting (boot screenshot) or under attack, and whether a firewall or proxy admits only some sources; then restart TermService or the machine. Look with --disk for its System and RemoteConnectionManager events.',
  judge(evidence) {
    const negotiation = evidence['rdp.negotiation'];
    if (!isSeen(negotiation)) {
      return cannotTell(
        evidence,
        'whether the listener answers a connection request',
        ['rdp.negotiation'],
        ['HOST', '--disk'],
      );
    }
    const rows = negotiation.state === 'present' ? negotiation.value : [];
    const answered = rows.find((row) => row.answer !== 'closed' && row.answer !== 'silent');
    if (answered !== undefined) {
      return ruledOut(['rdp.negotiation'], `A connection request is answered: ${describeRow(answered)}.`);
    }
    if (negotiation.state === 'absent') {
      return ruledOut(['rdp.negotiation'], 'No listener that would close connections was found.');
    }
    const asked = list(rows.map((row) => offer(row.requested)));
    const closed = rows.filter((row) => row.answer === 'closed').length;
    if (rows.length === 0) {
      return cannotTell(
        evidence,
        'whether the listener answers a connection request',
        ['rdp.negotiation'],
        ['HOST', '--disk'],
      );
    }
    if (closed < rows.length) {
      return likely(
        ['rdp.negotiation'],
        `The port accepts connections, but no request got an answer: ${list(rows.map(describeRow))}. The service hangs, is overloaded, or something before it swallows the requests.`,
      );
    }
    // One offer alone may be what the server dislikes; two different ones and a repetition may not.
    return (rows.length > 1 ? confirmed : likely)(
      ['rdp.negotiation'],
      `The port accepts connections and closes every one without an answer, also when tried again alone; asked were ${asked}. The service cannot set up its security, is overloaded, or something before it turns this machine away.`,
    );
  },
});
