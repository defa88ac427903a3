// What ../shared/data/truth.json calls facts, and where in the registry each of them stands. The test
// fails for a fact that is not in these tables, so none is passed over.
import { toHex } from '../../../../src/core/bytes/hex.ts';
import type { KeyTree } from '../../../../src/core/formats/regf/index.ts';
import {
  decodeValue,
  type Hive,
  lookUp,
  readKey,
  readSubtree,
} from '../../../../src/core/formats/regf/index.ts';
import { drive } from './hives.ts';

/** A hive and the bytes that its reads are answered from. */
export interface Opened {
  readonly hive: Hive;
  readonly bytes: Uint8Array;
}

/** The fact as our reader sees it, in the shape in which it is expected. */
export type ReadFact = (opened: Opened, expected: unknown) => unknown;

/** The facts of a hive, by the `kind` that truth.json gives it. */
export const FACTS: Readonly<Record<string, Readonly<Record<string, ReadFact>>>> = {
  SYSTEM: {
    Select: values('Select'),
    ControlSet: (opened) => controlSet(opened),
    ControlSetsPresent: (opened) => subkeys(opened, '').filter((name) => /^ControlSet\d{3}$/.test(name)),
    RootKeys: (opened) => subkeys(opened, ''),
    ComputerName: value('CS\\Control\\ComputerName\\ComputerName', 'ComputerName'),
    Tcpip: values('CS\\Services\\Tcpip\\Parameters'),
    TerminalServer: values('CS\\Control\\Terminal Server'),
    WinStations: (opened) => subkeys(opened, 'CS\\Control\\Terminal Server\\WinStations'),
    'RDP-Tcp': values('CS\\Control\\Terminal Server\\WinStations\\RDP-Tcp'),
    Lsa: values('CS\\Control\\Lsa'),
    'FIPSAlgorithmPolicy.Enabled': value('CS\\Control\\Lsa\\FIPSAlgorithmPolicy', 'Enabled'),
    MSV1_0: values('CS\\Control\\Lsa\\MSV1_0'),
    SCHANNEL: values('CS\\Control\\SecurityProviders\\SCHANNEL'),
    'SCHANNEL.Protocols': (opened) => tree(opened, 'CS\\Control\\SecurityProviders\\SCHANNEL\\Protocols'),
    'SCHANNEL.subkeys': (opened) => subkeys(opened, 'CS\\Control\\SecurityProviders\\SCHANNEL'),
    'Services.Start': perKey((name) => `CS\\Services\\${name}`, 'Start'),
    TermService: values('CS\\Services\\TermService'),
    NetlogonParameters: values('CS\\Services\\Netlogon\\Parameters'),
    'CurrentUser/SystemStartOptions': value('CS\\Control', 'SystemStartOptions'),
    ProductType: value('CS\\Control\\ProductOptions', 'ProductType'),
    ShutdownTime: value('CS\\Control\\Windows', 'ShutdownTime'),
    TimeZoneKeyName: value('CS\\Control\\TimeZoneInformation', 'TimeZoneKeyName'),
    Firewall: perKey((name) => `${FIREWALL}\\${name}`, 'EnableFirewall'),
    'FirewallRules.RemoteDesktop': (opened) =>
      valuesStarting(opened, `${FIREWALL}\\FirewallRules`, 'RemoteDesktop'),
  },
  SOFTWARE: {
    CurrentVersion: values('Microsoft\\Windows NT\\CurrentVersion'),
    'Policies.TerminalServices': (opened) =>
      valuesStarting(opened, 'Policies\\Microsoft\\Windows NT\\Terminal Services', ''),
    'Policies.System': values('Microsoft\\Windows\\CurrentVersion\\Policies\\System'),
    Winlogon: values('Microsoft\\Windows NT\\CurrentVersion\\Winlogon'),
    CredSSP: (opened) =>
      valuesStarting(opened, 'Microsoft\\Windows\\CurrentVersion\\Policies\\System\\CredSSP', ''),
    ProfileList: (opened) => subkeys(opened, 'Microsoft\\Windows NT\\CurrentVersion\\ProfileList'),
    'GP.State': values('Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine'),
  },
  SECURITY: {
    PolAcDmN: hexOf('Policy\\PolAcDmN'),
    PolPrDmN: hexOf('Policy\\PolPrDmN'),
  },
};

