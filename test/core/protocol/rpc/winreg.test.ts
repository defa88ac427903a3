import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeDacl } from '../../../../src/core/bytes/security-descriptor.ts';
import {
  closeKey,
  enumKey,
  enumValue,
  getKeySecurity,
  openKey,
  openLocalMachine,
  queryInfoKey,
  queryMultipleValues,
  queryValue,
} from '../../../../src/core/protocol/rpc/winreg.ts';
import { REG_ACCESS, REG_OPTION, WINREG } from '../../../../src/core/protocol/rpc/winreg-interface.ts';
import {
  createKey,
  deleteKey,
  deleteValue,
  setKeySecurity,
  setValue,
} from '../../../../src/core/protocol/rpc/winreg-write.ts';
import { IMPACKET_REQUESTS, SAMBA_REPLIES } from './foreign-stubs.ts';
import { bytesOf, checkReplies, checkRequest, HANDLE } from './operation-rows.ts';

const handleHex = '01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14';
const DWORD_ONE = Uint8Array.of(1, 0, 0, 0);

test('winreg is the interface of [MS-RRP] 1.9', () => {
  assert.deepEqual(WINREG.syntax, { uuid: '338cd001-2244-31f1-aaaa-900038001003', major: 1, minor: 0 });
});

checkRequest(openLocalMachine, 2, { access: REG_ACCESS.MAXIMUM_ALLOWED }, IMPACKET_REQUESTS.OpenLocalMachine);
checkRequest(
  openKey,
  15,
  {
    key: HANDLE,
    path: 'SYSTEM\\Select',
    options: REG_OPTION.BACKUP_RESTORE,
    access: 0x2_0019 | REG_ACCESS.KEY_WOW64_64KEY,
  },
  IMPACKET_REQUESTS.BaseRegOpenKey,
);
checkRequest(closeKey, 5, { key: HANDLE }, IMPACKET_REQUESTS.BaseRegCloseKey);
checkRequest(
  queryMultipleValues,
  29,
  { key: HANDLE, names: ['One', 'Three'], room: 8 },
  IMPACKET_REQUESTS.BaseRegQueryMultipleValues,
);
checkRequest(
  setValue,
  22,
  { key: HANDLE, name: 'Odd', type: 3, data: Uint8Array.of(1, 2, 3, 4, 5) },
  IMPACKET_REQUESTS.BaseRegSetValue,
);
checkRequest(deleteValue, 8, { key: HANDLE, name: 'Odd' }, IMPACKET_REQUESTS.BaseRegDeleteValue);
checkRequest(deleteKey, 7, { key: HANDLE, path: 'Sub' }, IMPACKET_REQUESTS.BaseRegDeleteKey);

