// Tests against other people's software skip in plain words where it is not installed, and fail
// where RDPDOCTOR_REQUIRE_PEERS=1 is set, as .ci/run sets it.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { TestContext } from 'node:test';
import { skipOrFail } from '../require-all.ts';

/** The Debian package of each program that the peers are made of. */
const PACKAGES = {
  xrdp: 'xrdp',
  'freerdp-shadow-cli': 'freerdp2-shadow-x11',
  'winpr-hash': 'winpr-utils',
  Xvfb: 'xvfb',
  xfreerdp: 'freerdp2-x11',
  nmap: 'nmap',
  sslscan: 'sslscan',
  openssl: 'openssl',
  sgdisk: 'gdisk',
  mkntfs: 'ntfs-3g',
  'ntfs-3g': 'ntfs-3g',
  fls: 'sleuthkit',
  setfattr: 'attr',
  'wimlib-imagex': 'wimtools',
  'qemu-img': 'qemu-utils',
  'qemu-io': 'qemu-utils',
  eventlogadm: 'samba',
  evtxexport: 'libevtx-utils',
  hivexml: 'libhivex-bin',
  hivexget: 'libhivex-bin',
  hivexregedit: 'libwin-hivex-perl',
  sfdisk: 'fdisk',
  regfexport: 'libregf-utils',
  wine: 'wine wine64',
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
  ip: 'iproute2',
  wbinfo: 'winbind',
  winbindd: 'winbind',
  samba: 'samba samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind',
  'samba-tool': 'samba-common-bin',
  net: 'samba-common-bin',
  rpcclient: 'smbclient',
  smbd: 'samba',
  sshd: 'openssh-server',
  script: 'bsdutils',
  ssh: 'openssh-client',
  'ssh-agent': 'openssh-client',
  'ssh-add': 'openssh-client',
  'ssh-keygen': 'openssh-client',
  smbstatus: 'samba',
  smbpasswd: 'samba-common-bin',
} as const;

export type PeerProgram = keyof typeof PACKAGES;

/**
 * True when every program is there. Otherwise the test is marked as skipped and false comes back: the
 * caller returns. With RDPDOCTOR_REQUIRE_PEERS=1 a missing program throws instead.
 */
export function requirePeer(t: TestContext, ...programs: readonly PeerProgram[]): boolean {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return true;
  return doWithout(t, missing, debian(...new Set(missing.map((program) => PACKAGES[program]))));
}

/** The same for a program that Debian does not have; `how` to install it. */
export function requireProgram(t: TestContext, program: string, how: string): boolean {
  return isInstalled(program) || doWithout(t, [program], how);
}

/** Debian's own Python, which sees the modules that Debian packages; another one may come first on the PATH. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/** The same for a module of Debian's Python, by its package. */
export function requirePythonModule(t: TestContext, module: string, debianPackage: string): boolean {
  const { status } = spawnSync(DEBIAN_PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
  return status === 0 || doWithout(t, [`${module} (Python)`], debian(debianPackage));
}

function debian(...packages: readonly string[]): string {
  return `Debian: apt-get install --no-install-recommends ${packages.join(' ')}`;
}

function doWithout(t: TestContext, missing: readonly string[], how: string): false {
  return skipOrFail(t, `not installed: ${missing.join(', ')} (${how})`);
}

/** Servers live in sbin, which is not on every user's PATH. */
export function isInstalled(program: string): boolean {
  if (isAbsolute(program)) return existsSync(program);
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
