import { type EventOrigin, type EventRow, event } from './event-row.ts';

const SYSTEM = { channel: 'System', source: 'practice', sure: 'practice' } as const;
const EVENT_LOG: EventOrigin = { ...SYSTEM, provider: 'EventLog' };
const POWER: EventOrigin = { ...SYSTEM, provider: 'Microsoft-Windows-Kernel-Power' };
const USER32: EventOrigin = { ...SYSTEM, provider: 'User32' };
const REPAIR: EventOrigin = { ...SYSTEM, provider: 'Microsoft-Windows-StartupRepair' };
const AAD: EventOrigin = {
  ...SYSTEM,
  channel: 'Microsoft-Windows-AAD/Operational',
  provider: 'Microsoft-Windows-AAD',
};
const DEVICE: EventOrigin = {
  ...SYSTEM,
  channel: 'Microsoft-Windows-User Device Registration/Admin',
  provider: 'Microsoft-Windows-User Device Registration',
};
const EXHAUSTION: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-Resource-Exhaustion-Detector',
  source: 'Microsoft: Detecting low virtual memory conditions in Windows 2008 and R2',
  sure: 'verified',
};
const SERVER: EventOrigin = { ...SYSTEM, provider: 'srv' };
const INTEGRITY: EventOrigin = {
  ...SYSTEM,
  channel: 'Microsoft-Windows-CodeIntegrity/Operational',
  provider: 'Microsoft-Windows-CodeIntegrity',
};

const RESTORED = 'Was the machine restored to an older state? Its machine password is then old too';
const ENTRA = 'dsregcmd /status on the target';

/** Events of the machine's own history, of Entra ID and of code integrity. */
export const MACHINE_EVENTS: readonly EventRow[] = [
  event(EVENT_LOG, 6005, 'event log started', 'Windows has started at about this time.'),
  event(EVENT_LOG, 6006, 'event log stopped', 'Windows was shut down properly.'),
  event(
    EVENT_LOG,
    6008,
    'unexpected shutdown',
    'The last shutdown was not a proper one: a power loss, a crash or a swapped disk.',
    {
      causes: ['machine-password-mismatch'],
      look: [RESTORED],
    },
  ),
  event(POWER, 41, 'restarted without a shutdown', 'Windows started without having been shut down.', {
    causes: ['machine-password-mismatch', 'machine-not-ready'],
    look: [RESTORED],
  }),
  event(
    USER32,
    1074,
    'restart or shutdown requested',
    'A person or a program requested a restart; the event says who and why.',
    {
      fields: ['process', 'computer', 'reason', 'user'],
    },
  ),
  event(
    REPAIR,
    1208,
    'startup repair ran',
    'Windows repaired its startup and may have gone back to an older state.',
    {
      causes: ['machine-password-mismatch'],
      look: [RESTORED],
    },
  ),
  event(
    EXHAUSTION,
    2004,
    'virtual memory low',
    'Windows found that hardly any virtual memory was left; the event names the programs that took the most.',
    { proves: ['resources-exhausted'] },
  ),
  event(
    SERVER,
    2019,
    'nonpaged pool empty',
    'The kernel could not give out memory that is never paged; a driver may not give its own back.',
    { proves: ['resources-exhausted'] },
  ),
  event(SERVER, 2020, 'paged pool empty', 'The kernel could not give out paged memory.', {
    proves: ['resources-exhausted'],
  }),
  event(
    AAD,
    1097,
    'Entra sign-in error',
    "Signing in with Entra ID failed; the event's text holds the error code.",
    {
      causes: ['entra-sign-in-refused'],
      look: [ENTRA],
    },
  ),
  event(
    AAD,
    1098,
    'Entra token error',
    "No token could be obtained from Entra ID; the event's text holds the error code.",
    {
      causes: ['entra-sign-in-refused'],
      look: [ENTRA],
    },
  ),
  event(DEVICE, 304, 'device registration failed', 'The machine could not register itself with Entra ID.', {
    causes: ['entra-sign-in-refused'],
    look: [ENTRA],
  }),
  event(
    INTEGRITY,
    3033,
    'module kept out of the LSA',
    'A module was not loaded because it is not signed as LSA protection requires.',
    {
      causes: ['lsa-packages-damaged'],
      look: ['Lsa\\RunAsPPL; which module it is, and whether a sign-in needs it'],
    },
  ),
  event(
    INTEGRITY,
    3063,
    'module kept out of the LSA',
    'A module was not loaded because it does not meet the requirements of LSA protection.',
    {
      causes: ['lsa-packages-damaged'],
      look: ['Lsa\\RunAsPPL; which module it is, and whether a sign-in needs it'],
    },
  ),
];
