import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  decodeHandshakeMessage,
  decodeTlsAlert,
  decodeTlsRecord,
  encodeHandshakeMessage,
  encodeTlsAlert,
  encodeTlsRecord,
  type HandshakeMessage,
  MAX_HANDSHAKE_MESSAGE_LENGTH,
  MAX_RECORD_LENGTH,
  reassembleHandshake,
  tlsRecordLength,
} from '../../../src/core/protocol/tls-record.ts';
import { checkManners } from '../decoder-manners.ts';

function checkLength(name: string, hex: string, expected: number | undefined | RegExp) {
  test(`record length: ${name}`, () => {
    const bytes = fromHex(hex);
    if (expected instanceof RegExp) assert.throws(() => tlsRecordLength(bytes), expected);
    else assert.equal(tlsRecordLength(bytes), expected);
  });
}

checkLength('nothing yet', '', undefined);
checkLength('one byte', '16', undefined);
checkLength('four bytes', '16030100', undefined);
checkLength('a header', '1603010040', 69);
checkLength('an alert with what follows it', '15030300020228 16', 7);
checkLength('SSL 3.0', '1503000002', 7);
checkLength('the longest protected record', '1703034800', MAX_RECORD_LENGTH);
checkLength('a longer one', '1703034801', /18433/);
checkLength('a TPKT', '03', /content type of 20 to 24, received 3/);
checkLength('HTTP', '48545450', /received 72/);
checkLength('SSH', '53', /received 83/);
checkLength('version 2', '1602', /version 3\.x, received 2\.x/);
checkLength('an SSL 2.0 record, too short to name', '80', undefined);
// SSL 2.0 section 2.6 SERVER-HELLO: length 0x802c, MSG-SERVER-HELLO, no session id hit, X.509, version 0x0002
checkLength('an SSL 2.0 SERVER-HELLO', '802c 04 00 01 0002', /SSL 2\.0 SERVER-HELLO/);
// SSL 2.0 section 2.7 ERROR: length 3, MSG-ERROR, NO-CIPHER-ERROR
checkLength('an SSL 2.0 ERROR', '8003 00 0001', /SSL 2\.0 ERROR/);
checkLength('any other high byte', 'ff0001', /received 255/);

// RFC 8446 section 6: a fatal handshake_failure in a record of version 3.1
const ALERT = fromHex('15 0301 0002 02 28');

test('an alert record', () => {
  const record = decodeTlsRecord(ALERT);
  assert.deepEqual(record, { type: 21, version: 0x0301, fragment: Uint8Array.of(2, 40) });
  assert.deepEqual(decodeTlsAlert(record.fragment), { level: 2, description: 40 });
  assert.equal(toHex(encodeTlsRecord(record)), toHex(ALERT));
  assert.equal(toHex(encodeTlsAlert({ level: 1, description: 112 })), '0170');
});

test('what cannot be one record or one alert', () => {
  assert.throws(() => decodeTlsRecord(fromHex('15030100020228 00')), /1 bytes follow/);
  assert.throws(() => decodeTlsAlert(Uint8Array.of(2, 40, 0)), DecodeError);
  assert.throws(
    () => encodeTlsRecord({ type: 22, version: 0x0301, fragment: new Uint8Array(16385) }),
    RangeError,
  );
});

const MESSAGE = fromHex('0e 000003 aabbcc');

test('record: encode and decode agree', () => {
  const record = fc.record(
    {
      type: fc.integer({ min: 20, max: 24 }),
      version: fc.integer({ min: 0x0300, max: 0x0304 }),
      fragment: fc.uint8Array({ maxLength: 600 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(record, (value) => {
      const bytes = encodeTlsRecord(value);
      assert.equal(tlsRecordLength(bytes), bytes.length);
      assert.deepEqual(decodeTlsRecord(bytes), value);
    }),
  );
});

/** The messages of a stream cut into records at these places. */
function reassembleAll(fragments: readonly Uint8Array[]): {
  messages: HandshakeMessage[];
  pending: Uint8Array;
} {
  let pending: Uint8Array = new Uint8Array(0);
  const messages: HandshakeMessage[] = [];
  for (const fragment of fragments) {
    const step = reassembleHandshake(pending, fragment);
    messages.push(...step.messages);
    pending = step.pending;
  }
  return { messages, pending };
}

test('handshake messages come back whole however they are cut into records', () => {
  const message = fc.record(
    { type: fc.nat(255), body: fc.uint8Array({ maxLength: 300 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.nat(2000), { maxLength: 8 }),
      (messages, cuts) => {
        const stream = Uint8Array.from(messages.flatMap((each) => [...encodeHandshakeMessage(each)]));
        const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length];
        places.sort((a, b) => a - b);
        const fragments = places.slice(1).map((end, index) => stream.subarray(places[index], end));
        const whole = reassembleAll(fragments);
        assert.deepEqual(whole.messages, messages);
        assert.equal(whole.pending.length, 0);
      },
    ),
  );
});

test('an unfinished message stays pending', () => {
  const { messages, pending } = reassembleAll([MESSAGE, MESSAGE.subarray(0, 5)]);
  assert.deepEqual(messages, [{ type: 14, body: fromHex('aabbcc') }]);
  assert.equal(toHex(pending), '0e000003aa');
});

test('a message that announces too much is refused before it is collected', () => {
  const announced = (length: number) => Uint8Array.of(11, length >> 16, (length >> 8) & 0xff, length & 0xff);
  const fits = reassembleHandshake(new Uint8Array(0), announced(MAX_HANDSHAKE_MESSAGE_LENGTH));
  assert.equal(fits.pending.length, 4);
  const tooLong = announced(MAX_HANDSHAKE_MESSAGE_LENGTH + 1);
  assert.throws(() => reassembleHandshake(new Uint8Array(0), tooLong), /at most 131072 bytes/);
  assert.throws(() => decodeHandshakeMessage(tooLong), /at most 131072 bytes/);
});

checkManners('TLSPlaintext', decodeTlsRecord, [ALERT, fromHex('16 0303 0007 0e000003aabbcc')]);
checkManners('Alert', decodeTlsAlert, [Uint8Array.of(2, 40)]);
checkManners('Handshake', decodeHandshakeMessage, [MESSAGE]);
