import { DEFAULTS } from '../knowledge/windows-defaults.ts';
import type { Evidence } from '../model/facts.ts';
import type { OsVersion } from '../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  observe,
  type Sought,
  seekNames,
  seekNumber,
  seekNumberOrDecimal,
  seekText,
  settle,
} from './answers.ts';
import type { Inquiry, Question } from './inquiry.ts';

export const TERMINAL_SERVER = 'CurrentControlSet\\Control\\Terminal Server';
export const LISTENER = `${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`;
/** Where Group Policy writes; what stands here wins over the listener's own key. */
const TERMINAL_SERVICES_POLICY = 'Policies\\Microsoft\\Windows NT\\Terminal Services';

const machine = (key: string, name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key, name });
const policy = (name: string): Question => ({
  kind: 'value',
  hive: 'SOFTWARE',
  key: TERMINAL_SERVICES_POLICY,
  name,
});

/** The listener's settings: policy, else RDP-Tcp, else the default of this Windows. */
export function* inquireListener(context: InquiryContext, os: OsVersion | undefined): Inquiry<Evidence> {
  const answers = yield* askAll({
    deny: machine(TERMINAL_SERVER, 'fDenyTSConnections'),
    denyPolicy: policy('fDenyTSConnections'),
    enable: machine(LISTENER, 'fEnableWinStation'),
    port: machine(LISTENER, 'PortNumber'),
    layer: machine(LISTENER, 'SecurityLayer'),
    layerPolicy: policy('SecurityLayer'),
    authentication: machine(LISTENER, 'UserAuthentication'),
    authenticationPolicy: policy('UserAuthentication'),
    level: machine(LISTENER, 'MinEncryptionLevel'),
    levelPolicy: policy('MinEncryptionLevel'),
    negotiation: machine(LISTENER, 'fAllowSecProtocolNegotiation'),
    negotiationPolicy: policy('fAllowSecProtocolNegotiation'),
    template: policy('CertTemplateName'),
    stations: { kind: 'subkeys', hive: 'SYSTEM', key: `${TERMINAL_SERVER}\\WinStations` },
    enabled: machine(TERMINAL_SERVER, 'TSEnabled'),
    users: machine(TERMINAL_SERVER, 'TSUserEnabled'),
    drain: machine(TERMINAL_SERVER, 'TSServerDrainMode'),
    role: machine(TERMINAL_SERVER, 'TSAppCompat'),
    logon: machine(LISTENER, 'fLogonDisabled'),
    remote: {
      kind: 'value',
      hive: 'SOFTWARE',
      key: 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
      name: 'WinStationsDisabled',
    },
  });
  const setting = (
    name: 'deny' | 'layer' | 'authentication' | 'level' | 'negotiation',
    fallback: number | undefined,
  ) =>
    settle(context, 'listener', {
      policy: seekNumber(answers[`${name}Policy`]),
      machine: seekNumber(answers[name]),
      default: fallback,
    });
  const own = (
    name: 'enable' | 'port' | 'enabled' | 'users' | 'drain' | 'role' | 'logon',
    fallback: number,
  ) => settle(context, 'listener', { machine: seekNumber(answers[name]), default: fallback });
  return {
    'listener.fDenyTSConnections': setting('deny', DEFAULTS.fDenyTSConnections),
    'listener.fEnableWinStation': own('enable', DEFAULTS.fEnableWinStation),
    'listener.WinStations': observe(context, 'listener', seekNames(answers.stations)),
    'listener.TSEnabled': own('enabled', DEFAULTS.tsEnabled),
    'listener.TSUserEnabled': own('users', DEFAULTS.tsUserEnabled),
    'listener.TSServerDrainMode': own('drain', DEFAULTS.tsServerDrainMode),
    'listener.TSAppCompat': own('role', DEFAULTS.tsAppCompat),
    'listener.fLogonDisabled': own('logon', DEFAULTS.fLogonDisabled),
    'listener.fAllowSecProtocolNegotiation': setting('negotiation', DEFAULTS.fAllowSecProtocolNegotiation),
    'winlogon.WinStationsDisabled': settle(context, 'listener', {
      machine: seekNumberOrDecimal(answers.remote),
      default: DEFAULTS.winStationsDisabled,
    }),
    'listener.certificateTemplate': observe(context, 'listener', named(seekText(answers.template))),
    'listener.portNumber': own('port', DEFAULTS.portNumber),
    'listener.securityLayer': setting(
      'layer',
      os === undefined ? undefined : DEFAULTS.securityLayer(os.build),
    ),
    'listener.userAuthentication': setting('authentication', DEFAULTS.userAuthentication),
    'listener.minEncryptionLevel': setting(
      'level',
      os === undefined ? undefined : DEFAULTS.minEncryptionLevel(os.installationType),
    ),
  };
}

/** A policy that was emptied prescribes nothing. */
function named(template: Sought<string>): Sought<string> {
  return template.state === 'present' && template.value.trim() === ''
    ? { state: 'absent', at: template.at }
    : template;
}
