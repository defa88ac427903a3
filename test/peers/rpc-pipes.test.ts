// DCE/RPC over named pipes with Samba's file server: the registry, services, policy and clock, in each
// dialect, plain and signed in once more inside the session. `net rpc registry`, a client that nobody
// here wrote, reads what we wrote and writes what we read.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import { encodeUtf16le } from '../../src/core/bytes/utf16.ts';
import { concat } from '../../src/core/bytes/writer.ts';
import type { Dialog } from '../../src/core/protocol/dialog.ts';
import { prepare, type RpcAssociation } from '../../src/core/protocol/rpc/association.ts';
import { bind } from '../../src/core/protocol/rpc/bind.ts';
import { DSSETUP, getPrimaryDomainInformation } from '../../src/core/protocol/rpc/dssetup.ts';
import { LSARPC, openPolicy, POLICY_CLASS, queryPolicy } from '../../src/core/protocol/rpc/lsarpc.ts';
import type { Returned, RpcInterface, RpcOperation } from '../../src/core/protocol/rpc/operation.ts';
import type { SecurityOptions } from '../../src/core/protocol/rpc/packet-security.ts';
import { remoteTimeOfDay, SRVSVC } from '../../src/core/protocol/rpc/srvsvc.ts';
import * as svcctl from '../../src/core/protocol/rpc/svcctl.ts';
import * as winreg from '../../src/core/protocol/rpc/winreg.ts';
import { REG_ACCESS, WINREG } from '../../src/core/protocol/rpc/winreg-interface.ts';
import { createKey, deleteKey, deleteValue, setValue } from '../../src/core/protocol/rpc/winreg-write.ts';
import { WKSSVC, workstationInfo } from '../../src/core/protocol/rpc/wkssvc.ts';
import { DIALECT, type SmbDialect } from '../../src/core/protocol/smb2/negotiate.ts';
import { openSmbSession } from '../../src/core/protocol/smb2/open-session.ts';
import { openPipe } from '../../src/core/protocol/smb2/pipe.ts';
import { createNetwork } from '../../src/edge/network/driver.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { run } from './processes.ts';
import { isInstalled, requirePeer } from './require-peer.ts';
import { SMB_USER, type Smbd, startSmbd } from './smbd.ts';

const PROGRAMS = ['smbd', 'smbpasswd', 'net'] as const;
/** The first pipe of a server waits for its helpers to start, which takes seconds on a busy machine. */
const LIMIT_MILLIS = 60_000;

const network = createNetwork(systemClock);
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const credential = { domain: '', ...SMB_USER };

const DIALECTS = [
  ['2.1', DIALECT.SMB2_1],
  ['3.0', DIALECT.SMB3_0],
  ['3.1.1', DIALECT.SMB3_1_1],
] as const;

type Level = SecurityOptions['level'] | undefined;
const security = (level: Level) =>
  level && {
    security: {
      level,
      credential,
      random: { exportedSessionKey: random(16), clientChallenge: random(8) },
      now: 0n,
      workstation: 'HERE',
    },
  };

interface Talk<T> {
  readonly value: T;
  /** How often the client waited after it had sent something, from the work on. */
  readonly roundTrips: number;
}

/** Opens a session and the pipe of an interface, binds, and does something there. */
async function on<T>(
  smbd: Smbd,
  served: RpcInterface,
  given: { readonly dialect?: SmbDialect; readonly level?: Level },
  work: (association: RpcAssociation) => Dialog<T>,
): Promise<Talk<T>> {
  let roundTrips = 0;
  function* counted(dialog: Dialog<T>): Dialog<T> {
    let asked = false;
    let step = dialog.next();
    while (!step.done) {
      if (step.value.kind === 'receive' && asked) roundTrips += 1;
      asked = step.value.kind === 'send';
      step = dialog.next(yield step.value);
    }
    return step.value;
  }
  function* whole(): Dialog<T> {
    const session = yield* openSmbSession({
      server: '127.0.0.1',
      credential,
      random: {
        clientGuid: random(16),
        salt: random(32),
        exportedSessionKey: random(16),
        clientChallenge: random(8),
      },
      now: 134_000_000_000_000_000n,
      workstation: 'HERE',
      ...(given.dialect && { dialects: [given.dialect] }),
    });
    if (session.kind === 'failed') return assert.fail(session.problem);
    const tree = yield* session.connectShare('IPC$');
    if (tree.kind === 'failed') return assert.fail(tree.problem);
    const pipe = yield* openPipe(tree, served.pipe ?? '');
    if (pipe.kind === 'failed') return assert.fail(pipe.problem);
    const bound = yield* bind(pipe, [served], security(given.level));
    if (bound.kind !== 'bound') return assert.fail(JSON.stringify(bound));
    return yield* counted(work(bound.association));
  }
  const { result } = await network.converse({ address: '127.0.0.1', port: smbd.port }, whole(), {
    label: 'smb',
    deadline: systemClock.monotonic() + LIMIT_MILLIS,
  });
  return { value: result ?? assert.fail('no connection'), roundTrips };
}

