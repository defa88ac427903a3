import type { WindowsService } from '../model/windows-facts.ts';

/** SERVICE_DISABLED as start type. */
export const DISABLED = 4;

const START_TYPES = ['at boot', 'with the system', 'automatically', 'on demand'];

/** `set to start automatically as LocalSystem, running`. */
export function describeStart({ startType, objectName, state }: WindowsService): string {
  const start =
    startType === DISABLED
      ? 'disabled'
      : `set to start ${START_TYPES[startType] ?? `in a way not known (${startType})`}`;
  return [
    `${start}${objectName === undefined ? '' : ` as ${objectName}`}`,
    ...(state === undefined ? [] : [state]),
  ].join(', ');
}
