import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../../src/core/bytes/hex.ts';
import { decodePdu, encodePdu, type Pdu, partsOf, pduLength } from '../../../../src/core/protocol/rpc/pdu.ts';
import {
  type BindAckBody,
  type BindBody,
  decodeBind,
  decodeBindAck,
  decodeBindNak,
  encodeBind,
  encodeBindAck,
  encodeBindNak,
  featureSyntax,
  NDR_SYNTAX,
} from '../../../../src/core/protocol/rpc/pdu-bind.ts';
import {
  decodeFault,
  decodeRequest,
  decodeResponse,
  encodeFault,
  encodeRequest,
  encodeResponse,
} from '../../../../src/core/protocol/rpc/pdu-call.ts';
import { checkManners } from '../../decoder-manners.ts';

const bytesOf = (commented: string): Uint8Array => fromHex(commented.replace(/--.*$/gm, ''));

/** Written by hand after [C706] 12.6.3 and 12.6.4. */
const BIND = bytesOf(`
  05 00 0b 13 10 00 00 00        -- version 5.0, bind, first, last and CONC_MPX, little-endian
  48 00 00 00 01 00 00 00        -- frag_length 72, auth_length 0, call_id 1
  b8 10 b8 10 00 00 00 00        -- 4280 both ways, a new group
  01 00 00 00                    -- one context
  00 00 01 00                    -- id 0, one transfer syntax
  01 d0 8c 33 44 22 f1 31 aa aa 90 00 38 00 10 03 01 00 00 00  -- winreg 1.0
  04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00  -- NDR 2.0`);
const BIND_BODY: BindBody = {
  maxTransmit: 4280,
  maxReceive: 4280,
  group: 0,
  contexts: [
    {
      id: 0,
      abstractSyntax: { uuid: '338cd001-2244-31f1-aaaa-900038001003', major: 1, minor: 0 },
      transferSyntaxes: [NDR_SYNTAX],
    },
  ],
};

const BIND_ACK = bytesOf(`
  05 00 0c 03 10 00 00 00
  5c 00 00 00 01 00 00 00        -- frag_length 92
  b8 10 b8 10 34 12 00 00        -- group 0x1234
  0d 00 5c 50 49 50 45 5c 77 69 6e 72 65 67 00  -- 13 bytes: \\PIPE\\winreg and a NUL
  00                             -- to a multiple of four from the start of the PDU
  02 00 00 00                    -- two results
  00 00 00 00 04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00
  03 00 03 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  -- negotiate_ack, both features`);
const BIND_ACK_BODY: BindAckBody = {
  maxTransmit: 4280,
  maxReceive: 4280,
  group: 0x1234,
  address: '\\PIPE\\winreg',
  results: [
    { result: 0, reason: 0, transferSyntax: NDR_SYNTAX },
    {
      result: 3,
      reason: 3,
      transferSyntax: { uuid: '00000000-0000-0000-0000-000000000000', major: 0, minor: 0 },
    },
  ],
};

const PROTECTED = bytesOf(`
  05 00 02 03 10 00 00 00
  38 00 10 00 07 00 00 00        -- frag_length 56, auth_length 16, call_id 7
  05 00 00 00 00 00 00 00        -- alloc_hint 5, context 0
  01 02 03 04 05                 -- the stub
  00 00 00                       -- padding
  0a 06 03 00 01 00 00 00        -- NTLMSSP, privacy, three bytes of padding, context 1
  11 11 11 11 11 11 11 11 11 11 11 11 11 11 11 11`);

test('bind: the bytes of [C706] 12.6.4.3', () => {
  assert.deepEqual(decodePdu(BIND), { type: 11, flags: 0x13, callId: 1, body: BIND.subarray(16) });
  assert.deepEqual(decodeBind(BIND.subarray(16)), BIND_BODY);
  assert.equal(
    toHex(encodePdu({ type: 11, flags: 0x13, callId: 1, body: encodeBind(BIND_BODY) })),
    toHex(BIND),
  );
});

test('bind_ack: the bytes of [C706] 12.6.4.4', () => {
  assert.deepEqual(decodeBindAck(decodePdu(BIND_ACK).body), BIND_ACK_BODY);
  assert.equal(
    toHex(encodePdu({ type: 12, flags: 3, callId: 1, body: encodeBindAck(BIND_ACK_BODY) })),
    toHex(BIND_ACK),
  );
});

test('bind_ack: every length of its address leaves the results where they belong', () => {
  for (let length = 0; length < 9; length += 1) {
    const body = { ...BIND_ACK_BODY, address: 'x'.repeat(length) };
    assert.deepEqual(decodeBindAck(encodeBindAck(body)), body);
  }
});

test('bind_nak: the reason, whatever follows it', () => {
  assert.deepEqual(decodeBindNak(bytesOf('04 00 01 05 00')), { reason: 4 });
  assert.deepEqual(decodeBindNak(bytesOf('08 00 00 20 cc cc 90 2f 24 cd 4d 90 56')), { reason: 8 });
  assert.equal(toHex(encodeBindNak({ reason: 9 })), '0900010500');
});

