// DCE/RPC over TCP with a domain controller that nobody here wrote: endpoints, binds plain and signed in,
// alter_context, calls in flight, faults. What is expected follows from how it was provisioned, and from
// what Samba's own client reads.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Dialog } from '../../src/core/protocol/dialog.ts';
import { prepare, type RpcAssociation } from '../../src/core/protocol/rpc/association.ts';
import { bind } from '../../src/core/protocol/rpc/bind.ts';
import { DSSETUP, getPrimaryDomainInformation } from '../../src/core/protocol/rpc/dssetup.ts';
import {
  EPMAPPER,
  EPMAPPER_PORT,
  EPT_S_NOT_REGISTERED,
  mapEndpoint,
} from '../../src/core/protocol/rpc/epmapper.ts';
import { EVENTLOG6, QUERY_FLAG, queryNext, registerLogQuery } from '../../src/core/protocol/rpc/eventlog6.ts';
import { FAULT_STATUS } from '../../src/core/protocol/rpc/fault-status.ts';
import { LSARPC, openPolicy } from '../../src/core/protocol/rpc/lsarpc.ts';
import {
  CONTROL_FUNCTION,
  logonControl,
  NETLOGON,
  NETLOGON_FLAG,
} from '../../src/core/protocol/rpc/netlogon.ts';
import type { RpcInterface } from '../../src/core/protocol/rpc/operation.ts';
import type { SecurityOptions } from '../../src/core/protocol/rpc/packet-security.ts';
import { SVCCTL } from '../../src/core/protocol/rpc/svcctl.ts';
import { tcpTransport } from '../../src/core/protocol/rpc/tcp-transport.ts';
import { WKSSVC, workstationInfo } from '../../src/core/protocol/rpc/wkssvc.ts';
import { converse } from '../core/dialog-drivers.ts';
import { run } from './processes.ts';
import { isInstalled, requirePeer, requireProgram } from './require-peer.ts';
import { LAB_DOMAIN, startController } from './samba-controller.ts';

const PROGRAMS = ['samba', 'samba-tool', 'rpcclient'] as const;
/** What a domain is provisioned from comes in a package of its own. */
const PROVISION = '/usr/share/samba/setup/provision.ldif';

function requireController(t: TestContext): boolean {
  return (
    requirePeer(t, ...PROGRAMS) &&
    requireProgram(t, PROVISION, 'Debian: apt-get install --no-install-recommends samba-ad-provision')
  );
}

function security(level: SecurityOptions['level'], password: string = LAB_DOMAIN.password): SecurityOptions {
  return {
    level,
    credential: { domain: LAB_DOMAIN.name, user: LAB_DOMAIN.user, password },
    random: {
      exportedSessionKey: new Uint8Array(randomBytes(16)),
      clientChallenge: new Uint8Array(randomBytes(8)),
    },
    now: 0n,
    workstation: 'RDPDOCTOR',
  };
}

/** The TCP port of an interface, by the endpoint mapper. */
async function portOf(served: RpcInterface): Promise<number> {
  const answer = await converse(
    EPMAPPER_PORT,
    (function* () {
      const bound = yield* bind(tcpTransport, [EPMAPPER]);
      return bound.kind === 'bound'
        ? yield* bound.association.call(mapEndpoint, { interface: served })
        : bound;
    })(),
  );
  const [endpoint] = answer.kind === 'answered' && answer.value.kind === 'ok' ? answer.value.value : [];
  return endpoint?.port ?? assert.fail(`${served.name}: ${JSON.stringify(answer)}`);
}

/** Binds to an interface where it listens, and does something there. */
async function on<T>(
  served: RpcInterface,
  signIn: SecurityOptions | undefined,
  work: (association: RpcAssociation) => Dialog<T>,
): Promise<T> {
  const port = await portOf(served);
  return converse(
    port,
    (function* () {
      const bound = yield* bind(tcpTransport, [served], signIn && { security: signIn });
      if (bound.kind !== 'bound') return assert.fail(`${served.name}: ${JSON.stringify(bound)}`);
      return yield* work(bound.association);
    })(),
  );
}

const LEVELS = [undefined, 'integrity', 'privacy'] as const;
const optional = (level: (typeof LEVELS)[number]) => level && security(level);

