// A machine that runs, as its services, its Netlogon and its system say of themselves when nothing is wrong with it.
import type { ResourcesState, SecureChannel, ServiceStatus } from '../../src/core/model/windows-facts.ts';
import type { LiveMachine } from '../core/windows/fake-machine.ts';
import { ago } from './logs.ts';
import { type Base, isJoined, SYSTEMS } from './systems.ts';

export const RUNNING: ServiceStatus = { state: 'running', exitCode: 0, serviceExitCode: 0, processId: 1234 };
/** Stopped as it should be; the code of a service that was not started since Windows was (ERROR_SERVICE_NEVER_STARTED). */
export const NEVER_STARTED: ServiceStatus = { state: 'stopped', exitCode: 1077, serviceExitCode: 0 };
export const STOPPED: ServiceStatus = { state: 'stopped', exitCode: 0, serviceExitCode: 0 };

const GIB = 2 ** 30;
export const PLENTY: ResourcesState = {
  memory: { totalBytes: 16 * GIB, availableBytes: 9 * GIB },
  commit: { limitBytes: 20 * GIB, usedBytes: 7 * GIB },
  handles: 52_000,
  processes: 140,
  sessions: 3,
};

export const CONTROLLER = '\\\\dc1.corp.example';

/** What a channel answers that was tried: both statuses, and the flag that says so ([MS-NRPC] 2.2.1.7.3). */
export function tried(status: number, pdcStatus = status): Omit<SecureChannel, 'asked'> {
  return { controller: CONTROLLER, verified: true, status, pdcStatus, flags: 0xb0 };
}

/** What Netlogon remembers of a channel. */
export function remembered(status: number): Omit<SecureChannel, 'asked'> {
  return { controller: CONTROLLER, verified: false, status, flags: 0x30 };
}

export function healthyLive({ os, role }: Base): LiveMachine {
  const joined = isJoined(role);
  return {
    services: {
      TermService: RUNNING,
      UmRdpService: RUNNING,
      SessionEnv: STOPPED,
      // It stops when it has nothing to do, since Windows 8.
      gpsvc: SYSTEMS[os].build >= 9200 ? STOPPED : RUNNING,
      Netlogon: joined ? RUNNING : NEVER_STARTED,
      KeyIso: RUNNING,
      CryptSvc: RUNNING,
      Dnscache: RUNNING,
      W32Time: joined ? RUNNING : STOPPED,
      MpsSvc: RUNNING,
      BFE: RUNNING,
    },
    owners: { 3389: { process: 'svchost.exe', processId: 1234, service: 'TermService' } },
    ...(joined && role !== 'controller' ? { channel: { verify: tried(0), query: remembered(0) } } : {}),
    startedAt: ago(47),
    offsetSeconds: 0.4,
    time: joined ? { server: 'dc1.corp.example', offsetSeconds: 0.01 } : { server: 'time.windows.com,0x8' },
    resources: PLENTY,
  };
}
