import { tlsNoCommonVersion } from '../../../src/core/causes/tls-no-common-version.ts';
import {
  AES13,
  CBC,
  checkCause,
  client,
  GCM,
  MODERN,
  none,
  OLD,
  PLAIN,
  seen,
  unseen,
  versions,
} from './evidence.ts';
import { notOnDisk, schannel, set, windows } from './windows-evidence.ts';

/** Speaks TLS up to 1.2, and nobody knows whether 1.3 as well. */
const PERHAPS_13 = client('Perhaps 1.3', { unsettledVersions: ['1.3'] });
/** Its row rests on what people say. */
const HEARSAY = client('Hearsay', {
  tlsVersions: ['1.2'],
  sure: { ...MODERN.sure, versions: 'practice' },
});

const HARDENED = seen(versions(`70 70 ${GCM} 70`));

checkCause(tlsNoCommonVersion, [
  {
    name: 'TLS 1.2 alone, the client knows 1.0',
    evidence: { 'tls.versions': HARDENED },
    client: OLD,
    verdict: 'confirmed',
    facts: ['tls.versions'],
    says: ['TLS 1.2 accepted', 'Old Windows'],
  },
  {
    name: 'the hello of the client named gets alert 70',
    evidence: { 'tls.asClient': seen({ client: OLD.id, answer: 'refused', alert: 70 }) },
    client: OLD,
    verdict: 'confirmed',
    facts: ['tls.asClient'],
    says: ['alert 70, protocol_version'],
  },
  {
    name: 'the hello of the client named gets alert 70, and so does every other',
    evidence: {
      'tls.asClient': seen({ client: OLD.id, answer: 'refused', alert: 70 }),
      'tls.versions': seen(versions('70 70 70 70')),
    },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: ['no TLS version at all'],
  },
  {
    name: 'a client without TLS, standard security refused',
    evidence: { 'tls.versions': HARDENED, 'rdp.standard': seen('refused') },
    client: PLAIN,
    verdict: 'confirmed',
    facts: ['tls.versions', 'rdp.standard'],
  },
  {
    name: 'TLS 1.3 alone stops one of the supported clients',
    evidence: { 'tls.versions': seen(versions(`70 70 70 ${AES13}`)) },
    supported: [MODERN, client('Newest Windows', { tlsVersions: ['1.2', '1.3'] })],
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['no version shared with Modern Windows.'],
  },
  {
    name: 'a closed connection is not a refusal, so not proof',
    evidence: { 'tls.versions': seen(versions(`closed 70 ${GCM} 70`)) },
    client: OLD,
    verdict: 'likely',
    facts: ['tls.versions'],
  },
  {
    name: 'TLS 1.0 and 1.1 off beside 1.2 is normal hardening',
    evidence: { 'tls.versions': HARDENED },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: ['normal hardening'],
  },
  {
    name: 'the hello of the client named is accepted',
    evidence: {
      'tls.asClient': seen({ client: MODERN.id, answer: 'accepted', version: '1.2' }),
      'tls.versions': unseen(),
    },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['tls.asClient'],
    says: ['TLS 1.2'],
  },
  {
    name: 'a hello refused for another reason leaves it to the versions',
    evidence: {
      'tls.asClient': seen({ client: MODERN.id, answer: 'refused', alert: 40 }),
      'tls.versions': HARDENED,
    },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: "another client's hello says nothing",
    evidence: {
      'tls.asClient': seen({ client: OLD.id, answer: 'refused', alert: 70 }),
      'tls.versions': HARDENED,
    },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'a client without TLS, standard security accepted',
    evidence: { 'tls.versions': HARDENED, 'rdp.standard': seen('accepted') },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['tls.versions', 'rdp.standard'],
  },
  {
    name: 'no version at all is another cause',
    evidence: { 'tls.versions': seen(versions('70 70 70 70')) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  { name: 'no TLS', evidence: { 'tls.versions': none() }, verdict: 'ruled-out', facts: ['tls.versions'] },
  {
    name: 'the only version in question timed out',
    evidence: { 'tls.versions': seen(versions(`timeout 70 ${GCM} 70`)) },
    client: OLD,
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'a client without TLS, standard security not seen',
    evidence: { 'tls.versions': HARDENED },
    client: PLAIN,
    verdict: 'inconclusive',
    facts: ['rdp.standard'],
  },
  {
    name: 'every version timed out',
    evidence: { 'tls.versions': seen(versions('timeout timeout timeout timeout')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  { name: 'nothing was tried', evidence: {}, verdict: 'inconclusive', facts: ['tls.versions'] },
  // Judged by the settings.
  {
    name: 'the client named speaks none of the versions that are on',
    evidence: { 'schannel.server': schannel('off off on -'), 'listener.securityLayer': set(2) },
    client: OLD,
    verdict: 'confirmed',
    facts: ['schannel.server', 'listener.securityLayer'],
    says: ['TLS 1.0 and TLS 1.1 off (Enabled 0)', 'Old Windows'],
  },
  {
    name: 'a client without TLS, which SecurityLayer 2 refuses',
    evidence: { 'schannel.server': schannel('- - - -'), 'listener.securityLayer': set(2) },
    client: PLAIN,
    verdict: 'confirmed',
    facts: ['schannel.server', 'listener.securityLayer'],
  },
  {
    name: 'its version is off for DisabledByDefault alone',
    evidence: { 'schannel.server': schannel('hidden off on -') },
    client: OLD,
    verdict: 'likely',
    facts: ['schannel.server'],
  },
  {
    name: 'its version is off and its hello was accepted',
    evidence: {
      'tls.asClient': seen({ client: OLD.id, answer: 'accepted' }),
      'schannel.server': schannel('off off on -'),
    },
    client: OLD,
    verdict: 'likely',
    facts: ['tls.asClient', 'schannel.server'],
    says: ['not in effect now'],
  },
  {
    name: 'every supported client has a version that is on',
    evidence: {
      'schannel.server': schannel('off off on -'),
      'os.version': windows(17763),
      'listener.securityLayer': set(2),
    },
    verdict: 'ruled-out',
    facts: ['schannel.server', 'os.version', 'listener.securityLayer'],
    says: ['normal hardening'],
  },
  {
    name: 'a client without TLS gets standard security at SecurityLayer 1',
    evidence: { 'schannel.server': schannel('- - - -'), 'listener.securityLayer': set(1) },
    client: PLAIN,
    verdict: 'ruled-out',
    facts: ['schannel.server', 'listener.securityLayer'],
  },
  {
    name: 'no version is on at all, which is another cause',
    evidence: { 'schannel.server': schannel('off off off off') },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['schannel.server'],
  },
  {
    name: 'standard security uses no TLS whatever is on',
    evidence: { 'schannel.server': schannel('off off on -'), 'listener.securityLayer': set(0) },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'whether a client without TLS is let in was not read',
    evidence: {
      'schannel.server': schannel('- - - -'),
      'os.version': windows(17763),
      'listener.securityLayer': unseen('corrupt'),
    },
    client: PLAIN,
    verdict: 'inconclusive',
    facts: ['listener.securityLayer'],
    settledBy: ['--disk', '--rpc'],
  },
  // What is not sure of a client decides nothing.
  {
    name: 'TLS 1.3 alone, and whether the client named offers it is not settled',
    evidence: {
      'tls.versions': seen(versions(`70 70 70 ${AES13}`)),
      'tls.asClient': seen({ client: PERHAPS_13.id, answer: 'refused', alert: 70 }),
    },
    client: PERHAPS_13,
    verdict: 'inconclusive',
    facts: ['tls.asClient'],
    says: ['not known for certain'],
    remark: /Perhaps 1\.3 can speak/,
  },
  {
    name: 'TLS 1.3 alone stops the client that surely lacks it, not the one that may have it',
    evidence: { 'tls.versions': seen(versions(`70 70 70 ${AES13}`)) },
    supported: [MODERN, PERHAPS_13],
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['no version shared with Modern Windows.'],
    remark: /Whether Perhaps 1\.3 can/,
  },
  {
    name: 'TLS 1.0 alone, as on a default Windows 7: a row of practice is a remark',
    evidence: { 'tls.versions': seen(versions(`${CBC} 70 70 70`)) },
    supported: [MODERN, HEARSAY],
    verdict: 'ruled-out',
    facts: ['tls.versions'],
    says: ['Modern Windows share'],
    remark: /Whether Hearsay can/,
  },
  {
    name: 'TLS 1.0 alone by the settings, likewise',
    evidence: {
      'schannel.server': schannel('on off off off'),
      'os.version': windows(7601),
      'listener.securityLayer': set(1),
    },
    supported: [MODERN, HEARSAY],
    verdict: 'ruled-out',
    facts: ['schannel.server', 'os.version', 'listener.securityLayer'],
    remark: /Whether Hearsay can/,
  },
  {
    name: 'Server 2008 R2 with TLS 1.2 alone and no sign of KB3080079',
    evidence: {
      'schannel.server': schannel('off on on off'),
      'os.version': windows(7601),
      'schannel.rdsUpdate': notOnDisk(),
      'listener.securityLayer': set(1),
    },
    verdict: 'inconclusive',
    facts: ['schannel.rdsUpdate'],
    says: ['KB3080079'],
  },
]);
