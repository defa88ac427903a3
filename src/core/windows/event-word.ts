import type { EventRow } from '../knowledge/event-row.ts';
import type { EventRecord } from './inquiry.ts';

/** What one event says, once its fields have been looked at. */
export interface EventWord {
  /** Cause ids that it speaks for, and against. */
  readonly proves: readonly string[];
  readonly refutes: readonly string[];
  /** A sign-in by Remote Desktop worked. */
  readonly isSignIn: boolean;
}

const SILENT: EventWord = { proves: [], refutes: [], isSignIn: false };

const SECURITY = 'microsoft-windows-security-auditing';
const KERBEROS_AND_NTLM: readonly number[] = [4768, 4769, 4771, 4776];

/** Logon types: network (the NLA stage), unlock (of a session that was left), remote interactive. */
const REMOTE_LOGONS = ['3', '7', '10'];
const REMOTE_INTERACTIVE = '10';

/** Session Manager 21 (signed in) and 25 (came back), Connection Manager 1149 (NLA passed), RdpCoreTS 66 (got a session). */
const SIGN_INS = new Map<string, readonly number[]>([
  ['microsoft-windows-terminalservices-localsessionmanager', [21, 25]],
  ['microsoft-windows-terminalservices-remoteconnectionmanager', [1149]],
  ['microsoft-windows-remotedesktopservices-rdpcorets', [66]],
]);

/**
 * An event id alone often speaks of too much: services sign in every minute, ticket requests succeed,
 * Schannel is also a client. Such events keep their place in the timeline and say nothing.
 */
export function wordOf(event: EventRecord, row: EventRow | undefined): EventWord {
  if (row === undefined) return SILENT;
  const provider = event.provider.toLowerCase();
  const field = (name: string): string | undefined =>
    Object.entries(event.fields).find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];
  if (provider === SECURITY) {
    const logonType = field('LogonType');
    if ((event.id === 4624 || event.id === 4625) && !REMOTE_LOGONS.includes(logonType ?? '')) return SILENT;
    if (KERBEROS_AND_NTLM.includes(event.id) && /^(?:0x)?0+$/i.test(field('Status') ?? '')) return SILENT;
    return { ...word(row), isSignIn: event.id === 4624 && logonType === REMOTE_INTERACTIVE };
  }
  if (provider === 'schannel' && /^client$/i.test(field('Type') ?? '')) return SILENT;
  if (SIGN_INS.get(provider)?.includes(event.id) !== true) return { ...word(row), isSignIn: false };
  // A sign-in at the console has the same event, and no address.
  return field('Address')?.toUpperCase() === 'LOCAL' ? SILENT : { ...word(row), isSignIn: true };
}

function word({ causes, refutes }: EventRow): Pick<EventWord, 'proves' | 'refutes'> {
  return { proves: causes, refutes };
}
