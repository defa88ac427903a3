import { type Dialog, type Interruption, receive, send } from '../dialog.ts';
import { pduLength } from './pdu.ts';
import type { PduTransport, TransportAnswer, TransportDone } from './pdu-transport.ts';

// [C706] chapter 12, [MS-RPCE] 2.1.1.1 TCP (NCACN_IP_TCP): PDUs follow each other on the connection,
// framed by their own frag_length.

/** frag_length has two bytes. */
const PDU_LIMIT = 0xffff;

/** PDUs over the TCP connection that the dialog runs on. */
export const tcpTransport: PduTransport = {
  maxTransmit: PDU_LIMIT,
  *transact(what, pdu, secret = false): Dialog<TransportAnswer> {
    yield* send(what, pdu, secret);
    return yield* readPdu(`answer to ${what}`);
  },
  *write(what, pdu, secret = false): Dialog<TransportDone> {
    yield* send(what, pdu, secret);
    return { kind: 'done' };
  },
  read: (what) => readPdu(what),
};

function* readPdu(what: string): Dialog<TransportAnswer> {
  const answer = yield* receive(what, pduLength, PDU_LIMIT);
  if (answer.kind === 'received') return { kind: 'bytes', bytes: answer.bytes };
  return { kind: 'failed', problem: problemOf(answer) };
}

function problemOf(by: Interruption): string {
  switch (by.kind) {
    case 'closed':
      return by.how === 'reset' ? 'the connection was reset' : 'the server closed the connection';
    case 'timeout':
      return 'no answer in time';
    case 'foreign':
      return by.problem;
    case 'too-long':
      return `a PDU of ${by.announced} bytes, more than ${by.limit}`;
  }
}
