// Wrote the evidence of the disk cases beside it: node --import tsx test/golden/make-disk-cases.ts [NAME …]
// Every name is made up. The machines are Server 2022 and 2012 R2 as they are installed, with the
// settings that each case is about.
import { writeFileSync } from 'node:fs';
import { inputOf } from '../../src/app/judge-saved.ts';
import { diagnose } from '../../src/core/engine/diagnosis.ts';
import { CLIENTS } from '../../src/core/knowledge/clients.ts';
import type { Look } from '../../src/core/model/cause.ts';
import type { Evidence } from '../../src/core/model/facts.ts';
import { unknown } from '../../src/core/model/observation.ts';
import type { Warning } from '../../src/core/model/report.ts';
import {
  byDefault,
  card,
  ENFORCED,
  event,
  firewall,
  forced,
  listenerCertificate,
  lostCertificate,
  MEMBER,
  needs,
  notOnDisk,
  onDisk,
  password,
  program,
  rights,
  rule,
  STANDALONE,
  schannel,
  service,
  set,
  timeline,
} from '../core/causes/windows-evidence.ts';
import { loadReport } from './renderings.ts';

const LOCAL_SERVICE = { objectName: 'NT AUTHORITY\\NetworkService' };

/** Server 2022, installed and never touched, in a workgroup. */
const WORKGROUP: Evidence = {
  'os.version': onDisk({
    productName: 'Windows Server 2022 Datacenter',
    build: 20348,
    installationType: 'Server',
    revision: 2402,
    displayVersion: '21H2',
  }),
  'computer.name': onDisk('FILES7'),
  'domain.membership': STANDALONE,
  'machine.sid': onDisk('S-1-5-21-3623811015-3361044348-30300820'),
  'listener.fDenyTSConnections': set(0),
  'listener.fEnableWinStation': set(1),
  'listener.WinStations': onDisk(['Console', 'RDP-Tcp']),
  'listener.TSEnabled': set(1),
  'listener.TSUserEnabled': set(0),
  'listener.TSServerDrainMode': set(0),
  'listener.TSAppCompat': set(0),
  'listener.fLogonDisabled': set(0),
  'listener.fAllowSecProtocolNegotiation': set(1),
  'winlogon.WinStationsDisabled': set(0),
  'domain.sid': notOnDisk(),
  'os.productType': onDisk('ServerNT'),
  'service.TermService.program': program(),
  'service.TermService.dependencies': needs(),
  'service.Netlogon.dependencies': needs(),
  'service.gpsvc.dependencies': needs(),
  ...ENFORCED,
  'listener.portNumber': set(3389),
  'listener.securityLayer': set(2),
  'listener.userAuthentication': set(1),
  'listener.minEncryptionLevel': set(3),
  'listener.certificate': listenerCertificate(),
  'schannel.server': schannel('- - - -'),
  'schannel.suites': byDefault(['TLS_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384']),
  'fips.machine': onDisk({
    effective: false,
    setBy: 'machine',
    machine: false,
    where: 'SYSTEM\\Lsa\\FipsAlgorithmPolicy!Enabled',
  }),
  'lsa.disableDomainCreds': set(0),
  'lsa.lmCompatibilityLevel': byDefault(3),
  'lsa.packages': onDisk({
    authentication: ['msv1_0'],
    security: [],
    providers: ['credssp.dll'],
  }),
  'ntlm.restrictReceiving': byDefault(0),
  'ntlm.restrictSending': byDefault(0),
  'credssp.allowEncryptionOracle': byDefault(0),
  'credssp.fileVersion': onDisk('10.0.20348.2402'),
  'kerberos.encryptionTypes': byDefault(0x7fffffff),
  'service.TermService': service(3, LOCAL_SERVICE),
  'service.UmRdpService': service(3, { objectName: 'LocalSystem' }),
  'service.SessionEnv': service(3, { objectName: 'LocalSystem' }),
  'service.gpsvc': service(2, { objectName: 'LocalSystem' }),
  'service.Netlogon': service(3, { objectName: 'LocalSystem' }),
  'service.KeyIso': service(3, { objectName: 'LocalSystem' }),
  'service.CryptSvc': service(2, LOCAL_SERVICE),
  'service.Dnscache': service(2, LOCAL_SERVICE),
  'service.W32Time': service(3, { objectName: 'NT AUTHORITY\\LocalService' }),
  'user.rights': onDisk(rightsOf('S-1-5-21-3623811015-3361044348-30300820-1013')),
  'cachedLogons.count': set(10),
  'dns.servers': onDisk([card('10.20.0.10', '168.63.129.16')]),
  'firewall.rdp': firewall('on on on', rule()),
  'grouppolicy.local': notOnDisk(),
  'events.relevant': timeline(),
  'disk.volume': {
    state: 'present',
    value: {
      container: 'fixed VHD',
      partitionScheme: 'gpt',
      dirty: false,
      hibernated: false,
      hives: { SYSTEM: 'clean', SOFTWARE: 'replayed', SECURITY: 'clean', SAM: 'clean' },
    },
    from: {
      gatherer: 'disk',
      channel: 'disk',
      locator: '/srv/tickets/4711/files7-osdisk.vhd',
      observedAt: '2026-03-01T12:00:00.000Z',
    },
  },
};

function rightsOf(sid: string) {
  const observed = rights({ remoteInteractive: ['S-1-5-32-544', 'S-1-5-32-555', sid] });
  if (observed.state !== 'present') throw new Error('rights are made present');
  return observed.value;
}

