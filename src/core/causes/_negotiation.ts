import { findNegotiationFailure } from '../knowledge/negotiation-failures.ts';
import type { Judgement } from '../model/cause.ts';
import type { Evidence, NegotiationRow } from '../model/facts.ts';
import { cannotTell, isSeen, ruledOut, seenValue } from './_judge.ts';
import { list } from './_words.ts';

/** Bits of requestedProtocols: [MS-RDPBCGR] 2.2.1.1.1. */
export const SSL = 0x1;
export const HYBRID = 0x2;
export const RDSTLS = 0x4;
const HYBRID_EX = 0x8;
export const RDSAAD = 0x10;

/** failureCode of RDP_NEG_FAILURE: [MS-RDPBCGR] 2.2.1.2.2. */
export const SSL_REQUIRED = 1;
export const SSL_NOT_ALLOWED = 2;
export const SSL_CERT_NOT_ON_SERVER = 3;
export const INCONSISTENT_FLAGS = 4;
export const HYBRID_REQUIRED = 5;
export const USER_AUTH_REQUIRED = 6;

/** Whether the offer names a protocol that runs over TLS: every one but standard RDP security does. */
export function asksForTls(row: NegotiationRow): boolean {
  return row.requested !== 0;
}

/** Whether the server chose a protocol that runs over TLS. */
export function choseTls(row: NegotiationRow): boolean {
  return row.answer === 'selected' && row.selected !== undefined && row.selected !== 0;
}

/** Whether the server let standard RDP security through (an old confirm without negotiation means it too). */
export function choseStandard(row: NegotiationRow): boolean {
  return row.answer === 'no-negotiation' || (row.answer === 'selected' && row.selected === 0);
}

export function failedWith(row: NegotiationRow, code: number): boolean {
  return row.answer === 'failure' && row.failureCode === code;
}

/** Whether it is an answer in this protocol: closed, silent and foreign are none. */
export function isRdpAnswer(row: NegotiationRow): boolean {
  return row.answer === 'selected' || row.answer === 'failure' || row.answer === 'no-negotiation';
}

/** An answer in this protocol, if there was one: then Remote Desktop is on, and listens here. */
export function findRdpAnswer(evidence: Pick<Evidence, 'rdp.negotiation'>): NegotiationRow | undefined {
  return seenValue(evidence['rdp.negotiation'])?.find(isRdpAnswer);
}

/**
 * Judges a listener that answered no connection request: by the rows, where each was closed or met by silence.
 * @param noListener why nothing of the kind can be, where no listener was found: a sentence
 */
export function judgeUnanswered(
  evidence: Pick<Evidence, 'rdp.negotiation'>,
  noListener: string,
  judge: (rows: readonly NegotiationRow[]) => Judgement,
): Judgement {
  const negotiation = evidence['rdp.negotiation'];
  const rows = seenValue(negotiation) ?? [];
  const answered = rows.find((row) => row.answer !== 'closed' && row.answer !== 'silent');
  if (answered !== undefined) {
    return ruledOut(['rdp.negotiation'], `A connection request is answered: ${describeRow(answered)}.`);
  }
  if (negotiation?.state === 'absent') return ruledOut(['rdp.negotiation'], noListener);
  if (!isSeen(negotiation) || rows.length === 0) {
    return cannotTell(
      evidence,
      'whether the listener answers a connection request',
      ['rdp.negotiation'],
      ['HOST', '--disk'],
    );
  }
  return judge(rows);
}

/** `TLS and CredSSP (0xB)`. */
export function offer(requested: number): string {
  const names = [
    ...((requested & SSL) !== 0 ? ['TLS'] : []),
    ...((requested & (HYBRID | HYBRID_EX)) !== 0 ? ['CredSSP'] : []),
    ...((requested & RDSTLS) !== 0 ? ['RDSTLS'] : []),
    ...((requested & RDSAAD) !== 0 ? ['Entra sign-in'] : []),
  ];
  const words = requested === 0 ? 'standard RDP security' : names.length > 0 ? list(names) : 'a protocol';
  return `${words} (0x${requested.toString(16).toUpperCase()})`;
}

/** `TLS (0x1) got failure 3 (SSL_CERT_NOT_ON_SERVER)`. */
export function describeRow(row: NegotiationRow): string {
  return `${offer(row.requested)} ${describeAnswer(row)}`;
}

function describeAnswer(row: NegotiationRow): string {
  switch (row.answer) {
    case 'selected':
      return row.selected === undefined ? 'was accepted' : `got ${offer(row.selected)}`;
    case 'failure': {
      if (row.failureCode === undefined) return 'was refused';
      const name = findNegotiationFailure(row.failureCode)?.name;
      return `got failure ${row.failureCode}${name === undefined ? '' : ` (${name})`}`;
    }
    case 'no-negotiation':
      return 'was confirmed without negotiation';
    case 'closed':
      return row.how === 'reset' ? 'was cut off without an answer' : 'was closed without an answer';
    case 'silent':
      return 'got no answer in time';
    case 'foreign':
      return `was answered in another protocol${row.detail === undefined ? '' : ` (${row.detail})`}`;
  }
}
