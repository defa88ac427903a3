import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logonsDisabled } from '../../../src/core/causes/logons-disabled.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { checkCause, unseen } from './evidence.ts';
import { byDefault, onDisk, set } from './windows-evidence.ts';

const SWITCHES = [
  'listener.fLogonDisabled',
  'winlogon.WinStationsDisabled',
  'listener.TSUserEnabled',
  'listener.TSServerDrainMode',
] as const;

/** A server that takes sessions, a session host or not. */
const OPEN: Evidence = {
  'listener.fLogonDisabled': set(0),
  'winlogon.WinStationsDisabled': set(0),
  'listener.TSUserEnabled': set(0),
  'listener.TSServerDrainMode': set(0),
};
const os = (installationType: string) => onDisk({ productName: 'Windows', build: 20348, installationType });
const HOST: Evidence = { ...OPEN, 'listener.TSAppCompat': set(1), 'os.version': os('Server') };

checkCause(logonsDisabled, [
  {
    name: 'drained until the restart',
    evidence: { ...HOST, 'listener.TSServerDrainMode': set(1) },
    verdict: 'likely',
    facts: ['listener.TSServerDrainMode', 'listener.TSAppCompat'],
    says: ['until its next restart', 'mstsc /admin', 'TSServerDrainMode is 1'],
  },
  {
    name: 'drained for good',
    evidence: { ...HOST, 'listener.TSServerDrainMode': set(2) },
    verdict: 'likely',
    facts: ['listener.TSServerDrainMode', 'listener.TSAppCompat'],
    says: ['TSServerDrainMode is 2'],
  },
  {
    name: 'drained, and nothing says whether it is a session host',
    evidence: { ...OPEN, 'listener.TSServerDrainMode': set(1) },
    verdict: 'likely',
    facts: ['listener.TSServerDrainMode'],
  },
  {
    name: 'drained, a server whose role stands nowhere',
    evidence: {
      ...HOST,
      'listener.TSServerDrainMode': set(1),
      'listener.TSAppCompat': byDefault(0),
    },
    verdict: 'likely',
    facts: ['listener.TSServerDrainMode', 'listener.TSAppCompat'],
  },
  {
    name: 'the value stands at a server for administration',
    evidence: { ...HOST, 'listener.TSServerDrainMode': set(1), 'listener.TSAppCompat': set(0) },
    verdict: 'ruled-out',
    facts: [...SWITCHES, 'listener.TSAppCompat', 'os.version'],
    says: ['not a session host'],
  },
  {
    name: 'the value stands at a client',
    evidence: {
      ...OPEN,
      'listener.TSServerDrainMode': set(1),
      'listener.TSAppCompat': byDefault(0),
      'os.version': os('Client'),
    },
    verdict: 'ruled-out',
    facts: [...SWITCHES, 'listener.TSAppCompat', 'os.version'],
  },
  {
    name: 'the value stands at a client, and another switch was not read',
    evidence: {
      ...OPEN,
      'listener.TSServerDrainMode': set(1),
      'listener.fLogonDisabled': unseen('corrupt'),
      'listener.TSAppCompat': byDefault(0),
      'os.version': os('Client'),
    },
    verdict: 'inconclusive',
    facts: ['listener.fLogonDisabled'],
  },
  {
    name: 'the listener refuses sign-ins',
    evidence: { ...OPEN, 'listener.fLogonDisabled': set(1) },
    verdict: 'confirmed',
    facts: ['listener.fLogonDisabled'],
    says: ['fLogonDisabled is 1', 'The port still answers'],
  },
  {
    name: 'change logon /disable',
    evidence: { ...OPEN, 'winlogon.WinStationsDisabled': set(1) },
    verdict: 'likely',
    facts: ['winlogon.WinStationsDisabled'],
  },
  {
    name: 'users are kept from connecting',
    evidence: { ...OPEN, 'listener.TSUserEnabled': set(1) },
    verdict: 'likely',
    facts: ['listener.TSUserEnabled'],
  },
  {
    name: 'a value of TSUserEnabled that nobody describes',
    evidence: { ...OPEN, 'listener.TSUserEnabled': set(2) },
    verdict: 'ruled-out',
    facts: SWITCHES,
  },
  { name: 'all open', evidence: OPEN, verdict: 'ruled-out', facts: SWITCHES },
  ...SWITCHES.map((name) => ({
    name: `${name} was not read`,
    evidence: { ...OPEN, [name]: unseen('denied') },
    verdict: 'inconclusive' as const,
    facts: [name],
    settledBy: ['--disk', '--rpc'],
  })),
]);

test('a drain mode without effect is a remark', () => {
  const judgement = logonsDisabled.judge(
    { ...HOST, 'listener.TSServerDrainMode': set(2), 'listener.TSAppCompat': set(0) },
    { client: undefined, supportedClients: [] },
  );
  assert.match(judgement.remark ?? '', /TSServerDrainMode is 2 .* not a session host/);
});
