import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  CLIENT_DOMAIN,
  type DomainParameters,
  decodeConnectInitial,
  decodeConnectResponse,
  decodeDisconnectProviderUltimatum,
  encodeConnectInitial,
  encodeConnectResponse,
  encodeDisconnectProviderUltimatum,
  MCS_REASON,
  MCS_RESULT,
} from '../../../src/core/protocol/mcs.ts';
import { decodeTpkt } from '../../../src/core/protocol/tpkt.ts';
import { decodeData } from '../../../src/core/protocol/x224.ts';
import { checkManners } from '../decoder-manners.ts';
import {
  PUBLISHED_CONFERENCE_CREATE_REQUEST,
  PUBLISHED_CONFERENCE_CREATE_RESPONSE,
  PUBLISHED_CONNECT_INITIAL,
  PUBLISHED_CONNECT_RESPONSE,
} from './connect-samples.ts';

const CONNECT_INITIAL = decodeData(decodeTpkt(PUBLISHED_CONNECT_INITIAL));
const CONNECT_RESPONSE = decodeData(decodeTpkt(PUBLISHED_CONNECT_RESPONSE));

test('the published Connect-Initial decodes', () => {
  assert.deepEqual(decodeConnectInitial(CONNECT_INITIAL), {
    ...CLIENT_DOMAIN,
    // The one place where Microsoft's dump is not what its section 3.2.5.3.3 prescribes.
    maximumParameters: { ...CLIENT_DOMAIN.maximumParameters, maxUserIds: 64535 },
    userData: PUBLISHED_CONFERENCE_CREATE_REQUEST,
  });
});

test('a Connect-Initial is written with the leading zero that X.690 asks for', () => {
  const userData = fromHex('aabb');
  assert.equal(
    toHex(encodeConnectInitial({ ...CLIENT_DOMAIN, userData })),
    toHex(
      fromHex(
        '7f65 66' + // Connect-Initial, 102 bytes
          '040101 040101 0101ff' + // domain selectors, upwardFlag
          '301a 020122 020102 020100 020101 020100 020101 020300ffff 020102' + // targetParameters
          '3019 020101 020101 020101 020101 020100 020101 02020420 020102' + // minimumParameters
          '3020 020300ffff 020300ffff 020300ffff 020101 020100 020101 020300ffff 020102' + // maximumParameters
          '0402 aabb', // userData
      ),
    ),
  );
});

test('the published Connect-Response decodes and encodes', () => {
  const response = {
    result: 0,
    accepted: {
      calledConnectId: 0,
      domainParameters: {
        maxChannelIds: 34,
        maxUserIds: 3,
        maxTokenIds: 0,
        numPriorities: 1,
        minThroughput: 0,
        maxHeight: 1,
        maxMCSPDUsize: 65528,
        protocolVersion: 2,
      },
      userData: PUBLISHED_CONFERENCE_CREATE_RESPONSE,
    },
  };
  assert.deepEqual(decodeConnectResponse(CONNECT_RESPONSE), response);
  assert.equal(toHex(encodeConnectResponse(response)), toHex(CONNECT_RESPONSE));
});

test('a server may refuse with a result alone', () => {
  assert.deepEqual(decodeConnectResponse(fromHex('7f66 03 0a010e')), { result: 14 });
  assert.equal(toHex(encodeConnectResponse({ result: 14 })), '7f66030a010e');
  assert.equal(MCS_RESULT[14], 'rt-unspecified-failure');
});

test('a success without the rest is no response', () => {
  assert.throws(() => decodeConnectResponse(fromHex('7f66 03 0a0100')), /expected 1 more bytes/);
});

/** [MS-RDPBCGR] 4.2.3, and the other reasons by the same table. */
for (const [hex, reason] of [
  ['2000', 'rn-domain-disconnected'],
  ['2080', 'rn-provider-initiated'],
  ['2100', 'rn-token-purged'],
  ['2180', 'rn-user-requested'], // published
  ['2200', 'rn-channel-purged'],
] as const) {
  test(`DisconnectProviderUltimatum: ${reason}`, () => {
    const value = decodeDisconnectProviderUltimatum(fromHex(hex));
    assert.equal(MCS_REASON[value], reason);
    assert.equal(toHex(encodeDisconnectProviderUltimatum(value)), hex);
  });
}

