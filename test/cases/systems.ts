// Which Windows there are, which places a machine can have, and who holds which rights on a new one.
import type { Rights } from './settings.ts';

export interface Os {
  readonly product: string;
  readonly build: number;
  readonly kind: 'client' | 'server';
  /** Version of TSpkg.dll on a machine that has its updates. */
  readonly tspkg: readonly [number, number, number, number];
  readonly revision?: number;
}

export const SYSTEMS = {
  'windows-7': {
    product: 'Windows 7 Professional',
    build: 7601,
    kind: 'client',
    tspkg: [6, 1, 7601, 24_117],
  },
  'windows-8.1': { product: 'Windows 8.1 Pro', build: 9600, kind: 'client', tspkg: [6, 3, 9600, 19_000] },
  'windows-10-1607': {
    product: 'Windows 10 Enterprise 2016 LTSB',
    build: 14_393,
    kind: 'client',
    tspkg: [10, 0, 14_393, 5_000],
    revision: 7_000,
  },
  'windows-10-1809': {
    product: 'Windows 10 Enterprise LTSC 2019',
    build: 17_763,
    kind: 'client',
    tspkg: [10, 0, 17_763, 5_000],
    revision: 6_000,
  },
  'windows-10-22h2': {
    product: 'Windows 10 Pro',
    build: 19_045,
    kind: 'client',
    tspkg: [10, 0, 19_041, 4_000],
    revision: 6_000,
  },
  // Windows 11 keeps Windows 10 as its product's name in the registry.
  'windows-11-22h2': {
    product: 'Windows 10 Pro',
    build: 22_621,
    kind: 'client',
    tspkg: [10, 0, 22_621, 3_000],
    revision: 4_000,
  },
  'windows-11-24h2': {
    product: 'Windows 10 Enterprise',
    build: 26_100,
    kind: 'client',
    tspkg: [10, 0, 26_100, 1_000],
    revision: 4_000,
  },
  'server-2008-r2': {
    product: 'Windows Server 2008 R2 Standard',
    build: 7601,
    kind: 'server',
    tspkg: [6, 1, 7601, 24_117],
  },
  'server-2012': {
    product: 'Windows Server 2012 Standard',
    build: 9200,
    kind: 'server',
    tspkg: [6, 2, 9200, 22_432],
  },
  'server-2012-r2': {
    product: 'Windows Server 2012 R2 Standard',
    build: 9600,
    kind: 'server',
    tspkg: [6, 3, 9600, 19_000],
  },
  'server-2016': {
    product: 'Windows Server 2016 Datacenter',
    build: 14_393,
    kind: 'server',
    tspkg: [10, 0, 14_393, 5_000],
    revision: 7_000,
  },
  'server-2019': {
    product: 'Windows Server 2019 Datacenter',
    build: 17_763,
    kind: 'server',
    tspkg: [10, 0, 17_763, 5_000],
    revision: 6_000,
  },
  'server-2022': {
    product: 'Windows Server 2022 Datacenter',
    build: 20_348,
    kind: 'server',
    tspkg: [10, 0, 20_348, 2_000],
    revision: 2_900,
  },
  'server-2025': {
    product: 'Windows Server 2025 Datacenter',
    build: 26_100,
    kind: 'server',
    tspkg: [10, 0, 26_100, 1_000],
    revision: 4_000,
  },
} as const satisfies Readonly<Record<string, Os>>;

export type OsId = keyof typeof SYSTEMS;
export type Role = 'workgroup' | 'member' | 'controller' | 'entra' | 'hybrid';

export interface Base {
  readonly os: OsId;
  readonly role: Role;
  readonly core: boolean;
}

export const nameOf = ({ os, role, core }: Base): string => `${os} ${role}${core ? ' core' : ''}`;

/** Entra join came with 10 and, by extension, with Server 2019; Remote Desktop to it with 10 1809 (howto-vm-sign-in). */
function takes(os: Os, role: Role): boolean {
  if (role === 'controller') return os.kind === 'server';
  if (role === 'entra') return os.kind === 'client' ? os.build >= 17_763 : os.build >= 17_763;
  if (role === 'hybrid') return os.build >= 14_393;
  return true;
}

const ROLES: readonly Role[] = ['workgroup', 'member', 'controller', 'entra', 'hybrid'];

export const BASES: readonly Base[] = (Object.keys(SYSTEMS) as OsId[]).flatMap((os) => {
  const roles = ROLES.filter((role) => takes(SYSTEMS[os], role));
  // Server Core since 2012 R2: the same, without the desktop.
  const cores =
    SYSTEMS[os].kind === 'server' && SYSTEMS[os].build >= 9600
      ? (['member', 'controller', 'workgroup'] as const)
      : [];
  return [
    ...roles.map((role) => ({ os, role, core: false })),
    ...cores.map((role) => ({ os, role, core: true })),
  ];
});

export const MACHINE_SID = 'S-1-5-21-4070822719-3404542230-2541167049';
export const DOMAIN_SID = 'S-1-5-21-226059406-2984137831-1201299043';

export const SID = {
  everyone: 'S-1-1-0',
  enterpriseControllers: 'S-1-5-9',
  authenticated: 'S-1-5-11',
  localAccount: 'S-1-5-113',
  localAdministrators: 'S-1-5-114',
  administrators: 'S-1-5-32-544',
  users: 'S-1-5-32-545',
  guests: 'S-1-5-32-546',
  accountOperators: 'S-1-5-32-548',
  serverOperators: 'S-1-5-32-549',
  backupOperators: 'S-1-5-32-551',
  preWindows2000: 'S-1-5-32-554',
  remoteDesktopUsers: 'S-1-5-32-555',
  guest: `${MACHINE_SID}-501`,
  domainAdmins: `${DOMAIN_SID}-512`,
  domainUsers: `${DOMAIN_SID}-513`,
  enterpriseAdmins: `${DOMAIN_SID}-519`,
} as const;

/** User rights of a new installation: Microsoft's policy pages, "Default values" of each right. */
export function defaultRights(role: Role): Rights {
  if (role === 'controller') {
    return {
      interactive: [SID.administrators, SID.accountOperators, SID.serverOperators, SID.backupOperators],
      network: [
        SID.everyone,
        SID.administrators,
        SID.authenticated,
        SID.enterpriseControllers,
        SID.preWindows2000,
      ],
      batch: [SID.administrators, SID.backupOperators],
      remote: [SID.administrators],
    };
  }
  return {
    interactive: [SID.administrators, SID.users, SID.backupOperators, SID.guest],
    network: [SID.everyone, SID.administrators, SID.users, SID.backupOperators],
    batch: [SID.administrators, SID.backupOperators],
    remote: [SID.administrators, SID.remoteDesktopUsers],
    denyInteractive: [SID.guest],
    denyNetwork: [SID.guest],
  };
}

export const isJoined = (role: Role): boolean =>
  role === 'member' || role === 'controller' || role === 'hybrid';