/** The value of a call that must succeed. */
function* ok<T, Request>(
  association: RpcAssociation,
  operation: RpcOperation<Request, Returned<T> | { readonly kind: 'more-data' }>,
  request: Request,
): Dialog<T> {
  const answer = yield* association.call(operation, request);
  if (answer.kind === 'answered' && answer.value.kind === 'ok') return answer.value.value;
  return assert.fail(`${operation.name}: ${JSON.stringify(answer)}`);
}

function openRoot(association: RpcAssociation): Dialog<Uint8Array> {
  return ok(association, winreg.openLocalMachine, { access: REG_ACCESS.MAXIMUM_ALLOWED });
}

/** What Samba's own client says to a command on the registry. */
async function netRegistry(smbd: Smbd, ...words: readonly string[]): Promise<string> {
  const { stdout, stderr, status } = await run('net', [
    ...['rpc', 'registry', ...words, '-S', '127.0.0.1', '-p', String(smbd.port)],
    ...['-U', `${SMB_USER.user}%${SMB_USER.password}`],
  ]);
  assert.equal(status, 0, `net rpc registry ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

const KEY = 'SOFTWARE\\rdpdoctor';
const text = (value: string): Uint8Array => encodeUtf16le(`${value}\0`);
/** Every kind that a caller may meet, by [MS-RRP] 3.1.1.5, and some that nobody should. */
const VALUES: readonly (readonly [name: string, type: number, data: Uint8Array])[] = [
  ['none', 0, Uint8Array.of(1)],
  ['sz', 1, text('hello')],
  ['expand', 2, text('%windir%')],
  ['binary', 3, Uint8Array.from({ length: 20 }, (_, at) => at)],
  ['dword', 4, Uint8Array.of(1, 0, 0, 0)],
  ['multi', 7, concat(text('a'), text('b'), text(''))],
  ['qword', 11, new Uint8Array(8).fill(1)],
  ['odd type', 0x2011, Uint8Array.of(1, 2, 3)],
  ['empty', 3, new Uint8Array(0)],
  ['big', 3, Uint8Array.from({ length: 20_000 }, (_, at) => at & 0xff)],
  ['', 1, text('default')],
];

describe('DCE/RPC over pipes with Samba', () => {
  const ends: (() => void | Promise<void>)[] = [];
  let smbd: Smbd | undefined;
  before(async () => {
    if (PROGRAMS.every(isInstalled)) smbd = await startSmbd({ after: (end) => ends.push(end) });
  });
  after(async () => {
    for (const end of ends) await end();
  });
  const serverOf = (t: TestContext): Smbd | undefined => (requirePeer(t, ...PROGRAMS) ? smbd : undefined);

  for (const [name, dialect] of DIALECTS) {
    test(`${name}: values of every type, in flight together, and as Samba's own client reads them`, async (t) => {
      const server = serverOf(t);
      if (!server) return;
      const { value } = await on(server, WINREG, { dialect }, function* (s) {
        const root = yield* openRoot(s);
        const made = yield* ok(s, createKey, { key: root, path: KEY, options: 0, access: 0x000f_003f });
        const { key } = made;
        for (const [valueName, type, data] of VALUES)
          yield* ok(s, setValue, { key, name: valueName, type, data });
        const read = yield* s.callAll(
          VALUES.map(([valueName]) => prepare(winreg.queryValue, { key, name: valueName, room: 32_768 })),
        );
        const listed = yield* s.callAll(
          [...VALUES, 'one more'].map((_, index) =>
            prepare(winreg.enumValue, { key, index, nameRoom: 256, room: 32_768 }),
          ),
        );
        return { read, listed, info: yield* ok(s, winreg.queryInfoKey, { key }) };
      });
      assert.deepEqual(
        value.read,
        VALUES.map(([, type, data]) => ({ kind: 'answered', value: { kind: 'ok', value: { type, data } } })),
      );
      const names = value.listed.map((answer) =>
        answer.kind === 'answered' && answer.value.kind === 'ok' ? answer.value.value.name : answer,
      );
      assert.deepEqual(names.slice(0, -1).sort(), VALUES.map(([valueName]) => valueName).sort());
      assert.deepEqual(names.at(-1), { kind: 'answered', value: { kind: 'error', status: 259 } });
      assert.equal(value.info.values, VALUES.length);
      assert.equal(value.info.longestValue, 20_000);

      const path = `HKLM\\${KEY}`;
      assert.match(await netRegistry(server, 'getvalue', path, 'sz'), /Value\s+= "hello"/);
      assert.match(await netRegistry(server, 'getvalue', path, 'dword'), /Value\s+= 1/);
      await netRegistry(server, 'setvalue', path, 'theirs', 'dword', '77');
      const { value: theirs } = await on(server, WINREG, { dialect }, function* (s) {
        const root = yield* openRoot(s);
        const key = yield* ok(s, winreg.openKey, { key: root, path: KEY, options: 0, access: 0x000f_003f });
        const found = yield* ok(s, winreg.queryValue, { key, name: 'theirs', room: 64 });
        yield* ok(s, deleteValue, { key, name: 'theirs' });
        yield* ok(s, winreg.closeKey, { key });
        yield* ok(s, deleteKey, { key: root, path: KEY });
        return found;
      });
      assert.deepEqual(theirs, { type: 4, data: Uint8Array.of(77, 0, 0, 0) });
    });
  }

  test('twenty calls in flight: a few waits, not twenty', async (t) => {
    const server = serverOf(t);
    if (!server) return;
    const { roundTrips } = await on(server, SRVSVC, {}, (s) =>
      s.callAll(Array.from({ length: 20 }, () => prepare(remoteTimeOfDay, undefined))),
    );
    // Reads that are sent while answers come in count here too, and cost no time.
    assert.ok(roundTrips < 10, `${roundTrips} round trips`);
  });

  for (const level of [undefined, 'integrity', 'privacy'] as const) {
    test(`services, ${level ?? 'without a sign-in of the pipe'}`, async (t) => {
      const server = serverOf(t);
      if (!server) return;
      const { value } = await on(server, svcctl.SVCCTL, { level }, function* (s) {
        const manager = yield* ok(s, svcctl.openManager, { access: 5 });
        const list = yield* ok(s, svcctl.enumServices, {
          manager,
          type: svcctl.SERVICE_TYPE.WIN32,
          state: svcctl.SERVICE_STATE.ALL,
          room: 65_536,
          resume: 0,
        });
        const service = yield* ok(s, svcctl.openService, { manager, name: 'RemoteRegistry', access: 5 });
        const config = yield* ok(s, svcctl.queryServiceConfig, { service, room: svcctl.SERVICE_CONFIG_ROOM });
        const missing = yield* s.call(svcctl.openService, { manager, name: 'nope', access: 5 });
        return { list, config, missing };
      });
      // Of Samba's own four services only their names are true: their states are made up.
      assert.ok(value.list.services.some(({ name }) => name === 'RemoteRegistry'));
      assert.equal(value.config.displayName, 'Remote Registry Service');
      assert.deepEqual(value.missing, { kind: 'answered', value: { kind: 'error', status: 1060 } });
    });

    test(`policy and role, ${level ?? 'without a sign-in of the pipe'}: a standalone server`, async (t) => {
      const server = serverOf(t);
      if (!server) return;
      const { value } = await on(server, LSARPC, { level }, function* (s) {
        const policy = yield* ok(s, openPolicy, { access: 0x801 });
        const account = yield* ok(s, queryPolicy, { policy, class: POLICY_CLASS.accountDomain });
        assert.deepEqual(yield* s.add(DSSETUP), { kind: 'added' });
        return { account, role: yield* ok(s, getPrimaryDomainInformation, undefined) };
      });
      assert.equal(value.account.kind === 'domain' && value.account.name, 'VM1');
      // 2: a standalone server. Windows gives the workgroup's name with it, Samba its own.
      assert.equal(value.role.role, 2);
    });
  }

  test('name and clock', async (t) => {
    const server = serverOf(t);
    if (!server) return;
    const { value: info } = await on(server, WKSSVC, {}, (s) => ok(s, workstationInfo, { level: 100 }));
    assert.deepEqual([info.computerName, info.group], ['VM1', 'LAB']);
    const { value: time } = await on(server, SRVSVC, {}, (s) => ok(s, remoteTimeOfDay, undefined));
    assert.ok(Math.abs(time.unixMillis - systemClock.now()) < 5_000);
  });
});
