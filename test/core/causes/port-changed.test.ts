import { portChanged } from '../../../src/core/causes/port-changed.ts';
import type { Observation } from '../../../src/core/model/observation.ts';
import { checkCause, connect, foreign, seen, selected, unseen } from './evidence.ts';
import { firewall, forced, rule, set } from './windows-evidence.ts';

const REFUSED = seen(connect('refused'));

/** The same, tried at another port. */
function at<T>(port: number, observation: Observation<T>): Observation<T> {
  return observation.state === 'present'
    ? { ...observation, from: { ...observation.from, locator: `tcp://192.0.2.4:${port}` } }
    : observation;
}

checkCause(portChanged, [
  {
    name: '3389 was tried in vain and the listener is elsewhere',
    evidence: { 'tcp.connect': REFUSED, 'listener.portNumber': set(3390) },
    verdict: 'confirmed',
    facts: ['listener.portNumber', 'tcp.connect'],
    says: ['port 3390', 'port 3389 was tried'],
  },
  {
    name: 'another service sits at 3389',
    evidence: {
      'tcp.connect': seen(connect('open')),
      'rdp.negotiation': seen([foreign(0, 'an SSH server')]),
      'listener.portNumber': set(3390),
    },
    verdict: 'confirmed',
    facts: ['listener.portNumber', 'tcp.connect'],
  },
  {
    name: 'a forwarded port was tried in vain',
    evidence: { 'tcp.connect': at(50001, REFUSED), 'listener.portNumber': set(3389) },
    verdict: 'likely',
    facts: ['listener.portNumber', 'tcp.connect'],
    says: ['port 50001', 'forwards'],
  },
  {
    name: 'nobody tried, it is not the usual port, and no rule is for it',
    evidence: { 'listener.portNumber': forced(3390), 'firewall.rdp': firewall('on on on') },
    verdict: 'likely',
    facts: ['listener.portNumber', 'firewall.rdp'],
    says: ['policy', '3389'],
  },
  {
    name: 'a rule for it that is off, or blocks, is none',
    evidence: {
      'listener.portNumber': set(3390),
      'firewall.rdp': firewall('on on on', rule({ active: false }), rule({ action: 'block' })),
    },
    verdict: 'likely',
    facts: ['listener.portNumber', 'firewall.rdp'],
  },
  {
    name: 'nobody tried, and the port has its rule: somebody meant it',
    evidence: { 'listener.portNumber': set(3390), 'firewall.rdp': firewall('on on on', rule()) },
    verdict: 'inconclusive',
    facts: ['tcp.connect'],
    settledBy: ['HOST'],
    remark: /port 3390 .*Connect to HOST:3390/,
  },
  {
    name: 'nobody tried, and the rules were not read',
    evidence: { 'listener.portNumber': set(3390), 'firewall.rdp': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['tcp.connect'],
    remark: /port 3390/,
  },
  {
    name: 'port 0',
    evidence: { 'listener.portNumber': set(0) },
    verdict: 'likely',
    facts: ['listener.portNumber'],
    says: ['PortNumber is 0', 'not a valid port'],
  },
  {
    name: 'more than a port can be, tried at the usual one',
    evidence: { 'listener.portNumber': set(65_536), 'tcp.connect': REFUSED },
    verdict: 'likely',
    facts: ['listener.portNumber', 'tcp.connect'],
    says: ['PortNumber is 65536'],
  },
  {
    name: 'the last port there is',
    evidence: { 'listener.portNumber': set(65_535), 'tcp.connect': REFUSED },
    verdict: 'confirmed',
    facts: ['listener.portNumber', 'tcp.connect'],
  },
  {
    name: 'the usual port',
    evidence: { 'listener.portNumber': set(3389) },
    verdict: 'ruled-out',
    facts: ['listener.portNumber'],
  },
  {
    name: 'the port that was tried',
    evidence: { 'tcp.connect': at(3390, REFUSED), 'listener.portNumber': set(3390) },
    verdict: 'ruled-out',
    facts: ['listener.portNumber', 'tcp.connect'],
  },
  {
    name: 'a listener answers at a port that its settings do not name',
    evidence: {
      'tcp.connect': at(50001, seen(connect('open'))),
      'rdp.negotiation': seen([selected(1, 1)]),
      'listener.portNumber': set(3389),
    },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['the port is forwarded'],
  },
  {
    name: 'the setting was not read',
    evidence: { 'tcp.connect': REFUSED, 'listener.portNumber': unseen('no-channel') },
    verdict: 'inconclusive',
    facts: ['listener.portNumber'],
    settledBy: ['--disk', '--rpc', 'HOST'],
  },
  {
    name: 'a listener answers at the port that its settings name: nothing is forwarded',
    evidence: {
      'tcp.connect': seen(connect('open')),
      'rdp.negotiation': seen([selected(1, 1)]),
      'listener.portNumber': set(3389),
    },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: [/^(?!.*forwarded)/],
  },
  {
    name: 'a listener answers, and its settings were not read',
    evidence: { 'tcp.connect': at(50001, seen(connect('open'))), 'rdp.negotiation': seen([selected(1, 1)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: [/^(?!.*forwarded)/],
  },
  {
    name: 'of two rules for it one lets it in',
    evidence: {
      'listener.portNumber': set(3390),
      'firewall.rdp': firewall('on on on', rule({ active: false }), rule()),
    },
    verdict: 'inconclusive',
    facts: ['tcp.connect'],
    remark: /HOST:3390/,
  },
  {
    name: 'whoever tried did not get as far as a port',
    evidence: {
      'tcp.connect': unseen('timeout'),
      'listener.portNumber': set(3390),
      'firewall.rdp': firewall('on on on'),
    },
    verdict: 'likely',
    facts: ['listener.portNumber', 'firewall.rdp'],
  },
  {
    name: 'at an address of IPv6 the port stands last',
    evidence: {
      'tcp.connect': {
        ...REFUSED,
        ...(REFUSED.state === 'present'
          ? { from: { ...REFUSED.from, locator: 'tcp://[2001:db8::9]:3390' } }
          : {}),
      },
      'listener.portNumber': set(3390),
    },
    verdict: 'ruled-out',
    facts: ['listener.portNumber', 'tcp.connect'],
  },
  {
    name: 'a forwarded port is told with what to check, the usual one without',
    evidence: { 'tcp.connect': REFUSED, 'listener.portNumber': set(3390) },
    verdict: 'confirmed',
    facts: ['listener.portNumber', 'tcp.connect'],
    says: [/^(?!.*forwards)/],
  },
  {
    name: 'an address without a port tells of none',
    evidence: {
      'tcp.connect': {
        ...REFUSED,
        ...(REFUSED.state === 'present' ? { from: { ...REFUSED.from, locator: 'tcp://vm1' } } : {}),
      },
      'listener.portNumber': set(3389),
    },
    verdict: 'ruled-out',
    facts: ['listener.portNumber'],
  },
]);
