// `diagnose --from`: a saved case is judged again and nothing is looked at; `--redact` masks what names anybody.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/core/model/report.ts';
import { PROTOCOL } from '../../src/core/protocol/x224.ts';
import { temporaryFolder } from '../peers/processes.ts';
import { checkShape, checkText } from './check-report.ts';
import { listener, refusedPort, type Server, selects, serve } from './hostile-servers.ts';
import { MainProcess } from './run-main.ts';

let program: MainProcess;
let target: Server;
let tlsOnly: Server;
let refused: number;
before(async () => {
  program = await MainProcess.start();
  target = await serve(listener());
  tlsOnly = await serve(listener({ confirm: (requested) => selects(requested & PROTOCOL.ssl) }));
  refused = await refusedPort();
});
after(async () => {
  program.end();
  await target.close();
  await tlsOnly.close();
});

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}.json`, import.meta.url));

function verdictsOf({ findings }: Report): readonly string[] {
  return findings.map(({ cause, verdict }) => `${cause} ${verdict}`);
}

/** Runs a diagnosis and keeps its case. */
async function keep(t: TestContext, ...argv: readonly string[]) {
  const folder = join(temporaryFolder(t, 'from'), 'case');
  const ran = await program.run(['diagnose', ...argv, '--case', folder, '--json']);
  return { folder, ...ran };
}

for (const [name, port, ...more] of [
  ['a healthy listener', () => target.port, '--client', 'windows-11'],
  ['a closed port', () => refused, '--error', 'The Local Security Authority cannot be contacted'],
] as const) {
  test(`${name}: the case says the same again, from its folder and from its report.json, without the network`, async (t) => {
    const { folder, stdout, status } = await keep(t, `127.0.0.1:${port()}`, ...more);
    const connections = target.accepted();
    for (const place of [folder, join(folder, 'report.json')]) {
      const again = await program.run(['diagnose', '--from', place, '--json']);
      assert.equal(again.stdout, stdout);
      assert.deepEqual([again.status, again.stderr], [status, '']);
    }
    assert.equal(target.accepted(), connections);
    const text = await program.run(['diagnose', '--from', folder]);
    checkText(text.stdout);
    assert.equal(text.status, status);
  });
}

for (const [cause, line, port] of [
  // The report names three readings, and the telling one is not among them.
  [
    'nla-not-offered',
    [
      '0xC0000234 0xC0000072 0xC0000193',
      '[ERROR][com.freerdp.core] - ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED [0x0002000C]',
    ].join('\n'),
    () => tlsOnly.port,
  ],
  ['certificate-key-unreadable', '', () => target.port],
] as const) {
  test(`a log that points to ${cause} is kept in short, and the case judged again says the same`, async (t) => {
    const log = join(temporaryFolder(t, 'log'), 'client.log');
    writeFileSync(log, `${line}\n${'[INFO][com.freerdp.client] - a line that says nothing\n'.repeat(20)}`);
    const { folder, stdout, status } = await keep(t, `127.0.0.1:${port()}`, '--error', log);
    const report: Report = JSON.parse(stdout);
    assert.equal(verdictsOf(report).includes(`${cause} likely`), line !== '');
    assert.ok(!stdout.includes('com.freerdp.client'));
    for (const more of [[], ['--redact']]) {
      const again = await program.run(['diagnose', '--from', folder, '--json', ...more]);
      assert.deepEqual(verdictsOf(JSON.parse(again.stdout)), verdictsOf(report));
      assert.equal(again.status, status);
    }
  });
}

for (const [name, warnings] of [
  [
    'expired',
    [
      {
        code: 'saved-without-code',
        text: 'vm1.corp.example has 2 addresses; only 192.0.2.4 was examined, although 192.0.2.5 also answers',
      },
    ],
  ],
  // A cause that crashed then does not crash today: its warning is gone.
  ['crashed', []],
] as const) {
  test(`a case of schema 1 is judged again: ${name}`, async () => {
    const old = fileURLToPath(new URL(`store/schema-1/${name}.json`, import.meta.url));
    const { status, stdout, stderr } = await program.run(['diagnose', '--from', old, '--json']);
    const report: Report = JSON.parse(stdout);
    checkShape(report);
    assert.deepEqual(report.warnings, warnings);
    const ran = await program.run(['diagnose', '--from', golden(name), '--json']);
    const today: Report = JSON.parse(ran.stdout);
    assert.deepEqual(verdictsOf(report), verdictsOf(today));
    assert.deepEqual([report.notExamined, report.outcome], [today.notExamined, today.outcome]);
    assert.deepEqual([status, stderr], [ran.status, '']);
  });
}

test('an account that was named is part of the case', async () => {
  const { stdout } = await program.run(['diagnose', '--from', golden('expired'), '--json']);
  const report: Report = JSON.parse(stdout);
  assert.deepEqual(report.looks, ['HOST', '--user']);
});

test('redacted: nothing in the case names the target, and the case judged again says the same', async (t) => {
  const { folder, stdout, stderr, status } = await keep(
    t,
    `localhost:${target.port}`,
    '--redact',
    '--client',
    'windows-11',
  );
  assert.equal(stderr, `The case is in ${folder}\n`);
  const report: Report = JSON.parse(stdout);
  checkShape(report);
  assert.equal(report.redacted, true);
  assert.deepEqual(readdirSync(folder).sort(), ['report.json', 'report.txt', 'transcript.jsonl']);
  const transcript = readFileSync(join(folder, 'transcript.jsonl'), 'utf8').trim().split('\n');
  assert.ok(transcript.length > 20, `${transcript.length} lines`);
  for (const line of transcript) {
    const entry: { readonly bytes?: string } = JSON.parse(line);
    assert.doesNotMatch(entry.bytes ?? '', /^[0-9a-f]+$/);
  }
  const open = await program.run([
    'diagnose',
    `localhost:${target.port}`,
    '--json',
    '--client',
    'windows-11',
  ]);
  const plain: Report = JSON.parse(open.stdout);
  assert.deepEqual(verdictsOf(report), verdictsOf(plain));
  const challenge = plain.evidence['ntlm.challenge'];
  assert.ok(challenge?.state === 'present');
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8').toLowerCase();
    for (const name of [
      challenge.value.dnsComputer,
      challenge.value.netbiosComputer,
      challenge.value.dnsDomain,
    ]) {
      assert.ok(name !== undefined && !text.includes(name.toLowerCase()), `${file} names ${name}`);
    }
  }
  const again = await program.run(['diagnose', '--from', folder, '--json', '--redact']);
  assert.equal(again.stdout, stdout);
  assert.equal(again.status, status);
});

test('a case that was kept is redacted afterwards, its transcript too', async (t) => {
  const { folder } = await keep(t, `127.0.0.1:${target.port}`);
  const masked = join(folder, '..', 'masked');
  const { status } = await program.run(['diagnose', '--from', folder, '--redact', '--case', masked]);
  assert.equal(status, 0);
  const lines = (place: string) => readFileSync(join(place, 'transcript.jsonl'), 'utf8').trim().split('\n');
  assert.equal(lines(masked).length, lines(folder).length);
  for (const line of lines(masked)) assert.doesNotMatch(line, /"bytes":"[0-9a-f]+"/);
  const report: Report = JSON.parse(readFileSync(join(masked, 'report.json'), 'utf8'));
  const challenge = report.evidence['ntlm.challenge'];
  assert.ok(challenge?.state === 'present');
  assert.match(challenge.value.netbiosComputer ?? '', /^(?:host|domain)-\d$/);
});

/** A report in a file of its own. */
function fileWith(t: TestContext, text: string): string {
  const file = join(temporaryFolder(t, 'from'), 'report.json');
  writeFileSync(file, text);
  return file;
}

const healthy: Record<string, unknown> = JSON.parse(readFileSync(golden('healthy'), 'utf8'));
const refusals: readonly (readonly [name: string, place: (t: TestContext) => string, says: string])[] = [
  ['nothing', (t) => join(temporaryFolder(t, 'from'), 'x'), 'there is no case in '],
  ['a folder without a report', (t) => temporaryFolder(t, 'from'), 'there is no case in '],
  ['no name', () => '', '--from needs the folder of a case, or its report.json'],
  ['a text', (t) => fileWith(t, 'not JSON'), 'is not a report of rdpdoctor'],
  ['another JSON', (t) => fileWith(t, '{"a":1}'), 'is not a report of rdpdoctor'],
  ['a list', (t) => fileWith(t, '[]'), 'is not a report of rdpdoctor'],
  [
    'a later schema',
    (t) => fileWith(t, JSON.stringify({ ...healthy, schema: 7 })),
    'has schema 7, and this version reads schemas 1 and 2',
  ],
  [
    'a warning with an unknown code',
    (t) => fileWith(t, JSON.stringify({ ...healthy, warnings: [{ code: 'x', text: 'y' }] })),
    'its warnings are not texts',
  ],
  [
    'warnings of schema 1 in schema 2',
    (t) => fileWith(t, JSON.stringify({ ...healthy, warnings: ['a text'] })),
    'its warnings are not texts',
  ],
  [
    'no looks',
    (t) => fileWith(t, JSON.stringify({ ...healthy, looks: 1 })),
    'it does not say what was looked at',
  ],
  [
    'an unknown fact',
    (t) =>
      fileWith(t, JSON.stringify({ ...healthy, evidence: { 'x.y': { state: 'unknown', why: 'denied' } } })),
    '"x.y" is not a fact',
  ],
  [
    'an odd observation',
    (t) => fileWith(t, JSON.stringify({ ...healthy, evidence: { 'rdp.nla': { state: 'present' } } })),
    'rdp.nla is not an observation',
  ],
  ['an odd time', (t) => fileWith(t, JSON.stringify({ ...healthy, at: 'then' })), 'it has no time'],
  [
    'a folder in place of the report',
    (t) => {
      const folder = temporaryFolder(t, 'from');
      mkdirSync(join(folder, 'report.json'));
      return folder;
    },
    'is not a file',
  ],
];
for (const [name, place, says] of refusals) {
  test(`--from ${name} says what is wrong`, async (t) => {
    const { status, stdout, stderr } = await program.run(['diagnose', '--from', place(t)]);
    assert.ok(stderr.startsWith('rdpdoctor: ') && stderr.includes(says), stderr);
    assert.deepEqual([status, stdout], [2, '']);
  });
}

for (const [argv, says] of [
  [['vm1'], 'connects to no HOST'],
  [['--disk', 'x.vhd'], 'leave --disk out'],
  [['--user', 'alice'], 'leave --user out'],
  [['--client', 'windows-11'], 'leave --client out'],
  [['--password-file', 'x'], 'leave --password-file out'],
  [['--ssh', 'alice@vm1'], 'leave --ssh out'],
  [['--ssh-key', 'x'], 'leave --ssh-key out'],
  [['--full'], 'leave --full out'],
  [['--parent', 'base.vhdx'], 'leave --parent out'],
  [['--timeout', '5'], 'leave --timeout out'],
  [['--error', '0x904'], 'leave --error out'],
] as const) {
  test(`--from does not go with ${argv.join(' ')}`, async () => {
    const { status, stderr } = await program.run(['diagnose', '--from', golden('healthy'), ...argv]);
    assert.ok(stderr.includes(says), stderr);
    assert.equal(status, 2);
  });
}

test('evidence of no known shape ends in a sentence, or in a report that says so', async (t) => {
  const evidence = { ...(healthy['evidence'] as object) } as Record<string, { readonly from?: unknown }>;
  const from = evidence['tcp.connect']?.from;
  for (const fact of Object.keys(evidence)) {
    for (const value of [0, 'x', [], {}, [{}], true]) {
      const file = fileWith(
        t,
        JSON.stringify({ ...healthy, evidence: { ...evidence, [fact]: { state: 'present', value, from } } }),
      );
      const { status, stderr } = await program.run(['diagnose', '--from', file]);
      assert.doesNotMatch(stderr, /own:|stack/, `${fact} ${JSON.stringify(value)}: ${stderr}`);
      assert.ok([0, 1, 2, 3].includes(status));
    }
  }
});
