import { locate, type Outside } from '../../../../src/app/gather/outside/outside.ts';
import type { CredsspProbe, HelloProbe } from '../../../../src/app/gather/outside/probes.ts';
import type { Provenance } from '../../../../src/core/model/observation.ts';
import type { Interruption } from '../../../../src/core/protocol/dialog.ts';
import type { NegotiationAnswer } from '../../../../src/core/protocol/negotiate.ts';
import type { TlsProbeAnswer } from '../../../../src/core/protocol/tls-probe.ts';
import { FakeClock } from '../../fake-clock.ts';

/** A listener at 192.0.2.4, looked at on 2026-03-01 at noon. */
export const OUTSIDE: Outside = {
  endpoint: { address: '192.0.2.4', port: 3389 },
  clock: new FakeClock(Date.UTC(2026, 2, 1, 12)),
};

export function from(gatherer: string): Provenance {
  const observedAt = '2026-03-01T12:00:00.000Z';
  return { gatherer, channel: 'tcp', locator: locate(OUTSIDE.endpoint), observedAt };
}

const partial = new Uint8Array(0);

export const TIMEOUT = { kind: 'timeout', partial, at: 0 } as const satisfies Interruption;
export const CLOSED = { kind: 'closed', how: 'end', partial, at: 0 } as const satisfies Interruption;
export const TOO_LONG = {
  kind: 'too-long',
  partial,
  announced: 2 ** 31,
  limit: 512,
  at: 0,
} as const satisfies Interruption;

export function selected(protocol: number): NegotiationAnswer {
  return { kind: 'selected', selected: protocol, flags: 0x1f };
}

export function failure(code: number): NegotiationAnswer {
  return { kind: 'failure', code };
}

export const INTERRUPTED = {
  timeout: { kind: 'interrupted', by: TIMEOUT },
  closed: { kind: 'interrupted', by: CLOSED },
} as const satisfies Readonly<Record<string, NegotiationAnswer>>;

/** A hello's probe behind a selected CredSSP; `negotiation` where it did not come that far. */
export function helloProbe(tls: TlsProbeAnswer | undefined, negotiation = selected(2)): HelloProbe {
  return tls === undefined ? { requested: 3, negotiation } : { requested: 3, negotiation, tls };
}

export function credsspProbe(but: Partial<CredsspProbe>): CredsspProbe {
  return { requested: 11, negotiation: selected(8), ...but };
}
