import type { Evidence } from '../model/facts.ts';
import { type Observation, present, unknown } from '../model/observation.ts';
import type { FirewallProfile, FirewallRule, FirewallState } from '../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  type KeyValues,
  numberOf,
  provenance,
  type Sought,
  seekIn,
  seekNumber,
  seekValues,
  settle,
} from './answers.ts';
import { type FirewallRuleText, parseFirewallRule } from './firewall-rule.ts';
import type { Inquiry, Question } from './inquiry.ts';
import { LISTENER } from './listener.ts';

const LOCAL = 'CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const POLICY = 'Policies\\Microsoft\\WindowsFirewall';
const DEFAULT_PORT = 3389;

type ProfileName = 'domain' | 'private' | 'public';

/** The private profile is still called by its old name in the local store. */
const PROFILES: Readonly<Record<ProfileName, { readonly local: string; readonly policy: string }>> = {
  domain: { local: 'DomainProfile', policy: 'DomainProfile' },
  private: { local: 'StandardProfile', policy: 'PrivateProfile' },
  public: { local: 'PublicProfile', policy: 'PublicProfile' },
};

/** Rules that speak of the listener's port: a machine has some hundreds in all. */
const MOST_RULES = 200;

const values = (hive: 'SYSTEM' | 'SOFTWARE', key: string): Question => ({ kind: 'values', hive, key });

/** The firewall as far as it concerns the listener's TCP port: profiles and inbound rules, local and by policy. */
export function* inquireFirewall(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({
    domain: values('SYSTEM', `${LOCAL}\\${PROFILES.domain.local}`),
    private: values('SYSTEM', `${LOCAL}\\${PROFILES.private.local}`),
    public: values('SYSTEM', `${LOCAL}\\${PROFILES.public.local}`),
    domainPolicy: values('SOFTWARE', `${POLICY}\\${PROFILES.domain.policy}`),
    privatePolicy: values('SOFTWARE', `${POLICY}\\${PROFILES.private.policy}`),
    publicPolicy: values('SOFTWARE', `${POLICY}\\${PROFILES.public.policy}`),
    rules: values('SYSTEM', `${LOCAL}\\FirewallRules`),
    rulesPolicy: values('SOFTWARE', `${POLICY}\\FirewallRules`),
    port: { kind: 'value', hive: 'SYSTEM', key: LISTENER, name: 'PortNumber' },
  });
  const local = seekValues(answers.rules);
  const byPolicy = seekValues(answers.rulesPolicy);
  const port = seekNumber(answers.port);
  // A rule that is missing here could be the one that decides.
  for (const sought of [local, byPolicy, port]) {
    if (sought.state === 'unknown') return { 'firewall.rdp': unknown(sought.why, sought.detail) };
  }
  const cut = [local, byPolicy].flatMap((key) =>
    key.state === 'present' && key.value.incomplete !== undefined
      ? [`${key.at}: ${key.value.incomplete}`]
      : [],
  );
  if (cut[0] !== undefined) return { 'firewall.rdp': unknown('corrupt', cut[0]) };
  const number = port.state === 'present' ? port.value : DEFAULT_PORT;
  const rules = [...rulesFor(number, byPolicy, 'policy'), ...rulesFor(number, local, 'machine')].slice(
    0,
    MOST_RULES,
  );
  const profile = (name: ProfileName) =>
    profileOf(context, seekValues(answers[name]), seekValues(answers[`${name}Policy`]));
  const [domain, home, street] = [profile('domain'), profile('private'), profile('public')];
  if (!domain.ok) return { 'firewall.rdp': domain.unknown };
  if (!home.ok) return { 'firewall.rdp': home.unknown };
  if (!street.ok) return { 'firewall.rdp': street.unknown };
  return {
    'firewall.rdp': present<FirewallState>(
      { profiles: { domain: domain.profile, private: home.profile, public: street.profile }, rules },
      provenance(context, 'firewall', answers.rules.at),
    ),
  };
}

type Profile =
  | { readonly ok: true; readonly profile: FirewallProfile }
  | { readonly ok: false; readonly unknown: Observation<never> };

/** [MS-GPFAS] 2.2.2 Firewall Policy Configuration Options, with what they are where nobody set them. */
function profileOf(context: InquiryContext, machine: Sought<KeyValues>, policy: Sought<KeyValues>): Profile {
  const option = (name: string, fallback: number) =>
    settle(context, 'firewall', {
      policy: pick(policy, name),
      machine: pick(machine, name),
      default: fallback,
    });
  const enabled = option('EnableFirewall', 1);
  const inbound = option('DefaultInboundAction', 1);
  const shielded = option('DoNotAllowExceptions', 0);
  // Only a policy can shut the local rules out.
  const merge = settle(context, 'firewall', { machine: pick(policy, 'AllowLocalPolicyMerge'), default: 1 });
  if (enabled.state === 'unknown') return { ok: false, unknown: enabled };
  if (inbound.state === 'unknown') return { ok: false, unknown: inbound };
  if (shielded.state === 'unknown') return { ok: false, unknown: shielded };
  if (merge.state === 'unknown') return { ok: false, unknown: merge };
  const { effective, policy: set, machine: own, default: fallback, ...rest } = enabled.value;
  return {
    ok: true,
    profile: {
      enabled: {
        ...rest,
        effective: effective !== 0,
        ...(set === undefined ? {} : { policy: set !== 0 }),
        ...(own === undefined ? {} : { machine: own !== 0 }),
        ...(fallback === undefined ? {} : { default: fallback !== 0 }),
      },
      defaultInbound: inbound.value.effective === 0 ? 'allow' : 'block',
      mergesLocalRules: merge.value.effective !== 0,
      ...(shielded.value.effective === 0 ? {} : { blocksAll: true }),
    },
  };
}

function pick(key: Sought<KeyValues>, name: string): Sought<number> {
  return seekIn(key, name, numberOf, 'a number');
}

function rulesFor(
  port: number,
  key: Sought<KeyValues>,
  setBy: FirewallRule['setBy'],
): readonly FirewallRule[] {
  if (key.state !== 'present') return [];
  return key.value.values.flatMap(({ name, data }) => {
    const rule = typeof data === 'string' ? parseFirewallRule(data) : undefined;
    return rule !== undefined && concerns(rule, port) ? [{ id: name, setBy, ...describe(rule) }] : [];
  });
}

const TCP = 6;
/** The listener lives in a service host of this service. */
const SERVICE = 'termservice';

/** Whether an inbound rule decides about the listener: its protocol, port, program and service all fit. */
function concerns(rule: FirewallRuleText, port: number): boolean {
  if (!rule.inbound || !(rule.protocol === undefined || rule.protocol === TCP)) return false;
  if (rule.narrowed) return false;
  const ports = rule.localPorts;
  const fits = ports.length === 0 || ports.some((text) => covers(text, port));
  const program = rule.program?.toLowerCase();
  const ours =
    (rule.service === undefined || rule.service === '*' || rule.service.toLowerCase() === SERVICE) &&
    (program === undefined || program === 'system' || program.endsWith('\\svchost.exe'));
  return fits && ours;
}

function covers(text: string, port: number): boolean {
  const [first = Number.NaN, last = first] = text.split('-').map(Number);
  return first <= port && port <= last;
}

function describe(rule: FirewallRuleText): Omit<FirewallRule, 'id' | 'setBy'> {
  return {
    name: rule.name ?? '',
    active: rule.active,
    action: rule.action,
    profiles: rule.profiles,
    protocol: rule.protocol ?? 'any',
    localPorts: rule.localPorts,
    remoteAddresses: rule.remoteAddresses,
  };
}
