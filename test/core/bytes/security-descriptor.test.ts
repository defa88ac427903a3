import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { fromHex } from '../../../src/core/bytes/hex.ts';
import { Reader } from '../../../src/core/bytes/reader.ts';
import { decodeDacl, mayRead } from '../../../src/core/bytes/security-descriptor.ts';
import { readSid } from '../../../src/core/bytes/sid.ts';
import { checkManners } from '../decoder-manners.ts';
import { descriptor, encodeSid } from './build-security-descriptor.ts';

const sidOf = (bytes: Uint8Array): string => readSid(new Reader(bytes, 'SID'));

/** [MS-DTYP] 2.5.1.4: O:BAG:BAD:P(A;CIOI;GRGX;;;BU)(A;CIOI;GA;;;BA)(A;CIOI;GA;;;SY)(A;CIOI;GA;;;CO)S:P(AU;FA;GR;;;WD) */
const PUBLISHED = fromHex(
  [
    '010014b0 90000000 a0000000 14000000 30000000', // revision, control SR PD PS SP DP; owner, group, SACL, DACL
    '02001c00 01000000', // SACL: 28 bytes, one entry
    '02801400 00000080 0101000000000001 00000000', // audit, failed access, GENERIC_READ, S-1-1-0
    '02006000 04000000', // DACL: 96 bytes, four entries
    '00031800 000000a0 0102000000000005 20000000 21020000', // allow, CI OI, GR GX, S-1-5-32-545
    '00031800 00000010 0102000000000005 20000000 20020000', // allow, GA, S-1-5-32-544
    '00031400 00000010 0101000000000005 12000000', // allow, GA, S-1-5-18
    '00031400 00000010 0101000000000003 00000000', // allow, GA, S-1-3-0
    '0102000000000005 20000000 20020000', // owner
    '0102000000000005 20000000 20020000', // group
  ]
    .join('')
    .replaceAll(' ', ''),
);

describe('SID', () => {
  const rows: readonly (readonly [bytes: string, text: string])[] = [
    ['010100000000000512000000', 'S-1-5-18'],
    ['01020000000000052000000020020000', 'S-1-5-32-544'],
    ['010100000000000100000000', 'S-1-1-0'],
    ['0100000000000010', 'S-1-16'],
    // [MS-DTYP] 2.4.2.1: an authority of more than 32 bits is written in hexadecimal.
    ['0101010000000000ffffffff', 'S-1-0x010000000000-4294967295'],
    ['0104000000000005150000008e64790d6754deb1635e9a47', 'S-1-5-21-226059406-2984137831-1201299043'],
  ];
  for (const [bytes, text] of rows) test(text, () => assert.equal(sidOf(fromHex(bytes)), text));

  test('what is none', () => {
    assert.throws(() => sidOf(fromHex('0201000000000005 12000000'.replace(' ', ''))), DecodeError);
    assert.throws(() => sidOf(fromHex(`0110000000000005${'00000000'.repeat(16)}`)), DecodeError);
  });
  test('reads nothing behind its end', () => {
    const reader = new Reader(fromHex('010100000000000512000000ffff'), 'SID');
    readSid(reader);
    assert.equal(reader.remaining, 2);
  });
  test('round trip', () =>
    fc.assert(
      fc.property(fc.nat(0xffff), fc.array(fc.nat(0xffff_ffff), { maxLength: 15 }), (authority, parts) => {
        const text = ['S-1', authority, ...parts].join('-');
        assert.equal(sidOf(encodeSid(text)), text);
      }),
    ));
  checkManners(
    'SID',
    sidOf,
    rows.map(([bytes]) => fromHex(bytes)),
  );
});

