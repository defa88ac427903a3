import { type Refused, refused } from './refusals.ts';
import type { ServiceAnswer } from './services.ts';

const OTHERWISE = 'use --ssh or rdpdoctor collect instead';
const SERVICE_DISABLED = 4;

/** Why there is no pipe of the registry, by what the service control manager says of its service. */
export function registryOff(config: ServiceAnswer | Refused, status: ServiceAnswer | Refused): Refused {
  if (config.kind === 'absent') {
    return refused('no-channel', `the machine has no service RemoteRegistry; ${OTHERWISE}`);
  }
  if (config.kind === 'config' && config.config.startType === SERVICE_DISABLED) {
    return refused(
      'no-channel',
      `the service RemoteRegistry is disabled, as Windows for desktops has it, so the registry cannot be read over RPC; enable it on the machine (sc config RemoteRegistry start= demand) or ${OTHERWISE}`,
    );
  }
  const state = status.kind === 'status' ? `is ${status.status.state} and ` : '';
  return refused(
    'no-channel',
    `the service RemoteRegistry ${state}did not open its pipe within 3.5 s; start it on the machine (sc start RemoteRegistry) or ${OTHERWISE}`,
  );
}
