// A secret that was typed in the wrong place never comes back, neither on stdout nor on stderr.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { withoutSecrets } from '../../src/edge/secrets.ts';
import { temporaryFolder } from '../peers/processes.ts';
import { MainProcess } from './run-main.ts';

const SECRET = 'Zk9xSecret7';
const SAS = `sv=2024-11-04&sr=b&sp=r&sig=${SECRET}%3D`;
const URL_WITH_SAS = `https://acct.blob.core.windows.net/vhds/os.vhd?${SAS}`;

let program: MainProcess;
const folder = temporaryFolder({ after: (end) => after(end) }, 'secrets');
before(async () => {
  program = await MainProcess.start();
});
after(() => program.end());

describe('mistyped commands', () => {
  const rows: readonly (readonly string[])[] = [
    // An option that does not exist, with the secret as its value.
    [`--dsk=${URL_WITH_SAS}`],
    ['diagnose', `--dsk=${URL_WITH_SAS}`],
    ['diagnose', `-disk=${URL_WITH_SAS}`],
    ['diagnose', 'vm1', `--password=${SECRET}`],
    ['diagnose', 'vm1', `--pass=${SECRET}`],
    ['diagnose', 'vm1', `--user-password=${SECRET}`],
    ['diagnose', 'vm1', `--passwort=${SECRET}`],
    ['diagnose', 'vm1', `-p=${SECRET}`],
    ['diagnose', 'vm1', `-p${SECRET}`],
    ['diagnose', 'vm1', `/p:${SECRET}`],
    ['diagnose', 'vm1', '--password', SECRET],
    ['diagnose', 'vm1', '-p', SECRET],
    ['explain', `--password=${SECRET}`],
    ['list', 'causes', `--token=${SECRET}`],
    ['demo', `--password=${SECRET}`],
    [`--password=${SECRET}`, 'diagnose', 'vm1'],
    // A URL where something else is meant.
    [URL_WITH_SAS],
    [SAS],
    ['diagnose', URL_WITH_SAS],
    ['diagnose', SAS],
    ['diagnose', `acct.blob.core.windows.net/vhds/os.vhd?${SAS}`],
    ['diagnose', 'vm1', URL_WITH_SAS],
    ['diagnose', 'vm1', '--client', URL_WITH_SAS],
    ['diagnose', 'vm1', '--client', SAS],
    ['diagnose', 'vm1', '--timeout', URL_WITH_SAS],
    ['diagnose', 'vm1', '--user', URL_WITH_SAS],
    ['diagnose', '--from', URL_WITH_SAS],
    ['diagnose', '--from', SAS],
    ['list', URL_WITH_SAS],
    ['list', SAS],
    ['explain', URL_WITH_SAS],
    ['explain', SAS],
    ['explain', URL_WITH_SAS, '--json'],
    // A URL that lost its beginning or its quotes, and one of another kind.
    ['diagnose', '--disk', SAS],
    ['diagnose', '--disk', `?${SAS}`],
    ['diagnose', '--disk', `ttps://acct.blob.core.windows.net/os.vhd?${SAS}`],
    ['diagnose', '--disk', `https:/acct.blob.core.windows.net/os.vhd?${SAS}`],
    ['diagnose', '--disk', `ftp://acct.example/os.vhd?${SAS}`],
    ['diagnose', '--disk', `https://alice:${SECRET}@127.0.0.1:9/os.vhd`],
    ['diagnose', '--disk', `https://?${SAS}`],
    ['diagnose', '--disk', join(folder, 'none.vhd'), `--sig=${SECRET}`],
    // An account with its password.
    ['diagnose', `alice:${SECRET}@vm1`],
    ['diagnose', `rdp://alice:${SECRET}@vm1:3389`],
    ['diagnose', 'vm1', '--user', `alice:${SECRET}`],
    ['diagnose', 'vm1', '--user', `CORP\\alice\\${SECRET}`],
    ['diagnose', 'vm1', '--user', `alice/${SECRET}`],
    ['diagnose', 'vm1', '--user', `alice%${SECRET}`],
    ['diagnose', 'vm1', '--user', 'alice', '--password-file', SECRET],
    ['diagnose', 'vm1', '--password-file', SECRET],
    // A vantage that is not there yet.
    ['diagnose', 'vm1', `--ssh=alice:${SECRET}@vm1`],
    ['diagnose', 'vm1', `--winrm=alice:${SECRET}@vm1`],
  ];
  for (const argv of rows) {
    test(argv.join(' ').replaceAll(SECRET, 'S'), async () => {
      const { status, stdout, stderr } = await program.run(argv);
      assert.ok(!`${stdout}${stderr}`.includes(SECRET), `${stdout}${stderr}`);
      // It says what was wrong all the same.
      assert.ok(status === 2 ? /^rdpdoctor: \S/.test(stderr) : stdout !== '', stderr);
    });
  }
});

test('the symptom of a case holds no signature', async () => {
  const place = join(folder, 'case');
  mkdirSync(place, { mode: 0o700 });
  const { stdout } = await program.run([
    ...['diagnose', '127.0.0.1:9', '--case', place, '--json', '--timeout', '2'],
    ...['--error', `cannot open ${URL_WITH_SAS}, 0x904`],
  ]);
  assert.ok(!stdout.includes(SECRET), stdout);
  assert.equal(
    JSON.parse(stdout).symptom,
    'cannot open https://acct.blob.core.windows.net/vhds/os.vhd?… 0x904',
  );
  for (const file of readdirSync(place)) {
    assert.ok(!readFileSync(join(place, file), 'utf8').includes(SECRET), file);
  }
});

describe('texts', () => {
  const rows: readonly (readonly [text: string, told: string])[] = [
    ['https://a.example/b?c=d&sig=S x', 'https://a.example/b?… x'],
    ['see https://a.example/b#S.', 'see https://a.example/b?…'],
    ['https://u:S@a.example/b', 'https://…@a.example/b'],
    ['sv=1&sig=S&se=2', 'sv=1&sig=…&se=2'],
    ['SIG%3DS', 'SIG%3D…'],
    ['DefaultEndpointsProtocol=https;AccountKey=S==;x=1', 'DefaultEndpointsProtocol=https;AccountKey=…;x=1'],
    ['client_secret=S and db-password=S', 'client_secret=… and db-password=…'],
    ['{"a": "token=S"}', '{"a": "token=…"}'],
    // What is no secret stays.
    [
      'https://learn.microsoft.com/a/b and SecurityLayer = 2',
      'https://learn.microsoft.com/a/b and SecurityLayer = 2',
    ],
    ['why? because passwords expire', 'why? because passwords expire'],
    ['design=5 and tcp://[::1]:3389', 'design=5 and tcp://[::1]:3389'],
  ];
  for (const [text, told] of rows) test(text, () => assert.equal(withoutSecrets(text), told));

  test('long ones take no time', () => {
    for (const piece of ['a:', 'https://', 'sig=', 'x_', '?', 'a@']) {
      const began = performance.now();
      withoutSecrets(piece.repeat(200_000 / piece.length));
      assert.ok(performance.now() - began < 1000, piece);
    }
  });
});

test('nothing of the command line writes past the place that redacts', () => {
  const cli = new URL('../../src/edge/cli/', import.meta.url);
  const writers = readdirSync(cli).filter((file) =>
    /process\.std(?:out|err)\.write|console\./.test(readFileSync(new URL(file, cli), 'utf8')),
  );
  assert.deepEqual(writers, ['say.ts']);
});
