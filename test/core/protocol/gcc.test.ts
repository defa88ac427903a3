import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  CONFERENCE_RESULT,
  decodeConferenceCreateRequest,
  decodeConferenceCreateResponse,
  encodeConferenceCreateRequest,
  encodeConferenceCreateResponse,
} from '../../../src/core/protocol/gcc.ts';
import { checkManners } from '../decoder-manners.ts';
import {
  PUBLISHED_CLIENT_SETTINGS,
  PUBLISHED_CONFERENCE_CREATE_REQUEST,
  PUBLISHED_CONFERENCE_CREATE_RESPONSE,
  PUBLISHED_SERVER_SETTINGS,
} from './connect-samples.ts';

const HEADER = '0005 00147c0001'; // ConnectData key: object identifier 0.0.20.124.0.1

test('the published request decodes and encodes', () => {
  assert.deepEqual(
    decodeConferenceCreateRequest(PUBLISHED_CONFERENCE_CREATE_REQUEST),
    PUBLISHED_CLIENT_SETTINGS,
  );
  assert.equal(
    toHex(encodeConferenceCreateRequest(PUBLISHED_CLIENT_SETTINGS)),
    toHex(PUBLISHED_CONFERENCE_CREATE_REQUEST),
  );
});

test('the published response decodes, though it states 42 bytes and has 279', () => {
  assert.deepEqual(decodeConferenceCreateResponse(PUBLISHED_CONFERENCE_CREATE_RESPONSE), {
    nodeId: 31219,
    tag: 1,
    result: 0,
    userData: PUBLISHED_SERVER_SETTINGS,
  });
});

test('a response is written with its true length', () => {
  const userData = PUBLISHED_SERVER_SETTINGS;
  const written = encodeConferenceCreateResponse({ nodeId: 31219, tag: 1, result: 0, userData });
  const published = toHex(PUBLISHED_CONFERENCE_CREATE_RESPONSE);
  const stated = toHex(fromHex(`${HEADER} 2a`));
  assert.ok(published.startsWith(stated));
  assert.equal(toHex(written), toHex(fromHex(`${HEADER} 8117`)) + published.slice(stated.length));
});

test('a length in two octets where one would do is a length', () => {
  const hex = `${HEADER} 2a 14 760a 0101 00 01c000 4d63446e 8002 aabb`;
  assert.deepEqual(decodeConferenceCreateResponse(fromHex(hex)).userData, fromHex('aabb'));
});

test('a refusal without user data', () => {
  const refusal = { nodeId: 1001, tag: -200, result: 2 };
  const hex = `${HEADER} 07 10 0000 02ff38 20`; // result in three bits after the extension bit
  assert.deepEqual(decodeConferenceCreateResponse(fromHex(hex)), refusal);
  assert.equal(toHex(encodeConferenceCreateResponse(refusal)), toHex(fromHex(hex)));
  assert.equal(CONFERENCE_RESULT[refusal.result], 'lowResources');
});

function checkRefused(name: string, decode: (bytes: Uint8Array) => unknown, hex: string, message: RegExp) {
  test(`refused: ${name}`, () => {
    assert.throws(() => decode(fromHex(hex)), message);
  });
}

const response = decodeConferenceCreateResponse;
checkRefused(
  'another identifier',
  response,
  '0005 00147c0002 2a',
  /octet 0x1 of the T.124 identifier, received 0x2/,
);
checkRefused(
  'a request for a response',
  response,
  toHex(PUBLISHED_CONFERENCE_CREATE_REQUEST),
  /received 0x00/,
);
checkRefused(
  "the client's key in a response",
  response,
  `${HEADER} 2a 14 760a 0101 00 01c000 44756361 00`,
  /octet 0x4d of the server-to-client key "McDn", received 0x44/,
);
checkRefused(
  'user data shorter than the rest',
  response,
  `${HEADER} 2a 14 760a 0101 00 01c000 4d63446e 01 aabb`,
  /1 bytes follow the end/,
);
checkRefused(
  'user data longer than the rest',
  response,
  `${HEADER} 2a 14 760a 0101 00 01c000 4d63446e 03 aabb`,
  /expected 3 more bytes, 2 are left/,
);
checkRefused(
  'a fragmented length',
  response,
  `${HEADER} 2a 14 760a 0101 00 01c000 4d63446e c1`,
  /expected a length in one or two octets, received 0xc1/,
);
checkRefused(
  'a request whose length is not true',
  decodeConferenceCreateRequest,
  `${HEADER} 2a 0008001000 01c000 44756361 02 aabb`,
  /expected 42 more bytes, 15 are left/,
);

