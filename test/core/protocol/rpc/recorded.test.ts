// Conversations of other people's clients with Samba: what they wrote we write the same, and what was
// answered we read. They lie beside the repository and are never copied into it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fromHex, toHex } from '../../../../src/core/bytes/hex.ts';
import { Reader } from '../../../../src/core/bytes/reader.ts';
import { closePolicy, LSARPC, queryPolicy } from '../../../../src/core/protocol/rpc/lsarpc.ts';
import { logonControl } from '../../../../src/core/protocol/rpc/netlogon.ts';
import type { RpcOperation } from '../../../../src/core/protocol/rpc/operation.ts';
import { decodePdu, encodePdu, PDU_TYPE, type Pdu } from '../../../../src/core/protocol/rpc/pdu.ts';
import {
  decodeBind,
  decodeBindAck,
  encodeBind,
  encodeBindAck,
} from '../../../../src/core/protocol/rpc/pdu-bind.ts';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from '../../../../src/core/protocol/rpc/pdu-call.ts';
import { closeKey, openKey, openLocalMachine, queryValue } from '../../../../src/core/protocol/rpc/winreg.ts';
import { WINREG } from '../../../../src/core/protocol/rpc/winreg-interface.ts';
import { readSharedPeer } from '../../../shared-peers.ts';

interface Conversation {
  readonly messages: readonly {
    readonly from: 'client' | 'server';
    readonly what: string;
    readonly hex: string;
  }[];
}

/** Those that were not encrypted; over each, `net rpc registry getvalue` asked for UserAuthentication of RDP-Tcp. */
const PLAIN = [
  'getval-SMB2_10',
  'getval-SMB3_00',
  'getval-SMB3_02',
  'getval-SMB3_11',
  'krb-SMB3_11',
  'sign-AES-128-CMAC',
  'sign-AES-128-GMAC',
  'sign-CMAC-311',
];

const FSCTL_PIPE_TRANSCEIVE = 0x0011_c017;
/** [MS-SMB2] 2.2.1: the header of every message. */
const HEADER_SIZE = 64;

interface Spoken {
  readonly from: 'client' | 'server';
  readonly bytes: Uint8Array;
}

/** The PDUs in the IOCTL messages of a conversation, [MS-SMB2] 2.2.31 and 2.2.32. */
function pdusOf(conversation: Conversation): readonly Spoken[] {
  return conversation.messages.flatMap(({ from, what, hex }) => {
    if (what !== 'IOCTL') return [];
    const r = new Reader(fromHex(hex), 'IOCTL');
    r.skip(HEADER_SIZE);
    if (r.u16le() === 9) return []; // an interim answer: STATUS_PENDING
    r.skip(2);
    if (r.u32le() !== FSCTL_PIPE_TRANSCEIVE) return [];
    // FileId, then input offset and count, and in an answer output offset and count.
    r.skip(16 + (from === 'client' ? 0 : 8));
    const offset = r.u32le();
    const count = r.u32le();
    r.seek(offset);
    return [{ from, bytes: r.bytes(count) }];
  });
}

/** Reads a recorded conversation; `undefined` where the test was skipped. */
function conversation(t: TestContext, name: string): readonly Spoken[] | undefined {
  const read = readSharedPeer(t, `rpc-vectors/${name}.json`) as Conversation | undefined;
  return read && pdusOf(read);
}

for (const name of PLAIN) {
  test(`${name}: every PDU is written as it was read`, (t) => {
    const pdus = conversation(t, name);
    if (!pdus) return;
    assert.ok(pdus.length >= 22, `only ${pdus.length} PDUs`);
    for (const { bytes } of pdus) {
      const pdu = decodePdu(bytes);
      assert.equal(toHex(encodePdu({ ...pdu, body: rewritten(pdu) })), toHex(bytes));
    }
  });

  test(`${name}: the registry calls`, (t) => {
    const pdus = conversation(t, name);
    if (!pdus) return;
    const binds = pdus.flatMap(({ bytes }) => {
      const pdu = decodePdu(bytes);
      return pdu.type === PDU_TYPE.bind
        ? decodeBind(pdu.body).contexts.map(({ abstractSyntax }) => abstractSyntax)
        : [];
    });
    assert.deepEqual(binds, [LSARPC.syntax, WINREG.syntax]);

    const [lsarpc, winreg] = callsOf(pdus);
    assert.deepEqual(
      lsarpc?.map(({ opnum }) => opnum),
      [6, 7, 0],
    );
    const [, query, close] = lsarpc ?? [];
    same(queryPolicy, query, (stub) => ({ policy: stub.subarray(0, 20), class: 5 }), {
      kind: 'ok',
      value: { kind: 'domain', name: 'VM1', sid: 'S-1-5-21-2367347168-2966003323-1091498854' },
    });
    same(closePolicy, close, (stub) => ({ policy: stub.subarray(0, 20) }), { kind: 'ok', value: undefined });

    assert.deepEqual(
      winreg?.map(({ opnum }) => opnum),
      [2, 15, 17, 17, 5, 5],
    );
    const [root, key, size, value, closed] = winreg ?? [];
    const handleOf = (call: Call | undefined): Uint8Array => call?.reply.subarray(0, 20) ?? assert.fail();
    same(openLocalMachine, root, () => ({ access: 0x0200_0000 }), { kind: 'ok', value: handleOf(root) });
    same(
      openKey,
      key,
      () => ({
        key: handleOf(root),
        path: 'SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp',
        options: 0,
        access: 0x0200_0000,
      }),
      { kind: 'ok', value: handleOf(key) },
    );
    // It asks for the size with a null pointer, then for the value with the bytes sent: we do neither.
    assert.deepEqual(queryValue.decode(size?.reply ?? assert.fail()), {
      kind: 'ok',
      value: { type: 4, data: new Uint8Array(0) },
    });
    assert.deepEqual(queryValue.decode(value?.reply ?? assert.fail()), {
      kind: 'ok',
      value: { type: 4, data: Uint8Array.of(1, 0, 0, 0) },
    });
    same(closeKey, closed, () => ({ key: handleOf(key) }), { kind: 'ok', value: undefined });
  });
}

