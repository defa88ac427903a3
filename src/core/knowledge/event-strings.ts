import type { Sure } from './row.ts';

/**
 * Names of an event's data by position, for whoever gets them without names: the classic interface ([MS-EVEN])
 * gives insertion strings. Where a row is missing they are `param1`, `param2`, …, as in a log whose data has no
 * names. A newer Windows appends to a list; what is behind the last name keeps its number.
 */
export interface EventStrings {
  /** As the event's Provider element names it. */
  readonly provider: string;
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly source: string;
  readonly sure: Sure;
}

const AUDIT = 'Microsoft-Windows-Security-Auditing';
const SUBJECT = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId'] as const;

/** Of the Security log: the order of EventData on the event's own page. */
function audit(id: number, page: string, ...names: readonly string[]): EventStrings {
  return {
    provider: AUDIT,
    ids: [id],
    names,
    source: `Microsoft, "${id}: ${page}", Event XML`,
    sure: 'verified',
  };
}

/** Of Schannel: the order of the insertions in the event's message. */
function schannel(id: number, ...names: readonly string[]): EventStrings {
  return { provider: 'Schannel', ids: [id], names, source: 'Event message text', sure: 'practice' };
}

const EVENT_STRINGS: readonly EventStrings[] = [
  audit(
    4624,
    'An account was successfully logged on',
    ...SUBJECT,
    ...['TargetUserSid', 'TargetUserName', 'TargetDomainName', 'TargetLogonId', 'LogonType'],
    ...['LogonProcessName', 'AuthenticationPackageName', 'WorkstationName', 'LogonGuid'],
    ...['TransmittedServices', 'LmPackageName', 'KeyLength', 'ProcessId', 'ProcessName'],
    ...['IpAddress', 'IpPort', 'ImpersonationLevel'],
  ),
  audit(
    4625,
    'An account failed to log on',
    ...SUBJECT,
    ...['TargetUserSid', 'TargetUserName', 'TargetDomainName', 'Status', 'FailureReason', 'SubStatus'],
    ...['LogonType', 'LogonProcessName', 'AuthenticationPackageName', 'WorkstationName'],
    ...['TransmittedServices', 'LmPackageName', 'KeyLength', 'ProcessId', 'ProcessName'],
    ...['IpAddress', 'IpPort'],
  ),
  audit(
    4648,
    'A logon was attempted using explicit credentials',
    ...SUBJECT,
    ...['LogonGuid', 'TargetUserName', 'TargetDomainName', 'TargetLogonGuid', 'TargetServerName'],
    ...['TargetInfo', 'ProcessId', 'ProcessName', 'IpAddress', 'IpPort'],
  ),
  audit(
    4657,
    'A registry value was modified',
    ...SUBJECT,
    ...['ObjectName', 'ObjectValueName', 'HandleId', 'OperationType', 'OldValueType', 'OldValue'],
    ...['NewValueType', 'NewValue', 'ProcessId', 'ProcessName'],
  ),
  audit(
    4697,
    'A service was installed in the system',
    ...SUBJECT,
    ...['ServiceName', 'ServiceFileName', 'ServiceType', 'ServiceStartType', 'ServiceAccount'],
  ),
  audit(4704, 'A user right was assigned', ...SUBJECT, 'TargetSid', 'PrivilegeList'),
  audit(4705, 'A user right was removed', ...SUBJECT, 'TargetSid', 'PrivilegeList'),
  audit(4717, 'System security access was granted to an account', ...SUBJECT, 'TargetSid', 'AccessGranted'),
  audit(4718, 'System security access was removed from an account', ...SUBJECT, 'TargetSid', 'AccessRemoved'),
  audit(
    4740,
    'A user account was locked out',
    ...['TargetUserName', 'TargetDomainName', 'TargetSid'],
    ...SUBJECT,
  ),
  audit(
    4743,
    'A computer account was deleted',
    'TargetUserName',
    'TargetDomainName',
    'TargetSid',
    ...SUBJECT,
  ),
  audit(
    4768,
    'A Kerberos authentication ticket (TGT) was requested',
    ...['TargetUserName', 'TargetDomainName', 'TargetSid', 'ServiceName', 'ServiceSid', 'TicketOptions'],
    ...['Status', 'TicketEncryptionType', 'PreAuthType', 'IpAddress', 'IpPort'],
    ...['CertIssuerName', 'CertSerialNumber', 'CertThumbprint'],
  ),
  audit(
    4769,
    'A Kerberos service ticket was requested',
    ...['TargetUserName', 'TargetDomainName', 'ServiceName', 'ServiceSid', 'TicketOptions'],
    ...['TicketEncryptionType', 'IpAddress', 'IpPort', 'Status', 'LogonGuid', 'TransmittedServices'],
  ),
  audit(
    4771,
    'Kerberos pre-authentication failed',
    ...['TargetUserName', 'TargetSid', 'ServiceName', 'TicketOptions', 'Status', 'PreAuthType'],
    ...['IpAddress', 'IpPort', 'CertIssuerName', 'CertSerialNumber', 'CertThumbprint'],
  ),
  audit(
    4776,
    'The computer attempted to validate the credentials for an account',
    ...['PackageName', 'TargetUserName', 'Workstation', 'Status'],
  ),
  audit(
    4825,
    'A user was denied the access to Remote Desktop',
    ...['AccountName', 'AccountDomain', 'LogonID', 'ClientAddress'],
  ),
  schannel(36867, 'Type'),
  schannel(36868, 'Type', 'CSPName', 'CSPType', 'KeyName', 'KeyType', 'KeyFlags'),
  schannel(36869, 'Type'),
  schannel(36870, 'Type', 'ErrorCode', 'ErrorStatus'),
  schannel(36871, 'Type', 'ErrorState'),
  schannel(36872, 'Type'),
  schannel(36874, 'Protocol'),
  schannel(36876, 'ErrorCode'),
  schannel(36877, 'ErrorCode'),
  schannel(
    36880,
    ...['Type', 'Protocol', 'CipherSuite', 'ExchangeStrength', 'ContextHandle', 'TargetName'],
    ...['LocalCertSubjectName', 'RemoteCertSubjectName'],
  ),
  schannel(36887, 'AlertDesc'),
  schannel(36888, 'AlertDesc', 'ErrorState', 'TargetName'),
];

const BY_EVENT: ReadonlyMap<string, readonly string[]> = new Map(
  EVENT_STRINGS.flatMap(({ provider, ids, names }) => ids.map((id) => [keyOf(provider, id), names] as const)),
);

/** The name of an insertion string by its position from 0. */
export function stringName(provider: string, id: number, position: number): string {
  return BY_EVENT.get(keyOf(provider, id))?.[position] ?? `param${position + 1}`;
}

function keyOf(provider: string, id: number): string {
  return `${provider.toLowerCase()}/${id}`;
}
