// Baselines × Windows: silent on all but the combinations that stop every account, which say so.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BASELINES } from './baselines.ts';
import { BASES, machineOf, nameOf } from './bases.ts';
import { complaints } from './check.ts';
import { perform } from './run.ts';
import { change } from './settings.ts';

/** A combination that the product does not meet yet, and why: it must fail. */
const PENDING: Readonly<Record<string, string>> = {};

test('every healthy machine is silent', async () => {
  const loud: string[] = [];
  for (const base of BASES) {
    const found = complaints(await perform({ machine: machineOf(base) }), {});
    if (found.length > 0) loud.push(`${nameOf(base)}: ${found.join('; ')}`);
  }
  assert.deepEqual(loud, []);
});

test('every healthy machine is silent and healthy beside a listener that answers', async () => {
  const loud: string[] = [];
  for (const base of BASES) {
    const report = await perform({ machine: machineOf(base), wire: {} });
    const found = complaints(report, {});
    if (found.length > 0 || report.outcome !== 'healthy')
      loud.push(`${nameOf(base)}: ${report.outcome} ${found.join('; ')}`);
  }
  assert.deepEqual(loud, []);
});

for (const { id, appliesTo, settings, stops } of BASELINES) {
  const bases = BASES.filter(appliesTo);
  describe(`${id} on ${bases.length} machines`, () => {
    const silent = bases.filter((base) => stops?.(base) === undefined);
    test(`lets the users of ${silent.length} in: no finding`, async () => {
      const loud: string[] = [];
      for (const base of silent) {
        const name = nameOf(base);
        const found = complaints(await perform({ machine: change(machineOf(base), settings(base)) }), {});
        const pending = PENDING[`${id}: ${name}`] !== undefined;
        if (found.length > 0 !== pending) loud.push(`${name}: ${found.join('; ') || 'it is mended'}`);
      }
      assert.deepEqual(loud, []);
    });
    const stopped = bases.filter((base) => stops?.(base) !== undefined);
    if (stopped.length === 0) return;
    test(`stops every account of ${stopped.length}: found, with its cause first`, async () => {
      const wrong: string[] = [];
      for (const base of stopped) {
        const name = nameOf(base);
        const stop = stops?.(base);
        if (stop === undefined) continue;
        const found = complaints(await perform({ machine: change(machineOf(base), settings(base)) }), {
          first: stop.first,
        });
        const pending = PENDING[`${id}: ${name}`] !== undefined;
        if (found.length > 0 !== pending)
          wrong.push(`${name}: ${found.join('; ') || 'it is mended'} (${stop.why})`);
      }
      assert.deepEqual(wrong, []);
    });
  });
}
