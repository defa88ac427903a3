// Every fact in every form in which it is told differently, for facts.txt: a text that changes shows there.
// Every name and number is made up; addresses are those for documentation (RFC 5737, RFC 3849).
import type { FactName, Facts, TlsAsClientRow, TlsCipher } from '../../src/core/model/facts.ts';
import type {
  FirewallProfile,
  FirewallRule,
  LogonFailureRow,
  RelevantEvent,
  SchannelProtocol,
  ServiceDependencies,
  Setting,
  WindowsService,
} from '../../src/core/model/windows-facts.ts';

const WHERE = 'SYSTEM\\Key!Value';

const byDefault = <T>(effective: T): Setting<T> => ({
  effective,
  setBy: 'default',
  default: effective,
  where: WHERE,
});
const byMachine = <T>(effective: T): Setting<T> => ({
  effective,
  setBy: 'machine',
  machine: effective,
  where: WHERE,
});
const byPolicy = <T>(effective: T, machine?: T): Setting<T> => ({
  effective,
  setBy: 'policy',
  policy: effective,
  ...(machine === undefined ? {} : { machine }),
  where: WHERE,
});

/** By nobody, by the machine, by a policy alone, over another value and over the same one. */
const settings = (...values: readonly number[]): readonly Setting<number>[] => [
  ...values.map(byDefault),
  ...values.map(byMachine),
  byPolicy(1),
  byPolicy(1, 0),
  byPolicy(1, 1),
  // What a machine keeps beside its policy does not say who set what decides.
  { ...byDefault(0), machine: 1 },
  { ...byMachine(0), default: 1 },
];
/** Where the same words are used for many: those of `listener.TSEnabled` and `lsa.disableDomainCreds` are told in full. */
const SWITCH = [byDefault(1), byMachine(0), byMachine(1)];

const SERVICES: readonly WindowsService[] = [
  ...[0, 1, 2, 3, 4, 5].map((startType) => ({ startType, objectName: 'LocalSystem' })),
  { startType: 4, state: 'stopped' },
  { startType: 2, state: 'running' },
  { startType: 5, objectName: 'LocalSystem', state: 'paused' },
];
/** The same words for every service: the others are told once. */
const OFF: readonly WindowsService[] = [{ startType: 4 }];

const MISSING: readonly ServiceDependencies[] = [
  { services: [{ name: 'RpcSs', neededBy: 'Netlogon' }], groups: [] },
];
const NEEDS: readonly ServiceDependencies[] = [
  { services: [], groups: [] },
  {
    services: [
      { name: 'RpcSs', neededBy: 'TermService', startType: 2 },
      { name: 'Mup', neededBy: 'rdbss', startType: 0 },
      { name: 'DcomLaunch', neededBy: 'RpcSs', startType: 4 },
      { name: 'nsi', neededBy: 'RpcSs' },
      { name: 'odd', neededBy: 'nsi', startType: 9 },
    ],
    groups: [{ name: 'TDI', neededBy: 'TermService' }],
  },
];

