// The run over all vantages: who begins when, who is late, and that nothing that was learned is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookFromAll } from '../../src/app/look-from-all.ts';
import type { Sighting, Vantage } from '../../src/app/vantage.ts';
import type { Look } from '../../src/core/model/cause.ts';
import type { Evidence, FactName } from '../../src/core/model/facts.ts';
import { present, unknown } from '../../src/core/model/observation.ts';
import { FakeClock } from './fake-clock.ts';

const SECOND = 1000;

interface Script {
  readonly needs?: readonly FactName[];
  readonly provides: readonly FactName[];
  /** Seconds until it is done; never, where it is left out. */
  readonly takes?: number;
  /** What it could not see of what it provides. */
  readonly blind?: readonly FactName[];
}

interface Run {
  readonly sighting: Sighting;
  /** When each began, in seconds, and what it was told then. */
  readonly began: ReadonlyMap<
    string,
    { readonly at: number; readonly knew: readonly string[]; readonly left: number }
  >;
  readonly seconds: number;
}

async function run(scripts: Readonly<Partial<Record<Look, Script>>>, budget = 60): Promise<Run> {
  const clock = new FakeClock();
  const began = new Map<string, { at: number; knew: readonly string[]; left: number }>();
  const vantages = Object.entries(scripts).map(
    ([look, { needs = [], provides, takes, blind = [] }]): Vantage => ({
      look: look as Look,
      needs,
      provides,
      async start(known, millis) {
        const knew = Object.keys(known);
        began.set(look, { at: clock.monotonic() / SECOND, knew, left: millis / SECOND });
        await clock.sleep((takes ?? 1e6) * SECOND);
        const from = {
          gatherer: 'x',
          channel: look,
          locator: 'x',
          observedAt: new Date(clock.now()).toISOString(),
        };
        const evidence = Object.fromEntries(
          provides.map((fact) => [
            fact,
            blind.includes(fact) ? unknown('denied', `not over ${look}`) : present(look, from),
          ]),
        ) as Evidence;
        return { evidence, warnings: [{ code: 'disk-anomaly', text: look }], taken: [look as Look] };
      },
    }),
  );
  const sighting = await clock.run(lookFromAll(clock, vantages, budget * SECOND));
  return { sighting, began, seconds: clock.monotonic() / SECOND };
}

const stateOf = ({ sighting }: Run, fact: FactName): string => {
  const observation = sighting.evidence[fact];
  return observation?.state === 'present'
    ? String(observation.value)
    : `${observation?.state} ${observation?.state === 'unknown' ? observation.why : ''}`;
};

test('vantages that need nothing look side by side', async () => {
  const ran = await run({
    HOST: { provides: ['rdp.nla'], takes: 3 },
    '--disk': { provides: ['computer.name'], takes: 5 },
  });
  assert.equal(ran.seconds, 5);
  assert.deepEqual(
    [...ran.began.values()].map(({ at }) => at),
    [0, 0],
  );
  assert.deepEqual([stateOf(ran, 'rdp.nla'), stateOf(ran, 'computer.name')], ['HOST', '--disk']);
  assert.deepEqual(ran.sighting.taken, ['HOST', '--disk']);
  // In the order in which they were named, whoever was done first.
  assert.deepEqual(
    ran.sighting.warnings.map(({ text }) => text),
    ['HOST', '--disk'],
  );
});

test('one that needs a fact begins when it was seen, and is told what is known', async () => {
  const ran = await run({
    '--dc': { needs: ['domain.membership'], provides: ['domain.sid'], takes: 4 },
    '--rpc': { provides: ['domain.membership'], takes: 2 },
    HOST: { provides: ['rdp.nla'], takes: 9 },
  });
  assert.deepEqual(ran.began.get('--dc'), { at: 2, knew: ['domain.membership'], left: 58 });
  assert.equal(stateOf(ran, 'domain.sid'), '--dc');
  assert.equal(ran.seconds, 9);
  assert.deepEqual(ran.sighting.taken, ['--dc', '--rpc', 'HOST']);
});

test('one whose facts nobody could see never begins, and says why', async () => {
  const ran = await run({
    '--rpc': { provides: ['domain.membership'], takes: 2, blind: ['domain.membership'] },
    '--dc': { needs: ['domain.membership'], provides: ['domain.sid'], takes: 4 },
  });
  assert.ok(!ran.began.has('--dc'));
  assert.deepEqual(ran.sighting.evidence['domain.sid'], {
    state: 'unknown',
    why: 'no-channel',
    detail: '--dc could not look, since domain.membership was not seen',
  });
  assert.deepEqual(ran.sighting.taken, ['--rpc']);
});

test('what is late is unknown, and what the others learned stays', async () => {
  const ran = await run(
    {
      HOST: { provides: ['rdp.nla'], takes: 3 },
      '--rpc': { provides: ['computer.name', 'os.version'] },
      '--disk': { provides: ['computer.name'], takes: 19.5 },
    },
    20,
  );
  assert.equal(ran.seconds, 21, 'a second for last words');
  assert.deepEqual(
    (['rdp.nla', 'computer.name', 'os.version'] as const).map((fact) => stateOf(ran, fact)),
    ['HOST', '--disk', 'unknown timeout'],
  );
  const name = ran.sighting.evidence['computer.name'];
  assert.deepEqual(
    name?.others?.map(({ state }) => state),
    ['unknown'],
  );
  assert.deepEqual(ran.sighting.warnings.at(1), {
    code: 'vantage-late',
    text: '--rpc was not done when the time was up; allow more with --timeout',
  });
});

test('its last words come within the grace', async () => {
  const ran = await run({ HOST: { provides: ['rdp.nla'], takes: 20.9 } }, 20);
  assert.equal(stateOf(ran, 'rdp.nla'), 'HOST');
});

test('no vantage, no wait', async () => {
  const ran = await run({});
  assert.deepEqual(
    [ran.sighting, ran.seconds],
    [{ evidence: {}, subjects: {}, warnings: [], taken: [], failed: [] }, 0],
  );
});
