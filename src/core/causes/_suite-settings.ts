import type { TlsSuite } from '../knowledge/tls-suites.ts';
import type { JudgeContext, Judgement } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import { type Certificate, TLS_VERSIONS, type TlsVersion } from '../model/tls.ts';
import { type UsableSuite, usableSuites } from '../windows/usable-suites.ts';
import { effective, INSIDE } from './_inside.ts';
import {
  cannotTell,
  citing,
  confirmed,
  type Effect,
  type FactNames,
  isSeen,
  judgeByClient,
  ruledOut,
  seenValue,
  stoppedBy,
} from './_judge.ts';
import { versionsOn } from './_tls.ts';
import { list } from './_words.ts';

/** The facts by which the settings are judged. */
export type SuiteFacts =
  | 'os.version'
  | 'schannel.suites'
  | 'schannel.curves'
  | 'schannel.algorithms'
  | 'schannel.server'
  | 'listener.certificate'
  | 'listener.securityLayer';

type Key = 'RSA' | 'ECDSA';

/** How many suites a sentence names. */
const NAMED = 3;
/** Certificates with a shorter RSA key are not accepted by anybody. */
const SMALLEST_RSA_BITS = 1024;

const WIRE: Readonly<Record<TlsVersion, number>> = {
  '1.0': 0x0301,
  '1.1': 0x0302,
  '1.2': 0x0303,
  '1.3': 0x0304,
};

/** By the lists of suites and curves, what is switched off, what this Windows has, and the certificate's key. */
export function judgeSuiteSettings(evidence: Pick<Evidence, SuiteFacts>, context: JudgeContext): Judgement {
  if (effective(evidence['listener.securityLayer']) === 0) {
    return ruledOut(
      ['listener.securityLayer'],
      'The listener is set to standard RDP security (SecurityLayer 0), which uses no TLS.',
    );
  }
  const setting = seenValue(evidence['schannel.suites']);
  if (setting === undefined) {
    return cannotTell(evidence, 'which cipher suites are allowed', ['schannel.suites'], INSIDE);
  }
  const server = seenValue(evidence['schannel.server']);
  const on = server === undefined ? TLS_VERSIONS : versionsOn(server);
  const off = seenValue(evidence['schannel.algorithms']) ?? [];
  const curves = effective(evidence['schannel.curves']) ?? [];
  const usable = usableSuites({
    build: seenValue(evidence['os.version'])?.build,
    list: setting.effective,
    curves,
    off,
  });
  const keys = keysOf(evidence['listener.certificate']);
  const because = citing(
    evidence,
    'schannel.suites',
    'schannel.algorithms',
    'schannel.curves',
    'schannel.server',
    'os.version',
    'listener.certificate',
  );
  const origin = describeOrigin(evidence);
  const fitting = usable.filter(({ suite }) => keys.some((key) => fitsKey(suite, key)));
  const left = describeLeft(fitting, keys);
  if (fitting.length === 0) {
    return confirmed(because, `${origin} ${left}, so no handshake can succeed.`);
  }
  const unread = unreadOf(evidence);
  const [first = 'listener.certificate', ...rest] = unread;
  const missing: FactNames =
    unread.length === 0 && seenValue(evidence['os.version']) === undefined
      ? ['os.version']
      : [first, ...rest];
  return judgeByClient<'stopped' | 'passes' | 'suspect' | 'open' | 'unsettled'>(
    context,
    (client) => {
      const effect = effectOn(client, usable, on, keys, evidence['listener.certificate']);
      // What was not read can only take more away.
      return effect === 'passes' && unread.length > 0 ? 'open' : effect;
    },
    because,
    {
      stopped: (names) => `${origin} ${left}. ${names} can use none of these.`,
      passes: (name) => `${origin} ${left}, at least one of which is offered by ${name}.`,
      open: () =>
        cannotTell(evidence, 'whether every client can use one of the remaining suites', missing, INSIDE),
      unsettled: {
        remark: (names) =>
          `${origin} ${left}. Whether ${names} can use any of these is not known for certain.`,
        open: () =>
          cannotTell(
            evidence,
            `whether ${context.client?.title ?? 'any supported client'} offers one of the remaining suites`,
            ['tls.asClient'],
            ['HOST', '--client'],
          ),
      },
    },
  );
}

function unreadOf(evidence: Pick<Evidence, SuiteFacts>): readonly FactName[] {
  const needed = ['schannel.algorithms', 'schannel.curves', 'os.version'] as const;
  return needed.filter((name) => !isSeen(evidence[name]));
}

