// What an SMB server may say: to each decoder, as the bytes of a whole connection, and as the content of
// one reply of a server that holds the keys, whose signature and encryption are therefore right.
import { tryDecode } from '../src/core/bytes/decode-error.ts';
import { concat } from '../src/core/bytes/writer.ts';
import type { Dialog } from '../src/core/protocol/dialog.ts';
import { decodeCreateResponse } from '../src/core/protocol/smb2/create.ts';
import { decodeError } from '../src/core/protocol/smb2/error.ts';
import { openFile } from '../src/core/protocol/smb2/file.ts';
import { decodeFrame, encodeFrame, frameLength } from '../src/core/protocol/smb2/framing.ts';
import { decodeHeader, splitCompound } from '../src/core/protocol/smb2/header.ts';
import { decodeIoctlResponse, decodeValidateNegotiate } from '../src/core/protocol/smb2/ioctl.ts';
import { decodeNegotiateResponse } from '../src/core/protocol/smb2/negotiate.ts';
import { readChoice } from '../src/core/protocol/smb2/negotiate-contexts.ts';
import { openPipe } from '../src/core/protocol/smb2/pipe.ts';
import { decodeReadResponse, decodeWriteResponse } from '../src/core/protocol/smb2/read-write.ts';
import { decodeSessionSetupResponse } from '../src/core/protocol/smb2/session-setup.ts';
import { sideBySide } from '../src/core/protocol/smb2/side-by-side.ts';
import { decodeTransform } from '../src/core/protocol/smb2/transform.ts';
import { decodeTreeConnectResponse } from '../src/core/protocol/smb2/tree.ts';
import { play } from '../test/core/dialog-drivers.ts';
import type { FakeOptions } from '../test/core/protocol/smb2/fake-options.ts';
import { playSmb } from '../test/core/protocol/smb2/fake-smb.ts';
import { enter, OPTIONS } from '../test/core/protocol/smb2/refusing.ts';
import type { Target } from './target.ts';

const DECODERS: readonly ((bytes: Uint8Array) => unknown)[] = [
  frameLength,
  decodeFrame,
  decodeHeader,
  splitCompound,
  decodeError,
  (bytes) => readChoice(decodeNegotiateResponse(bytes).contexts),
  decodeSessionSetupResponse,
  decodeTreeConnectResponse,
  decodeCreateResponse,
  decodeReadResponse,
  decodeWriteResponse,
  (bytes) => decodeValidateNegotiate(decodeIoctlResponse(bytes)),
  decodeTransform,
];

/** Everything that the client does, once. */
function* everything(): Dialog<unknown> {
  const tree = yield* enter(OPTIONS);
  if (tree.kind === 'failed') return tree;
  const [pipe, file] = yield* sideBySide([openPipe(tree, 'winreg'), openFile(tree, 'a.dll')] as const);
  const seen: unknown[] = [];
  if (pipe.kind === 'pipe') {
    seen.push(yield* pipe.transact('bind', Uint8Array.of(1)));
    seen.push(yield* pipe.write('request', Uint8Array.of(2)));
    seen.push(yield* pipe.read('response'));
    seen.push(yield* pipe.close());
  }
  if (file.kind === 'file') {
    const ranges = [
      { offset: 0, length: 10 },
      { offset: 20, length: 70_000 },
    ];
    seen.push(yield* file.read(ranges));
  }
  return seen;
}

/** Signed and encrypted, with confirmation and without. */
const SERVERS: readonly FakeOptions[] = [
  { dialect: 0x0311, cipher: 0 },
  { dialect: 0x0311, cipher: 2 },
  { dialect: 0x0300, cipher: 1 },
  { dialect: 0x0210 },
].map((server) => ({
  ...server,
  pipes: { winreg: (pdu: Uint8Array) => pdu },
  files: { 'a.dll': new Uint8Array(100) },
}));

/** A whole conversation, as its frames and as the bodies of its replies. */
function recorded(server: FakeOptions): { readonly frames: Uint8Array[]; readonly bodies: Uint8Array[] } {
  const frames: Uint8Array[] = [];
  const bodies: Uint8Array[] = [];
  playSmb(everything(), {
    ...server,
    say: (reply) => {
      bodies.push(reply.body);
      return [reply];
    },
    put: (frame) => {
      frames.push(frame);
      return [frame];
    },
  });
  return { frames, bodies };
}

export const SMB_TARGET: Target = {
  seeds: () => {
    const runs = SERVERS.map(recorded);
    return [
      ...runs.flatMap(({ frames, bodies }) => [concat(...frames), ...bodies]),
      ...(runs[0]?.frames.map((frame) => frame.subarray(4)) ?? []),
      encodeFrame(Uint8Array.of(0xff, 0x53, 0x4d, 0x42)),
    ];
  },
  read: (bytes) => {
    for (const decode of DECODERS) tryDecode(() => decode(bytes));
    for (const ending of ['end', 'timeout'] as const) play(everything(), bytes, ending);
    // Which server, and which of its replies, is as good as random.
    const pick = bytes.reduce((sum, byte) => (sum * 31 + byte) % 65_521, bytes.length);
    const server = SERVERS[pick % SERVERS.length] ?? {};
    // Not the first: this server goes on with the dialect that it was told, whatever it then says.
    const victim = 1 + (Math.floor(pick / SERVERS.length) % 12);
    playSmb(everything(), {
      ...server,
      say: (reply, number) => [number === victim ? { ...reply, body: bytes.subarray(0, 70_000) } : reply],
    });
  },
};
