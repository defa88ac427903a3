import { type Base, SYSTEMS } from './systems.ts';

/** Machines that are not silent yet where they must be, and why: each must fail, and goes once it is mended. */
interface PendingMachines {
  /** Left out: with every baseline, and with none. */
  readonly baselines?: readonly string[];
  readonly when: (base: Base) => boolean;
  readonly why: string;
}

const PENDING_MACHINES: readonly PendingMachines[] = [
  {
    when: ({ os }) => SYSTEMS[os].build < 9200,
    why: 'a client that rests on practice makes a default Windows 7 or 2008 R2 suspect (A2)',
  },
];

/** Why the combination must fail, or undefined. */
export function pendingWhy(baseline: string, base: Base): string | undefined {
  return PENDING_MACHINES.find(
    ({ baselines, when }) => (baselines === undefined || baselines.includes(baseline)) && when(base),
  )?.why;
}
