import { tryDecode } from '../../bytes/decode-error.ts';
import type { Dialog } from '../dialog.ts';
import { RpcAssociation } from './association.ts';
import type { RpcInterface } from './operation.ts';
import {
  authenticateVerifier,
  negotiateVerifier,
  type PacketProtection,
  type SecurityOptions,
} from './packet-security.ts';
import { type AuthVerifier, decodePdu, encodePdu, PDU_TYPE, type Pdu, PFC, WHOLE } from './pdu.ts';
import {
  BIND_FEATURE,
  type BindAckBody,
  CONTEXT_RESULT,
  type ContextResult,
  decodeBindAck,
  decodeBindNak,
  encodeBind,
  featureSyntax,
  NDR_SYNTAX,
} from './pdu-bind.ts';
import { decodeFault } from './pdu-call.ts';
import { PduStream } from './pdu-stream.ts';
import type { PduTransport, TransportFailure } from './pdu-transport.ts';

// [C706] 9.5 Protocol Definitions for the connection-oriented client, [MS-RPCE] 3.3.2 Client Details.

/** [C706] 12.6.3.1 MustRecvFragSize: every implementation takes fragments of so many bytes. */
const LEAST_FRAGMENT = 1432;

/** What we can live with: neither of them changes anything for a client that keeps to one security context and abandons nothing. */
const FEATURES = BIND_FEATURE.securityContextMultiplexing | BIND_FEATURE.keepConnectionOnOrphan;

export type BindAnswer =
  | { readonly kind: 'bound'; readonly association: RpcAssociation }
  /** bind_nak; `reason` is one of NAK_REASON. */
  | { readonly kind: 'rejected'; readonly reason: number }
  /** Not one of the interfaces is served here. */
  | { readonly kind: 'no-interface'; readonly results: readonly ContextResult[] }
  /** A fault instead of an answer; `status` as in FAULT_STATUS. */
  | { readonly kind: 'fault'; readonly status: number }
  | TransportFailure
  /** `problem`: lower case, no final stop. */
  | { readonly kind: 'foreign'; readonly problem: string };

/**
 * Binds to one interface or to several of one pipe or port: one round trip, and with `security` one
 * message more that nobody answers. A wrong password shows as a fault of the first call.
 * @param interfaces all in the first bind; which of them are served stands in the association
 */
