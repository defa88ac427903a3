import type { ServiceDependencies, ServiceDependency } from '../model/windows-facts.ts';
import { type KeyValues, numberOf, type Sought, seekIn, textsOf } from './answers.ts';

/** Keys of services that were read, by name in lower case. */
export type ServiceKeys = ReadonlyMap<string, Sought<KeyValues>>;

/** What a service names in DependOnService (or DependOnGroup). */
function namesIn(key: Sought<KeyValues>, value: 'DependOnService' | 'DependOnGroup'): readonly string[] {
  const sought = seekIn(key, value, textsOf, 'a list of names');
  return sought.state === 'present' ? sought.value : [];
}

/** Services that something in these chains names and that nobody has read yet, each once. */
export function namedBy(roots: readonly string[], keys: ServiceKeys): readonly string[] {
  const wanted = new Map<string, string>();
  const seen = new Set<string>();
  const open = roots.map((name) => name.toLowerCase());
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const key = keys.get(name);
    if (key === undefined) continue;
    for (const needed of namesIn(key, 'DependOnService')) {
      if (keys.has(needed.toLowerCase())) open.push(needed.toLowerCase());
      else wanted.set(needed.toLowerCase(), needed);
    }
  }
  return [...wanted.values()];
}

/**
 * Everything that a service needs, the nearest first. The service control manager starts none of whose
 * dependencies one is missing or disabled: errors 1075, 1058 and 1068 of "System Error Codes".
 */
export function chainOf(root: string, keys: ServiceKeys): Sought<ServiceDependencies> {
  const services: ServiceDependency[] = [];
  const groups: { readonly name: string; readonly neededBy: string }[] = [];
  const seen = new Set([root.toLowerCase()]);
  const queue = [root];
  let at: string | undefined;
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const key = keys.get(name.toLowerCase());
    if (key === undefined) {
      return {
        state: 'unknown',
        why: 'not-gathered',
        detail: `the dependencies of ${root} go deeper than was read`,
      };
    }
    if (key.state !== 'present') {
      // Below the root one that could not be read has ended the walk already.
      if (name === root) return key;
      continue;
    }
    at ??= key.at;
    for (const value of ['DependOnService', 'DependOnGroup'] as const) {
      const sought = seekIn(key, value, textsOf, 'a list of names');
      if (sought.state === 'unknown') return sought;
    }
    for (const group of namesIn(key, 'DependOnGroup')) groups.push({ name: group, neededBy: name });
    for (const needed of namesIn(key, 'DependOnService')) {
      if (seen.has(needed.toLowerCase())) continue;
      seen.add(needed.toLowerCase());
      queue.push(needed);
      const found = dependencyOf(needed, name, keys);
      if (found.state === 'unknown') return found;
      services.push(found.value);
    }
  }
  return { state: 'present', at: at ?? '', value: { services, groups } };
}

type Found =
  | { readonly state: 'present'; readonly value: ServiceDependency }
  | (Sought<never> & { readonly state: 'unknown' });

function dependencyOf(name: string, neededBy: string, keys: ServiceKeys): Found {
  const key = keys.get(name.toLowerCase());
  if (key === undefined) {
    return {
      state: 'unknown',
      why: 'not-gathered',
      detail: `${name}, which ${neededBy} needs, was not read`,
    };
  }
  if (key.state === 'absent') return { state: 'present', value: { name, neededBy } };
  const startType = seekIn(key, 'Start', numberOf, 'a number');
  if (startType.state === 'unknown') return startType;
  return startType.state === 'absent'
    ? { state: 'unknown', why: 'corrupt', detail: `${startType.at} does not exist` }
    : { state: 'present', value: { name, neededBy, startType: startType.value } };
}
