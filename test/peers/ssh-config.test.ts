// Our reading of ssh's configuration beside that of ssh itself, `ssh -G`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readSshConfig } from '../../src/edge/guest/ssh/config.ts';
import { systemSurroundings } from '../../src/edge/guest/ssh/surroundings.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';

/** `HERE` is the folder of the configuration. */
const CONFIGS: readonly (readonly [what: string, text: string, hosts: readonly string[]])[] = [
  ['empty', '', ['vm1', 'VM1.Corp.Example', '10.0.0.4']],
  [
    'hosts and patterns',
    'Host vm1 v?x !v9x\nHostName %h.corp.example\nPort 2022\nHost *.example\nPort 1\nUser other\nHost *\nUser last\nPort 22\n',
    ['vm1', 'v1x', 'v9x', 'a.example', 'VM1', 'vm2'],
  ],
  ['a negation alone', 'Host !vm1\nPort 1\nHost * !vm1\nPort 2\n', ['vm1', 'vm2']],
  ['forms of a line', '  port=2022\n\tUser = "alice"   # me\nHOSTNAME   10.0.0.4\r\n#Port 1\n', ['vm1']],
  ['quotes', 'Host "vm1" "two words"\nIdentityFile "HERE/my key"\nUser \'CORP\\\\alice\'\n', ['vm1']],
  [
    'key files',
    'IdentityFile HERE/a\nIdentityFile HERE/a\nHost vm1\nIdentityFile HERE/b\nIdentitiesOnly yes\n',
    ['vm1', 'vm2'],
  ],
  [
    'matches',
    'Match host *.corp.example\nPort 1\nHost vm1\nHostName x.corp.example\nMatch host *.corp.example user adm*,root\nPort 2022\nMatch !originalhost vm1\nPort 3\nMatch originalhost vm1,vm3 localuser nobody-here\nPort 4\nMatch originalhost VM4\nPort 5\nMatch user ADM*\nPort 6\nMatch all\nUser all\n',
    ['vm1', 'vm2', 'y.corp.example', 'VM4', 'vm4', 'admin@vm4', 'ADMIN@vm5'],
  ],
  [
    'includes',
    'Include HERE/conf.d/*.conf\nPort 9\nHost vm2\nInclude HERE/conf.d/inner\nHost *\nUser outer\n',
    ['vm1', 'vm2', 'vm3'],
  ],
  ['a file that is not there', 'Include HERE/none\nPort 2022\n', ['vm1']],
  [
    'jumps',
    'Host vm1\nProxyJump a@gate:2200,inner\nHost vm2\nProxyJump none\nHost vm3\nProxyCommand nc %h %p\nHost *\nProxyJump last\n',
    ['vm1', 'vm2', 'vm3', 'vm4'],
  ],
  [
    'an alias and known hosts',
    'HostKeyAlias Gate\nUserKnownHostsFile HERE/a HERE/b\nGlobalKnownHostsFile HERE/c\n',
    ['vm1'],
  ],
  ['the agent', 'IdentityAgent HERE/agent\nIdentitiesOnly no\n', ['vm1']],
  ['a command line that wins', 'User other\nPort 1\n', ['admin@vm1', 'admin@VM2']],
];

const FILES: Readonly<Record<string, string>> = {
  'conf.d/b.conf': 'Port 2\nHost vm1\nUser b\n',
  'conf.d/a.conf': 'Host vm3\nPort 3\n',
  'conf.d/.hidden.conf': 'Port 7\n',
  'conf.d/inner': 'IdentityFile HERE/inner\nHost vm3\nIdentityFile HERE/never\n',
};

describe('a configuration means what ssh -G says:', () => {
  for (const [what, text, hosts] of CONFIGS) {
    test(what, (t) => {
      if (!requirePeer(t, 'ssh')) return;
      const folder = temporaryFolder(t, 'ssh-config');
      mkdirSync(join(folder, 'conf.d'));
      const write = (name: string, content: string): void =>
        writeFileSync(join(folder, name), content.replaceAll('HERE', folder), { mode: 0o600 });
      for (const [name, content] of Object.entries(FILES)) write(name, content);
      write('config', text);
      for (const named of hosts) {
        const said = sshSays(join(folder, 'config'), named);
        assert.deepEqual(weSay(join(folder, 'config'), named), said, named);
      }
    });
  }
});

interface Said {
  readonly hostName: string;
  readonly port: string;
  readonly user: string;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: string;
  readonly agent: string | undefined;
  readonly jumps: string | undefined;
  readonly command: string | undefined;
  readonly alias: string | undefined;
  readonly knownHosts: readonly string[];
}

function sshSays(config: string, named: string): Said {
  const { stdout, stderr, status } = spawnSync('ssh', ['-G', '-F', config, named], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  assert.equal(status, 0, stderr);
  const lines = stdout.split('\n').map((line) => line.split(' '));
  const all = (keyword: string): string[] =>
    lines.filter(([name]) => name === keyword).map((words) => words.slice(1).join(' '));
  const [hostName = '', port = '', user = ''] = ['hostname', 'port', 'user'].map((name) => all(name)[0]);
  return {
    hostName,
    port,
    user,
    // Those that nobody named are the usual ones, with a tilde.
    identityFiles: [...new Set(all('identityfile').filter((path) => !path.startsWith('~')))],
    identitiesOnly: all('identitiesonly')[0] ?? '',
    agent: all('identityagent')[0],
    jumps: all('proxyjump')[0],
    command: all('proxycommand')[0],
    alias: all('hostkeyalias')[0],
    knownHosts: [...all('userknownhostsfile'), ...all('globalknownhostsfile')].flatMap((files) =>
      files.split(' ').filter((path) => path.startsWith(config.replace(/config$/, ''))),
    ),
  };
}

function weSay(config: string, named: string): Said {
  const at = named.lastIndexOf('@');
  const around = systemSurroundings();
  const settings = readSshConfig(
    { host: named.slice(at + 1), ...(at === -1 ? {} : { user: named.slice(0, at) }) },
    { ...around, files: [{ path: config, folder: '/nonexistent', mayTilde: true }] },
  );
  return {
    hostName: settings.hostName,
    port: String(settings.port),
    user: settings.user ?? around.localUser,
    identityFiles: settings.identityFiles,
    identitiesOnly: settings.identitiesOnly ? 'yes' : 'no',
    agent: settings.identityAgent,
    jumps: settings.jumps.length === 0 ? undefined : settings.jumps.join(','),
    command: settings.proxyCommand,
    alias: settings.hostKeyAlias,
    knownHosts: [...(settings.userKnownHostsFiles ?? []), ...(settings.globalKnownHostsFiles ?? [])],
  };
}
