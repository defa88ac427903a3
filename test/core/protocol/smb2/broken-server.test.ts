// What a server may do on a share, and what no server does: each has its sentence, and nothing throws.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Writer } from '../../../../src/core/bytes/writer.ts';
import { encodeFrame } from '../../../../src/core/protocol/smb2/framing.ts';
import { errorBody } from './fake-bodies.ts';
import type { FakeOptions } from './fake-options.ts';
import { playSmb } from './fake-smb.ts';
import {
  enter,
  failing,
  flipping,
  NEGOTIATE,
  OPTIONS,
  pending,
  puts,
  refuses,
  saying,
  TREE,
} from './refusing.ts';

// The share.
refuses(
  'an unsigned reply',
  {
    cipher: 0,
    say: saying(TREE, (reply) => ({ ...reply, protect: 'none' })),
  },
  {
    reason: 'unsigned',
    problem: /reply to TREE_CONNECT IPC\$ is not signed$/,
    sent: 4,
  },
);
refuses(
  'an unsigned refusal',
  {
    cipher: 0,
    say: saying(TREE, (reply) => ({
      ...reply,
      status: 0xc000_0022,
      body: errorBody(),
      protect: 'none',
    })),
  },
  {
    reason: 'unsigned',
    problem: /is not signed; it says 0xc0000022/,
    sent: 4,
  },
);
refuses(
  'a reply in the clear',
  { say: saying(TREE, (reply) => ({ ...reply, protect: 'sign' })) },
  {
    reason: 'unencrypted',
    problem: /TREE_CONNECT IPC\$ came in the clear/,
    sent: 4,
  },
);
refuses(
  'a reply of another session',
  {
    cipher: 0,
    say: saying(TREE, (reply) => ({ ...reply, sessionId: 9n })),
  },
  {
    reason: 'forged',
    problem: /of another session/,
    sent: 4,
  },
);
refuses(
  'an encrypted reply of another session',
  { say: saying(TREE, (reply) => ({ ...reply, sessionId: 9n })) },
  { reason: 'forged', problem: /an encrypted message of another session/, sent: 4 },
);
for (const at of [4 + 12, 4 + 48, 4 + 70]) {
  refuses(
    `a signed reply with byte ${at} changed`,
    { cipher: 0, ...flipping(3, at) },
    {
      reason: at === 16 ? 'foreign' : 'forged',
      problem:
        at === 16
          ? /a reply to command 27 came after TREE_CONNECT/
          : /signature of the reply to TREE_CONNECT IPC\$ is wrong/,
      sent: 4,
    },
  );
}
for (const at of [4 + 4, 4 + 20, 4 + 60]) {
  refuses(`an encrypted reply with byte ${at} changed`, flipping(3, at), {
    reason: 'forged',
    problem: /not encrypted with the key of this session/,
    sent: 4,
  });
}
refuses('the share, with access denied', failing(TREE, 0xc000_0022), {
  reason: 'access-denied',
  problem: /connecting to IPC\$: access denied \(0xc0000022\)$/,
  status: 0xc000_0022,
  sent: 4,
});
refuses(
  'the share, with access denied and without encryption',
  { cipher: 0, ...failing(TREE, 0xc000_0022) },
  {
    reason: 'encryption-required',
    problem: /access denied \(0xc0000022\); a server that demands encryption says this too/,
    status: 0xc000_0022,
    sent: 4,
  },
);
refuses('a share that does not exist', failing(TREE, 0xc000_00cc), {
  reason: 'not-found',
  problem: /no such share/,
  status: 0xc000_00cc,
  sent: 4,
});

