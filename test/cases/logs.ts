// Event logs: those of a machine that its users got into yesterday, and single events for cases.
import type { FakeEvent, FakeMachine } from '../core/windows/fake-machine.ts';
import type { Role } from './systems.ts';

export const SYSTEM_LOG = 'System';
export const SECURITY_LOG = 'Security';
export const CONNECTIONS_LOG = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational';
export const SESSIONS_LOG = 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational';
export const NTLM_LOG = 'Microsoft-Windows-NTLM/Operational';

const CONNECTIONS = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager';
const SESSIONS = 'Microsoft-Windows-TerminalServices-LocalSessionManager';
export const AUDIT = 'Microsoft-Windows-Security-Auditing';
export const POLICY = 'Microsoft-Windows-GroupPolicy';

/** Hours before the look at 2026-03-01 12:00 UTC. */
export const ago = (hours: number): string =>
  new Date(Date.UTC(2026, 2, 1, 12) - hours * 3_600_000).toISOString();

export const event = (
  provider: string,
  id: number,
  hours: number,
  fields: Readonly<Record<string, string>> = {},
): FakeEvent => ({ provider, id, at: ago(hours), fields });

const fromDomain = (role: Role): boolean => role === 'member' || role === 'controller' || role === 'hybrid';

/** Its users got in 20 hours ago and the day before; the last thing written is two hours old. */
export function healthyLogs(role: Role): NonNullable<FakeMachine['logs']> {
  const domain = fromDomain(role) ? 'CORP' : role === 'entra' ? 'AzureAD' : 'VM1';
  const logon = (type: string, hours: number): FakeEvent =>
    event(AUDIT, 4624, hours, {
      TargetUserName: 'alice',
      TargetDomainName: domain,
      LogonType: type,
      AuthenticationPackageName: fromDomain(role) ? 'Kerberos' : 'Negotiate',
      IpAddress: '10.0.0.77',
    });
  return {
    [SYSTEM_LOG]: [
      event('Microsoft-Windows-Time-Service', 35, 2, { TimeSource: 'dc1.corp.example' }),
      ...(fromDomain(role) ? [event(POLICY, 1500, 3), event(POLICY, 1502, 24)] : []),
      event('Microsoft-Windows-Kernel-General', 12, 47),
      // At start the network is often later than Netlogon; a policy that was read since makes it harmless.
      ...(role === 'member' ? [event('NETLOGON', 5719, 47.5, { param1: 'CORP' })] : []),
      event('EventLog', 6005, 300),
    ],
    [SECURITY_LOG]: [
      logon('10', 20),
      logon('3', 20.01),
      logon('10', 44),
      event(AUDIT, 4624, 300, { LogonType: '5' }),
    ],
    [CONNECTIONS_LOG]: [
      event(CONNECTIONS, 1149, 20.02, { Param1: 'alice', Param2: domain, Param3: '10.0.0.77' }),
      event(CONNECTIONS, 261, 20.03, { listenerName: 'RDP-Tcp' }),
      event(CONNECTIONS, 258, 46.9, { listenerName: 'RDP-Tcp' }),
    ],
    [SESSIONS_LOG]: [
      event(SESSIONS, 21, 20, { User: `${domain}\\alice`, SessionID: '2', Address: '10.0.0.77' }),
      event(SESSIONS, 21, 44, { User: `${domain}\\alice`, SessionID: '2', Address: '10.0.0.77' }),
    ],
  };
}

/** The healthy logs with these events on top, newest first, in the log named. */
export function withEvents(
  logs: NonNullable<FakeMachine['logs']>,
  channel: string,
  events: readonly FakeEvent[],
): NonNullable<FakeMachine['logs']> {
  const all = [...(logs[channel] ?? []), ...events];
  return { ...logs, [channel]: all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)) };
}
