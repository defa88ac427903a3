// The contract of every channel to a Windows machine: on one registry all of them see the same facts.
import assert from 'node:assert/strict';
import { type Evidence, type FactName, WINDOWS_FACT_NAMES } from '../../src/core/model/facts.ts';
import type { Observation } from '../../src/core/model/observation.ts';
import { inquireMachine } from '../../src/core/windows/machine.ts';
import { ask } from '../core/windows/fake-machine.ts';
import type { RegistryContent } from './contents.ts';

/**
 * Facts that do not stand in SYSTEM and SOFTWARE alone: they need SECURITY, files, event logs, or a machine
 * that runs. Each channel has its own way to those, and its own tests of it.
 */
const ELSEWHERE: ReadonlySet<FactName> = new Set<FactName>([
  'credssp.fileVersion',
  'disk.volume',
  'domain.membership',
  'domain.sid',
  'events.relevant',
  'grouppolicy.local',
  'listener.certificate',
  'logon.failures',
  'machine.sid',
  'machinePassword.changedAt',
  'service.TermService.program',
  'user.rights',
]);

/** Facts of a running machine alone, by the words before their dot. */
const LIVE = /^(?:secureChannel|resources|time|os\.startedAt|listener\.owner)/;

/** Facts that SYSTEM and SOFTWARE bear. */
export const BORNE: readonly FactName[] = WINDOWS_FACT_NAMES.filter(
  (name) => !ELSEWHERE.has(name) && !LIVE.test(name),
);

/** What everybody has to see of a registry: what the inquiry makes of it when all of it is answered. */
export function expectedOf(content: RegistryContent): Evidence {
  return ask({ registry: content }, inquireMachine({ channel: 'expected', observedAt: AT })).value;
}

const AT = '2026-11-27T00:00:00.000Z';

export interface Exceptions {
  /** Facts on which the peer lies or which it lacks, and why: they are compared with scripted answers elsewhere. */
  readonly lies?: Readonly<Partial<Record<FactName, string>>>;
}

/**
 * Throws where a fact that SYSTEM and SOFTWARE bear is seen otherwise than all see it, or says nothing of its
 * origin. Live states of services are the machine's own.
 * @param channel what the facts must say that they came by
 */
export function assertContract(
  evidence: Evidence,
  content: RegistryContent,
  channel: string,
  { lies = {} }: Exceptions = {},
): void {
  const expected = expectedOf(content);
  for (const name of BORNE) {
    if (name in lies) continue;
    const seen = evidence[name];
    assert.deepEqual(briefOf(seen), briefOf(expected[name]), name);
    if (seen === undefined || seen.state === 'unknown') continue;
    assert.equal(seen.from.channel, channel, `${name} says by which channel it came`);
    assert.notEqual(seen.from.locator, '', `${name} says where it stood`);
    assert.ok(!Number.isNaN(Date.parse(seen.from.observedAt)), `${name} says when it was seen`);
  }
}

/** State and value without places, and without what only a running machine adds. */
export function briefOf(observation: Observation<unknown> | undefined): unknown {
  if (observation === undefined) return 'not gathered';
  if (observation.state === 'present') return withoutPlaces(observation.value);
  return observation.state === 'absent' ? 'absent' : `unknown: ${observation.why}`;
}

const OF_A_PLACE: ReadonlySet<string> = new Set([
  'where',
  'state',
  'exitCode',
  'serviceExitCode',
  'processId',
]);

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OF_A_PLACE.has(name))
      .map(([name, part]) => [name, withoutPlaces(part)]),
  );
}