// What no SMB server does.
const banner = new TextEncoder().encode('SSH-2.0-OpenSSH_9.2\r\n');
refuses('another protocol', puts(0, banner), {
  reason: 'foreign',
  problem: /zero first byte, received 0x53/,
  sent: 1,
});
refuses('junk in a frame', puts(0, encodeFrame(banner)), {
  reason: 'foreign',
  problem: /an SMB message, received 0x53/,
  sent: 1,
});
refuses('SMB 1', puts(0, encodeFrame(Uint8Array.of(0xff, 0x53, 0x4d, 0x42, 0x72, 0, 0, 0))), {
  reason: 'dialect-refused',
  problem: /answered in SMB 1/,
  sent: 1,
});
refuses('an end at once', puts(0, 'end'), {
  reason: 'closed',
  problem: /closed the connection after NEGOTIATE: it may speak SMB 1 only/,
  sent: 1,
});
refuses('a reset', puts(1, 'reset'), {
  reason: 'closed',
  problem: /reset the connection after SESSION_SETUP with NTLM NEGOTIATE$/,
  sent: 2,
});
refuses('silence', puts(3, 'timeout'), {
  reason: 'timeout',
  problem: /no reply to TREE_CONNECT IPC\$ in time$/,
  sent: 4,
});
refuses(
  'an end in the middle of a reply',
  { put: (frame, index) => (index === 3 ? [frame.subarray(0, 50), 'end'] : [frame]) },
  {
    reason: 'closed',
    problem: /after TREE_CONNECT IPC\$, in the middle of a reply \(50 bytes of it had come\)/,
    sent: 4,
  },
);
refuses('a frame without end', puts(0, Uint8Array.of(0, 0xff, 0xff, 0xff, 0xfe)), {
  reason: 'foreign',
  problem: /announced a reply of 16777219 bytes to NEGOTIATE; 81920 is the most/,
  sent: 1,
});
refuses('an empty frame', puts(0, Uint8Array.of(0, 0, 0, 0)), {
  reason: 'foreign',
  problem: /SMB2 Packet Header at byte 0/,
  sent: 1,
});
refuses(
  'an encrypted message before there is a key',
  puts(0, encodeFrame(new Writer().u8(0xfd).bytes([0x53, 0x4d, 0x42]).zeros(60).toBytes())),
  {
    reason: 'foreign',
    problem: /without a key for it/,
    sent: 1,
  },
);
refuses(
  'a request in place of a reply',
  { put: (frame, index) => (index === 0 ? [cleared(frame)] : [frame]) },
  {
    reason: 'foreign',
    problem: /no reply/,
    sent: 1,
  },
);
refuses(
  'a reply to nothing',
  { say: saying(NEGOTIATE, (reply) => ({ ...reply, messageId: 77n })) },
  {
    reason: 'foreign',
    problem: /message 77 came, which is not waited for/,
    sent: 1,
  },
);
refuses(
  'no credit for another message',
  { credits: 0 },
  { reason: 'foreign', problem: /grants no credit/, sent: 1 },
);
refuses(
  'messages that nobody asked for, without end',
  {
    cipher: 0,
    say: saying(TREE, (reply) =>
      Array.from({ length: 17 }, () => ({ ...reply, messageId: 0xffff_ffff_ffff_ffffn })),
    ),
  },
  { reason: 'foreign', problem: /more than 16 messages came that nobody asked for/, sent: 4 },
);
refuses(
  'interim replies without end',
  {
    cipher: 0,
    say: saying(TREE, (reply) => Array.from({ length: 17 }, () => pending(reply))),
  },
  { reason: 'foreign', problem: /more than 16 interim replies to TREE_CONNECT/, sent: 4 },
);

test('an interim reply, which is not signed, is waited through', () => {
  const say = saying(TREE, (reply) => [pending(reply), reply]);
  assert.equal(playSmb(enter(OPTIONS), { cipher: 0, say }).value.kind, 'tree');
});

test('every truncation of every reply gives a failure, and nothing throws', () => {
  for (const cipher of [0, 2]) {
    for (let number = 0; number < 4; number += 1) {
      for (let length = 0; length < 200; length += 3) {
        const put: FakeOptions['put'] = (frame, index) =>
          index === number && length < frame.length - 4
            ? [encodeFrame(frame.subarray(4, 4 + length))]
            : [frame];
        const { value } = playSmb(enter(OPTIONS), { cipher, put });
        if (value.kind === 'tree') assert.ok(length > 70, `${length} bytes of reply ${number} will do`);
      }
    }
  }
});

function cleared(frame: Uint8Array): Uint8Array {
  return frame.map((byte, index) => (index === 4 + 16 ? byte & ~1 : byte));
}
