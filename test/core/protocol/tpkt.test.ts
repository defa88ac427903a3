import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tryDecode } from '../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from '../../../src/core/protocol/tpkt.ts';
import { checkManners } from '../decoder-manners.ts';

/** [MS-RDPBCGR] 4.2.3: the shortest packet of a Remote Desktop connection. */
const PUBLISHED = fromHex(
  '03 00 00 09' + // version 3, reserved, length 9
    '02 f0 80 21 80', // X.224 Data, MCS Disconnect Provider Ultimatum
);

function check(name: string, row: { readonly bytes: string; readonly length: number | undefined | RegExp }) {
  test(`tpktLength: ${name}`, () => {
    const decoded = tryDecode(() => tpktLength(fromHex(row.bytes)));
    if (row.length instanceof RegExp) {
      assert.ok(!decoded.ok, 'a length came back');
      assert.match(decoded.error.message, row.length);
    } else {
      assert.deepEqual(decoded, { ok: true, value: row.length });
    }
  });
}

check('nothing yet', { bytes: '', length: undefined });
check('one byte', { bytes: '03', length: undefined });
check('three bytes', { bytes: '03 00 00', length: undefined });
check('a header alone', { bytes: '03 00 00 13', length: 19 });
check('a packet and the start of the next', { bytes: '03 00 00 09 02 f0 80 21 80 03', length: 9 });
check('the longest', { bytes: '03 00 ff ff', length: 0xffff });
check('the shortest', { bytes: '03 00 00 07', length: 7 });
check('too short for a TPDU', { bytes: '03 00 00 06', length: /at least 7 bytes, received 6/ });
check('version 2', { bytes: '02 00 00 09', length: /expected version 3, received 0x02/ });
check('one byte of an SSH banner', { bytes: '53', length: /expected version 3, received 0x53/ });
check('one byte of a TLS alert', { bytes: '15', length: /expected version 3, received 0x15/ });

test('the published packet decodes and encodes', () => {
  assert.equal(toHex(decodeTpkt(PUBLISHED)), '02f0802180');
  assert.equal(toHex(encodeTpkt(fromHex('02 f0 80 21 80'))), toHex(PUBLISHED));
});

test('bytes after the announced length are refused', () => {
  assert.throws(() => decodeTpkt(Uint8Array.of(...PUBLISHED, 0)), /TPKT at byte 9: 1 bytes follow the end/);
});

test('what no TPKT can carry is a mistake of ours', () => {
  assert.throws(() => encodeTpkt(new Uint8Array(2)), RangeError);
  assert.throws(() => encodeTpkt(new Uint8Array(0xfffc)), RangeError);
  assert.equal(encodeTpkt(new Uint8Array(0xfffb)).length, 0xffff);
});

test('decode undoes encode, and the framing agrees', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 3, maxLength: 400 }), (payload) => {
      const packet = encodeTpkt(payload);
      assert.deepEqual(Uint8Array.from(decodeTpkt(packet)), payload);
      assert.equal(tpktLength(packet), packet.length);
    }),
  );
});

checkManners('decodeTpkt', decodeTpkt, [PUBLISHED]);
checkManners('tpktLength', (bytes) => tpktLength(bytes) ?? decodeTpkt(bytes), [fromHex('03 00 00 09')]);
