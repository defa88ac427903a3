import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { harmless } from '../../../core/report/layout.ts';
import { Authentication, type PasswordAttempt } from './authentication.ts';
import { failed, type SshFailure } from './failure.ts';
import { checkHostKey, hostKeyAlgorithms } from './host-key.ts';
import type { Identities } from './identities.ts';
import type { HostName, KnownHost } from './known-hosts.ts';
import type { Ssh2 } from './library.ts';
import type { Patience, Person } from './person.ts';

/** One host to sign in to, over a stream that leads to it. */
export interface HandshakeRequest {
  readonly stream: Duplex;
  readonly user: string;
  /** The host, for messages. */
  readonly where: string;
  /** By which its key is looked up. */
  readonly name: HostName;
  readonly knownHosts: readonly KnownHost[];
  readonly identities: Identities;
  readonly password: PasswordAttempt;
  readonly person: Person | undefined;
  readonly patience: Patience;
}

export interface Session {
  readonly ok: true;
  readonly client: Client;
  /** What the server calls its software: `OpenSSH_for_Windows_9.5`. */
  readonly software: string;
  /** Settles when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/** How much of what a server says first is kept, to name it. */
const KEPT_BYTES = 256;

/** Exchanges keys, checks the host's, and signs in. Nothing that the server does rejects the promise. */
export async function handshake(ssh2: Ssh2, request: HandshakeRequest): Promise<Session | SshFailure> {
  const { stream, user, where, name, knownHosts, identities, password, person, patience } = request;
  const client = new ssh2.Client();
  const authentication = new Authentication(ssh2, user, identities, password, () => client.end());
  const banner = new Banner();
  let isSigningIn = false;
  let hostKey: { readonly key: string; readonly taken: Promise<SshFailure | undefined> } | undefined;
  let denied: SshFailure | undefined;
  const ended = new Promise<void>((resolve) => void client.once('close', resolve));
  const problem = await new Promise<SshFailure | undefined>((resolve) => {
    const watch = (): void => {
      const left = patience.left();
      if (left > 0) {
        timer = setTimeout(watch, Math.min(left, LONGEST_TIMER));
        return;
      }
      const at = isSigningIn ? 'the sign-in was not done' : 'it did not answer as an SSH server does';
      resolve(failed('timeout', `${where}: ${at} in time`, 'Allow more with --timeout.'));
      client.destroy();
    };
    let timer = setTimeout(watch, patience.left());
    const settle = (failure: SshFailure | undefined): void => {
      clearTimeout(timer);
      resolve(failure);
    };
    client.on('ready', () => {
      authentication.accepted();
      settle(undefined);
    });
    client.on('handshake', () => {
      isSigningIn = true;
    });
    client.on('change password', () => {
      settle(
        failed(
          'denied',
          `${where} demands a new password of the account`,
          'Change it first, or use a key: rdpdoctor changes nothing.',
        ),
      );
      client.end();
    });
    client.on('error', (error: Error & { readonly level?: string }) => {
      // A key that could not sign: the next one has its turn.
      if (error.level === 'agent') return authentication.note(error.message);
      if (error.level === 'client-authentication') {
        if (!/^All configured/.test(error.message)) return authentication.note(error.message);
        return settle(authentication.failure(where, banner.isWindows()));
      }
      settle(denied ?? whyBroken(error, where, banner, isSigningIn, authentication));
    });
    client.on('close', () => {
      settle(denied ?? whyBroken(undefined, where, banner, isSigningIn, authentication));
      authentication.ended();
    });
    client.connect({
      sock: stream,
      username: user,
      readyTimeout: 0,
      ident: 'rdpdoctor',
      algorithms: { serverHostKey: hostKeyAlgorithms(knownHosts, name), compress: ['none'] },
      hostVerifier: (key, verify) => {
        const presented = key.toString('base64');
        // Keys are exchanged again in a long session: what was decided stands, for that key.
        if (hostKey?.key !== presented) {
          hostKey = { key: presented, taken: checkHostKey(knownHosts, name, key, where, person) };
        }
        hostKey.taken.then(
          (failure) => {
            denied = failure;
            verify(failure === undefined);
          },
          () => verify(false),
        );
      },
      authHandler: authentication.handler,
    });
    // It is paused by now: whatever it brings, ssh2 sees as well.
    stream.on('data', banner.take);
  });
  stream.off('data', banner.take);
  if (problem === undefined) return { ok: true, client, software: banner.software(), ended };
  client.end();
  client.destroy();
  // An answer that the connection's end has cut off counts, and nobody waits for it any longer.
  authentication.ended();
  return problem;
}

/** What setTimeout can carry. */
const LONGEST_TIMER = 60_000;

/** What a server says first. */
class Banner {
  #bytes = Buffer.alloc(0);

  readonly take = (chunk: Buffer): void => {
    if (this.#bytes.length < KEPT_BYTES) {
      this.#bytes = Buffer.concat([this.#bytes, chunk]).subarray(0, KEPT_BYTES);
    }
  };

  text(): string {
    return this.#bytes.toString('latin1');
  }

  software(): string {
    return harmless(/^SSH-[^-\r\n]*-([^\r\n ]*)/m.exec(this.text())?.[1] ?? '');
  }

  isWindows(): boolean {
    return /windows/i.test(this.software());
  }
}

function whyBroken(
  error: (Error & { readonly level?: string; readonly code?: unknown }) | undefined,
  where: string,
  banner: Banner,
  isSigningIn: boolean,
  authentication: Authentication,
): SshFailure {
  const unmatched = /no matching (.*)$/.exec(error?.message ?? '')?.[1];
  if (unmatched !== undefined) {
    return failed(
      'no-channel',
      `${where} and rdpdoctor have no algorithm in common (${unmatched})`,
      'Its SSH server is too old, or restricted to what rdpdoctor has not: update it, or use --rpc or collect.',
    );
  }
  if (isSigningIn) {
    const said = error === undefined ? '' : ` (${harmless(error.message)})`;
    const failure = authentication.failure(where, banner.isWindows());
    return { ...failure, problem: `${failure.problem}; it ended the connection${said}` };
  }
  const text = banner.text();
  if (text !== '' && !/^SSH-/m.test(text)) {
    const [line = ''] = text.split(/[\r\n]/, 1);
    return failed(
      'no-channel',
      `${where} is no SSH server: it says "${harmless(line.slice(0, 60))}"`,
      'Give the port of its SSH server: --ssh USER@HOST:PORT.',
    );
  }
  const why = error === undefined ? '' : ` (${harmless(error.message)})`;
  return failed(
    'no-channel',
    text === ''
      ? `${where} ended the connection before it said that it speaks SSH${why}`
      : `${where} ended the connection while keys were exchanged${why}`,
    'Check that OpenSSH runs there and that it accepts connections from here (its log: OpenSSH/Operational).',
  );
}
