import { unreachable } from '../../../core/bytes/unreachable.ts';
import type { NegotiationRow, Willingness } from '../../../core/model/facts.ts';
import { type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { NegotiationAnswer } from '../../../core/protocol/negotiate.ts';
import { NEGOTIATION_FAILURE, PROTOCOL } from '../../../core/protocol/x224.ts';
import { nameService } from './foreign-service.ts';
import { type Outside, provenance } from './outside.ts';
import type { Probed } from './probes.ts';
import { NO_CONNECTION } from './words.ts';

/** `rdp.negotiation`: one row a requested mask, in ascending order. */
export function observeNegotiation(
  outside: Outside,
  probed: readonly Probed[],
): Observation<readonly NegotiationRow[]> {
  const rows = new Map<number, NegotiationRow>();
  for (const { requested, negotiation } of probed) {
    const row = rowOf(requested, negotiation);
    const known = rows.get(requested);
    // Several connections ask the same mask; an answer counts more than a silence.
    if (known === undefined || isSilence(known)) rows.set(requested, row);
  }
  if (rows.size === 0) return unknown('no-channel', NO_CONNECTION);
  return present(
    [...rows.values()].sort((a, b) => a.requested - b.requested),
    provenance(outside, 'negotiation'),
  );
}

function rowOf(requested: number, answer: NegotiationAnswer): NegotiationRow {
  switch (answer.kind) {
    case 'selected':
      return { requested, answer: 'selected', selected: answer.selected, flags: answer.flags };
    case 'failure':
      return { requested, answer: 'failure', failureCode: answer.code };
    case 'no-negotiation':
      return { requested, answer: 'no-negotiation' };
    case 'disconnected':
      return { requested, answer: 'closed', detail: answer.problem };
    case 'foreign':
      return { requested, answer: 'foreign', detail: nameService(answer.head, answer.problem) };
    case 'interrupted':
      return answer.by.kind === 'closed'
        ? { requested, answer: 'closed', how: answer.by.how }
        : answer.by.kind === 'timeout'
          ? { requested, answer: 'silent' }
          : {
              requested,
              answer: 'foreign',
              detail: nameService(answer.by.partial, describeTooLong(answer.by)),
            };
    default:
      return unreachable(answer);
  }
}

function describeTooLong(by: { readonly kind: 'foreign' | 'too-long' }): string {
  return by.kind === 'too-long'
    ? 'it announced a packet larger than any answer can be'
    : 'not a connection confirm';
}

function isSilence(row: NegotiationRow): boolean {
  return row.answer === 'closed' || row.answer === 'silent';
}

/** `rdp.standard`, `rdp.tls` and `rdp.nla`, each derived from the rows alone. */
export function observeWillingness(
  outside: Outside,
  negotiation: Observation<readonly NegotiationRow[]>,
): {
  readonly standard: Observation<'accepted' | 'refused'>;
  readonly tls: Observation<Willingness>;
  readonly nla: Observation<Willingness>;
} {
  if (negotiation.state !== 'present') {
    const missing = negotiation.state === 'unknown' ? negotiation : unknown<never>('not-gathered');
    return { standard: missing, tls: missing, nla: missing };
  }
  const from = provenance(outside, 'negotiation');
  const rows = negotiation.value;
  const row = (requested: number): NegotiationRow | undefined =>
    rows.find((candidate) => candidate.requested === requested);
  const plain = row(PROTOCOL.rdp);
  const tlsOnly = row(PROTOCOL.ssl);
  const withCredssp = [
    row(PROTOCOL.ssl | PROTOCOL.hybrid),
    row(PROTOCOL.ssl | PROTOCOL.hybrid | PROTOCOL.hybridEx),
  ];

  const standard = ((): Observation<'accepted' | 'refused'> => {
    if (accepts(plain, [PROTOCOL.rdp])) return present('accepted', from);
    return isDefinite(plain) ? present('refused', from) : unseen(plain);
  })();

  const tls = ((): Observation<Willingness> => {
    const demanded = [plain, tlsOnly].some(
      (candidate) =>
        candidate?.failureCode === NEGOTIATION_FAILURE.SSL_REQUIRED_BY_SERVER ||
        candidate?.failureCode === NEGOTIATION_FAILURE.HYBRID_REQUIRED_BY_SERVER ||
        candidate?.failureCode === NEGOTIATION_FAILURE.SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER,
    );
    if (demanded) return present('required', from);
    const asked = [tlsOnly, ...withCredssp];
    if (asked.some((candidate) => accepts(candidate, [PROTOCOL.ssl, PROTOCOL.hybrid, PROTOCOL.hybridEx]))) {
      if (accepts(plain, [PROTOCOL.rdp])) return present('offered', from);
      return isDefinite(plain) ? present('required', from) : unseen(plain);
    }
    return refusedByAll(asked, from);
  })();

  const nla = ((): Observation<Willingness> => {
    const demanded = [plain, tlsOnly].some(
      (candidate) => candidate?.failureCode === NEGOTIATION_FAILURE.HYBRID_REQUIRED_BY_SERVER,
    );
    if (demanded) return present('required', from);
    if (withCredssp.some((candidate) => accepts(candidate, [PROTOCOL.hybrid, PROTOCOL.hybridEx]))) {
      if (accepts(plain, [PROTOCOL.rdp]) || accepts(tlsOnly, [PROTOCOL.ssl])) return present('offered', from);
      return isDefinite(plain) && isDefinite(tlsOnly)
        ? present('required', from)
        : unseen(isDefinite(plain) ? tlsOnly : plain);
    }
    return refusedByAll(withCredssp, from);
  })();

  return { standard, tls, nla };
}

function accepts(row: NegotiationRow | undefined, protocols: readonly number[]): boolean {
  if (row?.answer === 'no-negotiation') return protocols.includes(PROTOCOL.rdp);
  return row?.answer === 'selected' && row.selected !== undefined && protocols.includes(row.selected);
}

/** What a listener may select: one of these, never a mask of several. */
const SELECTABLE: readonly number[] = [
  PROTOCOL.rdp,
  PROTOCOL.ssl,
  PROTOCOL.hybrid,
  PROTOCOL.rdstls,
  PROTOCOL.hybridEx,
  PROTOCOL.rdsaad,
];

/** Whether the row is the listener's word on its settings; a protocol that does not exist is none. */
function isDefinite(row: NegotiationRow | undefined): boolean {
  if (row?.answer === 'selected') return SELECTABLE.includes(row.selected ?? -1);
  return row?.answer === 'failure' || row?.answer === 'no-negotiation';
}

/** Refused, if every row is the server's own definite word; a missing certificate hides what it would do. */
function refusedByAll(
  rows: readonly (NegotiationRow | undefined)[],
  from: ReturnType<typeof provenance>,
): Observation<Willingness> {
  if (rows.some((row) => row?.failureCode === NEGOTIATION_FAILURE.SSL_CERT_NOT_ON_SERVER)) {
    return unknown('corrupt', 'the listener has no usable certificate, so this cannot be seen');
  }
  const open = rows.find((row) => !isDefinite(row));
  return rows.every(isDefinite) ? present('refused', from) : unseen(open);
}

function unseen<T>(row: NegotiationRow | undefined): Observation<T> {
  switch (row?.answer) {
    case undefined:
      return unknown('not-gathered');
    case 'silent':
      return unknown('timeout', 'the listener gave no answer in time');
    case 'foreign':
      return unknown('corrupt', row.detail ?? 'not a Remote Desktop listener');
    case 'selected':
      return unknown('corrupt', `the listener selected ${row.selected}, which is not a known protocol`);
    default:
      return unknown('corrupt', 'the listener closed the connection without an answer');
  }
}