export function* bind(
  transport: PduTransport,
  interfaces: readonly RpcInterface[],
  security?: SecurityOptions,
): Dialog<BindAnswer> {
  const stream = new PduStream(transport);
  const names = interfaces.map(({ name }) => name).join(', ');
  const ours = transport.maxTransmit;
  const callId = 1;
  const contexts = [
    ...interfaces.map(({ syntax }) => ({ abstractSyntax: syntax, transferSyntax: NDR_SYNTAX })),
  ];
  contexts.push({
    abstractSyntax: contexts[0]?.abstractSyntax ?? NDR_SYNTAX,
    transferSyntax: featureSyntax(FEATURES),
  });
  const flags = WHOLE | PFC.CONC_MPX | (security ? PFC.SUPPORT_HEADER_SIGN : 0);
  const request = encodePdu({
    type: PDU_TYPE.bind,
    flags,
    callId,
    body: encodeBind({
      maxTransmit: ours,
      maxReceive: ours,
      group: 0,
      contexts: contexts.map(({ abstractSyntax, transferSyntax }, id) => ({
        id,
        abstractSyntax,
        transferSyntaxes: [transferSyntax],
      })),
    }),
    ...(security && { auth: negotiateVerifier(security) }),
  });

  const arrival = yield* stream.transact(`bind to ${names}`, request, `bind_ack of ${names}`);
  if (arrival.kind !== 'pdu') return arrival;
  const read = tryDecode(() => readAnswer(arrival.bytes, callId));
  if (!read.ok) return { kind: 'foreign', problem: read.error.message };
  if (read.value.kind !== 'ack') return read.value;
  const { pdu, ack } = read.value;
  const problem = problemOf(ack, interfaces.length, ours);
  if (problem !== undefined) return { kind: 'foreign', problem };
  const served = interfaces.filter((_, index) => ack.results[index]?.result === CONTEXT_RESULT.acceptance);
  if (served.length === 0) return { kind: 'no-interface', results: ack.results };

  let protection: PacketProtection | undefined;
  if (security) {
    const leg = tryDecode(() => lastLeg(security, pdu.auth));
    if (!leg.ok) return { kind: 'foreign', problem: leg.error.message };
    if (!leg.value.ok) return { kind: 'foreign', problem: leg.value.problem };
    const last = encodePdu({
      type: PDU_TYPE.rpc_auth_3,
      flags: WHOLE,
      callId,
      body: new Uint8Array(4 /* pad, without meaning */),
      auth: leg.value.message,
    });
    const done = yield* stream.write('rpc_auth_3 with NTLM AUTHENTICATE', last, true);
    if (done.kind === 'failed') return done;
    protection = leg.value.protection;
  }
  const feature = ack.results[interfaces.length];
  return {
    kind: 'bound',
    association: new RpcAssociation(stream, {
      contexts: new Map(
        interfaces.flatMap((served, id) =>
          ack.results[id]?.result === CONTEXT_RESULT.acceptance ? [[served.syntax.uuid, id] as const] : [],
        ),
      ),
      maxTransmit: Math.min(ours, ack.maxReceive),
      lastCallId: callId,
      concurrent: (pdu.flags & PFC.CONC_MPX) !== 0,
      features: feature?.result === CONTEXT_RESULT.negotiate_ack ? feature.reason & FEATURES : 0,
      address: ack.address,
      ...(protection && { protection }),
    }),
  };
}

type ReadAnswer =
  | { readonly kind: 'ack'; readonly pdu: Pdu; readonly ack: BindAckBody }
  | Extract<BindAnswer, { kind: 'rejected' | 'fault' | 'foreign' }>;

function readAnswer(bytes: Uint8Array, callId: number): ReadAnswer {
  const pdu = decodePdu(bytes);
  if (pdu.callId !== callId)
    return { kind: 'foreign', problem: `an answer to call ${pdu.callId}, not to our bind` };
  switch (pdu.type) {
    case PDU_TYPE.bind_ack:
      return { kind: 'ack', pdu, ack: decodeBindAck(pdu.body) };
    case PDU_TYPE.bind_nak:
      return { kind: 'rejected', reason: decodeBindNak(pdu.body).reason };
    case PDU_TYPE.fault:
      return { kind: 'fault', status: decodeFault(pdu.body).status };
    default:
      return { kind: 'foreign', problem: `expected a bind_ack, received a PDU of type ${pdu.type}` };
  }
}

function problemOf(ack: BindAckBody, interfaces: number, ours: number): string | undefined {
  if (!(ack.maxReceive >= Math.min(LEAST_FRAGMENT, ours)))
    return `the server takes fragments of ${ack.maxReceive} bytes at the most`;
  // Bind time feature negotiation may be left unanswered; an interface may not.
  if (!(ack.results.length >= interfaces))
    return `${ack.results.length} results for ${interfaces} interfaces`;
  const other = ack.results
    .slice(0, interfaces)
    .find(
      ({ result, transferSyntax }) =>
        result === CONTEXT_RESULT.acceptance && transferSyntax.uuid !== NDR_SYNTAX.uuid,
    );
  return other && `the server chose the transfer syntax ${other.transferSyntax.uuid}, which was not offered`;
}

function lastLeg(
  security: SecurityOptions,
  auth: AuthVerifier | undefined,
): ReturnType<typeof authenticateVerifier> {
  return auth === undefined || auth.value.length === 0
    ? { ok: false, problem: 'the server answers the bind without an NTLM challenge' }
    : authenticateVerifier(security, auth.value);
}
