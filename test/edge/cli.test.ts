import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { checkShape, checkText } from './check-report.ts';
import { listener, refusedPort, type Server, serve } from './hostile-servers.ts';
import { MainProcess } from './run-main.ts';

let program: MainProcess;
let target: Server;
let refused: number;
before(async () => {
  program = await MainProcess.start();
  target = await serve(listener());
  refused = await refusedPort();
});
after(async () => {
  program.end();
  await target.close();
});

describe('what cannot be done as asked', () => {
  const long = 'a'.repeat(300);
  const rows: readonly (readonly [argv: readonly string[], says: string])[] = [
    [['diagnose'], 'nothing to look at'],
    [['diagnose', 'vm1', 'vm2'], 'too many arguments'],
    [['diagnose', ''], '"" is not a host'],
    [['diagnose', ' '], '"" is not a host'],
    [['diagnose', '-'], '"-" is not a host'],
    [['diagnose', '-rf'], "unknown option '-rf'"],
    [['diagnose', '😀'], '"😀" is not a host'],
    [['diagnose', long], 'is not a host'],
    [['diagnose', 'vm1\u001b[31m'], '"vm1\\u001b[31m" is not a host'],
    [['diagnose', 'vm1:0'], '"0" in "vm1:0" is not a port: expected a number from 1 to 65535'],
    [['diagnose', 'https://vm1'], '"https://vm1" is a URL'],
    [
      ['diagnose', 'vm1', '--timeout', '0'],
      '"0" is not a time limit: expected a number of seconds from 1 to 600',
    ],
    [['diagnose', 'vm1', '--timeout', '-5'], '"-5" is not a time limit'],
    [['diagnose', 'vm1', '--timeout', 'abc'], '"abc" is not a time limit'],
    [['diagnose', 'vm1', '--timeout', '1e3'], '"1e3" is not a time limit'],
    [['diagnose', 'vm1', '--timeout', ''], '"" is not a time limit'],
    [['diagnose', 'vm1', '--timeout', '601'], '"601" is not a time limit'],
    [['diagnose', 'vm1', '--timeout'], "option '--timeout <s>' argument missing"],
    [['diagnose', 'vm1', '--clientt', 'x'], 'Did you mean --client?'],
    [['diagnose', 'vm1', '--client', 'windows-95'], '"windows-95" is not a known client: expected one of'],
    [['diagnose', 'vm1', '--client', 'constructor'], '"constructor" is not a known client'],
    [['diagnose', 'vm1', '--json=1'], "unknown option '--json=1'"],
    [['diagnose', 'vm1', '-j'], "unknown option '-j'"],
    [['diagnose', 'vm1', '--winrm', 'root@vm1'], '--winrm is not available in this version'],
    [['diagnose', '--ssh', 'alice:secret@vm1'], 'the value of --ssh has no account name before the last @'],
    [['diagnose', '--ssh', '@vm1'], 'the value of --ssh has no account name before the last @'],
    [['diagnose', '--ssh', 'alice@vm1:0'], '"0" in --ssh is not a port'],
    [['diagnose', '--ssh', 'alice@-oProxyCommand=x'], '"-oProxyCommand=x" is not a host for --ssh'],
    [
      ['diagnose', '--ssh', 'alice@vm1', '--ssh-key', '/nonexistent'],
      '--ssh-key names no file that can be read',
    ],
    [
      ['diagnose', '--ssh', 'alice@vm1', '--ssh-password-file', '/nonexistent'],
      '--ssh-password-file names a file that does not exist',
    ],
    [['diagnose', 'vm1', '--ssh-key', 'x'], '--ssh-key is for --ssh: give --ssh USER@HOST as well'],
    [['diagnose', 'vm1', '--ssh-password-file', 'x'], '--ssh-password-file is for --ssh'],
    [
      ['diagnose', '--ssh', 'alice@vm1', '--ssh-password-file', '-', '--error', '-'],
      '--error and --ssh-password-file cannot both read standard input',
    ],
    [['diagnose', 'vm1', '--case', ''], '--case needs the name of a folder'],
    [['diagnose', 'vm1', '--user', 'a\\b\\c'], 'is not an account name: expected DOMAIN\\user'],
    [['diagnose', 'vm1', '--user', '\\alice'], 'is not an account name'],
    [['diagnose', 'vm1', '--user', 'alice'], 'no password was given: set RDPDOCTOR_PASSWORD'],
    [
      ['diagnose', 'vm1', '--user', 'alice', '--password-file', '/nonexistent'],
      'names a file that does not exist',
    ],
    [
      ['diagnose', 'vm1', '--user', 'alice', '--password-file', '.'],
      'names a folder: expected a file or a pipe',
    ],
    [['diagnose', 'vm1', '--password-file', 'x'], '--password-file needs an account'],
    [['nonsense'], '"nonsense" is not a command: expected one of diagnose, explain, collect, list, demo'],
    [['vm1.corp.example'], 'to diagnose a machine: rdpdoctor diagnose HOST'],
    [['help'], '"help" is not a command'],
    [['constructor'], '"constructor" is not a command'],
    [['--json'], "unknown option '--json'"],
    [['explain'], "missing required argument 'text'"],
    [['explain', '-x'], "unknown option '-x'"],
    [['explain', '--jsn', '5'], 'Did you mean --json?'],
    [
      ['diagnose', 'vm1', '--user', 'alice', '--password-file', '-', '--error', '-'],
      '--error and --password-file cannot both read standard input',
    ],
    [['list'], "missing required argument 'what'"],
    [['list', 'hosts'], '"hosts" is not a list: expected one of causes, facts, clients'],
    [['list', 'constructor'], '"constructor" is not a list'],
    [['list', 'causes', 'facts'], 'too many arguments'],
  ];
  for (const [argv, says] of rows) {
    test(`rdpdoctor ${argv.join(' ').slice(0, 60)}`, async () => {
      const { status, stdout, stderr } = await program.run(argv);
      assert.equal(stdout, '');
      assert.ok(stderr.startsWith('rdpdoctor: '), stderr);
      assert.ok(stderr.includes(says), stderr);
      assert.ok(!stderr.includes('fault of rdpdoctor'), stderr);
      assert.ok(stderr.split('\n').length <= 3 && stderr.endsWith('\n'), stderr);
      assert.equal(status, 2);
    });
  }

  test('no command at all shows the help, as an error', async () => {
    const { status, stdout, stderr } = await program.run([]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^Usage: rdpdoctor/);
  });
});

