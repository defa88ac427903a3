// The contract, of a disk: the same registries in hives that hivexregedit wrote, read by our own reader.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { temporaryFolder } from '../peers/processes.ts';
import { requirePeer } from '../peers/require-peer.ts';
import { lookAtHives } from '../peers/windows-hives.ts';
import { readSharedData, requireSharedData } from '../shared-data.ts';
import { CONTENTS } from './contents.ts';
import { assertContract, BORNE, briefOf, expectedOf } from './contract.ts';
import { registryFile } from './registry-file.ts';

suite('the contract: a disk', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    test(name, (t) => {
      if (!requirePeer(t, 'hivexregedit') || !requireSharedData(t)) return;
      const folder = temporaryFolder(t, 'contract');
      const files = Object.fromEntries(
        (['SYSTEM', 'SOFTWARE'] as const).map((hive) => {
          const file = join(folder, hive);
          writeFileSync(file, readSharedData('hives/hivex/minimal'));
          const mine = Object.fromEntries(
            Object.entries(content).filter(([place]) => place.startsWith(`${hive}\\`)),
          );
          const select = { 'SYSTEM\\Select': { Current: 1, Default: 1 } };
          const all = hive === 'SYSTEM' ? { ...select, ...mine } : mine;
          const script = join(folder, `${hive}.reg`);
          writeFileSync(script, registryFile(all, { controlSet: 'ControlSet001' }));
          execFileSync('hivexregedit', ['--merge', '--prefix', `HKEY_LOCAL_MACHINE\\${hive}`, file, script], {
            stdio: 'pipe',
          });
          return [hive, file];
        }),
      );
      assertContract(lookAtHives(files), content, 'disk');
    });
  }
});

suite('the contract itself', () => {
  test('bears enough facts, and most of a healthy machine’s are present', () => {
    assert.ok(BORNE.length >= 45, `${BORNE.length} facts`);
    const seen = expectedOf(CONTENTS['a healthy member'] ?? {});
    const present = BORNE.filter((name) => seen[name]?.state === 'present');
    assert.ok(present.length >= BORNE.length - 6, `${present.length} of ${BORNE.length} are present`);
  });

  test('tells the contents apart', () => {
    const briefs = Object.values(CONTENTS).map((content) => {
      const seen = expectedOf(content);
      return JSON.stringify(BORNE.map((name) => briefOf(seen[name])));
    });
    assert.equal(new Set(briefs).size, briefs.length);
  });

  test('notices a value that was read otherwise', () => {
    const content = CONTENTS['a healthy member'] ?? {};
    const evidence = expectedOf(CONTENTS['broken in the ways of the article'] ?? {});
    assert.throws(() => assertContract(evidence, content, 'expected'));
    assert.throws(() => assertContract(expectedOf(content), content, 'another'));
    assertContract(expectedOf(content), content, 'expected');
  });
});