checkRefused('a byte after a refusal', response, `${HEADER} 07 10 0000 0101 20 00`, /1 bytes follow the end/);
checkRefused(
  'an empty tag',
  response,
  `${HEADER} 07 10 0000 00 20`,
  /an integer of one to four octets, received 0/,
);
checkRefused(
  'a tag of five octets',
  response,
  `${HEADER} 07 10 0000 05 0000000001 20`,
  /an integer of one to four octets, received 5/,
);
checkRefused(
  'a reply of another choice',
  response,
  `${HEADER} 07 24 0000`,
  /expected a ConferenceCreateResponse \(0x14\), received 0x24/,
);
checkRefused(
  'a length of the fragmented form',
  response,
  `${HEADER} c0`,
  /expected a length in one or two octets, received 0xc0/,
);
checkRefused(
  'a byte after a request',
  decodeConferenceCreateRequest,
  `${HEADER} 0e 0008001000 01c000 44756361 01 aa 00`,
  /1 bytes follow the end/,
);
checkRefused(
  'a byte after the user data of a request',
  decodeConferenceCreateRequest,
  `${HEADER} 0f 0008001000 01c000 44756361 01 aa 00`,
  /1 bytes follow the end/,
);

/** Where one octet of length becomes two, and where two end. */
for (const [length, octets] of [
  [0x7f, '7f'],
  [0x80, '8080'],
  [0x3ff1, 'bff1'],
] as const) {
  test(`user data of ${length} bytes`, () => {
    const userData = new Uint8Array(length);
    const written = encodeConferenceCreateRequest(userData);
    const header = written.subarray(0, written.length - length);
    assert.ok(toHex(header).endsWith(`44756361${octets}`), toHex(header));
    assert.equal(decodeConferenceCreateRequest(written).length, length);
  });
}

/** A tag takes the fewest octets of two's complement. */
for (const [tag, octets] of [
  [0, '0100'],
  [127, '017f'],
  [128, '020080'],
  [-128, '0180'],
  [-129, '02ff7f'],
  [0x7fffffff, '047fffffff'],
  [-0x80000000, '0480000000'],
] as const) {
  test(`tag ${tag}`, () => {
    const bytes = encodeConferenceCreateResponse({ nodeId: 1001, tag, result: 0 });
    assert.equal(toHex(bytes).slice(22, -2), octets);
    assert.equal(decodeConferenceCreateResponse(bytes).tag, tag);
  });
}

test('what PER cannot count in two octets is a mistake of ours', () => {
  assert.throws(() => encodeConferenceCreateRequest(new Uint8Array(0x3ff2)), RangeError);
});

test('decode undoes encode', () => {
  const settings = fc.uint8Array({ maxLength: 400 });
  fc.assert(
    fc.property(settings, (userData) => {
      assert.deepEqual(decodeConferenceCreateRequest(encodeConferenceCreateRequest(userData)), userData);
    }),
  );
  const value = fc.record(
    {
      nodeId: fc.integer({ min: 1001, max: 1001 + 0xffff }),
      tag: fc.oneof(fc.integer(), fc.integer({ min: -300, max: 300 })),
      result: fc.nat(7),
      userData: settings,
    },
    { noNullPrototype: true, requiredKeys: ['nodeId', 'tag', 'result'] },
  );
  fc.assert(
    fc.property(value, (response) => {
      assert.deepEqual(decodeConferenceCreateResponse(encodeConferenceCreateResponse(response)), response);
    }),
  );
});

checkManners('decodeConferenceCreateRequest', decodeConferenceCreateRequest, [
  PUBLISHED_CONFERENCE_CREATE_REQUEST,
]);
checkManners('decodeConferenceCreateResponse', decodeConferenceCreateResponse, [
  PUBLISHED_CONFERENCE_CREATE_RESPONSE,
  encodeConferenceCreateResponse({ nodeId: 1001, tag: 1, result: 1 }),
]);
