// What a configuration means is from ssh_config(5); test/peers/ssh-config.test.ts compares with `ssh -G`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ConfigQuery, readSshConfig, type SshSettings } from '../../../../src/edge/guest/ssh/config.ts';

function settings(
  text: string,
  query: Partial<ConfigQuery> = {},
  more: Readonly<Record<string, string>> = {},
): SshSettings {
  const files: Readonly<Record<string, string>> = { '/h/.ssh/config': text, ...more };
  return readSshConfig(
    { host: 'vm1', ...query },
    {
      home: '/h',
      localUser: 'me',
      localHost: 'desk.corp.example',
      localUserId: '1000',
      environment: { KEYS: '/keys' },
      files: [
        { path: '/h/.ssh/config', folder: '/h/.ssh', mayTilde: true },
        { path: '/etc/ssh/ssh_config', folder: '/etc/ssh', mayTilde: false },
      ],
      read: (path) => files[path],
      glob: (pattern) => (pattern in files ? [pattern] : []),
    },
  );
}

function check(
  what: string,
  text: string,
  expected: Partial<SshSettings>,
  query?: Partial<ConfigQuery>,
  more?: Readonly<Record<string, string>>,
): void {
  test(what, () => {
    const found = settings(text, query, more);
    assert.deepEqual({ ...found, ...expected }, found);
  });
}

describe('a configuration of ssh', () => {
  check('that is empty', '', { hostName: 'vm1', port: 22, identityFiles: [], jumps: [], skipped: [] });
  check('names the host', 'Host vm1\n  HostName 10.0.0.4\n', { hostName: '10.0.0.4' });
  check('for another host', 'Host vm2\nHostName 10.0.0.4', { hostName: 'vm1' });
  check('before the first Host', 'Port 2022\nHost vm2\nPort 1', { port: 2022 });
  check('takes the first value', 'Port 2022\nHost *\nPort 1', { port: 2022 });
  check('with a pattern', 'Host v*\nUser admin', { user: 'admin' });
  check('with a negated pattern', 'Host v* !vm1\nUser admin', { hostName: 'vm1' });
  check('whose Host lists several', 'Host a vm1 b\nUser admin', { user: 'admin' });
  check('with an equals sign', 'Port=2022', { port: 2022 });
  check('with an equals sign and blanks', 'Port = 2022', { port: 2022 });
  check('with quotes', 'Host "vm1"\nUser "CORP\\alice smith"', { user: 'CORP\\alice smith' });
  check("with a comment at a line's end", 'Port 2022 # the usual', { port: 2022 });
  check('in capitals', 'HOST vm1\nPORT 2022', { port: 2022 });
  check('with %h', 'Host vm1\nHostName %h.corp.example', { hostName: 'vm1.corp.example' });
  check('in capitals of the host', 'HostName VM1.Corp.Example', { hostName: 'vm1.corp.example' });
  check(
    'with tokens of a key file',
    'IdentityFile ~/.ssh/%n-%p-%r-%u-%L\nPort 2022',
    { identityFiles: ['/h/.ssh/vm1-2022-admin-me-desk'] },
    { user: 'admin' },
  );
  check('with a variable', `IdentityFile $\{KEYS}/id`, { identityFiles: ['/keys/id'] });
  check('with a variable that is not set', `IdentityFile $\{NONE}/id\nIdentityFile /b`, {
    identityFiles: ['/b'],
  });
  check('collects key files', 'IdentityFile /a\nHost *\nIdentityFile /b', { identityFiles: ['/a', '/b'] });
  check('gives way to the command line', 'User other\nPort 2022', { port: 22 }, { user: 'admin', port: 22 });
  check(
    'goes on in the file of the system',
    'Port 2022',
    { port: 2022, user: 'sys' },
    {},
    {
      '/etc/ssh/ssh_config': 'Port 1\nUser sys',
    },
  );
  check('jumps', 'ProxyJump a@gate:2200,inner', { jumps: ['a@gate:2200', 'inner'] });
  check('jumps nowhere', 'ProxyJump none\nHost *\nProxyJump gate', { jumps: [] });
  check('jumps by the command that stands first', 'ProxyCommand nc %h %p\nProxyJump gate', {
    jumps: [],
    proxyCommand: 'nc %h %p',
  });
  check('jumps before a command', 'ProxyJump gate\nProxyCommand nc', { jumps: ['gate'] });
  check('with Match host', 'Match host 10.*\nPort 2022\nHost vm1\nHostName 10.0.0.4', { port: 22 });
  check('with Match host after HostName', 'Host vm1\nHostName 10.0.0.4\nMatch host 10.*\nPort 2022', {
    port: 2022,
  });
  check(
    'with Match originalhost and user',
    'Match originalhost vm1 user adm*\nPort 2022',
    { port: 2022 },
    { user: 'admin' },
  );
  check(
    'with a Match that is denied',
    'Match originalhost vm1 !user adm*\nPort 2022',
    { port: 22 },
    { user: 'admin' },
  );
  check('with Match all', 'Match originalhost vm2\nPort 1\nMatch all\nPort 2022', { port: 2022 });
  check('with Match localuser', 'Match localuser me,you\nPort 2022', { port: 2022 });
  check('with a Match that runs a command', 'Match exec "true"\nPort 1\nHost *\nPort 2022', {
    port: 2022,
    skipped: ["a Match block of ssh's configuration (config:1) was skipped: rdpdoctor cannot evaluate it"],
  });
  check('with such a Match that is about something else', 'Match exec "true"\nForwardX11 yes', {
    skipped: [],
  });
  check('with such a Match for another host', 'Match originalhost vm2 exec "true"\nPort 1', { skipped: [] });
  check('that includes', 'Include extra\nPort 1', { port: 2022 }, {}, { '/h/.ssh/extra': 'Port 2022' });
  check('that includes from home', 'Include ~/x/extra', { port: 2022 }, {}, { '/h/x/extra': 'Port 2022' });
  check(
    'that includes in a block',
    'Host vm2\nInclude extra',
    { port: 22 },
    {},
    { '/h/.ssh/extra': 'Host vm1\nPort 2022' },
  );
  check(
    'whose included block does not go on',
    'Include extra\nPort 2022',
    { port: 2022 },
    {},
    {
      '/h/.ssh/extra': 'Host vm2\nPort 1',
    },
  );
  check('that includes itself', 'Port 2022\nInclude config', { port: 2022 });
  check('with an alias', 'HostKeyAlias Gate', { hostKeyAlias: 'gate' });
  check('with known_hosts of its own', 'UserKnownHostsFile ~/a /b\nGlobalKnownHostsFile none', {
    userKnownHostsFiles: ['/h/a', '/b'],
    globalKnownHostsFiles: [],
  });
  check('with an agent', 'IdentityAgent ~/agent\nIdentitiesOnly yes', {
    identityAgent: '/h/agent',
    identitiesOnly: true,
  });
});
