// Arbitrary facts about a Windows machine: contradictory ones too, since a damaged disk holds anything.
import fc from 'fast-check';
import type {
  EventTimeline,
  FirewallProfile,
  FirewallRule,
  LogonTally,
  ServiceDependencies,
  ServiceProgram,
  Setting,
  WindowsFacts,
} from '../../../src/core/model/windows-facts.ts';
import { CERTIFICATE } from './evidence.ts';
import { event } from './windows-evidence.ts';

const setBy = fc.constantFrom('policy', 'machine', 'default');

function setting<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Setting<T>> {
  return fc.tuple(value, setBy, fc.option(value, { nil: undefined })).map(([effective, by, machine]) => ({
    effective,
    setBy: by,
    ...(by === 'policy' ? { policy: effective } : {}),
    ...(machine === undefined ? {} : { machine }),
    where: 'SYSTEM\\Some!Value',
  }));
}

const number = (...values: readonly number[]) => setting(fc.constantFrom(...values));
const names = (...values: readonly string[]) =>
  fc.subarray([...values]).map((chosen): readonly string[] => chosen);
const date = fc.constantFrom('2020-01-01T00:00:00Z', '2026-02-20T00:00:00Z', '2030-01-01T00:00:00Z', '');
const sids = names(
  ...['S-1-1-0', 'S-1-5-11', 'S-1-5-32-544', 'S-1-5-32-545', 'S-1-5-32-555', 'S-1-5-113'],
  ...['S-1-5-114', 'S-1-5-32-546', 'S-1-5-2', 'S-1-5-4', 'S-1-5-14'],
  ...['S-1-5-21-1-2-3-513', 'S-1-5-21-4-5-6-513', 'S-1-5-21-1-2-3-1104'],
);

const service = fc.record(
  {
    startType: fc.constantFrom(0, 2, 3, 4, 9),
    objectName: fc.constantFrom('NT Authority\\NetworkService', 'LocalSystem'),
    state: fc.constantFrom('stopped', 'running', 'start-pending'),
  },
  { requiredKeys: ['startType'], noNullPrototype: true },
);

