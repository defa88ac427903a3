import { portUnreachable } from '../../../src/core/causes/port-unreachable.ts';
import { checkCause, connect, none, seen, unseen } from './evidence.ts';
import { onDisk } from './windows-evidence.ts';

checkCause(portUnreachable, [
  {
    name: 'the port refuses',
    evidence: { 'tcp.connect': seen(connect('refused')) },
    verdict: 'confirmed',
    facts: ['tcp.connect'],
    says: ['From this machine', '192.0.2.4 refused it', 'nothing listens on the port'],
  },
  {
    name: 'the port does not answer, and on the machine TermService listens',
    evidence: {
      'tcp.connect': seen(connect('timeout')),
      'listener.owner': onDisk({ process: 'svchost.exe', service: 'TermService' }),
    },
    verdict: 'confirmed',
    facts: ['tcp.connect', 'listener.owner'],
    says: ['TermService listens on its port'],
  },
  {
    name: 'the port does not answer, and on the machine another program listens',
    evidence: {
      'tcp.connect': seen(connect('timeout')),
      'listener.owner': onDisk({ process: 'acme.exe' }),
    },
    verdict: 'confirmed',
    facts: ['tcp.connect'],
  },
  {
    name: 'one address drops, the other has no way to it',
    evidence: { 'tcp.connect': seen(connect('timeout', 'unreachable')) },
    verdict: 'confirmed',
    facts: ['tcp.connect'],
    says: ['192.0.2.4 did not answer and 192.0.2.5 is unreachable', 'dropped', 'no route to it'],
  },
  {
    name: 'this machine has no way there, and says why',
    evidence: {
      'tcp.connect': seen({
        ...connect('unreachable'),
        addresses: [
          { address: '192.0.2.4', state: 'unreachable', millis: 1, detail: 'no IPv6 here' },
          { address: '192.0.2.5', state: 'unreachable', millis: 1, detail: 'no IPv6 here' },
        ],
      }),
    },
    verdict: 'confirmed',
    facts: ['tcp.connect'],
    says: [/no IPv6 here(?!.*no IPv6 here)/],
  },
  {
    name: 'the list of addresses is empty',
    evidence: { 'tcp.connect': seen({ ...connect('timeout'), addresses: [] }) },
    verdict: 'confirmed',
    facts: ['tcp.connect'],
    says: ['192.0.2.4 did not answer'],
  },
  {
    name: 'a second address is open',
    evidence: { 'tcp.connect': seen(connect('timeout', 'open')) },
    verdict: 'ruled-out',
    facts: ['tcp.connect'],
    says: ['192.0.2.5 opened in 12 ms', '192.0.2.4 (timeout)'],
  },
  {
    name: 'an open address counts, whatever the list says',
    evidence: { 'tcp.connect': seen({ ...connect('timeout'), state: 'open' }) },
    verdict: 'ruled-out',
    facts: ['tcp.connect'],
  },
  {
    name: 'the port is open',
    evidence: { 'tcp.connect': seen(connect('open')) },
    verdict: 'ruled-out',
    facts: ['tcp.connect'],
    says: [/opened in 12 ms\.$/],
  },
  {
    name: 'the target has no address',
    evidence: { 'tcp.connect': none() },
    verdict: 'likely',
    facts: ['tcp.connect'],
  },
  {
    name: 'the name was not resolved',
    evidence: { 'tcp.connect': unseen('no-channel', 'no such name') },
    verdict: 'inconclusive',
    facts: ['tcp.connect'],
    says: ['tcp.connect could not be read (no such name)'],
    settledBy: ['HOST', '--disk'],
  },
]);