const AES: TlsCipher = {
  name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  id: 0xc030,
  strength: 'strong',
  fips: true,
};
const CBC: TlsCipher = {
  name: 'TLS_RSA_WITH_AES_128_CBC_SHA',
  id: 0x002f,
  strength: 'acceptable',
  fips: true,
};
const CHACHA: TlsCipher = {
  name: 'TLS_CHACHA20_POLY1305_SHA256',
  id: 0x1303,
  strength: 'strong',
  fips: false,
};
const RC4: TlsCipher = { name: 'TLS_RSA_WITH_RC4_128_SHA', id: 5, strength: 'broken', fips: false };
const DES3: TlsCipher = { name: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', id: 10, strength: 'weak', fips: true };

const common = (client: string): TlsAsClientRow => ({
  client,
  answer: 'accepted',
  version: '1.2',
  suite: AES.name,
  hello: 'common',
});

const CERTIFICATE = {
  subject: 'CN=vm1.corp.example',
  issuer: 'CN=vm1.corp.example',
  notBefore: '2026-01-02T03:04:05.000Z',
  notAfter: '2026-07-08T09:10:11.000Z',
  sha1: '0123456789abcdef0123456789abcdef01234567',
  selfSigned: true,
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
};

const protocol = (effective: boolean, setBy: Setting<boolean>['setBy']): SchannelProtocol => ({
  effective,
  setBy,
  where: WHERE,
});

const event = (minute: number, proves: readonly string[] = []): RelevantEvent => ({
  channel: 'System',
  provider: 'NETLOGON',
  id: 3000 + minute,
  at: `2026-03-01T11:${String(minute).padStart(2, '0')}:07.123Z`,
  fields: {},
  locator: `System.evtx#${minute}`,
  proves,
  refutes: [],
});
const many = (count: number, from: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => from - at);

const failures = (index: number): LogonFailureRow => ({
  account: 'alice',
  domain: 'CORP',
  status: 0xc000006a,
  name: `STATUS_${index}`,
  logonType: 3,
  count: 100 - index,
  first: '2026-03-01T10:00:00.000Z',
  last: '2026-03-01T11:02:03.456Z',
  locator: 'Security.evtx#1',
});
const TALLY: Facts['logon.failures'] = {
  total: 0,
  remote: 0,
  names: 0,
  namesNeverIn: 0,
  addresses: 0,
  busiest: [],
  capped: false,
  statuses: [],
  accounts: [],
  successes: [],
  since: '2026-02-28T01:02:03.000Z',
  until: '2026-03-01T04:05:06.000Z',
  endedBy: 'log',
};

const profile = (on: boolean): FirewallProfile => ({
  enabled: byMachine(on),
  defaultInbound: 'block',
  mergesLocalRules: true,
});
const rule = (action: FirewallRule['action'], active: boolean): FirewallRule => ({
  id: 'rule',
  name: 'rule',
  active,
  action,
  profiles: ['domain'],
  protocol: 6,
  localPorts: ['3389'],
  remoteAddresses: [],
  setBy: 'machine',
});

const HOST = { imagePath: '%SystemRoot%\\System32\\svchost.exe -k termsvcs', image: 'there' } as const;
const LIBRARY = { serviceDll: '%SystemRoot%\\System32\\termsrv.dll', library: 'there' } as const;
const GROUP = { name: 'termsvcs', lists: true } as const;

export const FACT_SAMPLES: { readonly [F in FactName]: readonly Facts[F][] } = {
  'tcp.connect': [
    {
      state: 'open',
      millis: 12,
      address: '192.0.2.4',
      addresses: [
        { address: '2001:db8::4', state: 'timeout', millis: 5000 },
        { address: '192.0.2.4', state: 'open', millis: 12 },
      ],
    },
  ],
  'rdp.negotiation': [
    [
      { requested: 0, answer: 'failure', failureCode: 5 },
      { requested: 1, answer: 'selected', selected: 1 },
      { requested: 3, answer: 'selected', selected: 2 },
      { requested: 4, answer: 'selected', selected: 4 },
      { requested: 11, answer: 'selected', selected: 8 },
      { requested: 16, answer: 'selected', selected: 16 },
      { requested: 0, answer: 'selected', selected: 0 },
      { requested: 3, answer: 'selected', selected: 64 },
      { requested: 1, answer: 'no-negotiation' },
      { requested: 0x1b, answer: 'closed', how: 'reset' },
    ],
  ],
  'rdp.nla': ['required', 'offered', 'refused'],
  'rdp.tls': ['required', 'offered', 'refused'],
  'rdp.standard': ['accepted', 'refused'],
  'rdp.encryption': [0, 1, 2, 3, 4, 5].map((level) => ({ level, methods: 0x1b })),
  'tls.versions': [
    {
      '1.0': 'refused',
      '1.1': 'closed',
      '1.2': 'accepted',
      '1.3': 'refused',
      alerts: { '1.0': 70, '1.3': 40 },
      suites: { '1.2': AES.name },
    },
  ],
  'tls.ciphers': [{}, { '1.2': [AES, CBC, DES3, RC4], '1.3': [AES, CHACHA] }],
  'tls.features': [
    {
      sslv3: 'refused',
      fallbackScsv: 'honoured',
      secureRenegotiation: true,
      compression: false,
      heartbeat: false,
      groups: ['x25519', 'secp256r1'],
    },
    {
      sslv3: 'accepted',
      fallbackScsv: 'ignored',
      secureRenegotiation: false,
      compression: true,
      heartbeat: true,
      groups: [],
    },
  ],
  'tls.asClient': [
    { client: 'mstsc', answer: 'accepted', version: '1.2', suite: AES.name },
    { client: 'mstsc', answer: 'accepted', version: '1.0' },
    { client: 'mstsc', answer: 'refused', alert: 40 },
    { client: 'mstsc', answer: 'closed' },
  ],
  'tls.asClients': [
    [common('mstsc'), common('macos')],
    [common('mstsc'), { client: 'old', answer: 'refused', alert: 70, hello: 'own' }],
    [],
  ],
  'tls.certificate': [CERTIFICATE, { ...CERTIFICATE, selfSigned: false, issuer: 'CN=Corp CA' }],
  'tls.clientCertificate': [
    { demand: 'none' },
    { demand: 'requested' },
    { demand: 'required', alert: 116 },
    { demand: 'none', alert: 40 },
  ],
  'tls.serverName': [
    { name: 'vm1.corp.example', withoutName: 'accepted' },
    { name: 'vm1.corp.example', withoutName: 'refused', alert: 112 },
  ],
  'tls.direct': [
    { answer: 'secured', version: '1.2', subject: 'CN=gw', inside: 'rdp' },
    { answer: 'secured', version: '1.3', inside: { foreign: 'HTTP' } },
    { answer: 'alert', alert: 40 },
    { answer: 'silent' },
  ],
  'credssp.version': [6],
  'ntlm.challenge': [
    {},
    {
      netbiosComputer: 'VM1',
      netbiosDomain: 'CORP',
      dnsComputer: 'vm1.corp.example',
      dnsDomain: 'corp.example',
      osBuild: '10.0.20348',
      timestamp: '2026-03-01T12:00:01.500Z',
    },
    { netbiosComputer: 'VM1', netbiosDomain: 'CORP' },
    { dnsComputer: 'vm1', dnsDomain: 'corp.example' },
    { osBuild: '6.1.7601' },
  ],
  'ntlm.refusal': [{ name: 'STATUS_NTLM_BLOCKED', status: 0xc0000418 }],
  'clock.skewSeconds': [-301, 0, 301],
  'nla.logon': [
    { status: 0xc000006d, name: 'STATUS_LOGON_FAILURE' },
    { status: 0, name: 'STATUS_SUCCESS' },
  ],
  'os.version': [
    {
      productName: 'Windows Server 2022',
      build: 20348,
      installationType: 'Server',
      revision: 2402,
      displayVersion: '21H2',
    },
    { productName: 'Windows 7', build: 7601, installationType: 'Client' },
  ],
  'computer.name': ['VM1'],
  'domain.membership': [
    { joined: true, domain: 'corp.example', netbiosDomain: 'CORP' },
    { joined: true, netbiosDomain: 'CORP', entraJoined: true },
    { joined: true },
    { joined: false, entraJoined: false },
    { joined: false, entraJoined: true },
  ],
  'domain.sid': ['S-1-5-21-4-5-6'],
  'os.productType': ['ServerNT'],
  'machine.sid': ['S-1-5-21-1-2-3'],
  'machinePassword.changedAt': [
    { changedAt: '2026-02-14T03:12:45.678Z', changesDisabled: false, maximumAgeDays: 30 },
    { changedAt: '2026-02-14T03:12:45.678Z', changesDisabled: true, maximumAgeDays: 30 },
  ],
  'listener.fDenyTSConnections': SWITCH,
  'listener.fEnableWinStation': SWITCH,
  'listener.WinStations': [['Console', 'rdp-tcp'], ['Console', 'ICA-Tcp'], []],
  'listener.TSEnabled': settings(0, 1, 2),
  'listener.TSUserEnabled': SWITCH,
  'listener.TSServerDrainMode': SWITCH,
  'listener.TSAppCompat': SWITCH,
  'listener.fLogonDisabled': SWITCH,
  'listener.fAllowSecProtocolNegotiation': SWITCH,
  'winlogon.WinStationsDisabled': SWITCH,
  'listener.portNumber': [byDefault(3389), byMachine(3390)],
  'listener.securityLayer': settings(0, 1, 2, 3),
  'listener.userAuthentication': SWITCH,
  'listener.minEncryptionLevel': settings(1, 4),
  'listener.certificate': [
    {
      chosen: 'self-signed',
      sha1: CERTIFICATE.sha1,
      store: 'Remote Desktop',
      certificate: CERTIFICATE,
      key: 'readable',
    },
    { chosen: 'bound', sha1: CERTIFICATE.sha1, store: 'MY', key: 'unknown' },
  ],
  'schannel.server': [
    {
      '1.0': protocol(false, 'machine'),
      '1.1': protocol(false, 'policy'),
      '1.2': protocol(true, 'default'),
      '1.3': protocol(true, 'machine'),
    },
  ],
  'schannel.suites': [byDefault([]), byMachine(['A']), byPolicy(['A', 'B'])],
  'schannel.curves': [
    byDefault([]),
    byMachine(['NistP256']),
    byPolicy(['NistP384', 'curve25519']),
    byPolicy([]),
  ],
  'schannel.algorithms': [
    [],
    [
      { folder: 'Hashes', name: 'SHA', where: WHERE },
      { folder: 'Ciphers', name: 'AES 128/128', where: WHERE },
    ],
  ],
  'schannel.rdsUpdate': [{ sign: 'Package_for_KB3080079' }],
  'fips.machine': [byDefault(false), byMachine(true)],
  'lsa.disableDomainCreds': settings(0, 1),
  'lsa.lmCompatibilityLevel': settings(3, 5),
  'lsa.packages': [
    {
      authentication: ['msv1_0', 'kerberos'],
      security: ['tspkg', 'schannel'],
      providers: ['a.dll', 'b.dll'],
    },
    { authentication: ['msv1_0'], security: [], providers: ['credssp.dll'] },
  ],
  'ntlm.restrictReceiving': SWITCH,
  'ntlm.restrictSending': SWITCH,
  'credssp.allowEncryptionOracle': SWITCH,
  'credssp.fileVersion': ['10.0.20348.2402'],
  'kerberos.encryptionTypes': [byMachine(0x18), byDefault(0x7fffffff)],
  'cachedLogons.count': [byDefault(10), byMachine(0), byMachine(25)],
  'listener.certificateTemplate': ['RDPAuth'],
  'os.startedAt': ['2026-03-01T11:09:07.123Z'],
  'os.setup': [
    { inProgress: false, firstStart: false },
    { inProgress: false, firstStart: false, imageState: 'IMAGE_STATE_COMPLETE' },
    { inProgress: true, firstStart: false, imageState: 'IMAGE_STATE_COMPLETE' },
    { inProgress: true, firstStart: true, imageState: 'IMAGE_STATE_UNDEPLOYABLE' },
  ],
  'os.pendingRestart': [
    { pending: false, reasons: [] },
    { pending: true, reasons: [{ reason: 'file-renames', where: WHERE }] },
    {
      pending: true,
      reasons: (['servicing-now', 'servicing', 'update', 'computer-name', 'domain-join'] as const).map(
        (reason) => ({ reason, where: WHERE }),
      ),
    },
  ],
  'policy.refreshedAt': ['2026-03-01T11:09:07.123Z'],
  'secureChannel.state': [
    {
      asked: 'verify',
      controller: '\\\\dc1.corp.example',
      verified: true,
      status: 0,
      pdcStatus: 0,
      flags: 0xb0,
    },
    { asked: 'verify', controller: '\\\\dc1.corp.example', verified: true, status: 0, pdcStatus: 1331 },
    { asked: 'verify', controller: '', verified: true, status: 1311, pdcStatus: 1311 },
    { asked: 'verify', verified: true, status: 0xc000018b },
    { asked: 'query', controller: '\\\\dc1.corp.example', verified: false, status: 0 },
    { asked: 'query', verified: false, status: 5 },
  ],
  'listener.owner': [
    { process: 'svchost.exe', processId: 1234, service: 'TermService' },
    { processId: 4 },
    { service: 'TermService' },
    {},
  ],
  'time.source': [
    { type: 'NT5DS', server: 'dc1.corp.example', offsetSeconds: -0.25 },
    { server: 'Local CMOS Clock' },
    { offsetSeconds: 1.5 },
    { type: 'NTP' },
    {},
  ],
  'resources.state': [
    {
      memory: { totalBytes: 17_179_869_184, availableBytes: 1_288_490_189 },
      commit: { limitBytes: 21_474_836_480, usedBytes: 5_476_083_302 },
      handles: 45_123,
      processes: 210,
      sessions: 1,
    },
    {},
  ],
  'service.TermService': SERVICES,
  'service.UmRdpService': OFF,
  'service.SessionEnv': OFF,
  'service.gpsvc': OFF,
  'service.Netlogon': OFF,
  'service.KeyIso': OFF,
  'service.CryptSvc': OFF,
  'service.Dnscache': OFF,
  'service.W32Time': OFF,
  'service.MpsSvc': OFF,
  'service.BFE': OFF,
  'service.TermService.program': [
    { ...HOST, ...LIBRARY, hostGroup: GROUP },
    { ...HOST, image: 'missing', ...LIBRARY, hostGroup: GROUP },
    { ...HOST, ...LIBRARY, library: 'missing', hostGroup: GROUP },
    { ...HOST, ...LIBRARY, hostGroup: { ...GROUP, lists: false } },
    { ...HOST, ...LIBRARY, hostGroup: { ...GROUP, lists: 'unknown' } },
    { ...HOST, ...LIBRARY },
    {},
  ],
  'service.TermService.dependencies': NEEDS,
  'service.Netlogon.dependencies': MISSING,
  'service.gpsvc.dependencies': MISSING,
  'service.MpsSvc.dependencies': MISSING,
  'user.rights': [
    {
      remoteInteractive: ['S-1-5-32-544', 'S-1-5-32-555'],
      network: ['S-1-1-0'],
      denyRemoteInteractive: [],
      denyNetwork: ['S-1-5-113'],
    },
  ],
  'dns.servers': [
    [
      { id: '{A}', servers: ['192.0.2.10', '192.0.2.11'], source: 'static' },
      { id: '{B}', servers: [], source: 'none' },
      { id: '{C}', servers: ['192.0.2.12'], source: 'dhcp' },
    ],
  ],
  'firewall.rdp': [
    {
      profiles: { domain: profile(true), private: profile(false), public: profile(true) },
      rules: [rule('allow', true), rule('allow', true), rule('allow', false), rule('block', true)],
    },
    {
      profiles: { domain: profile(false), private: profile(false), public: profile(false) },
      rules: [rule('block', false), rule('allow', false)],
    },
  ],
  'grouppolicy.local': [
    { registryPol: false, values: {} },
    {
      registryPol: true,
      values: { 'SOFTWARE\\Policies\\TS!SecurityLayer': 0, 'SOFTWARE\\Policies\\TS!Name': 'x' },
    },
  ],
  'events.relevant': [
    { events: [], spans: [] },
    {
      events: [event(9, ['rdp-disabled']), event(8)],
      spans: [],
      firstFailure: '2026-03-01T11:09:07.123Z',
      lastSuccess: '2026-02-27T08:00:00.000Z',
      changes: [event(5)],
    },
    { events: [event(9)], spans: [], firstFailure: '2026-03-01T11:09:07.123Z' },
    // More than is told, briefly and at length.
    {
      events: many(7, 59).map((minute) => event(minute, ['rdp-disabled'])),
      spans: [],
      changes: many(7, 20).map((minute) => event(minute)),
    },
  ],
  'logon.failures': [
    TALLY,
    {
      ...TALLY,
      total: 300,
      names: 2,
      addresses: 1,
      statuses: [0, 1, 2, 3].map(failures),
    },
    { ...TALLY, total: 60_000, names: 20_000, addresses: 9, capped: true, endedBy: 'limit' },
    (({ since: _, ...rest }) => ({ ...rest, total: 1 }))(TALLY),
    (({ until: _, ...rest }) => ({ ...rest, total: 1 }))(TALLY),
  ],
  'disk.volume': [
    {
      container: 'fixed VHD',
      partitionScheme: 'gpt',
      dirty: false,
      hibernated: false,
      hives: { SYSTEM: 'clean', SOFTWARE: 'replayed' },
    },
    { container: 'raw', partitionScheme: 'mbr', dirty: true, hibernated: true, hives: {} },
  ],
};
