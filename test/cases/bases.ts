// Healthy machines, one for each Windows and each place it can have: what is set on them lets their users in.
import { unixMillisToFiletime } from '../../src/core/bytes/filetime.ts';
import { Writer } from '../../src/core/bytes/writer.ts';
import { descriptor } from '../core/bytes/build-security-descriptor.ts';
import {
  ADMINISTRATORS,
  FULL,
  GUID,
  KEY_FILE,
  NETWORK_SERVICE,
  READ,
  SHA1,
  STORED,
  SYSTEM,
  THUMBPRINT,
} from '../core/windows/build-certificate.ts';
import type { FakeMachine } from '../core/windows/fake-machine.ts';
import { healthyLogs } from './logs.ts';
import { services } from './services.ts';
import {
  CARD,
  CCS,
  change,
  FIREWALL,
  LSA,
  lsaName,
  MSV,
  NETLOGON,
  PROVIDERS,
  RDP,
  type Rights,
  rights,
  rule,
  SCHANNEL,
  type Settings,
  SSL_LOCAL,
  STATIONS,
  STORES,
  SYSPOL,
  sidValue,
  TCPIP,
  TS,
  untyped,
  VERSION,
  WINLOGON,
} from './settings.ts';
import { suitesOf } from './suites.ts';

export interface Os {
  readonly product: string;
  readonly build: number;
  readonly kind: 'client' | 'server';
  /** Version of TSpkg.dll on a machine that has its updates. */
  readonly tspkg: readonly [number, number, number, number];
  readonly revision?: number;
}

export const SYSTEMS = {
  'windows-7': {
    product: 'Windows 7 Professional',
    build: 7601,
    kind: 'client',
    tspkg: [6, 1, 7601, 24_117],
  },
  'windows-8.1': { product: 'Windows 8.1 Pro', build: 9600, kind: 'client', tspkg: [6, 3, 9600, 19_000] },
  'windows-10-1607': {
    product: 'Windows 10 Enterprise 2016 LTSB',
    build: 14_393,
    kind: 'client',
    tspkg: [10, 0, 14_393, 5_000],
    revision: 7_000,
  },
  'windows-10-1809': {
    product: 'Windows 10 Enterprise LTSC 2019',
    build: 17_763,
    kind: 'client',
    tspkg: [10, 0, 17_763, 5_000],
    revision: 6_000,
  },
  'windows-10-22h2': {
    product: 'Windows 10 Pro',
    build: 19_045,
    kind: 'client',
    tspkg: [10, 0, 19_041, 4_000],
    revision: 6_000,
  },
  // Windows 11 keeps Windows 10 as its product's name in the registry.
  'windows-11-22h2': {
    product: 'Windows 10 Pro',
    build: 22_621,
    kind: 'client',
    tspkg: [10, 0, 22_621, 3_000],
    revision: 4_000,
  },
  'windows-11-24h2': {
    product: 'Windows 10 Enterprise',
    build: 26_100,
    kind: 'client',
    tspkg: [10, 0, 26_100, 1_000],
    revision: 4_000,
  },
  'server-2008-r2': {
    product: 'Windows Server 2008 R2 Standard',
    build: 7601,
    kind: 'server',
    tspkg: [6, 1, 7601, 24_117],
  },
  'server-2012': {
    product: 'Windows Server 2012 Standard',
    build: 9200,
    kind: 'server',
    tspkg: [6, 2, 9200, 22_432],
  },
  'server-2012-r2': {
    product: 'Windows Server 2012 R2 Standard',
    build: 9600,
    kind: 'server',
    tspkg: [6, 3, 9600, 19_000],
  },
  'server-2016': {
    product: 'Windows Server 2016 Datacenter',
    build: 14_393,
    kind: 'server',
    tspkg: [10, 0, 14_393, 5_000],
    revision: 7_000,
  },
  'server-2019': {
    product: 'Windows Server 2019 Datacenter',
    build: 17_763,
    kind: 'server',
    tspkg: [10, 0, 17_763, 5_000],
    revision: 6_000,
  },
  'server-2022': {
    product: 'Windows Server 2022 Datacenter',
    build: 20_348,
    kind: 'server',
    tspkg: [10, 0, 20_348, 2_000],
    revision: 2_900,
  },
  'server-2025': {
    product: 'Windows Server 2025 Datacenter',
    build: 26_100,
    kind: 'server',
    tspkg: [10, 0, 26_100, 1_000],
    revision: 4_000,
  },
} as const satisfies Readonly<Record<string, Os>>;

export type OsId = keyof typeof SYSTEMS;
export type Role = 'workgroup' | 'member' | 'controller' | 'entra' | 'hybrid';

