import { absent, type Observation, present, unknown } from '../model/observation.ts';
import type { OsVersion, RdsTlsUpdate } from '../model/windows-facts.ts';
import { askAll, type InquiryContext, NO_ANSWER, provenance, seekNames, seekNumber } from './answers.ts';
import type { Inquiry } from './inquiry.ts';

const PACKAGES = 'Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages';

/** Component Based Servicing names a package for its update, and a part of it by number besides. */
const UPDATE = /^Package(?:_\d+)?_for_KB3080079~/i;
/** CurrentState of a package that is installed, superseded ones (0x50) included (practice). */
const INSTALLED: readonly number[] = [0x50, 0x70];
/** Packages of one update: x86, x64 and their parts. */
const MOST_PACKAGES = 16;

/** Windows 7 and Server 2008 R2, to which KB3080079 applies. */
function needsRdsUpdate(build: number): boolean {
  return build >= 7600 && build <= 7601;
}

/**
 * `schannel.rdsUpdate`: whether KB3080079 is among the installed packages. Before it Remote Desktop of these
 * Windows speaks TLS 1.0 alone, whatever Schannel offers. A later rollup may carry the same files under
 * its own number, so that its absence proves nothing.
 */
export function* inquireRdsUpdate(
  context: InquiryContext,
  os: OsVersion | undefined,
): Inquiry<Observation<RdsTlsUpdate>> {
  const from = provenance(context, 'rds-update', `SOFTWARE\\${PACKAGES}`);
  if (os === undefined) return unknown('corrupt', 'the version of Windows is not known');
  if (!needsRdsUpdate(os.build)) return absent(from, 'only Windows 7 and Server 2008 R2 need it');
  const { packages } = yield* askAll({ packages: { kind: 'subkeys', hive: 'SOFTWARE', key: PACKAGES } });
  const names = seekNames(packages);
  if (names.state === 'unknown') return unknown(names.why, names.detail);
  const found =
    names.state === 'present' ? names.value.filter((name) => UPDATE.test(name)).slice(0, MOST_PACKAGES) : [];
  if (found.length === 0)
    return absent(from, 'no KB3080079 package was found; a later rollup may include it');
  const states = yield* askAll(
    Object.fromEntries(
      found.map((name) => [
        name,
        { kind: 'value', hive: 'SOFTWARE', key: `${PACKAGES}\\${name}`, name: 'CurrentState' } as const,
      ]),
    ),
  );
  for (const name of found) {
    const state = seekNumber(states[name] ?? NO_ANSWER);
    if (state.state === 'present' && INSTALLED.includes(state.value)) {
      return present({ sign: name }, provenance(context, 'rds-update', `SOFTWARE\\${PACKAGES}\\${name}`));
    }
  }
  return absent(from, `${found[0]} is present but not installed; a later rollup may include it`);
}
