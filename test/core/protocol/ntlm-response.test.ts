import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  decodeClientChallenge,
  encodeClientChallenge,
  lmV2Response,
  ntHash,
  ntlmV2Response,
  ntowfV2,
} from '../../../src/core/protocol/ntlm-response.ts';
import { checkManners } from '../decoder-manners.ts';
import * as sample from './ntlm-samples.ts';

const responseKey = ntowfV2(ntHash(sample.PASSWORD), sample.USER, sample.DOMAIN);

test('NTLMv2: the values of [MS-NLMP] 4.2.4', () => {
  assert.equal(toHex(ntHash(sample.PASSWORD)), 'a4f49c406510bdcab6824ee7c30fd852', '4.2.2.1.2 NTOWFv1');
  assert.equal(toHex(responseKey), '0c868a403bfd7a93a3001ef22ef02e3f', '4.2.4.1.1 NTOWFv2');
  const response = ntlmV2Response(responseKey, sample.SERVER_CHALLENGE, sample.TEMP);
  assert.equal(toHex(response.sessionBaseKey), '8de40ccadbc14a82f15cb0ad0de95ca3', '4.2.4.1.2');
  assert.equal(
    toHex(response.ntChallengeResponse),
    `68cd0ab851e51c96aabc927bebef6a1c${toHex(sample.TEMP)}`,
    '4.2.4.2.2',
  );
  assert.equal(
    toHex(lmV2Response(responseKey, sample.SERVER_CHALLENGE, sample.CLIENT_CHALLENGE)),
    '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa',
    '4.2.4.2.1',
  );
});

test('NTLMv2: temp is [MS-NLMP] 4.2.4.1.3 both ways', () => {
  const decoded = decodeClientChallenge(sample.TEMP);
  assert.equal(decoded.timestamp, 0n);
  assert.deepEqual(decoded.challengeFromClient, sample.CLIENT_CHALLENGE);
  assert.equal(decoded.targetInfo.nbDomainName, 'Domain');
  assert.equal(toHex(encodeClientChallenge(decoded)), toHex(sample.TEMP));
  const other = sample.TEMP.slice();
  other[0] = 2;
  assert.throws(() => decodeClientChallenge(other), DecodeError);
});

/** How a user name becomes part of the key: Windows' upper case, unit by unit; the domain name as it is. */
const NAMES: readonly (readonly [
  one: string,
  other: string,
  domain: readonly [string, string],
  same: boolean,
])[] = [
  ['alice', 'ALICE', ['CORP', 'CORP'], true],
  ['éva', 'ÉVA', ['CORP', 'CORP'], true],
  ['groß', 'GROSS', ['CORP', 'CORP'], false],
  ['groß', 'GROß', ['CORP', 'CORP'], true],
  ['alice', 'alice', ['corp', 'CORP'], false],
];
for (const [one, other, [domain, otherDomain], same] of NAMES) {
  test(`NTOWFv2: ${domain}\\${one} and ${otherDomain}\\${other} are ${same ? 'one' : 'two'}`, () => {
    const hash = ntHash(sample.PASSWORD);
    const equal = toHex(ntowfV2(hash, one, domain)) === toHex(ntowfV2(hash, other, otherDomain));
    assert.equal(equal, same);
  });
}

// Without the four zero bytes at its end, which no decoder needs.
checkManners('NTLMv2_CLIENT_CHALLENGE', decodeClientChallenge, [
  sample.TEMP.slice(0, -4),
  fromHex('01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000000000000'),
]);
