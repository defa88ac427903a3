import { dnsMisconfigured } from '../../../src/core/causes/dns-misconfigured.ts';
import { checkCause, unseen } from './evidence.ts';
import { card, event, MEMBER, onDisk, STANDALONE, timeline } from './windows-evidence.ts';

const BOTH = ['dns.servers', 'domain.membership'] as const;
const ALL = [...BOTH, 'events.relevant'] as const;
const TIMED_OUT = event('DNS-Client', 1014, 30, { QueryName: '_ldap._tcp.dc._msdcs.corp.example.com' });

checkCause(dnsMisconfigured, [
  {
    name: 'a public resolver first, set by hand',
    evidence: {
      'domain.membership': MEMBER,
      'dns.servers': onDisk([{ ...card('8.8.8.8', '10.0.0.4'), source: 'static' }]),
    },
    verdict: 'likely',
    facts: BOTH,
    says: ['8.8.8.8, 10.0.0.4 (set by hand)', 'corp.example.com'],
  },
  {
    name: "Azure's own resolver, and a name that did not resolve",
    evidence: {
      'domain.membership': MEMBER,
      'dns.servers': onDisk([card('168.63.129.16')]),
      'events.relevant': timeline(TIMED_OUT),
    },
    verdict: 'likely',
    facts: ALL,
    says: ['private zone', 'DNS-Client event 1014'],
  },
  {
    name: 'no server at all',
    evidence: { 'domain.membership': MEMBER, 'dns.servers': onDisk([card()]) },
    verdict: 'likely',
    facts: BOTH,
    says: ['no network adapter has a DNS server'],
  },
  {
    name: 'a controller was found with it: somebody set up a zone',
    evidence: {
      'domain.membership': MEMBER,
      'dns.servers': onDisk([card('168.63.129.16')]),
      'events.relevant': timeline(TIMED_OUT, event('GroupPolicy', 1502, 40)),
    },
    verdict: 'ruled-out',
    facts: ALL,
    says: ['GroupPolicy event 1502'],
  },
  {
    name: 'not a member: any resolver will do',
    evidence: { 'domain.membership': STANDALONE, 'dns.servers': onDisk([card('8.8.8.8')]) },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
  },
  {
    name: 'a private server may be the right one',
    evidence: {
      'domain.membership': MEMBER,
      'dns.servers': onDisk([card('10.0.0.4', '8.8.8.8')]),
      'events.relevant': timeline(TIMED_OUT),
    },
    verdict: 'inconclusive',
    facts: ['dns.servers'],
    says: ['10.0.0.4', 'suggests they do not'],
    settledBy: ['--dc', '--rpc'],
  },
  {
    name: 'one card asks its own domain first',
    evidence: {
      'domain.membership': MEMBER,
      'dns.servers': onDisk([card('8.8.8.8'), card('10.0.0.4')]),
    },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
  },
  {
    name: 'nobody knows whether it is a member',
    evidence: { 'dns.servers': onDisk([card('8.8.8.8')]), 'domain.membership': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['domain.membership'],
    settledBy: ['--disk', '--rpc'],
  },
  {
    name: 'a public resolver, and no controller is found since the last success',
    evidence: {
      'domain.membership': MEMBER,
      'dns.servers': onDisk([card('8.8.8.8')]),
      'events.relevant': timeline(event('GroupPolicy', 1502, 10), event('NETLOGON', 5719, 30)),
    },
    verdict: 'likely',
    facts: ['dns.servers', 'domain.membership', 'events.relevant'],
  },
]);