const FIREWALL = 'CS\\Services\\SharedAccess\\Parameters\\FirewallPolicy';

/** Offline there is no CurrentControlSet: Select says which one it was. */
function controlSet(opened: Opened): string {
  const current = readValues(opened, [{ path: 'Select', name: 'Current' }])[0];
  return `ControlSet${String(current).padStart(3, '0')}`;
}

function full(opened: Opened, path: string): string {
  return path.startsWith('CS\\') ? controlSet(opened) + path.slice(2) : path;
}

/** Values in truth.json's form: bytes as an object of type, hex and length; null for what is absent. */
function readValues(opened: Opened, requests: readonly { path: string; name: string }[]): unknown[] {
  const { answers, anomalies } = drive(lookUp(opened.hive, requests), opened.bytes).value;
  if (anomalies.length > 0) throw new Error(`anomalies: ${JSON.stringify(anomalies)}`);
  return answers.map((answer) => {
    if (answer.kind === 'absent') return null;
    if (answer.kind !== 'value') throw new Error(`not a value: ${answer.kind}`);
    return plain(answer.value.type, answer.value.data);
  });
}

function plain(type: number, data: Uint8Array): unknown {
  const decoded = decodeValue({ type, data });
  return decoded instanceof Uint8Array ? { type, hex: toHex(decoded), len: decoded.length } : decoded;
}

function value(path: string, name: string): ReadFact {
  return (opened) => readValues(opened, [{ path: full(opened, path), name }])[0];
}

/** The values of one key that are expected, all looked up together. */
function values(path: string): ReadFact {
  return (opened, expected) => {
    const names = Object.keys(expected as object);
    const there = full(opened, path);
    const read = readValues(
      opened,
      names.map((name) => ({ path: there, name })),
    );
    return Object.fromEntries(names.map((name, index) => [name, read[index]]));
  };
}

/** The same value of many keys. */
function perKey(path: (name: string) => string, valueName: string): ReadFact {
  return (opened, expected) => {
    const names = Object.keys(expected as object);
    const read = readValues(
      opened,
      names.map((name) => ({ path: full(opened, path(name)), name: valueName })),
    );
    return Object.fromEntries(names.map((name, index) => [name, read[index]]));
  };
}

function hexOf(path: string): ReadFact {
  return (opened) => {
    const read = drive(lookUp(opened.hive, [{ path, name: '' }]), opened.bytes).value.answers[0];
    return read?.kind === 'value' ? toHex(read.value.data) : read?.kind;
  };
}

function subkeys(opened: Opened, path: string): readonly string[] {
  const { answer, anomalies } = drive(readKey(opened.hive, full(opened, path)), opened.bytes).value;
  if (answer.kind !== 'found' || anomalies.length > 0)
    throw new Error(`${path}: ${JSON.stringify(anomalies)}`);
  return answer.value.subkeys;
}

function readTree(opened: Opened, path: string): KeyTree | null {
  const { answer, anomalies } = drive(readSubtree(opened.hive, full(opened, path)), opened.bytes).value;
  if (anomalies.length > 0 || answer.kind === 'unreadable')
    throw new Error(`${path}: ${JSON.stringify(anomalies)}`);
  return answer.kind === 'found' ? answer.value : null;
}

/** Keys and values below a key as nested objects; null where there is no such key. */
function tree(opened: Opened, path: string): unknown {
  const nest = (key: KeyTree): unknown =>
    Object.fromEntries([
      ...key.values.map(({ name, type, data }) => [name, plain(type, data)]),
      ...key.subkeys.map((below) => [below.name, nest(below)]),
    ]);
  const key = readTree(opened, path);
  return key === null ? null : nest(key);
}

/** The values of a key whose names begin so; null where there is no such key. */
function valuesStarting(opened: Opened, path: string, start: string): unknown {
  const key = readTree(opened, path);
  if (key === null) return null;
  const wanted = key.values.filter(({ name }) => name.startsWith(start));
  return Object.fromEntries(wanted.map(({ name, type, data }) => [name, plain(type, data)]));
}
