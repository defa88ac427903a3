// The SMB server of the tests on a socket.
import type { Duplex } from 'node:stream';
import { concat } from '../../../../src/core/bytes/writer.ts';
import { frameLength } from '../../../../src/core/protocol/smb2/framing.ts';
import type { FakeOptions } from '../../../core/protocol/smb2/fake-options.ts';
import { FakeSmb } from '../../../core/protocol/smb2/fake-smb.ts';
import type { Behaviour } from '../../hostile-servers.ts';

export function smb(options: FakeOptions = {}): Behaviour {
  return (socket: Duplex) => {
    const server = new FakeSmb({ credits: 64, ...options });
    let buffered: Uint8Array = new Uint8Array(0);
    socket.on('data', (chunk: Uint8Array) => {
      buffered = concat(buffered, chunk);
      for (let length = frameLength(buffered); length !== undefined && length <= buffered.length; ) {
        const frame = buffered.slice(0, length);
        buffered = buffered.slice(length);
        for (const act of server.hear(frame)) {
          if (act instanceof Uint8Array) socket.write(act);
          else if (act !== 'timeout') socket.destroy();
        }
        length = frameLength(buffered);
      }
    });
  };
}
