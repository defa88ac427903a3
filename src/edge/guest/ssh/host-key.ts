import { harmless } from '../../../core/report/layout.ts';
import { failed, type SshFailure } from './failure.ts';
import {
  fingerprint,
  type HostName,
  judgeHostKey,
  type KnownHost,
  knownTypes,
  typeOf,
} from './known-hosts.ts';
import type { Person } from './person.ts';

/** Algorithms by the type of the key that they sign with; SHA-1 is not among them, as in OpenSSH since 8.8. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/**
 * The algorithms to ask a host for, those of the keys by which it is known first: another key of the same
 * host would be a stranger's.
 */
export function hostKeyAlgorithms(lines: readonly KnownHost[], name: HostName): readonly string[] {
  const known = knownTypes(lines, name);
  const types = Object.keys(ALGORITHMS);
  return [
    ...types.filter((type) => known.includes(type)),
    ...types.filter((type) => !known.includes(type)),
  ].flatMap((type) => ALGORITHMS[type] ?? []);
}

/**
 * Decides about the key that a host presented. Only a known one is taken, or for this run one that a
 * person says `yes` to; nothing is remembered.
 * @param where the host, for messages
 * @returns `undefined` where the key is taken
 */
export async function checkHostKey(
  lines: readonly KnownHost[],
  name: HostName,
  key: Uint8Array,
  where: string,
  person: Person | undefined,
): Promise<SshFailure | undefined> {
  const verdict = judgeHostKey(lines, name, key);
  const shown = `${named(harmless(typeOf(key)))} key ${fingerprint(key)}`;
  switch (verdict.state) {
    case 'known':
      return undefined;
    case 'revoked':
      return failed(
        'host-key',
        `the host key of ${where} is marked as revoked in ${verdict.place} (${shown}): somebody else may hold it`,
        'Nothing was sent. Do not sign in there; ask whoever runs the machine for its new key.',
      );
    case 'changed':
      return failed(
        'host-key',
        `the host key of ${where} is not the one that is known: it presents the ${shown}, and ${verdict.place} has another; this may be another machine that poses as it`,
        'Nothing was sent. If the machine was installed anew, compare the fingerprint at its console (ssh-keygen -lf) and replace the line in known_hosts; rdpdoctor never does that.',
      );
    case 'unknown': {
      const others =
        verdict.otherTypes.length === 0
          ? ''
          : `; it is known by a key of another type only (${verdict.otherTypes.map(named).join(', ')})`;
      const authority =
        verdict.authority === undefined
          ? ''
          : `; ${verdict.authority} trusts a certificate authority for it, but rdpdoctor does not read host certificates`;
      const problem = `the host key of ${where} is not known: ${shown}${others}${authority}`;
      const asked = `T${problem.slice(1)}.\nCompare it with the machine's own (ssh-keygen -lf FILE.pub at its console). `;
      if (await person?.confirm(`${asked}Trust it for this run? Type yes to go on: `)) return undefined;
      return failed(
        'host-key',
        problem,
        person === undefined
          ? "Compare the fingerprint with the machine's own, and make it known first: connect once with ssh, or add what ssh-keyscan prints to known_hosts."
          : 'The answer was not yes, so nothing was sent.',
      );
    }
  }
}

/** As people call them, and ssh-keygen prints them. */
function named(type: string): string {
  if (type === 'ssh-ed25519') return 'ED25519';
  if (type === 'ssh-rsa') return 'RSA';
  return type.startsWith('ecdsa-') ? 'ECDSA' : type;
}
