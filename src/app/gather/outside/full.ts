import {
  findSuite,
  groupName,
  OFFERED_GROUPS,
  suiteName,
  suitesFor,
} from '../../../core/knowledge/tls-suites.ts';
import {
  TLS_VERSIONS,
  type TlsCipher,
  type TlsCiphers,
  type TlsFeatures,
  type TlsVersion,
  type TlsVersions,
} from '../../../core/model/facts.ts';
import { type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { Warning } from '../../../core/model/report.ts';
import type { HelloOptions } from '../../../core/protocol/tls-probe.ts';
import type { Random } from '../../ports/random.ts';
import type { Asker } from './asker.ts';
import { type Outside, provenance } from './outside.ts';
import { type HelloProbe, probeHello } from './probes.ts';
import { answerOf, helloFor, WIRE_VERSION } from './tls.ts';

/**
 * Suites in one hello. Each accepted suite costs a connection and each hello one refusal more, so
 * fewer hellos mean fewer connections and more hellos more that run side by side.
 */
const SUITES_A_HELLO = 24;

/** TLS extension types whose presence in a ServerHello is a fact of its own. */
const EXTENSION = { heartbeat: 0x000f, renegotiationInfo: 0xff01 } as const;

/** TLS_FALLBACK_SCSV is honoured with alert 86, inappropriate_fallback (RFC 7507). */
const INAPPROPRIATE_FALLBACK = 86;

type SuiteVersion = keyof typeof WIRE_VERSION;

export interface FullLook {
  readonly asker: Asker;
  readonly random: Random;
  readonly serverName: string | undefined;
  /** The requested protocols with which the listener goes on to TLS. */
  readonly requested: number;
  readonly versions: TlsVersions;
}

export interface FullTls {
  readonly ciphers: Observation<TlsCiphers>;
  readonly features: Observation<TlsFeatures>;
  readonly warnings: readonly Warning[];
}

/** `tls.ciphers` and `tls.features`: a hundred connections or so, each with one hello. */
export async function lookAtTlsInFull(outside: Outside, look: FullLook): Promise<FullTls> {
  const accepted = TLS_VERSIONS.filter((version) => look.versions[version] === 'accepted');
  const sslv3 = await hello(look, 'SSLv3', {});
  const sslv3Answer = answerOf(sslv3, [WIRE_VERSION.SSLv3], suitesFor(WIRE_VERSION.SSLv3));
  const versions: readonly SuiteVersion[] = sslv3Answer === 'accepted' ? ['SSLv3', ...accepted] : accepted;

  const [lists, features] = await Promise.all([
    Promise.all(versions.map((version) => enumerate(look, version))),
    lookAtFeatures(look, accepted),
  ]);
  const complete = lists.every((list) => list.complete);
  const ciphers = Object.fromEntries(versions.map((version, index) => [version, lists[index]?.suites ?? []]));
  return {
    ciphers: complete
      ? present<TlsCiphers>(ciphers, provenance(outside, 'full'))
      : unknown(
          'timeout',
          'the time limit was reached before every suite had been tried; allow more with --timeout',
        ),
    features: present({ sslv3: sslv3Answer, ...features }, provenance(outside, 'full')),
    warnings: complete
      ? []
      : [
          {
            code: 'suites-not-tried',
            text: 'not every cipher suite was tried in time: allow more with --timeout',
          },
        ],
  };
}

/** The server's choice out of what is left, until it has none: one chunk after the other side by side. */
async function enumerate(
  look: FullLook,
  version: SuiteVersion,
): Promise<{ readonly suites: readonly TlsCipher[]; readonly complete: boolean }> {
  const all = suitesFor(WIRE_VERSION[version]);
  const chunks = Array.from({ length: Math.ceil(all.length / SUITES_A_HELLO) }, (_, index) =>
    all.slice(index * SUITES_A_HELLO, (index + 1) * SUITES_A_HELLO),
  );
  const results = await Promise.all(
    chunks.map(async (chunk) => {
      const found: number[] = [];
      let left = chunk;
      while (left.length > 0) {
        const tls = (await hello(look, version, { suites: left }))?.tls;
        // A hello that was not heard, or left without an answer, was not refused.
        if (tls === undefined || (tls.kind === 'interrupted' && tls.by.kind === 'timeout')) {
          return { found, complete: false };
        }
        // A server that chooses what was not offered would keep this going for ever.
        if (tls.kind !== 'hello' || tls.version !== WIRE_VERSION[version] || !left.includes(tls.suite)) break;
        const { suite } = tls;
        found.push(suite);
        left = left.filter((id) => id !== suite);
      }
      return { found, complete: true };
    }),
  );
  const preferred = version === 'SSLv3' ? undefined : look.versions.suites[version];
  const suites = results
    .flatMap(({ found }) => found)
    .map(describeSuite)
    .sort((a, b) => Number(b.name === preferred) - Number(a.name === preferred));
  return { suites, complete: results.every((result) => result.complete) };
}

function describeSuite(id: number): TlsCipher {
  const suite = findSuite(id);
  return { id, name: suiteName(id), strength: suite?.strength ?? 'weak', fips: suite?.fips ?? false };
}

async function lookAtFeatures(
  look: FullLook,
  accepted: readonly TlsVersion[],
): Promise<Omit<TlsFeatures, 'sslv3'>> {
  const highest = accepted.at(-1);
  const classic = accepted.filter((version) => version !== '1.3').at(-1);
  const lower = accepted.at(-2);
  const [plain, compressed, fallback, groups] = await Promise.all([
    classic === undefined ? undefined : hello(look, classic, { heartbeat: true }),
    classic === undefined ? undefined : hello(look, classic, { compression: true }),
    lower === undefined ? undefined : hello(look, lower, { fallbackScsv: true }),
    highest === undefined ? [] : acceptedGroups(look, highest),
  ]);
  const extensions = plain?.tls?.kind === 'hello' ? plain.tls.extensions : [];
  const fallbackScsv = ((): TlsFeatures['fallbackScsv'] => {
    if (fallback?.tls?.kind === 'alert') {
      return fallback.tls.description === INAPPROPRIATE_FALLBACK ? 'honoured' : 'unknown';
    }
    return fallback?.tls?.kind === 'hello' ? 'ignored' : 'unknown';
  })();
  return {
    fallbackScsv,
    secureRenegotiation: extensions.includes(EXTENSION.renegotiationInfo),
    heartbeat: extensions.includes(EXTENSION.heartbeat),
    compression: compressed?.tls?.kind === 'hello' && compressed.tls.compression !== 0,
    groups,
  };
}

/** Each group on its own, with suites that need one. */
async function acceptedGroups(look: FullLook, version: TlsVersion): Promise<readonly string[]> {
  const suites = suitesFor(WIRE_VERSION[version]).filter(
    (id) => version === '1.3' || /^TLS_ECDHE_/.test(suiteName(id)),
  );
  const answers = await Promise.all(
    OFFERED_GROUPS.map((group) => hello(look, version, { suites, groups: [group] })),
  );
  return OFFERED_GROUPS.filter((_, index) => answers[index]?.tls?.kind === 'hello').map(groupName);
}

/** One connection with one hello; retried alone where the listener let it drop. */
function hello(
  look: FullLook,
  version: SuiteVersion,
  change: Partial<HelloOptions>,
): Promise<HelloProbe | undefined> {
  const { asker, random, serverName, requested } = look;
  return asker.ask(`TLS ${version} hello`, () =>
    probeHello(requested, { ...helloFor(version, random, serverName), ...change }),
  );
}
