// Baselines × Windows: silent on all but the combinations that stop every account, which say so.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CAUSES } from '../../src/core/causes/index.ts';
import { WINDOWS_FACTS } from '../../src/core/model/windows-facts.ts';
import { BASELINES } from './baselines.ts';
import { machineOf } from './bases.ts';
import type { Expectation } from './case.ts';
import { complaints } from './check.ts';
import { healthyLive } from './live.ts';
import { pendingWhy } from './pending-matrix.ts';
import { perform, type Run } from './run.ts';
import { change } from './settings.ts';
import { BASES, type Base, nameOf } from './systems.ts';

/** Every machine whose report is not as it must be; a pending one whose report is. */
async function wrong(
  baseline: string,
  bases: readonly Base[],
  runOf: (base: Base) => Run,
  expectationOf: (base: Base) => Expectation,
): Promise<readonly string[]> {
  const list: string[] = [];
  for (const base of bases) {
    const expectation = expectationOf(base);
    const found = complaints(await perform(runOf(base)), expectation);
    const why = expectation.first === undefined ? pendingWhy(baseline, base) : undefined;
    if (why === undefined ? found.length > 0 : found.length === 0) {
      list.push(
        `${nameOf(base)}: ${found.join('; ') || `it is mended, take it out of the pending ones (${why})`}`,
      );
    }
  }
  return list;
}

test('every healthy machine is silent', async () => {
  assert.deepEqual(
    await wrong(
      'none',
      BASES,
      (base) => ({ machine: machineOf(base) }),
      () => ({}),
    ),
    [],
  );
});

test('every healthy machine that runs is silent, and healthy', async () => {
  const runOf = (base: Base): Run => ({ machine: { ...machineOf(base), live: healthyLive(base) } });
  assert.deepEqual(await wrong('none', BASES, runOf, () => ({})), []);
  for (const base of BASES.filter((one) => pendingWhy('none', one) === undefined)) {
    assert.equal((await perform(runOf(base))).outcome, 'healthy', nameOf(base));
  }
});

test('every healthy machine is silent beside a listener that answers, and healthy', async () => {
  const runOf = (base: Base): Run => ({ machine: machineOf(base), wire: {} });
  assert.deepEqual(await wrong('none', BASES, runOf, () => ({})), []);
  for (const base of BASES.filter((one) => pendingWhy('none', one) === undefined)) {
    assert.equal((await perform(runOf(base))).outcome, 'healthy', nameOf(base));
  }
});

/** Causes that read nothing of the machine itself, and those whose other half lies in the domain, at the client or on the way. */
const OF_THE_WIRE = [
  ...CAUSES.filter(({ uses }) => !uses.some((fact) => fact in WINDOWS_FACTS)).map(({ id }) => id),
  'clock-skew',
  // What only the running machine can tell.
  'port-unreachable',
  'machine-not-ready',
  'other-service-on-port',
  'resources-exhausted',
  'connection-flood',
  'ntlm-blocked',
];

test('of a healthy machine that was read whole, every cause that a disk can judge is ruled out', async () => {
  const open: string[] = [];
  for (const base of BASES.filter((one) => pendingWhy('none', one) === undefined)) {
    const { findings } = await perform({ machine: machineOf(base) });
    for (const { cause, verdict, settledBy } of findings) {
      // Of an account nothing is known before one is named.
      if (verdict !== 'ruled-out' && settledBy?.[0] !== '--user' && !OF_THE_WIRE.includes(cause))
        open.push(`${nameOf(base)}: ${cause} ${verdict}`);
    }
  }
  assert.deepEqual(open, []);
});

for (const { id, source, appliesTo, settings, stops } of BASELINES) {
  const bases = BASES.filter(appliesTo);
  const runOf = (base: Base): Run => ({ machine: change(machineOf(base), settings(base)) });
  describe(`${id} on ${bases.length} machines`, () => {
    const silent = bases.filter((base) => stops?.(base) === undefined);
    if (silent.length > 0) {
      test(`lets the users of ${silent.length} in: no finding`, async () => {
        assert.deepEqual(await wrong(id, silent, runOf, () => ({})), [], source);
      });
    }
    const stopped = bases.filter((base) => stops?.(base) !== undefined);
    if (stopped.length > 0) {
      test(`stops every account of ${stopped.length}: its cause comes first`, async () => {
        const expectationOf = (base: Base): Expectation => ({ first: stops?.(base)?.first ?? [] });
        const why = new Set(stopped.map((base) => stops?.(base)?.why));
        assert.deepEqual(await wrong(id, stopped, runOf, expectationOf), [], [...why].join('; '));
      });
    }
  });
}
