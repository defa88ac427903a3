// What a service needs before it can start, all the way down: DependOnService and DependOnGroup of each key
// (Microsoft: "Automatically Starting Services", "Service Configuration"), which Windows compares without regard to case.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KeyValues, Sought } from '../../../src/core/windows/answers.ts';
import type { RegistryValue } from '../../../src/core/windows/inquiry.ts';
import { chainOf, namedBy, type ServiceKeys } from '../../../src/core/windows/service-chain.ts';
import { inquireServices } from '../../../src/core/windows/services.ts';
import { ask, CONTEXT, type FakeMachine, type Key } from './fake-machine.ts';

type Values = Readonly<Record<string, RegistryValue['data']>>;
type Keys = Readonly<Record<string, Values | 'absent' | 'denied' | 'cut off'>>;

function keysOf(keys: Keys): ServiceKeys {
  return new Map(
    Object.entries(keys).map(([name, key]): readonly [string, Sought<KeyValues>] => {
      const at = `Services\\${name}`;
      if (key === 'absent') return [name.toLowerCase(), { state: 'absent', at }];
      if (key === 'denied') return [name.toLowerCase(), { state: 'unknown', why: 'denied', detail: at }];
      const values = Object.entries(key === 'cut off' ? { Start: 2 } : key).map(([own, data]) => ({
        name: own,
        type: 4,
        data,
      }));
      const value = key === 'cut off' ? { values, incomplete: 'cut off' } : { values };
      return [name.toLowerCase(), { state: 'present', at, value }];
    }),
  );
}

/** `name<neededBy:startType` each, then `+group<neededBy`; else the state and why. */
function chain(keys: Keys, root = 'Root'): string {
  const found = chainOf(root, keysOf(keys));
  if (found.state !== 'present')
    return found.state === 'unknown' ? `unknown: ${found.why}` : `absent: ${found.at}`;
  assert.equal(found.at, `Services\\${root}`);
  return [
    ...found.value.services.map(({ name, neededBy, startType }) => `${name}<${neededBy}:${startType ?? '-'}`),
    ...found.value.groups.map(({ name, neededBy }) => `+${name}<${neededBy}`),
  ].join(' ');
}

const on = (...DependOnService: readonly string[]): Values => ({ Start: 2, DependOnService });

describe('a chain', () => {
  const rows: readonly (readonly [title: string, keys: Keys, is: string])[] = [
    ['nothing', { Root: { Start: 3 } }, ''],
    ['one', { Root: on('A'), A: { Start: 4 } }, 'A<Root:4'],
    [
      'the nearest first',
      { Root: on('A', 'B'), A: on('C'), B: { Start: 1 }, C: { Start: 0 } },
      'A<Root:2 B<Root:1 C<A:0',
    ],
    [
      'each once, by its first need',
      { Root: on('A', 'B'), A: on('B'), B: { Start: 1 } },
      'A<Root:2 B<Root:1',
    ],
    ['a ring', { Root: on('a'), A: on('ROOT', 'A') }, 'a<Root:2'],
    ['one that is not there', { Root: on('A', 'B'), A: 'absent', B: { Start: 2 } }, 'A<Root:- B<Root:2'],
    [
      'groups, of each level',
      {
        Root: { Start: 2, DependOnGroup: ['TDI'], DependOnService: ['A'] },
        A: { Start: 2, DependOnGroup: ['NDIS'] },
      },
      'A<Root:2 +TDI<Root +NDIS<A',
    ],
    ['no root', { Root: 'absent' }, 'absent: Services\\Root'],
    ['a root nobody may read', { Root: 'denied' }, 'unknown: denied'],
    ['a root cut off', { Root: 'cut off' }, 'unknown: corrupt'],
    ['a root nobody read', {}, 'unknown: not-gathered'],
    ['one that nobody read', { Root: on('A') }, 'unknown: not-gathered'],
    ['one that nobody may read', { Root: on('A'), A: 'denied' }, 'unknown: denied'],
    ['one that is cut off', { Root: on('A'), A: 'cut off' }, 'unknown: corrupt'],
    ['one without a start type', { Root: on('A'), A: { Type: 2 } }, 'unknown: corrupt'],
    ['one whose start type is a text', { Root: on('A'), A: { Start: '2' } }, 'unknown: corrupt'],
    ['needs of another type', { Root: { Start: 2, DependOnService: 5 } }, 'unknown: corrupt'],
    ['groups of another type', { Root: { Start: 2, DependOnGroup: 5 } }, 'unknown: corrupt'],
    [
      'groups of another type further down',
      { Root: on('A'), A: { Start: 2, DependOnGroup: 5 } },
      'unknown: corrupt',
    ],
  ];
  for (const [title, keys, is] of rows) test(title, () => assert.equal(chain(keys), is));
});

