import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { FirewallRule, FirewallState } from '../model/windows-facts.ts';
import { effective, INSIDE } from './_inside.ts';
import { cannotTell, citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { isPort } from './_port.ts';
import { blockersIn, DISABLED, describeBlockers } from './_services.ts';
import { list } from './_words.ts';

type ProfileName = 'domain' | 'private' | 'public';
const PROFILES: readonly ProfileName[] = ['domain', 'private', 'public'];

export const firewallBlocks = defineCause({
  id: 'firewall-blocks',
  title: 'A firewall on the machine or in front of it drops Remote Desktop',
  stage: 'reach',
  uses: [
    'tcp.connect',
    'firewall.rdp',
    'service.MpsSvc',
    'service.BFE',
    'service.MpsSvc.dependencies',
    'domain.membership',
    'listener.portNumber',
  ],
  ruledOutBy: [
    ['tcp.connect'],
    ['firewall.rdp', 'service.MpsSvc', 'service.BFE', 'service.MpsSvc.dependencies'],
  ],
  prior: 0.05,
  remedies: [],
  advice:
    "Enable the rules of the Remote Desktop group for the profile in use, or create an inbound rule for the listener's port; where a policy ignores local rules, create it in the policy. Do not switch the firewall off.",
  judge(evidence) {
    const connect = seenValue(evidence['tcp.connect']);
    const opened =
      connect?.state === 'open' ? connect : connect?.addresses.find(({ state }) => state === 'open');
    if (opened !== undefined) {
      return ruledOut(
        ['tcp.connect'],
        `A TCP connection from this machine to ${opened.address} opens, so no firewall shuts this machine out; rules may still apply to other addresses only.`,
      );
    }
    const firewall = seenValue(evidence['firewall.rdp']);
    if (firewall === undefined) {
      return cannotTell(
        evidence,
        'whether Windows Firewall lets Remote Desktop in',
        ['firewall.rdp'],
        ['HOST', ...INSIDE],
      );
    }
    const port = effective(evidence['listener.portNumber']);
    if (port !== undefined && !isPort(port)) {
      return cannotTell(
        evidence,
        `which rule would admit the listener, because its PortNumber is ${port}, which is not a valid port`,
        ['listener.portNumber'],
        [...INSIDE],
      );
    }
    return heedEnforcement(evidence, judgeProfiles(evidence, firewall));
  },
});

const ENFORCING = ['service.MpsSvc', 'service.BFE', 'service.MpsSvc.dependencies'] as const;

/**
 * Rules act only while the services run that enforce them. Where one of those cannot start, what is
 * left are the filters of the time before they start, and what those do is not in the rules: then
 * nothing is told either way.
 */
function heedEnforcement(
  evidence: Pick<Evidence, 'firewall.rdp' | (typeof ENFORCING)[number]>,
  judgement: Judgement,
): Judgement {
  if (judgement.verdict === 'inconclusive') return judgement;
  const disabled = (['service.MpsSvc', 'service.BFE'] as const).filter((name) => {
    const service = evidence[name];
    return service?.state === 'absent' || seenValue(service)?.startType === DISABLED;
  });
  const needs = seenValue(evidence['service.MpsSvc.dependencies']);
  const blockers = needs === undefined ? [] : blockersIn(needs);
  const [first, ...rest] = [
    ...disabled,
    ...(blockers.length > 0 ? (['service.MpsSvc.dependencies'] as const) : []),
  ];
  if (first !== undefined) {
    const reasons = [
      ...disabled.map(
        (name) =>
          `${name.slice('service.'.length)} ${evidence[name]?.state === 'absent' ? 'does not exist' : 'is disabled'}`,
      ),
      ...(disabled.length === 0 ? [describeBlockers(blockers)] : []),
    ];
    return {
      verdict: 'inconclusive',
      missing: [first, ...rest],
      explanation: `It is not known whether Windows Firewall drops anything, because a service that enforces its rules cannot start: ${list(reasons)}. ${judgement.explanation}`,
      settledBy: ['HOST', '--rpc'],
    };
  }
  const unseen = ENFORCING.filter((name) => !isSeen(evidence[name]));
  if (unseen.length === 0) return judgement;
  if (judgement.verdict === 'ruled-out') {
    return cannotTell(
      evidence,
      'whether the services of Windows Firewall enforce its rules, which let Remote Desktop in',
      ENFORCING,
      ['HOST', ...INSIDE],
    );
  }
  return {
    ...judgement,
    verdict: 'likely',
    explanation: `${judgement.explanation} Whether the services that enforce this can start is not known.`,
  };
}

function judgeProfiles(
  evidence: Pick<Evidence, 'tcp.connect' | 'firewall.rdp' | 'domain.membership' | 'listener.portNumber'>,
  firewall: FirewallState,
): Judgement {
  const port = seenValue(evidence['listener.portNumber'])?.effective;
  const word = `TCP port ${port ?? 'of the listener'}`;
  const membership = seenValue(evidence['domain.membership']);
  // A machine outside a domain is never in the domain profile.
  const possible = membership?.joined === false ? PROFILES.slice(1) : PROFILES;
  const blocked = possible.filter((profile) => isBlocked(firewall, profile));
  const because = citing(evidence, 'firewall.rdp', 'listener.portNumber', 'domain.membership', 'tcp.connect');
  if (blocked.length === 0) {
    const limited = possible
      .flatMap((profile) => admitting(firewall, profile))
      .filter(({ remoteAddresses }) => remoteAddresses.length > 0);
    const note =
      limited.length === 0
        ? ''
        : ` ${limited.length === 1 ? 'One rule admits' : 'Some rules admit'} only some addresses: ${list([...new Set(limited.flatMap(({ remoteAddresses }) => remoteAddresses))].slice(0, 5))}.`;
    return ruledOut(because, `Windows Firewall on this machine lets connections to ${word} in.${note}`);
  }
  const why = list([...new Set(blocked.map((profile) => whyBlocked(firewall, profile)))]);
  const names = `${list(blocked)} ${blocked.length === 1 ? 'profile' : 'profiles'}`;
  if (blocked.length === possible.length) {
    return confirmed(
      because,
      `Windows Firewall drops connections to ${word}, whichever network the machine is on (${names}): ${why}.`,
    );
  }
  const open = possible.filter((profile) => !blocked.includes(profile));
  const partly = `Windows Firewall drops connections to ${word} in the ${names} (${why}) but allows them in the ${list(open)} ${open.length === 1 ? 'profile' : 'profiles'}`;
  if (membership?.joined === true && !blocked.includes('domain') && !isSeen(evidence['tcp.connect'])) {
    // The usual state of a member; it matters only when the machine does not recognise its domain's network.
    return cannotTell(
      evidence,
      `whether the firewall stops anybody, because a domain member uses the domain profile unless it finds no controller (${partly})`,
      ['tcp.connect'],
      ['HOST', '--rpc'],
    );
  }
  return likely(because, `${partly}. Which profile is in use is not known.`);
}

/** Rules in force that let the connection in: local ones only where the policy leaves them in force. */
function admitting(firewall: FirewallState, profile: ProfileName): readonly FirewallRule[] {
  return inForce(firewall, profile).filter(({ action }) => action === 'allow');
}

function blocking(firewall: FirewallState, profile: ProfileName): FirewallRule | undefined {
  return inForce(firewall, profile).find(
    ({ action, remoteAddresses }) => action === 'block' && remoteAddresses.length === 0,
  );
}

function inForce({ profiles, rules }: FirewallState, profile: ProfileName): readonly FirewallRule[] {
  return rules.filter(
    (rule) =>
      rule.active &&
      rule.profiles.includes(profile) &&
      (rule.setBy === 'policy' || profiles[profile].mergesLocalRules),
  );
}

/** A block rule wins over every allow rule, and a profile without exceptions over both. */
function isBlocked(firewall: FirewallState, profile: ProfileName): boolean {
  const { enabled, defaultInbound, blocksAll } = firewall.profiles[profile];
  if (!enabled.effective) return false;
  if (blocksAll === true) return true;
  if (blocking(firewall, profile) !== undefined) return true;
  return defaultInbound === 'block' && admitting(firewall, profile).length === 0;
}

function whyBlocked(firewall: FirewallState, profile: ProfileName): string {
  if (firewall.profiles[profile].blocksAll === true)
    return 'it is set to block every incoming connection, whatever the rules say (DoNotAllowExceptions)';
  const blocker = blocking(firewall, profile);
  if (blocker !== undefined) return `the rule ${blocker.id} blocks them`;
  const kept = firewall.rules.some(
    ({ active, action, setBy, profiles }) =>
      active && action === 'allow' && setBy === 'machine' && profiles.includes(profile),
  );
  return kept ? 'the policy ignores the local rule that admits them' : 'no active rule admits them';
}
