import { connectionFlood } from '../../../src/core/causes/connection-flood.ts';
import { failure, tally } from './account-rows.ts';
import { checkCause, connect, none, seen, selected, unseen } from './evidence.ts';
import { event, onDisk, timeline } from './windows-evidence.ts';

const ATTACK = {
  ...{ total: 4000, remote: 4000, names: 300, namesNeverIn: 300, addresses: 3 },
  busiest: [{ address: '203.0.113.9', count: 3900 }],
  statuses: [failure(0xc0000064, { count: 3900, name: 'STATUS_NO_SUCH_USER' })],
} as const;

const counted = (but: Parameters<typeof tally>[0]) => ({ 'logon.failures': onDisk(tally(but)) });

const INCOMPLETE = event('RemoteConnectionManager', 1006, 30);
const SESSION = (minutes: number) => event('LocalSessionManager', 21, minutes);

checkCause(connectionFlood, [
  {
    name: 'many incomplete connections, and no session since',
    evidence: { 'events.relevant': timeline(SESSION(10), INCOMPLETE) },
    verdict: 'likely',
    facts: ['events.relevant'],
    says: ['event 1006'],
  },
  {
    name: 'many incomplete connections, and a session since',
    evidence: { 'events.relevant': timeline(INCOMPLETE, SESSION(40)) },
    verdict: 'inconclusive',
    facts: ['logon.failures', 'rdp.negotiation'],
  },
  {
    name: 'many incomplete connections, and the listener has room',
    evidence: {
      'events.relevant': timeline(INCOMPLETE),
      'tcp.connect': seen(connect('open')),
      'rdp.negotiation': seen([selected(1, 1)]),
    },
    verdict: 'ruled-out',
    facts: ['tcp.connect', 'rdp.negotiation'],
  },
  {
    name: 'many names from few addresses',
    evidence: counted(ATTACK),
    verdict: 'likely',
    facts: ['logon.failures'],
    says: ['4000 sign-ins', '300 names', '3 addresses', '203.0.113.9'],
    // The finding says it all.
    remarks: null,
  },
  {
    name: 'more names than could be told apart',
    evidence: counted({ ...ATTACK, capped: true }),
    verdict: 'likely',
    facts: ['logon.failures'],
    says: ['at least 300 names'],
  },
  {
    name: 'at the threshold: 100 failures of 20 names from 4 addresses',
    evidence: counted({ ...ATTACK, remote: 100, namesNeverIn: 20, addresses: 4 }),
    verdict: 'likely',
    facts: ['logon.failures'],
  },
  {
    name: 'one failure below it',
    evidence: counted({ ...ATTACK, remote: 99, namesNeverIn: 20, addresses: 4 }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'one name below it',
    evidence: counted({ ...ATTACK, remote: 100, namesNeverIn: 19, addresses: 3 }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'one address above it',
    evidence: counted({ ...ATTACK, remote: 100, namesNeverIn: 20, addresses: 5 }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'no event names its address',
    evidence: counted({ ...ATTACK, addresses: 0 }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'strangers from everywhere are one remark',
    evidence: counted({ ...ATTACK, addresses: 250 }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remarks: ['4000 failed sign-ins', '2026-02-22 12:00 UTC', '0xC0000064 (STATUS_NO_SUCH_USER)', '--user'],
  },
  {
    name: 'those of the account that was named are no others',
    evidence: counted({ ...ATTACK, addresses: 250, accounts: [failure(0xc000006a, { count: 40 })] }),
    user: { name: 'Alice', domain: '' },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remarks: ['3960 failed sign-ins of other accounts'],
  },
  {
    name: 'where only the account that was named failed there is nothing to remark',
    evidence: counted({ remote: 1, accounts: [failure(0xc000006a)] }),
    user: { name: 'alice', domain: 'CORP' },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remarks: null,
  },
  {
    name: 'the listener takes a connection and answers: the attack is a remark',
    evidence: {
      ...counted(ATTACK),
      'tcp.connect': seen(connect('open')),
      'rdp.negotiation': seen([selected(0xb, 8)]),
    },
    verdict: 'ruled-out',
    facts: ['tcp.connect', 'rdp.negotiation'],
    remarks: ['4000 failed sign-ins'],
  },
  {
    name: 'a port that opens and stays silent does not speak against it',
    evidence: {
      ...counted(ATTACK),
      'tcp.connect': seen(connect('open')),
      'rdp.negotiation': seen([{ requested: 0xb, answer: 'silent' }]),
    },
    verdict: 'likely',
    facts: ['logon.failures'],
  },
  {
    name: 'there is no Security log',
    evidence: { 'logon.failures': none(), 'tcp.connect': unseen('not-gathered') },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remarks: null,
  },
  {
    name: 'those of somebody else, or at the console, are not those of the account that was named',
    evidence: counted({
      ...ATTACK,
      addresses: 250,
      accounts: [
        failure(0xc000006a, { count: 40 }),
        failure(0xc000006a, { count: 7, account: 'bob' }),
        failure(0xc000006a, { count: 5, logonType: 2 }),
      ],
    }),
    user: { name: 'alice', domain: 'CORP' },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remarks: ['3960 failed sign-ins'],
  },
  {
    name: 'one failure, and the log does not say how far it reaches',
    evidence: {
      'logon.failures': onDisk({
        ...tally({ remote: 1, statuses: [failure(0xc0000064, { name: 'STATUS_NO_SUCH_USER' })] }),
        since: undefined,
      } as unknown as ReturnType<typeof tally>),
    },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remark: /^(?!.*between).*1 failed sign-in[, ]/,
  },
  {
    name: 'none over the network is none to speak of',
    evidence: counted({ remote: 0, statuses: [failure(0xc000006a, { logonType: 2 })] }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remarks: null,
  },
  {
    name: 'the commonest is one that came over the network',
    evidence: counted({
      remote: 30,
      statuses: [
        failure(0xc0000072, { count: 90, logonType: 2, name: 'STATUS_ACCOUNT_DISABLED' }),
        failure(0xc0000064, { count: 30, name: 'STATUS_NO_SUCH_USER' }),
      ],
    }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remark: /^(?!.*STATUS_ACCOUNT_DISABLED).*STATUS_NO_SUCH_USER/,
  },
  {
    name: 'where no kind of failure was kept, none is named',
    evidence: counted({ remote: 30, statuses: [] }),
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
    remark: /^(?!.*0x)/,
  },
  {
    name: 'from one address, of which none is known',
    evidence: counted({ ...ATTACK, addresses: 1, busiest: [] }),
    verdict: 'likely',
    facts: ['logon.failures'],
    says: ['1 address ', /^(?!.*undefined)(?!.*at least)/],
  },
  {
    name: 'a port that is closed now does not speak against it',
    evidence: {
      ...counted(ATTACK),
      'tcp.connect': seen(connect('refused')),
      'rdp.negotiation': seen([selected(0xb, 8)]),
    },
    verdict: 'likely',
    facts: ['logon.failures'],
  },
  {
    name: 'no attack, and nobody asked the listener',
    evidence: { 'tcp.connect': seen(connect('open')) },
    verdict: 'inconclusive',
    facts: ['logon.failures', 'rdp.negotiation'],
  },
  {
    name: 'no attack to be seen, and the listener was asked in vain',
    evidence: { 'rdp.negotiation': seen([{ requested: 0xb, answer: 'silent' }]) },
    verdict: 'inconclusive',
    facts: ['logon.failures'],
  },
]);
