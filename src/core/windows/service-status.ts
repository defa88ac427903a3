import type { ServiceStatus } from '../model/windows-facts.ts';

/** SERVICE_STATUS.dwCurrentState from 1 on: [MS-SCMR] 2.2.47, winsvc.h. */
export const SERVICE_STATES: readonly ServiceStatus['state'][] = [
  'stopped',
  'start-pending',
  'stop-pending',
  'running',
  'continue-pending',
  'pause-pending',
  'paused',
];

/** dwCurrentState by its name; `undefined` for a number that is none. */
export function serviceState(number: number): ServiceStatus['state'] | undefined {
  return SERVICE_STATES[number - 1];
}

/** A status of what was told of it; a process of 0 is none. */
export function serviceStatus(
  state: ServiceStatus['state'],
  {
    exitCode,
    serviceExitCode,
    processId,
  }: {
    readonly exitCode: number | undefined;
    readonly serviceExitCode: number | undefined;
    readonly processId: number | undefined;
  },
): ServiceStatus {
  return {
    state,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(serviceExitCode === undefined ? {} : { serviceExitCode }),
    ...(processId === undefined || processId === 0 ? {} : { processId }),
  };
}
