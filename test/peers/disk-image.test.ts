// A Windows on a disk, through every layer: container, partitions, NTFS, hives, event logs. Whatever the
// container is, the facts are those that were put in; disks that cannot be read say why and what to do.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DiskLook, lookAtDisk } from '../../src/app/gather/disk/look.ts';
import type { Evidence, FactName } from '../../src/core/model/facts.ts';
import { ONLY_LIVE } from '../../src/core/model/live-facts.ts';
import { openDisk } from '../../src/edge/disk/open-disk.ts';
import { parentOpener } from '../../src/edge/disk/parent-disk.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { dataExtents } from '../core/formats/image/images.ts';
import * as certificate from '../core/windows/build-certificate.ts';
import { requireSharedData } from '../shared-data.ts';
import { requireAzurite, startAzurite } from './azurite.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { convert, makeGptDisk, makeMbrDisk, makeWindowsVolume } from './windows-disk.ts';
import { TSPOL, windowsFiles } from './windows-files.ts';

const PROGRAMS = ['mkntfs', 'ntfs-3g', 'setfattr', 'sgdisk', 'sfdisk', 'qemu-img', 'hivexregedit'] as const;

function available(t: TestContext): boolean {
  return requirePeer(t, ...PROGRAMS) && requireSharedData(t);
}

const PATIENCE_MILLIS = 120_000;

const clock = { ...systemClock, now: () => Date.UTC(2026, 2, 1, 12) };

async function look(place: string): Promise<DiskLook> {
  const opened = await openDisk(place, PATIENCE_MILLIS);
  assert.ok(opened.ok, opened.ok ? '' : opened.problem);
  return lookAtDisk(clock, {
    source: opened.source,
    openParent: parentOpener(place, []),
    timeoutMillis: PATIENCE_MILLIS,
    blockSize: 16 * 1024,
  });
}

async function evidenceOf(place: string): Promise<Extract<DiskLook, { readonly ok: true }>> {
  const seen = await look(place);
  assert.ok(seen.ok, seen.ok ? '' : `${seen.problem}. ${seen.advice}`);
  return seen;
}

function valueFor<F extends FactName>(evidence: Evidence, fact: F): unknown {
  const observed = evidence[fact];
  return observed?.state === 'present' ? observed.value : observed;
}

/** Everything but the disk itself: the same from every container. */
function withoutDisk({ 'disk.volume': _, ...rest }: Evidence): Evidence {
  return rest;
}