describe('DACL', () => {
  test('the published sample', () =>
    assert.deepEqual(decodeDacl(PUBLISHED), [
      { kind: 'allow', sid: 'S-1-5-32-545', mask: 0xa000_0000, inheritOnly: false },
      { kind: 'allow', sid: 'S-1-5-32-544', mask: 0x1000_0000, inheritOnly: false },
      { kind: 'allow', sid: 'S-1-5-18', mask: 0x1000_0000, inheritOnly: false },
      { kind: 'allow', sid: 'S-1-3-0', mask: 0x1000_0000, inheritOnly: false },
    ]));

  const entries = [
    { kind: 'deny', sid: 'S-1-1-0', mask: 0x2 },
    { kind: 'allow', sid: 'S-1-5-20', mask: 0x120089, flags: 0x08 },
  ] as const;
  const sample = descriptor(entries);
  test('one that was built', () =>
    assert.deepEqual(decodeDacl(sample), [
      { kind: 'deny', sid: 'S-1-1-0', mask: 0x2, inheritOnly: false },
      { kind: 'allow', sid: 'S-1-5-20', mask: 0x120089, inheritOnly: true },
    ]));
  test('none, and an empty one, are not the same', () => {
    assert.equal(decodeDacl(descriptor(undefined)), undefined);
    assert.deepEqual(decodeDacl(descriptor([])), []);
  });
  test('the flag without a place is none: everybody may', () => {
    const bytes = descriptor(undefined).slice();
    bytes[2] = 0x04;
    assert.equal(decodeDacl(bytes), undefined);
  });
  test('entries of other kinds are passed over', () => {
    const bytes = sample.slice();
    bytes[20 + 24 + 8] = 0x05; // ACCESS_ALLOWED_OBJECT_ACE
    assert.deepEqual(
      decodeDacl(bytes)?.map(({ sid }) => sid),
      ['S-1-5-20'],
    );
  });

  const damage = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const damaged = sample.slice();
    damaged.set(bytes, at);
    return damaged;
  };
  const rows: readonly (readonly [title: string, bytes: Uint8Array, says: RegExp])[] = [
    ['not self-relative', damage(3, 0x00), /not self-relative/],
    ['a DACL inside the header', damage(16, 8), /a DACL at byte 8 overlaps the header/],
    ['a size that cannot be', damage(46, 4, 0), /an ACL of 4 bytes cannot have 2 entries/],
    ['more entries than there is room for', damage(48, 0xff, 0xff), /cannot have 65535 entries/],
    ['one entry more than there is', damage(48, 3), /expected 1 more bytes/],
    ['an entry without a length', damage(54, 0, 0), /expected an ACE of at least 8 bytes, received 0/],
    ['a SID of another revision', damage(60, 9), /expected revision 1, received 9/],
  ];
  for (const [title, bytes, says] of rows) {
    test(title, () =>
      assert.throws(
        () => decodeDacl(bytes),
        (error) => error instanceof DecodeError && says.test(error.message),
      ),
    );
  }
  checkManners('SECURITY_DESCRIPTOR', decodeDacl, [sample, descriptor([])]);
});

describe('who may read', () => {
  const ME = ['S-1-5-20', 'S-1-1-0'];
  const entry = (kind: 'allow' | 'deny', sid: string, mask: number, inheritOnly = false) => ({
    kind,
    sid,
    mask,
    inheritOnly,
  });
  const rows: readonly (readonly [title: string, dacl: Parameters<typeof mayRead>[0], may: boolean])[] = [
    ['no list', undefined, true],
    ['an empty list', [], false],
    ['FILE_READ_DATA', [entry('allow', 'S-1-5-20', 1)], true],
    ['GENERIC_READ', [entry('allow', 'S-1-5-20', 0x8000_0000)], true],
    ['GENERIC_ALL', [entry('allow', 'S-1-5-20', 0x1000_0000)], true],
    ['writing only', [entry('allow', 'S-1-5-20', 0x4000_0002)], false],
    ['somebody else', [entry('allow', 'S-1-5-18', 1)], false],
    ['denied, then allowed', [entry('deny', 'S-1-1-0', 1), entry('allow', 'S-1-5-20', 1)], false],
    ['allowed, then denied', [entry('allow', 'S-1-5-20', 1), entry('deny', 'S-1-1-0', 1)], true],
    ['denied writing', [entry('deny', 'S-1-1-0', 2), entry('allow', 'S-1-5-20', 1)], true],
    ['for what lies below', [entry('allow', 'S-1-5-20', 1, true)], false],
  ];
  for (const [title, dacl, may] of rows) test(title, () => assert.equal(mayRead(dacl, ME), may));
});
