// The channel `rpc` against Samba: what stands beside the registry (event logs, files, policy), an account with
// few rights, a wrong password, and a server without pipes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { Attempts } from '../../src/app/attempts.ts';
import { Writer } from '../../src/core/bytes/writer.ts';
import type { Evidence, FactName } from '../../src/core/model/facts.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { CONTENTS } from '../channels/contents.ts';
import { registryFile } from '../channels/registry-file.ts';
import { temporaryFolder } from './processes.ts';
import { isInstalled, requirePeer } from './require-peer.ts';
import { askByRpc, evidenceOf } from './rpc-channel.ts';
import { SMB_USER, type Smbd, startSmbd } from './smbd.ts';

const PROGRAMS = ['smbd', 'smbpasswd', 'net', 'eventlogadm'] as const;

/** A Unix account that every machine has, without Samba's `admin users`. */
const PLAIN = { account: { domain: '', name: 'nobody' }, password: 'Passw0rd!plain' };

/** Standard output of a program of Samba's that must succeed. */
function samba(program: string, words: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program, words, {
    input,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  });
  assert.equal(status, 0, `${program} ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** A record as `eventlogadm -o write` takes it; older ones than a week are thrown away. */
function eventText(number: number, source: string, id: number, strings: readonly string[]): string {
  const seconds = Math.floor(systemClock.now() / 1000) - 10 + number;
  return [
    ...['LEN: 0', 'RS1: 1699505740', `RCN: ${number}`, `TMG: ${seconds}`, `TMW: ${seconds}`],
    ...[`EID: ${id}`, 'ETP: ERROR', 'ECT: 0', 'RS2: 0', 'CRN: 0', 'USL: 0', `SRC: ${source}`, 'SRN: VM1'],
    ...strings.map((text) => `STR: ${text}`),
    ...['DAT: ', '', ''],
  ].join('\n');
}

const stateOf = (evidence: Evidence, name: FactName): string => {
  const seen = evidence[name];
  return seen?.state === 'unknown' ? `${seen.why}: ${seen.detail ?? ''}` : (seen?.state ?? 'not gathered');
};

suite('RPC over SMB, beside the registry', () => {
  const ends: (() => void | Promise<void>)[] = [];
  const scope = { after: (end: () => void | Promise<void>) => void ends.push(end) };
  let smbd: Smbd | undefined;
  before(async () => {
    if (!PROGRAMS.every(isInstalled)) return;
    const windows = temporaryFolder(scope, 'rpc-windows');
    mkdirSync(join(windows, 'System32'));
    const version = new Writer()
      .zeros(40)
      .bytes(Uint8Array.of(0xbd, 0x04, 0xef, 0xfe))
      .u32le(0x10000);
    const library = version.u32le(0x000a_0000).u32le(0x4563_04d2).zeros(90_000).toBytes();
    writeFileSync(join(windows, 'System32', 'TSpkg.dll'), library);
    smbd = await startSmbd(scope, [
      'eventlog list = System',
      ...['[ADMIN$]', `path = ${windows}`, 'valid users = root', `admin users = ${SMB_USER.user}`],
    ]);
    const { configuration } = smbd;
    // Whoever is not root has to reach the registry's file.
    chmodSync(dirname(configuration), 0o755);
    const { password } = PLAIN;
    samba('smbpasswd', ['-c', configuration, '-s', '-a', PLAIN.account.name], `${password}\n${password}\n`);
    const registry = join(windows, 'content.reg');
    writeFileSync(registry, registryFile(CONTENTS['a healthy member'] ?? {}));
    samba('net', ['registry', 'import', registry, '--configfile', configuration]);
    for (const [number, strings] of [
      [1, ['CORP', 'first']],
      [2, ['CORP', 'second']],
    ] as const) {
      const text = eventText(number, 'NETLOGON', 5719, strings);
      samba('eventlogadm', ['-s', configuration, '-o', 'write', 'System'], text);
    }
    samba(
      'eventlogadm',
      ['-s', configuration, '-o', 'write', 'System'],
      eventText(3, 'Schannel', 36_871, ['server', '10013']),
    );
  });
  after(async () => {
    for (const end of ends) await end();
  });
  const serverOf = (t: TestContext): Smbd | undefined => (requirePeer(t, ...PROGRAMS) ? smbd : undefined);

  test('an administrator: event log, a file’s version, policy and role', async (t) => {
    const server = serverOf(t);
    if (!server) return;
    const evidence = evidenceOf(await askByRpc(server.port));
    const events = evidence['events.relevant'];
    assert.ok(events?.state === 'present', stateOf(evidence, 'events.relevant'));
    assert.deepEqual(
      events.value.events.map(({ id, fields, locator }) => [id, fields, locator]),
      [
        [36_871, { Type: 'server', ErrorState: '10013' }, 'System#3'],
        [5719, { param1: 'CORP', param2: 'second' }, 'System#2'],
        [5719, { param1: 'CORP', param2: 'first' }, 'System#1'],
      ],
    );
    const unread = events.value.unread ?? [];
    assert.ok(
      unread.some(({ channel, problem }) => /RdpCoreTS/.test(channel) && /over port 445 only/.test(problem)),
    );
    const file = evidence['credssp.fileVersion'];
    assert.deepEqual(file?.state === 'present' && [file.value, file.from.locator], [
      '10.0.17763.1234',
      'ADMIN$\\System32\\TSpkg.dll',
    ]);
    assert.deepEqual(
      evidence['grouppolicy.local']?.state === 'present' && evidence['grouppolicy.local'].value,
      {
        registryPol: false,
        values: {},
      },
    );
    const membership = evidence['domain.membership'];
    assert.deepEqual(membership?.state === 'present' && membership.value, { joined: false });
    assert.match(
      samba('net', ['getlocalsid', '--configfile', server.configuration]),
      new RegExp(
        `: ${evidence['machine.sid']?.state === 'present' ? evidence['machine.sid'].value : 'none'}\n`,
      ),
    );
    // A member server of Samba has no user rights and no SECURITY: unknown, never "nobody" and never "none".
    assert.match(stateOf(evidence, 'user.rights'), /^no-channel: .*knows no right/);
    assert.match(
      stateOf(evidence, 'machinePassword.changedAt'),
      /^no-channel: HKLM\\SECURITY cannot be seen/,
    );
  });

  test('a plain user, one key denied: that is denied, and the rest is read', async (t) => {
    const server = serverOf(t);
    if (!server) return;
    const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa';
    const administrators = 'O:BAG:SYD:(A;;RPWPCCDCLCRCWOWDSDSW;;;BA)(A;;RPWPCCDCLCRCWOWDSDSW;;;SY)';
    samba('net', ['registry', 'setsd_sddl', key, administrators, '--configfile', server.configuration]);
    const evidence = evidenceOf(await askByRpc(server.port, PLAIN));
    assert.match(stateOf(evidence, 'lsa.packages'), /^denied: .*Control\\Lsa: access denied$/);
    assert.match(stateOf(evidence, 'credssp.fileVersion'), /^denied: connecting to ADMIN\$/);
    for (const name of ['listener.portNumber', 'os.productType', 'service.TermService'] as const)
      assert.equal(stateOf(evidence, name), 'present', name);
    const port = evidence['listener.portNumber'];
    assert.equal(port?.state === 'present' && port.value.effective, 3389);
  });

  test('a wrong password: one attempt by the server’s own log, and none after it', async (t) => {
    const server = serverOf(t);
    if (!server) return;
    const before = server.signIns(SMB_USER.user).length;
    const attempts = new Attempts(systemClock);
    const wrong = { password: 'wrong', attempts };
    const first = await askByRpc(server.port, wrong);
    assert.ok(!first.ok);
    assert.match(first.problem, /user name or the password is wrong/);
    const second = await askByRpc(server.port, wrong);
    assert.ok(!second.ok);
    assert.match(second.problem, /attempt was not made/);
    assert.deepEqual(server.signIns(SMB_USER.user).slice(before), ['NT_STATUS_WRONG_PASSWORD']);
  });
});

test('a server without pipes: the registry is said to be off, and what it is', async (t) => {
  if (!requirePeer(t, ...PROGRAMS)) return;
  const server = await startSmbd(t, ['rpc start on demand helpers = no']);
  const seen = await askByRpc(server.port);
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
  for (const name of ['listener.portNumber', 'service.TermService', 'domain.membership'] as const)
    assert.match(stateOf(evidence, name), /^no-channel: /, name);
});