function effectOn(
  client: ClientProfile,
  usable: readonly UsableSuite[],
  on: readonly TlsVersion[],
  keys: readonly Key[],
  stored: Evidence['listener.certificate'],
): Effect {
  const common = client.tlsVersions.filter((version) => on.includes(version));
  // Without a version in common it does not come to suites.
  if (common.length === 0) return 'passes';
  const curve = curveOf(seenValue(stored)?.certificate);
  const offers = (suites: readonly UsableSuite[], ids: readonly number[], key: Key): boolean =>
    suites.some(
      ({ suite, groups }) =>
        fitsKey(suite, key) &&
        ids.includes(suite.id) &&
        common.some((version) => isUsedWith(suite, version)) &&
        (groups.length === 0 || groups.some((group) => client.tlsGroups.includes(group))) &&
        (key === 'RSA' || curve === undefined || client.tlsGroups.includes(curve)),
    );
  const sure = usable.filter(({ doubt }) => doubt === undefined);
  const passing = keys.filter((key) => offers(sure, client.tlsSuites, key));
  if (passing.length === keys.length) return 'passes';
  if (passing.length > 0) return 'open';
  const byWindows = usable.filter(({ doubt }) => doubt !== 'name');
  if (keys.some((key) => offers(byWindows, client.tlsSuites, key))) return 'open';
  if (keys.some((key) => offers(usable, client.tlsSuites, key))) return 'suspect';
  if (keys.some((key) => offers(usable, client.unsettledSuites, key))) return 'unsettled';
  return stoppedBy(client.sure.suites, client.sure.groups);
}

/** The kinds of key that the certificate may have: the self-signed one that Windows makes is RSA. */
function keysOf(stored: Evidence['listener.certificate']): readonly Key[] {
  if (stored?.state === 'absent') return ['RSA'];
  const listener = seenValue(stored);
  if (listener === undefined) return ['RSA', 'ECDSA'];
  const { certificate } = listener;
  if (certificate === undefined) return listener.chosen === 'self-signed' ? ['RSA'] : ['RSA', 'ECDSA'];
  return [keyOf(certificate)];
}

/** A key of fewer bits than any RSA key is one of an elliptic curve. */
function keyOf({ keyAlgorithm, keyBits }: Certificate): Key {
  if (keyAlgorithm !== undefined) return keyAlgorithm === 'EC' ? 'ECDSA' : 'RSA';
  return keyBits < SMALLEST_RSA_BITS ? 'ECDSA' : 'RSA';
}

const CURVE_BY_BITS: ReadonlyMap<number, number> = new Map([
  [256, 23],
  [384, 24],
  [521, 25],
]);

function curveOf(certificate: Certificate | undefined): number | undefined {
  return certificate === undefined || keyOf(certificate) === 'RSA'
    ? undefined
    : CURVE_BY_BITS.get(certificate.keyBits);
}

function isUsedWith({ versions: [first, last] }: TlsSuite, version: TlsVersion): boolean {
  return first <= WIRE[version] && WIRE[version] <= last;
}

/** Suites of TLS 1.3 name no key. */
function fitsKey({ name, versions: [first] }: TlsSuite, key: Key): boolean {
  return first >= WIRE['1.3'] || name.includes(`_${key}_`);
}

/** `The list of cipher suites (policy …), with Hashes\SHA off,`. */
function describeOrigin(evidence: Pick<Evidence, SuiteFacts>): string {
  const setting = seenValue(evidence['schannel.suites']);
  const off = seenValue(evidence['schannel.algorithms']) ?? [];
  const curves = seenValue(evidence['schannel.curves']);
  const parts = [
    ...(off.length === 0
      ? []
      : [`with ${list(off.map(({ folder, name }) => `${folder}\\${name}`))} switched off`]),
    ...(curves === undefined || curves.setBy !== 'policy'
      ? []
      : [`with the curves set by policy (${curves.where})`]),
  ];
  const subject =
    setting === undefined || setting.effective.length === 0
      ? "Windows' own list of cipher suites"
      : `The list of cipher suites (${setting.setBy === 'policy' ? 'policy ' : ''}${setting.where})`;
  return parts.length === 0 ? subject : `${subject}, ${list(parts)},`;
}

/** `leaves A, B, C and 4 more for a certificate with an RSA key`. */
function describeLeft(fitting: readonly UsableSuite[], keys: readonly Key[]): string {
  const key = `a certificate with an ${keys.join(' or ')} key`;
  if (fitting.length === 0) return `leaves no suite that this Windows has and ${key} can use`;
  const names = [...new Set(fitting.map(({ suite }) => suite.name))];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `leaves ${more === '' ? list(names) : `${names.slice(0, NAMED).join(', ')}${more}`} for ${key}`;
}
