import type { Base } from './systems.ts';

/** Machines that are not silent yet where they must be, and why: each must fail, and goes once it is mended. */
interface PendingMachines {
  /** Left out: with every baseline, and with none. */
  readonly baselines?: readonly string[];
  readonly when: (base: Base) => boolean;
  readonly why: string;
}

const PENDING_MACHINES: readonly PendingMachines[] = [];

/** Why the combination must fail, or undefined. */
export function pendingWhy(baseline: string, base: Base): string | undefined {
  return PENDING_MACHINES.find(
    ({ baselines, when }) => (baselines === undefined || baselines.includes(baseline)) && when(base),
  )?.why;
}
