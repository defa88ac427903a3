// FSCTL_VALIDATE_NEGOTIATE_INFO below 3.1.1 ([MS-SMB2] 3.2.5.5): a negotiation that was changed on its
// way is found out before anything is used. The scripted server itself checks what the client says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Writer } from '../../../../src/core/bytes/writer.ts';
import type { Dialog } from '../../../../src/core/protocol/dialog.ts';
import type { SmbFailure } from '../../../../src/core/protocol/smb2/failure.ts';
import { openPipe, type SmbPipe } from '../../../../src/core/protocol/smb2/pipe.ts';
import { sideBySide } from '../../../../src/core/protocol/smb2/side-by-side.ts';
import { errorBody, ioctlBody } from './fake-bodies.ts';
import type { FakeOptions } from './fake-options.ts';
import { playSmb, SERVER_GUID } from './fake-smb.ts';
import { DIALECTS, enter, OPTIONS, type Say } from './refusing.ts';

const IOCTL = 11;

function* open(names: readonly string[]): Dialog<readonly (SmbPipe | SmbFailure)[]> {
  const tree = yield* enter(OPTIONS);
  return tree.kind === 'failed' ? [tree] : yield* sideBySide(names.map((name) => openPipe(tree, name)));
}

const pipes = { winreg: (pdu: Uint8Array) => pdu, svcctl: (pdu: Uint8Array) => pdu };
const answering =
  (status: number, body: Uint8Array): Say =>
  (reply) => [reply.command === IOCTL ? { ...reply, status, body } : reply];
const confirming = (dialect: number, capabilities = 0x47, guid = SERVER_GUID, mode = 3): Say =>
  answering(0, ioctlBody(new Writer().u32le(capabilities).bytes(guid).u16le(mode).u16le(dialect).toBytes()));

test('it is asked once, whatever is opened, and not at 3.1.1', () => {
  for (const [name, dialect] of Object.entries(DIALECTS)) {
    const { value, sent } = playSmb(open(['winreg', 'svcctl']), { dialect, pipes });
    assert.deepEqual(
      value.map(({ kind }) => kind),
      ['pipe', 'pipe'],
    );
    const asked = sent.filter(({ what }) => what.includes('VALIDATE')).length;
    assert.equal(asked, name === '3.1.1' ? 0 : 1, name);
  }
});

function tampered(name: string, server: FakeOptions, problem: RegExp) {
  test(`tampered with: ${name}`, () => {
    const { value } = playSmb(open(['winreg', 'svcctl']), { pipes, ...server });
    for (const one of value) {
      assert.ok(one.kind === 'failed', 'a pipe was opened');
      assert.equal(one.reason, 'negotiation-tampered', one.problem);
      assert.match(one.problem, problem);
    }
  });
}

// The server had said 3.1.1 to somebody who made 2.1 of it, and so on.
const changed = /confirms another negotiation \(dialect .*\): it was changed on its way/;
tampered('the dialect', { dialect: 0x0210, say: confirming(0x0311) }, changed);
tampered('the capabilities', { dialect: 0x0300, say: confirming(0x0300, 0x07) }, changed);
tampered('the GUID', { dialect: 0x0302, say: confirming(0x0302, 0x47, new Uint8Array(16)) }, changed);
tampered('the security mode', { dialect: 0x0300, say: confirming(0x0300, 0x47, SERVER_GUID, 1) }, changed);
tampered(
  'a server of 3.0 that knows no such request',
  { dialect: 0x0300, say: answering(0xc000_0010, errorBody()) },
  /does not confirm the negotiation of SMB 3\.0 \(0xc0000010\)/,
);
tampered(
  'a server that ends the connection',
  { dialect: 0x0302, put: (frame, number) => (number < 4 ? [frame] : ['end']) },
  /ended the connection when the negotiation was said to it again/,
);

test('a server of 2.1 that knows no such request, and signs that, is what it says', () => {
  const say = answering(0xc000_0010, errorBody());
  const { value } = playSmb(open(['winreg']), { dialect: 0x0210, pipes, say });
  assert.equal(value[0]?.kind, 'pipe');
});

test('an answer that is none', () => {
  const say = answering(0, ioctlBody(new Uint8Array(5)));
  const [one] = playSmb(open(['winreg']), { dialect: 0x0210, pipes, say }).value;
  assert.ok(one?.kind === 'failed' && one.reason === 'foreign');
});