interface Call {
  readonly opnum: number;
  readonly request: Uint8Array;
  readonly reply: Uint8Array;
}

/** Requests with their responses, one list for each bind. */
function callsOf(pdus: readonly Spoken[]): readonly (readonly Call[])[] {
  const lists: Call[][] = [];
  const replies = new Map(
    pdus.flatMap(({ bytes }) => {
      const pdu = decodePdu(bytes);
      return pdu.type === PDU_TYPE.response ? [[pdu.callId, decodeResponse(pdu.body).stub] as const] : [];
    }),
  );
  for (const { bytes } of pdus) {
    const pdu = decodePdu(bytes);
    if (pdu.type === PDU_TYPE.bind) lists.push([]);
    if (pdu.type !== PDU_TYPE.request) continue;
    const { opnum, stub } = decodeRequest(pdu.body);
    lists[lists.length - 1]?.push({ opnum, request: stub, reply: replies.get(pdu.callId) ?? assert.fail() });
  }
  return lists;
}

/** We write what they wrote, but for the name of the server, which is ours to leave out, and read what they got. */
function same<Request, Response>(
  operation: RpcOperation<Request, Response>,
  call: Call | undefined,
  request: (stub: Uint8Array) => Request,
  expected: Response,
): void {
  assert.ok(call, `${operation.name} was called`);
  assert.equal(toHex(operation.encode(request(call.request))), toHex(call.request), operation.name);
  assert.deepEqual(operation.decode(call.reply), expected);
}

/** The body of a PDU, decoded and encoded again. */
function rewritten({ type, body }: Pdu): Uint8Array {
  switch (type) {
    case PDU_TYPE.bind:
      return encodeBind(decodeBind(body));
    case PDU_TYPE.bind_ack:
      return encodeBindAck(decodeBindAck(body));
    case PDU_TYPE.request:
      return encodeRequest(decodeRequest(body));
    case PDU_TYPE.response:
      return encodeResponse(decodeResponse(body));
    default:
      return assert.fail(`a PDU of type ${type}`);
  }
}

interface ControlRow {
  readonly case: string;
  readonly function: number;
  readonly level: number;
  readonly domain: string;
  readonly decoded: string;
  readonly request: string;
  readonly reply: string;
}

test('netlogoncontrol: functions 6 and 10 are written the same, and both statuses read, in every state of the trust', (t) => {
  // The conversations stand for the folder: whether it is there, and what follows where it is not.
  if (readSharedPeer(t, 'rpc-vectors/getval-SMB2_10.json') === undefined) return;
  const lines = readFileSync(
    new URL('../../../../../shared/peers/rpc-vectors/netlogoncontrol.jsonl', import.meta.url),
    'utf8',
  );
  const rows: readonly ControlRow[] = lines
    .trim()
    .split('\n')
    .map((line): ControlRow => JSON.parse(line))
    .filter(({ function: code, level }) => (code === 6 || code === 10) && level === 2);
  assert.equal(rows.length, 24);
  const states = new Set<string>();
  for (const row of rows) {
    const label = `${row.case}, function ${row.function}`;
    states.add(row.case);
    const code = row.function === 6 ? 6 : 10;
    const ours = toHex(logonControl.encode({ server: '\\\\198.18.0.1', function: code, domain: row.domain }));
    // Whoever asked filled the last four bytes up.
    assert.equal(ours + '0'.repeat(-ours.length & 7), row.request, label);
    const answer = logonControl.decode(fromHex(row.reply));
    // err=0x0 flags=0xb0 pdc=0x533(1331) tc=0x0(0) dc='\\\\odc.other.example'
    const said =
      answer.kind === 'error'
        ? `err=0x${answer.status.toString(16)} `
        : `err=0x0 flags=0x${answer.value.flags.toString(16)} pdc=0x${answer.value.pdcStatus.toString(16)}(${answer.value.pdcStatus})` +
          ` tc=0x${answer.value.channelStatus.toString(16)}(${answer.value.channelStatus})` +
          ` dc='${answer.value.controller.replaceAll('\\', '\\\\')}'`;
    assert.equal(said, row.decoded, label);
  }
  assert.equal(states.size, 8);
});
