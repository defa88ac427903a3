import type { UnknownWhy } from '../../../core/model/observation.ts';
import type { SmbFailure, SmbFailureReason } from '../../../core/protocol/smb2/failure.ts';

const OTHERWISE = 'use --ssh or rdpdoctor collect';
const OTHER_ACCOUNT = `Name another account, or ${OTHERWISE}.`;

interface Meaning {
  readonly why: UnknownWhy;
  /** What to do: a sentence. */
  readonly advice: string;
}

const NOT_TRUSTED: Meaning = {
  why: 'no-channel',
  advice: `Somebody or something on the way may change what passes, so nothing was believed: find out what answers on that port, or ${OTHERWISE}.`,
};
const NOT_OURS: Meaning = {
  why: 'no-channel',
  advice: `Look whether Windows' file sharing answers on that port, with SMB 2.1 or later, or ${OTHERWISE}.`,
};
const BUSY: Meaning = { why: 'no-channel', advice: `Try again in a while, or ${OTHERWISE}.` };

const MEANINGS: Readonly<Record<SmbFailureReason, Meaning>> = {
  closed: NOT_OURS,
  timeout: { why: 'timeout', advice: `Allow more with --timeout, or ${OTHERWISE}.` },
  foreign: NOT_OURS,
  'dialect-refused': {
    why: 'no-channel',
    advice: `SMB 2.1 is the least that is spoken here (Windows 7, Server 2008 R2): let the machine speak it, or ${OTHERWISE}.`,
  },
  'negotiation-tampered': NOT_TRUSTED,
  unsigned: NOT_TRUSTED,
  forged: NOT_TRUSTED,
  unencrypted: NOT_TRUSTED,
  guest: { why: 'denied', advice: `Guests see nothing: ${lower(OTHER_ACCOUNT)}` },
  'null-session': { why: 'denied', advice: `Nobody sees nothing: ${lower(OTHER_ACCOUNT)}` },
  'ntlm-refused': {
    why: 'no-channel',
    advice: `NTLM is what --rpc signs in with, and it is restricted there: ${OTHERWISE}.`,
  },
  'wrong-credential': {
    why: 'denied',
    advice:
      'Check the name (DOMAIN\\user for an account of a domain) and the password, and run rdpdoctor again: no second attempt is made in a run, since Windows locks accounts.',
  },
  'account-state': {
    why: 'denied',
    advice: `The account itself is what is refused; a member of Protected Users cannot sign in with NTLM at all. ${OTHER_ACCOUNT}`,
  },
  'logon-type-refused': {
    why: 'denied',
    advice: `It takes the right to access this computer from the network, which security baselines deny to local accounts. ${OTHER_ACCOUNT}`,
  },
  'domain-unreachable': {
    why: 'no-channel',
    advice: `The machine could not ask its domain about the account, which may be the very trouble: try the built-in Administrator of the machine, or ${OTHERWISE}.`,
  },
  'encryption-required': {
    why: 'no-channel',
    advice: `It may demand encryption that was not agreed on, or the account may lack rights: ${OTHERWISE}.`,
  },
  'access-denied': { why: 'denied', advice: OTHER_ACCOUNT },
  'not-found': { why: 'no-channel', advice: `${upper(OTHERWISE)}.` },
  'pipe-not-available': BUSY,
  'pipe-busy': BUSY,
  'pipe-closed': BUSY,
  'server-busy': BUSY,
  'session-ended': BUSY,
  status: { why: 'no-channel', advice: `${upper(OTHERWISE)}.` },
};

/** Why a session did not come about, and what to do. */
export function meaningOf({ reason, problem }: SmbFailure): Meaning & { readonly problem: string } {
  const said =
    reason === 'foreign'
      ? `what answers there is no SMB 2 server, or breaks its rules (${problem})`
      : problem;
  return { ...MEANINGS[reason], problem: said };
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function upper(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
