import { type EventOrigin, type EventRow, event } from './event-row.ts';

const NETLOGON: EventOrigin = {
  channel: 'System',
  provider: 'NETLOGON',
  source: 'practice',
  sure: 'practice',
};
const NETLOGON_NTLM: EventOrigin = {
  channel: 'Microsoft-Windows-Security-Netlogon/Operational',
  provider: 'Microsoft-Windows-Security-Netlogon',
  source: 'Event manifest',
  sure: 'verified',
};
const POLICY: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-GroupPolicy',
  source: 'Microsoft: Group Policy event ids; practice',
  sure: 'practice',
};
const TIME: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-Time-Service',
  source: 'Event manifest',
  sure: 'verified',
};
const DNS: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-DNS-Client',
  source: 'practice',
  sure: 'practice',
};
const SCM: EventOrigin = {
  channel: 'System',
  provider: 'Service Control Manager',
  source: 'Microsoft: Service Control Manager events',
  sure: 'verified',
};
const KERNEL: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-Kernel-General',
  source: 'practice',
  sure: 'practice',
};

const DSGETDC = 'nltest /dsgetdc:DOMAIN /force on the target';
const SERVICE = "rdpdoctor explain, followed by the error in the event's text";
const HARDENING = 'Microsoft KB5021130 (CVE-2022-38023)';
const ZEROLOGON = 'Microsoft KB4557222 (CVE-2020-1472)';

