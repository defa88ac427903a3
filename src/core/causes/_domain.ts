import type { Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { DomainMembership, RelevantEvent } from '../model/windows-facts.ts';
import { type EventTest, fieldOf, isEvent, PROVIDER } from './_events.ts';
import { ruledOut, seenValue } from './_judge.ts';

/** The judgement on a machine that is known not to be a member: what the domain lacks stops nobody there. */
export function ruledOutByMembership(evidence: Pick<Evidence, 'domain.membership'>): Judgement | undefined {
  const membership = seenValue(evidence['domain.membership']);
  if (membership === undefined || membership.joined) return undefined;
  return ruledOut(
    ['domain.membership'],
    `The machine is not a member of an Active Directory domain${
      membership.entraJoined === true ? ' (it is joined to Microsoft Entra ID)' : ''
    }, so no domain is involved when somebody signs in.`,
  );
}

/** Whether the machine is known to belong to nobody: neither to a domain nor to Microsoft Entra ID. */
export function isInWorkgroup(membership: DomainMembership | undefined): boolean {
  return membership !== undefined && !membership.joined && membership.entraJoined !== true;
}

/** The same of the evidence. */
export function standsInWorkgroup(evidence: Pick<Evidence, 'domain.membership'>): boolean {
  return isInWorkgroup(seenValue(evidence['domain.membership']));
}

/** `in a workgroup`, of a machine outside every domain. */
export function describeAlone({ entraJoined }: DomainMembership): string {
  return entraJoined === true ? 'joined to Microsoft Entra ID' : 'in a workgroup';
}

/** `a member of corp.example.com`. */
export function describeMembership({ domain, netbiosDomain }: DomainMembership): string {
  return `a member of ${domain ?? netbiosDomain ?? 'a domain'}`;
}

/** The machine read its policy from a controller with its own account. */
const POLICY_APPLIED = [1500, 1502];

/** Network and interactive sign-ins; the cached ones (11 to 13) need no controller and no trust. */
const FRESH_LOGON_TYPES = ['2', '3', '10'];

/**
 * Whether the event shows a machine that its domain trusts: it applied its policy, or somebody of its
 * own domain signed in. Sign-ins of services and of local accounts prove nothing of it.
 */
export function showsTrust(membership: DomainMembership | undefined): EventTest {
  return (event) => appliedPolicy(event) || isDomainSignIn(event, membership);
}

/** The same, without the sign-ins by a Kerberos ticket: the client fetched that, not this machine. */
export function showsController(membership: DomainMembership | undefined): EventTest {
  return (event) =>
    appliedPolicy(event) ||
    (isDomainSignIn(event, membership) &&
      !(
        fieldOf(event, 'LogonType') === '3' &&
        fieldOf(event, 'AuthenticationPackageName')?.toLowerCase() === 'kerberos'
      ) &&
      // Says nothing of how: it may have been a ticket.
      !isEvent(event, PROVIDER.connections, 1149));
}

function appliedPolicy(event: RelevantEvent): boolean {
  return isEvent(event, PROVIDER.policy, ...POLICY_APPLIED);
}

function isDomainSignIn(event: RelevantEvent, membership: DomainMembership | undefined): boolean {
  const ours = [membership?.domain, membership?.netbiosDomain].map((name) => name?.toLowerCase());
  const isOurs = (name: string | undefined): boolean =>
    name !== undefined && name !== '' && ours.includes(name.toLowerCase());
  if (isEvent(event, PROVIDER.security, 4624)) {
    return (
      FRESH_LOGON_TYPES.includes(fieldOf(event, 'LogonType') ?? '') &&
      isOurs(fieldOf(event, 'TargetDomainName'))
    );
  }
  return isEvent(event, PROVIDER.connections, 1149) && isOurs(fieldOf(event, 'Param2'));
}
