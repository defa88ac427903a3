import { defaultTlsVersions, hasTlsVersion } from '../knowledge/windows-defaults.ts';
import { type Evidence, TLS_VERSIONS, type TlsVersion } from '../model/facts.ts';
import { type Observation, present, unknown } from '../model/observation.ts';
import type { OsVersion, SchannelProtocol } from '../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  provenance,
  type Sought,
  seekNumber,
  seekTexts,
  settle,
} from './answers.ts';
import type { Inquiry, Question } from './inquiry.ts';
import { observeAlgorithms, SWITCH_QUESTIONS } from './schannel-algorithms.ts';

const PROTOCOLS = 'CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols';
const SUITES_POLICY = 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
const SUITES_LOCAL = 'CurrentControlSet\\Control\\Cryptography\\Configuration\\Local\\SSL\\00010002';

const serverKey = (version: TlsVersion): string => `${PROTOCOLS}\\TLS ${version}\\Server`;
const protocol = (version: TlsVersion, name: string): Question => ({
  kind: 'value',
  hive: 'SYSTEM',
  key: serverKey(version),
  name,
});

/** What Schannel offers as a server: protocol versions, and where somebody set them suites, curves and algorithms. */
export function* inquireSchannel(context: InquiryContext, os: OsVersion | undefined): Inquiry<Evidence> {
  const answers = yield* askAll({
    'enabled 1.0': protocol('1.0', 'Enabled'),
    'enabled 1.1': protocol('1.1', 'Enabled'),
    'enabled 1.2': protocol('1.2', 'Enabled'),
    'enabled 1.3': protocol('1.3', 'Enabled'),
    'byDefault 1.0': protocol('1.0', 'DisabledByDefault'),
    'byDefault 1.1': protocol('1.1', 'DisabledByDefault'),
    'byDefault 1.2': protocol('1.2', 'DisabledByDefault'),
    'byDefault 1.3': protocol('1.3', 'DisabledByDefault'),
    suitesPolicy: { kind: 'value', hive: 'SOFTWARE', key: SUITES_POLICY, name: 'Functions' },
    suites: { kind: 'value', hive: 'SYSTEM', key: SUITES_LOCAL, name: 'Functions' },
    curvesPolicy: { kind: 'value', hive: 'SOFTWARE', key: SUITES_POLICY, name: 'EccCurves' },
    curves: { kind: 'value', hive: 'SYSTEM', key: SUITES_LOCAL, name: 'EccCurves' },
    ...SWITCH_QUESTIONS,
  });
  const rows = TLS_VERSIONS.map(
    (version) =>
      [
        version,
        protocolOf(
          version,
          os,
          seekNumber(answers[`enabled ${version}`]),
          seekNumber(answers[`byDefault ${version}`]),
        ),
      ] as const,
  );
  const blind = rows.find(([, row]) => 'why' in row)?.[1];
  const server: Observation<Readonly<Record<TlsVersion, SchannelProtocol>>> =
    blind !== undefined && 'why' in blind
      ? unknown(blind.why, blind.detail)
      : present(
          Object.fromEntries(rows) as Record<TlsVersion, SchannelProtocol>,
          provenance(
            context,
            'schannel',
            keyOf(answers['enabled 1.2'].at).replace(/\\TLS 1\.2\\Server$/, ''),
          ),
        );
  return {
    'schannel.server': server,
    'schannel.suites': settle(context, 'schannel', {
      policy: seekTexts(answers.suitesPolicy),
      machine: seekTexts(answers.suites),
      default: [],
    }),
    'schannel.curves': settle(context, 'schannel', {
      policy: seekTexts(answers.curvesPolicy),
      machine: seekTexts(answers.curves),
      default: [],
    }),
    'schannel.algorithms': observeAlgorithms(context, answers),
  };
}

/**
 * The server role of one version. `Enabled` absent means the OS's default, 0 off, everything else on
 * (hardening tools write 0xFFFFFFFF). `DisabledByDefault` 1 keeps it from applications that do not
 * ask for it, and Remote Desktop does not. A version that this Windows does not have is off.
 */
function protocolOf(
  version: TlsVersion,
  os: OsVersion | undefined,
  enabled: Sought<number>,
  disabledByDefault: Sought<number>,
): SchannelProtocol | (Sought<number> & { readonly state: 'unknown' }) {
  if (enabled.state === 'unknown') return enabled;
  if (disabledByDefault.state === 'unknown') return disabledByDefault;
  const byOs = os === undefined ? undefined : defaultTlsVersions(os.build)?.[version];
  const raw = {
    ...(enabled.state === 'present' ? { enabled: enabled.value } : {}),
    ...(disabledByDefault.state === 'present' ? { disabledByDefault: disabledByDefault.value } : {}),
    ...(byOs === undefined ? {} : { default: byOs }),
    where: keyOf(enabled.at),
  };
  const set = enabled.state === 'present' || disabledByDefault.state === 'present';
  if (os !== undefined && !hasTlsVersion(os.build, version)) {
    return { ...raw, effective: false, setBy: 'default' };
  }
  if (!set) {
    return byOs === undefined
      ? {
          state: 'unknown',
          why: 'corrupt',
          detail: `TLS ${version} is not set, and the default of this Windows version is not known`,
        }
      : { ...raw, effective: byOs, setBy: 'default' };
  }
  // Where only one of the two is set, the other is the OS's default. One that says off is enough, whatever
  // the other says. 2008 R2 needs both to switch 1.1 and 1.2 on; later versions are on with `Enabled` alone.
  const on = enabled.state === 'present' ? enabled.value !== 0 : byOs;
  const byDefault =
    disabledByDefault.state === 'present'
      ? disabledByDefault.value === 0
      : byOs === undefined
        ? undefined
        : byOs || (os !== undefined && os.build >= ENABLED_ALONE_BUILD);
  const effective = on === false || byDefault === false ? false : on === true ? byDefault : undefined;
  if (effective === undefined || (effective && os === undefined && version === '1.3')) {
    return {
      state: 'unknown',
      why: 'corrupt',
      detail: `what the settings mean for TLS ${version} depends on the version of Windows, which is not known`,
    };
  }
  return { ...raw, effective, machine: effective, setBy: 'machine' };
}

/** `key!Enabled` → `key`: the place with the control set that was read. */
function keyOf(at: string): string {
  return at.replace(/!Enabled$/, '');
}

/** Windows 8 and Server 2012. */
const ENABLED_ALONE_BUILD = 9200;
