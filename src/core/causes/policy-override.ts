import { defineCause } from '../model/cause.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import type { LocalPolicy, Setting } from '../model/windows-facts.ts';
import { effective } from './_inside.ts';
import { cannotTell, type FactNames, likely, ruledOut, seenValue } from './_judge.ts';
import { list } from './_words.ts';

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
  title: 'A policy overrules the setting of the listener',
  stage: 'negotiate',
  uses: [...FACTS, 'grouppolicy.local'],
  ruledOutBy: [FACTS],
  prior: 0.01,
  remedies: [],
  advice:
    'Change the policy where it comes from (gpresult /scope computer /h names the policy object): a value written to RDP-Tcp has no effect beside it, and one deleted under Policies is back within two hours or at the next start.',
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
        ? ruledOut(FACTS, 'No policy sets whether or how the listener takes connections.')
        : cannotTell(
            evidence,
            'whether a policy sets how the listener takes connections',
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
    const origin = whereFrom(
      local,
      forced.map(({ name }) => name),
    );
    const failing = failingNames(evidence, client?.nla).filter((name) =>
      forced.some((row) => row.name === name),
    );
    if (failing.length > 0) {
      return likely(
        cited,
        `A policy forces what stops sign-ins, ${list(failing)}: ${words}. ${origin} Editing the listener's own key does not help.`,
      );
    }
    if (missing !== undefined) {
      return cannotTell(
        evidence,
        `whether what a policy sets stops a sign-in (${words})`,
        [missing, ...more],
        ['--disk', '--rpc'],
      );
    }
    return ruledOut(
      cited,
      `A policy sets ${words}, and none of that stops a sign-in. ${origin} Editing the listener's own key changes nothing while the policy stands.`,
    );
  },
});

function describe(name: Name, { effective: value, machine }: Setting<number>): string {
  return `${name} ${value}${machine === undefined || machine === value ? '' : ` (the machine's own ${machine} is overruled)`}`;
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
function whereFrom(local: LocalPolicy | undefined, names: readonly Name[]): string {
  if (local === undefined) return 'Which policy object sets it was not seen.';
  const keys = Object.keys(local.values).map((key) => key.toLowerCase());
  const own = names.filter((name) => keys.includes(`${KEY}!${name.toLowerCase()}`));
  if (own.length === names.length) return "It comes from this machine's own local group policy.";
  const word = 'from the domain, or was written by a management tool';
  return own.length === 0
    ? `It is not in this machine's local group policy, so it comes ${word}.`
    : `${list(own)} is in this machine's local group policy, the rest comes ${word}.`;
}