const file = fc.constantFrom('there' as const, 'missing' as const, 'unknown' as const);
const program: fc.Arbitrary<ServiceProgram> = fc.record(
  {
    imagePath: fc.constantFrom('%SystemRoot%\\System32\\svchost.exe -k NetworkService', 'C:\\odd.exe'),
    serviceDll: fc.constantFrom('%SystemRoot%\\System32\\termsrv.dll', 'C:\\odd.dll'),
    image: file,
    library: file,
    hostGroup: fc.record({ name: fc.constant('NetworkService'), lists: fc.boolean() }),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const dependencies: fc.Arbitrary<ServiceDependencies> = fc.record({
  services: fc.array(
    fc.record(
      {
        name: fc.constantFrom('RpcSs', 'DcomLaunch'),
        neededBy: fc.constant('TermService'),
        startType: fc.constantFrom(2, 3, 4),
      },
      { requiredKeys: ['name', 'neededBy'], noNullPrototype: true },
    ),
    { maxLength: 2 },
  ),
  groups: fc.array(
    fc.record({ name: fc.constant('NetworkProvider'), neededBy: fc.constant('TermService') }),
    {
      maxLength: 1,
    },
  ),
});

const protocol = fc
  .tuple(setting(fc.boolean()), fc.constantFrom(undefined, 0, 1), fc.constantFrom(undefined, 0, 1))
  .map(([value, enabled, disabledByDefault]) => ({
    ...value,
    ...(enabled === undefined ? {} : { enabled }),
    ...(disabledByDefault === undefined ? {} : { disabledByDefault }),
  }));

const profile: fc.Arbitrary<FirewallProfile> = fc.record({
  enabled: setting(fc.boolean()),
  defaultInbound: fc.constantFrom('allow', 'block'),
  mergesLocalRules: fc.boolean(),
});

const rule: fc.Arbitrary<FirewallRule> = fc.record({
  id: fc.constant('some-rule'),
  name: fc.string(),
  active: fc.boolean(),
  action: fc.constantFrom('allow', 'block'),
  profiles: fc.subarray(['domain', 'private', 'public']),
  protocol: fc.constantFrom<FirewallRule['protocol']>(6, 'any'),
  localPorts: names('3389'),
  remoteAddresses: names('10.0.0.0/8'),
  setBy: fc.constantFrom('policy', 'machine'),
});

const KINDS: readonly (readonly [provider: string, id: number, fields?: Record<string, string>])[] = [
  ['NETLOGON', 3210],
  ['NETLOGON', 5719],
  ['NETLOGON', 5722],
  ['Microsoft-Windows-GroupPolicy', 1502],
  ['Microsoft-Windows-GroupPolicy', 1054],
  ['LsaSrv', 6167],
  ['LsaSrv', 5000, { Package: 'odd' }],
  ['Schannel', 36870, { Type: 'server' }],
  ['Schannel', 36871, { Type: 'client' }],
  ['Schannel', 36880, { Type: 'server' }],
  ['Security-Auditing', 4624, { LogonType: '3', TargetDomainName: 'CORP' }],
  ['Security-Auditing', 4625, { Status: '0xc000015b' }],
  ['Microsoft-Windows-Time-Service', 34],
  ['Microsoft-Windows-Time-Service', 35],
  ['RemoteConnectionManager', 1056],
  ['RemoteConnectionManager', 1057],
  ['Service Control Manager', 7000, { param1: 'TermService', param2: '%%1058' }],
  ['Microsoft-Windows-DNS-Client', 1014],
  ['Microsoft-Windows-Security-Kerberos', 3, { ErrorCode: '0xe' }],
];

const timeline: fc.Arbitrary<EventTimeline> = fc.record({
  events: fc.array(
    fc
      .tuple(fc.constantFrom(...KINDS), fc.nat(59))
      .map(([[provider, id, fields], minutes]) => event(provider, id, minutes, fields)),
    { maxLength: 3 },
  ),
  spans: fc.array(
    fc.record(
      { channel: fc.constant('System'), oldest: fc.constant('2026-02-01T00:00:00Z'), newest: date },
      { requiredKeys: ['channel'], noNullPrototype: true },
    ),
    { maxLength: 1 },
  ),
});

const account = fc.constantFrom(
  { account: 'alice', domain: 'CORP' },
  { account: 'bob', domain: '' },
  { account: '', domain: '' },
);
const moment = fc.constantFrom('2026-03-01T11:10:00.000Z', '2026-03-01T11:50:00.000Z');
const failure = fc
  .tuple(
    account,
    fc.constantFrom(0xc000006a, 0xc0000234, 0xc000015b, 0xc000005e, 0xc0000133, 0xc000018b, 7),
    fc.constantFrom(2, 3, 10),
    moment,
  )
  .map(([who, status, logonType, at]) => ({
    ...who,
    ...{ status, name: 'A_STATUS', logonType, count: 3 },
    ...{ first: '2026-03-01T11:00:00.000Z', last: at, locator: 'Security.evtx#7' },
  }));

const tally: fc.Arbitrary<LogonTally> = fc.record(
  {
    total: fc.nat(5000),
    remote: fc.nat(5000),
    names: fc.nat(500),
    namesNeverIn: fc.nat(500),
    addresses: fc.nat(50),
    busiest: fc.constant([{ address: '203.0.113.9', count: 7 }]),
    capped: fc.boolean(),
    statuses: fc.array(failure, { maxLength: 3 }),
    accounts: fc.array(failure, { maxLength: 3 }),
    successes: fc.array(
      fc.tuple(account, fc.constantFrom(2, 3, 10), moment).map(([who, logonType, at]) => ({
        ...who,
        ...{ logonType, authentication: 'NTLM', at, locator: 'Security.evtx#9' },
      })),
      { maxLength: 2 },
    ),
    since: fc.constant('2026-02-28T12:00:00.000Z'),
    until: fc.constant('2026-03-01T12:00:00.000Z'),
    endedBy: fc.constantFrom('log', 'since', 'limit'),
  },
  {
    requiredKeys: [
      ...(['total', 'remote', 'names', 'namesNeverIn', 'addresses', 'busiest', 'capped'] as const),
      ...(['statuses', 'accounts', 'successes', 'endedBy'] as const),
    ],
    noNullPrototype: true,
  },
);

/** Of a channel: well, and one of each meaning. */
const statuses = fc.constantFrom(0, 5, 1311, 1331, 1398, 1786, 1787, 1789, 1792, 0xc000018d, 4711);

/** One arbitrary a fact. */
export const WINDOWS_VALUES: { readonly [F in keyof WindowsFacts]: fc.Arbitrary<WindowsFacts[F]> } = {
  'os.version': fc.record({
    productName: fc.constant('Windows'),
    build: fc.constantFrom(7601, 14393, 20348, 26100),
    installationType: fc.constantFrom('Client', 'Server'),
  }),
  'computer.name': fc.constant('VM1'),
  'domain.membership': fc.record(
    {
      joined: fc.boolean(),
      domain: fc.constant('corp.example.com'),
      netbiosDomain: fc.constant('CORP'),
      entraJoined: fc.boolean(),
    },
    { requiredKeys: ['joined'], noNullPrototype: true },
  ),
  'listener.fDenyTSConnections': number(0, 1),
  'listener.fEnableWinStation': number(0, 1),
  'listener.WinStations': names('Console', 'RDP-Tcp', 'ICA-Tcp'),
  'listener.TSEnabled': number(0, 1),
  'listener.TSUserEnabled': number(0, 1),
  'listener.TSServerDrainMode': number(0, 1, 2),
  'listener.TSAppCompat': number(0, 1),
  'listener.fLogonDisabled': number(0, 1),
  'listener.fAllowSecProtocolNegotiation': number(0, 1),
  'winlogon.WinStationsDisabled': number(0, 1),
  'listener.portNumber': number(3389, 3390),
  'listener.securityLayer': number(0, 1, 2, 7),
  'listener.userAuthentication': number(0, 1),
  'listener.minEncryptionLevel': number(1, 2, 3, 4, 9),
  'listener.certificate': fc.record(
    {
      chosen: fc.constantFrom('bound', 'self-signed'),
      sha1: fc.constant(CERTIFICATE.sha1),
      store: fc.constant('MY'),
      certificate: fc
        .record({
          notBefore: date,
          notAfter: date,
          keyBits: fc.constantFrom(256, 2048),
          selfSigned: fc.boolean(),
        })
        .map((part) => ({ ...CERTIFICATE, ...part })),
      keyFile: fc.constant('\\ProgramData\\key'),
      key: fc.constantFrom('readable', 'missing', 'denied', 'unknown'),
      keyDetail: fc.constant('as it is'),
    },
    { requiredKeys: ['chosen', 'sha1', 'store', 'key'], noNullPrototype: true },
  ),
  'schannel.server': fc.record({ '1.0': protocol, '1.1': protocol, '1.2': protocol, '1.3': protocol }),
  'schannel.algorithms': fc.array(
    fc.constantFrom(
      { folder: 'Hashes' as const, name: 'SHA', where: 'SYSTEM\\H!Enabled' },
      { folder: 'Ciphers' as const, name: 'AES 256/256', where: 'SYSTEM\\C!Enabled' },
      { folder: 'KeyExchangeAlgorithms' as const, name: 'ECDH', where: 'SYSTEM\\K!Enabled' },
    ),
    { maxLength: 2 },
  ),
  'schannel.curves': setting(fc.constantFrom<readonly string[]>([], ['curve25519'], ['NistP384'])),
  'schannel.rdsUpdate': fc.constant({ sign: 'Package_for_KB3080079~31bf3856ad364e35~amd64~~6.1.1.2' }),
  'schannel.suites': setting(
    names(
      ...['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384_P384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
      ...['TLS_AES_256_GCM_SHA384', 'TLS_OF_TOMORROW'],
    ),
  ),
  'fips.machine': setting(fc.boolean()),
  'lsa.disableDomainCreds': number(0, 1),
  'lsa.lmCompatibilityLevel': number(0, 3, 5),
  'lsa.packages': fc.record({
    authentication: names('msv1_0', 'extra'),
    security: names('kerberos', 'schannel', 'tspkg'),
    providers: names('credssp.dll'),
  }),
  'ntlm.restrictReceiving': number(0, 1, 2),
  'ntlm.restrictSending': number(0, 1, 2),
  'credssp.allowEncryptionOracle': number(0, 1, 2),
  'credssp.fileVersion': fc.constantFrom('10.0.14393.0', '10.0.17763.1', '6.1.7601.24117', '?'),
  'kerberos.encryptionTypes': number(0, 4, 0x18, 0x7fffffff),
  'service.TermService': service,
  'service.UmRdpService': service,
  'service.SessionEnv': service,
  'service.gpsvc': service,
  'service.Netlogon': service,
  'service.KeyIso': service,
  'service.CryptSvc': service,
  'service.Dnscache': service,
  'service.W32Time': service,
  'service.MpsSvc': service,
  'service.BFE': service,
  'service.TermService.program': program,
  'service.TermService.dependencies': dependencies,
  'service.Netlogon.dependencies': dependencies,
  'service.gpsvc.dependencies': dependencies,
  'service.MpsSvc.dependencies': dependencies,
  'machinePassword.changedAt': fc.record({
    changedAt: date,
    changesDisabled: fc.boolean(),
    maximumAgeDays: fc.constantFrom(0, 30),
  }),
  'machine.sid': fc.constant('S-1-5-21-1-2-3'),
  'domain.sid': fc.constantFrom('S-1-5-21-4-5-6', 'S-1-5-21-1-2-3'),
  'os.productType': fc.constantFrom('WinNT', 'ServerNT', 'LanmanNT'),
  'user.rights': fc.record({
    remoteInteractive: sids,
    network: sids,
    denyRemoteInteractive: sids,
    denyNetwork: sids,
  }),
  'cachedLogons.count': number(0, 10),
  'dns.servers': fc.array(
    fc.record(
      {
        id: fc.constant('{1}'),
        servers: names('8.8.8.8', '10.0.0.4', '168.63.129.16'),
        source: fc.constantFrom('static', 'dhcp', 'none'),
        address: fc.constant('10.0.0.9'),
      },
      { requiredKeys: ['id', 'servers', 'source'], noNullPrototype: true },
    ),
    { maxLength: 2 },
  ),
  'firewall.rdp': fc.record({
    profiles: fc.record({ domain: profile, private: profile, public: profile }),
    rules: fc.array(rule, { maxLength: 3 }),
  }),
  'grouppolicy.local': fc.record({
    registryPol: fc.boolean(),
    values: fc.constantFrom({}, {
      'Software\\Policies\\Microsoft\\Windows NT\\Terminal Services!SecurityLayer': 0,
    } as Readonly<Record<string, string | number>>),
  }),
  'listener.certificateTemplate': fc.constant('RDPAuth'),
  'secureChannel.state': fc.record(
    {
      asked: fc.constantFrom('query', 'verify'),
      controller: fc.constantFrom('', '\\\\dc1.corp.example.com'),
      verified: fc.boolean(),
      status: statuses,
      pdcStatus: statuses,
      flags: fc.constantFrom(0x30, 0xb0),
    },
    { requiredKeys: ['asked', 'verified', 'status'], noNullPrototype: true },
  ),
  'listener.owner': fc.record(
    {
      process: fc.constantFrom('svchost.exe', 'acme.exe', 'System'),
      processId: fc.constant(1234),
      service: fc.constantFrom('TermService', 'iphlpsvc'),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  'policy.refreshedAt': date,
  'os.startedAt': fc.constantFrom('2026-03-01T11:59:00.000Z', '2026-02-01T00:00:00.000Z'),
  'os.pendingRestart': fc
    .array(
      fc.record({
        reason: fc.constantFrom('servicing', 'servicing-now', 'update', 'file-renames', 'computer-name'),
        where: fc.constant('SOFTWARE\\Key'),
      }),
      { maxLength: 2 },
    )
    .map((reasons) => ({ pending: reasons.length > 0, reasons })),
  'os.setup': fc.record(
    {
      inProgress: fc.boolean(),
      firstStart: fc.boolean(),
      imageState: fc.constantFrom('IMAGE_STATE_COMPLETE', 'IMAGE_STATE_UNDEPLOYABLE'),
    },
    { requiredKeys: ['inProgress', 'firstStart'], noNullPrototype: true },
  ),
  'time.source': fc.record(
    {
      type: fc.constantFrom('NT5DS', 'NTP', 'NoSync'),
      server: fc.constantFrom('dc1.corp.example.com', 'Local CMOS Clock'),
      offsetSeconds: fc.constantFrom(0, 400),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  'resources.state': fc.record(
    {
      memory: fc.constantFrom(
        { totalBytes: 2 ** 34, availableBytes: 2 ** 33 },
        { totalBytes: 2 ** 34, availableBytes: 2 ** 20 },
      ),
      commit: fc.constantFrom(
        { limitBytes: 2 ** 35, usedBytes: 2 ** 33 },
        { limitBytes: 2 ** 35, usedBytes: 2 ** 35 },
      ),
      handles: fc.constant(60_000),
      processes: fc.constant(120),
      sessions: fc.constant(2),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  'events.relevant': timeline,
  'logon.failures': tally,
  'disk.volume': fc.constant({
    container: 'raw',
    partitionScheme: 'GPT',
    dirty: false,
    hibernated: false,
    hives: {},
  }),
};
