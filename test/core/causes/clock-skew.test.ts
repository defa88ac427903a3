import { clockSkew } from '../../../src/core/causes/clock-skew.ts';
import { failure, success, tally } from './account-rows.ts';
import { checkCause, none, seen, unseen } from './evidence.ts';
import { event, MEMBER, onDisk, STANDALONE, timeline } from './windows-evidence.ts';

checkCause(clockSkew, [
  {
    name: 'ten minutes ahead',
    evidence: { 'clock.skewSeconds': seen(600) },
    verdict: 'likely',
    facts: ['clock.skewSeconds'],
    says: ['10 min ahead of the clock here', 'still works', 'Which clock is wrong'],
  },
  {
    name: 'a second past the tolerance, behind',
    evidence: { 'clock.skewSeconds': seen(-301) },
    verdict: 'likely',
    facts: ['clock.skewSeconds'],
    says: ['5 min 1 s behind'],
  },
  {
    name: 'two days: NTLM fails too',
    evidence: { 'clock.skewSeconds': seen(2 * 86_400) },
    verdict: 'likely',
    facts: ['clock.skewSeconds'],
    says: ['2 d ahead', 'fails too'],
  },
  {
    name: 'an hour ahead, outside any domain: no word of Kerberos',
    evidence: { 'clock.skewSeconds': seen(3600), 'domain.membership': STANDALONE },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds', 'domain.membership'],
    says: ['is in a workgroup', /^(?!.*Kerberos)/],
    remark: /1 h ahead .*stops no sign-in/,
  },
  {
    name: 'at the patience of a password, outside any domain',
    evidence: { 'clock.skewSeconds': seen(-36 * 3600), 'domain.membership': STANDALONE },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds', 'domain.membership'],
    remark: /behind/,
  },
  {
    name: 'two days, outside any domain',
    evidence: { 'clock.skewSeconds': seen(2 * 86_400), 'domain.membership': STANDALONE },
    verdict: 'likely',
    facts: ['clock.skewSeconds', 'domain.membership'],
    says: ['about 36 hours', /^(?!.*Kerberos)/],
    advice: /^(?!.*(?:NTLM|Kerberos)).*w32tm/,
  },
  {
    name: 'an hour ahead, a member',
    evidence: { 'clock.skewSeconds': seen(3600), 'domain.membership': MEMBER },
    verdict: 'likely',
    facts: ['clock.skewSeconds'],
  },
  {
    name: 'a step that was refused, outside any domain',
    evidence: {
      'domain.membership': STANDALONE,
      'events.relevant': timeline(event('Time-Service', 34, 30)),
    },
    verdict: 'inconclusive',
    facts: ['clock.skewSeconds'],
  },
  {
    name: 'the server says so',
    evidence: {
      'clock.skewSeconds': seen(0),
      'nla.logon': seen({ status: 0xc0000133, name: 'STATUS_TIME_DIFFERENCE_AT_DC' }),
    },
    verdict: 'likely',
    facts: ['nla.logon'],
    says: ['0xC0000133'],
  },
  {
    name: 'at the tolerance',
    evidence: { 'clock.skewSeconds': seen(300) },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds'],
    says: ['5 min ahead'],
  },
  {
    name: 'on time',
    evidence: { 'clock.skewSeconds': seen(0), 'nla.logon': seen({ status: 0xc000006a, name: 'X' }) },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds'],
    says: ['in step with the clock here'],
  },
  {
    name: 'the server states no clock',
    evidence: { 'clock.skewSeconds': none() },
    verdict: 'inconclusive',
    facts: ['clock.skewSeconds'],
    says: ['is not stated by the server'],
  },
  {
    name: 'the clock was not read',
    evidence: { 'clock.skewSeconds': unseen() },
    verdict: 'inconclusive',
    facts: ['clock.skewSeconds'],
  },
  // Judged by the settings.
  {
    name: 'a step was refused, and the clock has not been set since',
    evidence: { 'events.relevant': timeline(event('Time-Service', 35, 10), event('Time-Service', 34, 30)) },
    verdict: 'likely',
    facts: ['events.relevant'],
    says: ['Time-Service event 34'],
  },
  {
    name: 'Kerberos said that the clocks differ',
    evidence: { 'events.relevant': timeline(event('Security-Kerberos', 3, 30, { ErrorCode: '0x25' })) },
    verdict: 'likely',
    facts: ['events.relevant'],
  },
  {
    name: 'the clock is right now, whatever was',
    evidence: { 'clock.skewSeconds': seen(2), 'events.relevant': timeline(event('Time-Service', 34, 30)) },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds'],
  },
  {
    name: 'synchronised after it: that supports, and proves nothing of now',
    evidence: { 'events.relevant': timeline(event('Time-Service', 34, 30), event('Time-Service', 35, 40)) },
    verdict: 'inconclusive',
    facts: ['clock.skewSeconds'],
  },
  {
    name: 'another error of Kerberos',
    evidence: { 'events.relevant': timeline(event('Security-Kerberos', 3, 30, { ErrorCode: '0x7' })) },
    verdict: 'inconclusive',
    facts: ['clock.skewSeconds'],
  },
  {
    name: 'the server breaks off with it before any name was sent',
    evidence: { 'ntlm.refusal': seen({ status: 0xc0000133, name: 'STATUS_TIME_DIFFERENCE_AT_DC' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
  },
  {
    name: "whoever was refused with it; the clock here is not the controller's",
    evidence: {
      'domain.membership': MEMBER,
      'clock.skewSeconds': seen(2),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc0000133, { account: 'somebody' })] })),
    },
    verdict: 'likely',
    facts: ['logon.failures', 'domain.membership'],
    says: ['sign-in of somebody was refused', 'Security.evtx#4711'],
  },
  {
    name: 'the clock was set right after that',
    evidence: {
      'clock.skewSeconds': seen(2),
      'events.relevant': timeline(event('Time-Service', 35, 40)),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc0000133)] })),
    },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds'],
  },
  {
    name: 'a user of the domain signed in after that',
    evidence: {
      'domain.membership': MEMBER,
      'clock.skewSeconds': seen(2),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc0000133)], successes: [success(40)] })),
    },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds'],
  },
  {
    name: 'two days behind: NTLM fails too',
    evidence: { 'clock.skewSeconds': seen(-2 * 86_400) },
    verdict: 'likely',
    facts: ['clock.skewSeconds'],
    says: ['2 d behind', 'fails too'],
  },
  {
    name: 'at the patience of NTLM, of a member',
    evidence: { 'clock.skewSeconds': seen(36 * 3600), 'domain.membership': MEMBER },
    verdict: 'likely',
    facts: ['clock.skewSeconds'],
    says: [/^(?!.*fails too)/],
  },
  {
    name: 'two days behind, outside any domain',
    evidence: { 'clock.skewSeconds': seen(-2 * 86_400), 'domain.membership': STANDALONE },
    verdict: 'likely',
    facts: ['clock.skewSeconds', 'domain.membership'],
    advice: /w32tm/,
  },
  {
    name: 'an hour, of a machine that is joined to Entra ID alone',
    evidence: {
      'clock.skewSeconds': seen(3600),
      'domain.membership': onDisk({ joined: false, entraJoined: true }),
    },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds', 'domain.membership'],
    says: ['Entra', /^(?!.*workgroup)/],
    remark: /1 h ahead/,
  },
  {
    name: 'within the tolerance, outside any domain',
    evidence: { 'clock.skewSeconds': seen(-300), 'domain.membership': STANDALONE },
    verdict: 'ruled-out',
    facts: ['clock.skewSeconds'],
    says: ['5 min behind'],
    remarks: null,
  },
  {
    name: 'a ticket that is not valid yet',
    evidence: { 'events.relevant': timeline(event('Security-Kerberos', 5, 30)) },
    verdict: 'likely',
    facts: ['events.relevant'],
  },
  {
    name: 'a user of the domain signed in by a ticket after a refusal: the client fetched that',
    evidence: {
      'domain.membership': MEMBER,
      'clock.skewSeconds': seen(2),
      'logon.failures': onDisk(
        tally({
          statuses: [failure(0xc0000133)],
          successes: [success(40, { authentication: 'Kerberos' })],
        }),
      ),
    },
    verdict: 'likely',
    facts: ['logon.failures', 'domain.membership'],
  },
]);