test('another domain PDU is no DisconnectProviderUltimatum', () => {
  // [MS-RDPBCGR] 4.1.6: Attach-User-Request, choice 10.
  assert.throws(() => decodeDisconnectProviderUltimatum(fromHex('2880')), /expected choice 8 .* received 10/);
});

test('what is refused', () => {
  assert.throws(() => decodeConnectResponse(CONNECT_INITIAL), /expected tag 0x7f66 .* received 0x7f65/);
  assert.throws(() => decodeConnectResponse(Uint8Array.of(...CONNECT_RESPONSE, 0)), /1 bytes follow the end/);
  const trailing = /1 bytes follow the end/;
  assert.throws(() => decodeDisconnectProviderUltimatum(fromHex('218000')), trailing);
  const initial = encodeConnectInitial({ ...CLIENT_DOMAIN, userData: new Uint8Array(0) });
  // The outer length, one more, covers a byte after the user data.
  assert.throws(() => decodeConnectInitial(withByte(initial, 2)), trailing);
  const response = encodeConnectResponse({
    result: 0,
    accepted: {
      calledConnectId: 0,
      domainParameters: CLIENT_DOMAIN.minimumParameters,
      userData: new Uint8Array(0),
    },
  });
  assert.throws(() => decodeConnectResponse(withByte(response, 2)), trailing);
  // Four bytes before userData's header come the domain parameters: 27 bytes, their length at 10.
  const longer = withByte(response.slice(0, 36), 10);
  assert.throws(() => decodeConnectResponse(longer.with(2, longer.length - 3)), trailing);
  const sevenOctets = fromHex('7f66 0c 0a0100 0207 00000000000001');
  assert.throws(() => decodeConnectResponse(sevenOctets), /an integer of one to 5 octets, received 7/);
});

/** One more zero byte at the end, counted by the length octet at `at`. */
function withByte(bytes: Uint8Array, at: number): Uint8Array {
  return Uint8Array.of(...bytes, 0).with(at, (bytes[at] ?? 0) + 1);
}

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const bytes = fc.uint8Array({ maxLength: 300 });
const domainParameters: fc.Arbitrary<DomainParameters> = fc.record(
  {
    maxChannelIds: u32,
    maxUserIds: u32,
    maxTokenIds: u32,
    numPriorities: u32,
    minThroughput: u32,
    maxHeight: u32,
    maxMCSPDUsize: u32,
    protocolVersion: u32,
  },
  { noNullPrototype: true },
);

test('decode undoes encode', () => {
  const initial = fc.record(
    {
      callingDomainSelector: bytes,
      calledDomainSelector: bytes,
      upwardFlag: fc.boolean(),
      targetParameters: domainParameters,
      minimumParameters: domainParameters,
      maximumParameters: domainParameters,
      userData: bytes,
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(initial, (value) => {
      assert.deepEqual(decodeConnectInitial(encodeConnectInitial(value)), value);
    }),
  );
  const response = fc.record(
    {
      result: fc.integer({ min: 0, max: 0x7fffffff }),
      accepted: fc.record(
        { calledConnectId: u32, domainParameters, userData: bytes },
        { noNullPrototype: true },
      ),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(response, (value) => {
      assert.deepEqual(decodeConnectResponse(encodeConnectResponse(value)), value);
    }),
  );
});

checkManners('decodeConnectInitial', decodeConnectInitial, [CONNECT_INITIAL]);
checkManners('decodeConnectResponse', decodeConnectResponse, [
  CONNECT_RESPONSE,
  encodeConnectResponse({ result: 14 }),
]);
checkManners('decodeDisconnectProviderUltimatum', decodeDisconnectProviderUltimatum, [
  encodeDisconnectProviderUltimatum(3),
]);
