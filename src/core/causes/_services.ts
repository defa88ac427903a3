import type { ServiceDependencies, ServiceDependency, WindowsService } from '../model/windows-facts.ts';
import { DISABLED } from '../windows/services.ts';
import { list } from './_words.ts';

export { DISABLED };

const START_TYPES = ['at boot', 'with the system', 'automatically', 'on demand'];

/** `set to start automatically as LocalSystem, running`. */
export function describeStart({ startType, objectName, state }: WindowsService): string {
  const start =
    startType === DISABLED
      ? 'disabled'
      : `set to start ${START_TYPES[startType] ?? `in an unknown way (${startType})`}`;
  return [
    `${start}${objectName === undefined ? '' : ` as ${objectName}`}`,
    ...(state === undefined ? [] : [state]),
  ].join(', ');
}

/** What keeps a service from starting among the services that it needs: those that are disabled or missing. */
export function blockersIn({ services }: ServiceDependencies): readonly ServiceDependency[] {
  return services.filter(({ startType }) => startType === undefined || startType === DISABLED);
}

/** `RpcSs, which TermService needs, is disabled`. */
export function describeBlockers(blockers: readonly ServiceDependency[]): string {
  return list(
    blockers.map(
      ({ name, neededBy, startType }) =>
        `${name}, which ${neededBy} depends on, ${startType === undefined ? 'does not exist' : 'is disabled'}`,
    ),
  );
}

/** `the group NetworkProvider, of which TermService needs a member, was not looked into`. */
export function describeGroups({ groups }: ServiceDependencies): string {
  return list(
    groups.map(
      ({ name, neededBy }) =>
        `${neededBy} depends on the service group ${name}, whose members were not checked`,
    ),
  );
}
