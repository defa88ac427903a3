// What one event says once its fields were looked at. Field names and forms as Windows writes them
// (Microsoft: Advanced security auditing; 4624, 4625, 4768, 4769, 4771, 4776).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventRow, event } from '../../../src/core/knowledge/event-row.ts';
import { wordOf } from '../../../src/core/windows/event-word.ts';

const SECURITY = 'Microsoft-Windows-Security-Auditing';
const LSM = 'Microsoft-Windows-TerminalServices-LocalSessionManager';
const RCM = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager';
const CORE = 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS';

/** A row that would speak for one cause and against another. */
const row = (provider: string, id: number): EventRow =>
  event({ channel: 'System', provider, source: 'test', sure: 'practice' }, id, 'name', 'meaning', {
    causes: ['rdp-disabled'],
    refutes: ['port-unreachable'],
  });
const SPOKEN = { proves: ['rdp-disabled'], refutes: ['port-unreachable'] };
const WORDS = {
  silent: { proves: [], refutes: [], isSignIn: false },
  speaks: { ...SPOKEN, isSignIn: false },
  'signed in': { ...SPOKEN, isSignIn: true },
} as const;

const ROWS: readonly (readonly [
  provider: string,
  id: number,
  fields: Readonly<Record<string, string>>,
  word: keyof typeof WORDS,
])[] = [
  // Logon types: 3 network, 7 unlock, 10 remote interactive; 2 console, 4 batch, 5 service are nobody's remote sign-in.
  [SECURITY, 4624, { LogonType: '10' }, 'signed in'],
  [SECURITY.toUpperCase(), 4624, { logontype: '10' }, 'signed in'],
  [SECURITY, 4624, { LogonType: '3' }, 'speaks'],
  [SECURITY, 4624, { LogonType: '7' }, 'speaks'],
  [SECURITY, 4624, { LogonType: '2' }, 'silent'],
  [SECURITY, 4624, { LogonType: '5' }, 'silent'],
  [SECURITY, 4624, {}, 'silent'],
  [SECURITY, 4625, { LogonType: '10' }, 'speaks'],
  [SECURITY, 4625, { LogonType: '3' }, 'speaks'],
  [SECURITY, 4625, { LogonType: '7' }, 'speaks'],
  [SECURITY, 4625, { LogonType: '4' }, 'silent'],
  [SECURITY, 4625, {}, 'silent'],
  // 0 is success, in each of the forms in which it is written.
  ...[4768, 4769, 4771, 4776].flatMap((id) => [
    [SECURITY, id, { Status: '0x0' }, 'silent'] as const,
    [SECURITY, id, { Status: '0' }, 'silent'] as const,
    [SECURITY, id, { status: '0X00000000' }, 'silent'] as const,
    [SECURITY, id, { Status: '0x10' }, 'speaks'] as const,
    [SECURITY, id, { Status: '0xc000006a' }, 'speaks'] as const,
    [SECURITY, id, { Status: '10' }, 'speaks'] as const,
    [SECURITY, id, {}, 'speaks'] as const,
  ]),
  [SECURITY, 4740, { Status: '0x0', LogonType: '10' }, 'speaks'],
  // Schannel is a client as well as a server.
  ['Schannel', 36871, { Type: 'client' }, 'silent'],
  ['SCHANNEL', 36871, { type: 'Client' }, 'silent'],
  ['Schannel', 36871, { Type: 'server' }, 'speaks'],
  ['Schannel', 36871, { Type: 'clients' }, 'speaks'],
  ['Schannel', 36871, { Type: 'a client' }, 'speaks'],
  ['Schannel', 36871, {}, 'speaks'],
  ['Service Control Manager', 7000, { Type: 'client' }, 'speaks'],
  [LSM, 21, { Address: '192.0.2.9' }, 'signed in'],
  [LSM.toLowerCase(), 25, {}, 'signed in'],
  [LSM, 21, { Address: 'LOCAL' }, 'silent'],
  [LSM, 25, { address: 'local' }, 'silent'],
  [LSM, 24, { Address: 'LOCAL' }, 'speaks'],
  [RCM, 1149, {}, 'signed in'],
  [RCM, 21, {}, 'speaks'],
  [RCM, 261, {}, 'speaks'],
  [CORE, 66, {}, 'signed in'],
  [CORE, 1149, {}, 'speaks'],
  ['Other', 66, {}, 'speaks'],
];

for (const [provider, id, fields, is] of ROWS) {
  test(`${provider} ${id} ${JSON.stringify(fields)}: ${is}`, () => {
    const record = { channel: 'x', provider, id, recordId: 1, at: '2026-03-01T00:00:00.000Z', fields };
    assert.deepEqual(wordOf(record, row(provider, id)), WORDS[is]);
    assert.deepEqual(wordOf(record, undefined), WORDS.silent);
  });
}
