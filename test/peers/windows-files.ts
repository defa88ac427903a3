// A Windows as a tree of files: real hives with one setting of every family, real event logs, a certificate's key.
import { encodeUtf16le } from '../../src/core/bytes/utf16.ts';
import { Writer } from '../../src/core/bytes/writer.ts';
import { descriptor } from '../core/bytes/build-security-descriptor.ts';
import * as certificate from '../core/windows/build-certificate.ts';
import { readSharedData } from '../shared-data.ts';
import { SERVER } from './disk-settings-base.ts';
import { type Scope, temporaryFolder } from './processes.ts';
import type { PlacedFile } from './windows-disk.ts';
import { type Settings, writeHives } from './windows-hives.ts';

export const CONFIG = 'Windows/System32/config';
const LOGS = 'Windows/System32/winevt/Logs';
const KEY_FILE = certificate.KEY_FILE.replaceAll('\\', '/').slice(1);
export const TSPOL = 'Software\\Policies\\Microsoft\\Windows NT\\Terminal Services';

/** One setting of every family, none as it would be by default. */
const SETTINGS: Settings = {
  ...SERVER,
  'SYSTEM\\ControlSet001\\Control\\Terminal Server\\WinStations\\RDP-Tcp!PortNumber': 13389,
  'SYSTEM\\ControlSet001\\Control\\Terminal Server\\WinStations!SelfSignedCertificate':
    certificate.THUMBPRINT,
  'SYSTEM\\ControlSet001\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.0\\Server!Enabled': 0,
  'SYSTEM\\ControlSet001\\Control\\Lsa!LmCompatibilityLevel': 5,
  'SYSTEM\\ControlSet001\\Services\\gpsvc!Start': 4,
  'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services!SecurityLayer': 1,
  'SOFTWARE\\Microsoft\\Cryptography!MachineGuid': certificate.GUID,
  [`SOFTWARE\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates\\${certificate.SHA1.toUpperCase()}!Blob`]:
    certificate.STORED,
};

/** [MS-GPREG] 2.2: one entry, SecurityLayer 1. */
const REGISTRY_POL = new Writer()
  .bytes(encodeUtf16le('\u5250\u6765'))
  .u32le(1)
  .bytes(encodeUtf16le(`[${TSPOL}\0;SecurityLayer\0;`))
  .u32le(4)
  .bytes(encodeUtf16le(';'))
  .u32le(4)
  .bytes(encodeUtf16le(';'))
  .u32le(1)
  .bytes(encodeUtf16le(']'))
  .toBytes();

/** NETWORK SERVICE is not among those who may read the key. */
const LOCKED_KEY = descriptor([
  { kind: 'allow', sid: certificate.SYSTEM, mask: certificate.FULL },
  { kind: 'allow', sid: certificate.ADMINISTRATORS, mask: certificate.FULL },
]);

const log = (name: string): PlacedFile => ({ content: readSharedData(`evtx/${name}.evtx`) });

/** What is placed on the volume. The folder takes the hives and is removed with the scope. */
export function windowsFiles(scope: Scope): Record<string, PlacedFile> {
  const hives = writeHives(
    temporaryFolder(scope, 'hives'),
    {
      SYSTEM: readSharedData('hives/win10_clean/SYSTEM'),
      SOFTWARE: readSharedData('hives/hivex/minimal'),
      SECURITY: readSharedData('hives/win81_domain/SECURITY'),
      SAM: readSharedData('hives/hivex/minimal'),
    },
    SETTINGS,
  );
  return {
    ...Object.fromEntries(
      Object.entries(hives).map(([name, path]) => [`${CONFIG}/${name}`, { content: { copyOf: path } }]),
    ),
    [`${LOGS}/System.evtx`]: log('tsevtx_System'),
    [`${LOGS}/Security.evtx`]: log('tsevtx_Security'),
    [`${LOGS}/Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx`]: log(
      'server2022_TS-LocalSessionManager_Operational',
    ),
    'Windows/System32/GroupPolicy/Machine/Registry.pol': { content: REGISTRY_POL },
    [KEY_FILE]: { content: new Uint8Array(2300), security: LOCKED_KEY },
    // What a running Windows keeps there and does not resume from.
    'hiberfil.sys': { content: new Uint8Array(4096) },
  };
}
