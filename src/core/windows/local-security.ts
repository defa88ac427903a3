import { DEFAULTS } from '../knowledge/windows-defaults.ts';
import type { Evidence } from '../model/facts.ts';
import { absent, type Observation, present, unknown } from '../model/observation.ts';
import type { LsaPackages } from '../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  type Named,
  provenance,
  type Sought,
  seekDecimal,
  seekNumber,
  seekText,
  seekTexts,
  settle,
} from './answers.ts';
import type { Inquiry, Question } from './inquiry.ts';

const LSA = 'CurrentControlSet\\Control\\Lsa';
const SYSTEM_POLICY = 'Microsoft\\Windows\\CurrentVersion\\Policies\\System';

const lsa = (name: string, below = ''): Question => ({
  kind: 'value',
  hive: 'SYSTEM',
  key: `${LSA}${below}`,
  name,
});
const policy = (below: string, name: string): Question => ({
  kind: 'value',
  hive: 'SOFTWARE',
  key: `${SYSTEM_POLICY}${below}`,
  name,
});

/**
 * What the Local Security Authority is set to. Security options of a policy are written straight into
 * these values, so `machine` here means "this value, whoever wrote it".
 */
export function* inquireLocalSecurity(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({
    fips: lsa('Enabled', '\\FIPSAlgorithmPolicy'),
    /** Before Vista it was a value of the LSA key itself. */
    fipsOld: lsa('FIPSAlgorithmPolicy'),
    domainCreds: lsa('DisableDomainCreds'),
    lmLevel: lsa('LmCompatibilityLevel'),
    receiving: lsa('RestrictReceivingNTLMTraffic', '\\MSV1_0'),
    sending: lsa('RestrictSendingNTLMTraffic', '\\MSV1_0'),
    authentication: lsa('Authentication Packages'),
    security: lsa('Security Packages'),
    osSecurity: lsa('Security Packages', '\\OSConfig'),
    providers: {
      kind: 'value',
      hive: 'SYSTEM',
      key: 'CurrentControlSet\\Control\\SecurityProviders',
      name: 'SecurityProviders',
    },
    oracle: policy('\\CredSSP\\Parameters', 'AllowEncryptionOracle'),
    encryptionTypes: policy('\\Kerberos\\Parameters', 'SupportedEncryptionTypes'),
    cachedLogons: {
      kind: 'value',
      hive: 'SOFTWARE',
      key: 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
      name: 'CachedLogonsCount',
    },
    installationType: {
      kind: 'value',
      hive: 'SOFTWARE',
      key: 'Microsoft\\Windows NT\\CurrentVersion',
      name: 'InstallationType',
    },
  });
  const number = (name: keyof typeof answers, fallback: number) =>
    settle(context, 'local-security', { machine: seekNumber(answers[name]), default: fallback });
  const installation = seekText(answers.installationType);
  const types = seekNumber(answers.encryptionTypes);
  return {
    'fips.machine': settle(context, 'local-security', {
      machine: truth(firstOf(seekNumber(answers.fips), seekNumber(answers.fipsOld))),
      default: DEFAULTS.fips,
    }),
    'lsa.disableDomainCreds': number('domainCreds', DEFAULTS.disableDomainCreds),
    'lsa.lmCompatibilityLevel': number('lmLevel', DEFAULTS.lmCompatibilityLevel),
    'ntlm.restrictReceiving': number('receiving', DEFAULTS.restrictNtlm),
    'ntlm.restrictSending': number('sending', DEFAULTS.restrictNtlm),
    'lsa.packages': observePackages(context, answers),
    'credssp.allowEncryptionOracle': number('oracle', DEFAULTS.allowEncryptionOracle),
    // Absent means no limit; there is no number that stands for that.
    'kerberos.encryptionTypes':
      types.state === 'absent'
        ? absent(provenance(context, 'local-security', types.at), 'no policy limits the encryption types')
        : settle(context, 'local-security', { machine: types, default: undefined }),
    'cachedLogons.count': settle(context, 'local-security', {
      machine: seekDecimal(answers.cachedLogons),
      default: installation.state === 'present' ? DEFAULTS.cachedLogonsCount(installation.value) : undefined,
    }),
  };
}

/** The first place that has it; one that cannot be read might. */
function firstOf<T>(...places: readonly [Sought<T>, ...Sought<T>[]]): Sought<T> {
  return places.find((sought) => sought.state !== 'absent') ?? places[0];
}

function truth(sought: Sought<number>): Sought<boolean> {
  return sought.state === 'present' ? { ...sought, value: sought.value !== 0 } : sought;
}

function observePackages(
  context: InquiryContext,
  answers: Named<'authentication' | 'security' | 'osSecurity' | 'providers'>,
): Observation<LsaPackages> {
  const authentication = seekTexts(answers.authentication);
  // The newer place wins where it exists.
  const security = firstOf(seekTexts(answers.osSecurity), seekTexts(answers.security));
  const providers = seekTexts(answers.providers);
  for (const sought of [authentication, security, providers]) {
    if (sought.state === 'unknown') return unknown(sought.why, sought.detail);
  }
  const listed = (sought: Sought<readonly string[]>): readonly string[] =>
    sought.state === 'present' ? sought.value : [];
  return present(
    {
      authentication: listed(authentication),
      // Windows writes the empty list as a pair of quotes.
      security: listed(security).filter((name) => name !== '""'),
      providers: listed(providers),
    },
    provenance(context, 'local-security', answers.authentication.at),
  );
}
