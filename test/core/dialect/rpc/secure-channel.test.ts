// What Netlogon answers to functions 6 and 10 of NetrLogonControl2Ex becomes an answer, whatever it is; what
// it answers with a broken trust is as measured with Samba's controller (test/peers/guest has the real one).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { Writer } from '../../../../src/core/bytes/writer.ts';
import type { PipeUser } from '../../../../src/core/dialect/rpc/pipes.ts';
import { type Refused, refused } from '../../../../src/core/dialect/rpc/refusals.ts';
import { askSecureChannel } from '../../../../src/core/dialect/rpc/secure-channel.ts';
import type { SecureChannel } from '../../../../src/core/model/windows-facts.ts';
import type { Dialog } from '../../../../src/core/protocol/dialog.ts';
import type { RpcAssociation } from '../../../../src/core/protocol/rpc/association.ts';
import { bind } from '../../../../src/core/protocol/rpc/bind.ts';
import type { RpcInterface } from '../../../../src/core/protocol/rpc/operation.ts';
import { FakeServer, type FakeServerOptions, run } from '../../protocol/rpc/fake-server.ts';

const DOMAIN = 'OTHER.EXAMPLE';
const CONTROLLER = '\\\\odc.other.example';

type Serving = NonNullable<FakeServerOptions['answer']> | Refused;

/** The pipes of a machine, each with a server behind it or none, and what was asked there. */
function machine(serving: Readonly<Record<string, Serving>>): {
  readonly pipes: PipeUser;
  readonly asked: () => readonly number[];
} {
  const servers: FakeServer[] = [];
  function* use<T>(
    served: RpcInterface,
    work: (association: RpcAssociation) => Dialog<T>,
  ): Dialog<T | Refused> {
    const answer = serving[served.name] ?? refused('no-channel', 'nobody is there');
    if (typeof answer !== 'function') return answer;
    const server = new FakeServer({ answer });
    servers.push(server);
    const bound = yield* bind(server, [served]);
    return bound.kind === 'bound' ? yield* work(bound.association) : assert.fail(bound.kind);
  }
  const functions = () =>
    servers.flatMap(({ calls }) =>
      // FunctionCode follows a null pointer.
      calls.filter(({ opnum }) => opnum === 18).map(({ stub }) => stub[4] ?? 0),
    );
  return { pipes: { use }, asked: functions };
}

const status = (code: number): Uint8Array => new Writer().u32le(code).toBytes();

/** [MS-NRPC] 2.2.1.7.3 NETLOGON_INFO_2, and the code of the call. */
function info(flags: number, pdc: number, channel: number, name: string): Uint8Array {
  const text = encodeUtf16le(`${name}\0`);
  const w = new Writer().u32le(2).u32le(0x2_0000).u32le(flags).u32le(pdc).u32le(0x2_0004).u32le(channel);
  w.u32le(name.length + 1)
    .u32le(0)
    .u32le(name.length + 1)
    .bytes(text)
    .zeros(-text.length & 3);
  return w.u32le(0).toBytes();
}
/** The call failed: no information. */
const failed = (code: number): Uint8Array => new Writer().u32le(2).u32le(0).u32le(code).toBytes();

function ask(kind: SecureChannel['asked'], serving: Readonly<Record<string, Serving>>) {
  const { pipes, asked } = machine(serving);
  const answer = run(askSecureChannel(pipes, { kind: 'secure-channel', asked: kind, domain: DOMAIN }));
  return { answer, asked: asked() };
}

/** flags, pdc, tc as Samba 4.17 tells them of a trust. */
const TOLD: readonly (readonly [
  name: string,
  asked: SecureChannel['asked'],
  told: readonly [flags: number, pdc: number, channel: number],
  expected: Partial<SecureChannel>,
])[] = [
  ['healthy, verified', 'verify', [0xb0, 0, 0], { verified: true, status: 0, pdcStatus: 0 }],
  ['healthy, remembered', 'query', [0x30, 0, 0], { verified: false, status: 0 }],
  [
    'the account is disabled: both statuses count',
    'verify',
    [0xb0, 0x533, 0],
    { verified: true, status: 0, pdcStatus: 0x533 },
  ],
  ['an older password', 'verify', [0xb0, 5, 5], { verified: true, status: 5, pdcStatus: 5 }],
  [
    'the account is gone',
    'verify',
    [0xb0, 0x6fb, 0x6fb],
    { verified: true, status: 0x6fb, pdcStatus: 0x6fb },
  ],
  [
    'no controller answers',
    'verify',
    [0xb0, 0x51f, 0x51f],
    { verified: true, status: 0x51f, pdcStatus: 0x51f },
  ],
  ['verify without the flag proves nothing', 'verify', [0x30, 0, 0], { verified: false, status: 0 }],
  ['query with the flag proves nothing either', 'query', [0xb0, 0x533, 0], { verified: false, status: 0 }],
];

