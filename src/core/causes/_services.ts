import { findWin32Error } from '../knowledge/win32-errors.ts';
import type { ServiceDependencies, ServiceDependency, WindowsService } from '../model/windows-facts.ts';
import { DISABLED } from '../windows/services.ts';
import { list } from './_words.ts';

export { DISABLED };

const START_TYPES = ['at boot', 'with the system', 'automatically', 'on demand'];

/** A service's own code says why it stopped (ERROR_SERVICE_SPECIFIC_ERROR). */
const OWN_CODE = 1066;
/** Not started since Windows was (ERROR_SERVICE_NEVER_STARTED): no failure. */
const NEVER_STARTED = 1077;

/** Whether it stopped with an error: waiting for it is in vain, unless something starts it again. */
export function hasFailed({ state, exitCode = 0 }: WindowsService): boolean {
  return state === 'stopped' && exitCode !== 0 && exitCode !== NEVER_STARTED;
}

/** `running`, `stopped with error 1079 (ERROR_DIFFERENT_SERVICE_ACCOUNT)`; undefined where nobody could tell. */
export function describeState(service: WindowsService): string | undefined {
  if (!hasFailed(service)) return service.state;
  const { exitCode = 0, serviceExitCode = 0 } = service;
  if (exitCode === OWN_CODE) return `stopped with its own error ${serviceExitCode}`;
  const name = findWin32Error(exitCode)?.name;
  return `stopped with error ${exitCode}${name === undefined ? '' : ` (${name})`}`;
}

/** `set to start automatically as LocalSystem, running`. */
export function describeStart(service: WindowsService): string {
  const { startType, objectName } = service;
  const state = describeState(service);
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
