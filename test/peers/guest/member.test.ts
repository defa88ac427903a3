// A member of a domain over RPC: each dialect of SMB, signed and encrypted, as the domain's administrator and
// as a user like any other. What our client reads is compared with what `net rpc registry`, rpcclient and,
// where it knows the dialect, impacket read of the same member. Services and the version of Windows are made up
// by Samba: of services only the names are compared, and scripted replies stand in for the rest
// (test/core/dialect/rpc).
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { concat } from '../../../src/core/bytes/writer.ts';
import { RemoteFiles } from '../../../src/core/dialect/rpc/files.ts';
import { RpcMachine } from '../../../src/core/dialect/rpc/machine.ts';
import type { Pipes } from '../../../src/core/dialect/rpc/pipes.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { Dialog } from '../../../src/core/protocol/dialog.ts';
import type { RpcAssociation } from '../../../src/core/protocol/rpc/association.ts';
import * as svcctl from '../../../src/core/protocol/rpc/svcctl.ts';
import * as winreg from '../../../src/core/protocol/rpc/winreg.ts';
import { REG_ACCESS, WINREG } from '../../../src/core/protocol/rpc/winreg-interface.ts';
import { createKey, deleteKey } from '../../../src/core/protocol/rpc/winreg-write.ts';
import { DIALECT, type SmbDialect } from '../../../src/core/protocol/smb2/negotiate.ts';
import type { Answer, Question } from '../../../src/core/windows/inquiry.ts';
import { temporaryFolder } from '../processes.ts';
import { askByRpc, evidenceOf } from '../rpc-channel.ts';
import { registryValues } from './impacket.ts';
import { LAB, type MemberLab, signInAs, startMemberLab } from './lab.ts';
import { hasLab, requireLab } from './require-lab.ts';
import { inSession, pipesOf, random } from './session.ts';

const COMMAND = fileURLToPath(new URL('../../../dist/bin.js', import.meta.url));
const KEY = 'SOFTWARE\\rdpdoctor\\guest';
const SYSTEM_KEY = 'SYSTEM\\CurrentControlSet\\Control\\Terminal Server';

const text = (value: string): Uint8Array => encodeUtf16le(`${value}\0`);

