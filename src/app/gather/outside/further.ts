import { suitesFor } from '../../../core/knowledge/tls-suites.ts';
import type { TlsVersion } from '../../../core/model/facts.ts';
import { TLS_VERSIONS } from '../../../core/model/facts.ts';
import { NEGOTIATION_FAILURE, PROTOCOL } from '../../../core/protocol/x224.ts';
import { ALL_MASK, type Conversations, type Speaker } from './conversations.ts';
import { looksLikeTls } from './foreign-service.ts';
import {
  type DirectProbe,
  type HelloProbe,
  type Probed,
  probeDirectTls,
  probeHello,
  probeNegotiation,
} from './probes.ts';
import { answerOf, helloFor, PROTOCOL_VERSION, WIRE_VERSION } from './tls.ts';

/** What was asked last, and only where the usual questions all came to nothing. */
export interface Further {
  /** Rows of the protocols that are asked for alone, last: RDSTLS and RDSAAD. */
  readonly negotiated: readonly Probed[];
  /** TLS from the first byte. */
  readonly direct: DirectProbe | undefined;
  /** A hello without a server name. */
  readonly withoutName: { readonly version: TlsVersion; readonly probe: HelloProbe } | undefined;
}

const NOTHING_FURTHER: Further = { negotiated: [], direct: undefined, withoutName: undefined };

/** One question after the other, each on a connection of its own while no other is open. */
export async function askFurther(speaker: Speaker, talked: Conversations): Promise<Further> {
  const { asker } = speaker;
  if (isRefusedThroughout(talked)) {
    const negotiated: Probed[] = [];
    // xrdp answers a mask above 0xB with a disconnect instead of a confirm: RDSAAD is never mixed with others.
    for (const mask of [PROTOCOL.rdstls, PROTOCOL.rdsaad]) {
      const probe = await asker.ask(`0x${mask.toString(16)} alone`, () => probeNegotiation(mask));
      if (probe !== undefined) negotiated.push(probe);
      if (probe?.negotiation.kind === 'selected') break;
    }
    return { ...NOTHING_FURTHER, negotiated };
  }
  if (isUnanswered(talked)) {
    const direct = await asker.askOnce('TLS without negotiation', () => probeDirectTls(ALL_MASK));
    return { ...NOTHING_FURTHER, direct };
  }
  const version = speaker.serverName === undefined ? undefined : refusedVersion(talked);
  if (version !== undefined) {
    const { random } = speaker;
    const probe = await asker.askOnce('TLS without a server name', () =>
      probeHello(talked.tlsMask, helloFor(version, random, undefined)),
    );
    if (probe !== undefined) return { ...NOTHING_FURTHER, withoutName: { version, probe } };
  }
  return NOTHING_FURTHER;
}

/** Whether 0x0, 0x1 and 0xB were each refused in words; a listener without a certificate has said what is wrong. */
function isRefusedThroughout({ standard, negotiated, credssp }: Conversations): boolean {
  const tlsOnly = negotiated.find(({ requested }) => requested === PROTOCOL.ssl);
  return [standard, tlsOnly, credssp].every((probe) => {
    const answer = probe?.negotiation;
    if (answer?.kind === 'failure') return answer.code !== NEGOTIATION_FAILURE.SSL_CERT_NOT_ON_SERVER;
    return answer?.kind === 'disconnected';
  });
}

/** Whether every connection request was met with a close, with silence, or with a word of TLS. */
function isUnanswered({ negotiated }: Conversations): boolean {
  return (
    negotiated.length > 0 &&
    negotiated.every(({ negotiation }) => {
      if (negotiation.kind === 'interrupted') return negotiation.by.kind !== 'too-long';
      return negotiation.kind === 'foreign' && looksLikeTls(negotiation.head);
    })
  );
}

/** Where no hello was accepted: the newest version that was refused or dropped, other than by protocol_version. */
function refusedVersion({ hellos }: Conversations): TlsVersion | undefined {
  const newestFirst = TLS_VERSIONS.toReversed();
  const answers = new Map(
    newestFirst.map((version) => {
      const wire = WIRE_VERSION[version];
      return [version, answerOf(hellos.get(version), [wire], suitesFor(wire))];
    }),
  );
  if ([...answers.values()].includes('accepted')) return undefined;
  return newestFirst.find((version) => {
    const { tls } = hellos.get(version) ?? {};
    if (tls?.kind === 'alert') return tls.description !== PROTOCOL_VERSION;
    return tls !== undefined && answers.get(version) === 'closed';
  });
}
