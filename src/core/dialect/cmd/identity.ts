import type { Membership } from '../../windows/inquiry.ts';
import { type Command, isDoubtful, type Output } from './command.ts';

/** Who runs the script, as `"corp\\alice","S-1-5-21-…"`. */
export const WHOAMI: Command = { id: 'whoami', program: 'whoami.exe', words: '/user /fo csv /nh' };
/** Whether the machine is joined, and to what. Windows 10 and Server 2016 on; never translated. */
export const JOIN_STATE: Command = { id: 'join state', program: 'dsregcmd.exe', words: '/status' };

interface Account {
  readonly authority: string;
  readonly name: string;
  /** Of the machine or the domain: without the account's own number. */
  readonly domainSid: string;
}

function accountOf(output: Output | undefined): Account | undefined {
  if (output?.state !== 'printed' || output.status !== 0) return undefined;
  const row = /^"([^"\\]+)\\([^"\\]+)","(S-1-5-21(?:-\d{1,10}){3})-\d{1,10}"\s*$/.exec(output.text.trim());
  return row === null ? undefined : { authority: row[1] ?? '', name: row[2] ?? '', domainSid: row[3] ?? '' };
}

/** `undefined` where the account is none of the machine's own. */
export function machineSidOf(
  whoami: Output | undefined,
  computerName: string | undefined,
): string | undefined {
  const account = accountOf(whoami);
  return isSame(account?.authority, computerName) ? account?.domainSid : undefined;
}

/**
 * Membership where the LSA's own keys are closed to us: whether the machine is joined is dsregcmd's `DomainJoined`, and
 * the domain's SID that of an account of the domain that it names, where one runs the script.
 * Source: "Troubleshoot devices by using the dsregcmd command" (learn.microsoft.com): Device State.
 * @returns `undefined` where neither is told
 */
export function membershipOf(
  joinState: Output | undefined,
  whoami: Output | undefined,
  dnsSuffix: string | undefined,
): Membership | undefined {
  if (joinState?.state !== 'printed' || joinState.status !== 0) return undefined;
  const rows = joinState.text.split('\n').map((line) => [line.indexOf(':'), line] as const);
  const row = (name: string): string | undefined =>
    rows.flatMap(([at, line]) => (line.slice(0, at).trim() === name ? [line.slice(at + 1).trim()] : []))[0];
  const joined = row('DomainJoined');
  if (joined === 'NO') return {};
  const netbiosDomain = row('DomainName');
  const account = accountOf(whoami);
  if (joined !== 'YES' || netbiosDomain === undefined || account === undefined) return undefined;
  if (!isSame(account.authority, netbiosDomain) || isDoubtful(netbiosDomain)) return undefined;
  return {
    sid: account.domainSid,
    ...(dnsSuffix === undefined || dnsSuffix === '' ? {} : { domain: dnsSuffix }),
    netbiosDomain,
  };
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one.toLowerCase() === other.toLowerCase();
}