// The others by hand, after the signatures of [MS-RRP] 3.1.5.
checkRequest(
  queryValue,
  17,
  { key: HANDLE, name: 'ab', room: 0x10000 },
  `${handleHex}
   06 00 06 00 00 00 02 00                       -- lpValueName: 6 bytes
   03 00 00 00 00 00 00 00 03 00 00 00 61 00 62 00 00 00
   00 00 04 00 02 00 00 00 00 00                 -- lpType
   08 00 02 00 00 00 01 00 00 00 00 00 00 00 00 00 -- lpData: room for 64 KiB, and nothing of it sent
   0c 00 02 00 00 00 01 00                       -- lpcbData
   10 00 02 00 00 00 00 00                       -- lpcbLen`,
);
checkRequest(
  enumValue,
  10,
  { key: HANDLE, index: 3, nameRoom: 256, room: 16 },
  `${handleHex} 03 00 00 00
   00 00 00 02 00 00 02 00                       -- lpValueNameIn: empty, room for 512 bytes
   00 01 00 00 00 00 00 00 00 00 00 00
   04 00 02 00 00 00 00 00
   08 00 02 00 10 00 00 00 00 00 00 00 00 00 00 00
   0c 00 02 00 10 00 00 00
   10 00 02 00 00 00 00 00`,
);
checkRequest(
  enumKey,
  9,
  { key: HANDLE, index: 3, nameRoom: 256 },
  `${handleHex} 03 00 00 00
   00 00 00 02 00 00 02 00
   00 01 00 00 00 00 00 00 00 00 00 00
   04 00 02 00 00 00 00 00 00 00 00 00           -- lpClassIn: a string without a buffer
   08 00 02 00 00 00 00 00 00 00 00 00           -- lpftLastWriteTime`,
);
checkRequest(queryInfoKey, 16, { key: HANDLE }, `${handleHex} 00 00 00 00 00 00 00 00`);
checkRequest(
  getKeySecurity,
  12,
  { key: HANDLE, information: 4, room: 16 },
  `${handleHex} 04 00 00 00
   00 00 02 00 10 00 00 00 00 00 00 00           -- room for 16 bytes
   10 00 00 00 00 00 00 00 00 00 00 00`,
);
checkRequest(
  createKey,
  6,
  { key: HANDLE, path: 'a', options: 0, access: 0x0002_0006 },
  `${handleHex}
   04 00 04 00 00 00 02 00 02 00 00 00 00 00 00 00 02 00 00 00 61 00 00 00
   00 00 00 00 00 00 00 00                       -- lpClass
   00 00 00 00 06 00 02 00
   00 00 00 00                                   -- lpSecurityAttributes
   04 00 02 00 00 00 00 00                       -- lpdwDisposition`,
);
checkRequest(
  setKeySecurity,
  21,
  { key: HANDLE, information: 4, descriptor: Uint8Array.of(1, 2, 3) },
  `${handleHex} 04 00 00 00
   00 00 02 00 03 00 00 00 03 00 00 00
   03 00 00 00 00 00 00 00 03 00 00 00 01 02 03`,
);

const error = (status: number) => ({ kind: 'error' as const, status });

checkReplies(openLocalMachine, [
  ['a handle', `${handleHex} 00 00 00 00`, { kind: 'ok', value: HANDLE }],
  ['access denied', `${'00'.repeat(20)} 05 00 00 00`, error(5)],
]);
checkReplies(openKey, [['a key that is missing', SAMBA_REPLIES.openMissing, error(2)]]);
checkReplies(closeKey, [['closed', SAMBA_REPLIES.closeKey, { kind: 'ok', value: undefined }]]);
checkReplies(queryValue, [
  ['UserAuthentication', SAMBA_REPLIES.dword, { kind: 'ok', value: { type: 4, data: DWORD_ONE } }],
  ['no room: what it needs', SAMBA_REPLIES.dwordWithoutRoom, { kind: 'more-data', needed: 4 }],
  ['a value that is missing', SAMBA_REPLIES.missingValue, error(2)],
  [
    'three bytes, of a type that nobody knows',
    `00 00 02 00 11 20 00 00   04 00 02 00 03 00 00 00 00 00 00 00 03 00 00 00 78 79 7a
     00 08 00 02 00 03 00 00 00   0c 00 02 00 03 00 00 00   00 00 00 00`,
    { kind: 'ok', value: { type: 0x2011, data: Uint8Array.of(0x78, 0x79, 0x7a) } },
  ],
]);
checkReplies(queryInfoKey, [
  [
    'of RDP-Tcp',
    SAMBA_REPLIES.keyInfo,
    {
      kind: 'ok',
      value: {
        subkeys: 0,
        longestSubkeyName: 0,
        values: 2,
        longestValueName: 38,
        longestValue: 4,
        securitySize: 120,
        changedAt: 0n,
      },
    },
  ],
]);
checkReplies(enumValue, [
  [
    'the first value',
    SAMBA_REPLIES.enumValue,
    { kind: 'ok', value: { name: 'UserAuthentication', type: 4, data: DWORD_ONE } },
  ],
  ['the end', SAMBA_REPLIES.enumValueEnd, error(259)],
]);
checkReplies(enumKey, [
  ['the first key', SAMBA_REPLIES.enumKey, { kind: 'ok', value: { name: 'SOFTWARE', changedAt: 0n } }],
  ['the end', SAMBA_REPLIES.enumKeyEnd, error(259)],
  [
    'a key with a class, its name without a NUL',
    `02 00 02 00 00 00 02 00 01 00 00 00 00 00 00 00 01 00 00 00 61 00 00 00
     04 00 02 00 02 00 02 00 08 00 02 00 01 00 00 00 00 00 00 00 01 00 00 00 62 00 00 00
     0c 00 02 00 01 00 00 00 02 00 00 00         -- FILETIME 0x0000000200000001
     00 00 00 00`,
    { kind: 'ok', value: { name: 'a', changedAt: 0x2_0000_0001n } },
  ],
]);
checkReplies(queryMultipleValues, [
  [
    'two values in one buffer',
    `02 00 00 00 00 00 00 00 02 00 00 00
     00 00 02 00 04 00 00 00 00 00 00 00 04 00 00 00   -- 4 bytes at 0
     04 00 02 00 02 00 00 00 04 00 00 00 03 00 00 00   -- 2 bytes at 4
     04 00 04 00 08 00 02 00 02 00 00 00 00 00 00 00 02 00 00 00 61 00 00 00
     04 00 04 00 0c 00 02 00 02 00 00 00 00 00 00 00 02 00 00 00 62 00 00 00
     10 00 02 00 08 00 00 00 00 00 00 00 08 00 00 00 01 00 00 00 aa bb 00 00
     08 00 00 00 00 00 00 00`,
    {
      kind: 'ok',
      value: [
        { name: 'a', type: 4, data: DWORD_ONE },
        { name: 'b', type: 3, data: Uint8Array.of(0xaa, 0xbb) },
      ],
    },
  ],
  ['no room', SAMBA_REPLIES.multipleWithoutRoom, { kind: 'more-data', needed: 0 }],
]);
checkReplies(getKeySecurity, [
  ['no room', SAMBA_REPLIES.securityWithoutRoom, { kind: 'more-data', needed: 120 }],
]);
checkReplies(createKey, [
  [
    'a new key',
    SAMBA_REPLIES.createKey,
    { kind: 'ok', value: { key: bytesOf(SAMBA_REPLIES.createKey.slice(0, 40)), created: true } },
  ],
  [
    'one that was there',
    `${handleHex} 00 00 02 00 02 00 00 00 00 00 00 00`,
    { kind: 'ok', value: { key: HANDLE, created: false } },
  ],
]);
checkReplies(deleteValue, [['missing', SAMBA_REPLIES.deleteMissing, error(2)]]);

