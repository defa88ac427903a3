import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { Reader } from '../../../src/core/bytes/reader.ts';
import {
  AV_FLAG,
  type AvPair,
  avPairsOf,
  decodeTargetInfo,
  encodeTargetInfo,
  type TargetInfo,
  type TargetNames,
  targetInfoOf,
} from '../../../src/core/protocol/ntlm-av-pairs.ts';
import { checkManners } from '../decoder-manners.ts';

const decode = (bytes: Uint8Array): TargetInfo => decodeTargetInfo(new Reader(bytes, 'TargetInfo'));

const EVERY_PAIR = fromHex(
  '0200 0800 43004f0052005000' + // MsvAvNbDomainName CORP
    '0100 0600 56004d003100' + // MsvAvNbComputerName VM1
    '0400 0200 6400' + // MsvAvDnsDomainName d
    '0300 0200 6300' + // MsvAvDnsComputerName c
    '0500 0200 7400' + // MsvAvDnsTreeName t
    '0600 0400 02000000' + // MsvAvFlags: MIC
    '0700 0800 00803ed5deb19d01' + // MsvAvTimestamp: 1970-01-01
    `0800 3000 30000000 00000000 0102030405060708 ${'ab'.repeat(32)}` + // MsvAvSingleHost
    '0900 0400 54005300' + // MsvAvTargetName TS
    `0a00 1000 ${'cd'.repeat(16)}` + // MsvAvChannelBindings
    '0000 0000', // MsvAvEOL
);
const EVERY_NAME: TargetNames = {
  nbComputerName: 'VM1',
  nbDomainName: 'CORP',
  dnsComputerName: 'c',
  dnsDomainName: 'd',
  dnsTreeName: 't',
  flags: AV_FLAG.micPresent,
  timestamp: 116_444_736_000_000_000n,
  singleHost: { customData: fromHex('0102030405060708'), machineId: fromHex('ab'.repeat(32)) },
  targetName: 'TS',
  channelBindings: fromHex('cd'.repeat(16)),
};

test('AV_PAIR: every defined identifier', () => {
  const info = decode(EVERY_PAIR);
  const { pairs, ...names } = info;
  assert.deepEqual(names, EVERY_NAME);
  assert.deepEqual(
    pairs.map(({ id }) => id),
    [2, 1, 4, 3, 5, 6, 7, 8, 9, 10],
  );
  assert.equal(toHex(encodeTargetInfo(info)), toHex(EVERY_PAIR));
  assert.equal(toHex(encodeTargetInfo({ pairs: avPairsOf(EVERY_NAME) })), toHex(EVERY_PAIR));
});

const raw = (id: number, hex: string): AvPair => ({ id, value: fromHex(hex) });
const ODD: readonly (readonly [name: string, pairs: readonly AvPair[], names: TargetNames])[] = [
  ['an unknown identifier is kept raw', [raw(0x4711, 'ff')], {}],
  ['the first of two counts', [raw(1, '4100'), raw(1, '4200')], { nbComputerName: 'A' }],
  ['half a character is no name', [raw(1, '41'), raw(2, '4200')], { nbDomainName: 'B' }],
  ['flags of six bytes say nothing', [raw(6, '020000000000')], {}],
  ['flags of two bytes say nothing', [raw(6, '0200')], {}],
  ['a time stamp of four bytes says nothing', [raw(7, '00000000')], {}],
  ['channel bindings have sixteen bytes', [raw(10, '00')], {}],
  ['a short single host says nothing', [raw(8, '0000')], {}],
  ['an empty name is a name', [raw(9, '')], { targetName: '' }],
];
for (const [name, pairs, names] of ODD) {
  test(`AV_PAIR: ${name}`, () => {
    assert.deepEqual(decode(encodeTargetInfo({ pairs })), { pairs, ...names });
  });
}

test('AV_PAIR: what follows MsvAvEOL is left alone', () => {
  const r = new Reader(fromHex('00000000 0100'), 'TargetInfo');
  assert.deepEqual(decodeTargetInfo(r), { pairs: [] });
  assert.equal(r.remaining, 2);
});

test('AV_PAIR: decode undoes encode', () => {
  const pair = fc.record(
    { id: fc.integer({ min: 1, max: 20 }), value: fc.uint8Array({ maxLength: 60 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
      assert.deepEqual(decode(encodeTargetInfo({ pairs })), targetInfoOf(pairs));
      assert.deepEqual(targetInfoOf(pairs).pairs, pairs);
    }),
  );
  const text = fc.string({ maxLength: 20 });
  const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
    fc.uint8Array({ minLength: length, maxLength: length });
  const names = fc.record(
    {
      nbComputerName: text,
      nbDomainName: text,
      dnsComputerName: text,
      dnsDomainName: text,
      dnsTreeName: text,
      flags: fc.nat(0xffff_ffff),
      timestamp: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
      singleHost: fc.record({ customData: bytes(8), machineId: bytes(32) }, { noNullPrototype: true }),
      targetName: text,
      channelBindings: bytes(16),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(names, (said) => {
      const { pairs, ...heard } = decode(encodeTargetInfo({ pairs: avPairsOf(said) }));
      assert.deepEqual(heard, said);
      assert.equal(pairs.length, Object.keys(said).length);
    }),
  );
});

checkManners('AV_PAIR', decode, [EVERY_PAIR]);
