import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence, NegotiationRow } from '../model/facts.ts';
import { likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, judgeUnanswered, offer } from './_negotiation.ts';
import { list } from './_words.ts';

export const listenerSilent = defineCause({
  id: 'listener-silent',
  title: 'The port accepts the connection and says nothing',
  stage: 'negotiate',
  uses: ['rdp.negotiation', 'tls.direct'],
  prior: 0.01,
  remedies: [],
  advice:
    'Check whether the machine hangs or is short of memory (boot screenshot, performance counters), then restart it, or only TermService, which disconnects every session. If the machine is fine, look at what answers TCP in front of it: a load balancer or firewall may complete the connection itself with no working machine behind it.',
  ruledOutBy: [['rdp.negotiation']],
  judge: (evidence) =>
    judgeUnanswered(evidence, 'No listener was found, so none can be silent.', (rows) =>
      judgeSilent(evidence, rows),
    ),
});

function judgeSilent(evidence: Pick<Evidence, 'tls.direct'>, rows: readonly NegotiationRow[]): Judgement {
  const silent = rows.filter((row) => row.answer === 'silent');
  if (silent.length < rows.length) {
    return ruledOut(
      ['rdp.negotiation'],
      `The connection is closed rather than left open: ${list(rows.map(describeRow))}.`,
    );
  }
  const direct = seenValue(evidence['tls.direct']);
  if (direct?.answer === 'secured' || direct?.answer === 'alert') {
    return ruledOut(
      ['tls.direct'],
      'The port speaks TLS from the first byte, so it is only waiting for TLS.',
    );
  }
  return likely(
    ['rdp.negotiation'],
    `The port accepts connections and answers no request before the time limit, even when each is retried on its own (tried: ${list(
      rows.map((row) => offer(row.requested)),
    )}). The service hangs or is short of resources, or something in front of it accepts the connection and passes nothing on.`,
  );
}