/** Events of the domain, of time, DNS, policy and services. */
export const DOMAIN_EVENTS: readonly EventRow[] = [
  event(
    NETLOGON,
    3210,
    'machine not accepted by the controller',
    'The named controller did not accept this machine: its secure channel is broken or the machine passwords differ.',
    {
      fields: ['controller', 'data: status'],
      proves: ['secure-channel-broken'],
      causes: ['secure-channel-broken', 'machine-password-mismatch', 'computer-account-missing'],
      look: ['nltest /sc_verify:DOMAIN', 'The computer object in the directory'],
      source: 'Microsoft: Netlogon event 3210',
      sure: 'verified',
    },
  ),
  event(
    NETLOGON,
    5719,
    'no controller for the secure channel',
    'The machine could not set up a session with any controller. This is about reaching one, not about trust; a single event at startup is often harmless.',
    {
      fields: ['domain', 'reason', 'data: status (5E0000C0 is 0xC000005E)'],
      causes: [
        'domain-controller-unreachable',
        'dns-misconfigured',
        'domain-controller-unhealthy',
        'secure-channel-broken',
      ],
      look: [DSGETDC, 'Do others follow, or did it come only at startup?'],
    },
  ),
  event(
    NETLOGON,
    5721,
    'no valid account on the controller',
    'The controller has no usable account for this machine.',
    {
      causes: ['secure-channel-broken', 'computer-account-missing', 'machine-password-mismatch'],
      look: ['The computer object in the directory'],
    },
  ),
  event(NETLOGON, 5783, 'session to the controller unresponsive', 'The controller stopped answering.', {
    causes: ['domain-controller-unhealthy', 'domain-controller-unreachable'],
  }),
  event(NETLOGON, 3224, 'machine password not changed', 'Changing the machine password failed.', {
    causes: ['machine-password-mismatch', 'domain-controller-unreachable'],
  }),
  event(NETLOGON, 3096, 'no primary controller', "The domain's primary controller was not found.", {
    causes: ['domain-controller-unreachable'],
  }),
  event(
    NETLOGON,
    5823,
    'machine password changed',
    'The machine password was changed. If it no longer matches, this is since when.',
    {
      look: ['Was the machine restored to a state from before this time?'],
    },
  ),
  event(
    NETLOGON,
    5722,
    'session of a member refused (controller)',
    'The controller refused the named machine: its password did not match.',
    {
      fields: ['computer', 'account'],
      proves: ['secure-channel-broken'],
      causes: ['machine-password-mismatch', 'secure-channel-broken'],
    },
  ),
  event(
    NETLOGON,
    5723,
    'no trust account (controller)',
    'The controller has no account for the named machine.',
    {
      fields: ['computer', 'account'],
      proves: ['computer-account-missing'],
      causes: ['computer-account-missing', 'secure-channel-broken'],
    },
  ),
  event(
    NETLOGON,
    5805,
    'member failed to authenticate (controller)',
    'The named machine failed to authenticate.',
    {
      fields: ['computer', 'reason'],
      proves: ['secure-channel-broken'],
      causes: ['machine-password-mismatch', 'secure-channel-broken'],
    },
  ),
  event(
    NETLOGON,
    5774,
    'DNS records not registered (controller)',
    'The controller could not register its records.',
    {
      causes: ['domain-controller-unhealthy', 'dns-misconfigured'],
    },
  ),
  event(NETLOGON, 5781, 'DNS registration failed (controller)', "The controller's records are not in DNS.", {
    causes: ['domain-controller-unhealthy', 'dns-misconfigured'],
  }),
  event(
    NETLOGON,
    5807,
    'subnet without a site (controller)',
    'Clients come from a subnet that belongs to no site.',
    {
      causes: ['domain-controller-unhealthy'],
    },
  ),
  event(
    NETLOGON,
    5816,
    'NTLM sign-ins time out (controller)',
    'NTLM sign-ins cannot be passed on because the capacity for them is used up.',
    {
      causes: ['domain-controller-unhealthy'],
      look: ['MaxConcurrentApi; events 5817 to 5819 are related'],
    },
  ),
  event(
    NETLOGON,
    5827,
    'vulnerable connection refused (controller)',
    'A machine without secure RPC was refused.',
    {
      proves: ['netlogon-hardening-mismatch'],
      source: ZEROLOGON,
      sure: 'verified',
    },
  ),
  event(
    NETLOGON,
    5838,
    'signing instead of sealing (controller)',
    'A machine signs its messages where sealing is required.',
    {
      causes: ['netlogon-hardening-mismatch'],
      source: HARDENING,
      sure: 'verified',
    },
  ),
  event(
    NETLOGON,
    5839,
    'trust without sealing (controller)',
    'A trust signs its messages where sealing is required.',
    {
      causes: ['netlogon-hardening-mismatch'],
      source: HARDENING,
      sure: 'verified',
    },
  ),
  event(NETLOGON, 5840, 'RC4 secure channel (controller)', 'A machine set up its secure channel with RC4.', {
    causes: ['netlogon-hardening-mismatch'],
    source: HARDENING,
    sure: 'verified',
  }),
  event(
    NETLOGON,
    5841,
    'RC4 secure channel refused (controller)',
    'A machine was refused because it uses RC4.',
    {
      proves: ['netlogon-hardening-mismatch'],
      source: HARDENING,
      sure: 'verified',
    },
  ),
  event(
    NETLOGON_NTLM,
    4004,
    'NTLM blocked in the domain (controller)',
    'The controller refused an NTLM sign-in.',
    {
      fields: ['SChannelName', 'UserName', 'DomainName', 'WorkstationName'],
      proves: ['ntlm-blocked'],
    },
  ),
  event(
    NETLOGON_NTLM,
    8004,
    'NTLM audited in the domain (controller)',
    'The controller let an NTLM sign-in pass that it would refuse with the restriction in force.',
    {
      fields: ['SChannelName', 'UserName', 'DomainName', 'WorkstationName'],
      causes: ['ntlm-restricted'],
    },
  ),
  event(
    POLICY,
    1006,
    'policy: cannot bind to the directory',
    'The machine could not sign in to the directory; ErrorCode 49 means bad machine credentials.',
    {
      fields: ['ErrorCode', 'ErrorDescription', 'DCName'],
      causes: ['machine-password-mismatch', 'secure-channel-broken', 'domain-controller-unreachable'],
    },
  ),
  event(POLICY, 1030, 'policy: cannot be queried', 'The list of policies could not be obtained.', {
    causes: ['domain-controller-unreachable', 'domain-controller-unhealthy'],
  }),
  event(POLICY, 1053, 'policy: user name not resolved', "The user's name could not be resolved.", {
    causes: ['domain-controller-unreachable', 'dns-misconfigured'],
  }),
  event(POLICY, 1054, 'policy: no controller name', "No controller's name could be obtained.", {
    causes: ['domain-controller-unreachable', 'dns-misconfigured'],
    look: [DSGETDC],
  }),
  event(POLICY, 1055, 'policy: computer name not resolved', "The computer's name could not be resolved.", {
    causes: ['domain-controller-unreachable', 'dns-misconfigured'],
  }),
  event(POLICY, 1058, 'policy: gpt.ini not readable', 'A policy file on SYSVOL could not be read.', {
    causes: ['domain-controller-unhealthy', 'domain-controller-unreachable'],
    look: ['SYSVOL share and replication'],
  }),
  event(POLICY, 1085, 'policy: an extension failed', 'One part of the policy could not be applied.', {}),
  event(
    POLICY,
    1096,
    'policy: registry.pol damaged',
    'A policy file cannot be read, so its settings stay as they were.',
    {
      causes: ['policy-override'],
    },
  ),
  event(
    POLICY,
    1129,
    'policy: no network to a controller',
    'There was no network connection to any controller.',
    {
      causes: ['domain-controller-unreachable', 'dns-misconfigured'],
      look: [DSGETDC],
    },
  ),
  event(
    POLICY,
    1500,
    'policy applied (computer, no change)',
    "The computer's policy was read and has not changed.",
    {
      refutes: ['domain-controller-unreachable', 'secure-channel-broken'],
    },
  ),
  event(POLICY, 1502, 'policy applied (computer)', "The computer's policy was read and applied.", {
    refutes: ['domain-controller-unreachable', 'secure-channel-broken', 'group-policy-client-disabled'],
  }),
  event(
    TIME,
    34,
    'time step refused',
    "The time source is too far from this machine's clock for it to follow.",
    {
      fields: ['SystemTimeChangeSeconds', 'MaxSystemTimeChangeSeconds', 'TimeSource'],
      proves: ['clock-skew'],
    },
  ),
  event(TIME, 35, 'time synchronised', 'The clock follows the named source.', {
    fields: ['TimeSource'],
    refutes: ['clock-skew'],
  }),
  event(TIME, 36, 'time not synchronised', 'The clock has not followed any source for a long time.', {
    causes: ['clock-skew', 'domain-controller-unreachable'],
  }),
  event(TIME, 38, 'time source not reachable', 'The source cannot be reached.', {
    causes: ['clock-skew', 'domain-controller-unreachable'],
  }),
  event(TIME, 47, 'manual time source silent', 'The manually set time source does not answer.', {
    causes: ['clock-skew'],
  }),
  event(
    TIME,
    50,
    'clock off for some time',
    'The clock has been off by more than the limit for as long as the event says.',
    {
      fields: ['TimeDifferenceMilliseconds', 'TimeSampleSeconds'],
      causes: ['clock-skew'],
    },
  ),
  event(TIME, 52, 'clock set', 'The clock was moved by the offset in the event.', {
    fields: ['TimeOffsetSeconds'],
    causes: ['clock-skew'],
  }),
  event(TIME, 129, 'no time source in the domain', 'No controller was found to take the time from.', {
    fields: ['DomainPeer', 'ErrorMessage'],
    causes: ['domain-controller-unreachable', 'clock-skew'],
    look: ['Events 130 to 136 are related'],
  }),
  event(TIME, 142, 'controller stopped giving time', 'This controller no longer provides the time.', {
    causes: ['domain-controller-unhealthy', 'clock-skew'],
  }),
  event(DNS, 1014, 'name resolution timed out', 'None of the DNS servers answered for the named host.', {
    fields: ['QueryName'],
    causes: ['dns-misconfigured', 'domain-controller-unreachable'],
  }),
  event(SCM, 7000, 'service not started', 'The named service failed to start.', {
    fields: ['param1 service', 'param2 error'],
    causes: ['rdp-service-disabled', 'netlogon-service-disabled'],
    look: [SERVICE],
  }),
  event(SCM, 7001, 'service waits for another', 'The named service depends on one that did not start.', {
    fields: ['param1 service', 'param2 needs', 'param3 error'],
    causes: ['rdp-service-disabled', 'netlogon-service-disabled'],
    look: [SERVICE],
  }),
  event(SCM, 7009, 'service too slow', 'The named service did not report in time.', {
    causes: ['rdp-service-disabled', 'resources-exhausted'],
  }),
  event(SCM, 7011, 'service does not answer', 'The named service did not answer a request in time.', {
    causes: ['rdp-service-disabled', 'machine-not-ready'],
  }),
  event(SCM, 7022, 'service hangs', 'The named service hung while starting.', {
    causes: ['rdp-service-disabled', 'machine-not-ready'],
  }),
  event(SCM, 7023, 'service ended with an error', 'The named service ended with the error in the event.', {
    fields: ['param1 service', 'param2 error'],
    causes: ['rdp-service-disabled'],
    look: [SERVICE],
  }),
  event(
    SCM,
    7024,
    'service ended with its own error',
    'The named service ended with a service-specific error.',
    {
      fields: ['param1 service', 'param2 error'],
      causes: ['rdp-service-disabled'],
    },
  ),
  event(
    SCM,
    7031,
    'service ended unexpectedly',
    'The named service ended unexpectedly and will be started again.',
    {
      causes: ['rdp-service-disabled'],
    },
  ),
  event(
    SCM,
    7034,
    'service ended unexpectedly',
    'The named service ended unexpectedly, and nothing will start it again.',
    {
      causes: ['rdp-service-disabled'],
    },
  ),
  event(SCM, 7038, 'service cannot sign in', 'The named service could not sign in with its account.', {
    causes: ['rdp-service-disabled'],
    look: ['ObjectName of TermService must be NT Authority\\NetworkService'],
  }),
  event(SCM, 7040, 'start type changed', 'Somebody changed the start type of the named service.', {
    fields: ['param1 service', 'param2 before', 'param3 after'],
    causes: ['rdp-service-disabled', 'group-policy-client-disabled', 'netlogon-service-disabled'],
  }),
  event(
    SCM,
    7041,
    'service lacks a right',
    'The account of the named service does not have the right to sign in as a service.',
    {
      causes: ['rdp-service-disabled', 'user-right-missing'],
    },
  ),
  event(KERNEL, 1, 'clock changed', "The machine's clock was changed.", { causes: ['clock-skew'] }),
  event(KERNEL, 12, 'Windows started', 'Windows started at the time in the event.'),
];
