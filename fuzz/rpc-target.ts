// What a server of DCE/RPC may say: PDUs, the stub of every response that we read, and whole calls,
// plain and signed in. A stub is the rest of the input, so one input goes through every decoder.
import { tryDecode } from '../src/core/bytes/decode-error.ts';
import { concat } from '../src/core/bytes/writer.ts';
import type { Dialog } from '../src/core/protocol/dialog.ts';
import { prepare } from '../src/core/protocol/rpc/association.ts';
import { bind } from '../src/core/protocol/rpc/bind.ts';
import { getPrimaryDomainInformation } from '../src/core/protocol/rpc/dssetup.ts';
import { mapEndpoint } from '../src/core/protocol/rpc/epmapper.ts';
import { decodeEventLogRecords } from '../src/core/protocol/rpc/event-log-record.ts';
import { openLog, readLog } from '../src/core/protocol/rpc/eventlog.ts';
import { queryNext, registerLogQuery } from '../src/core/protocol/rpc/eventlog6.ts';
import * as lsarpc from '../src/core/protocol/rpc/lsarpc.ts';
import { logonControl } from '../src/core/protocol/rpc/netlogon.ts';
import { decodePdu, encodePdu, PDU_TYPE, PFC, pduLength, WHOLE } from '../src/core/protocol/rpc/pdu.ts';
import {
  decodeBind,
  decodeBindAck,
  decodeBindNak,
  encodeBindAck,
  NDR_SYNTAX,
} from '../src/core/protocol/rpc/pdu-bind.ts';
import { decodeFault, decodeRequest, decodeResponse } from '../src/core/protocol/rpc/pdu-call.ts';
import { remoteTimeOfDay, serverInfo } from '../src/core/protocol/rpc/srvsvc.ts';
import * as svcctl from '../src/core/protocol/rpc/svcctl.ts';
import { tcpTransport } from '../src/core/protocol/rpc/tcp-transport.ts';
import * as winreg from '../src/core/protocol/rpc/winreg.ts';
import { createKey } from '../src/core/protocol/rpc/winreg-write.ts';
import { joinInformation, workstationInfo } from '../src/core/protocol/rpc/wkssvc.ts';
import { play } from '../test/core/dialog-drivers.ts';
import { CHALLENGE } from '../test/core/protocol/ntlm-samples.ts';
import { faultOf, responsesOf } from '../test/core/protocol/rpc/fake-server.ts';
import { SAMBA_REPLIES } from '../test/core/protocol/rpc/foreign-stubs.ts';
import { bytesOf } from '../test/core/protocol/rpc/operation-rows.ts';
import type { Target } from './target.ts';

const DECODERS: readonly ((bytes: Uint8Array) => unknown)[] = [
  pduLength,
  decodePdu,
  ...[decodeBind, decodeBindAck, decodeBindNak, decodeRequest, decodeResponse, decodeFault].map(
    (decode) => (bytes: Uint8Array) => decode(decodePdu(bytes).body),
  ),
  winreg.openLocalMachine.decode,
  winreg.queryValue.decode,
  winreg.queryMultipleValues.decode,
  winreg.enumValue.decode,
  winreg.enumKey.decode,
  winreg.queryInfoKey.decode,
  winreg.getKeySecurity.decode,
  createKey.decode,
  svcctl.queryServiceConfig.decode,
  svcctl.queryServiceStatus.decode,
  svcctl.queryServiceStatusEx.decode,
  svcctl.enumServices.decode,
  lsarpc.queryPolicy.decode,
  lsarpc.enumerateAccounts.decode,
  lsarpc.enumerateAccountsWithUserRight.decode,
  lsarpc.enumerateAccountRights.decode,
  getPrimaryDomainInformation.decode,
  workstationInfo.decode,
  joinInformation.decode,
  serverInfo.decode,
  remoteTimeOfDay.decode,
  logonControl.decode,
  openLog.decode,
  readLog.decode,
  decodeEventLogRecords,
  registerLogQuery.decode,
  queryNext.decode,
  mapEndpoint.decode,
];

const SECURITY = {
  level: 'privacy' as const,
  credential: { domain: 'Domain', user: 'User', password: 'Password' },
  random: { exportedSessionKey: new Uint8Array(16), clientChallenge: new Uint8Array(8) },
  now: 0n,
  workstation: 'HERE',
};

/** A bind, a call, and two calls at once. */
function* session(security?: typeof SECURITY): Dialog<void> {
  const answer = yield* bind(tcpTransport, [lsarpc.LSARPC], security && { security });
  if (answer.kind !== 'bound') return;
  const policy = new Uint8Array(20);
  yield* answer.association.call(lsarpc.openPolicy, { access: 1 });
  yield* answer.association.callAll(
    [5, 12].map((level) => prepare(lsarpc.queryPolicy, { policy, class: level })),
  );
}

const bindAck = (challenge: boolean): Uint8Array =>
  encodePdu({
    type: PDU_TYPE.bind_ack,
    flags: WHOLE | PFC.CONC_MPX,
    callId: 1,
    body: encodeBindAck({
      maxTransmit: 4280,
      maxReceive: 4280,
      group: 1,
      address: '135',
      results: [{ result: 0, reason: 0, transferSyntax: NDR_SYNTAX }],
    }),
    ...(challenge && { auth: { type: 10, level: 6, contextId: 1, value: CHALLENGE } }),
  });
const reply = (callId: number, stub: string): Uint8Array =>
  concat(...responsesOf(callId, bytesOf(stub), 40).map((pdu) => encodePdu(pdu)));

/** The target `rpc`. */
export const RPC_TARGET: Target = {
  seeds: () => [
    ...Object.values(SAMBA_REPLIES).map(bytesOf),
    concat(
      bindAck(false),
      reply(2, `${'00'.repeat(20)} 00 00 00 00`),
      reply(4, SAMBA_REPLIES.dnsDomain),
      reply(3, SAMBA_REPLIES.accountDomain),
    ),
    concat(bindAck(true), faultOf(2, 5)),
  ],
  read: (bytes) => {
    for (const decode of DECODERS) tryDecode(() => decode(bytes));
    for (const security of [undefined, SECURITY]) play(session(security), bytes);
  },
};
