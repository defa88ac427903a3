// Whole machines, as a disk shows them: what a person would say of each, and nothing beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAUSES } from '../../../src/core/causes/index.ts';
import { judgeAll } from '../../../src/core/engine/judge.ts';
import { CLIENTS } from '../../../src/core/knowledge/clients.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { connect, seen, unseen } from '../causes/evidence.ts';
import {
  byDefault,
  card,
  domainLogon,
  event,
  firewall,
  forced,
  listenerCertificate,
  MEMBER,
  notOnDisk,
  onDisk,
  password,
  rights,
  rule,
  schannel,
  service,
  set,
  timeline,
} from '../causes/windows-evidence.ts';

/** A member server with Remote Desktop and NLA on, whose users get in. */
const WELL: Evidence = {
  'os.version': onDisk({ productName: 'Windows Server 2022', build: 20348, installationType: 'Server' }),
  'computer.name': onDisk('VM1'),
  'domain.membership': MEMBER,
  'listener.fDenyTSConnections': set(0),
  'listener.fEnableWinStation': set(1),
  'listener.portNumber': set(3389),
  'listener.securityLayer': set(2),
  'listener.userAuthentication': set(1),
  'listener.minEncryptionLevel': set(2),
  'listener.certificate': listenerCertificate(),
  'schannel.server': schannel('- - - -'),
  'schannel.suites': byDefault<readonly string[]>([]),
  'fips.machine': byDefault(false),
  'lsa.disableDomainCreds': byDefault(0),
  'lsa.lmCompatibilityLevel': byDefault(3),
  'lsa.packages': onDisk({ authentication: ['msv1_0'], security: [], providers: ['credssp.dll'] }),
  'ntlm.restrictReceiving': byDefault(0),
  'ntlm.restrictSending': byDefault(0),
  'credssp.allowEncryptionOracle': byDefault(1),
  'credssp.fileVersion': onDisk('10.0.20348.1'),
  'kerberos.encryptionTypes': notOnDisk(),
  'service.TermService': service(3, { objectName: 'NT Authority\\NetworkService' }),
  'service.gpsvc': service(2),
  'service.Netlogon': service(2),
  'service.KeyIso': service(3),
  'machinePassword.changedAt': password('2026-02-20T00:00:00.000Z'),
  'machine.sid': onDisk('S-1-5-21-1-2-3'),
  'user.rights': rights(),
  'dns.servers': onDisk([card('10.0.0.4', '10.0.0.5')]),
  'firewall.rdp': firewall('on on on', rule()),
  'grouppolicy.local': onDisk({ registryPol: false, values: {} }),
  'events.relevant': timeline(
    event('NETLOGON', 5719, 1),
    event('GroupPolicy', 1502, 2),
    event('RemoteConnectionManager', 258, 3),
    domainLogon(40),
    event('LocalSessionManager', 21, 41, { User: 'CORP\\alice' }),
  ),
};

/** The same after a hardening baseline: none of this keeps a current client out. */
const HARDENED: Evidence = {
  ...WELL,
  'listener.securityLayer': forced(2, 1),
  'listener.userAuthentication': forced(1, 0),
  'listener.minEncryptionLevel': forced(3),
  'schannel.server': schannel('off off on -'),
  'schannel.suites': forced(['TLS_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384']),
  'fips.machine': forced(true),
  'lsa.disableDomainCreds': set(1),
  'lsa.lmCompatibilityLevel': set(5),
  'credssp.allowEncryptionOracle': set(0),
  'kerberos.encryptionTypes': forced(0x7ffffff8),
  'user.rights': rights({
    network: ['S-1-5-11', 'S-1-5-32-544'],
    denyRemoteInteractive: ['S-1-5-32-546'],
    denyNetwork: ['S-1-5-32-546'],
  }),
  'firewall.rdp': firewall(
    'policy policy policy',
    rule({ setBy: 'policy', remoteAddresses: ['10.0.0.0/8'] }),
  ),
};

function findings(evidence: Evidence): readonly string[] {
  const context = { client: undefined, supportedClients: CLIENTS.filter(({ supported }) => supported) };
  return judgeAll(evidence, context, CAUSES)
    .findings.filter(({ verdict }) => ['confirmed', 'likely', 'crashed'].includes(verdict))
    .map(({ cause, verdict }) => `${cause} ${verdict}`);
}

const MACHINES: readonly (readonly [name: string, evidence: Evidence, ...found: readonly string[]])[] = [
  ['whose users get in', WELL],
  ['that is hardened', HARDENED],
  ['with Remote Desktop off', { ...WELL, 'listener.fDenyTSConnections': set(1) }, 'rdp-disabled confirmed'],
  [
    'whose policy switches Remote Desktop off',
    { ...WELL, 'listener.fDenyTSConnections': forced(1, 0) },
    'rdp-disabled confirmed',
    'policy-override likely',
  ],
  [
    'with every TLS version off',
    { ...WELL, 'schannel.server': schannel('off off off off') },
    'tls-server-disabled confirmed',
  ],
  [
    'after half a workaround',
    { ...WELL, 'listener.securityLayer': set(0), 'service.gpsvc': service(4) },
    'listener-inconsistent confirmed',
    'group-policy-client-disabled likely',
  ],
  [
    'that the domain does not accept any more, since a snapshot was restored',
    {
      ...WELL,
      'machinePassword.changedAt': password('2025-11-01T00:00:00.000Z'),
      'events.relevant': timeline(event('GroupPolicy', 1502, 2), event('NETLOGON', 3210, 30)),
    },
    'machine-password-mismatch likely',
    'secure-channel-broken likely',
  ],
  [
    'whose DNS is a public one',
    {
      ...WELL,
      'dns.servers': onDisk([card('8.8.8.8')]),
      'events.relevant': timeline(event('NETLOGON', 5719, 30)),
    },
    'dns-misconfigured likely',
    'domain-controller-unreachable likely',
  ],
  [
    'whose key cannot be read, seen from the network too',
    {
      ...WELL,
      'tcp.connect': seen(connect('open')),
      'listener.certificate': listenerCertificate({ key: 'denied' }),
      'rdp.negotiation': seen([
        { requested: 0, answer: 'failure', failureCode: 5 },
        { requested: 1, answer: 'failure', failureCode: 3 },
      ]),
      'rdp.standard': seen('refused'),
    },
    'certificate-key-unreadable confirmed',
    'certificate-missing confirmed',
  ],
];

for (const [name, evidence, ...found] of MACHINES) {
  test(`a machine ${name}: ${found.join(', ') || 'no finding'}`, () => {
    assert.deepEqual(findings(evidence), found);
  });
}

test('of a disk that could not be read at all nothing is concluded', () => {
  const blind: Evidence = Object.fromEntries(Object.keys(WELL).map((name) => [name, unseen('corrupt')]));
  assert.deepEqual(findings(blind), []);
});
