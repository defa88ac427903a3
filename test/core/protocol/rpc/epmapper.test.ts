import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EPMAPPER, EPT_S_NOT_REGISTERED, mapEndpoint } from '../../../../src/core/protocol/rpc/epmapper.ts';
import { LSARPC } from '../../../../src/core/protocol/rpc/lsarpc.ts';
import { bytesOf, checkReplies, checkRequest } from './operation-rows.ts';

test('epmapper is the interface of [C706] Appendix O', () => {
  assert.deepEqual(EPMAPPER.syntax, { uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', major: 3, minor: 0 });
});

const LSARPC_FLOOR = '13 00 0d 78 57 34 12 34 12 cd ab ef 00 01 23 45 67 89 ab 00 00   02 00 00 00';
const NDR_FLOOR = '13 00 0d 04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00   02 00 00 00';
const NO_HANDLE = '00'.repeat(20);

// [C706] Appendix L: five floors, each with a left and a right side and their lengths.
checkRequest(
  mapEndpoint,
  3,
  { interface: LSARPC },
  `00 00 02 00 ${'00'.repeat(16)}                 -- object
   04 00 02 00 4b 00 00 00 4b 00 00 00            -- a tower of 75 bytes
   05 00 ${LSARPC_FLOOR} ${NDR_FLOOR}
   01 00 0b 02 00 00 00                           -- connection-oriented
   01 00 07 02 00 00 00                           -- TCP, any port
   01 00 09 04 00 00 00 00 00                     -- IP, any address
   00 ${NO_HANDLE}
   08 00 00 00                                    -- max_towers`,
);

const tower = (port: string, address: string): string => `4b 00 00 00 4b 00 00 00
   05 00 ${LSARPC_FLOOR} ${NDR_FLOOR}
   01 00 0b 02 00 00 00   01 00 07 02 00 ${port}   01 00 09 04 00 ${address}
   00`;

checkReplies(mapEndpoint, [
  [
    'two addresses',
    `${NO_HANDLE} 02 00 00 00
     08 00 00 00 00 00 00 00 02 00 00 00   03 00 00 00 04 00 00 00
     ${tower('c0 01', '00 00 00 00')} ${tower('c0 02', 'c6 12 00 01')}
     00 00 00 00`,
    {
      kind: 'ok',
      value: [
        { port: 49_153, address: '0.0.0.0' },
        { port: 49_154, address: '198.18.0.1' },
      ],
    },
  ],
  [
    'nobody serves it',
    `${NO_HANDLE} 00 00 00 00 08 00 00 00 00 00 00 00 00 00 00 00 d6 a0 c9 16`,
    { kind: 'error', status: EPT_S_NOT_REGISTERED },
  ],
  [
    'a tower of a pipe, which has no port',
    `${NO_HANDLE} 01 00 00 00
     08 00 00 00 00 00 00 00 01 00 00 00   03 00 00 00
     0b 00 00 00 0b 00 00 00 01 00   01 00 0f 04 00 5c 61 62 00   00
     00 00 00 00`,
    { kind: 'ok', value: [] },
  ],
]);

test('ept_map: more towers than were asked for, and towers that lie, are refused', () => {
  const head = `${NO_HANDLE} 01 00 00 00`;
  const nine = `${head} 09 00 00 00 00 00 00 00 09 00 00 00 ${'00'.repeat(36)} 00 00 00 00`;
  assert.throws(() => mapEndpoint.decode(bytesOf(nine)), /9 towers where 8 were asked for/);
  const one = `${head} 08 00 00 00 00 00 00 00 01 00 00 00 03 00 00 00`;
  assert.throws(
    () => mapEndpoint.decode(bytesOf(`${one} 02 00 00 00 03 00 00 00 00 00`)),
    /a tower of 3 bytes in 2/,
  );
  assert.throws(
    () => mapEndpoint.decode(bytesOf(`${one} 02 00 00 00 02 00 00 00 11 00`)),
    /more than 16 floors/,
  );
});
