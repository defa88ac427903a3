import { rdpDisabled } from '../../../src/core/causes/rdp-disabled.ts';
import { checkCause, failed, seen, selected, silence, unseen } from './evidence.ts';
import { byDefault, forced, notOnDisk, set } from './windows-evidence.ts';

const BOTH = ['listener.fDenyTSConnections', 'listener.fEnableWinStation'] as const;

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
    says: ["over the machine's own 0", 'The policy wins'],
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
    says: ['not in effect yet', 'the listener answers'],
  },
  {
    name: 'on: a policy allows what the machine denies',
    evidence: { 'listener.fDenyTSConnections': forced(0, 1), 'listener.fEnableWinStation': byDefault(1) },
    verdict: 'ruled-out',
    facts: BOTH,
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
      'listener.fDenyTSConnections': set(0),
      'listener.fEnableWinStation': unseen('corrupt'),
    },
    verdict: 'inconclusive',
    facts: ['listener.fEnableWinStation'],
    settledBy: ['HOST', '--disk', '--rpc'],
  },
  {
    name: 'a setting that is nowhere was not found out',
    evidence: { 'listener.fDenyTSConnections': notOnDisk(), 'listener.fEnableWinStation': set(1) },
    verdict: 'inconclusive',
    facts: ['listener.fDenyTSConnections'],
    says: ['is not there'],
  },
  { name: 'nobody looked', evidence: {}, verdict: 'inconclusive', facts: BOTH },
]);
