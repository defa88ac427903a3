// Several witnesses of one machine: which reading stands, and that nobody erases what another saw.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { absent, type Observation, present, unknown } from '../../../src/core/model/observation.ts';
import { mergeEvidence, witnessesOf } from '../../../src/core/model/readings.ts';

const at = (channel: string, hour: number) => ({
  gatherer: 'identity',
  channel,
  locator: 'SYSTEM',
  observedAt: `2026-11-22T${String(hour).padStart(2, '0')}:00:00.000Z`,
});
const saw = (channel: string, hour: number): Observation<string> => present(channel, at(channel, hour));
const named = (observation: Observation<string>): Evidence => ({ 'computer.name': observation });

const denied = unknown<string>('denied', 'access denied over rpc');
const unasked = unknown<string>('not-gathered');

const rows: readonly (readonly [
  name: string,
  readings: readonly Observation<string>[],
  best: Observation<string>,
  others: readonly Observation<string>[],
])[] = [
  ['one witness', [saw('disk', 9)], saw('disk', 9), []],
  ['what was seen goes before what was denied', [denied, saw('disk', 9)], saw('disk', 9), [denied]],
  ['and the other way round', [saw('disk', 9), denied], saw('disk', 9), [denied]],
  [
    'the newest',
    [saw('disk', 9), saw('rpc', 11), saw('ssh', 10)],
    saw('rpc', 11),
    [saw('ssh', 10), saw('disk', 9)],
  ],
  [
    'a disk may be an old copy, whenever it was read: the machine itself goes before it',
    [saw('disk', 11), saw('rpc', 10)],
    saw('rpc', 10),
    [saw('disk', 11)],
  ],
  [
    'so it does before answers of a machine whose clock is ahead, in whatever order',
    [saw('answers', 12), saw('disk', 11), saw('ssh', 10)],
    saw('ssh', 10),
    [saw('answers', 12), saw('disk', 11)],
  ],
  ['of the same time, the first', [saw('ssh', 9), saw('rpc', 9)], saw('ssh', 9), [saw('rpc', 9)]],
  [
    'absent is seen',
    [unknown('timeout'), absent(at('disk', 9))],
    absent(at('disk', 9)),
    [unknown('timeout')],
  ],
  ['who was not asked is no witness', [unasked, saw('disk', 9), unasked], saw('disk', 9), []],
  ['nobody was asked', [unasked, unasked], unasked, []],
  ['nobody saw it', [denied, unknown('timeout')], denied, [unknown('timeout')]],
];
for (const [name, readings, best, others] of rows) {
  test(`readings: ${name}`, () => {
    const merged = mergeEvidence(readings.map(named));
    const expected = others.length === 0 ? best : { ...best, others };
    assert.deepEqual(merged['computer.name'], expected);
    assert.deepEqual(witnessesOf(merged, 'computer.name'), [best, ...others]);
    // Put together in steps, as vantages come in, it is the same.
    const [first, ...more] = readings.map(named);
    const stepwise = more.reduce<Evidence>((before, next) => mergeEvidence([before, next]), first ?? {});
    assert.deepEqual(stepwise, merged);
  });
}

test('facts of different witnesses stand side by side, and what nobody has is not there', () => {
  const merged = mergeEvidence([named(saw('disk', 9)), { 'rdp.nla': present('offered', at('tcp', 9)) }]);
  assert.deepEqual(Object.keys(merged), ['rdp.nla', 'computer.name']);
  assert.deepEqual(witnessesOf(merged, 'os.version'), []);
});

test('who saw whether a service runs stands before who cannot have seen it, however new', () => {
  const disk = present({ startType: 3 }, at('disk', 11));
  const rpc = present({ startType: 3, state: 'running' as const }, at('rpc', 9));
  const merged = mergeEvidence([{ 'service.TermService': disk }, { 'service.TermService': rpc }]);
  assert.deepEqual(merged['service.TermService'], { ...rpc, others: [disk] });
  const clock = mergeEvidence([
    { 'time.source': present({ type: 'NTP' }, at('disk', 11)) },
    { 'time.source': present({ server: 'dc1' }, at('ssh', 9)) },
  ])['time.source'];
  assert.deepEqual(clock?.state === 'present' && clock.value, { server: 'dc1' });
  // Of two that saw it run the newest; and a service that is gone was seen too.
  const later = present({ startType: 3, state: 'stopped' as const }, at('ssh', 10));
  assert.deepEqual(
    mergeEvidence([{ 'service.TermService': rpc }, { 'service.TermService': later }])['service.TermService'],
    { ...later, others: [rpc] },
  );
  const gone = absent<never>(at('disk', 12));
  assert.deepEqual(
    mergeEvidence([{ 'service.TermService': disk }, { 'service.TermService': gone }])['service.TermService'],
    { ...gone, others: [disk] },
  );
});
