// A sign of KB3080079 among the packages of Component Based Servicing; its absence is said, and proves nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inquireRdsUpdate } from '../../../src/core/windows/rds-update.ts';
import { ask, CONTEXT, type FakeMachine } from './fake-machine.ts';

const PACKAGES = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages';
const UPDATE = 'Package_for_KB3080079~31bf3856ad364e35~amd64~~6.1.1.2';
const PART = 'Package_2_for_KB3080079~31bf3856ad364e35~amd64~~6.1.1.2';
const OTHER = 'Package_for_KB4474419~31bf3856ad364e35~amd64~~6.1.3.2';

function look(build: number | undefined, machine: FakeMachine) {
  const os = build === undefined ? undefined : { productName: 'Windows', build, installationType: 'Server' };
  return ask(machine, inquireRdsUpdate(CONTEXT, os)).value;
}

function packages(states: Readonly<Record<string, number>>): FakeMachine {
  return {
    registry: Object.fromEntries(
      Object.entries(states).map(([name, CurrentState]) => [`${PACKAGES}\\${name}`, { CurrentState }]),
    ),
  };
}

test('an installed package is the sign', () => {
  const observed = look(7601, packages({ [OTHER]: 0x70, [UPDATE]: 0x70 }));
  assert.ok(observed.state === 'present');
  assert.equal(observed.value.sign, UPDATE);
});

test('so is a part of it, and one that a later update superseded', () => {
  assert.equal(look(7600, packages({ [PART]: 0x50 })).state, 'present');
});

test('one that is only staged is none', () => {
  assert.equal(look(7601, packages({ [UPDATE]: 0x40 })).state, 'absent');
});

test('other packages, or none, say nothing of it', () => {
  assert.equal(look(7601, packages({ [OTHER]: 0x70 })).state, 'absent');
  assert.equal(look(7601, {}).state, 'absent');
});

test('what cannot be read is unknown', () => {
  assert.equal(look(7601, { unreadable: [PACKAGES] }).state, 'unknown');
  assert.equal(look(undefined, packages({ [UPDATE]: 0x70 })).state, 'unknown');
});

test('no other Windows is asked', () => {
  const os = { productName: 'Windows', build: 9600, installationType: 'Server' };
  const { value, rounds } = ask(packages({ [UPDATE]: 0x70 }), inquireRdsUpdate(CONTEXT, os));
  assert.deepEqual([value.state, rounds], ['absent', 0]);
});
