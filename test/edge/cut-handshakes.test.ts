// The same with real sockets and a real TLS handshake, which no script can replay.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecureVersion } from 'node:tls';
import { isDropped } from '../../src/app/gather/outside/asker.ts';
import { type CredsspProbe, probeCredssp } from '../../src/app/gather/outside/probes.ts';
import { PROTOCOL } from '../../src/core/protocol/x224.ts';
import { createNetwork } from '../../src/edge/network/driver.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { certificate, contextWith, cut, listener, serve } from './hostile-servers.ts';

/** Far more than a handshake over loopback takes, on a machine that does other things too. */
const PATIENCE = 20_000;

const network = createNetwork(systemClock);

async function ask(port: number): Promise<CredsspProbe | undefined> {
  const { result } = await network.converse(
    { address: '127.0.0.1', port },
    probeCredssp(PROTOCOL.ssl | PROTOCOL.hybrid, undefined),
    { label: 'CredSSP', deadline: systemClock.monotonic() + PATIENCE },
  );
  return result;
}

const rows: readonly (readonly [version: SecureVersion, step: number])[] = [
  ['TLSv1.2', 1],
  ['TLSv1.3', 5],
];

for (const [version, step] of rows) {
  test(`a conversation inside ${version} cut at every byte, or every ${step}, by end and reset in turn`, async (t) => {
    let whole = 0;
    let limit = Number.POSITIVE_INFINITY;
    const behave = listener({
      context: contextWith([certificate()], { minVersion: version, maxVersion: version }),
    });
    const server = await serve((socket, nth) => {
      behave(
        cut(socket, limit, nth % 2 === 0 ? 'end' : 'reset', (bytes) => {
          whole += bytes;
        }),
        nth,
      );
    });
    t.after(() => server.close());
    const uncut = await ask(server.port);
    assert.equal(uncut?.challenge?.kind, 'challenge');
    const length = whole;

    for (limit = 0; limit < length; limit += step) {
      const probe = await ask(server.port);
      // What is cut off behind the challenge, a session ticket, is not missed.
      if (probe?.challenge?.kind === 'challenge') continue;
      assert.ok(probe !== undefined && isDropped(probe), `${limit} bytes: ${JSON.stringify(probe)}`);
    }
    await server.idle();
    t.diagnostic(`${length} bytes`);
  });
}
