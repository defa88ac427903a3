import { tryDecode } from '../../bytes/decode-error.ts';
import type { Dialog } from '../dialog.ts';
import { RpcAssociation } from './association.ts';
import { type BindRefusal, readBindAnswer } from './bind-answer.ts';
import type { RpcInterface } from './operation.ts';
import {
  authenticateVerifier,
  negotiateVerifier,
  type PacketProtection,
  type SecurityOptions,
} from './packet-security.ts';
import { type AuthVerifier, encodePdu, PDU_TYPE, PFC, WHOLE } from './pdu.ts';
import {
  BIND_FEATURE,
  CONTEXT_RESULT,
  type ContextResult,
  encodeBind,
  featureSyntax,
  NDR_SYNTAX,
} from './pdu-bind.ts';
import { PduStream } from './pdu-stream.ts';
import type { PduTransport } from './pdu-transport.ts';

// [C706] 9.5 Protocol Definitions for the connection-oriented client, [MS-RPCE] 3.3.2 Client Details.

/** What we can live with: neither of them changes anything for a client that keeps to one security context and abandons nothing. */
const FEATURES = BIND_FEATURE.securityContextMultiplexing | BIND_FEATURE.keepConnectionOnOrphan;

export type BindAnswer =
  | { readonly kind: 'bound'; readonly association: RpcAssociation }
  /** Not one of the interfaces is served here. */
  | { readonly kind: 'no-interface'; readonly results: readonly ContextResult[] }
  | BindRefusal;

export interface BindOptions {
  /** Signs in, and protects everything after the bind. */
  readonly security?: SecurityOptions;
  /** `false`: one call at a time, whatever the server offers. */
  readonly concurrent?: boolean;
}

/**
 * Binds to one interface or to several of one pipe or port: one round trip, and with a sign-in one
 * message more that nobody answers. A wrong password shows as a fault of the first call.
 * @param interfaces at least one; all in the first bind, and which of them are served stands in the association
 */
export function* bind(
  transport: PduTransport,
  interfaces: readonly RpcInterface[],
  options: BindOptions = {},
): Dialog<BindAnswer> {
  const { security, concurrent = true } = options;
  const stream = new PduStream(transport);
  const names = interfaces.map(({ name }) => name).join(', ');
  const ours = stream.maxTransmit;
  const callId = 1;
  const contexts = [
    ...interfaces.map(({ syntax }) => ({ abstractSyntax: syntax, transferSyntax: NDR_SYNTAX })),
    // Any interface does for the features: the first one once more, as Windows and Samba have it.
    ...interfaces.slice(0, 1).map(({ syntax }) => ({
      abstractSyntax: syntax,
      transferSyntax: featureSyntax(FEATURES),
    })),
  ];
  const flags = WHOLE | (concurrent ? PFC.CONC_MPX : 0) | (security ? PFC.SUPPORT_HEADER_SIGN : 0);
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
  const read = readBindAnswer(arrival, {
    type: PDU_TYPE.bind_ack,
    callId,
    interfaces: interfaces.length,
    ours,
  });
  if (read.kind !== 'ack') return read;
  const { pdu, ack } = read;
  const accepted = new Map(
    interfaces.flatMap(({ syntax }, id) =>
      ack.results[id]?.result === CONTEXT_RESULT.acceptance ? [[syntax.uuid, id] as const] : [],
    ),
  );
  if (accepted.size === 0) return { kind: 'no-interface', results: ack.results };

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
      contexts: accepted,
      maxTransmit: Math.min(ours, ack.maxReceive),
      lastCallId: callId,
      concurrent: concurrent && (pdu.flags & PFC.CONC_MPX) !== 0,
      features: feature?.result === CONTEXT_RESULT.negotiate_ack ? feature.reason & FEATURES : 0,
      address: ack.address,
      ...(protection && { protection }),
    }),
  };
}

function lastLeg(
  security: SecurityOptions,
  auth: AuthVerifier | undefined,
): ReturnType<typeof authenticateVerifier> {
  return auth === undefined || auth.value.length === 0
    ? { ok: false, problem: 'the server answers the bind without an NTLM challenge' }
    : authenticateVerifier(security, auth.value);
}