describe('what only prints', () => {
  const rows: readonly (readonly [argv: readonly string[], says: RegExp, status?: number])[] = [
    [['--help'], /^Usage: rdpdoctor \[options\] \[command\]\n/],
    [['-h'], /Exit status: 0 healthy/],
    [['diagnose', '--help'], /--timeout <s> +time limit for the whole run, in seconds/],
    [['explain', '--help'], /Usage: rdpdoctor explain/],
    [['list', '--help'], /Usage: rdpdoctor list/],
    [['demo', '--help'], /Usage: rdpdoctor demo/],
    // The build puts the number in; test/tidy/pack.test.ts asks the built command.
    [['--version'], /^not built\n$/],
    [['list', 'causes'], /^tls-server-disabled +\S/m],
    [['list', 'facts'], /^tcp\.connect +whether a TCP connection opens/m],
    [['list', 'clients'], /^windows-11 +\S/m],
    [['list', 'remedies'], /^This version does not repair anything yet/],
    [['explain', '0x904'], /0x904/i],
    [['explain', 'Schannel', '36871'], /36871/],
    [['explain', '-2146893022'], /SEC_E_WRONG_PRINCIPAL/],
    [['explain', '--', '-2146893022'], /SEC_E_WRONG_PRINCIPAL/],
    [['explain', '- Error code: 0x904'], /0x904/],
    [['explain', "<Data Name='Status'>0xc0000234</Data>"], /STATUS_ACCOUNT_LOCKED_OUT/],
    [
      ['explain', 'Error code: 0x904\nExtended error code: 0x7'],
      /^Taken together, this points to \(most likely first\):/,
    ],
    [['explain', 'Status: 0xC0001234, Sub Status: 0xC0000072'], /^Not recognised: 0xC0001234\.$/m],
    [['explain', '0xC0001234'], /^rdpdoctor does not recognise ".*"\./, 3],
    [['explain', 'Error code: 0, Status: 0x0'], /^rdpdoctor does not recognise ".*"\./, 3],
    [['explain', 'no such thing at all, zzz'], /^rdpdoctor does not recognise ".*"\./, 3],
    [['explain', '\u001b[31m\u202e\u009b'], /\\u001b\[31m\\u202e\\u009b/, 3],
  ];
  for (const [argv, says, expected = 0] of rows) {
    test(`rdpdoctor ${argv.join(' ')}`, async () => {
      const { status, stdout, stderr } = await program.run(argv);
      assert.match(stdout, says);
      checkText(stdout);
      assert.equal(stderr, '');
      assert.equal(status, expected);
    });
  }

  test('JSON of lists and explanations drives no terminal either', async () => {
    for (const argv of [
      ['list', 'causes', '--json'],
      ['list', 'facts', '--json'],
      ['list', 'clients', '--json'],
      ['list', 'remedies', '--json'],
      ['explain', '\u009b2J 0x904', '--json'],
      ['explain', '-2146893022', '--json'],
    ]) {
      const { stdout } = await program.run(argv);
      JSON.parse(stdout);
      assert.doesNotMatch(stdout, /[^\P{C}\n]/u, argv.join(' '));
    }
  });
});

describe('diagnose', () => {
  const host = (): string => `127.0.0.1:${target.port}`;
  const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

  test('prints the report alone on stdout, 80 columns wide, without colour', async () => {
    const { status, stdout, stderr } = await program.run(['diagnose', host()]);
    assert.match(stdout, /^127\.0\.0\.1:\d+ {3}\d{4}-/);
    checkText(stdout);
    assert.equal(stderr, '');
    assert.equal(status, 0);
  });

  test('prints one valid report with --json, and nothing else', async () => {
    const { status, stdout, stderr } = await program.run([
      'diagnose',
      host(),
      '--json',
      '--client',
      'windows-11',
    ]);
    checkShape(JSON.parse(stdout));
    assert.equal(stderr, '');
    assert.equal(status, 0);
  });

  test('says on the stderr of a terminal what it does, and colours the report', async () => {
    const { stdout, stderr } = await program.run(['diagnose', host()], { terminal: 120 });
    assert.match(stderr, /^Looking at 127\.0\.0\.1:\d+, for at most 10 s …\n$/);
    assert.match(stdout, colours);
    const widest = Math.max(
      ...stdout
        .replaceAll(colours, '')
        .split('\n')
        .map((line) => line.length),
    );
    assert.ok(widest <= 100, `${widest} columns`);
  });

  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    test(`prints no colour on a terminal with ${Object.entries(env).join(' ')}`, async () => {
      const { stdout } = await program.run(['diagnose', host()], { terminal: 80, env });
      assert.doesNotMatch(stdout, colours);
      checkText(stdout);
    });
  }

  test('fits a narrow terminal', async () => {
    const { stdout } = await program.run(['diagnose', host()], { terminal: 40, env: { NO_COLOR: '1' } });
    for (const line of stdout.split('\n')) {
      assert.ok(
        line.length <= 40 ||
          line
            .trim()
            .split(' ')
            .some((word) => word.length > 20),
        line,
      );
    }
  });

  test('is readable on a terminal of 20 columns, and on one without UTF-8', async () => {
    const env = { NO_COLOR: '1', LC_ALL: 'C' };
    for (const terminal of [20, 40, 80]) {
      const { stdout, stderr } = await program.run(['diagnose', host(), '--verbose'], { terminal, env });
      assert.match(`${stdout}${stderr}`, /^[\n\x20-\x7e]*$/, 'ASCII alone');
      assert.match(stdout, /^ +\[ok\] reach/m);
      for (const line of stdout.split('\n')) {
        const words = line.trim().split(' ');
        assert.ok(line.length <= terminal || words.length <= 2, `${terminal}: ${line}`);
      }
    }
    const json = await program.run(['diagnose', host(), '--json'], { terminal: 80, env });
    assert.match(json.stdout, /^[\n\x20-\x7e]*$/);
    checkShape(JSON.parse(json.stdout));
  });

  test('has the exit status of a cause', async () => {
    const { status, stdout } = await program.run(['diagnose', `127.0.0.1:${refused}`]);
    assert.match(stdout, /refuses the connection/);
    assert.equal(status, 1);
  });

  test('has the exit status of too little seen for a name that is none', async () => {
    const { status, stdout } = await program.run(['diagnose', 'nonexistent.invalid', '--timeout', '5']);
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /the name nonexistent\.invalid|for the name nonexistent\.invalid/,
    );
    assert.equal(status, 3);
  });
});