describe('DCE/RPC over TCP with a Samba controller', () => {
  const ends: (() => void | Promise<void>)[] = [];
  before(async () => {
    if ([...PROGRAMS, PROVISION].every(isInstalled))
      await startController({ after: (end) => ends.push(end) });
  });
  after(async () => {
    for (const end of ends) await end();
  });

  test('the endpoint mapper: a port, and none', async (t) => {
    if (!requireController(t)) return;
    assert.ok((await portOf(LSARPC)) >= 49_152);
    const answer = await converse(
      EPMAPPER_PORT,
      (function* () {
        const bound = yield* bind(tcpTransport, [EPMAPPER]);
        return bound.kind === 'bound'
          ? yield* bound.association.call(mapEndpoint, { interface: SVCCTL })
          : assert.fail();
      })(),
    );
    assert.deepEqual(answer, { kind: 'answered', value: { kind: 'error', status: EPT_S_NOT_REGISTERED } });
  });

  for (const level of LEVELS) {
    test(`dssetup, ${level ?? 'without a sign-in'}: the role as Samba's own client reads it`, async (t) => {
      if (!requireController(t)) return;
      const answer = await on(DSSETUP, optional(level), (s) =>
        s.call(getPrimaryDomainInformation, undefined),
      );
      const value = answer.kind === 'answered' && answer.value.kind === 'ok' ? answer.value.value : undefined;
      const { guid: _, ...rest } = value ?? assert.fail(JSON.stringify(answer));
      const other = await run('rpcclient', [
        `ncacn_ip_tcp:127.0.0.1[sign]`,
        ...['-U', `${LAB_DOMAIN.name}/${LAB_DOMAIN.user}%${LAB_DOMAIN.password}`, '-c', 'dsroledominfo'],
      ]);
      const role = /Machine Role = \[(\d+)\]/.exec(other.stdout)?.[1];
      assert.deepEqual(rest, {
        role: Number(role),
        flags: 0x0100_0001,
        flatName: LAB_DOMAIN.name,
        dnsName: LAB_DOMAIN.dnsName,
        forestName: LAB_DOMAIN.dnsName,
      });
      assert.equal(role, '5', `${other.stdout}${other.stderr}`);
    });

    test(`forty calls in flight, ${level ?? 'without a sign-in'}`, async (t) => {
      if (!requireController(t)) return;
      const call = prepare(getPrimaryDomainInformation, undefined);
      const answers = await on(DSSETUP, optional(level), (s) => {
        assert.equal(s.concurrent, true);
        return s.callAll(Array.from({ length: 40 }, () => call));
      });
      assert.equal(answers.filter(({ kind }) => kind === 'answered').length, 40);
    });

    test(`alter_context, ${level ?? 'without a sign-in'}: a second interface on one connection`, async (t) => {
      if (!requireController(t)) return;
      const [added, answer] = await on(EVENTLOG6, optional(level), function* (s) {
        const result = yield* s.add(DSSETUP);
        return [result, yield* s.call(getPrimaryDomainInformation, undefined)] as const;
      });
      assert.deepEqual(added, { kind: 'added' });
      assert.equal(answer.kind, 'answered');
    });
  }

  for (const level of ['integrity', 'privacy'] as const) {
    test(`Netlogon control, ${level}: the own domain, verified, and one that nobody knows`, async (t) => {
      if (!requireController(t)) return;
      const { dnsName: domain } = LAB_DOMAIN;
      const answers = await on(NETLOGON, security(level), (s) =>
        s.callAll([
          prepare(logonControl, { function: CONTROL_FUNCTION.tcQuery, domain }),
          prepare(logonControl, { function: CONTROL_FUNCTION.tcVerify, domain }),
          prepare(logonControl, { function: CONTROL_FUNCTION.tcVerify, domain: 'NOPE' }),
        ]),
      );
      const own = { pdcStatus: 0, channelStatus: 0, controller: '' };
      assert.deepEqual(answers, [
        { kind: 'answered', value: { kind: 'ok', value: { ...own, flags: 0 } } },
        {
          kind: 'answered',
          value: { kind: 'ok', value: { ...own, flags: NETLOGON_FLAG.verifyStatusReturned } },
        },
        { kind: 'answered', value: { kind: 'error', status: 1355 } },
      ]);
    });
  }

  test('Netlogon control without a sign-in is denied', async (t) => {
    if (!requireController(t)) return;
    const answer = await on(NETLOGON, undefined, (s) =>
      s.call(logonControl, { function: CONTROL_FUNCTION.tcQuery, domain: LAB_DOMAIN.dnsName }),
    );
    assert.deepEqual(answer, { kind: 'answered', value: { kind: 'error', status: 5 } });
  });

  test('MS-EVEN6: a query is registered; further than that Samba does not go', async (t) => {
    if (!requireController(t)) return;
    const flags = QUERY_FLAG.channelName | QUERY_FLAG.newestToOldest;
    const [registered, next] = await on(EVENTLOG6, security('privacy'), function* (s) {
      const first = yield* s.call(registerLogQuery, { channel: 'System', query: '*', flags });
      const query =
        first.kind === 'answered' && first.value.kind === 'ok' ? first.value.value.query : assert.fail();
      return [first, yield* s.call(queryNext, { query, limit: 10, timeout: 100 })] as const;
    });
    assert.equal(registered.kind, 'answered');
    assert.deepEqual(next, { kind: 'answered', value: { kind: 'ok', value: [] } });
  });

  test('wkssvc, privacy: levels 100 and 101, and 102 denied', async (t) => {
    if (!requireController(t)) return;
    const answers = await on(WKSSVC, security('privacy'), (s) =>
      s.callAll(([100, 101, 102] as const).map((level) => prepare(workstationInfo, { level }))),
    );
    const own = { platform: 500, computerName: LAB_DOMAIN.host, group: LAB_DOMAIN.name, major: 5, minor: 2 };
    assert.deepEqual(answers, [
      { kind: 'answered', value: { kind: 'ok', value: { level: 100, ...own } } },
      { kind: 'answered', value: { kind: 'ok', value: { level: 101, ...own, lanRoot: '' } } },
      { kind: 'answered', value: { kind: 'error', status: 5 } },
    ]);
  });

  test('a wrong password shows as a fault of the first call', async (t) => {
    if (!requireController(t)) return;
    const answer = await on(LSARPC, security('privacy', 'wrong'), (s) => s.call(openPolicy, { access: 1 }));
    assert.deepEqual(answer, { kind: 'fault', status: FAULT_STATUS.nca_s_proto_error, executed: false });
  });

  test('a method that an interface does not have', async (t) => {
    if (!requireController(t)) return;
    const answer = await on(DSSETUP, undefined, (s) =>
      s.call({ ...getPrimaryDomainInformation, opnum: 999 }, undefined),
    );
    assert.equal(
      answer.kind === 'fault' && answer.status,
      FAULT_STATUS.nca_s_op_rng_error,
      JSON.stringify(answer),
    );
  });
});
