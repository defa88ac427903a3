import { ntlmBlocked } from '../../../src/core/causes/ntlm-blocked.ts';
import { checkCause, none, seen } from './evidence.ts';
import { MEMBER, onDisk, STANDALONE, set } from './windows-evidence.ts';

const CHALLENGE = seen({ netbiosComputer: 'VM1' });
const WORKGROUP = {
  'ntlm.restrictReceiving': set(2),
  'domain.membership': STANDALONE,
  'listener.userAuthentication': set(1),
};

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
    name: 'every account is refused, no domain and NLA required',
    evidence: WORKGROUP,
    verdict: 'confirmed',
    facts: ['ntlm.restrictReceiving', 'domain.membership', 'listener.userAuthentication'],
    says: ['RestrictReceivingNTLMTraffic is 2', 'nobody can sign in'],
  },
  {
    name: 'the same, and the listener says that NLA is required',
    evidence: { ...WORKGROUP, 'listener.userAuthentication': set(0), 'rdp.nla': seen('required') },
    verdict: 'confirmed',
    facts: ['ntlm.restrictReceiving', 'domain.membership', 'rdp.nla', 'listener.userAuthentication'],
  },
  {
    name: 'blocked, by the server itself, in a workgroup: no word of Kerberos',
    evidence: {
      'ntlm.refusal': seen({ status: 0xc0000418, name: 'STATUS_NTLM_BLOCKED' }),
      'domain.membership': STANDALONE,
    },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
    says: ['is in a workgroup', /^(?!.*Kerberos)/],
  },
  {
    name: 'domain accounts alone are refused',
    evidence: { ...WORKGROUP, 'ntlm.restrictReceiving': set(1) },
    verdict: 'inconclusive',
    facts: ['ntlm.challenge', 'ntlm.refusal', 'nla.logon'],
  },
  {
    name: 'without NLA there is another way in',
    evidence: { ...WORKGROUP, 'listener.userAuthentication': set(0) },
    verdict: 'inconclusive',
    facts: ['ntlm.challenge', 'ntlm.refusal', 'nla.logon'],
  },
  {
    name: 'a member has Kerberos',
    evidence: { ...WORKGROUP, 'domain.membership': MEMBER },
    verdict: 'inconclusive',
    facts: ['ntlm.challenge', 'ntlm.refusal', 'nla.logon'],
  },
  {
    name: 'Entra accounts do without',
    evidence: { ...WORKGROUP, 'domain.membership': onDisk({ joined: false, entraJoined: true }) },
    verdict: 'inconclusive',
    facts: ['ntlm.challenge', 'ntlm.refusal', 'nla.logon'],
  },
  {
    name: 'every account is refused, and yet a password was looked at',
    evidence: { ...WORKGROUP, 'nla.logon': seen({ status: 0xc000006a, name: 'STATUS_WRONG_PASSWORD' }) },
    verdict: 'ruled-out',
    facts: ['nla.logon'],
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
  {
    name: 'a package that is not there, right after NEGOTIATE',
    evidence: { 'ntlm.refusal': seen({ status: 0x80090305, name: 'SEC_E_SECPKG_NOT_FOUND' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
    says: ['0x80090305'],
  },
  {
    name: 'SPNEGO rejects NTLM, on a member',
    evidence: { 'ntlm.refusal': seen({ name: 'SPNEGO reject' }), 'domain.membership': MEMBER },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
    says: ['(SPNEGO reject)', 'Kerberos', /^(?!.*0x)/],
  },
  {
    name: 'CredSSP was looked for and is not there',
    evidence: { 'rdp.nla': none() },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'every account is refused, and whether NLA is required is not known',
    evidence: { 'ntlm.restrictReceiving': set(2), 'domain.membership': STANDALONE },
    verdict: 'inconclusive',
    facts: ['ntlm.challenge', 'ntlm.refusal', 'nla.logon'],
  },
  {
    name: 'neither a challenge nor a refusal was met',
    evidence: { 'ntlm.challenge': none(), 'ntlm.refusal': none() },
    verdict: 'inconclusive',
    facts: ['nla.logon'],
  },
]);