const DISK_MEMBER: Evidence = {
  ...WORKGROUP,
  'computer.name': onDisk('APP-SRV-03'),
  'domain.membership': MEMBER,
  'domain.sid': onDisk('S-1-5-21-1004336348-1177238915-682003330'),
  'machinePassword.changedAt': password('2026-02-14T03:12:45.000Z'),
  'service.Netlogon': service(2, { objectName: 'LocalSystem' }),
  'dns.servers': onDisk([card('10.20.0.10', '10.20.0.11')]),
};

const LOGON = {
  TargetUserName: 'jsmith',
  TargetDomainName: 'CORP',
  WorkstationName: 'LAPTOP-042',
  IpAddress: '10.20.4.77',
  TargetUserSid: 'S-1-5-21-1004336348-1177238915-682003330-1104',
};

const CASES: Readonly<
  Record<
    string,
    {
      readonly target: string;
      readonly evidence: Evidence;
      readonly taken?: readonly Look[];
      readonly warnings?: readonly Warning[];
    }
  >
> = {
  'disk-workgroup': { target: '/srv/tickets/4711/files7-osdisk.vhd', evidence: WORKGROUP },
  'disk-member': {
    target: '/srv/tickets/4712/app-srv-03.vhdx',
    evidence: {
      ...DISK_MEMBER,
      'events.relevant': timeline(
        event('Security-Auditing', 4624, 3, {
          ...LOGON,
          LogonType: '10',
          AuthenticationPackageName: 'Negotiate',
        }),
        event('NETLOGON', 3210, 40, { param1: 'CORP', param2: '\\\\DC1.corp.example.com' }),
        event('Security-Auditing', 4625, 44, {
          ...LOGON,
          LogonType: '3',
          Status: '0xc000018d',
          SubStatus: '0x0',
        }),
        event('Service Control Manager', 7040, 20, {
          param1: 'Netlogon',
          param2: 'auto start',
          param3: 'demand start',
        }),
      ),
    },
  },
  'disk-many': {
    target: '/srv/tickets/4713/app-srv-03.vhdx',
    evidence: {
      ...DISK_MEMBER,
      'listener.fDenyTSConnections': forced(1, 0),
      'service.TermService': service(4, LOCAL_SERVICE),
      'schannel.server': schannel('off off off off'),
      'listener.certificate': lostCertificate('bound'),
      'firewall.rdp': firewall(
        'on on on',
        rule({ active: false }),
        rule({
          id: 'Block-{9}',
          name: 'Block APP-SRV-03 for 10.20.4.77',
          action: 'block',
          remoteAddresses: ['10.20.4.77', '192.168.0.0/255.255.0.0', 'LocalSubnet'],
        }),
      ),
      'grouppolicy.local': onDisk({
        registryPol: true,
        values: { 'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services!fDenyTSConnections': 1 },
      }),
    },
  },
  'disk-denied': {
    target: '/srv/tickets/4716/app-srv-03.vhdx',
    evidence: {
      ...DISK_MEMBER,
      'domain.sid': onDisk('S-1-5-21-1004336348-1177238915-682003330'),
      'user.rights': rights({ denyNetwork: ['S-1-5-21-1004336348-1177238915-682003330-513', 'S-1-5-113'] }),
    },
  },
  'disk-unknown': {
    target: '/srv/tickets/4714/files7-osdisk.vhd',
    evidence: {
      ...WORKGROUP,
      'domain.membership': unknown('corrupt', 'SECURITY cannot be read: its base block is damaged'),
      'machine.sid': unknown('corrupt', 'SECURITY cannot be read: its base block is damaged'),
      'user.rights': unknown('corrupt', 'SECURITY cannot be read: its base block is damaged'),
      'listener.certificate': unknown('corrupt', 'the store cannot be read'),
      'events.relevant': unknown('corrupt', 'System.evtx cannot be read'),
      'firewall.rdp': unknown('denied', 'the rules were not readable'),
    },
    warnings: [
      { code: 'hive-unreadable', text: 'the SECURITY hive cannot be read: its base block is damaged' },
    ],
  },
};

const at = '2026-03-01T12:00:00.000Z';
const supportedClients = CLIENTS.filter(({ supported }) => supported);
function save(
  name: string,
  target: string,
  evidence: Evidence,
  taken: readonly Look[],
  warnings: readonly Warning[],
): void {
  if (process.argv.length > 2 && !process.argv.includes(name)) return;
  const report = diagnose({
    target,
    at,
    evidence,
    context: { client: undefined, supportedClients },
    warnings,
    taken,
    available: ['HOST', '--user', '--client', '--full', '--disk'],
    suspected: [],
  });
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(report, undefined, 2)}\n`);
}
for (const [name, { target, evidence, warnings = [] }] of Object.entries(CASES))
  save(name, target, evidence, ['--disk'], warnings);
// One machine from both sides: the disk of a member whose TLS is off, and its listener that refuses it.
const outside = inputOf(loadReport('tls-off'));
save(
  'disk-and-wire',
  `vm1.corp.example:3389, /srv/tickets/4715/vm1.vhdx`,
  {
    ...DISK_MEMBER,
    'computer.name': onDisk('VM1'),
    'schannel.server': schannel('off off off off'),
    ...outside.evidence,
  },
  ['HOST', '--client', '--disk'],
  [],
);
