// Refused sign-ins in the Security log of a Windows on a disk, through the product as its user runs it: the states of
// the account that was named, those that the machine states of itself, an attack of strangers, and real logs.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/core/model/report.ts';
import type { LogonTally } from '../../src/core/model/windows-facts.ts';
import {
  buildLog,
  CHUNK_SIZE,
  ChunkBuilder,
  type ElementSpec,
  fileHeader,
  NEW_YEAR,
  SECOND,
  storeEvent,
  text,
} from '../core/formats/evtx/build-log.ts';
import { readSharedData, requireSharedData } from '../shared-data.ts';
import { run, temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { makeGptDisk, makeWindowsVolume } from './windows-disk.ts';
import { windowsFiles } from './windows-files.ts';

const PROGRAMS = ['mkntfs', 'ntfs-3g', 'setfattr', 'sgdisk', 'hivexregedit'] as const;
const COMMAND = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const SECURITY = 'Windows/System32/winevt/Logs/Security.evtx';

/** 2030-01-01: later than everything in the System log beside it, where a success would refute what is counted here. */
const BEGIN = NEW_YEAR + 3653n * 86_400n * SECOND;

/** A sign-in as the Security log has it; minutes after BEGIN. */
interface SignIn {
  readonly minute: number;
  readonly user: string;
  readonly domain?: string;
  /** Status and SubStatus; without them it worked. */
  readonly status?: readonly [string, string];
  readonly type?: number;
  readonly address?: string;
}

const NAMES = [
  ...['TargetUserName', 'TargetDomainName', 'LogonType', 'AuthenticationPackageName', 'IpAddress'],
  ...['Status', 'SubStatus'],
];

const DATA: ElementSpec = {
  name: 'EventData',
  content: NAMES.map((name, index) => ({ name: 'Data', attributes: [['Name', name]], content: [index] })),
};

/** A Security log of these, in their order, in as many chunks as they need. */
function securityLog(signIns: readonly SignIn[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  let chunk = new ChunkBuilder();
  for (const [
    index,
    { minute, user, domain = 'GREENDALE', status, type = 3, address = '-' },
  ] of signIns.entries()) {
    if (chunk.length > CHUNK_SIZE - 4096) {
      chunks.push(chunk.build());
      chunk = new ChunkBuilder();
    }
    const time = BEGIN + BigInt(minute * 60) * SECOND;
    const values = [user, domain, String(type), 'NTLM', address, status?.[0] ?? '', status?.[1] ?? ''];
    chunk.record(
      index + 1,
      time,
      storeEvent({
        id: status === undefined ? 4624 : 4625,
        provider: 'Microsoft-Windows-Security-Auditing',
        time,
        payload: (inside) => void inside.instance(DATA, values.map(text)),
      }),
    );
  }
  chunks.push(chunk.build());
  const header = fileHeader({
    lastChunk: chunks.length - 1,
    nextRecordId: signIns.length + 1,
    chunks: chunks.length,
  });
  return buildLog(chunks, header);
}

/** A disk with this Security log, and what the product says of it. */
async function diskWith(t: TestContext, log: Uint8Array): Promise<(...words: string[]) => Promise<Answer>> {
  const disk = join(temporaryFolder(t, 'disk'), 'os.raw');
  makeGptDisk(disk, await makeWindowsVolume(t, { ...windowsFiles(t), [SECURITY]: { content: log } }));
  return async (...words) => {
    const { status, stdout, stderr, millis } = await run(process.execPath, [
      ...[COMMAND, 'diagnose', '--disk', disk, '--json', ...words],
    ]);
    assert.notEqual(stdout, '', stderr);
    const report: Report = JSON.parse(stdout);
    const found = report.findings.filter(({ verdict }) => verdict === 'likely' || verdict === 'confirmed');
    return { status, report, found: found.map(({ cause }) => cause), millis };
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly report: Report;
  readonly found: readonly string[];
  readonly millis: number;
}

function tallyOf(report: Report): LogonTally {
  const observed = report.evidence['logon.failures'];
  assert.ok(observed?.state === 'present', JSON.stringify(observed));
  return observed.value;
}

// Status and SubStatus as Windows writes them (Microsoft, "4625(F)").
const OF_ACCOUNTS: readonly (readonly [user: string, status: string, subStatus: string, cause: string])[] = [
  ['wrong', '0xc000006d', '0xc000006a', 'credentials-wrong'],
  ['nobody', '0xc000006d', '0xc0000064', 'credentials-wrong'],
  ['locked', '0xc0000234', '0x0', 'account-locked'],
  ['disabled', '0xc000006e', '0xc0000072', 'account-disabled'],
  ['expired', '0xc000006e', '0xc0000193', 'account-expired'],
  ['oldpassword', '0xc000006e', '0xc0000071', 'password-expired'],
  ['mustchange', '0xc0000224', '0x0', 'password-expired'],
  ['hours', '0xc000006e', '0xc000006f', 'account-restricted'],
  ['workstation', '0xc000006e', '0xc0000070', 'account-restricted'],
];
const ACCOUNT_CAUSES = [...new Set(OF_ACCOUNTS.map(([, , , cause]) => cause))];

const OF_THE_MACHINE: readonly (readonly [status: string, cause: string])[] = [
  ['0xc0000133', 'clock-skew'],
  ['0xc000005e', 'domain-controller-unreachable'],
  ['0xc000018d', 'secure-channel-broken'],
  ['0xc0000190', 'secure-channel-broken'],
  ['0xc000018b', 'computer-account-missing'],
  ['0xc000015b', 'user-right-missing'],
];

test('the account that was named, among others', { timeout: 240_000 }, async (t) => {
  if (!requirePeer(t, ...PROGRAMS) || !requireSharedData(t)) return;
  const ask = await diskWith(
    t,
    securityLog([
      ...OF_ACCOUNTS.map(
        ([user, status, subStatus], at): SignIn => ({
          ...{ minute: 10 + at, user, status: [status, subStatus], address: `203.0.113.${at}` },
        }),
      ),
      { minute: 40, user: 'back', status: ['0xc0000234', '0x0'] },
      { minute: 41, user: 'back' },
    ]),
  );
  const causesOf = async (...words: string[]): Promise<readonly string[]> =>
    (await ask(...words)).found.filter((cause) => ACCOUNT_CAUSES.includes(cause));

  for (const [user, , , cause] of OF_ACCOUNTS) {
    await t.test(`${user}: ${cause}`, async () => {
      const { status, report, found } = await ask('--user', `greendale\\${user.toUpperCase()}`);
      assert.deepEqual(
        found.filter((id) => ACCOUNT_CAUSES.includes(id)),
        [cause],
      );
      const finding = report.findings.find((one) => one.cause === cause);
      assert.deepEqual([finding?.verdict, finding?.because], ['likely', ['logon.failures']]);
      assert.match(finding?.explanation ?? '', /Security\.evtx#\d+/);
      assert.equal(status, 1);
    });
  }
  await t.test('nobody is named: no account counts, and the others are one remark', async () => {
    const { report, found } = await ask();
    assert.deepEqual(
      found.filter((id) => ACCOUNT_CAUSES.includes(id)),
      [],
    );
    const said = report.remarks.filter(({ code }) => code === 'connection-flood');
    assert.equal(said.length, 1);
    assert.match(said[0]?.text ?? '', /counts 10 failed sign-ins between 2030-01-01/);
  });
  await t.test('it signed in after its refusal', async () =>
    assert.deepEqual(await causesOf('--user', 'back'), []),
  );
  await t.test('another domain has an account of that name', async () =>
    assert.deepEqual(await causesOf('--user', 'OTHER\\locked'), []),
  );
});

test('what the machine says of itself counts from any account', { timeout: 240_000 }, async (t) => {
  if (!requirePeer(t, ...PROGRAMS) || !requireSharedData(t)) return;
  const log = OF_THE_MACHINE.map(
    ([status], at): SignIn => ({ minute: at, user: `somebody${at}`, status: [status, '0x0'] }),
  );
  const ask = await diskWith(t, securityLog(log));
  for (const words of [[], ['--user', 'alice']]) {
    const { report, found, status: exit } = await ask(...words);
    for (const [, cause] of OF_THE_MACHINE) {
      assert.ok(found.includes(cause), `${cause} in ${found.join(', ')}`);
      const { explanation = '' } = report.findings.find((one) => one.cause === cause) ?? {};
      assert.match(explanation, /somebody\d.*Security\.evtx#\d/);
    }
    assert.equal(exit, 1);
  }
});

test('a sign-in of a domain account after them shows that they are over', { timeout: 240_000 }, async (t) => {
  if (!requirePeer(t, ...PROGRAMS) || !requireSharedData(t)) return;
  const log = OF_THE_MACHINE.map(
    ([status], at): SignIn => ({
      ...{ minute: at, user: 'alice', domain: 'INTERNAL', status: [status, '0x0'] },
    }),
  );
  const ask = await diskWith(t, securityLog([...log, { minute: 50, user: 'alice', domain: 'INTERNAL' }]));
  const { found } = await ask();
  assert.deepEqual(
    found.filter((cause) => OF_THE_MACHINE.some(([, other]) => other === cause)),
    [],
  );
});

test('a log full of an attack is counted within its time, and the account named is found in it', {
  timeout: 240_000,
}, async (t) => {
  if (!requirePeer(t, ...PROGRAMS) || !requireSharedData(t)) return;
  const strangers = Array.from(
    { length: 30_000 },
    (_, at): SignIn => ({
      ...{ minute: 10 + Math.floor(at / 100), user: `name${at % 700}`, address: `203.0.113.${at % 3}` },
      status: ['0xc000006d', '0xc0000064'],
    }),
  );
  const log = securityLog([{ minute: 1, user: 'alice', status: ['0xc0000234', '0x0'] }, ...strangers]);
  const ask = await diskWith(t, log);
  const { report, found, millis } = await ask('--user', 'alice', '--timeout', '30');
  t.diagnostic(`${log.length} bytes of log, the run took ${Math.round(millis)} ms`);
  const { total, namesNeverIn, addresses, busiest, accounts, endedBy } = tallyOf(report);
  assert.deepEqual(
    { total, namesNeverIn, addresses, endedBy },
    { total: 30_001, namesNeverIn: 701, addresses: 3, endedBy: 'log' },
  );
  assert.equal(busiest[0]?.count, 10_000);
  assert.equal(accounts[0]?.account, 'alice');
  const both = found.filter((cause) => cause === 'account-locked' || cause === 'connection-flood');
  assert.deepEqual(both, ['account-locked', 'connection-flood']);
});

/** What evtxexport reads of the failures in a log: LogonType, Status and SubStatus; services, tasks and none left out. */
async function failuresBy(log: string): Promise<readonly string[]> {
  const { stdout } = await run('evtxexport', [log]);
  return stdout
    .split('Event number')
    .filter((event) => /\(4625\)/.test(event) && /Security-Auditing/.test(event))
    .map((event) => [8, 10, 11].map((at) => new RegExp(`String: ${at}\\s*: (\\S+)`).exec(event)?.[1] ?? ''))
    .filter(([, , type = '']) => !['', '0', '4', '5'].includes(type))
    .map(([status, subStatus, type]) => `${Number(subStatus) || Number(status)}/${type}`);
}

// Logs that Windows wrote. A mistyped password at the console, and the sign-in seconds later; restrictions without
// a name; logs without a failure.
for (const [name, failures] of [
  ['sbo_4625', 1],
  ['mde_4625_restriction', undefined],
  ['tsevtx_Security', undefined],
  ['obe_security', undefined],
] as const) {
  test(`the real log ${name}, as evtxexport counts it`, { timeout: 240_000 }, async (t) => {
    if (!requirePeer(t, ...PROGRAMS, 'evtxexport') || !requireSharedData(t)) return;
    const log = readSharedData(`evtx/${name}.evtx`);
    const file = join(temporaryFolder(t, 'log'), 'Security.evtx');
    writeFileSync(file, log);
    const ask = await diskWith(t, log);
    const { report, found } = await ask('--user', 'IEUser');
    const { total, statuses } = tallyOf(report);
    const counted = statuses.flatMap(({ status, logonType, count }) =>
      Array.from({ length: count }, () => `${status}/${logonType}`),
    );
    assert.deepEqual(counted.sort(), [...(await failuresBy(file))].sort());
    assert.equal(total, counted.length);
    if (failures !== undefined) assert.equal(total, failures);
    // Signed in four seconds later.
    assert.ok(!found.includes('credentials-wrong'));
  });
}
