// Structures byte for byte as [MS-SMB2] lays them out, and the manners of everything that decodes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../../src/core/bytes/hex.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import { decodeCreateResponse } from '../../../../src/core/protocol/smb2/create.ts';
import { decodeError } from '../../../../src/core/protocol/smb2/error.ts';
import { decodeFrame, encodeFrame, frameLength } from '../../../../src/core/protocol/smb2/framing.ts';
import { decodeHeader, encodeHeader, splitCompound } from '../../../../src/core/protocol/smb2/header.ts';
import {
  decodeIoctlResponse,
  decodeValidateNegotiate,
  encodeValidateNegotiate,
} from '../../../../src/core/protocol/smb2/ioctl.ts';
import { decodeNegotiateResponse, dialectText } from '../../../../src/core/protocol/smb2/negotiate.ts';
import { decodeContexts, readChoice } from '../../../../src/core/protocol/smb2/negotiate-contexts.ts';
import {
  decodeReadResponse,
  decodeWriteResponse,
  encodeRead,
  encodeWrite,
} from '../../../../src/core/protocol/smb2/read-write.ts';
import {
  decodeSessionSetupResponse,
  encodeSessionSetup,
} from '../../../../src/core/protocol/smb2/session-setup.ts';
import { decodeTreeConnectResponse } from '../../../../src/core/protocol/smb2/tree.ts';
import { checkManners } from '../../decoder-manners.ts';
import { createBody, ioctlBody, readBody, setupBody } from './fake-bodies.ts';

const HEADER = fromHex(
  'fe534d42 4000 0100 22 0000c0 0500 2000 09000000 00000000' + // to NextCommand
    '0500000000000000 00000000 07000000 4200000000110000' + // MessageId, Reserved, TreeId, SessionId
    '000102030405060708090a0b0c0d0e0f', // Signature
);
const message = (body: Uint8Array): Uint8Array => concat(HEADER, body);

test('a SYNC header, field by field', () => {
  assert.deepEqual(decodeHeader(HEADER), {
    creditCharge: 1,
    status: 0xc000_0022,
    command: 5,
    credits: 32,
    flags: 9,
    nextCommand: 0,
    messageId: 5n,
    treeId: 7,
    sessionId: 0x1100_0000_0042n,
    signature: fromHex('000102030405060708090a0b0c0d0e0f'),
  });
  const unsigned = concat(HEADER.subarray(0, 48), new Uint8Array(16));
  assert.equal(toHex(encodeHeader(decodeHeader(HEADER))), toHex(unsigned));
});

test('an ASYNC header has no tree', () => {
  const changed = Uint8Array.from(HEADER);
  changed[16] = 3;
  assert.equal(decodeHeader(changed).treeId, 0);
});

test('what is no header is refused', () => {
  for (const [at, value, problem] of [
    [0, 0xff, /expected 0xfe first/],
    [1, 0x54, /expected SMB after/],
    [4, 0x41, /StructureSize 64, received 65/],
  ] as const) {
    const changed = Uint8Array.from(HEADER);
    changed[at] = value;
    assert.throws(() => decodeHeader(changed), problem);
  }
});

test('a compound is cut where NextCommand says', () => {
  const first = concat(HEADER, new Uint8Array(8));
  new DataView(first.buffer).setUint32(20, first.length, true);
  const messages = splitCompound(concat(first, HEADER, [1, 2]));
  assert.deepEqual(
    messages.map(({ bytes }) => bytes.length),
    [72, 66],
  );
});

test('a compound that never ends, or steps into itself, is refused', () => {
  const link = (next: number): Uint8Array => {
    const bytes = concat(HEADER);
    new DataView(bytes.buffer).setUint32(20, next, true);
    return bytes;
  };
  assert.throws(() => splitCompound(concat(...Array.from({ length: 20 }, () => link(64)))), /more than 16/);
  assert.throws(() => splitCompound(link(8)), /not a multiple of 8 past the header/);
  assert.throws(() => splitCompound(concat(link(68), HEADER)), /not a multiple of 8/);
  assert.throws(() => splitCompound(link(4096)), /expected 4096 more bytes/);
});

test('frames: the published header of the transport, and what is none', () => {
  assert.equal(toHex(encodeFrame(Uint8Array.of(0xfe, 1, 2))), '00000003fe0102');
  assert.equal(toHex(decodeFrame(fromHex('00000003fe0102'))), 'fe0102');
  const rows: readonly [string, number | undefined | RegExp][] = [
    ['', undefined],
    ['00', undefined],
    ['000000', undefined],
    ['00012345', 4 + 0x012345],
    ['00000003fe', 7],
    ['00000003fd', 7],
    ['0000000348', /expected an SMB message, received 0x48/],
    ['48', /zero first byte, received 0x48/],
    // A keep-alive of NetBIOS, which port 445 does not have.
    ['85000000', /received 0x85/],
  ];
  for (const [bytes, expected] of rows) {
    const length = tryDecode(() => frameLength(fromHex(bytes)));
    if (expected instanceof RegExp) assert.match(length.ok ? 'a length' : length.error.message, expected);
    else assert.deepEqual(length, { ok: true, value: expected });
  }
  assert.throws(() => decodeFrame(fromHex('00000003fe010203')), /1 bytes follow/);
});