export interface Base {
  readonly os: OsId;
  readonly role: Role;
  readonly core: boolean;
}

export const nameOf = ({ os, role, core }: Base): string => `${os} ${role}${core ? ' core' : ''}`;

/** Entra join came with 10 and, by extension, with Server 2019; Remote Desktop to it with 10 1809 (howto-vm-sign-in). */
function takes(os: Os, role: Role): boolean {
  if (role === 'controller') return os.kind === 'server';
  if (role === 'entra') return os.kind === 'client' ? os.build >= 17_763 : os.build >= 17_763;
  if (role === 'hybrid') return os.build >= 14_393;
  return true;
}

const ROLES: readonly Role[] = ['workgroup', 'member', 'controller', 'entra', 'hybrid'];

export const BASES: readonly Base[] = (Object.keys(SYSTEMS) as OsId[]).flatMap((os) => {
  const roles = ROLES.filter((role) => takes(SYSTEMS[os], role));
  // Server Core since 2012 R2: the same, without the desktop.
  const cores =
    SYSTEMS[os].kind === 'server' && SYSTEMS[os].build >= 9600
      ? (['member', 'controller', 'workgroup'] as const)
      : [];
  return [
    ...roles.map((role) => ({ os, role, core: false })),
    ...cores.map((role) => ({ os, role, core: true })),
  ];
});

export const MACHINE_SID = 'S-1-5-21-4070822719-3404542230-2541167049';
export const DOMAIN_SID = 'S-1-5-21-226059406-2984137831-1201299043';

export const SID = {
  everyone: 'S-1-1-0',
  enterpriseControllers: 'S-1-5-9',
  authenticated: 'S-1-5-11',
  localAccount: 'S-1-5-113',
  localAdministrators: 'S-1-5-114',
  administrators: 'S-1-5-32-544',
  users: 'S-1-5-32-545',
  guests: 'S-1-5-32-546',
  accountOperators: 'S-1-5-32-548',
  serverOperators: 'S-1-5-32-549',
  backupOperators: 'S-1-5-32-551',
  preWindows2000: 'S-1-5-32-554',
  remoteDesktopUsers: 'S-1-5-32-555',
  guest: `${MACHINE_SID}-501`,
  domainAdmins: `${DOMAIN_SID}-512`,
  domainUsers: `${DOMAIN_SID}-513`,
  enterpriseAdmins: `${DOMAIN_SID}-519`,
} as const;

/** User rights of a new installation: Microsoft's policy pages, "Default values" of each right. */
export function defaultRights(role: Role): Rights {
  if (role === 'controller') {
    return {
      interactive: [SID.administrators, SID.accountOperators, SID.serverOperators, SID.backupOperators],
      network: [
        SID.everyone,
        SID.administrators,
        SID.authenticated,
        SID.enterpriseControllers,
        SID.preWindows2000,
      ],
      batch: [SID.administrators, SID.backupOperators],
      remote: [SID.administrators],
    };
  }
  return {
    interactive: [SID.administrators, SID.users, SID.backupOperators, SID.guest],
    network: [SID.everyone, SID.administrators, SID.users, SID.backupOperators],
    batch: [SID.administrators, SID.backupOperators],
    remote: [SID.administrators, SID.remoteDesktopUsers],
    denyInteractive: [SID.guest],
    denyNetwork: [SID.guest],
  };
}

export const isJoined = (role: Role): boolean =>
  role === 'member' || role === 'controller' || role === 'hybrid';

const CHANGED_AT = Date.UTC(2026, 1, 15, 3, 12);

/** A TSpkg.dll as far as its version resource: VS_FIXEDFILEINFO with its version. */
export function dll([a, b, c, d]: readonly [number, number, number, number]): Uint8Array {
  return new Writer()
    .u32le(0x5a4d)
    .u32le(0xfeef04bd)
    .u32le(0x10000)
    .u16le(b)
    .u16le(a)
    .u16le(d)
    .u16le(c)
    .u32le(0)
    .toBytes();
}

export const TSPKG = '\\Windows\\System32\\TSpkg.dll';

export const keySecurity = (...readers: readonly string[]): Uint8Array =>
  descriptor([
    { kind: 'allow', sid: SYSTEM, mask: FULL },
    { kind: 'allow', sid: ADMINISTRATORS, mask: FULL },
    ...readers.map((sid) => ({ kind: 'allow' as const, sid, mask: READ })),
  ]);

