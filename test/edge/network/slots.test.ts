import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { suite, test } from 'node:test';
import type { Dialog } from '../../../src/core/protocol/dialog.ts';
import { receive } from '../../../src/core/protocol/dialog.ts';
import { createNetwork } from '../../../src/edge/network/driver.ts';
import { Slots } from '../../../src/edge/network/slots.ts';
import { noTranscript } from '../../../src/edge/network/transcript.ts';
import { systemClock } from '../../../src/edge/system/clock.ts';

suite('places for connections', () => {
  test('whoever comes when all are taken waits in line, and no longer than he said', async () => {
    const slots = new Slots(1);
    assert.equal(await slots.enter(0), true);
    const order: string[] = [];
    const first = slots.enter(5000).then((entered) => order.push(`first ${entered}`));
    const second = slots.enter(5000).then((entered) => order.push(`second ${entered}`));
    assert.equal(await slots.enter(1), false);
    slots.leave();
    await first;
    slots.leave();
    await second;
    assert.deepEqual(order, ['first true', 'second true']);
    slots.leave();
    assert.equal(await slots.enter(0), true);
  });

  test('no more connections are open than there are places, and each is given back', async (t) => {
    let open = 0;
    let most = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      setTimeout(() => socket.end('x'), 20);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const network = createNetwork(systemClock, noTranscript, new Slots(3));
    function* dialog(): Dialog<string> {
      open += 1;
      most = Math.max(most, open);
      const { kind } = yield* receive('a byte', () => 1, 1);
      open -= 1;
      return kind;
    }
    const talks = Array.from({ length: 12 }, () =>
      network.converse({ address: '127.0.0.1', port }, dialog(), {
        label: 'x',
        deadline: systemClock.monotonic() + 20_000,
      }),
    );
    for (const { result } of await Promise.all(talks)) assert.equal(result, 'received');
    assert.equal(most, 3);
  });

  test('one for whom there is no place in time says that this machine lacks it', async () => {
    const network = createNetwork(systemClock, noTranscript, new Slots(0));
    function* dialog(): Dialog<string> {
      return (yield* receive('a byte', () => 1, 1)).kind;
    }
    const { connect, result } = await network.converse({ address: '127.0.0.1', port: 9 }, dialog(), {
      label: 'x',
      deadline: systemClock.monotonic() + 30,
    });
    assert.equal(result, undefined);
    assert.equal(connect.state, 'unreachable');
    assert.equal(connect.lacks, 'socket');
  });
});