test('requests, by the offsets of [MS-SMB2] 2.2.5, 2.2.19, 2.2.21 and 2.2.31.4', () => {
  assert.equal(
    toHex(encodeSessionSetup(3, Uint8Array.of(0xaa, 0xbb))),
    '1900' + '00' + '03' + '00000000' + '00000000' + '5800' + '0200' + '0000000000000000' + 'aabb',
  );
  const id = fromHex('000102030405060708090a0b0c0d0e0f');
  assert.equal(
    toHex(encodeRead(id, 0x1000, 0x1_0000_0000)),
    `3100${'50'}00${'00100000'}${'0000000001000000'}${toHex(id)}${'00'.repeat(16)}00`,
  );
  assert.equal(
    toHex(encodeWrite(id, Uint8Array.of(1, 2, 3))),
    `31007000${'03000000'}${'00'.repeat(8)}${toHex(id)}${'00'.repeat(16)}010203`,
  );
  assert.equal(
    toHex(encodeValidateNegotiate({ capabilities: 0x40, guid: id, securityMode: 3 }, [0x210, 0x300])),
    `40000000${toHex(id)}03000200${'10020003'}`,
  );
});

test('an error with contexts of 3.1.1, the second at a multiple of 8', () => {
  const contexts = new Writer().u32le(3).u32le(0).bytes([1, 2, 3]).zeros(5).u32le(1).u32le(0x72645253).u8(9);
  const body = new Writer().u16le(9).u8(2).u8(0).u32le(contexts.length).bytes(contexts.toBytes());
  const { contexts: read } = decodeError(message(body.toBytes()));
  assert.deepEqual(
    read.map(({ id, data }) => [id, toHex(data)]),
    [
      [0, '010203'],
      [0x72645253, '09'],
    ],
  );
});

test('contexts of NEGOTIATE: an unknown one is passed over, two algorithms are refused', () => {
  const list = new Writer()
    .u16le(0x99)
    .u16le(1)
    .u32le(0)
    .bytes([7])
    .zeros(7)
    .u16le(2)
    .u16le(4)
    .u32le(0)
    .u16le(1)
    .u16le(2);
  assert.deepEqual(readChoice(decodeContexts(list.toBytes(), 2)), { cipher: 2 });
  const two = new Writer().u16le(2).u16le(6).u32le(0).u16le(2).u16le(1).u16le(2).toBytes();
  assert.throws(() => readChoice(decodeContexts(two, 1)), /expected one algorithm, received 2/);
  assert.throws(() => decodeContexts(new Uint8Array(0), 65), /more than 64 contexts/);
});

test('dialects by their names', () => {
  assert.deepEqual([0x0202, 0x02ff, 0x0210, 0x0300, 0x0302, 0x0311, 0x0400].map(dialectText), [
    '2.0.2',
    '2.???',
    '2.1',
    '3.0',
    '3.0.2',
    '3.1.1',
    '0x0400',
  ]);
});

const negotiateResponse = message(
  concat(
    fromHex('4100 0300 1103 0200'),
    new Uint8Array(16).fill(0x5a),
    fromHex('07000000 00008000 00008000 00008000 00c0a1d8b4d1dc01 0000000000000000 8000 0200 88000000'),
    fromHex('6060 000000000000'), // security buffer at 128, padding to 136
    fromHex('0100 2600 00000000 0100 2000 0100'),
    new Uint8Array(32),
    fromHex('0000'), // padding to a multiple of 8
    fromHex('0200 0400 00000000 0100 0200'),
  ),
);

test('a NEGOTIATE response of 3.1.1', () => {
  const response = decodeNegotiateResponse(negotiateResponse);
  const { dialect, capabilities, maxTransactSize, token, contexts } = response;
  assert.deepEqual([dialect, capabilities, maxTransactSize, toHex(token)], [0x0311, 7, 0x80_0000, '6060']);
  assert.deepEqual(readChoice(contexts), { hash: 1, cipher: 2 });
});

checkManners('NEGOTIATE response', decodeNegotiateResponse, [negotiateResponse]);
checkManners('SESSION_SETUP response', decodeSessionSetupResponse, [
  message(setupBody(0, fromHex('a1b2c3'))),
]);
checkManners('TREE_CONNECT response', decodeTreeConnectResponse, [
  message(fromHex('1000 02 00 00000000 00000000 bf011f01')),
]);
// The contexts behind FileId are not looked at.
checkManners('CREATE response', decodeCreateResponse, [message(createBody(10, 1)).subarray(0, 64 + 80)]);
checkManners('READ response', decodeReadResponse, [message(readBody(fromHex('010203')))]);
checkManners('WRITE response', decodeWriteResponse, [message(fromHex('1100 0000 03000000'))]);
checkManners('IOCTL response', decodeIoctlResponse, [message(ioctlBody(fromHex('05000203')))]);
checkManners('VALIDATE_NEGOTIATE_INFO response', decodeValidateNegotiate, [new Uint8Array(24)]);
checkManners('ERROR response', decodeError, [
  message(fromHex('0900 01 00 0b000000 03000000 00000000 010203')),
]);
checkManners('compounded messages', splitCompound, [HEADER]);
checkManners('frame', decodeFrame, [fromHex('00000003fe0102')]);
