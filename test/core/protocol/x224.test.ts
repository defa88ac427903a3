import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { decodeTpkt, encodeTpkt } from '../../../src/core/protocol/tpkt.ts';
import {
  type ConnectionConfirm,
  type ConnectionRequest,
  decodeConnectionConfirm,
  decodeConnectionRequest,
  decodeData,
  encodeConnectionConfirm,
  encodeConnectionRequest,
  encodeData,
  NEGOTIATION_FAILURE,
  NEGOTIATION_FLAGS,
  PROTOCOL,
  TPDU,
  tpduCode,
} from '../../../src/core/protocol/x224.ts';
import { checkManners } from '../decoder-manners.ts';

/** [MS-RDPBCGR] 4.1.1 Client X.224 Connection Request PDU. */
const PUBLISHED_REQUEST =
  '03 00 00 2c' + // TPKT, 44 bytes
  '27 e0 00 00 00 00 00' + // length indicator 39, CR, destination and source reference 0, class 0
  '43 6f 6f 6b 69 65 3a 20 6d 73 74 73 68 61 73 68 3d 65 6c 74 6f 6e 73' + // Cookie: mstshash=eltons
  '0d 0a' + // CR LF
  '01 00 08 00' + // RDP_NEG_REQ, no flags, 8 bytes
  '00 00 00 00'; // requestedProtocols: PROTOCOL_RDP

/** [MS-RDPBCGR] 4.1.2 Server X.224 Connection Confirm PDU. */
const PUBLISHED_CONFIRM =
  '03 00 00 13' + // TPKT, 19 bytes
  '0e d0 00 00 12 34 00' + // length indicator 14, CC, destination reference 0, source reference 0x1234, class 0
  '02 00 08 00' + // RDP_NEG_RSP, no flags, 8 bytes
  '00 00 00 00'; // selectedProtocol: PROTOCOL_RDP

function checkRequest(name: string, hex: string, request: ConnectionRequest) {
  test(`Connection Request: ${name}`, () => {
    assert.deepEqual(decodeConnectionRequest(decodeTpkt(fromHex(hex))), request);
    assert.equal(toHex(encodeTpkt(encodeConnectionRequest(request))), toHex(fromHex(hex)));
  });
}

function checkConfirm(name: string, hex: string, confirm: ConnectionConfirm) {
  test(`Connection Confirm: ${name}`, () => {
    assert.deepEqual(decodeConnectionConfirm(decodeTpkt(fromHex(hex))), confirm);
    assert.equal(toHex(encodeTpkt(encodeConnectionConfirm(confirm))), toHex(fromHex(hex)));
  });
}

function checkRefused(name: string, decode: (tpdu: Uint8Array) => unknown, hex: string, message: RegExp) {
  test(`refused: ${name}`, () => {
    assert.throws(() => decode(decodeTpkt(fromHex(hex))), message);
  });
}

checkRequest('as published, with a cookie', PUBLISHED_REQUEST, {
  sourceReference: 0,
  token: 'Cookie: mstshash=eltons',
  negotiation: { flags: 0, requestedProtocols: PROTOCOL.rdp },
});
checkRequest('SSL, HYBRID and HYBRID_EX, no cookie', '0300 0013 0ee00000000000 01000800 0b000000', {
  sourceReference: 0,
  negotiation: { flags: 0, requestedProtocols: PROTOCOL.ssl | PROTOCOL.hybrid | PROTOCOL.hybridEx },
});
checkRequest('no negotiation data at all (RDP 4)', '0300 000b 06e00000abcd00', { sourceReference: 0xabcd });
checkRequest('a token alone', '0300 0010 0be00000000000 787878 0d0a', { sourceReference: 0, token: 'xxx' });
checkRequest(
  'correlation information',
  '0300 0037' + // TPKT, 55 bytes
    '32 e0 0000 0000 00' + // length indicator 50, CR
    '01 08 0800 01000000' + // RDP_NEG_REQ, CORRELATION_INFO_PRESENT, PROTOCOL_SSL
    '06 00 2400' + // RDP_NEG_CORRELATION_INFO, 36 bytes
    '0102030405060708090a0b0c0e0f1011' + // correlationId
    '00000000000000000000000000000000', // reserved
  {
    sourceReference: 0,
    negotiation: {
      flags: NEGOTIATION_FLAGS.request.CORRELATION_INFO_PRESENT,
      requestedProtocols: PROTOCOL.ssl,
    },
    correlationId: fromHex('0102030405060708090a0b0c0e0f1011'),
  },
);
checkRequest('unknown flags and protocols stay numbers', '0300 0013 0ee00000000000 01f00800 e00000f0', {
  sourceReference: 0,
  negotiation: { flags: 0xf0, requestedProtocols: 0xf00000e0 },
});

