import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  closeService,
  enumServices,
  openManager,
  openService,
  queryServiceConfig,
  queryServiceStatus,
  queryServiceStatusEx,
  SERVICE_ACCESS,
  SERVICE_CONFIG_ROOM,
  SERVICE_STATE,
  SERVICE_TYPE,
  type ServiceStatus,
  SVCCTL,
} from '../../../../src/core/protocol/rpc/svcctl.ts';
import { IMPACKET_REQUESTS, SAMBA_REPLIES } from './foreign-stubs.ts';
import { bytesOf, checkReplies, checkRequest, HANDLE } from './operation-rows.ts';

test('svcctl is the interface of [MS-SCMR] 1.9', () => {
  assert.deepEqual(SVCCTL.syntax, { uuid: '367abb81-9844-35f1-ad32-98f038001003', major: 2, minor: 0 });
});

const access = SERVICE_ACCESS.SERVICE_QUERY_CONFIG | SERVICE_ACCESS.SERVICE_QUERY_STATUS;
checkRequest(
  openManager,
  15,
  { access: SERVICE_ACCESS.SC_MANAGER_CONNECT | SERVICE_ACCESS.SC_MANAGER_ENUMERATE_SERVICE },
  IMPACKET_REQUESTS.ROpenSCManagerW,
);
checkRequest(
  openService,
  16,
  { manager: HANDLE, name: 'TermService', access },
  IMPACKET_REQUESTS.ROpenServiceW,
);
checkRequest(
  queryServiceConfig,
  17,
  { service: HANDLE, room: SERVICE_CONFIG_ROOM },
  IMPACKET_REQUESTS.RQueryServiceConfigW,
);
checkRequest(queryServiceStatus, 6, { service: HANDLE }, IMPACKET_REQUESTS.RQueryServiceStatus);
checkRequest(queryServiceStatusEx, 40, { service: HANDLE }, IMPACKET_REQUESTS.RQueryServiceStatusEx);
checkRequest(closeService, 0, { handle: HANDLE }, IMPACKET_REQUESTS.RCloseServiceHandle);
checkRequest(
  enumServices,
  14,
  { manager: HANDLE, type: SERVICE_TYPE.WIN32, state: SERVICE_STATE.ALL, room: 65_536, resume: 7 },
  IMPACKET_REQUESTS.REnumServicesStatusW,
);

const STOPPED: ServiceStatus = {
  type: 0x20,
  state: 1,
  controlsAccepted: 0,
  exitCode: 0,
  serviceExitCode: 0,
  checkPoint: 0,
  waitHint: 0,
};

checkReplies(openService, [
  ['a service that does not exist', SAMBA_REPLIES.openMissingService, { kind: 'error', status: 1060 }],
]);
checkReplies(queryServiceStatus, [['stopped', SAMBA_REPLIES.serviceStatus, { kind: 'ok', value: STOPPED }]]);
checkReplies(queryServiceStatusEx, [
  [
    'stopped, and its process',
    SAMBA_REPLIES.serviceStatusEx,
    { kind: 'ok', value: { ...STOPPED, processId: 0x761f } },
  ],
]);
checkReplies(queryServiceConfig, [
  [
    'Net Logon, disabled',
    SAMBA_REPLIES.serviceConfig,
    {
      kind: 'ok',
      value: {
        type: 0x10,
        startType: 4,
        errorControl: 1,
        program: '/usr/lib/x86_64-linux-gnu/samba/svcctl/smbd',
        loadOrderGroup: '',
        tag: 0,
        dependencies: [],
        startName: 'LocalSystem',
        displayName: 'Net Logon',
      },
    },
  ],
  ['no room', SAMBA_REPLIES.serviceConfigWithoutRoom, { kind: 'more-data', needed: 204 }],
  [
    'with a group and dependencies',
    `20 00 00 00 02 00 00 00 01 00 00 00
     00 00 00 00 04 00 02 00                     -- no lpBinaryPathName, a lpLoadOrderGroup
     07 00 00 00                                 -- dwTagId
     08 00 02 00 00 00 00 00 00 00 00 00         -- lpDependencies alone
     02 00 00 00 00 00 00 00 02 00 00 00 67 00 00 00
     06 00 00 00 00 00 00 00 06 00 00 00 61 00 2f 00 2b 00 62 00 2f 00 00 00  -- a/+b/
     00 00 00 00 00 00 00 00`,
    {
      kind: 'ok',
      value: {
        type: 0x20,
        startType: 2,
        errorControl: 1,
        program: '',
        loadOrderGroup: 'g',
        tag: 7,
        dependencies: ['a', '+b'],
        startName: '',
        displayName: '',
      },
    },
  ],
]);

/** One service, whose names stand at the end of the buffer: [MS-SCMR] 2.2.11. */
const LIST = `
  2c 00 00 00
    24 00 00 00 28 00 00 00                      -- names at 36 and at 40
    20 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    61 00 00 00 62 00 00 00
  00 00 00 00                                    -- pcbBytesNeeded
  01 00 00 00                                    -- lpServicesReturned
  00 00 02 00 05 00 00 00                        -- lpResumeIndex
  00 00 00 00`;
checkReplies(enumServices, [
  [
    'one service',
    LIST,
    {
      kind: 'ok',
      value: { services: [{ name: 'a', displayName: 'b', status: STOPPED }], resume: 5, more: 0 },
    },
  ],
  [
    'no room: what is left',
    SAMBA_REPLIES.enumServicesWithoutRoom,
    { kind: 'ok', value: { services: [], resume: 0, more: 532 } },
  ],
  [
    'access denied',
    '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 00 00 00',
    { kind: 'error', status: 5 },
  ],
]);

test('REnumServicesStatusW: a count, an offset and a name that lie are refused', () => {
  const changed = (at: number, value: number): Uint8Array =>
    bytesOf(LIST).map((byte, index) => (index === at ? value : byte));
  assert.throws(() => enumServices.decode(changed(4 + 44 + 4, 2)), /2 services in a buffer of 44 bytes/);
  assert.throws(() => enumServices.decode(changed(4, 0xff)), /expected 255 more bytes/);
  assert.throws(() => enumServices.decode(changed(4 + 42, 1)), /a name without an end/);
});
