import { type Base, SYSTEMS } from './systems.ts';

/** Combinations that the product does not meet yet, and why: each must fail, and goes once it is mended. */
interface PendingMachines {
  /** Left out: with every baseline, and with none. */
  readonly baselines?: readonly string[];
  /** Those that have another finding first on such a machine. */
  readonly but?: readonly string[];
  readonly when: (base: Base) => boolean;
  readonly why: string;
}

const old = ({ os }: Base): boolean => SYSTEMS[os].build < 9200;
const DENY_RIGHTS = [
  'CIS Level 1',
  'CIS Level 1 with a rule of policy',
  'CIS Level 2 server',
  'DISA STIG',
  'Microsoft security baseline',
];

const PENDING_MACHINES: readonly PendingMachines[] = [
  {
    baselines: DENY_RIGHTS,
    when: ({ role }) => role === 'member' || role === 'hybrid',
    why: 'local accounts are denied, domain accounts get in (A3)',
  },
  {
    baselines: ['CIS Level 1 with a rule of policy'],
    when: ({ role }) => role === 'entra',
    why: 'local accounts are denied, Entra accounts get in (A3)',
  },
  {
    baselines: [...DENY_RIGHTS, 'DISA STIG of members in a workgroup'].filter(
      (id) => id !== 'CIS Level 1 with a rule of policy' && id !== 'DISA STIG',
    ),
    when: ({ role }) => role === 'workgroup',
    why: 'it stops every account and is only likely, so the firewall that may be in the way stands first (A3)',
  },
  {
    but: ['firewall rules of policy alone', 'NTLM refused altogether'],
    when: old,
    why: 'a client that rests on practice makes a default Windows 7 or 2008 R2 suspect (A2)',
  },
];

/** Why the combination must fail, or undefined. */
export function pendingWhy(baseline: string, base: Base): string | undefined {
  return PENDING_MACHINES.find(
    ({ baselines, but = [], when }) =>
      (baselines === undefined || baselines.includes(baseline)) && !but.includes(baseline) && when(base),
  )?.why;
}
