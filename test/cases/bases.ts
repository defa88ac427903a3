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
import {
  BASES,
  type Base,
  DOMAIN_SID,
  defaultRights,
  isJoined,
  MACHINE_SID,
  nameOf,
  type Os,
  type Role,
  SYSTEMS,
} from './systems.ts';

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

const SYSTEM32 = '\\Windows\\System32';
export const TSPKG = `${SYSTEM32}\\TSpkg.dll`;
export const TERMSRV = `${SYSTEM32}\\termsrv.dll`;

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
    'SYSTEM\\Setup!SystemSetupInProgress': 0,
    'SYSTEM\\Setup!OOBEInProgress': 0,
    'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State!ImageState': 'IMAGE_STATE_COMPLETE',
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
        [`${SYSTEM32}\\svchost.exe`]: { size: 50_000 },
        [`${SYSTEM32}\\services.exe`]: { size: 700_000 },
        [TERMSRV]: { size: 1_000_000 },
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