test('bind time feature negotiation: the UUID carries the bits, [MS-RPCE] 3.3.1.5.3', () => {
  assert.equal(featureSyntax(3).uuid, '6cb71c2c-9812-4540-0300-000000000000');
  assert.equal(
    toHex(
      encodeBind({
        ...BIND_BODY,
        contexts: [{ id: 1, abstractSyntax: featureSyntax(3), transferSyntaxes: [] }],
      }),
    ).slice(32),
    '2c1cb76c12984045030000000000000001000000',
  );
});

test('request, response and fault: the bytes of [C706] 12.6.4.9, 12.6.4.10 and 12.6.4.7', () => {
  const request = { allocHint: 3, contextId: 1, opnum: 15, stub: bytesOf('aa bb cc') };
  assert.equal(toHex(encodeRequest(request)), '0300000001000f00aabbcc');
  assert.deepEqual(decodeRequest(encodeRequest(request)), request);
  const response = { allocHint: 3, contextId: 1, stub: bytesOf('aa bb cc') };
  assert.equal(toHex(encodeResponse(response)), '0300000001000000aabbcc');
  assert.deepEqual(decodeResponse(encodeResponse(response)), response);
  const fault = { contextId: 1, status: 0x1c01_0002 };
  assert.equal(toHex(encodeFault(fault)), '00000000010000000200011c00000000');
  assert.deepEqual(decodeFault(encodeFault(fault)), fault);
});

test('a PDU with a verifier: body without padding, and where the parts stand', () => {
  const pdu = decodePdu(PROTECTED);
  assert.deepEqual(pdu, {
    type: 2,
    flags: 3,
    callId: 7,
    body: bytesOf('05 00 00 00 00 00 00 00 01 02 03 04 05'),
    auth: { type: 10, level: 6, contextId: 1, value: new Uint8Array(16).fill(0x11) },
  });
  assert.deepEqual(partsOf(PROTECTED), { trailerAt: 32, tokenAt: 40 });
  assert.equal(partsOf(BIND), undefined);
  assert.equal(toHex(encodePdu(pdu)), toHex(PROTECTED));
  assert.equal(encodePdu(pdu, 16).length, PROTECTED.length, '13 bytes and three are 16 as well');
});

test('framing: the length stands in the header, and the first byte tells another protocol', () => {
  for (let length = 0; length < 16; length += 1) assert.equal(pduLength(BIND.subarray(0, length)), undefined);
  assert.equal(pduLength(BIND.subarray(0, 16)), 72);
  assert.equal(pduLength(Uint8Array.from([...BIND, 5, 0])), 72);
  assert.throws(() => pduLength(new TextEncoder().encode('S')), DecodeError);
  assert.throws(() => pduLength(BIND.map((byte, at) => (at === 4 ? 0 : byte))), /little-endian/);
});

test('a PDU that says what cannot be is refused', () => {
  const changed = (bytes: Uint8Array, at: number, value: number) =>
    bytes.map((byte, index) => (index === at ? value : byte));
  assert.throws(() => decodePdu(changed(BIND, 0, 4)), /expected version 5, received 4/);
  assert.throws(() => decodePdu(changed(BIND, 1, 2)), /minor version/);
  assert.throws(() => decodePdu(changed(BIND, 8, 71)), /follow the end/);
  assert.throws(() => decodePdu(changed(PROTECTED, 34, 17)), /padding of 17 bytes in a body of 16/);
  assert.throws(() => decodePdu(changed(PROTECTED, 10, 33)), /a verifier of 33 bytes has no room in 56/);
});

const octets = (minLength = 0, maxLength = 60) => fc.uint8Array({ minLength, maxLength });
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const syntaxes = fc.record({ uuid: fc.uuid(), major: u16, minor: u16 }, { noNullPrototype: true });
const pdus: fc.Arbitrary<Pdu> = fc.record(
  {
    type: fc.nat(255),
    flags: fc.nat(255),
    callId: u32,
    body: octets(),
    auth: fc.record(
      { type: fc.nat(255), level: fc.nat(255), contextId: u32, value: octets(1) },
      { noNullPrototype: true },
    ),
  },
  { requiredKeys: ['type', 'flags', 'callId', 'body'], noNullPrototype: true },
);

test('decode undoes encode', () => {
  fc.assert(
    fc.property(pdus, fc.constantFrom(4, 16), (pdu, alignment) => {
      const bytes = encodePdu(pdu, alignment);
      assert.deepEqual(decodePdu(bytes), pdu);
      assert.equal(pduLength(bytes), bytes.length);
      const parts = partsOf(bytes);
      if (parts) assert.equal((parts.trailerAt - 16) % alignment, 0);
    }),
  );
  const contexts = fc.array(
    fc.record(
      { id: u16, abstractSyntax: syntaxes, transferSyntaxes: fc.array(syntaxes, { maxLength: 3 }) },
      { noNullPrototype: true },
    ),
    { maxLength: 4 },
  );
  const binds = fc.record(
    { maxTransmit: u16, maxReceive: u16, group: u32, contexts },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(binds, (body) => assert.deepEqual(decodeBind(encodeBind(body)), body)));
});

checkManners('PDU', decodePdu, [BIND, BIND_ACK, PROTECTED]);
checkManners('bind', decodeBind, [BIND.subarray(16)]);
checkManners('bind_ack', decodeBindAck, [BIND_ACK.subarray(16)]);
checkManners('fault', (body) => decodeFault(body.subarray(0, 12)), [
  encodeFault({ contextId: 0, status: 5 }).subarray(0, 12),
]);
