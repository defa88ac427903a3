import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  decodeConferenceCreateRequest,
  encodeConferenceCreateResponse,
} from '../../../src/core/protocol/gcc.ts';
import { decodeClientBlocks } from '../../../src/core/protocol/gcc-client-data.ts';
import { encodeServerBlocks, type ServerBlock } from '../../../src/core/protocol/gcc-server-data.ts';
import {
  CLIENT_DOMAIN,
  decodeConnectInitial,
  encodeConnectResponse,
  encodeDisconnectProviderUltimatum,
} from '../../../src/core/protocol/mcs.ts';
import {
  readStandardSecurity,
  type StandardSecurityAnswer,
} from '../../../src/core/protocol/standard-security.ts';
import { decodeTpkt, encodeTpkt } from '../../../src/core/protocol/tpkt.ts';
import { decodeData, encodeData } from '../../../src/core/protocol/x224.ts';
import { PUBLISHED_CONNECT_RESPONSE } from './connect-samples.ts';
import { type Act, play } from './scripted-peer.ts';

const CORE: ServerBlock = { kind: 'core', version: 0x00080004 };
const FIPS: ServerBlock = { kind: 'security', encryptionMethod: 0x10, encryptionLevel: 4 };

const packet = (mcs: Uint8Array) => encodeTpkt(encodeData(mcs));

/** A response with these settings, or with a GCC result and none. */
function response(settings: readonly ServerBlock[], gccResult = 0): Uint8Array {
  const userData = encodeServerBlocks(settings);
  const conference = { nodeId: 31219, tag: 1, result: gccResult };
  return packet(
    encodeConnectResponse({
      result: 0,
      accepted: {
        calledConnectId: 0,
        domainParameters: CLIENT_DOMAIN.targetParameters,
        userData: encodeConferenceCreateResponse(gccResult === 0 ? { ...conference, userData } : conference),
      },
    }),
  );
}

function check(name: string, acts: readonly Act[], expected: StandardSecurityAnswer) {
  test(`standard security: ${name}`, () => {
    assert.deepEqual(play(readStandardSecurity(0x1b), acts).value, expected);
  });
}

function checkForeign(name: string, bytes: Uint8Array, problem: RegExp) {
  test(`standard security: foreign: ${name}`, () => {
    const { value } = play(readStandardSecurity(0x1b), [bytes]);
    assert.ok(value.kind === 'foreign', `received ${value.kind}`);
    assert.deepEqual(value.head, bytes.slice(0, 128));
    assert.match(value.problem, problem);
  });
}

test('standard security: one Connect-Initial goes out, with the methods asked for and no channels', () => {
  const { sent } = play(readStandardSecurity(0x0b), ['end']);
  assert.equal(sent.length, 1);
  const initial = decodeConnectInitial(decodeData(decodeTpkt(fromHex(sent[0] ?? ''))));
  assert.deepEqual({ ...initial, userData: undefined }, { ...CLIENT_DOMAIN, userData: undefined });
  const [core, ...others] = decodeClientBlocks(decodeConferenceCreateRequest(initial.userData));
  assert.ok(core?.kind === 'core');
  assert.equal(core.version, 0x00080004);
  assert.equal(core.colorDepth, 0xca01); // RNS_UD_COLOR_8BPP
  assert.equal(core.sasSequence, 0xaa03); // RNS_UD_SAS_DEL
  assert.equal(core.optional.earlyCapabilityFlags, 1); // RNS_UD_CS_SUPPORT_ERRINFO_PDU
  assert.equal(core.optional.serverSelectedProtocol, 0);
  assert.deepEqual(others, [
    { kind: 'cluster', flags: 0x0d, redirectedSessionId: 0 },
    { kind: 'security', encryptionMethods: 0x0b, extEncryptionMethods: 0 },
    { kind: 'network', channels: [] },
  ]);
  // Nothing depends on who asks: two runs are the same bytes.
  assert.deepEqual(play(readStandardSecurity(0x0b), ['end']).sent, sent);
});

check('the published response', [PUBLISHED_CONNECT_RESPONSE], {
  kind: 'security',
  method: 2,
  level: 2,
  version: 0x00080004,
});
check(
  'FIPS, the blocks in another order with a stranger among them',
  [
    response([
      FIPS,
      { kind: 'unknown', type: 0x0c08, bytes: fromHex('00') },
      { ...CORE, version: 0x0008000d },
    ]),
  ],
  { kind: 'security', method: 0x10, level: 4, version: 0x0008000d },
);
check('no encryption', [response([CORE, { kind: 'security', encryptionMethod: 0, encryptionLevel: 0 }])], {
  kind: 'security',
  method: 0,
  level: 0,
  version: 0x00080004,
});
check('a response in pieces', [PUBLISHED_CONNECT_RESPONSE.slice(0, 3), PUBLISHED_CONNECT_RESPONSE.slice(3)], {
  kind: 'security',
  method: 2,
  level: 2,
  version: 0x00080004,
});

check('refused with a result alone', [packet(encodeConnectResponse({ result: 14 }))], {
  kind: 'refused',
  result: 14,
  problem: 'received the MCS result rt-unspecified-failure',
});
check('refused with a result nobody knows', [packet(encodeConnectResponse({ result: 77 }))], {
  kind: 'refused',
  result: 77,
  problem: 'received the MCS result 77',
});
check('refused by an ultimatum', [packet(encodeDisconnectProviderUltimatum(1))], {
  kind: 'refused',
  problem: 'received an MCS Disconnect Provider Ultimatum (rn-provider-initiated)',
});
check('refused by the conference', [response([], 1)], {
  kind: 'refused',
  problem: 'received the GCC result userRejected',
});

check('closed', ['end'], {
  kind: 'interrupted',
  by: { kind: 'closed', how: 'end', partial: new Uint8Array(0), at: 0 },
});
check('silence in the middle of the response', [PUBLISHED_CONNECT_RESPONSE.slice(0, 100), 'timeout'], {
  kind: 'interrupted',
  by: { kind: 'timeout', partial: PUBLISHED_CONNECT_RESPONSE.slice(0, 100), at: 0 },
});

checkForeign('no TPKT', fromHex('48545450'), /expected version 3, received 0x48/);
checkForeign('a confirm once more', fromHex('0300 000b 06d00000123400'), /code 0xf0, received 0xd0/);
checkForeign('no security data', response([CORE]), /expected server security data, received none/);
checkForeign('no core data', response([FIPS]), /expected server core data, received none/);
checkForeign(
  'settings cut short',
  packet(fromHex(toHex(decodeData(decodeTpkt(response([CORE, FIPS])))).replace('020c0c00', '020c0d00'))),
  /expected 9 more bytes, 8 are left/,
);