function listener({ build, kind }: Os): Settings {
  const old = build < 9200;
  return {
    [`${TS}!AllowRemoteRPC`]: 0,
    [`${TS}!DeleteTempDirsOnExit`]: 1,
    [`${TS}!fDenyTSConnections`]: 0,
    [`${TS}!fSingleSessionPerUser`]: 1,
    [`${TS}!NotificationTimeOut`]: 0,
    [`${TS}!ProductVersion`]: '5.1',
    [`${TS}!RCDependentServices`]: ['CertPropSvc', 'SessionEnv'],
    [`${TS}!StartRCM`]: 0,
    [`${TS}!TSUserEnabled`]: 0,
    ...(kind === 'server' ? { [`${TS}!TSAppCompat`]: 0, [`${TS}!TSEnabled`]: 1 } : {}),
    [`${STATIONS}\\Console!fEnableWinStation`]: 1,
    [`${RDP}!fAllowSecProtocolNegotiation`]: 1,
    [`${RDP}!fDisableEncryption`]: 1,
    [`${RDP}!fEnableWinStation`]: 1,
    [`${RDP}!fLogonDisabled`]: 0,
    [`${RDP}!fPromptForPassword`]: 0,
    [`${RDP}!LanAdapter`]: 0,
    [`${RDP}!LoadableProtocol_Object`]: old
      ? '{18b726bb-6fe6-4fb9-9276-ed57ce7c7cb2}'
      : '{5828227c-20cf-4408-b73f-73ab70b8849f}',
    [`${RDP}!MaxInstanceCount`]: 0xffffffff,
    [`${RDP}!MinEncryptionLevel`]: 2,
    [`${RDP}!PdName`]: 'tcp',
    [`${RDP}!PortNumber`]: 3389,
    [`${RDP}!SecurityLayer`]: old ? 1 : 2,
    [`${RDP}!UserAuthentication`]: 1,
    [`${RDP}!WdName`]: old ? 'Microsoft RDP 7.1' : 'Microsoft RDP 8.0',
    [`${old ? STATIONS : RDP}!SelfSignedCertificate`]: THUMBPRINT,
    [`${old ? STATIONS : RDP}!SelfSignedCertStore`]: 'Remote Desktop',
    [`${STORES}\\Remote Desktop\\Certificates\\${SHA1.toUpperCase()}!Blob`]: STORED,
    [`SOFTWARE\\Microsoft\\Cryptography!MachineGuid`]: GUID,
  };
}

function firewall({ build, kind }: Os): Settings {
  const profiles = Object.fromEntries(
    ['DomainProfile', 'StandardProfile', 'PublicProfile'].flatMap((profile) => [
      [`${FIREWALL}\\${profile}!EnableFirewall`, 1],
      [`${FIREWALL}\\${profile}!DisableNotifications`, kind === 'server' ? 1 : 0],
    ]),
  );
  const rules = `${FIREWALL}\\FirewallRules!`;
  return build < 9200
    ? {
        ...profiles,
        [`${rules}RemoteDesktop-In-TCP`]: rule('LPort=3389|App=System').replace('v2.30', 'v2.10'),
      }
    : {
        ...profiles,
        [`${rules}RemoteDesktop-UserMode-In-TCP`]: rule(
          'LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice',
        ),
        [`${rules}RemoteDesktop-Shadow-In-TCP`]: rule('App=%SystemRoot%\\system32\\RdpSa.exe'),
        [`${rules}RemoteDesktop-In-TCP-WS`]: rule('LPort=3387|App=System', { active: false }),
      };
}

function localSecurity({ build }: Os): Settings {
  return {
    [`${LSA}!auditbaseobjects`]: 0,
    [`${LSA}!crashonauditfail`]: 0,
    [`${LSA}!disabledomaincreds`]: 0,
    [`${LSA}!everyoneincludesanonymous`]: 0,
    [`${LSA}!LimitBlankPasswordUse`]: 1,
    [`${LSA}!NoLmHash`]: 1,
    [`${LSA}!restrictanonymoussam`]: 1,
    [`${LSA}!Authentication Packages`]: ['msv1_0'],
    [`${LSA}!Notification Packages`]: ['scecli'],
    [`${LSA}!Security Packages`]:
      build < 9600 ? ['kerberos', 'msv1_0', 'schannel', 'wdigest', 'tspkg', 'pku2u'] : ['""'],
    [`${LSA}\\FipsAlgorithmPolicy!Enabled`]: 0,
    [`${MSV}!Auth132`]: 'IISSUBA',
    [`${MSV}!NtlmMinClientSec`]: 0x20000000,
    [`${MSV}!NtlmMinServerSec`]: 0x20000000,
    [`${PROVIDERS}!SecurityProviders`]: 'credssp.dll',
    [`${SCHANNEL}!EventLogging`]: 1,
    ...(build < 9200 ? { [`${SCHANNEL}\\Protocols\\SSL 2.0\\Client!DisabledByDefault`]: 1 } : {}),
    [`${SSL_LOCAL}!Functions`]: suitesOf(build),
    ...(build >= 14_393 ? { [`${SSL_LOCAL}!EccCurves`]: ['curve25519', 'NistP256', 'NistP384'] } : {}),
    [`${SYSPOL}!EnableLUA`]: 1,
    [`${SYSPOL}!ConsentPromptBehaviorAdmin`]: 5,
    [`${WINLOGON}!CachedLogonsCount`]: '10',
    [`${WINLOGON}!WinStationsDisabled`]: '0',
  };
}

