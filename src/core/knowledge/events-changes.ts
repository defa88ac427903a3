import { type EventOrigin, type EventRow, event } from './event-row.ts';

const UPDATES: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-WindowsUpdateClient',
  source: 'practice',
  sure: 'practice',
};
const SERVICES: EventOrigin = { ...UPDATES, provider: 'Service Control Manager' };
const AUDIT: EventOrigin = {
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
  source: 'Microsoft: Advanced security auditing',
  sure: 'verified',
};

/** Events that tell of a change to the machine: none is a fault, each may be what a fault began with. */
export const CHANGE_EVENTS: readonly EventRow[] = [
  event(UPDATES, 19, 'update installed', 'Windows Update installed the update that the event names.', {
    fields: ['updateTitle'],
  }),
  event(SERVICES, 7045, 'service installed', 'A service was added to the machine.', {
    fields: ['ServiceName', 'ImagePath', 'AccountName'],
  }),
  event(AUDIT, 4657, 'registry value changed', 'An audited registry value was changed.', {
    fields: ['ObjectName', 'ObjectValueName', 'OldValue', 'NewValue', 'SubjectUserName'],
  }),
  event(AUDIT, 4697, 'service installed', 'A service was added to the machine.', {
    fields: ['ServiceName', 'ServiceFileName', 'SubjectUserName'],
  }),
  event(AUDIT, 4704, 'user right assigned', 'An account was given a right.', {
    fields: ['PrivilegeList', 'TargetSid', 'SubjectUserName'],
  }),
  event(AUDIT, 4705, 'user right removed', 'A right was taken from an account.', {
    fields: ['PrivilegeList', 'TargetSid', 'SubjectUserName'],
  }),
  event(
    AUDIT,
    4717,
    'sign-in right granted',
    'An account was given the sign-in right that the event names.',
    {
      fields: ['AccessGranted', 'TargetSid', 'SubjectUserName'],
    },
  ),
  event(
    AUDIT,
    4718,
    'sign-in right removed',
    'The sign-in right that the event names was taken from an account.',
    {
      fields: ['AccessRemoved', 'TargetSid', 'SubjectUserName'],
    },
  ),
  event(AUDIT, 4739, 'domain policy changed', 'A password, lockout or Kerberos policy was changed.', {
    fields: ['DomainPolicyChanged', 'SubjectUserName'],
  }),
  event(AUDIT, 4946, 'firewall rule added', 'A firewall rule was added.', { fields: ['RuleName'] }),
  event(AUDIT, 4947, 'firewall rule changed', 'A firewall rule was changed.', {
    fields: ['RuleName'],
  }),
  event(AUDIT, 4948, 'firewall rule deleted', 'A firewall rule was deleted.', {
    fields: ['RuleName'],
  }),
  event(AUDIT, 4950, 'firewall setting changed', 'A firewall setting was changed.', {
    fields: ['SettingType', 'SettingValue'],
  }),
];

/** Rows of other tables that tell of a change as well: start types, restarts. */
const CHANGES_ELSEWHERE: readonly string[] = ['service control manager/7040', 'user32/1074'];

const CHANGES: ReadonlySet<string> = new Set([
  ...CHANGE_EVENTS.map(({ provider, id }) => `${provider.toLowerCase()}/${id}`),
  ...CHANGES_ELSEWHERE,
]);

/** Whether an event tells of a change to the machine; case of the provider does not matter. */
export function isChange(provider: string, id: number): boolean {
  return CHANGES.has(`${provider.toLowerCase()}/${id}`);
}
