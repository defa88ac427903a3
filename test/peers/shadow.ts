// FreeRDP's shadow server as a peer: the one server here that does Network Level Authentication.
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  answersConnectionRequest,
  freePort,
  run,
  type Scope,
  startPeer,
  takesConnections,
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

/**
 * An X server without a screen. The display number is drawn, not counted up: with -displayfd an Xvfb
 * that ends removes the socket of one that has just taken the same number.
 */
export async function startDisplay(scope: Scope): Promise<Display> {
  for (let attempt = 1; ; attempt++) {
    const name = `:${randomInt(100, 30_000)}`;
    const args = [name, '-screen', '0', '800x600x24', '-nolisten', 'tcp', '-noreset'];
    const peer = startPeer(scope, 'Xvfb', args);
    try {
      await waitUntilReady(peer, 'Xvfb', () =>
        takesConnections({ path: `/tmp/.X11-unix/X${name.slice(1)}` }),
      );
      return { name, home: temporaryFolder(scope, 'display') };
    } catch (error) {
      await peer.stop();
      if (attempt === 3) throw error;
    }
  }
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
