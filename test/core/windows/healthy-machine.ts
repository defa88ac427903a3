// A Windows Server 2022, member of a domain, as it is installed: everything that an inquiry asks for is there.
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { Writer } from '../../../src/core/bytes/writer.ts';
import { descriptor } from '../bytes/build-security-descriptor.ts';
import { GUID, KEY_FILE, NETWORK_SERVICE, READ, SHA1, STORED, THUMBPRINT } from './build-certificate.ts';
import type { Data, FakeMachine, Key } from './fake-machine.ts';

const CCS = 'SYSTEM\\CurrentControlSet';
const SERVICES = `${CCS}\\Services`;
const TS = `${CCS}\\Control\\Terminal Server`;
const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const POLICY = 'SECURITY\\Policy';

/** S-1-5-21-1-2-3 and S-1-5-21-4-5-6. */
const MACHINE_SID = sid(1, 2, 3);
const DOMAIN_SID = sid(4, 5, 6);

function sid(...parts: readonly number[]): Data {
  const w = new Writer()
    .u8(1)
    .u8(4)
    .bytes(Uint8Array.of(0, 0, 0, 0, 0, 5))
    .u32le(21);
  for (const part of parts) w.u32le(part);
  return untyped(w.toBytes());
}

/** Data without a type, as the LSA writes all of its. */
function untyped(data: Uint8Array): Data {
  return { type: 0, data };
}

function lsaName(text: string): Data {
  const name = encodeUtf16le(text);
  return untyped(new Writer().u16le(name.length).u16le(name.length).u32le(8).bytes(name).toBytes());
}

/** 2026-02-20, as a FILETIME. */
const CHANGED = new Writer().u64le((BigInt(Date.UTC(2026, 1, 20)) + 11_644_473_600_000n) * 10_000n).toBytes();

function service(start: number, needs: readonly string[] = [], group = 'LocalService'): Key {
  return {
    Start: start,
    Type: 0x20,
    ObjectName: 'LocalSystem',
    ImagePath: { type: 2, data: `%SystemRoot%\\System32\\svchost.exe -k ${group}` },
    ...(needs.length === 0 ? {} : { DependOnService: needs }),
  };
}

const driver = (start: number, needs: readonly string[] = []): Key => ({
  Start: start,
  Type: 2,
  ...(needs.length === 0 ? {} : { DependOnService: needs }),
});

const right = (mask: number): Key => ({ '': mask });

