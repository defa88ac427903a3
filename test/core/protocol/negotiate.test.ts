import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../../../src/core/bytes/hex.ts';
import { concat } from '../../../src/core/bytes/writer.ts';
import { type NegotiationAnswer, negotiate } from '../../../src/core/protocol/negotiate.ts';
import { type Act, play } from './scripted-peer.ts';

const SELECTED_HYBRID = fromHex('0300 0013 0ed00000123400 02 1f 0800 02000000');
const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function check(name: string, acts: readonly Act[], expected: NegotiationAnswer) {
  test(`negotiate: ${name}`, () => {
    assert.deepEqual(play(negotiate(0x0b), acts).value, expected);
  });
}

/** `problem` as a pattern: its wording is the decoders'. */
function checkForeign(name: string, bytes: Uint8Array, problem: RegExp) {
  test(`negotiate: foreign: ${name}`, () => {
    const { value } = play(negotiate(0x0b), [bytes]);
    assert.ok(value.kind === 'foreign', `received ${value.kind}`);
    assert.deepEqual(value.head, bytes.slice(0, 128));
    assert.match(value.problem, problem);
  });
}

/** A Remote Desktop server that says goodbye. */
function checkDisconnected(name: string, bytes: Uint8Array, problem: RegExp) {
  test(`negotiate: disconnected: ${name}`, () => {
    const { value } = play(negotiate(0x0b), [bytes]);
    assert.equal(value.kind, 'disconnected');
    assert.match(value.kind === 'disconnected' ? value.problem : '', problem);
  });
}

test('negotiate: one Connection Request goes out, without a cookie', () => {
  const { sent } = play(negotiate(0x0b), [SELECTED_HYBRID]);
  // TPKT; X.224 Connection Request; RDP_NEG_REQ with SSL, HYBRID and HYBRID_EX
  assert.deepEqual(sent, ['03000013' + '0ee00000000000' + '010008000b000000']);
});

check('a protocol selected', [SELECTED_HYBRID], { kind: 'selected', selected: 2, flags: 0x1f });
check('standard security selected', [fromHex('0300 0013 0ed00000123400 02000800 00000000')], {
  kind: 'selected',
  selected: 0,
  flags: 0,
});
check('a protocol selected that nobody asked for', [fromHex('0300 0013 0ed00000123400 02000800 40000000')], {
  kind: 'selected',
  selected: 0x40,
  flags: 0,
});
check('failure: NLA required', [fromHex('0300 0013 0ed00000123400 03000800 05000000')], {
  kind: 'failure',
  code: 5,
});
check('failure with a code nobody knows', [fromHex('0300 0013 0ed00000123400 03000800 63000000')], {
  kind: 'failure',
  code: 99,
});
check('a confirm without negotiation data', [fromHex('0300 000b 06d00000123400')], {
  kind: 'no-negotiation',
});
check(
  'a confirm byte by byte',
  Array.from(SELECTED_HYBRID, (byte) => Uint8Array.of(byte)),
  { kind: 'selected', selected: 2, flags: 0x1f },
);
check('a confirm with more behind it', [concat(SELECTED_HYBRID, [1, 2, 3])], {
  kind: 'selected',
  selected: 2,
  flags: 0x1f,
});

check('closed at once', ['end'], {
  kind: 'interrupted',
  by: { kind: 'closed', how: 'end', partial: new Uint8Array(0), at: 0 },
});
check('reset in the middle of the confirm', [SELECTED_HYBRID.slice(0, 7), 'reset'], {
  kind: 'interrupted',
  by: { kind: 'closed', how: 'reset', partial: SELECTED_HYBRID.slice(0, 7), at: 0 },
});
check('silence', ['timeout'], {
  kind: 'interrupted',
  by: { kind: 'timeout', partial: new Uint8Array(0), at: 0 },
});
check('a TPKT too long for a confirm', [fromHex('0300 0201')], {
  kind: 'interrupted',
  by: { kind: 'too-long', partial: fromHex('0300 0201'), announced: 0x201, limit: 0x200, at: 0 },
});

checkForeign(
  'an SSH banner',
  ascii('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
  /version 3, received 0x53/,
);
checkForeign('a VNC banner', ascii('RFB 003.008\n'), /version 3, received 0x52/);
checkForeign('an HTTP answer', ascii(`HTTP/1.1 400 Bad Request\r\n${'x'.repeat(300)}`), /received 0x48/);
checkForeign('a TLS alert', fromHex('15 0303 0002 0246'), /version 3, received 0x15/);
checkForeign('a TPKT of no length', fromHex('0300 0000'), /at least 7 bytes, received 0/);
checkDisconnected(
  'an MCS Disconnect Provider Ultimatum, as xrdp sends',
  fromHex('0300 0009 02f080 2180'),
  /MCS Disconnect Provider Ultimatum \(rn-user-requested\) instead of a Connection Confirm/,
);
checkDisconnected(
  'an ultimatum with a reason nobody knows',
  fromHex('0300 0009 02f080 2380'),
  /MCS Disconnect Provider Ultimatum \(7\) instead/,
);
checkForeign('another domain PDU', fromHex('0300 0008 02f080 28'), /expected choice 8 of DomainMCSPDU/);
checkDisconnected(
  'an X.224 Disconnect Request',
  fromHex('0300 000b 06800000000000'),
  /X\.224 Disconnect Request/,
);
checkDisconnected('an X.224 Error', fromHex('0300 0009 0470000000'), /X\.224 Error/);
checkForeign('our own request, echoed', fromHex('0300 000b 06e00000000000'), /code 0xd0, received 0xe0/);
checkForeign(
  'a confirm whose lengths disagree',
  fromHex('0300 000c 06d00000123400 00'),
  /the length indicator says 6 bytes, the TPKT carries 7/,
);
