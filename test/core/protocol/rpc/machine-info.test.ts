import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteTimeOfDay, SRVSVC, serverInfo } from '../../../../src/core/protocol/rpc/srvsvc.ts';
import { joinInformation, WKSSVC, workstationInfo } from '../../../../src/core/protocol/rpc/wkssvc.ts';
import { IMPACKET_REQUESTS, SAMBA_REPLIES } from './foreign-stubs.ts';
import { checkReplies, checkRequest } from './operation-rows.ts';

test('wkssvc and srvsvc are the interfaces of [MS-WKST] 1.9 and [MS-SRVS] 1.9', () => {
  assert.deepEqual(WKSSVC.syntax, { uuid: '6bffd098-a112-3610-9833-46c3f87e345a', major: 1, minor: 0 });
  assert.deepEqual(SRVSVC.syntax, { uuid: '4b324fc8-1670-01d3-1278-5a47bf6ee188', major: 3, minor: 0 });
});

checkRequest(workstationInfo, 0, { level: 102 }, IMPACKET_REQUESTS.NetrWkstaGetInfo);
checkRequest(joinInformation, 20, undefined, IMPACKET_REQUESTS.NetrGetJoinInformation);
checkRequest(serverInfo, 21, { level: 101 }, IMPACKET_REQUESTS.NetrServerGetInfo);
checkRequest(remoteTimeOfDay, 28, undefined, IMPACKET_REQUESTS.NetrRemoteTOD);

checkReplies(workstationInfo, [
  [
    'level 100',
    SAMBA_REPLIES.workstation100,
    {
      kind: 'ok',
      value: { level: 100, platform: 500, computerName: 'DC1', group: 'CORP', major: 5, minor: 2 },
    },
  ],
  [
    'level 102',
    SAMBA_REPLIES.workstation102,
    {
      kind: 'ok',
      value: {
        level: 102,
        platform: 500,
        computerName: 'VM1',
        group: 'CORP',
        major: 6,
        minor: 1,
        lanRoot: '',
        loggedOnUsers: 0,
      },
    },
  ],
  ['denied', SAMBA_REPLIES.workstationDenied, { kind: 'error', status: 5 }],
]);
checkReplies(joinInformation, [
  [
    'a workgroup',
    '00 00 02 00 03 00 00 00 00 00 00 00 03 00 00 00 57 00 47 00 00 00  02 00 00 00 00 00',
    { kind: 'ok', value: { name: 'WG', status: 2 } },
  ],
]);
checkReplies(serverInfo, [
  ['level 100', SAMBA_REPLIES.server100, { kind: 'ok', value: { level: 100, platform: 500, name: 'VM1' } }],
  [
    'level 101',
    SAMBA_REPLIES.server101,
    {
      kind: 'ok',
      value: {
        level: 101,
        platform: 500,
        name: 'VM1',
        major: 6,
        minor: 1,
        type: 0x0080_9b03,
        comment: 'Samba 4.17.12-Debian',
      },
    },
  ],
  [
    'level 102',
    SAMBA_REPLIES.server102,
    {
      kind: 'ok',
      value: {
        level: 102,
        platform: 500,
        name: 'VM1',
        major: 6,
        minor: 1,
        type: 0x0080_9b03,
        comment: 'Samba 4.17.12-Debian',
        users: 0xffff_ffff,
      },
    },
  ],
]);
checkReplies(remoteTimeOfDay, [
  [
    'the clock of the server',
    `00 00 02 00
     97 af 08 6b 00 00 00 00 16 00 00 00 0f 00 00 00 33 00 00 00  -- 22:15:51
     05 00 00 00 c4 ff ff ff 10 27 00 00                          -- five hundredths, 60 minutes east
     1a 00 00 00 0b 00 00 00 ea 07 00 00 04 00 00 00              -- Thursday, 26 November 2026
     00 00 00 00`,
    {
      kind: 'ok',
      value: { unixMillis: Date.UTC(2026, 10, 26, 22, 15, 51, 50), uptimeMillis: 0, minutesWest: -60 },
    },
  ],
  [
    'a server that does not know its time zone',
    `00 00 02 00
     01 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00
     00 00 00 00 ff ff ff ff 10 27 00 00 01 00 00 00 01 00 00 00 b2 07 00 00 04 00 00 00 00 00 00 00`,
    { kind: 'ok', value: { unixMillis: 1000, uptimeMillis: 2 } },
  ],
]);

test('NetrRemoteTOD: as Samba answered it', () => {
  const bytes = Uint8Array.from(Buffer.from(SAMBA_REPLIES.timeOfDay, 'hex'));
  const answer = remoteTimeOfDay.decode(bytes);
  const time = answer.kind === 'ok' ? answer.value : assert.fail();
  assert.deepEqual(time, { unixMillis: Date.UTC(2026, 10, 26, 22, 15, 51), uptimeMillis: 0, minutesWest: 0 });
});