for (const [name, kind, told, expected] of TOLD) {
  test(`told: ${name}`, () => {
    const { answer, asked } = ask(kind, { netlogon: () => info(...told, CONTROLLER) });
    const channel = { asked: kind, controller: CONTROLLER, ...expected, flags: told[0] };
    const at = `netlogon NetrLogonControl2Ex(${kind === 'query' ? 6 : 10}) ${DOMAIN}`;
    assert.deepEqual(answer, { state: 'present', at, value: { kind: 'secure-channel', channel } });
    assert.deepEqual(asked, [kind === 'query' ? 6 : 10], 'and nothing else was asked');
  });
}

test('told: no controller has a name', () => {
  const { answer } = ask('verify', { netlogon: () => info(0x80, 0, 0, '') });
  assert.ok(answer.state === 'present' && answer.value.kind === 'secure-channel');
  assert.equal('controller' in answer.value.channel, false);
});

/** SERVICE_STATUS_PROCESS and QUERY_SERVICE_CONFIGW of one service, [MS-SCMR] 2.2.49 and 2.2.15. */
const services =
  (state: number, start: number): Serving =>
  ({ opnum }) => {
    if (opnum === 15 || opnum === 16) return new Writer().zeros(20).u32le(0).toBytes();
    if (opnum === 40) {
      const w = new Writer().u32le(36).u32le(0x20).u32le(state).zeros(28);
      return w.u32le(0).u32le(0).toBytes();
    }
    return new Writer().u32le(0x20).u32le(start).zeros(32).u32le(0).toBytes();
  };
const noService: Serving = ({ opnum }) =>
  new Writer()
    .zeros(20)
    .u32le(opnum === 15 ? 0 : 1060)
    .toBytes();
const noPipe: Refused = { ...refused('no-channel', 'there is no such name'), missing: true };

const UNKNOWN: readonly (readonly [
  name: string,
  serving: Readonly<Record<string, Serving>>,
  why: string,
  detail: RegExp,
])[] = [
  ['access denied', { netlogon: () => failed(5) }, 'denied', /access denied; it answers administrators/],
  ['a domain that nobody knows', { netlogon: () => failed(1355) }, 'no-channel', /no domain OTHER\.EXAMPLE/],
  ['not supported', { netlogon: () => failed(50) }, 'no-channel', /does not answer this \(error 50\)/],
  ['another error', { netlogon: () => failed(1722) }, 'no-channel', /answers with error 1722$/],
  ['a fault', { netlogon: () => 5 }, 'denied', /^asking Netlogon: access denied$/],
  [
    'an answer that is none',
    { netlogon: () => status(0) },
    'corrupt',
    /^asking Netlogon: NetrLogonControl2Ex/,
  ],
  ['late', { netlogon: refused('timeout', 'no reply in time') }, 'timeout', /^no reply in time$/],
  [
    'no pipe, and Netlogon is stopped',
    { netlogon: noPipe, svcctl: services(1, 3) },
    'no-channel',
    /^the service Netlogon is stopped, so there is no secure channel.*sc start Netlogon/,
  ],
  [
    'no pipe, and Netlogon is disabled',
    { netlogon: noPipe, svcctl: services(1, 4) },
    'no-channel',
    /^the service Netlogon is stopped and disabled, so/,
  ],
  [
    'Netlogon says itself that it is not started',
    { netlogon: () => failed(1792), svcctl: services(2, 2) },
    'no-channel',
    /^the service Netlogon is start-pending, so/,
  ],
  [
    'no pipe, and Netlogon runs',
    { netlogon: noPipe, svcctl: services(4, 2) },
    'no-channel',
    /^the service Netlogon runs, and the machine has no pipe netlogon/,
  ],
  [
    'no pipe, and no such service',
    { netlogon: noPipe, svcctl: noService },
    'no-channel',
    /^the machine has no pipe netlogon, since it has no service Netlogon$/,
  ],
  [
    'no pipe, and services are denied',
    { netlogon: noPipe, svcctl: refused('denied', 'access denied') },
    'no-channel',
    /^the machine has no pipe netlogon, and of its services it tells nothing$/,
  ],
];

for (const [name, serving, why, detail] of UNKNOWN) {
  test(`unknown: ${name}`, () => {
    const { answer } = ask('verify', serving);
    assert.ok(answer.state === 'unknown', JSON.stringify(answer));
    assert.equal(answer.why, why, answer.detail);
    assert.match(answer.detail ?? '', detail);
  });
}