/** Every type that `net registry import` writes, as in the file below. */
const SEEDED: readonly (readonly [name: string, type: number, data: Uint8Array])[] = [
  ['dword', 4, Uint8Array.of(0x4d, 0, 0, 0)],
  ['text', 1, text('hello')],
  ['empty', 1, text('')],
  ['binary', 3, Uint8Array.of(0, 1, 2, 0xfe, 0xff)],
  ['expand', 2, text('%windir%')],
  ['many', 7, concat(text('a'), text('b'), text(''))],
  ['quad', 11, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
  ['none', 0, Uint8Array.of(1)],
  ['', 1, text('default')],
];

const SEED = `Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\${KEY}]
"dword"=dword:0000004d
"text"="hello"
"empty"=""
"binary"=hex:00,01,02,fe,ff
"expand"=hex(2):25,00,77,00,69,00,6e,00,64,00,69,00,72,00,25,00,00,00
"many"=hex(7):61,00,00,00,62,00,00,00,00,00
"quad"=hex(b):01,02,03,04,05,06,07,08
"none"=hex(0):01
@="default"

[HKEY_LOCAL_MACHINE\\${SYSTEM_KEY}]
"fDenyTSConnections"=dword:00000000

[HKEY_LOCAL_MACHINE\\${SYSTEM_KEY}\\WinStations]

[HKEY_LOCAL_MACHINE\\${SYSTEM_KEY}\\WinStations\\RDP-Tcp]
"PortNumber"=dword:00000d3e
"SecurityLayer"=dword:00000001
"UserAuthentication"=dword:00000000
"MinEncryptionLevel"=dword:00000004

`;

type Account = typeof LAB.administrator | typeof LAB.alice;
const ACCOUNTS: readonly Account[] = [LAB.administrator, LAB.alice];

interface Manner {
  readonly name: string;
  readonly dialect: SmbDialect;
  readonly ciphers?: readonly [];
}
const MANNERS: readonly Manner[] = [
  { name: '2.1, signed', dialect: DIALECT.SMB2_1 },
  { name: '3.0, signed', dialect: DIALECT.SMB3_0, ciphers: [] },
  { name: '3.0, encrypted', dialect: DIALECT.SMB3_0 },
  { name: '3.1.1, signed', dialect: DIALECT.SMB3_1_1, ciphers: [] },
  { name: '3.1.1, encrypted', dialect: DIALECT.SMB3_1_1 },
];

/** What everything that is compared was read by, in one session. */
interface Read {
  readonly dialect: number;
  readonly encrypted: boolean;
  readonly values: readonly (readonly [name: string, type: number, data: string])[];
  readonly answers: readonly Answer[];
  readonly services: readonly string[];
  readonly writing: { readonly status: number };
}

const QUESTIONS = [
  { kind: 'value', hive: 'SYSTEM', key: SYSTEM_KEY.slice(7), name: 'fDenyTSConnections' },
  { kind: 'value', hive: 'SYSTEM', key: SYSTEM_KEY.slice(7), name: 'nothing' },
  { kind: 'subkeys', hive: 'SOFTWARE', key: 'rdpdoctor' },
  { kind: 'membership' },
  { kind: 'clock' },
  { kind: 'secure-channel', asked: 'verify', domain: LAB.dnsDomain },
] as const satisfies readonly Question[];

function readAll(lab: MemberLab, { dialect, ciphers }: Manner, credential: Account): Promise<Read> {
  const offer = { dialects: [dialect], ...(ciphers && { ciphers }) };
  return inSession({ port: lab.port, credential, offer }, function* (session) {
    const tree = yield* session.connectShare('IPC$');
    if (tree.kind === 'failed') return assert.fail(tree.problem);
    const pipes = (yield* pipesOf(session, credential))();
    const options = { credential, random, now: 0n, workstation: 'HERE' };
    const machine = new RpcMachine(new RemoteFiles(session), tree, options);
    const quick = QUESTIONS.slice(0, -1);
    const [last] = QUESTIONS.slice(-1);
    const answers = yield* machine.answer(quick);
    assert.ok(last?.kind === 'secure-channel');
    const channel = yield* machine.answerSecureChannel(last);
    return {
      dialect: session.agreement.dialect,
      encrypted: session.connection.seals,
      values: yield* readKey(pipes),
      answers: [...answers, channel],
      services: yield* listServices(pipes),
      writing: yield* tryToWrite(pipes),
    };
  });
}

function* readKey(pipes: Pipes): Dialog<Read['values']> {
  const read = yield* pipes.use(WINREG, function* (s) {
    const key = yield* openIn(s, KEY);
    const rows: (readonly [string, number, string])[] = [];
    for (let index = 0; ; index += 1) {
      const answer = yield* s.call(winreg.enumValue, { key, index, nameRoom: 256, room: 4096 });
      assert.equal(answer.kind, 'answered');
      if (answer.kind !== 'answered' || answer.value.kind !== 'ok') return rows;
      const { name, type, data } = answer.value.value;
      rows.push([name, type, toHex(data)]);
    }
  });
  return 'kind' in read ? assert.fail(JSON.stringify(read)) : read;
}

function* openIn(s: RpcAssociation, path: string): Dialog<Uint8Array> {
  const root = yield* s.call(winreg.openLocalMachine, { access: REG_ACCESS.MAXIMUM_ALLOWED });
  if (root.kind !== 'answered' || root.value.kind !== 'ok') return assert.fail(JSON.stringify(root));
  if (path === '') return root.value.value;
  const access = REG_ACCESS.MAXIMUM_ALLOWED;
  const key = yield* s.call(winreg.openKey, { key: root.value.value, path, options: 0, access });
  return key.kind === 'answered' && key.value.kind === 'ok'
    ? key.value.value
    : assert.fail(JSON.stringify(key));
}

function* listServices(pipes: Pipes): Dialog<readonly string[]> {
  const listed = yield* pipes.use(svcctl.SVCCTL, function* (s) {
    const access =
      svcctl.SERVICE_ACCESS.SC_MANAGER_CONNECT | svcctl.SERVICE_ACCESS.SC_MANAGER_ENUMERATE_SERVICE;
    const manager = yield* s.call(svcctl.openManager, { access });
    if (manager.kind !== 'answered' || manager.value.kind !== 'ok') return [JSON.stringify(manager)];
    const list = yield* s.call(svcctl.enumServices, {
      manager: manager.value.value,
      type: svcctl.SERVICE_TYPE.WIN32,
      state: svcctl.SERVICE_STATE.ALL,
      room: 65_536,
      resume: 0,
    });
    if (list.kind !== 'answered' || list.value.kind !== 'ok') return [JSON.stringify(list)];
    return list.value.value.services.map(({ name }) => name);
  });
  return 'kind' in listed ? [JSON.stringify(listed)] : listed;
}

/** Makes a key and takes it away again; 0 where that is granted. */
function* tryToWrite(pipes: Pipes): Dialog<Read['writing']> {
  const path = `${KEY}\\written`;
  const done = yield* pipes.use(WINREG, function* (s) {
    const root = yield* openIn(s, '');
    const made = yield* s.call(createKey, { key: root, path, options: 0, access: 0x2001f });
    if (made.kind !== 'answered') return assert.fail(JSON.stringify(made));
    if (made.value.kind !== 'ok') return { status: made.value.status };
    yield* s.call(deleteKey, { key: root, path });
    return { status: 0 };
  });
  return 'kind' in done ? assert.fail(JSON.stringify(done)) : done;
}

/** What the others read of the member with one account. */
interface Others {
  /** By `net rpc registry enumerate`: type by name, and the value where it prints one. */
  readonly net: ReadonlyMap<string, readonly [type: string, value: string]>;
  /** Domain and its SID, by `rpcclient lsaquery`. */
  readonly domain: string;
  readonly sid: string;
  readonly services: readonly string[];
}

async function askOthers({ controller, member }: MemberLab, account: Account): Promise<Others> {
  const signIn = signInAs(account);
  const registry = ['rpc', 'registry', 'enumerate', `HKLM\\${KEY}`, '-S', member.address, ...signIn];
  const [net, policy, services] = await Promise.all([
    controller.must('net', registry),
    controller.must('rpcclient', [member.address, ...signIn, '-c', 'lsaquery']),
    // Only the administrator may list them: what it sees is what is there.
    controller.must('net', ['rpc', 'service', 'list', '-S', member.address, ...signInAs(LAB.administrator)]),
  ]);
  const values = net
    .split('\n\n')
    .filter((block) => block.includes('Valuename'))
    .map((block) => {
      const field = (name: string): string =>
        [...block.matchAll(new RegExp(`^${name}\\s*= ?(.*)$`, 'gm'))].map(([, value]) => value).join();
      return [field('Valuename').trim(), [field('Type'), field('Value(?:\\[\\d+\\])?')]] as const;
    });
  return {
    net: new Map(values),
    domain: /Domain Name: (.*)/.exec(policy)?.[1] ?? policy,
    sid: /Domain Sid: (.*)/.exec(policy)?.[1] ?? policy,
    services: services
      .split('\n')
      .filter((line) => line.includes('"'))
      .map((line) => line.split(/\s/, 1)[0] ?? ''),
  };
}

const TYPES = new Map([
  [0, 'REG_NONE'],
  [1, 'REG_SZ'],
  [2, 'REG_EXPAND_SZ'],
  [3, 'REG_BINARY'],
  [4, 'REG_DWORD'],
  [7, 'REG_MULTI_SZ'],
  [11, 'REG_QWORD'],
]);

const byName = (rows: Read['values']): Read['values'] => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a member of a domain, over RPC', () => {
  const ends: (() => void | Promise<void>)[] = [];
  let started: MemberLab | undefined;
  const others = new Map<Account, Promise<Others>>();
  before(async () => {
    if (!hasLab()) return;
    started = await startMemberLab({ after: (end) => ends.push(end) });
    writeFileSync(join(started.member.folder, 'run', 'seed.reg'), SEED);
    await started.member.must('net', ['registry', 'import', '/run/samba/seed.reg']);
  });
  after(async () => {
    for (const end of ends) await end();
  });
  const labOf = (t: TestContext): MemberLab | undefined =>
    requireLab(t) ? (started ?? assert.fail('the lab did not start')) : undefined;
  function othersOf(lab: MemberLab, account: Account): Promise<Others> {
    const asked = others.get(account) ?? askOthers(lab, account);
    others.set(account, asked);
    return asked;
  }

  for (const account of ACCOUNTS) {
    for (const manner of MANNERS) {
      test(`${manner.name}, as ${account.user}`, async (t) => {
        const lab = labOf(t);
        if (lab) await checkManner(t, lab, manner, account, await othersOf(lab, account));
      });
    }
  }

  async function checkManner(
    t: TestContext,
    lab: MemberLab,
    manner: Manner,
    account: Account,
    their: Others,
  ): Promise<void> {
    const read = await readAll(lab, manner, account);
    await t.test('is what was asked for', () => {
      assert.equal(read.dialect, manner.dialect);
      assert.equal(read.encrypted, manner.name.endsWith('encrypted'));
    });
    await t.test('registry: values of every type, as they were written and as net reads them', () => {
      assert.deepEqual(
        byName(read.values),
        byName(SEEDED.map(([name, type, data]) => [name, type, toHex(data)])),
      );
      assert.deepEqual(
        read.values.map(([name, type]) => [name, TYPES.get(type)]).sort(),
        [...their.net].map(([name, [type]]) => [name, type]).sort(),
      );
      assert.equal(their.net.get('dword')?.[1], String(0x4d));
      assert.equal(their.net.get('many')?.[1], '"a","b"');
    });
    if (manner.dialect !== DIALECT.SMB3_1_1) {
      await t.test('registry: byte for byte as impacket reads it in the same dialect', async () => {
        const asking = {
          host: lab.controller,
          address: lab.member.address,
          dialect: manner.dialect,
          account,
        };
        const rows = (await registryValues(asking, [KEY]))[KEY];
        assert.deepEqual(read.values, rows);
      });
    }
    const [setting, nothing, subkeys, membership, clock, channel] = read.answers;
    await t.test('registry: a setting of the system, one that is not there, names of keys', () => {
      assert.deepEqual(setting?.state === 'present' && setting.value, {
        kind: 'value',
        value: { name: 'fDenyTSConnections', type: 4, data: 0 },
      });
      assert.equal(nothing?.state, 'absent');
      assert.deepEqual(subkeys?.state === 'present' && subkeys.value, { kind: 'names', names: ['guest'] });
    });
    await t.test('policy: the domain and its SID as rpcclient reads them', () => {
      assert.ok(membership?.state === 'present' && membership.value.kind === 'membership');
      const { sid, netbiosDomain } = membership.value.membership;
      assert.deepEqual([netbiosDomain, sid], [their.domain, their.sid]);
    });
    await t.test('time: the clock of the same machine', () => {
      assert.ok(clock?.state === 'present' && clock.value.kind === 'clock', JSON.stringify(clock));
      assert.ok(Math.abs(clock.value.offsetSeconds) < 5);
    });
    await t.test('services: the names that net lists', () => {
      if (account === LAB.administrator)
        assert.deepEqual([...read.services].sort(), [...their.services].sort());
    });
    await t.test('Netlogon: no pipe, and the sentence says what svcctl says of it', () => {
      assert.ok(channel?.state === 'unknown' && channel.why === 'no-channel', JSON.stringify(channel));
      assert.match(
        channel.detail ?? '',
        /^the service Netlogon is stopped and disabled, so there is no secure channel/,
      );
    });
    await t.test(account === LAB.alice ? 'writing is denied' : 'writing is granted', () => {
      assert.deepEqual(read.writing, { status: account === LAB.alice ? 5 : 0 });
    });
  }

  for (const account of ACCOUNTS) {
    test(`the whole inquiry, as ${account.user}`, async (t) => {
      const lab = labOf(t);
      if (!lab) return;
      const { domain, user: name, password } = account;
      const evidence = evidenceOf(await askByRpc(lab.port, { account: { domain, name }, password }));
      const value = (fact: keyof typeof evidence): unknown => {
        const observation = evidence[fact];
        return observation?.state === 'present' ? observation.value : observation;
      };
      // None is what Windows would do without the value.
      for (const [fact, expected] of [
        ['listener.fDenyTSConnections', 0],
        ['listener.portNumber', 3390],
        ['listener.securityLayer', 1],
        ['listener.userAuthentication', 0],
        ['listener.minEncryptionLevel', 4],
      ] as const) {
        const seen = value(fact) as { effective?: unknown };
        assert.equal(seen.effective, expected, `${fact}: ${JSON.stringify(seen)}`);
      }
      assert.equal((value('domain.membership') as { joined?: unknown }).joined, true);
    });
  }

  /** `rdpdoctor diagnose --rpc` on another machine of the lab, where the member has its real port. */
  async function diagnose(
    { controller, member }: MemberLab,
    { domain, user }: Account,
    password: string,
    ...words: readonly string[]
  ): Promise<{ readonly status: number | undefined; readonly report: Report; readonly output: string }> {
    const args = ['diagnose', '--rpc', `${domain}\\${user}@${member.address}`, '--json', ...words];
    const secrets = { RDPDOCTOR_RPC_PASSWORD: password };
    const { status, stdout, stderr } = await controller.run(
      process.execPath,
      [COMMAND, ...args],
      90_000,
      secrets,
    );
    return { status, report: JSON.parse(stdout) as Report, output: `${stdout}${stderr}` };
  }
  /** How the member's log has each sign-in of this user ended. */
  const signIns = ({ member }: MemberLab, { domain, user }: Account): readonly string[] =>
    readFileSync(join(member.folder, 'log', 'log.smbd'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`Auth: [SMB2,(null)] user [${domain}]\\[${user}]`))
      .map((line) => / status \[(\w+)\]/.exec(line)?.[1] ?? line);

  test('the command itself: facts by RPC, one sign-in, and the password nowhere', async (t) => {
    const lab = labOf(t);
    if (!lab) return;
    const folder = join(temporaryFolder(t, 'guest-case'), 'case');
    const account = LAB.administrator;
    const before = signIns(lab, account).length;
    const { report, output } = await diagnose(lab, account, account.password, '--case', folder);
    const port = report.evidence['listener.portNumber'];
    assert.ok(port?.state === 'present', JSON.stringify(port));
    assert.deepEqual([port.value.effective, port.from.channel], [3390, 'rpc']);
    const channel = report.evidence['secureChannel.state'];
    assert.ok(channel?.state === 'unknown', JSON.stringify(channel));
    assert.match(channel.detail ?? '', /the service Netlogon is stopped and disabled/);
    assert.deepEqual(signIns(lab, account).slice(before), ['NT_STATUS_OK']);
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    assert.ok(files.length > 1);
    const utf16 = encodeUtf16le(account.password);
    for (const text of [output, ...files]) {
      assert.ok(!text.includes(account.password));
      assert.ok(!text.includes(toHex(utf16)));
      assert.ok(!text.includes(Buffer.from(utf16).toString('base64')));
    }
  });

  test('the command itself with a wrong password: one attempt, and a sentence', async (t) => {
    const lab = labOf(t);
    if (!lab) return;
    const before = signIns(lab, LAB.alice).length;
    const { status, report } = await diagnose(lab, LAB.alice, 'not hers');
    assert.equal(status, 3);
    assert.equal(signIns(lab, LAB.alice).slice(before).length, 1);
    const [warning] = report.warnings.filter(({ code }) => code === 'machine-not-asked');
    assert.match(warning?.text ?? '', /the user name or the password is wrong.*no second attempt is made/);
  });

  // What follows breaks the member step by step.
  test('an account that is disabled', async (t) => {
    const lab = labOf(t);
    if (!lab) return;
    const { domain, user: name, password } = LAB.alice;
    await lab.controller.must('samba-tool', ['user', 'disable', name]);
    const seen = await askByRpc(lab.port, { account: { domain, name }, password });
    assert.ok(!seen.ok);
    assert.equal(seen.why, 'denied');
    assert.match(seen.problem, /the account is disabled \(0xc0000072\)$/);
    assert.match(seen.advice, /^The account itself is what is refused/);
  });

  test('RemoteRegistry does not open its pipe: what others know, and a sentence', async (t) => {
    const lab = labOf(t);
    if (!lab) return;
    rmSync(join(lab.member.folder, 'run', 'ncalrpc', 'np', 'winreg'));
    const { domain, user: name, password } = LAB.administrator;
    const seen = await askByRpc(lab.port, { account: { domain, name }, password });
    assert.ok(seen.ok);
    assert.deepEqual(
      seen.warnings.map(({ code }) => code),
      ['machine-part-not-read'],
    );
    assert.match(
      seen.warnings[0]?.text ?? '',
      /the service RemoteRegistry did not open its pipe within 3\.5 s/,
    );
    const evidence = evidenceOf(seen);
    assert.equal(evidence['listener.portNumber']?.state, 'unknown');
    assert.equal(evidence['domain.membership']?.state, 'present');
    assert.equal(evidence['computer.name']?.state, 'present');
  });
});
