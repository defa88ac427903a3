// FreeRDP's shadow server as a peer: the one server here that does Network Level Authentication.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  answersConnectionRequest,
  freePort,
  run,
  type Scope,
  startPeer,
  temporaryFolder,
  waitUntilReady,
} from './processes.ts';

/** The one account of every shadow server. Its password is public and worth nothing. */
export const ALICE = { user: 'alice', password: 'Passw0rd!' } as const;

export interface Display {
  /** `:97` */
  readonly name: string;
  readonly home: string;
}

/** An X server without a screen; it picks its own display number. */
export async function startDisplay(scope: Scope): Promise<Display> {
  const home = temporaryFolder(scope, 'display');
  const args = ['-displayfd', '3', '-screen', '0', '800x600x24', '-nolisten', 'tcp'];
  const peer = startPeer(scope, 'Xvfb', args, { extraPipes: 1 });
  let number = '';
  peer.child.stdio[3]?.on('data', (chunk) => (number += chunk));
  await waitUntilReady(peer, 'Xvfb', () => number.endsWith('\n'));
  return { name: `:${number.trim()}`, home };
}

export interface Shadow {
  readonly port: number;
  /** The self-signed certificate that it made for itself (PEM). */
  readonly certificate: string;
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts freerdp-shadow-cli on a free port of 127.0.0.1. `security` are its own options, for example
 * `/sec:nla +auth`, `/sec:tls -auth` or `+sec-nla +sec-tls +sec-rdp`.
 */
export async function startShadow(
  scope: Scope,
  display: Display,
  security: readonly string[],
): Promise<Shadow> {
  for (let attempt = 1; ; attempt++) {
    const home = temporaryFolder(scope, 'shadow');
    const port = await freePort();
    const sam = join(home, 'SAM');
    const hash = await run('winpr-hash', ['-u', ALICE.user, '-p', ALICE.password, '-f', 'sam']);
    writeFileSync(sam, hash.stdout);
    const args = [`/port:${port}`, '/bind-address:127.0.0.1', `/sam-file:${sam}`, ...security];
    const peer = startPeer(scope, 'freerdp-shadow-cli', args, {
      cwd: home,
      env: { ...process.env, HOME: home, DISPLAY: display.name },
    });
    try {
      await waitUntilReady(peer, 'freerdp-shadow-cli', () => answersConnectionRequest(port));
      const certificate = join(home, '.config/freerdp/shadow/shadow.crt');
      return { port, certificate, output: peer.output, stop: peer.stop };
    } catch (error) {
      await peer.stop();
      if (attempt === 3) throw error;
    }
  }
}
