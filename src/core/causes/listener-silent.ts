import { defineCause } from '../model/cause.ts';
import { cannotTell, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, offer } from './_negotiation.ts';
import { list } from './_words.ts';

export const listenerSilent = defineCause({
  id: 'listener-silent',
  title: 'The port takes the connection and says nothing',
  stage: 'negotiate',
  uses: ['rdp.negotiation', 'tls.direct'],
  prior: 0.01,
  remedies: [],
  advice:
    'See whether the machine hangs or is short of memory (boot screenshot, performance counters), then restart it or TermService: both disconnect every session. If it is well, look at what answers TCP before it: a load balancer or firewall that completes the connection itself and has no working machine behind it.',
  ruledOutBy: [['rdp.negotiation']],
  judge(evidence) {
    const negotiation = evidence['rdp.negotiation'];
    const rows = seenValue(negotiation) ?? [];
    const spoken = rows.find((row) => row.answer !== 'silent' && row.answer !== 'closed');
    if (spoken !== undefined) {
      return ruledOut(['rdp.negotiation'], `A connection request is answered: ${describeRow(spoken)}.`);
    }
    if (negotiation?.state === 'absent') {
      return ruledOut(['rdp.negotiation'], 'No listener that could be silent was found.');
    }
    if (!isSeen(negotiation) || rows.length === 0) {
      return cannotTell(
        evidence,
        'whether the listener answers a connection request',
        ['rdp.negotiation'],
        ['HOST', '--disk'],
      );
    }
    const silent = rows.filter((row) => row.answer === 'silent');
    if (silent.length < rows.length) {
      return ruledOut(
        ['rdp.negotiation'],
        `The connection is ended rather than left open: ${list(rows.map(describeRow))}.`,
      );
    }
    const direct = seenValue(evidence['tls.direct']);
    if (direct?.answer === 'secured' || direct?.answer === 'alert') {
      return ruledOut(['tls.direct'], 'The port speaks TLS from the first byte, so it only waits for that.');
    }
    return likely(
      ['rdp.negotiation'],
      `The port accepts connections and leaves every request without an answer until the time runs out, also when tried again alone; asked were ${list(
        rows.map((row) => offer(row.requested)),
      )}. The service hangs or is starved, or something before it takes the connection and passes nothing on.`,
    );
  },
});