checkConfirm('as published', PUBLISHED_CONFIRM, {
  destinationReference: 0,
  sourceReference: 0x1234,
  negotiation: { kind: 'response', flags: 0, selectedProtocol: PROTOCOL.rdp },
});
checkConfirm(
  'HYBRID_EX with every flag a Windows server sets',
  '0300 0013 0ed00000123400 021f0800 08000000',
  {
    destinationReference: 0,
    sourceReference: 0x1234,
    negotiation: { kind: 'response', flags: 0x1f, selectedProtocol: PROTOCOL.hybridEx },
  },
);
checkConfirm('failure: NLA required', '0300 0013 0ed00000123400 03000800 05000000', {
  destinationReference: 0,
  sourceReference: 0x1234,
  negotiation: { kind: 'failure', flags: 0, failureCode: NEGOTIATION_FAILURE.HYBRID_REQUIRED_BY_SERVER },
});
checkConfirm('an unknown failure code stays a number', '0300 0013 0ed00000123400 03000800 07000080', {
  destinationReference: 0,
  sourceReference: 0x1234,
  negotiation: { kind: 'failure', flags: 0, failureCode: 0x80000007 },
});
checkConfirm('no negotiation data', '0300 000b 06d00001123400', {
  destinationReference: 1,
  sourceReference: 0x1234,
});

checkRefused(
  'a length indicator below what the TPKT carries',
  decodeConnectionConfirm,
  '0300 0013 06d00000123400 0200080000000000',
  /the length indicator says 6 bytes, the TPKT carries 14/,
);
checkRefused(
  'a length indicator above what the TPKT carries',
  decodeConnectionConfirm,
  '0300 000b 0ed00000123400',
  /expected 14 more bytes, 6 are left/,
);
checkRefused(
  'a request where a confirm belongs',
  decodeConnectionConfirm,
  PUBLISHED_REQUEST,
  /expected TPDU code 0xd0, received 0xe0/,
);
checkRefused(
  'a confirm with a request inside',
  decodeConnectionConfirm,
  '0300 0013 0ed00000123400 0100080000000000',
  /expected RDP_NEG_RSP \(type 2\) or RDP_NEG_FAILURE \(type 3\), received type 1/,
);
checkRefused(
  'negotiation data of another length',
  decodeConnectionConfirm,
  '0300 0013 0ed00000123400 0200090000000000',
  /expected 8 bytes of negotiation data, received a length of 9/,
);
checkRefused(
  'a byte after the negotiation data',
  decodeConnectionConfirm,
  '0300 0014 0fd00000123400 020008000000000000',
  /1 bytes follow the end/,
);
checkRefused(
  'a segment',
  decodeData,
  '0300 0009 02f000 2180',
  /expected the end-of-TSDU mark, received a segment/,
);

checkRefused(
  'a token without a line feed',
  decodeConnectionRequest,
  '0300 000f 0ae00000000000 78 0d 78 0a',
  /expected a line feed after the token, received 0x78/,
);
checkRefused(
  'a token, then a response',
  decodeConnectionRequest,
  '0300 0016 11e00000000000 78 0d0a 0200080000000000',
  /expected RDP_NEG_REQ \(type 1\), received type 2/,
);
const REQUEST_AND = (rest: string) => {
  const bytes = fromHex(`e00000000000 0108080001000000 ${rest}`);
  return toHex(encodeTpkt(Uint8Array.of(bytes.length, ...bytes)));
};
checkRefused(
  'correlation information of another type',
  decodeConnectionRequest,
  REQUEST_AND(`05002400 ${'00'.repeat(32)}`),
  /expected RDP_NEG_CORRELATION_INFO \(type 6\), received type 5/,
);
checkRefused(
  'correlation information of another length',
  decodeConnectionRequest,
  REQUEST_AND(`06002300 ${'00'.repeat(32)}`),
  /expected 36 bytes of correlation data, received a length of 35/,
);
checkRefused(
  'a byte after the correlation information',
  decodeConnectionRequest,
  REQUEST_AND(`06002400 ${'00'.repeat(33)}`),
  /1 bytes follow the end/,
);
checkRefused(
  'a segment with a number',
  decodeData,
  '0300 0009 02f07f 2180',
  /expected the end-of-TSDU mark, received a segment/,
);
checkRefused(
  'a Data header of another length',
  decodeData,
  '0300 000a 03f08000 2180',
  /1 bytes follow the end/,
);

