import type { StandardEncryption } from '../../../core/model/facts.ts';
import { absent, type Observation, present, unknown } from '../../../core/model/observation.ts';
import { type Outside, provenance } from './outside.ts';
import type { StandardProbe } from './probes.ts';
import { describeInterruption, NO_CONNECTION, whyOf } from './words.ts';

/** All of TS_UD_CS_SEC's encryptionMethods: 40-bit, 128-bit, 56-bit, FIPS. */
export const ALL_METHODS = 0x1b;

/** What `--full` offers one by one. */
export const SINGLE_METHODS: readonly number[] = [0x01, 0x08, 0x02, 0x10];

/** `rdp.encryption`: what the server states in its security data. Under TLS it is unobservable. */
export function observeEncryption(
  outside: Outside,
  probe: StandardProbe | undefined,
  perMethod: readonly { readonly offered: number; readonly probe: StandardProbe }[],
): Observation<StandardEncryption> {
  if (probe === undefined) return unknown('no-channel', NO_CONNECTION);
  const { security, negotiation } = probe;
  if (security === undefined) {
    return negotiation.kind === 'failure' || negotiation.kind === 'selected'
      ? absent(
          provenance(outside, 'encryption'),
          'standard RDP security is refused, so its level cannot be observed',
        )
      : unknown('no-channel', 'the negotiation did not get as far as standard RDP security');
  }
  switch (security.kind) {
    case 'security':
      return present(
        {
          level: security.level,
          methods: security.method,
          ...(perMethod.length === 0 ? {} : { perMethod: perMethod.map(rowOf) }),
        },
        provenance(outside, 'encryption'),
      );
    case 'interrupted':
      return unknown(
        whyOf(security.by),
        `the server accepted standard RDP security and then ${describeInterruption(security.by)}`,
      );
    case 'refused':
    case 'foreign':
      return unknown(
        'corrupt',
        `the server accepted standard RDP security and then gave no security data: ${security.problem}`,
      );
  }
}

function rowOf({ offered, probe }: { readonly offered: number; readonly probe: StandardProbe }) {
  const { security } = probe;
  if (security?.kind === 'security') {
    return { offered, answer: 'accepted' as const, method: security.method, level: security.level };
  }
  const silent = security?.kind === 'interrupted' && security.by.kind === 'timeout';
  return { offered, answer: silent ? ('timeout' as const) : ('refused' as const) };
}
