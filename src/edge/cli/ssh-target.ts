import { familyOf } from '../network/ip-literal.ts';
import { UsageError } from './usage-error.ts';

export interface SshTarget {
  readonly user?: string;
  /** As it was written: the configuration of ssh may know it by that. */
  readonly host: string;
  readonly port?: number;
}

/**
 * `USER@HOST`, `USER@HOST:PORT`, `USER@[IPv6]:PORT`; the last `@` divides, so that `alice@corp.example@vm1`
 * works. Without USER the configuration of ssh has to name one. Throws UsageError saying what is right; the
 * account comes back in no message, since somebody may have written a password there.
 */
export function parseSshTarget(text: string): SshTarget {
  const at = text.lastIndexOf('@');
  const user = at === -1 ? undefined : text.slice(0, at);
  const place = text.slice(at + 1).trim();
  if (user !== undefined && (user.trim() === '' || /[:/\p{Cc}]/u.test(user))) {
    throw new UsageError(
      'the value of --ssh has no account name before the last @: expected USER@HOST[:PORT]; a password comes from a prompt, RDPDOCTOR_SSH_PASSWORD or --ssh-password-file',
    );
  }
  const account = user === undefined ? {} : { user };
  if (familyOf(place) === 6) return { ...account, host: place };
  const found = /^(?:\[([^\]]+)\]|([\p{L}\p{M}\p{Nd}_][\p{L}\p{M}\p{Nd}_.-]*))(?::(.*))?$/u.exec(place);
  const address = found?.[1];
  const host = address ?? found?.[2];
  if (host === undefined || (address !== undefined && familyOf(address) !== 6)) {
    throw new UsageError(`"${place}" is not a host for --ssh: expected USER@HOST or USER@HOST:PORT`);
  }
  const port = found?.[3];
  if (port === undefined) return { ...account, host };
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (!(number >= 1 && number <= 65_535)) {
    throw new UsageError(`"${port}" in --ssh is not a port: expected a number from 1 to 65535`);
  }
  return { ...account, host, port: number };
}
