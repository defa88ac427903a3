import { defineCause } from '../model/cause.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import type { LocalPolicy, Setting } from '../model/windows-facts.ts';
import { effective } from './_inside.ts';
import { cannotTell, type FactNames, likely, ruledOut, seenValue } from './_judge.ts';
import { list, moment } from './_words.ts';

/** The listener's settings that a policy can set, by what they are called there. */
const SETTINGS = {
  fDenyTSConnections: 'listener.fDenyTSConnections',
  SecurityLayer: 'listener.securityLayer',
  UserAuthentication: 'listener.userAuthentication',
  MinEncryptionLevel: 'listener.minEncryptionLevel',
  fAllowSecProtocolNegotiation: 'listener.fAllowSecProtocolNegotiation',
} as const;

type Name = keyof typeof SETTINGS;
type Used = (typeof SETTINGS)[Name];
const NAMES = Object.keys(SETTINGS) as readonly Name[];
const FACTS = [
  'listener.fDenyTSConnections',
  'listener.securityLayer',
  'listener.userAuthentication',
  'listener.minEncryptionLevel',
  'listener.fAllowSecProtocolNegotiation',
] as const;

const FIPS_LEVEL = 4;
const KEY = 'software\\policies\\microsoft\\windows nt\\terminal services';

export const policyOverride = defineCause({
  id: 'policy-override',
  title: "A policy overrides the listener's own setting",
  stage: 'negotiate',
  uses: [...FACTS, 'grouppolicy.local', 'domain.membership', 'policy.refreshedAt'],
  ruledOutBy: [FACTS],
  prior: 0.01,
  remedies: [],
  advice:
    'Change the policy at its source (gpresult /scope computer /h FILE names the policy object): while it applies, a value written to RDP-Tcp has no effect, and one deleted under Policies comes back within two hours or at the next start.',
  judge(evidence, { client }) {
    const forced = NAMES.flatMap((name) => {
      const setting = seenValue(evidence[SETTINGS[name]]);
      return setting?.setBy === 'policy' ? [{ name, setting }] : [];
    });
    const [first, ...rest] = forced;
    const unseen = FACTS.filter((fact) => seenValue(evidence[fact]) === undefined);
    const [missing, ...more] = unseen;
    if (first === undefined) {
      return missing === undefined
        ? ruledOut(FACTS, 'No policy sets whether or how the listener accepts connections.')
        : cannotTell(
            evidence,
            'whether a policy sets how the listener accepts connections',
            [missing, ...more],
            ['--disk', '--rpc', '--dc'],
          );
    }
    const local = seenValue(evidence['grouppolicy.local']);
    const cited: FactNames = [
      SETTINGS[first.name],
      ...rest.map(({ name }) => SETTINGS[name]),
      ...(local === undefined ? [] : (['grouppolicy.local'] satisfies FactName[])),
    ];
    const words = list(forced.map(({ name, setting }) => describe(name, setting)));
    const refreshed = seenValue(evidence['policy.refreshedAt']);
    const origin = `${whereFrom(
      local,
      forced.map(({ name }) => name),
      seenValue(evidence['domain.membership'])?.joined,
    )}${refreshed === undefined ? '' : ` The computer's policy was last applied at ${moment(refreshed)}.`}`;
    const failing = failingNames(evidence, client?.nla).filter((name) =>
      forced.some((row) => row.name === name),
    );
    if (failing.length > 0) {
      return likely(
        cited,
        `A policy sets ${words}, ${failing.length === forced.length ? 'which' : `and ${list(failing)}`} ${failing.length === 1 ? 'stops' : 'together stop'} sign-ins. ${origin} Changing the listener's own key does not help.`,
      );
    }
    if (missing !== undefined) {
      return cannotTell(
        evidence,
        `whether the policy stops sign-ins by setting ${words}`,
        [missing, ...more],
        ['--disk', '--rpc'],
      );
    }
    return ruledOut(
      cited,
      `A policy sets ${words}; none of that stops a sign-in. ${origin} Changing the listener's own key has no effect while the policy applies.`,
    );
  },
});

function describe(name: Name, { effective: value, machine }: Setting<number>): string {
  return `${name} to ${value}${machine === undefined || machine === value ? '' : ` (overriding the machine's own ${machine})`}`;
}

/** The settings whose values in force stop sign-ins, whoever set them. */
function failingNames(evidence: Pick<Evidence, Used>, clientDoesNla: boolean | undefined): readonly Name[] {
  const deny = effective(evidence['listener.fDenyTSConnections']);
  const layer = effective(evidence['listener.securityLayer']);
  const nla = effective(evidence['listener.userAuthentication']);
  const level = effective(evidence['listener.minEncryptionLevel']);
  const negotiation = effective(evidence['listener.fAllowSecProtocolNegotiation']);
  const contradiction = layer === 0 && nla === 1;
  return [
    ...(negotiation === 0 && nla === 1
      ? ([
          'fAllowSecProtocolNegotiation',
          ...(contradiction ? [] : (['UserAuthentication'] as const)),
        ] as const)
      : []),
    ...(deny !== undefined && deny !== 0 ? (['fDenyTSConnections'] as const) : []),
    ...(contradiction ? (['SecurityLayer', 'UserAuthentication'] as const) : []),
    ...(!contradiction && nla === 1 && clientDoesNla === false ? (['UserAuthentication'] as const) : []),
    ...(layer === 0 && level === FIPS_LEVEL ? (['MinEncryptionLevel'] as const) : []),
  ];
}

/** A value of the local policy file comes from this machine; any other from the domain or a management tool. */
function whereFrom(
  local: LocalPolicy | undefined,
  names: readonly Name[],
  joined: boolean | undefined,
): string {
  if (local === undefined) return 'Which policy object sets it is not known.';
  const keys = Object.keys(local.values).map((key) => key.toLowerCase());
  const own = names.filter((name) => keys.includes(`${KEY}!${name.toLowerCase()}`));
  if (own.length === names.length) return "It comes from this machine's own local group policy.";
  const word = joined === false ? 'from a management tool' : 'from the domain or a management tool';
  return own.length === 0
    ? `It is not in this machine's local group policy, so it comes ${word}.`
    : `${list(own)} comes from this machine's own local group policy, the rest ${word}.`;
}