export const HEALTHY_MACHINE: FakeMachine = {
  registry: {
    [VERSION]: {
      ProductName: 'Windows Server 2022 Datacenter',
      CurrentBuildNumber: '20348',
      InstallationType: 'Server',
      UBR: 2340,
      DisplayVersion: '21H2',
    },
    [`${VERSION}\\Winlogon`]: { CachedLogonsCount: '10', WinStationsDisabled: '0' },
    [`${VERSION}\\Svchost`]: { termsvcs: ['TermService'], LocalService: ['nsi'] },
    [`${CCS}\\Control\\ProductOptions`]: { ProductType: 'ServerNT' },
    [`${CCS}\\Control\\ComputerName\\ComputerName`]: { ComputerName: 'VM1' },
    [`${SERVICES}\\Tcpip\\Parameters`]: { Domain: 'corp.example.com' },
    [`${SERVICES}\\Tcpip\\Parameters\\Interfaces\\{A}`]: {
      EnableDHCP: 1,
      DhcpNameServer: '10.0.0.4',
      DhcpIPAddress: '10.0.0.9',
    },
    [`${POLICY}\\PolDnDDN`]: { '': lsaName('corp.example.com') },
    [`${POLICY}\\PolPrDmN`]: { '': lsaName('CORP') },
    [`${POLICY}\\PolPrDmS`]: { '': DOMAIN_SID },
    [`${POLICY}\\PolAcDmS`]: { '': MACHINE_SID },
    [`${POLICY}\\Secrets\\$MACHINE.ACC\\CupdTime`]: { '': untyped(CHANGED) },
    [`${POLICY}\\Accounts\\S-1-1-0\\ActSysAc`]: right(0x2),
    [`${POLICY}\\Accounts\\S-1-5-32-544\\ActSysAc`]: right(0x1 | 0x2 | 0x400),
    [`${POLICY}\\Accounts\\S-1-5-32-545\\ActSysAc`]: right(0x1 | 0x2),
    [`${POLICY}\\Accounts\\S-1-5-32-555\\ActSysAc`]: right(0x400),
    [TS]: { fDenyTSConnections: 0, TSEnabled: 1, TSUserEnabled: 0, TSServerDrainMode: 0, TSAppCompat: 0 },
    [`${TS}\\WinStations`]: { SelfSignedCertificate: THUMBPRINT },
    [`${TS}\\WinStations\\Console`]: { fEnableWinStation: 1 },
    [`${TS}\\WinStations\\RDP-Tcp`]: {
      fEnableWinStation: 1,
      fLogonDisabled: 0,
      PortNumber: 3389,
      SecurityLayer: 2,
      UserAuthentication: 1,
      MinEncryptionLevel: 3,
      fAllowSecProtocolNegotiation: 1,
    },
    'SOFTWARE\\Microsoft\\Cryptography': { MachineGuid: GUID },
    [`SOFTWARE\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates\\${SHA1.toUpperCase()}`]: {
      Blob: STORED,
    },
    [`${CCS}\\Control\\Lsa`]: {
      DisableDomainCreds: 0,
      LmCompatibilityLevel: 3,
      'Authentication Packages': ['msv1_0'],
      'Security Packages': ['""'],
    },
    [`${CCS}\\Control\\Lsa\\FIPSAlgorithmPolicy`]: { Enabled: 0 },
    [`${CCS}\\Control\\Lsa\\MSV1_0`]: { RestrictReceivingNTLMTraffic: 0, RestrictSendingNTLMTraffic: 0 },
    [`${CCS}\\Control\\SecurityProviders`]: { SecurityProviders: 'credssp.dll' },
    [`${SERVICES}\\TermService`]: {
      ...service(3, ['RPCSS'], 'termsvcs'),
      ObjectName: 'NT Authority\\NetworkService',
    },
    [`${SERVICES}\\TermService\\Parameters`]: {
      ServiceDll: { type: 2, data: '%SystemRoot%\\System32\\termsrv.dll' },
    },
    [`${SERVICES}\\RpcSs`]: service(2, ['RpcEptMapper', 'DcomLaunch']),
    [`${SERVICES}\\RpcEptMapper`]: service(2),
    [`${SERVICES}\\DcomLaunch`]: service(2, ['LSM']),
    [`${SERVICES}\\LSM`]: service(2),
    [`${SERVICES}\\Netlogon`]: service(2, ['LanmanWorkstation']),
    [`${SERVICES}\\Netlogon\\Parameters`]: { DisablePasswordChange: 0, MaximumPasswordAge: 30 },
    [`${SERVICES}\\LanmanWorkstation`]: service(2, ['Bowser', 'MRxSmb20', 'NSI']),
    [`${SERVICES}\\Bowser`]: driver(3),
    [`${SERVICES}\\MRxSmb20`]: driver(3, ['mrxsmb']),
    [`${SERVICES}\\mrxsmb`]: driver(3, ['rdbss']),
    [`${SERVICES}\\rdbss`]: driver(1, ['Mup']),
    [`${SERVICES}\\Mup`]: driver(0),
    [`${SERVICES}\\NSI`]: service(2, ['rpcss', 'nsiproxy']),
    [`${SERVICES}\\nsiproxy`]: driver(1),
    [`${SERVICES}\\gpsvc`]: service(2, ['RPCSS', 'Mup']),
    [`${SERVICES}\\MpsSvc`]: service(2, ['mpsdrv', 'bfe', 'nsi']),
    [`${SERVICES}\\BFE`]: service(2, ['RpcSs', 'WfpLwfs']),
    [`${SERVICES}\\mpsdrv`]: driver(3),
    [`${SERVICES}\\WfpLwfs`]: driver(0),
    [`${SERVICES}\\UmRdpService`]: service(3),
    [`${SERVICES}\\SessionEnv`]: service(3),
    [`${SERVICES}\\KeyIso`]: service(3),
    [`${SERVICES}\\CryptSvc`]: service(2),
    [`${SERVICES}\\Dnscache`]: service(2),
    [`${SERVICES}\\W32Time`]: service(3),
    [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\DomainProfile`]: { EnableFirewall: 1 },
    [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\StandardProfile`]: { EnableFirewall: 1 },
    [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\PublicProfile`]: { EnableFirewall: 1 },
    [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`]: {
      'RemoteDesktop-UserMode-In-TCP':
        'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=Remote Desktop|',
    },
  },
  files: {
    '\\Windows\\System32\\svchost.exe': {},
    '\\Windows\\System32\\termsrv.dll': {},
    '\\Windows\\System32\\services.exe': {},
    '\\Windows\\System32\\TSpkg.dll': { content: fileWithVersion(10, 0, 20348, 2340) },
    [KEY_FILE]: { security: descriptor([{ kind: 'allow', sid: NETWORK_SERVICE, mask: READ }]) },
  },
  logs: {
    System: [
      { at: '2026-03-01T11:59:00.000Z', provider: 'Microsoft-Windows-GroupPolicy', id: 1502 },
      { at: '2026-02-22T12:00:00.000Z', provider: 'Service Control Manager', id: 7036 },
    ],
    Security: [
      {
        at: '2026-03-01T11:58:00.000Z',
        provider: 'Microsoft-Windows-Security-Auditing',
        id: 4624,
        fields: {
          TargetUserName: 'alice',
          TargetDomainName: 'CORP',
          LogonType: '3',
          AuthenticationPackageName: 'NTLM',
        },
      },
    ],
    'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational': [
      {
        at: '2026-03-01T11:58:01.000Z',
        provider: 'Microsoft-Windows-TerminalServices-LocalSessionManager',
        id: 21,
        fields: { User: 'CORP\\alice', Address: '10.0.0.7' },
      },
    ],
  },
};

/** The end of a file that has a version resource: VS_FIXEDFILEINFO. */
function fileWithVersion(major: number, minor: number, build: number, revision: number): Uint8Array {
  return new Writer()
    .u32le(0xfeef04bd)
    .u32le(0x10000)
    .u16le(minor)
    .u16le(major)
    .u16le(revision)
    .u16le(build)
    .toBytes();
}