function place(role: Role, kind: Os['kind']): Settings {
  const joined = isJoined(role);
  return {
    [`${CCS}\\Control\\ComputerName\\ComputerName!ComputerName`]: 'VM1',
    [`${CCS}\\Control\\ProductOptions!ProductType`]:
      role === 'controller' ? 'LanmanNT' : kind === 'server' ? 'ServerNT' : 'WinNT',
    [`${TCPIP}!Hostname`]: 'VM1',
    [`${TCPIP}!Domain`]: joined ? 'corp.example' : '',
    [`${TCPIP}!NameServer`]: '',
    [`${CARD}!EnableDHCP`]: role === 'controller' ? 0 : 1,
    ...(role === 'controller'
      ? { [`${CARD}!NameServer`]: '127.0.0.1,10.0.0.5', [`${CARD}!IPAddress`]: ['10.0.0.4'] }
      : {
          [`${CARD}!DhcpNameServer`]: joined ? '10.0.0.4 10.0.0.5' : '192.168.1.1',
          [`${CARD}!DhcpIPAddress`]: joined ? '10.0.0.9' : '192.168.1.20',
        }),
    [`${NETLOGON}!DisablePasswordChange`]: 0,
    [`${NETLOGON}!MaximumPasswordAge`]: 30,
    [`${NETLOGON}!RequireSignOrSeal`]: 1,
    [`${NETLOGON}!SealSecureChannel`]: 1,
    [`SECURITY\\Policy\\PolAcDmS!`]: sidValue(role === 'controller' ? DOMAIN_SID : MACHINE_SID),
    [`SECURITY\\Policy\\PolPrDmS!`]: joined ? sidValue(DOMAIN_SID) : untyped(new Uint8Array(0)),
    [`SECURITY\\Policy\\PolPrDmN!`]: lsaName(joined ? 'CORP' : 'WORKGROUP'),
    ...(joined
      ? {
          [`SECURITY\\Policy\\PolDnDDN!`]: lsaName('corp.example'),
          [`SECURITY\\Policy\\Secrets\\$MACHINE.ACC\\CupdTime!`]: untyped(
            new Writer().u64le(unixMillisToFiletime(CHANGED_AT)).toBytes(),
          ),
        }
      : {}),
    ...(role === 'entra' || role === 'hybrid'
      ? {
          [`${CCS}\\Control\\CloudDomainJoin\\JoinInfo\\0F3A9C5E7B1D2F4A6C8E0B2D4F6A8C0E2B4D6F80!TenantId`]:
            '11111111-2222-3333-4444-555555555555',
        }
      : {}),
    ...rights(defaultRights(role)),
  };
}

/** The machine: its registry, the files that matter and its logs. */
export function machineOf({ os: id, role, core }: Base): FakeMachine {
  const os: Os = SYSTEMS[id];
  const { product, build, kind, revision, tspkg } = os;
  const settings: Settings = {
    [`${VERSION}!ProductName`]: product,
    [`${VERSION}!CurrentBuildNumber`]: String(build),
    [`${VERSION}!CurrentBuild`]: String(build),
    [`${VERSION}!InstallationType`]: kind === 'client' ? 'Client' : core ? 'Server Core' : 'Server',
    ...(revision === undefined ? {} : { [`${VERSION}!UBR`]: revision }),
    ...listener(os),
    ...firewall(os),
    ...localSecurity(os),
    ...services(build, isJoined(role)),
    ...place(role, kind),
  };
  return change(
    {
      files: {
        [KEY_FILE]: { size: 2300, security: keySecurity(NETWORK_SERVICE) },
        [TSPKG]: { size: 100_000, content: dll(tspkg) },
      },
      logs: healthyLogs(role),
    },
    settings,
  );
}

/** `server-2022 member`, `server-2019 controller core`. */
export function findBase(name: string): Base {
  const found = BASES.find((base) => nameOf(base) === name);
  if (found === undefined) throw new Error(`no base machine ${name}`);
  return found;
}
