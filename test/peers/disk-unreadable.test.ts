// Disks that cannot be read, or only in part: each says why in one sentence and what to do in another, and
// the exit status tells a script that nothing was found out.
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Notice } from '../../src/core/model/report.ts';
import { MainProcess, type Ran } from '../edge/run-main.ts';
import { textsOf } from '../notices.ts';
import { readSharedData, requireSharedData } from '../shared-data.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import {
  convert,
  DISK_SIZE,
  makeEmpty,
  makeGptDisk,
  makeWindowsVolume,
  type PlacedFile,
  VOLUME_AT,
  VOLUME_SIZE,
} from './windows-disk.ts';
import { CONFIG, windowsFiles } from './windows-files.ts';

const MIB = 1 << 20;

interface Report {
  readonly outcome: string;
  readonly warnings: readonly Notice[];
  readonly evidence: Readonly<Record<string, { readonly state: string; readonly value?: unknown }>>;
}

test('disks that cannot be read', { timeout: 240_000 }, async (t) => {
  if (!requirePeer(t, 'mkntfs', 'ntfs-3g', 'setfattr', 'sgdisk', 'qemu-img', 'hivexregedit')) return;
  if (!requireSharedData(t)) return;
  const program = await MainProcess.start();
  t.after(() => program.end());
  const folder = temporaryFolder(t, 'unreadable');
  const place = (name: string): string => join(folder, name);
  const run = (path: string): Promise<Ran> => program.run(['diagnose', '--disk', path, '--json']);

  /** Nothing was found out: status 3, and a warning that says why. */
  const checkBlind = async (path: string, says: string): Promise<void> => {
    const { status, stdout, stderr, millis } = await run(path);
    const report: Report = JSON.parse(stdout);
    assert.deepEqual(textsOf(report.warnings), [`the disk was not read: ${says}`]);
    assert.equal(report.outcome, 'blind');
    assert.equal(status, 3);
    assert.equal(stderr, '');
    assert.ok(millis < 20_000, `${millis} ms`);
    // The same for people.
    const { stdout: text } = await program.run(['diagnose', '--disk', path]);
    assert.ok(
      text.replace(/\s+/g, '').includes(says.replace(/\s+/g, '')),
      `the report does not say it: ${text}`,
    );
  };

  const files = windowsFiles(t);
  const volume = await makeWindowsVolume(t, files);
  const good = place('good.raw');
  makeGptDisk(good, volume);
  const copy = (name: string, change: (file: number) => void): string => {
    const path = place(name);
    makeEmpty(path, DISK_SIZE);
    const from = openSync(good, 'r');
    const to = openSync(path, 'r+');
    const block = Buffer.alloc(MIB);
    for (let at = 0; at < DISK_SIZE; at += MIB) {
      readSync(from, block, 0, MIB, at);
      if (!block.every((byte) => byte === 0)) writeSync(to, block, 0, MIB, at);
    }
    closeSync(from);
    change(to);
    closeSync(to);
    return path;
  };

  await t.test('a data disk', async (inner) => {
    const data = await makeWindowsVolume(inner, { 'Data/file.txt': { content: new Uint8Array(9) } });
    const path = place('data.raw');
    makeGptDisk(path, data);
    await checkBlind(
      path,
      'the disk has NTFS volumes, but none holds \\Windows\\System32\\config. Name the OS disk: this looks like a data disk.',
    );
  });

  const NO_DISK =
    'no Windows was found on this disk: it has neither partitions nor an NTFS volume. Name a raw, VHD or VHDX image of the OS disk.';
  await t.test('an empty disk', async () => {
    makeEmpty(place('empty.raw'), DISK_SIZE);
    await checkBlind(place('empty.raw'), NO_DISK);
  });
  await t.test('an empty VHDX', async () => {
    convert(place('empty.raw'), place('empty.vhdx'), 'vhdx', 'subformat=dynamic');
    await checkBlind(place('empty.vhdx'), NO_DISK);
  });
  await t.test('a text', async () => {
    writeFileSync(place('notes.txt'), 'not a disk\n'.repeat(1000));
    await checkBlind(place('notes.txt'), NO_DISK);
  });
  await t.test('a file of seven bytes', async () => {
    writeFileSync(place('tiny'), 'conectix'.slice(0, 7));
    await checkBlind(place('tiny'), NO_DISK);
  });

  await t.test('BitLocker', async () => {
    const says =
      'the disk is encrypted with BitLocker. Unlock it first (attach it to a Windows machine and run manage-bde -unlock), or copy the unlocked volume to an image.';
    await checkBlind(
      copy('bitlocker.raw', (file) => writeSync(file, Buffer.from('-FVE-FS-'), 0, 8, VOLUME_AT + 3)),
      says,
    );
  });
  await t.test('BitLocker To Go, of a real stick', async () => {
    writeFileSync(place('togo.raw'), readSharedData('disk/bdetogo-head1M.raw'));
    await checkBlind(
      place('togo.raw'),
      'the disk is encrypted with BitLocker. Unlock it first (attach it to a Windows machine and run manage-bde -unlock), or copy the unlocked volume to an image.',
    );
  });

  const NONSENSE = Buffer.alloc(80, 0xff);
  await t.test(
    'an NTFS volume whose boot sector is damaged: its copy stands in, and that is told',
    async () => {
      const path = copy('boot.raw', (file) => writeSync(file, NONSENSE, 0, 80, VOLUME_AT + 11));
      const { status, stdout } = await run(path);
      const report: Report = JSON.parse(stdout);
      assert.equal(status, 1);
      assert.equal(report.warnings.length, 1, `warnings: ${textsOf(report.warnings).join('; ')}`);
      assert.match(report.warnings[0]?.text ?? '', /^NTFS boot sector: /);
    },
  );
  await t.test('an NTFS volume without a sound boot sector', async () => {
    const path = copy('boots.raw', (file) => {
      writeSync(file, NONSENSE, 0, 80, VOLUME_AT + 11);
      writeSync(file, NONSENSE, 0, 80, VOLUME_AT + VOLUME_SIZE - 512 + 11);
    });
    const { status, stdout } = await run(path);
    const report: Report = JSON.parse(stdout);
    assert.equal(status, 3);
    assert.match(
      report.warnings[0]?.text ?? '',
      /^the disk was not read: there is an NTFS volume, but it cannot be read: .+\. Check that the copy of the disk is complete, or use an older snapshot\.$/,
    );
  });

  await t.test('images that were cut off', async () => {
    const unreadable = 'there is an NTFS volume, but it cannot be read: ';
    for (const [name, size, says] of [
      ['cut-behind-table', 2 * MIB, 'the image is cut off: its partitions reach '],
      ['cut-in-boot-sector', VOLUME_AT + 100, 'the image is cut off: its partitions reach '],
      ['cut-behind-boot-sector', VOLUME_AT + 512, unreadable],
      ['cut-in-mft', VOLUME_AT + 20 * 1024, unreadable],
      ['cut-in-mft-records', VOLUME_AT + 84 * 1024, unreadable],
    ] as const) {
      const path = copy(`${name}.raw`, () => undefined);
      truncateSync(path, size);
      const { status, stdout } = await run(path);
      const report: Report = JSON.parse(stdout);
      assert.equal(status, 3, name);
      assert.equal(report.outcome, 'blind', name);
      assert.match(report.warnings[0]?.text ?? '', /^the disk was not read: .+\. [A-Z].+\.$/, name);
      assert.ok(report.warnings[0]?.text.includes(says) === true, `${name}: ${report.warnings[0]?.text}`);
    }
  });

  await t.test('a dynamic VHD and a VHDX that were cut off', async () => {
    for (const [name, format] of [
      ['cut.vhd', 'vpc'],
      ['cut.vhdx', 'vhdx'],
    ] as const) {
      convert(good, place(name), format, 'subformat=dynamic');
      for (const size of [5 * MIB, 700 * 1024, 600]) {
        truncateSync(place(name), size);
        const { status, stdout } = await run(place(name));
        const report: Report = JSON.parse(stdout);
        assert.equal(status, 3, `${name}, ${size} bytes`);
        assert.equal(report.outcome, 'blind', `${name}, ${size} bytes`);
        assert.match(
          report.warnings[0]?.text ?? '',
          /^the disk was not read: .+\. [A-Z].+\.$/,
          `${name}, ${size}`,
        );
      }
    }
  });

  /** A Windows that lacks something is diagnosed as far as it goes. */
  const diagnoseWith = async (
    inner: TestContext,
    name: string,
    changed: Readonly<Record<string, PlacedFile | undefined>>,
  ): Promise<{ readonly report: Report; readonly status: number }> => {
    const all = Object.entries({ ...files, ...changed }).flatMap(([path, file]) =>
      file === undefined ? [] : [[path, file] as const],
    );
    const path = place(`${name}.raw`);
    makeGptDisk(path, await makeWindowsVolume(inner, Object.fromEntries(all)));
    const { status, stdout } = await run(path);
    return { report: JSON.parse(stdout), status };
  };
  const volumeOf = ({ evidence }: Report): unknown => evidence['disk.volume']?.value;

  await t.test('no SAM', async (inner) => {
    const { report, status } = await diagnoseWith(inner, 'no-sam', { [`${CONFIG}/SAM`]: undefined });
    assert.deepEqual(textsOf(report.warnings), [
      'the SAM hive cannot be read: there is no \\Windows\\System32\\config\\SAM',
    ]);
    assert.equal(status, 1, 'what the other hives show is judged');
  });
  await t.test('no SECURITY', async (inner) => {
    const { report } = await diagnoseWith(inner, 'no-security', { [`${CONFIG}/SECURITY`]: undefined });
    assert.deepEqual(textsOf(report.warnings), [
      'the SECURITY hive cannot be read: there is no \\Windows\\System32\\config\\SECURITY',
    ]);
    assert.equal(report.evidence['user.rights']?.state, 'unknown');
    assert.equal(report.evidence['listener.portNumber']?.state, 'present');
  });
  await t.test('SOFTWARE is no hive', async (inner) => {
    const { report } = await diagnoseWith(inner, 'software', {
      [`${CONFIG}/SOFTWARE`]: { content: new Uint8Array(8192) },
    });
    assert.match(
      report.warnings[0]?.text ?? '',
      /^the SOFTWARE hive cannot be read: it does not contain a hive$/,
    );
    assert.equal(report.evidence['listener.securityLayer']?.state, 'unknown');
  });
  await t.test('SYSTEM is no hive', async (inner) => {
    const { report, status } = await diagnoseWith(inner, 'system', {
      [`${CONFIG}/SYSTEM`]: { content: new Uint8Array(8192) },
    });
    assert.deepEqual(textsOf(report.warnings), [
      'the disk was not read: the SYSTEM hive cannot be read: it does not contain a hive. Restore the hive from a backup or an older snapshot of the disk.',
    ]);
    assert.equal(status, 3);
  });
  await t.test('a log that is no log', async (inner) => {
    const { report } = await diagnoseWith(inner, 'log', {
      'Windows/System32/winevt/Logs/System.evtx': { content: new Uint8Array(70_000).fill(0x41) },
    });
    const timeline = report.evidence['events.relevant']?.value as {
      readonly spans: readonly { readonly channel: string }[];
    };
    assert.ok(!timeline.spans.some(({ channel }) => channel === 'System'), 'no span of the System log');
    assert.ok(
      timeline.spans.some(({ channel }) => channel === 'Security'),
      'a span of the Security log',
    );
  });
  await t.test('hibernated', async (inner) => {
    const hiberfile = new Uint8Array(4096);
    hiberfile.set(new TextEncoder().encode('hibr'));
    const { report } = await diagnoseWith(inner, 'hibernated', { 'hiberfil.sys': { content: hiberfile } });
    assert.deepEqual(textsOf(report.warnings), [
      'the machine is hibernated: what it had in memory is newer than what was read from the disk',
    ]);
    assert.equal((volumeOf(report) as { hibernated: boolean }).hibernated, true);
  });
  await t.test('a dirty hive with its logs, as a snapshot of a running Windows has it', async (inner) => {
    const hive = (name: string): PlacedFile => ({ content: readSharedData(`hives/win10_dirty_B/${name}`) });
    const { report } = await diagnoseWith(inner, 'dirty', {
      [`${CONFIG}/SYSTEM`]: hive('SYSTEM'),
      [`${CONFIG}/SYSTEM.LOG1`]: hive('SYSTEM.LOG1'),
      [`${CONFIG}/SYSTEM.LOG2`]: hive('SYSTEM.LOG2'),
    });
    assert.deepEqual(report.warnings, []);
    assert.deepEqual((volumeOf(report) as { hives: unknown }).hives, {
      SYSTEM: 'replayed',
      SOFTWARE: 'clean',
      SECURITY: 'clean',
      SAM: 'clean',
    });
  });
  await t.test('a dirty hive without its logs', async (inner) => {
    const { report } = await diagnoseWith(inner, 'dirty-alone', {
      [`${CONFIG}/SYSTEM`]: { content: readSharedData('hives/win10_dirty_B/SYSTEM') },
    });
    assert.deepEqual(textsOf(report.warnings.slice(0, 1)), [
      'the SYSTEM hive was being written and its log is missing: old and new values may be mixed',
    ]);
  });
});
