import { rdpDisabled } from '../../../src/core/causes/rdp-disabled.ts';
import { checkCause, failed, seen, selected, silence, unseen } from './evidence.ts';
import { byDefault, forced, notOnDisk, onDisk, set } from './windows-evidence.ts';

const BOTH = ['listener.fDenyTSConnections', 'listener.fEnableWinStation'] as const;
const ALL = [...BOTH, 'listener.TSEnabled', 'listener.WinStations'] as const;
const STATIONS = onDisk(['Console', 'RDP-Tcp']);
/** Everything on. */
const ON = {
  'listener.fDenyTSConnections': set(0),
  'listener.fEnableWinStation': set(1),
  'listener.TSEnabled': set(1),
  'listener.WinStations': STATIONS,
} as const;

checkCause(rdpDisabled, [
  {
    name: 'denied at the machine',
    evidence: { 'listener.fDenyTSConnections': set(1), 'listener.fEnableWinStation': set(1) },
    verdict: 'confirmed',
    facts: ['listener.fDenyTSConnections'],
    says: ['fDenyTSConnections is 1 (SYSTEM\\Own!Value)'],
  },
  {
    name: 'denied by the default of Windows, where the value is gone',
    evidence: { 'listener.fDenyTSConnections': byDefault(1) },
    verdict: 'confirmed',
    facts: ['listener.fDenyTSConnections'],
    says: ['the default'],
  },
  {
    name: 'denied by a policy over a machine that allows it',
    evidence: { 'listener.fDenyTSConnections': forced(1, 0), 'listener.fEnableWinStation': set(1) },
    verdict: 'confirmed',
    facts: ['listener.fDenyTSConnections'],
    says: ["overriding the machine's own 0", 'A policy sets it, so'],
  },
  {
    name: 'the listener itself is off',
    evidence: { 'listener.fDenyTSConnections': set(0), 'listener.fEnableWinStation': set(0) },
    verdict: 'confirmed',
    facts: ['listener.fEnableWinStation'],
  },
  {
    name: 'both are off',
    evidence: { 'listener.fDenyTSConnections': set(1), 'listener.fEnableWinStation': set(0) },
    verdict: 'confirmed',
    facts: BOTH,
    says: [/fDenyTSConnections is 1 .* and fEnableWinStation is 0/],
  },
  {
    name: 'off by its settings, and a listener that answers all the same',
    evidence: {
      'rdp.negotiation': seen([selected(1, 1)]),
      'listener.fDenyTSConnections': set(1),
      'listener.fEnableWinStation': set(1),
    },
    verdict: 'likely',
    facts: ['rdp.negotiation', 'listener.fDenyTSConnections'],
    says: ['not in effect now', 'the listener answers'],
  },
  {
    name: 'on: a policy allows what the machine denies',
    evidence: {
      ...ON,
      'listener.fDenyTSConnections': forced(0, 1),
      'listener.fEnableWinStation': byDefault(1),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'a refusal in RDP is an answer too',
    evidence: { 'rdp.negotiation': seen([failed(0, 5)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
    says: ['failure 5'],
  },
  {
    name: 'a connection that was closed is none, and one setting was not read',
    evidence: {
      'rdp.negotiation': seen([silence(0, 'closed')]),
      ...ON,
      'listener.fEnableWinStation': unseen('corrupt'),
    },
    verdict: 'inconclusive',
    facts: ['listener.fEnableWinStation'],
    settledBy: ['HOST', '--disk', '--rpc'],
  },
  {
    name: 'a setting that is nowhere was not found out',
    evidence: { ...ON, 'listener.fDenyTSConnections': notOnDisk() },
    verdict: 'inconclusive',
    facts: ['listener.fDenyTSConnections'],
    says: ['does not exist'],
  },
  {
    name: 'Remote Desktop Services are off as a whole',
    evidence: { ...ON, 'listener.TSEnabled': set(0) },
    verdict: 'confirmed',
    facts: ['listener.TSEnabled'],
    says: ['TSEnabled is 0 (SYSTEM\\Own!Value)'],
  },
  {
    name: 'the key of the listener is gone',
    evidence: { ...ON, 'listener.WinStations': onDisk(['Console']) },
    verdict: 'confirmed',
    facts: ['listener.WinStations'],
    says: ['no listener RDP-Tcp', 'WinStations holds Console'],
  },
  {
    name: 'the keys of all listeners are gone',
    evidence: { ...ON, 'listener.WinStations': notOnDisk() },
    verdict: 'confirmed',
    facts: ['listener.WinStations'],
    says: ['holds nothing'],
  },
  {
    name: 'a listener whose name is written in another way',
    evidence: { ...ON, 'listener.WinStations': onDisk(['rdp-tcp']) },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'TSEnabled was not read',
    evidence: { ...ON, 'listener.TSEnabled': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['listener.TSEnabled'],
  },
  {
    name: 'the listeners were not read',
    evidence: { ...ON, 'listener.WinStations': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['listener.WinStations'],
  },
  { name: 'nobody looked', evidence: {}, verdict: 'inconclusive', facts: ALL },
]);
