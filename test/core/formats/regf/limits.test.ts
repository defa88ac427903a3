// What reading costs where every page is a round trip: the numbers that ../shared/offline.md sets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUp, openHive } from '../../../../src/core/formats/regf/index.ts';
import { readSharedData, requireSharedData } from '../../../shared-data.ts';
import { drive, filesOf } from './hives.ts';

const TERMINAL_SERVER = 'ControlSet001\\Control\\Terminal Server';
const RDP_TCP = `${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`;
const LSA = 'ControlSet001\\Control\\Lsa';
const SERVICES = 'ControlSet001\\Services';

/** Twenty values that a diagnosis of Remote Desktop asks for, some of them absent on most machines. */
const TWENTY = [
  { path: 'Select', name: 'Current' },
  { path: TERMINAL_SERVER, name: 'fDenyTSConnections' },
  { path: TERMINAL_SERVER, name: 'StartRCM' },
  { path: RDP_TCP, name: 'PortNumber' },
  { path: RDP_TCP, name: 'SecurityLayer' },
  { path: RDP_TCP, name: 'UserAuthentication' },
  { path: RDP_TCP, name: 'MinEncryptionLevel' },
  { path: RDP_TCP, name: 'SSLCertificateSHA1Hash' },
  { path: RDP_TCP, name: 'fEnableWinStation' },
  { path: LSA, name: 'LmCompatibilityLevel' },
  { path: LSA, name: 'disabledomaincreds' },
  { path: `${LSA}\\FIPSAlgorithmPolicy`, name: 'Enabled' },
  { path: `${LSA}\\MSV1_0`, name: 'RestrictReceivingNTLMTraffic' },
  {
    path: 'ControlSet001\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server',
    name: 'Enabled',
  },
  { path: `${SERVICES}\\TermService`, name: 'Start' },
  { path: `${SERVICES}\\Netlogon`, name: 'Start' },
  { path: `${SERVICES}\\Netlogon\\Parameters`, name: 'DisablePasswordChange' },
  { path: `${SERVICES}\\Tcpip\\Parameters`, name: 'Domain' },
  { path: `${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\DomainProfile`, name: 'EnableFirewall' },
  { path: 'ControlSet001\\Control\\ComputerName\\ComputerName', name: 'ComputerName' },
];

test('twenty values of a 16 MB SYSTEM hive take few pages and few rounds', (t) => {
  if (!requireSharedData(t)) return;
  const { bytes, media } = filesOf([readSharedData('hives/win7_domain/SYSTEM')]);
  const [medium] = media;
  assert.ok(medium !== undefined);
  const cold = performance.now();
  const opening = drive(openHive(medium), bytes);
  assert.ok(opening.value.ok);
  const { hive } = opening.value;
  const looking = drive(lookUp(hive, TWENTY), bytes);
  const warm = performance.now();
  const again = drive(lookUp(hive, TWENTY), bytes);
  const end = performance.now();
  const kinds = looking.value.answers.map(({ kind }) => kind);
  assert.deepEqual(looking.value.anomalies, []);
  assert.equal(kinds.filter((kind) => kind === 'value').length, 16, kinds.join(' '));
  assert.equal(kinds.filter((kind) => kind === 'absent').length, 4);
  t.diagnostic(
    `${hive.pages.pagesRead} pages, ${looking.ranges} ranges, ${looking.bytesRead} bytes, ` +
      `1 + ${looking.rounds} rounds; ${(warm - cold).toFixed(1)} ms cold, ${(end - warm).toFixed(1)} ms once loaded`,
  );
  assert.ok(hive.pages.pagesRead <= 57, `${hive.pages.pagesRead} pages`);
  assert.equal(opening.rounds, 1);
  assert.ok(looking.rounds <= 13, `${looking.rounds} rounds`);
  assert.equal(again.rounds, 0);
  assert.deepEqual(again.value, looking.value);
});

test('rounds depend on depth and not on how many values are asked for', (t) => {
  if (!requireSharedData(t)) return;
  const file = readSharedData('hives/win10_clean/SYSTEM');
  const rounds = (requests: typeof TWENTY) => {
    const { bytes, media } = filesOf([file]);
    const [medium] = media;
    assert.ok(medium !== undefined);
    const opened = drive(openHive(medium), bytes).value;
    assert.ok(opened.ok);
    return drive(lookUp(opened.hive, requests), bytes).rounds;
  };
  const alone = TWENTY.map((request) => rounds([request]));
  const together = rounds(TWENTY);
  t.diagnostic(`one by one ${alone.join(' ')}, together ${together}`);
  assert.ok(together <= Math.max(...alone), `${together} rounds`);
});
