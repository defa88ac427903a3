import { tlsNoCommonSuite } from '../../../src/core/causes/tls-no-common-suite.ts';
import {
  AES13,
  CBC,
  CBC_ID,
  CHACHA,
  checkCause,
  cipher,
  client,
  GCM,
  GCM_ID,
  MODERN,
  none,
  OLD,
  seen,
  versions,
} from './evidence.ts';

const TLS12 = seen(versions(`70 70 ${GCM} 70`));
const GCM_ONLY = seen({ '1.2': [cipher(GCM, GCM_ID)] });
const CBC_CLIENT = client('CBC Client', { tlsSuites: [CBC_ID] });

checkCause(tlsNoCommonSuite, [
  {
    name: 'the hello of the client named gets alert 40 in a version both have',
    evidence: {
      'tls.versions': TLS12,
      'tls.asClient': seen({ client: CBC_CLIENT.id, answer: 'refused', alert: 40 }),
    },
    client: CBC_CLIENT,
    verdict: 'confirmed',
    facts: ['tls.asClient', 'tls.versions'],
    says: ['alert 40, handshake_failure', 'TLS 1.2'],
  },
  {
    name: 'the lists of suites do not meet',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    client: CBC_CLIENT,
    verdict: 'confirmed',
    facts: ['tls.ciphers', 'tls.versions'],
    says: [GCM, 'CBC Client'],
  },
  {
    name: 'one supported client has no suite in common',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    supported: [MODERN, CBC_CLIENT],
    verdict: 'likely',
    facts: ['tls.ciphers', 'tls.versions'],
    says: ['none in common with CBC Client.'],
  },
  {
    name: 'alert 71 to the hello, versions not seen',
    evidence: { 'tls.asClient': seen({ client: MODERN.id, answer: 'refused', alert: 71 }) },
    client: MODERN,
    verdict: 'likely',
    facts: ['tls.asClient'],
  },
  {
    name: 'every version refused with alert 40',
    evidence: { 'tls.versions': seen(versions('40 40 40 70')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['alert 40, handshake_failure', 'suites, not of versions'],
  },
  {
    name: 'the hello of the client named is accepted',
    evidence: { 'tls.asClient': seen({ client: MODERN.id, answer: 'accepted', version: '1.2', suite: GCM }) },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['tls.asClient'],
    says: [GCM],
  },
  {
    name: 'the lists of suites meet',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    verdict: 'ruled-out',
    facts: ['tls.ciphers', 'tls.versions'],
  },
  {
    name: 'one suite in one of two versions is enough',
    evidence: {
      'tls.versions': seen(versions(`70 ${CBC} ${GCM} 70`)),
      'tls.ciphers': seen({
        '1.1': [cipher(GCM, GCM_ID), cipher(CBC, CBC_ID)],
        '1.2': [cipher(GCM, GCM_ID)],
      }),
    },
    client: CBC_CLIENT,
    verdict: 'ruled-out',
    facts: ['tls.ciphers', 'tls.versions'],
  },
  {
    name: 'everyone offers what the server chose',
    evidence: { 'tls.versions': TLS12 },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: [GCM],
  },
  {
    name: 'a client without a version in common is another cause',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': GCM_ONLY },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['tls.ciphers', 'tls.versions'],
  },
  {
    name: 'a hello refused for its version leaves it to the suites',
    evidence: {
      'tls.versions': TLS12,
      'tls.asClient': seen({ client: MODERN.id, answer: 'refused', alert: 70 }),
    },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'every version refused with alert 70 is another cause',
    evidence: { 'tls.versions': seen(versions('70 70 70 70')) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  { name: 'no TLS', evidence: { 'tls.versions': none() }, verdict: 'ruled-out', facts: ['tls.versions'] },
  {
    name: 'the server chose a suite that not everyone offers',
    evidence: { 'tls.versions': seen(versions(`${CBC} 70 ${CHACHA} ${AES13}`)) },
    client: client('No CBC', { tlsSuites: [GCM_ID] }),
    verdict: 'inconclusive',
    facts: ['tls.ciphers'],
    settledBy: ['--full', '--client'],
  },
  {
    name: 'an accepted version whose suites are not listed',
    evidence: { 'tls.versions': TLS12, 'tls.ciphers': seen({}) },
    verdict: 'inconclusive',
    facts: ['tls.ciphers'],
  },
  {
    name: 'of two versions one was not looked through',
    evidence: { 'tls.versions': seen(versions(`70 ${GCM} ${GCM} 70`)), 'tls.ciphers': GCM_ONLY },
    client: CBC_CLIENT,
    verdict: 'inconclusive',
    facts: ['tls.ciphers'],
  },
  {
    name: 'one connection closed among refusals of versions',
    evidence: { 'tls.versions': seen(versions('closed 70 70 70')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'connections closed without an alert',
    evidence: { 'tls.versions': seen(versions('closed closed closed closed')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'nothing was tried',
    evidence: {},
    verdict: 'inconclusive',
    facts: ['tls.versions', 'tls.ciphers'],
  },
]);