test('credit bits in the code are passed over', () => {
  assert.deepEqual(decodeConnectionConfirm(fromHex('06 d1 0000 1234 00')), {
    destinationReference: 0,
    sourceReference: 0x1234,
  });
});

test('the numbers of the specification', () => {
  assert.deepEqual(PROTOCOL, { rdp: 0, ssl: 1, hybrid: 2, rdstls: 4, hybridEx: 8, rdsaad: 16 });
  assert.deepEqual(Object.entries(NEGOTIATION_FAILURE), [
    ['SSL_REQUIRED_BY_SERVER', 1],
    ['SSL_NOT_ALLOWED_BY_SERVER', 2],
    ['SSL_CERT_NOT_ON_SERVER', 3],
    ['INCONSISTENT_FLAGS', 4],
    ['HYBRID_REQUIRED_BY_SERVER', 5],
    ['SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER', 6],
  ]);
  assert.deepEqual(Object.values(NEGOTIATION_FLAGS.request), [1, 2, 8]);
  assert.deepEqual(Object.values(NEGOTIATION_FLAGS.response), [1, 2, 4, 8, 16]);
  assert.deepEqual(Object.values(TPDU), [0x70, 0x80, 0xd0, 0xe0, 0xf0]);
});

test('the Data header of [MS-RDPBCGR] 4.1.3 is 02 f0 80', () => {
  assert.equal(toHex(encodeData(fromHex('7f65'))), '02f0807f65');
  assert.equal(toHex(decodeData(fromHex('02 f0 80 7f 65'))), '7f65');
});

test('the code of a TPDU is told without its credit bits', () => {
  assert.equal(tpduCode(fromHex('0e d0')), TPDU.connectionConfirm);
  assert.equal(tpduCode(fromHex('0e d7')), TPDU.connectionConfirm);
  assert.equal(tpduCode(fromHex('06 80')), TPDU.disconnectRequest);
});

test('a token too long for the length indicator is a mistake of ours', () => {
  const withToken = (length: number) =>
    encodeConnectionRequest({ sourceReference: 0, token: 'x'.repeat(length) });
  assert.throws(() => withToken(247), RangeError);
  assert.equal(withToken(246)[0], 254);
});

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const token = fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme-ascii' });

test('decode undoes encode', () => {
  const request = fc.record(
    {
      sourceReference: u16,
      token,
      negotiation: fc.record({ flags: u8, requestedProtocols: u32 }, { noNullPrototype: true }),
      correlationId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    },
    { noNullPrototype: true, requiredKeys: ['sourceReference', 'negotiation'] },
  );
  fc.assert(
    fc.property(request, (value) => {
      assert.deepEqual(decodeConnectionRequest(encodeConnectionRequest(value)), value);
    }),
  );
  const negotiation = fc.oneof(
    fc.record(
      { kind: fc.constant('response' as const), flags: u8, selectedProtocol: u32 },
      { noNullPrototype: true },
    ),
    fc.record(
      { kind: fc.constant('failure' as const), flags: u8, failureCode: u32 },
      { noNullPrototype: true },
    ),
  );
  const confirm = fc.record(
    { destinationReference: u16, sourceReference: u16, negotiation },
    { noNullPrototype: true, requiredKeys: ['destinationReference', 'sourceReference'] },
  );
  fc.assert(
    fc.property(confirm, (value) => {
      assert.deepEqual(decodeConnectionConfirm(encodeConnectionConfirm(value)), value);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (userData) => {
      assert.deepEqual(Uint8Array.from(decodeData(encodeData(userData))), userData);
    }),
  );
});

checkManners('decodeConnectionRequest', decodeConnectionRequest, [
  decodeTpkt(fromHex(PUBLISHED_REQUEST)),
  encodeConnectionRequest({
    sourceReference: 0,
    negotiation: { flags: 8, requestedProtocols: 3 },
    correlationId: new Uint8Array(16),
  }),
]);
checkManners('decodeConnectionConfirm', decodeConnectionConfirm, [
  decodeTpkt(fromHex(PUBLISHED_CONFIRM)),
  encodeConnectionConfirm({ destinationReference: 0, sourceReference: 0 }),
]);
checkManners('decodeData', (bytes) => decodeData(decodeTpkt(bytes)), [fromHex('03 00 00 09 02 f0 80 21 80')]);
