import { fipsOnly } from '../../../src/core/causes/fips-only.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import {
  AES13,
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
  PLAIN,
  seen,
  versions,
} from './evidence.ts';

const STANDARD_ONLY: Evidence = { 'rdp.tls': seen('refused'), 'rdp.standard': seen('accepted') };
const FIPS = seen({ level: 4, methods: 16 });
const TLS12 = seen(versions(`70 70 ${GCM} 70`));
const FIPS_SUITES = seen({ '1.2': [cipher(GCM, GCM_ID)] });

checkCause(fipsOnly, [
  {
    name: 'level 4 and a client without the FIPS method',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': FIPS },
    client: OLD,
    verdict: 'confirmed',
    facts: ['rdp.encryption', 'rdp.standard', 'rdp.tls'],
    says: ['level 4, method 0x10', 'Old Windows'],
  },
  {
    name: 'level 4 beside TLS, and a client without TLS',
    evidence: { 'rdp.tls': seen('offered'), 'rdp.standard': seen('accepted'), 'rdp.encryption': FIPS },
    client: PLAIN,
    verdict: 'confirmed',
    facts: ['rdp.encryption', 'rdp.standard', 'rdp.tls'],
  },
  {
    name: 'level 4, client not known',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': FIPS },
    verdict: 'likely',
    facts: ['rdp.encryption', 'rdp.standard', 'rdp.tls'],
    says: ['Every supported Windows client can do it'],
  },
  {
    name: 'level 4, one supported client cannot do it',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': FIPS },
    supported: [MODERN, OLD],
    verdict: 'likely',
    facts: ['rdp.encryption', 'rdp.standard', 'rdp.tls'],
    says: ['Old Windows cannot do it'],
  },
  {
    name: 'level 4, TLS not known',
    evidence: { 'rdp.standard': seen('accepted'), 'rdp.encryption': FIPS },
    client: OLD,
    verdict: 'likely',
    facts: ['rdp.encryption'],
  },
  {
    name: 'FIPS suites alone, none of them known to the client',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': TLS12, 'tls.ciphers': FIPS_SUITES },
    client: client('CBC Client', { tlsSuites: [CBC_ID] }),
    verdict: 'likely',
    facts: ['tls.ciphers', 'tls.versions'],
    says: ['weak hint'],
  },
  {
    name: 'level 4 and a client with the FIPS method',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': FIPS },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['rdp.encryption', 'rdp.standard', 'rdp.tls'],
  },
  {
    name: 'level 3',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': seen({ level: 3, methods: 2 }) },
    verdict: 'ruled-out',
    facts: ['rdp.encryption', 'rdp.standard', 'rdp.tls'],
    says: ['level 3'],
  },
  {
    name: 'level 4 beside TLS with AES',
    evidence: {
      'rdp.tls': seen('offered'),
      'rdp.standard': seen('accepted'),
      'rdp.encryption': FIPS,
      'tls.versions': TLS12,
    },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: [GCM],
  },
  {
    name: 'a suite is accepted that FIPS forbids',
    evidence: {
      'rdp.tls': seen('required'),
      'tls.ciphers': seen({ '1.2': [cipher(GCM, GCM_ID), cipher('TLS_RSA_WITH_RC4_128_SHA', 5, false)] }),
    },
    verdict: 'ruled-out',
    facts: ['tls.ciphers'],
    says: ['TLS_RSA_WITH_RC4_128_SHA'],
  },
  {
    name: 'the server chose a suite that FIPS forbids',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions(`70 70 ${CHACHA} 70`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: [CHACHA],
  },
  {
    name: 'FIPS suites alone, one of them in common',
    evidence: { 'rdp.tls': seen('required'), 'tls.ciphers': FIPS_SUITES },
    verdict: 'ruled-out',
    facts: ['tls.ciphers'],
    says: ['as on any hardened server'],
  },
  {
    name: 'not even FIPS suites are accepted',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions('70 70 70 70')) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'neither TLS nor standard security',
    evidence: { 'rdp.tls': seen('refused'), 'rdp.standard': seen('refused'), 'rdp.encryption': none() },
    verdict: 'ruled-out',
    facts: ['rdp.tls', 'rdp.standard'],
  },
  {
    name: 'the suite chosen is not one that the client offers',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions(`70 70 70 ${AES13}`)) },
    verdict: 'inconclusive',
    facts: ['tls.ciphers'],
    settledBy: ['--full', '--client', '--disk'],
  },
  {
    name: 'standard security without a level',
    evidence: { ...STANDARD_ONLY, 'rdp.encryption': none() },
    verdict: 'ruled-out',
    facts: ['rdp.encryption', 'rdp.standard', 'rdp.tls'],
  },
  {
    name: 'TLS was looked for and is not there',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': none() },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'a closed connection is no refusal of FIPS suites',
    evidence: { 'rdp.tls': seen('required'), 'tls.versions': seen(versions('closed 70 70 70')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'an accepted version whose suites are not listed',
    evidence: {
      'rdp.tls': seen('required'),
      'tls.versions': seen(versions(`70 70 ${AES13} 70`)),
      'tls.ciphers': seen({}),
    },
    verdict: 'inconclusive',
    facts: ['tls.ciphers'],
  },
  {
    name: 'no suite is listed and the versions were not seen',
    evidence: { 'rdp.tls': seen('required'), 'tls.ciphers': seen({}) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'of two accepted versions the one that a client shares was not looked through',
    evidence: {
      'rdp.tls': seen('required'),
      'tls.versions': seen(versions(`70 70 0xAAAA ${GCM}`)),
      'tls.ciphers': seen({ '1.3': [cipher(GCM, GCM_ID)] }),
    },
    supported: [MODERN, client('Newest Windows', { tlsVersions: ['1.3'] })],
    verdict: 'inconclusive',
    facts: ['tls.ciphers'],
  },
  {
    name: 'TLS is in use, nothing else was seen',
    evidence: { 'rdp.tls': seen('required') },
    verdict: 'inconclusive',
    facts: ['tls.versions', 'tls.ciphers'],
  },
  {
    name: 'the level was not read',
    evidence: STANDARD_ONLY,
    verdict: 'inconclusive',
    facts: ['rdp.encryption'],
  },
  { name: 'nothing was seen', evidence: {}, verdict: 'inconclusive', facts: ['rdp.tls', 'tls.versions'] },
]);
