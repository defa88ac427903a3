import { serverNameRefused } from '../../../src/core/causes/server-name-refused.ts';
import { checkCause, connect, GCM, none, seen, unseen, versions } from './evidence.ts';

const UNKNOWN_NAME = versions('112 112 112 112');

checkCause(serverNameRefused, [
  {
    name: 'refused with the name and accepted without it',
    evidence: {
      'tls.versions': seen(UNKNOWN_NAME),
      'tls.serverName': seen({ name: 'vm1.corp.example', withoutName: 'accepted' }),
    },
    verdict: 'likely',
    facts: ['tls.versions', 'tls.serverName'],
    says: ['vm1.corp.example', 'alert 112, unrecognized_name', 'without a name'],
  },
  {
    name: 'closed with the name and accepted without it: no alert is needed',
    evidence: {
      'tls.versions': seen(versions('closed closed closed closed')),
      'tls.serverName': seen({ name: 'vm1.corp.example', withoutName: 'accepted' }),
    },
    verdict: 'likely',
    facts: ['tls.versions', 'tls.serverName'],
  },
  {
    name: 'by address no name is sent, and one is wanted',
    evidence: {
      'tls.versions': seen(UNKNOWN_NAME),
      'tls.serverName': unseen('no-channel'),
      'tcp.connect': seen(connect('open')),
    },
    verdict: 'likely',
    facts: ['tls.versions', 'tcp.connect'],
    says: ['no name was sent'],
    advice: /Connect by the name/,
  },
  {
    name: 'the name is not known, and none will not do either',
    evidence: {
      'tls.versions': seen(UNKNOWN_NAME),
      'tls.serverName': seen({ name: 'vm1.corp.example', withoutName: 'refused', alert: 112 }),
      'tcp.connect': seen({ ...connect('open'), name: 'vm1.corp.example' }),
    },
    verdict: 'likely',
    facts: ['tls.versions', 'tls.serverName', 'tcp.connect'],
    says: ['does not know the name vm1.corp.example'],
  },
  {
    name: 'refused for another reason, with the name and without it',
    evidence: {
      'tls.versions': seen(versions('40 40 40 40')),
      'tls.serverName': seen({ name: 'vm1.corp.example', withoutName: 'refused', alert: 40 }),
    },
    verdict: 'ruled-out',
    facts: ['tls.versions', 'tls.serverName'],
  },
  {
    name: 'refused by address, where a name may be what is wanted',
    evidence: {
      'tls.versions': seen(versions('40 40 40 40')),
      'tls.serverName': unseen('no-channel', 'HOST is an address'),
    },
    verdict: 'inconclusive',
    facts: ['tls.serverName'],
    says: ['HOST is an address'],
  },
  {
    name: 'every version is refused by its number',
    evidence: { 'tls.versions': seen(versions('70 70 70 70')), 'tls.serverName': unseen('not-gathered') },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'a hello is accepted, alerts of older versions say nothing',
    evidence: { 'tls.versions': seen(versions(`112 112 ${GCM} 112`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  { name: 'no TLS', evidence: { 'tls.versions': none() }, verdict: 'ruled-out', facts: ['tls.versions'] },
  {
    name: 'TLS was not reached',
    evidence: { 'tls.versions': unseen('no-channel') },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
]);
