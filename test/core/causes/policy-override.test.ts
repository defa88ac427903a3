import { policyOverride } from '../../../src/core/causes/policy-override.ts';
import { checkCause, MODERN, PLAIN, unseen } from './evidence.ts';
import { byDefault, forced, onDisk, set } from './windows-evidence.ts';

/** A machine with NLA, set by its own values. */
const OWN = {
  'listener.fDenyTSConnections': set(0),
  'listener.securityLayer': set(2),
  'listener.userAuthentication': set(1),
  'listener.minEncryptionLevel': byDefault(3),
  'listener.fAllowSecProtocolNegotiation': set(1),
};
const ALL = Object.keys(OWN) as (keyof typeof OWN)[];
const KEY = 'Software\\Policies\\Microsoft\\Windows NT\\Terminal Services';

checkCause(policyOverride, [
  {
    name: 'a policy denies connections that the machine allows',
    evidence: {
      ...OWN,
      'policy.refreshedAt': onDisk('2026-03-01T10:11:12.000Z'),
      'listener.fDenyTSConnections': forced(1, 0),
      'grouppolicy.local': onDisk({ registryPol: false, values: {} }),
    },
    verdict: 'likely',
    facts: ['listener.fDenyTSConnections', 'grouppolicy.local'],
    says: [
      "fDenyTSConnections to 1 (overriding the machine's own 0), which stops sign-ins",
      'from the domain',
      'does not help',
      'last applied at 2026-03-01 10:11 UTC',
    ],
  },
  {
    name: 'half of a contradiction is the policy, and the local one',
    evidence: {
      ...OWN,
      'listener.securityLayer': set(0),
      'listener.userAuthentication': forced(1),
      'grouppolicy.local': onDisk({ registryPol: true, values: { [`${KEY}!UserAuthentication`]: 1 } }),
    },
    verdict: 'likely',
    facts: ['listener.userAuthentication', 'grouppolicy.local'],
    says: ['UserAuthentication to 1, which stops sign-ins', "this machine's own local group policy"],
  },
  {
    name: 'NLA is forced on a client without it',
    evidence: { ...OWN, 'listener.userAuthentication': forced(1, 0) },
    client: PLAIN,
    verdict: 'likely',
    facts: ['listener.userAuthentication'],
    says: ['is not known'],
  },
  {
    name: 'the FIPS level is forced where it applies',
    evidence: {
      ...OWN,
      'listener.securityLayer': forced(0),
      'listener.userAuthentication': set(0),
      'listener.minEncryptionLevel': forced(4),
    },
    verdict: 'likely',
    facts: ['listener.securityLayer', 'listener.minEncryptionLevel'],
    says: ['MinEncryptionLevel'],
  },
  {
    name: 'NLA is forced, which stops nobody, and editing the listener does nothing',
    evidence: { ...OWN, 'listener.userAuthentication': forced(1, 0) },
    client: MODERN,
    verdict: 'ruled-out',
    facts: ['listener.userAuthentication'],
    says: [
      "UserAuthentication to 1 (overriding the machine's own 0)",
      'has no effect while the policy applies',
    ],
  },
  {
    name: 'the failing value is the machine’s own, the policy sets something else',
    evidence: { ...OWN, 'listener.fDenyTSConnections': set(1), 'listener.securityLayer': forced(2) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'standard security is forced, which is weak and lets everybody in',
    evidence: { ...OWN, 'listener.securityLayer': forced(0, 2), 'listener.userAuthentication': set(0) },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer'],
  },
  {
    name: 'parts come from two policies',
    evidence: {
      ...OWN,
      'listener.securityLayer': forced(2),
      'listener.userAuthentication': forced(1),
      'grouppolicy.local': onDisk({ registryPol: true, values: { [`${KEY}!SecurityLayer`]: 2 } }),
    },
    verdict: 'ruled-out',
    facts: ['listener.securityLayer', 'listener.userAuthentication', 'grouppolicy.local'],
    says: ["SecurityLayer comes from this machine's own local group policy, the rest from the domain"],
  },
  {
    name: 'a policy forbids what NLA needs',
    evidence: { ...OWN, 'listener.fAllowSecProtocolNegotiation': forced(0, 1) },
    verdict: 'likely',
    facts: ['listener.fAllowSecProtocolNegotiation'],
    says: ['fAllowSecProtocolNegotiation to 0', 'which stops sign-ins'],
  },
  { name: 'no policy', evidence: OWN, verdict: 'ruled-out', facts: ALL, says: ['No policy'] },
  {
    name: 'a policy, and a setting that was not read',
    evidence: {
      ...OWN,
      'listener.userAuthentication': forced(1),
      'listener.securityLayer': unseen('corrupt'),
    },
    verdict: 'inconclusive',
    facts: ['listener.securityLayer'],
    says: ['setting UserAuthentication to 1'],
    settledBy: ['--disk', '--rpc'],
  },
  {
    name: 'nobody looked',
    evidence: {},
    verdict: 'inconclusive',
    facts: ALL,
    settledBy: ['--disk', '--rpc', '--dc'],
  },
]);