describe('what is still to be read', () => {
  const rows: readonly (readonly [title: string, keys: Keys, are: readonly string[]])[] = [
    ['nothing', { Root: on('A'), A: { Start: 2 } }, []],
    ['what one names', { Root: on('A', 'B'), A: { Start: 2 } }, ['B']],
    ['each once, whatever the capitals', { Root: on('A', 'b'), A: on('B', 'C') }, ['B', 'C']],
    ['through a ring', { Root: on('A'), A: on('Root', 'B') }, ['B']],
    ['nothing behind what is not there', { Root: on('A'), A: 'absent' }, []],
    ['no root', {}, []],
  ];
  for (const [title, keys, are] of rows) {
    test(title, () => assert.deepEqual([...namedBy(['ROOT'], keysOf(keys))].sort(), are));
  }
  test('of several roots', () =>
    assert.deepEqual([...namedBy(['R', 'S'], keysOf({ R: on('A'), S: on('B') }))].sort(), ['A', 'B']));
});

describe('rounds', () => {
  const SERVICES = 'SYSTEM\\CurrentControlSet\\Services';
  const machine = (keys: Readonly<Record<string, Key>>): FakeMachine => ({
    registry: Object.fromEntries(Object.entries(keys).map(([name, key]) => [`${SERVICES}\\${name}`, key])),
  });
  const needing = (...names: readonly string[]): Key => ({
    Start: 2,
    ...(names.length === 0 ? {} : { DependOnService: names }),
  });
  const look = (fake: FakeMachine) => {
    const { value, rounds } = ask(fake, inquireServices(CONTEXT));
    const observed = value['service.TermService.dependencies'];
    return [rounds, observed?.state === 'unknown' ? observed.why : observed?.state];
  };
  test('one for what Windows ships', () =>
    assert.deepEqual(look(machine({ TermService: needing('RpcSs'), RpcSs: needing() })), [1, 'present']));
  test('one more for each service of others', () =>
    assert.deepEqual(look(machine({ TermService: needing('X1'), X1: needing('X2'), X2: needing() })), [
      3,
      'present',
    ]));
  test('four at the most: deeper is not known', () => {
    const deep = (depth: number) =>
      machine({
        TermService: needing('X1'),
        ...Object.fromEntries(
          Array.from({ length: depth }, (_, index) => [
            `X${index + 1}`,
            index + 1 < depth ? needing(`X${index + 2}`) : needing(),
          ]),
        ),
      });
    assert.deepEqual(look(deep(3)), [4, 'present']);
    assert.deepEqual(look(deep(4)), [4, 'not-gathered']);
  });
  test('a hundred keys end it', () => {
    const names = Array.from({ length: 100 }, (_, index) => `X${index}`);
    const fake = machine({
      TermService: needing(...names),
      ...Object.fromEntries(names.map((name) => [name, needing(`${name}Y`)])),
    });
    assert.deepEqual(look(fake), [2, 'not-gathered']);
  });
});
