// `diagnose --rpc` as it is typed: what is wrong with it is said, it works without a HOST, and its password comes
// back nowhere.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { errorBody } from '../../../core/protocol/smb2/fake-bodies.ts';
import { PASSWORD } from '../../../core/protocol/smb2/fake-smb.ts';
import { temporaryFolder } from '../../../peers/processes.ts';
import { type Server, serve } from '../../hostile-servers.ts';
import { MainProcess } from '../../run-main.ts';
import { smb } from './smb-on-socket.ts';

let program: MainProcess;
let server: Server;
let refusing: Server;
const folder = temporaryFolder({ after: (end) => after(end) }, 'rpc-command');
before(async () => {
  program = await MainProcess.start();
  // Pipes are missing there: nothing is seen, quickly.
  server = await serve(smb({ refuse: (name) => (name === 'IPC$' ? 0xc000_0022 : undefined) }));
  refusing = await serve(
    smb({
      say: (reply) =>
        reply.command === 1 && reply.status === 0
          ? [{ ...reply, status: 0xc000_006d, body: errorBody() }]
          : [reply],
    }),
  );
});
after(async () => {
  program.end();
  await server.close();
  await refusing.close();
});

suite('what is wrong with it', () => {
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [['--rpc', 'vm1'], /the value of --rpc is not USER@HOST, such as CORP\\admin@vm1\.corp\.example/],
    [['--rpc', '@vm1'], /the value of --rpc is not USER@HOST/],
    [['--rpc', 'alice@'], /the value of --rpc is not USER@HOST/],
    [['--rpc', 'alice@vm1:99999'], /is not a port/],
    [
      ['--rpc', 'alice:hunter2@vm1'],
      /the value of --rpc is not an account name: .*a prompt, RDPDOCTOR_RPC_PASSWORD or --rpc-password-file/,
    ],
    [['vm1', '--rpc-password-file', 'x'], /--rpc-password-file is for --rpc: give --rpc USER@HOST as well/],
    [
      ['--rpc', 'alice@vm1', '--rpc-password-file', '-', '--error', '-'],
      /--error and --rpc-password-file cannot both read standard input/,
    ],
    [
      ['--rpc', 'alice@vm1'],
      /no password was given: set RDPDOCTOR_RPC_PASSWORD, or give --rpc-password-file FILE/,
    ],
  ];
  for (const [words, said] of rows) {
    test(words.join(' '), async () => {
      const { status, stdout, stderr } = await program.run(['diagnose', ...words]);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /hunter2/);
    });
  }
});

suite('a run', () => {
  const everythingIn = (place: string): string =>
    readdirSync(place)
      .map((name) => readFileSync(join(place, name), 'latin1'))
      .join('\n');

  for (const [name, asked] of [
    ['from the environment', { words: [] as string[], env: { RDPDOCTOR_RPC_PASSWORD: PASSWORD } }],
    ['from a file', { words: ['--rpc-password-file', join(folder, 'password')], env: {} }],
  ] as const) {
    test(`the password ${name} is in no case, report or message`, async () => {
      writeFileSync(join(folder, 'password'), `${PASSWORD}\n`);
      for (const [where, { port }] of Object.entries({ server, refusing })) {
        const place = join(folder, `${where} ${name}`);
        const words = ['diagnose', '--rpc', `CORP\\alice@127.0.0.1:${port}`, '--case', place, ...asked.words];
        const { status, stdout, stderr } = await program.run(words, { env: asked.env });
        assert.equal(status, 3, stderr);
        const all = `${stdout}\n${stderr}\n${everythingIn(place)}`;
        assert.ok(!all.includes(PASSWORD));
        assert.ok(!all.includes(Buffer.from(PASSWORD, 'utf16le').toString('hex')));
        assert.match(all, /SESSION_SETUP with NTLM AUTHENTICATE/, 'the transcript is there');
      }
    });
  }

  test('a wrong password: told, blind, and one connection', async () => {
    const before = refusing.accepted();
    const { stdout } = await program.run(
      ['diagnose', '--rpc', `CORP\\alice@127.0.0.1:${refusing.port}`, '--json'],
      { env: { RDPDOCTOR_RPC_PASSWORD: PASSWORD } },
    );
    const report = JSON.parse(stdout) as {
      outcome: string;
      target: string;
      warnings: readonly { code: string; text: string }[];
    };
    assert.deepEqual([report.outcome, report.target], ['blind', '127.0.0.1']);
    assert.deepEqual(
      report.warnings.map(({ code }) => code),
      ['machine-not-asked'],
    );
    assert.match(report.warnings[0]?.text ?? '', /the user name or the password is wrong/);
    assert.equal(refusing.accepted() - before, 1);
  });
});
