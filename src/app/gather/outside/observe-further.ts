import { tryDecode } from '../../../core/bytes/decode-error.ts';
import { unreachable } from '../../../core/bytes/unreachable.ts';
import { decodeCertificate } from '../../../core/crypto/certificate.ts';
import { suitesFor } from '../../../core/knowledge/tls-suites.ts';
import type { DirectTls, TlsServerName, TlsVersions } from '../../../core/model/facts.ts';
import { TLS_VERSIONS } from '../../../core/model/facts.ts';
import { absent, type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { Secured } from '../../../core/protocol/dialog.ts';
import type { NegotiationAnswer } from '../../../core/protocol/negotiate.ts';
import { nameService } from './foreign-service.ts';
import type { Further } from './further.ts';
import { type Outside, provenance } from './outside.ts';
import { answerOf, WIRE_VERSION } from './tls.ts';
import { NO_CONNECTION, shorten } from './words.ts';

/** OpenSSL's own words for an answer that is no TLS record. */
const NO_RECORD: ReadonlySet<string> = new Set(['wrong version number', 'packet length too long']);

/** `tls.direct`: TLS from the first byte, which is tried only where no connection request was answered. */
export function observeDirectTls(
  outside: Outside,
  { direct }: Further,
  connected: boolean,
): Observation<DirectTls> {
  if (!connected) return unknown('no-channel', NO_CONNECTION);
  if (direct === undefined) {
    return unknown('not-gathered', 'tried only where no connection request is answered');
  }
  const { secured, inside } = direct;
  const from = provenance(outside, 'observe-further');
  if (secured.kind !== 'secured') return present(describeFailure(secured), from);
  const [leaf] = secured.certificates;
  const decoded = leaf === undefined ? undefined : tryDecode(() => decodeCertificate(leaf));
  return present(
    {
      answer: 'secured',
      version: secured.version,
      ...(decoded?.ok === true ? { subject: shorten(decoded.value.subject) } : {}),
      ...(inside === undefined ? {} : { inside: insideOf(inside) }),
    },
    from,
  );
}

function describeFailure(secured: Exclude<Secured, { readonly kind: 'secured' }>): DirectTls {
  switch (secured.kind) {
    case 'tls-failed':
      if (secured.alert !== undefined) return { answer: 'alert', alert: secured.alert };
      return { answer: NO_RECORD.has(secured.reason) ? 'foreign' : 'closed' };
    case 'timeout':
      return { answer: 'silent' };
    case 'closed':
      return { answer: 'closed' };
    case 'foreign':
    case 'too-long':
      return { answer: 'foreign' };
    default:
      return unreachable(secured);
  }
}

function insideOf(answer: NegotiationAnswer): NonNullable<DirectTls['inside']> {
  switch (answer.kind) {
    case 'selected':
    case 'failure':
    case 'no-negotiation':
    case 'disconnected':
      return 'rdp';
    case 'foreign':
      return { foreign: nameService(answer.head, answer.problem) };
    case 'interrupted':
      return 'nothing';
    default:
      return unreachable(answer);
  }
}

/** `tls.serverName`: whether the name is what a listener that accepts no hello objects to. */
export function observeServerName(
  outside: Outside,
  versions: Observation<TlsVersions>,
  { withoutName }: Further,
): Observation<TlsServerName> {
  const { serverName } = outside.endpoint;
  const from = provenance(outside, 'observe-further');
  if (versions.state !== 'present') return versions.state === 'absent' ? absent(from) : versions;
  if (TLS_VERSIONS.some((version) => versions.value[version] === 'accepted')) {
    return unknown('not-gathered', 'tried only where no hello is accepted');
  }
  if (serverName === undefined) {
    return unknown('no-channel', 'HOST is an address, for which a client sends no name');
  }
  if (withoutName === undefined)
    return unknown('not-gathered', 'not tried, because the server name cannot explain this refusal');
  const { version, probe } = withoutName;
  const wire = WIRE_VERSION[version];
  const alert = probe.tls?.kind === 'alert' ? { alert: probe.tls.description } : {};
  return present({ name: serverName, withoutName: answerOf(probe, [wire], suitesFor(wire)), ...alert }, from);
}
