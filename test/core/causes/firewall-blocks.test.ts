import { firewallBlocks } from '../../../src/core/causes/firewall-blocks.ts';
import { checkCause, connect, seen, unseen } from './evidence.ts';
import {
  ENFORCED,
  firewall,
  MEMBER,
  needs,
  notOnDisk,
  rule,
  STANDALONE,
  service,
  set,
} from './windows-evidence.ts';

const INACTIVE = rule({ active: false });

checkCause(firewallBlocks, [
  {
    name: 'the rule is not active in any profile',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on on', INACTIVE),
      'listener.portNumber': set(3389),
    },
    verdict: 'confirmed',
    facts: ['firewall.rdp', 'listener.portNumber'],
    says: ['TCP port 3389', 'domain, private and public', 'no active rule admits it'],
  },
  {
    name: 'the port of the listener is none, so no rule can be for it',
    evidence: { 'firewall.rdp': firewall('on on on'), 'listener.portNumber': set(0) },
    verdict: 'inconclusive',
    facts: ['listener.portNumber'],
    says: ['PortNumber is 0', 'not a valid port'],
  },
  {
    name: 'there is no rule at all',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('on on on') },
    verdict: 'confirmed',
    facts: ['firewall.rdp'],
  },
  {
    name: 'a block rule wins over the rule that admits, and over an open profile',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on open', rule(), rule({ id: 'Lockdown', action: 'block' })),
    },
    verdict: 'confirmed',
    facts: ['firewall.rdp'],
    says: ['the rule Lockdown blocks it'],
  },
  {
    name: 'every incoming connection is blocked, whatever the rules say',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('shielded shielded shielded', rule()) },
    verdict: 'confirmed',
    facts: ['firewall.rdp'],
    says: ['DoNotAllowExceptions'],
  },
  {
    name: 'the policy keeps local rules out of force',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('policy policy policy', rule()) },
    verdict: 'confirmed',
    facts: ['firewall.rdp'],
    says: ['the policy ignores the local rule'],
  },
  {
    name: 'outside a domain the profile of a domain does not count',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on on', rule({ profiles: ['domain'] })),
      'domain.membership': STANDALONE,
    },
    verdict: 'confirmed',
    facts: ['firewall.rdp', 'domain.membership'],
    says: ['private and public'],
  },
  {
    name: 'one profile is switched off, and it may be the one in use',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('on on off') },
    verdict: 'likely',
    facts: ['firewall.rdp'],
    says: ['allows it in the public profile', 'Which profile is in use is not known'],
  },
  {
    name: 'admitted in the private profile only, of a machine outside a domain',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on on', rule({ profiles: ['private'] })),
      'domain.membership': STANDALONE,
    },
    verdict: 'likely',
    facts: ['firewall.rdp', 'domain.membership'],
    says: ['profile public'],
  },
  {
    name: 'a member that admits it in its domain, and does not answer',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on on', rule({ profiles: ['domain'] })),
      'domain.membership': MEMBER,
      'tcp.connect': seen(connect('timeout')),
    },
    verdict: 'likely',
    facts: ['firewall.rdp', 'domain.membership', 'tcp.connect'],
  },
  {
    name: 'a member that admits it in its domain, and nobody tried',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on on', rule({ profiles: ['domain'] })),
      'domain.membership': MEMBER,
    },
    verdict: 'inconclusive',
    facts: ['tcp.connect'],
    settledBy: ['HOST', '--rpc'],
  },
  {
    name: 'a connection opens: whatever the rules say, nothing is dropped',
    evidence: {
      'tcp.connect': seen(connect('timeout', 'open')),
      ...ENFORCED,
      'firewall.rdp': firewall('on on on'),
    },
    verdict: 'ruled-out',
    facts: ['tcp.connect'],
    says: ['192.0.2.5'],
  },
  {
    name: 'an active rule in every profile',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('on on on', rule()) },
    verdict: 'ruled-out',
    facts: ['firewall.rdp'],
  },
  {
    name: 'a rule of the policy, while local ones are out of force',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('policy policy policy', rule({ setBy: 'policy' })) },
    verdict: 'ruled-out',
    facts: ['firewall.rdp'],
  },
  {
    name: 'a rule for some addresses says for which',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on on', rule({ remoteAddresses: ['10.0.0.0/8'] })),
    },
    verdict: 'ruled-out',
    facts: ['firewall.rdp'],
    says: ['10.0.0.0/8'],
  },
  {
    name: 'a block rule for some addresses leaves the others in',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall(
        'on on on',
        rule(),
        rule({ action: 'block', remoteAddresses: ['192.0.2.0/24'] }),
      ),
    },
    verdict: 'ruled-out',
    facts: ['firewall.rdp'],
  },
  {
    name: 'the firewall is off',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('off off off') },
    verdict: 'ruled-out',
    facts: ['firewall.rdp'],
  },
  {
    name: 'the rules were not read',
    evidence: { 'tcp.connect': seen(connect('timeout')), 'firewall.rdp': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['firewall.rdp'],
    settledBy: ['HOST', '--disk', '--rpc'],
  },
  ...(['service.MpsSvc', 'service.BFE'] as const).map((name) => ({
    name: `the rules keep it out, and ${name} is disabled`,
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('on on on'), [name]: service(4) },
    verdict: 'inconclusive' as const,
    facts: [name],
    says: ['is disabled', 'no active rule admits it'],
    settledBy: ['HOST', '--rpc'],
  })),
  {
    name: 'the rules let it in, and the service that enforces them is disabled',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('on on on', rule()), 'service.BFE': service(4) },
    verdict: 'inconclusive',
    facts: ['service.BFE'],
  },
  {
    name: 'the rules keep it out, and there is no such service',
    evidence: { ...ENFORCED, 'firewall.rdp': firewall('on on on'), 'service.MpsSvc': notOnDisk() },
    verdict: 'inconclusive',
    facts: ['service.MpsSvc'],
    says: ['MpsSvc does not exist'],
  },
  {
    name: 'the rules keep it out, and what the service needs is disabled',
    evidence: {
      ...ENFORCED,
      'firewall.rdp': firewall('on on on'),
      'service.MpsSvc.dependencies': needs([{ name: 'mpsdrv', startType: 4 }]),
    },
    verdict: 'inconclusive',
    facts: ['service.MpsSvc.dependencies'],
    says: ['mpsdrv'],
  },
  {
    name: 'the rules keep it out, and nobody looked whether they are enforced',
    evidence: { 'firewall.rdp': firewall('on on on') },
    verdict: 'likely',
    facts: ['firewall.rdp'],
    says: ['is not known'],
  },
  {
    name: 'the rules let it in, and nobody looked whether they are enforced',
    evidence: { 'firewall.rdp': firewall('on on on', rule()) },
    verdict: 'inconclusive',
    facts: ['service.MpsSvc', 'service.BFE', 'service.MpsSvc.dependencies'],
  },
]);
