// [MS-RDPBCGR] 3.3.5.3.1 Processing X.224 Connection Request PDU, 3.3.5.3.2 Sending X.224 Connection Confirm PDU
import {
  type ConnectionConfirm,
  type ConnectionRequest,
  NEGOTIATION_FAILURE,
  PROTOCOL,
} from '../core/protocol/x224.ts';
import type { LabConfig } from './config.ts';

const NEEDS_TLS = PROTOCOL.ssl | PROTOCOL.hybrid | PROTOCOL.hybridEx;

/** What a Windows listener with these settings confirms, and so the protocol that follows; `undefined`: none, it ends the connection. */
export function confirmOf(
  config: LabConfig,
  request: ConnectionRequest,
): { readonly confirm: ConnectionConfirm; readonly selected: number | undefined } {
  const references = { destinationReference: request.sourceReference, sourceReference: 0x1234 };
  const requested = request.negotiation?.requestedProtocols ?? PROTOCOL.rdp;
  if (config.plainConfirm) return { confirm: references, selected: PROTOCOL.rdp };
  const choice = choose(config, requested);
  if ('failure' in choice) {
    const negotiation = { kind: 'failure', flags: 0, failureCode: choice.failure } as const;
    return { confirm: { ...references, negotiation }, selected: undefined };
  }
  // A client that knows no negotiation would not understand the answer to one.
  if (request.negotiation === undefined) return { confirm: references, selected: choice.selected };
  const negotiation = {
    kind: 'response',
    flags: config.negotiationFlags,
    selectedProtocol: choice.selected,
  } as const;
  return { confirm: { ...references, negotiation }, selected: choice.selected };
}

type Choice = { readonly selected: number } | { readonly failure: number };

function choose(config: LabConfig, requested: number): Choice {
  const { securityLayer, nla } = config;
  if (config.negotiationFailure !== undefined) return { failure: config.negotiationFailure };
  if (config.only !== undefined) {
    return requested === PROTOCOL[config.only]
      ? { selected: PROTOCOL[config.only] }
      : { failure: NEGOTIATION_FAILURE.SSL_REQUIRED_BY_SERVER };
  }
  if (securityLayer === 'rdp') {
    return (requested & NEEDS_TLS) === 0
      ? { selected: PROTOCOL.rdp }
      : { failure: NEGOTIATION_FAILURE.SSL_NOT_ALLOWED_BY_SERVER };
  }
  const mayStayPlain = securityLayer === 'negotiate' && !nla && (requested & NEEDS_TLS) === 0;
  if (mayStayPlain) return { selected: PROTOCOL.rdp };
  if (config.certificate === 'missing') return { failure: NEGOTIATION_FAILURE.SSL_CERT_NOT_ON_SERVER };
  if (config.earlyUserAuth && (requested & PROTOCOL.hybridEx) !== 0) return { selected: PROTOCOL.hybridEx };
  if ((requested & PROTOCOL.hybrid) !== 0) return { selected: PROTOCOL.hybrid };
  if (nla) return { failure: NEGOTIATION_FAILURE.HYBRID_REQUIRED_BY_SERVER };
  return (requested & PROTOCOL.ssl) !== 0
    ? { selected: PROTOCOL.ssl }
    : { failure: NEGOTIATION_FAILURE.SSL_REQUIRED_BY_SERVER };
}