test('a Windows in every container gives the facts that were put in', { timeout: 240_000 }, async (t) => {
  if (!available(t)) return;
  const folder = temporaryFolder(t, 'disk');
  const volume = await makeWindowsVolume(t, windowsFiles(t));
  const gpt = join(folder, 'gpt.raw');
  makeGptDisk(gpt, volume);
  const first = await evidenceOf(gpt);
  const { evidence } = first;

  await t.test('registry', () => {
    const setting = (fact: FactName): unknown => {
      const value = valueFor(evidence, fact);
      assert.ok(typeof value === 'object' && value !== null && 'effective' in value, `${fact} is a setting`);
      return [value.effective, 'setBy' in value && value.setBy];
    };
    assert.deepEqual(setting('listener.portNumber'), [13389, 'machine']);
    assert.deepEqual(setting('listener.securityLayer'), [1, 'policy']);
    assert.deepEqual(setting('lsa.lmCompatibilityLevel'), [5, 'machine']);
    assert.equal((valueFor(evidence, 'os.version') as { build: number }).build, 20348);
    assert.equal((valueFor(evidence, 'service.gpsvc') as { startType: number }).startType, 4);
    assert.deepEqual(valueFor(evidence, 'domain.membership'), {
      joined: true,
      domain: 'internal.greendale.edu',
      netbiosDomain: 'INTERNAL',
    });
    const server = evidence['schannel.server'];
    assert.ok(server?.state === 'present', 'Schannel is known');
    assert.deepEqual(
      Object.entries(server.value).map(([version, { effective }]) => [version, effective]),
      [
        ['1.0', false],
        ['1.1', true],
        ['1.2', true],
        ['1.3', true],
      ],
    );
    assert.equal(
      server.value['1.0'].where,
      'SYSTEM\\ControlSet001\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.0\\Server',
    );
  });

  await t.test('files', () => {
    const found = evidence['listener.certificate'];
    assert.ok(found?.state === 'present', 'the certificate is known');
    assert.equal(found.value.certificate?.subject, 'CN=vm1.corp.example');
    assert.equal(found.value.keyFile, certificate.KEY_FILE);
    assert.equal(found.value.key, 'denied');
    assert.deepEqual(valueFor(evidence, 'grouppolicy.local'), {
      registryPol: true,
      values: { [`${TSPOL}!SecurityLayer`]: 1 },
    });
  });

  await t.test('event logs', () => {
    const timeline = evidence['events.relevant'];
    assert.ok(timeline?.state === 'present', 'the timeline is known');
    assert.deepEqual(
      timeline.value.spans.map(({ channel, newest }) => [channel, newest?.slice(0, 19)]).sort(),
      // The latest time that evtxexport lists, not the last record's: one clock had been set back three hours.
      [
        ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational', '2023-10-18T05:44:39'],
        ['Security', '2025-06-08T07:15:09'],
        ['System', '2025-06-08T07:15:00'],
      ],
    );
    assert.ok(timeline.value.events.length > 50, `${timeline.value.events.length} events`);
    assert.match(timeline.value.events[0]?.locator ?? '', /^(?:System|Security)\.evtx#\d+$/);
  });

  await t.test('every fact is there', () => {
    const unknown = Object.entries(evidence).filter(([, observed]) => observed?.state === 'unknown');
    // All but what only a running machine knows.
    const open = unknown.map(([name]) => name).filter((name) => !ONLY_LIVE.includes(name));
    assert.deepEqual(open, []);
    assert.deepEqual(first.warnings, []);
    assert.deepEqual(valueFor(evidence, 'disk.volume'), {
      container: 'raw',
      partitionScheme: 'gpt',
      dirty: false,
      hibernated: false,
      hives: { SYSTEM: 'clean', SOFTWARE: 'clean', SECURITY: 'clean', SAM: 'clean' },
    });
  });

  const mbr = join(folder, 'mbr.raw');
  const containers: readonly (readonly [
    name: string,
    container: string,
    scheme: string,
    make: (to: string) => void,
  ])[] = [
    ['mbr.raw', 'raw', 'mbr', (to) => makeMbrDisk(to, volume)],
    ['fixed.vhd', 'VHD, fixed', 'gpt', (to) => convert(gpt, to, 'vpc', 'subformat=fixed,force_size=on')],
    [
      'dynamic.vhd',
      'VHD, dynamic',
      'gpt',
      (to) => convert(gpt, to, 'vpc', 'subformat=dynamic,force_size=on'),
    ],
    ['mbr-dynamic.vhd', 'VHD, dynamic', 'mbr', (to) => convert(mbr, to, 'vpc', 'subformat=dynamic')],
    ['dynamic.vhdx', 'VHDX, dynamic', 'gpt', (to) => convert(gpt, to, 'vhdx', 'subformat=dynamic')],
    ['fixed.vhdx', 'VHDX, fixed', 'gpt', (to) => convert(gpt, to, 'vhdx', 'subformat=fixed')],
  ];
  for (const [name, container, scheme, make] of containers) {
    await t.test(name, async () => {
      const path = join(folder, name);
      make(path);
      const seen = await evidenceOf(path);
      assert.deepEqual(withoutDisk(seen.evidence), withoutDisk(evidence));
      assert.deepEqual(seen.warnings, []);
      const disk = seen.evidence['disk.volume'];
      assert.ok(disk?.state === 'present', 'the disk is described');
      assert.equal(disk.value.partitionScheme, scheme);
      assert.equal(disk.value.container, container);
      assert.equal(disk.from.locator, path);
    });
  }

  await t.test('a volume without partitions', async () => {
    const seen = await evidenceOf(volume.path);
    assert.deepEqual(withoutDisk(seen.evidence), withoutDisk(evidence));
  });

  await t.test('a page blob behind a read-only SAS', async (inner) => {
    if (!requireAzurite(inner)) return;
    const azurite = await startAzurite(inner);
    const path = join(folder, 'fixed.vhd');
    await azurite.uploadPageBlob('os.vhd', path, statSync(path).size, dataExtents('raw', path));
    const url = azurite.readOnlySas('os.vhd');
    const seen = await evidenceOf(url.href);
    assert.deepEqual(withoutDisk(seen.evidence), withoutDisk(evidence));
    assert.ok(!JSON.stringify(seen).includes(url.searchParams.get('sig') ?? '?'), 'the signature shows');
    const time = await azurite.snapshot('os.vhd');
    const snapshot = await evidenceOf(azurite.readOnlySas('os.vhd', { snapshot: time }).href);
    assert.deepEqual(withoutDisk(snapshot.evidence), withoutDisk(evidence));
  });
});