test('BaseRegGetKeySecurity: the descriptor can be read', () => {
  const answer = getKeySecurity.decode(bytesOf(SAMBA_REPLIES.security));
  const descriptor = answer.kind === 'ok' ? answer.value : assert.fail();
  assert.equal(descriptor.length, 120);
  assert.deepEqual(
    decodeDacl(descriptor)?.map(({ kind, sid, mask }) => [kind, sid, mask]),
    [
      ['allow', 'S-1-1-0', 0x0002_0019],
      ['allow', 'S-1-5-32-544', 0x000f_003f],
      ['allow', 'S-1-5-18', 0x000f_003f],
    ],
  );
});

test('BaseRegQueryMultipleValues: a value beyond its buffer is refused', () => {
  const reply = bytesOf(`01 00 00 00 00 00 00 00 01 00 00 00
    00 00 02 00 04 00 00 00 01 00 00 00 04 00 00 00
    04 00 04 00 08 00 02 00 02 00 00 00 00 00 00 00 02 00 00 00 61 00 00 00
    10 00 02 00 04 00 00 00 00 00 00 00 04 00 00 00 01 00 00 00
    04 00 00 00 00 00 00 00`);
  assert.throws(() => queryMultipleValues.decode(reply), /a value of 4 bytes at 1 in 4/);
});

test('BaseRegQueryValue: a length beyond what was sent is refused', () => {
  const reply = bytesOf(`00 00 02 00 03 00 00 00   04 00 02 00 01 00 00 00 00 00 00 00 01 00 00 00 78
     00 00 00 08 00 02 00 03 00 00 00   0c 00 02 00 03 00 00 00   00 00 00 00`);
  assert.throws(() => queryValue.decode(reply), /3 bytes of data, and 1 were sent/);
});
