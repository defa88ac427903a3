import type { TestContext } from 'node:test';
import {
  DEBIAN_PYTHON,
  isInstalled,
  requirePeer,
  requireProgram,
  requirePythonModule,
} from '../require-peer.ts';

const PROGRAMS = ['samba', 'samba-tool', 'smbd', 'winbindd', 'wbinfo', 'net', 'rpcclient', 'ip'] as const;
/** What a domain is provisioned from comes in a package of its own. */
const PROVISION = '/usr/share/samba/setup/provision.ldif';
/** How the users of a domain are users of the member. */
const NAMES = '/usr/lib/x86_64-linux-gnu/libnss_winbind.so.2';

/** True when the lab can be started; otherwise the test is skipped, or fails, as `requirePeer` has it. */
export function requireLab(t: TestContext): boolean {
  const debian = (name: string): string => `Debian: apt-get install --no-install-recommends ${name}`;
  return (
    requirePeer(t, ...PROGRAMS) &&
    requireProgram(t, PROVISION, debian('samba-ad-provision')) &&
    requireProgram(t, NAMES, debian('libnss-winbind')) &&
    requirePythonModule(t, 'impacket', 'python3-impacket')
  );
}

/** The same without a test to skip. */
export function hasLab(): boolean {
  return [...PROGRAMS, PROVISION, NAMES, DEBIAN_PYTHON].every(isInstalled);
}
