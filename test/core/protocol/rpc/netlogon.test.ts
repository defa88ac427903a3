import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTROL_FUNCTION, logonControl, NETLOGON } from '../../../../src/core/protocol/rpc/netlogon.ts';
import { IMPACKET_REQUESTS } from './foreign-stubs.ts';
import { checkReplies, checkRequest } from './operation-rows.ts';

test('netlogon is the interface of [MS-NRPC] 1.9', () => {
  assert.deepEqual(NETLOGON.syntax, { uuid: '12345678-1234-abcd-ef00-01234567cffb', major: 1, minor: 0 });
});

checkRequest(
  logonControl,
  18,
  { server: '\\\\vm1', function: CONTROL_FUNCTION.tcVerify, domain: 'CORP' },
  IMPACKET_REQUESTS.NetrLogonControl2Ex,
);

checkReplies(logonControl, [
  [
    'a channel that was verified and is broken',
    `02 00 00 00 00 00 02 00
     b0 00 00 00 33 05 00 00 04 00 02 00 fb 06 00 00
     04 00 00 00 00 00 00 00 04 00 00 00 5c 00 5c 00 64 00 00 00   -- \\\\d
     00 00 00 00`,
    {
      kind: 'ok',
      value: { flags: 0xb0, pdcStatus: 0x533, channelStatus: 0x6fb, controller: '\\\\d' },
    },
  ],
  [
    'a controller about its own domain: an empty name',
    `02 00 00 00 00 00 02 00
     80 00 00 00 00 00 00 00 04 00 02 00 00 00 00 00
     01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00
     00 00 00 00`,
    { kind: 'ok', value: { flags: 0x80, pdcStatus: 0, channelStatus: 0, controller: '' } },
  ],
  ['a domain that nobody knows', '02 00 00 00 00 00 00 00 4b 05 00 00', { kind: 'error', status: 0x54b }],
]);

test('NetrLogonControl2Ex: another level, and success without information, are refused', () => {
  const reply = (level: number, pointer: number) =>
    Uint8Array.from([level, 0, 0, 0, pointer, 0, 0, 0, ...Array(20).fill(0)]);
  assert.throws(() => logonControl.decode(reply(1, 1)), /expected level 2, received 1/);
  assert.throws(() => logonControl.decode(reply(2, 0)), /success without information/);
});
