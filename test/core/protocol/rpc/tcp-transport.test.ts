import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { bind } from '../../../../src/core/protocol/rpc/bind.ts';
import { LSARPC, openPolicy } from '../../../../src/core/protocol/rpc/lsarpc.ts';
import { tcpTransport } from '../../../../src/core/protocol/rpc/tcp-transport.ts';
import { converse } from '../../dialog-drivers.ts';
import { type Act, play } from '../scripted-peer.ts';
import { FakeServer, run } from './fake-server.ts';

test('over a TCP connection: PDUs framed by their own length, however the bytes are split', async (t) => {
  const fake = new FakeServer({
    answer: () => new Uint8Array(24).map((_, index) => (index < 20 ? 7 : 0)),
    part: 8,
  });
  const server = createServer((socket) => {
    let buffered = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 16 && buffered.length >= buffered.readUInt16LE(8)) {
        const length = buffered.readUInt16LE(8);
        run(fake.write('', new Uint8Array(buffered.subarray(0, length))));
        buffered = buffered.subarray(length);
        for (let said = run(fake.read('')); said.kind === 'bytes'; said = run(fake.read(''))) {
          for (const byte of said.bytes) socket.write(Uint8Array.of(byte));
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : assert.fail();
  const answer = await converse(
    port,
    (function* () {
      const bound = yield* bind(tcpTransport, [LSARPC]);
      return bound.kind === 'bound' ? yield* bound.association.call(openPolicy, { access: 1 }) : bound;
    })(),
  );
  assert.deepEqual(answer, { kind: 'answered', value: { kind: 'ok', value: new Uint8Array(20).fill(7) } });
});

const ENDINGS: readonly (readonly [acts: readonly Act[], problem: string])[] = [
  [['end'], 'the server closed the connection'],
  [['reset'], 'the connection was reset'],
  [['timeout'], 'no answer in time'],
  [[new TextEncoder().encode('SSH-2.0-x')], 'PDU at byte 0: expected version 5, received 83'],
  [[Uint8Array.of(5, 0, 12, 3), 'end'], 'the server closed the connection'],
];

for (const [acts, problem] of ENDINGS) {
  test(`a connection that ends: ${problem}`, () => {
    assert.deepEqual(play(bind(tcpTransport, [LSARPC]), acts).value, { kind: 'failed', problem });
  });
}
