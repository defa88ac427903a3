import { ntlmBlocked } from '../../../src/core/causes/ntlm-blocked.ts';
import { checkCause, none, seen } from './evidence.ts';

const CHALLENGE = seen({ netbiosComputer: 'VM1' });

checkCause(ntlmBlocked, [
  {
    name: 'the server says that NTLM is blocked',
    evidence: { 'ntlm.refusal': seen({ status: 0xc0000418, name: 'STATUS_NTLM_BLOCKED' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
    says: ['0xC0000418 (STATUS_NTLM_BLOCKED)', 'Kerberos'],
  },
  {
    name: 'it says so after the challenge',
    evidence: {
      'ntlm.challenge': CHALLENGE,
      'nla.logon': seen({ status: 0xc0000418, name: 'STATUS_NTLM_BLOCKED' }),
    },
    verdict: 'likely',
    facts: ['nla.logon'],
    says: ['0xC0000418'],
  },
  {
    name: 'unsupported function right after NEGOTIATE',
    evidence: { 'ntlm.refusal': seen({ status: 0x80090302, name: 'SEC_E_UNSUPPORTED_FUNCTION' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
    says: ['0x80090302', 'points to a policy'],
  },
  {
    name: 'SPNEGO rejects NTLM',
    evidence: { 'ntlm.refusal': seen({ name: 'SPNEGO reject' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
    says: ['(SPNEGO reject)'],
  },
  {
    name: 'the password was looked at',
    evidence: {
      'ntlm.challenge': CHALLENGE,
      'nla.logon': seen({ status: 0xc000006a, name: 'STATUS_WRONG_PASSWORD' }),
    },
    verdict: 'ruled-out',
    facts: ['nla.logon'],
    says: ['0xC000006A'],
  },
  {
    name: 'CredSSP is not offered',
    evidence: { 'rdp.nla': seen('refused'), 'ntlm.challenge': none() },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'a challenge does not refute a policy that acts later',
    evidence: { 'rdp.nla': seen('required'), 'ntlm.challenge': CHALLENGE, 'ntlm.refusal': none() },
    verdict: 'inconclusive',
    facts: ['nla.logon'],
    settledBy: ['--user', '--disk'],
  },
  {
    name: 'the sign-in failed before NTLM was judged',
    evidence: {
      'ntlm.challenge': CHALLENGE,
      'nla.logon': seen({ status: 0xc000005e, name: 'STATUS_NO_LOGON_SERVERS' }),
    },
    verdict: 'inconclusive',
    facts: ['nla.logon'],
  },
  {
    name: 'a refusal that says something else',
    evidence: { 'ntlm.refusal': seen({ status: 0x80090308, name: 'SEC_E_INVALID_TOKEN' }) },
    verdict: 'inconclusive',
    facts: ['nla.logon'],
    says: ['0x80090308'],
  },
  {
    name: 'no challenge, and whether there was a refusal is not known',
    evidence: { 'ntlm.challenge': none() },
    verdict: 'inconclusive',
    facts: ['ntlm.refusal', 'nla.logon'],
  },
  {
    name: 'nothing was seen',
    evidence: {},
    verdict: 'inconclusive',
    facts: ['ntlm.challenge', 'ntlm.refusal', 'nla.logon'],
  },
]);
