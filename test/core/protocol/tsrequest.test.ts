import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  decodeTsRequest,
  encodeTsRequest,
  type TsRequest,
  tsRequestLength,
} from '../../../src/core/protocol/tsrequest.ts';
import { checkManners } from '../decoder-manners.ts';

/** [MS-CSSP] 4 Protocol Examples have the structures; the bytes follow X.690. */
const SAMPLES: readonly (readonly [name: string, bytes: string, value: TsRequest])[] = [
  [
    'a first message with a bare token',
    `30 17                      -- SEQUENCE
       a0 03 02 01 06           -- version 6
       a1 10 30 0e 30 0c        -- negoTokens, one of them
         a0 0a 04 08 4e 54 4c 4d 53 53 50 00`,
    { version: 6, negoTokens: [fromHex('4e544c4d53535000')] },
  ],
  [
    'STATUS_LOGON_FAILURE in four octets, as Windows writes it',
    `30 0d a0 03 02 01 06
       a4 06 02 04 c0 00 00 6d  -- errorCode -1073741715`,
    { version: 6, errorCode: 0xc000006d },
  ],
  ['a small status', '30 0a a0 03 02 01 03 a4 03 02 01 05', { version: 3, errorCode: 5 }],
  [
    'everything',
    `30 22 a0 03 02 01 05
       a1 0b 30 09 30 07 a0 05 04 03 01 02 03
       a2 03 04 01 aa            -- authInfo
       a3 03 04 01 bb            -- pubKeyAuth
       a5 04 04 02 cc dd         -- clientNonce`,
    {
      version: 5,
      negoTokens: [fromHex('010203')],
      authInfo: fromHex('aa'),
      pubKeyAuth: fromHex('bb'),
      clientNonce: fromHex('ccdd'),
    },
  ],
];

const bytesOf = (commented: string): Uint8Array => fromHex(commented.replace(/--.*$/gm, ''));

for (const [name, commented, value] of SAMPLES) {
  test(`TSRequest: ${name}`, () => {
    const bytes = bytesOf(commented);
    assert.deepEqual(decodeTsRequest(bytes), value);
    assert.equal(toHex(encodeTsRequest(value)), toHex(bytes));
    for (let length = 0; length < 2; length += 1)
      assert.equal(tsRequestLength(bytes.subarray(0, length)), undefined);
    assert.equal(tsRequestLength(bytes.subarray(0, 2)), bytes.length);
    assert.equal(tsRequestLength(Uint8Array.from([...bytes, 0x30, 0x82])), bytes.length);
  });
}

test('TSRequest: a status comes in five octets too, and is the same number', () => {
  const bytes = bytesOf('30 0e a0 03 02 01 06 a4 07 02 05 00 c0 00 00 6d');
  assert.deepEqual(decodeTsRequest(bytes), { version: 6, errorCode: 0xc000006d });
});

test('TSRequest: a status that has no 32 bits is refused', () => {
  assert.throws(
    () => decodeTsRequest(bytesOf('30 0e a0 03 02 01 06 a4 07 02 05 01 c0 00 00 6d')),
    DecodeError,
  );
});

test('TSRequest: a version we do not know stays the number that came, and later fields are passed over', () => {
  assert.deepEqual(decodeTsRequest(bytesOf('30 0a a0 03 02 01 63 a9 03 04 01 00')), { version: 99 });
});

test('TSRequest: framing refuses what starts no TSRequest', () => {
  const head = new TextEncoder().encode('HTTP/1.1 400');
  assert.throws(() => tsRequestLength(head), DecodeError);
  assert.throws(() => tsRequestLength(fromHex('3080')), DecodeError, 'indefinite length');
  assert.equal(tsRequestLength(fromHex('308201')), undefined);
  assert.equal(tsRequestLength(fromHex('30820102')), 4 + 0x102);
  assert.equal(
    tsRequestLength(fromHex('3084ffffffff')),
    6 + 0xffff_ffff,
    'the limit of the receive stops it',
  );
});

const octets = fc.uint8Array({ maxLength: 300 });
const requests: fc.Arbitrary<TsRequest> = fc.record(
  {
    version: fc.integer({ min: 0, max: 0x7fff_ffff }),
    negoTokens: fc.array(octets, { maxLength: 16 }),
    authInfo: octets,
    pubKeyAuth: octets,
    errorCode: fc.integer({ min: 0, max: 0xffff_ffff }),
    clientNonce: octets,
  },
  { requiredKeys: ['version'], noNullPrototype: true },
);

test('TSRequest: decode undoes encode, and framing finds the end', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const bytes = encodeTsRequest(request);
      assert.deepEqual(decodeTsRequest(bytes), request);
      assert.equal(tsRequestLength(bytes), bytes.length);
    }),
  );
});

checkManners(
  'TSRequest',
  decodeTsRequest,
  SAMPLES.map(([, commented]) => bytesOf(commented)),
);
