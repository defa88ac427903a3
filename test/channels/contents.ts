// What every channel is shown: registries of SYSTEM and SOFTWARE, each of which it has to read alike.
import type { Data, Key } from '../core/windows/fake-machine.ts';
import { HEALTHY_MACHINE } from '../core/windows/healthy-machine.ts';

/** By place, as a running Windows has it: `SYSTEM\CurrentControlSet\Control\Lsa`. */
export type RegistryContent = Readonly<Record<string, Key>>;

const CCS = 'SYSTEM\\CurrentControlSet';
const TS = `${CCS}\\Control\\Terminal Server`;
const RDP = `${TS}\\WinStations\\RDP-Tcp`;
const POLICY = 'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
const SCHANNEL = `${CCS}\\Control\\SecurityProviders\\SCHANNEL`;
const SERVICES = `${CCS}\\Services`;

const HEALTHY: RegistryContent = Object.fromEntries(
  Object.entries(HEALTHY_MACHINE.registry ?? {}).filter(([place]) => /^(?:SYSTEM|SOFTWARE)\\/.test(place)),
);

/** The values of a key changed, and keys added; `undefined` takes a value away. */
function altered(
  changes: Readonly<Record<string, Readonly<Record<string, Data | undefined>>>>,
): RegistryContent {
  const keys: Record<string, Key> = { ...HEALTHY };
  for (const [place, values] of Object.entries(changes)) {
    const merged = { ...keys[place], ...values };
    keys[place] = Object.fromEntries(
      Object.entries(merged).flatMap(([name, data]) => (data === undefined ? [] : [[name, data]])),
    );
  }
  return keys;
}

const off = (name: string): Readonly<Record<string, Readonly<Record<string, Data>>>> => ({
  [`${SCHANNEL}\\Protocols\\${name}\\Server`]: { Enabled: 0, DisabledByDefault: 1 },
});

/**
 * Contents by what they are of. Every value is one that a machine may have; all of it is ASCII, but for the
 * one that says so: a command line's code page cannot write the rest, whatever it can read.
 */
export const CONTENTS: Readonly<Record<string, RegistryContent>> = {
  'a healthy member': HEALTHY,
  'a hardened server, by policy': altered({
    [POLICY]: { SecurityLayer: 2, UserAuthentication: 1, MinEncryptionLevel: 3, fDenyTSConnections: 0 },
    ...off('TLS 1.0'),
    ...off('TLS 1.1'),
    [`${SCHANNEL}\\Protocols\\TLS 1.2\\Server`]: { Enabled: 1, DisabledByDefault: 0 },
    [`${SCHANNEL}\\Ciphers\\RC4 128/128`]: { Enabled: 0 },
    [`${SCHANNEL}\\Ciphers\\Triple DES 168`]: { Enabled: 0 },
    [`${SCHANNEL}\\Hashes\\MD5`]: { Enabled: 0 },
    'SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002': {
      Functions: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      EccCurves: ['NistP256', 'curve25519'],
    },
    [`${CCS}\\Control\\Lsa`]: { LmCompatibilityLevel: 5 },
    [`${CCS}\\Control\\Lsa\\MSV1_0`]: { RestrictReceivingNTLMTraffic: 2, RestrictSendingNTLMTraffic: 1 },
    'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\CredSSP\\Parameters': {
      AllowEncryptionOracle: 0,
    },
    'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters': {
      SupportedEncryptionTypes: 0x18,
    },
  }),
  'broken in the ways of the article': altered({
    [RDP]: { SecurityLayer: 0, MinEncryptionLevel: 4, UserAuthentication: 0, PortNumber: 13_389 },
    [TS]: { fDenyTSConnections: 1 },
    ...off('TLS 1.0'),
    ...off('TLS 1.1'),
    ...off('TLS 1.2'),
    [`${CCS}\\Control\\Lsa`]: { DisableDomainCreds: 1 },
    [`${CCS}\\Control\\Lsa\\FIPSAlgorithmPolicy`]: { Enabled: 1 },
    [`${SERVICES}\\TermService`]: { Start: 4 },
    [`${SERVICES}\\gpsvc`]: { Start: 4 },
    [`${SERVICES}\\Netlogon`]: { DependOnGroup: ['NetworkProvider', 'SmartCardGroup'] },
  }),
  'values of odd types and forms': altered({
    // A number where Windows reads only numbers, as text and as QWORD; a text that must not be expanded.
    [RDP]: { SecurityLayer: '2', MinEncryptionLevel: { type: 11, data: 3n }, fLogonDisabled: undefined },
    [`${SERVICES}\\TermService`]: {
      ImagePath: { type: 2, data: '%SystemRoot%\\System32\\svchost.exe -k "termsvcs"  ' },
      ObjectName: 'NT Authority\\NetworkService',
    },
    [`${SERVICES}\\CryptSvc`]: { ImagePath: '' },
    [`${SERVICES}\\Dnscache`]: { DependOnService: [] },
    'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion': { ProductName: 'Windows Server 2022  Datacenter ' },
    [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`]: {
      '{A1B2}-with a  blank':
        'v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Name=100% "mine" & others|',
    },
    [`${SERVICES}\\Tcpip\\Parameters\\Interfaces\\{B}`]: {
      EnableDHCP: 0,
      NameServer: '10.0.0.4,10.0.0.5',
      IPAddress: ['10.0.0.9', '10.0.0.10'],
    },
  }),
  'not finished': altered({
    'SYSTEM\\Setup': { SystemSetupInProgress: 1, OOBEInProgress: 0, CmdLine: '' },
    'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State': { ImageState: 'IMAGE_STATE_UNDEPLOYABLE' },
    'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending': { x: 1 },
    'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired': { x: 1 },
    [`${CCS}\\Control\\Session Manager`]: {
      PendingFileRenameOperations: ['\\??\\C:\\Windows\\Temp\\a.tmp', ''],
    },
    [POLICY]: { CertTemplateName: 'RDPAuth' },
    'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine\\Extension-List\\{00000000-0000-0000-0000-000000000000}':
      { EndTimeLo: 0x98384f2a, EndTimeHi: 0x01cd14f8 },
  }),
  'names that are not ASCII': altered({
    [`${CCS}\\Control\\ComputerName\\ComputerName`]: { ComputerName: 'MÜLLER-ПК' },
    [`${SERVICES}\\Tcpip\\Parameters`]: { Domain: 'büro.example' },
    'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion': {
      ProductName: 'Windows Server 2022 Datacenter – 日本語',
    },
  }),
};
