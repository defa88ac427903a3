import { ntlmRestricted } from '../../../src/core/causes/ntlm-restricted.ts';
import { checkCause, seen, unseen } from './evidence.ts';
import { byDefault, event, MEMBER, onDisk, STANDALONE, set, timeline } from './windows-evidence.ts';

const OPEN = { 'ntlm.restrictReceiving': byDefault(0), 'lsa.lmCompatibilityLevel': byDefault(3) };
const BOTH = ['ntlm.restrictReceiving', 'lsa.lmCompatibilityLevel'] as const;
const WRONG_PASSWORD = seen({ status: 0xc000006d, name: 'STATUS_LOGON_FAILURE' });

checkCause(ntlmRestricted, [
  {
    name: 'every account is refused',
    evidence: { ...OPEN, 'ntlm.restrictReceiving': set(2) },
    verdict: 'likely',
    facts: ['ntlm.restrictReceiving'],
    says: ['from every account', 'Local accounts', 'IP address', 'Kerberos'],
  },
  {
    name: 'domain accounts are refused',
    evidence: { ...OPEN, 'ntlm.restrictReceiving': set(1) },
    verdict: 'likely',
    facts: ['ntlm.restrictReceiving'],
    says: ['from domain accounts', 'Local accounts can still sign in'],
  },
  {
    name: 'domain accounts are refused, on a member',
    evidence: { ...OPEN, 'ntlm.restrictReceiving': set(1), 'domain.membership': MEMBER },
    verdict: 'likely',
    facts: ['ntlm.restrictReceiving', 'domain.membership'],
    says: ['Local accounts can still sign in'],
  },
  {
    name: 'domain accounts are refused where there are none',
    evidence: { ...OPEN, 'ntlm.restrictReceiving': set(1), 'domain.membership': STANDALONE },
    verdict: 'ruled-out',
    facts: ['ntlm.restrictReceiving', 'domain.membership'],
    says: ['is in a workgroup'],
    remark: /Local accounts can still sign in/,
  },
  {
    name: 'every account is refused in a workgroup, and a client without NLA gets in',
    evidence: {
      ...OPEN,
      'ntlm.restrictReceiving': set(2),
      'domain.membership': STANDALONE,
      'listener.userAuthentication': set(0),
    },
    verdict: 'likely',
    facts: ['ntlm.restrictReceiving', 'domain.membership'],
    says: ['does not use Network Level Authentication', /^(?!.*Kerberos)/],
  },
  {
    name: 'every account is refused on a machine that is joined to Entra ID alone',
    evidence: {
      ...OPEN,
      'ntlm.restrictReceiving': set(2),
      'domain.membership': onDisk({ joined: false, entraJoined: true }),
      'listener.userAuthentication': set(1),
    },
    verdict: 'likely',
    facts: ['ntlm.restrictReceiving', 'domain.membership'],
    says: ['A local account'],
  },
  {
    name: 'every account is refused in a workgroup with NLA: another cause',
    evidence: {
      ...OPEN,
      'ntlm.restrictReceiving': set(2),
      'domain.membership': STANDALONE,
      'listener.userAuthentication': set(1),
    },
    verdict: 'ruled-out',
    facts: ['ntlm.restrictReceiving', 'domain.membership'],
    says: ['ntlm-blocked'],
  },
  {
    name: 'domain accounts are refused, and the account that was tried may have been a local one',
    evidence: { ...OPEN, 'ntlm.restrictReceiving': set(1), 'nla.logon': WRONG_PASSWORD },
    verdict: 'likely',
    facts: ['ntlm.restrictReceiving'],
  },
  {
    name: 'the minimum security was not met',
    evidence: {
      ...OPEN,
      'events.relevant': timeline(event('Windows-NTLM', 4010, 30, { RequiredSecurity: '0x20080000' })),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'ntlm.restrictReceiving'],
    says: ['NTLM event 4010'],
  },
  {
    name: 'every account is refused, and yet NTLM was let in',
    evidence: { ...OPEN, 'ntlm.restrictReceiving': set(2), 'nla.logon': WRONG_PASSWORD },
    verdict: 'ruled-out',
    facts: ['nla.logon', 'ntlm.restrictReceiving'],
    says: ['checked the credentials'],
  },
  {
    name: 'as installed',
    evidence: OPEN,
    verdict: 'ruled-out',
    facts: BOTH,
    says: ['LmCompatibilityLevel is 3'],
  },
  {
    name: 'NTLMv2 alone is hardening that every client meets',
    evidence: { ...OPEN, 'lsa.lmCompatibilityLevel': set(5) },
    verdict: 'ruled-out',
    facts: BOTH,
    says: ['only NTLMv2'],
  },
  {
    name: 'an audit is no refusal',
    evidence: { ...OPEN, 'events.relevant': timeline(event('Windows-NTLM', 8002, 30)) },
    verdict: 'ruled-out',
    facts: BOTH,
  },
  {
    name: 'the restriction was not read',
    evidence: { ...OPEN, 'ntlm.restrictReceiving': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['ntlm.restrictReceiving'],
    settledBy: ['--disk', '--rpc'],
  },
  {
    name: 'an event of the sort, on a machine of its own: no word of Kerberos',
    evidence: {
      'events.relevant': timeline(event('Microsoft-Windows-NTLM', 4010, 30)),
      'ntlm.restrictReceiving': set(0),
      'domain.membership': STANDALONE,
    },
    verdict: 'likely',
    facts: ['events.relevant', 'ntlm.restrictReceiving'],
    says: [/^(?!.*Kerberos)/],
  },
  {
    name: 'the same on a member, which has it',
    evidence: {
      'events.relevant': timeline(event('Microsoft-Windows-NTLM', 4010, 30)),
      'domain.membership': MEMBER,
    },
    verdict: 'likely',
    facts: ['events.relevant'],
    says: ['Kerberos'],
  },
]);
