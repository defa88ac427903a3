import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  decodeSpnego,
  encodeSpnego,
  looksLikeSpnego,
  MECHANISM,
  type SpnegoToken,
} from '../../../src/core/protocol/spnego.ts';
import { checkManners } from '../decoder-manners.ts';

const bytesOf = (commented: string): Uint8Array => fromHex(commented.replace(/--.*$/gm, ''));

/** Shapes as Windows sends them; the bytes follow X.690 and the modules of [RFC 4178] and [MS-SPNG]. */
const SAMPLES: readonly (readonly [name: string, bytes: string, value: SpnegoToken])[] = [
  [
    'a client offers NTLM alone, with its first message',
    `60 28                                      -- InitialContextToken
       06 06 2b 06 01 05 05 02                  -- SPNEGO
       a0 1e 30 1c                              -- NegTokenInit
         a0 0e 30 0c
           06 0a 2b 06 01 04 01 82 37 02 02 0a  -- NTLMSSP
         a2 0a 04 08 4e 54 4c 4d 53 53 50 00    -- mechToken`,
    { kind: 'init', mechTypes: [MECHANISM.ntlmssp], mechToken: fromHex('4e544c4d53535000') },
  ],
  [
    'a client offers Kerberos in both spellings and NTLM',
    `60 38
       06 06 2b 06 01 05 05 02
       a0 2e 30 2c
         a0 24 30 22
           06 09 2a 86 48 82 f7 12 01 02 02     -- 1.2.840.48018.1.2.2
           06 09 2a 86 48 86 f7 12 01 02 02     -- 1.2.840.113554.1.2.2
           06 0a 2b 06 01 04 01 82 37 02 02 0a
         a3 04 04 02 01 02                      -- mechListMIC`,
    {
      kind: 'init',
      mechTypes: [MECHANISM.microsoftKerberos, MECHANISM.kerberos, MECHANISM.ntlmssp],
      mechListMIC: fromHex('0102'),
    },
  ],
  [
    'a server starts, with a hint',
    `60 29
       06 06 2b 06 01 05 05 02
       a0 1f 30 1d
         a0 0e 30 0c 06 0a 2b 06 01 04 01 82 37 02 02 0a
         a3 0b 30 09 a0 07 1b 05 68 69 6e 74 e9 -- negHints, hintName in ISO 8859-1`,
    { kind: 'init2', mechTypes: [MECHANISM.ntlmssp], negHints: { hintName: 'hint\u00e9' } },
  ],
  [
    'a server answers with a challenge',
    `a1 1f 30 1d                                -- NegTokenResp
         a0 03 0a 01 01                         -- accept-incomplete
         a1 0c 06 0a 2b 06 01 04 01 82 37 02 02 0a
         a2 08 04 06 4e 54 4c 4d 53 53          -- responseToken`,
    { kind: 'resp', negState: 1, supportedMech: MECHANISM.ntlmssp, responseToken: fromHex('4e544c4d5353') },
  ],
  ['a server rejects', 'a1 07 30 05 a0 03 0a 01 02', { kind: 'resp', negState: 2 }],
  [
    'a last token with its MIC',
    'a1 08 30 06 a3 04 04 02 aa bb',
    { kind: 'resp', mechListMIC: fromHex('aabb') },
  ],
];

for (const [name, commented, value] of SAMPLES) {
  test(`SPNEGO: ${name}`, () => {
    const bytes = bytesOf(commented);
    assert.deepEqual(decodeSpnego(bytes), value);
    assert.equal(toHex(encodeSpnego(value)), toHex(bytes));
    assert.ok(looksLikeSpnego(bytes));
  });
}

test('SPNEGO: an NTLM message is no SPNEGO token', () => {
  const ntlm = fromHex('4e544c4d53535000');
  assert.ok(!looksLikeSpnego(ntlm));
  assert.throws(() => decodeSpnego(ntlm), DecodeError);
});

test('SPNEGO: another mechanism in the GSS-API header is refused by name', () => {
  const bytes = bytesOf('60 0b 06 09 2a 86 48 86 f7 12 01 02 02');
  assert.throws(() => decodeSpnego(bytes), /1\.2\.840\.113554\.1\.2\.2/);
});

const octets = fc.uint8Array({ maxLength: 200 });
const oids = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.nat(39), fc.array(fc.nat(0x7fff_ffff), { maxLength: 8 }))
  .map(([root, second, others]) => [root, second, ...others].join('.'));
const initFields = { mechTypes: fc.array(oids, { maxLength: 8 }), reqFlags: octets, mechToken: octets };
const latin1 = fc.array(fc.nat(255), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));
const tokens: fc.Arbitrary<SpnegoToken> = fc.oneof(
  fc.record(
    { kind: fc.constant('init' as const), ...initFields, mechListMIC: octets },
    { requiredKeys: ['kind', 'mechTypes'], noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('init2' as const),
      ...initFields,
      negHints: fc.record(
        { hintName: latin1, hintAddress: octets },
        { requiredKeys: [], noNullPrototype: true },
      ),
      mechListMIC: octets,
    },
    { requiredKeys: ['kind', 'mechTypes', 'negHints'], noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('resp' as const),
      negState: fc.integer({ min: -128, max: 300 }),
      supportedMech: oids,
      responseToken: octets,
      mechListMIC: octets,
    },
    { requiredKeys: ['kind'], noNullPrototype: true },
  ),
);

test('SPNEGO: decode undoes encode', () => {
  fc.assert(fc.property(tokens, (token) => assert.deepEqual(decodeSpnego(encodeSpnego(token)), token)));
});

checkManners(
  'SPNEGO',
  decodeSpnego,
  SAMPLES.map(([, commented]) => bytesOf(commented)),
);
