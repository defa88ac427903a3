// Which file is opened for the parent of a differencing disk: what the disk names is a stranger's text.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parentOpener, placeOfParent } from '../../../src/edge/disk/parent-disk.ts';
import { temporaryFolder } from '../../peers/processes.ts';

describe('what a name is good for, on every platform', () => {
  const rows: readonly (readonly [name: string, expected: readonly string[] | RegExp])[] = [
    ['base.vhdx', ['base.vhdx']],
    ['.\\base.vhdx', ['base.vhdx']],
    ['.\\disks\\base.vhdx', ['disks', 'base.vhdx']],
    ['disks/base.vhdx', ['disks', 'base.vhdx']],
    ['\\\\server\\share\\base.vhdx', /another machine or a device/],
    ['//server/share/base.vhdx', /another machine or a device/],
    ['\\\\?\\C:\\base.vhdx', /another machine or a device/],
    ['\\\\.\\PhysicalDrive0', /another machine or a device/],
    ['\\\\?\\UNC\\server\\share\\base.vhdx', /another machine or a device/],
    ['C:\\base.vhdx', /absolute/],
    ['c:base.vhdx', /absolute/],
    ['\\base.vhdx', /absolute/],
    ['/etc/shadow', /absolute/],
    ['..\\base.vhdx', /leads out/],
    ['disks\\..\\..\\base.vhdx', /leads out/],
    ['base.vhdx:stream', /not a file name/],
    ['NUL', /not a file name/],
    ['disks\\com1.vhd', /not a file name/],
    ['base.vhdx ', /not a file name/],
    ['base\0.vhdx', /not a file name/],
    ['', /empty/],
    ['.\\', /empty/],
  ];
  for (const [name, expected] of rows) {
    test(JSON.stringify(name), () => {
      const place = placeOfParent(name);
      if (expected instanceof RegExp) assert.match(place.kind === 'refused' ? place.why : 'opened', expected);
      else assert.deepEqual(place, { kind: 'below', parts: expected });
    });
  }
});

describe('what is opened', () => {
  const root = temporaryFolder({ after: (end) => after(end) }, 'parents');
  const folder = join(root, 'child');
  mkdirSync(join(folder, 'below'), { recursive: true });
  mkdirSync(join(root, 'elsewhere'));
  for (const path of [
    'child/beside.vhd',
    'child/below/deep.vhd',
    'outside.vhd',
    'elsewhere/named.vhd',
    'elsewhere/next.vhd',
  ]) {
    writeFileSync(join(root, path), path);
  }
  symlinkSync(join(root, 'outside.vhd'), join(folder, 'link.vhd'));
  symlinkSync(join(root, 'elsewhere'), join(folder, 'linked'));
  const child = join(folder, 'child.vhd');

  /** The path that was opened, or what is said. */
  async function opened(
    names: readonly string[],
    from: string | undefined = child,
    parents: readonly string[] = [],
  ) {
    const result = await parentOpener(from, parents)({ id: 'id', names });
    if (!result.ok) {
      assert.match(result.advice, /--parent FILE/);
      return result.problem;
    }
    await result.source.close();
    return result.source.name.slice(root.length + 1);
  }

  test('beside the child, by the name alone', async () => {
    assert.equal(await opened(['.\\beside.vhd']), 'child/beside.vhd');
    assert.equal(await opened(['.\\below\\deep.vhd']), 'child/below/deep.vhd');
    // The path is not followed; the file of that name beside the child is another matter.
    assert.equal(await opened(['D:\\VMs\\beside.vhd']), 'child/beside.vhd');
    assert.equal(await opened(['\\\\server\\share\\beside.vhd']), 'child/beside.vhd');
  });

  const refused: readonly (readonly [names: readonly string[], says: RegExp])[] = [
    [
      ['..\\outside.vhd'],
      /it builds on "\.\.\\outside\.vhd", and there is no file of that name in its folder \(.*leads out/,
    ],
    [[join(root, 'outside.vhd')], /there is no file of that name in its folder \(.*absolute path/],
    [['\\\\server\\share\\x.vhd'], /another machine or a device/],
    [['link.vhd'], /link\.vhd is a link, which is not followed/],
    [['linked\\named.vhd'], /linked is a link, which is not followed/],
    [['below'], /below is not a file/],
    [[], /it builds on the disk id/],
  ];
  for (const [names, says] of refused) {
    test(`not ${JSON.stringify(names)}`, async () => assert.match(await opened(names), says));
  }

  test('nothing for a disk behind a URL', async () => {
    const result = await parentOpener(undefined, [])({ id: 'id', names: ['beside.vhd'] });
    assert.match(result.ok ? '' : result.problem, /cannot be looked for beside a URL/);
  });

  test('what the user names, each in its turn, and beside that one then', async () => {
    const named = join(root, 'elsewhere/named.vhd');
    const open = parentOpener(child, [named]);
    for (const [names, path] of [
      [['..\\x.vhd'], 'elsewhere/named.vhd'],
      [['next.vhd'], 'elsewhere/next.vhd'],
    ] as const) {
      const result = await open({ id: 'id', names });
      assert.equal(result.ok ? result.source.name.slice(root.length + 1) : result.problem, path);
      if (result.ok) await result.source.close();
    }
  });
});
