// Keys and hashed lines were made by ssh-keygen of OpenSSH 9.2 (-t, -H -f), the fingerprints by its -l; what a
// line means is from sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkHostKey, hostKeyAlgorithms } from '../../../../src/edge/guest/ssh/host-key.ts';
import { fingerprint, judgeHostKey, parseKnownHosts } from '../../../../src/edge/guest/ssh/known-hosts.ts';

const ED25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIOPrJWKSP93v8G5xtGB4xCW8/g5D27L6Qb3ZF0Z0nWbQ';
const OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIDl0/BMLi3h90VPfLp14J38DzmfhBsa81K1H+Sk2eaQz';
const ECDSA =
  'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEn4MxYVTZNu1G90V6au4ndko/wpDstyZdxzet8g7Tizex86XWjXUQdk9rfm1kwypBNCfNiIjCoWVENKm5Gzgfs=';

/** vm1.corp.example */
const HASHED = `|1|vvYSkmPjUrapfL7MGId9qv0HiMo=|Ek0w3LK+/DawJWO2s7oKEdCyiRc= ssh-ed25519 ${ED25519}`;
/** [vm2.corp.example]:2222 */
const HASHED_PORT = `|1|NykZNUy/7xf7ljNgli2T/e0cPx0=|ybdAPDLZbOyftrXRTu3MCjkAJL8= ssh-ed25519 ${ED25519}`;

function check(what: string, line: string, host: string, port: number, state: string, key = ED25519): void {
  test(`${what}: ${state}`, () => {
    const lines = parseKnownHosts(line, 'known_hosts');
    assert.equal(judgeHostKey(lines, { host, port }, Buffer.from(key, 'base64')).state, state);
  });
}

describe('a host key is', () => {
  const plain = `vm1.corp.example ssh-ed25519 ${ED25519}`;
  check('the key of its name', plain, 'vm1.corp.example', 22, 'known');
  check('a name in capitals', plain, 'VM1.corp.example', 22, 'known');
  check('another key of that type', plain, 'vm1.corp.example', 22, 'changed', OTHER);
  check('another host', plain, 'vm2.corp.example', 22, 'unknown');
  check('a key of another type', plain, 'vm1.corp.example', 22, 'unknown', ECDSA);
  check('a name with a comment behind the key', `${plain} root@vm1`, 'vm1.corp.example', 22, 'known');
  check('one of several names', `vm1,10.0.0.4 ssh-ed25519 ${ED25519}`, '10.0.0.4', 22, 'known');
  check('a pattern', `*.corp.example ssh-ed25519 ${ED25519}`, 'vm1.corp.example', 22, 'known');
  check(
    'a pattern with one character',
    `vm?.corp.example ssh-ed25519 ${ED25519}`,
    'vm12.corp.example',
    22,
    'unknown',
  );
  check(
    'a negation',
    `!vm1.corp.example,*.corp.example ssh-ed25519 ${ED25519}`,
    'vm1.corp.example',
    22,
    'unknown',
  );
  check(
    'a negation of another',
    `!vm2.corp.example,*.corp.example ssh-ed25519 ${ED25519}`,
    'vm1.corp.example',
    22,
    'known',
  );
  check('a port', `[vm1]:2222 ssh-ed25519 ${ED25519}`, 'vm1', 2222, 'known');
  check('a port, at another', `[vm1]:2222 ssh-ed25519 ${ED25519}`, 'vm1', 22, 'unknown');
  check('another key of that port', `[vm1]:2222 ssh-ed25519 ${OTHER}`, 'vm1', 2222, 'changed');
  // As OpenSSH does ("checking without port identifier"): only this very key counts then.
  check('a name without its port', `vm1 ssh-ed25519 ${ED25519}`, 'vm1', 2222, 'known');
  check('a name without its port, with another key', `vm1 ssh-ed25519 ${OTHER}`, 'vm1', 2222, 'unknown');
  check('a hashed name', HASHED, 'vm1.corp.example', 22, 'known');
  check('a hashed name in capitals', HASHED, 'VM1.CORP.EXAMPLE', 22, 'known');
  check('a hashed name of another', HASHED, 'vm2.corp.example', 22, 'unknown');
  check('a hashed name with another key', HASHED, 'vm1.corp.example', 22, 'changed', OTHER);
  check('a hashed name and port', HASHED_PORT, 'vm2.corp.example', 2222, 'known');
  check('a hashed name and another port', HASHED_PORT, 'vm2.corp.example', 2223, 'unknown');
  check('revoked', `@revoked * ssh-ed25519 ${ED25519}`, 'vm1', 22, 'revoked');
  check(
    'revoked and known',
    `vm1 ssh-ed25519 ${ED25519}\n@revoked * ssh-ed25519 ${ED25519}`,
    'vm1',
    22,
    'revoked',
  );
  check('revoked at another host', `@revoked vm2 ssh-ed25519 ${ED25519}`, 'vm1', 22, 'unknown');
  check('revoked, with another key', `@revoked * ssh-ed25519 ${OTHER}`, 'vm1', 22, 'unknown');
  check('that of an authority', `@cert-authority * ssh-ed25519 ${ED25519}`, 'vm1', 22, 'unknown');
  check('under an unknown marker', `@other vm1 ssh-ed25519 ${ED25519}`, 'vm1', 22, 'unknown');
  check('in a comment', `# vm1 ssh-ed25519 ${ED25519}`, 'vm1', 22, 'unknown');
  check('after Windows line ends', `x ssh-rsa AAAA\r\nvm1 ssh-ed25519 ${ED25519}\r\n`, 'vm1', 22, 'known');
  check(
    'one of two that are known',
    `vm1 ssh-ed25519 ${OTHER}\nvm1 ssh-ed25519 ${ED25519}`,
    'vm1',
    22,
    'known',
  );
});

test('fingerprints are those of ssh-keygen -l', () => {
  const of = (key: string): string => fingerprint(Buffer.from(key, 'base64'));
  assert.equal(of(ED25519), 'SHA256:/3DvEZ4Eo9mFLi30OOUZjMNKS7Ou8GBVEAS7b+qpw+s');
  assert.equal(of(ECDSA), 'SHA256:jpbT/2DUSGQsD+ggK83JLpkHLJYyYoU+iepJbYS/Bwc');
});

test('the type of a known key is asked for first', () => {
  const lines = parseKnownHosts(`vm1 ssh-rsa AAAA\nvm2 ecdsa-sha2-nistp256 ${ECDSA}`, 'known_hosts');
  const first = (host: string): readonly string[] => hostKeyAlgorithms(lines, { host, port: 22 }).slice(0, 2);
  assert.deepEqual(first('vm1'), ['rsa-sha2-512', 'rsa-sha2-256']);
  assert.deepEqual(first('vm2'), ['ecdsa-sha2-nistp256', 'ssh-ed25519']);
  assert.equal(first('vm3')[0], 'ssh-ed25519');
  assert.equal(hostKeyAlgorithms(lines, { host: 'vm1', port: 22 }).length, 6);
});

describe('a decision about a key', () => {
  const key = Buffer.from(ED25519, 'base64');
  const decide = (line: string, yes?: boolean) =>
    checkHostKey(
      parseKnownHosts(line, 'known_hosts'),
      { host: 'vm1', port: 22 },
      key,
      'vm1 port 22',
      yes === undefined ? undefined : { confirm: async () => yes, secret: async () => undefined },
    );

  test('takes a known one', async () => assert.equal(await decide(`vm1 ssh-ed25519 ${ED25519}`), undefined));
  test('takes an unknown one where a person says yes', async () =>
    assert.equal(await decide('', true), undefined));
  for (const [what, line, yes, says] of [
    [
      'an unknown one without a person',
      '',
      undefined,
      /SHA256:\/3DvEZ4Eo9mFLi30OOUZjMNKS7Ou8GBVEAS7b\+qpw\+s/,
    ],
    ['an unknown one where a person says no', '', false, /is not known/],
    ['a changed one, whatever a person says', `vm1 ssh-ed25519 ${OTHER}`, true, /known_hosts:1 has another/],
    [
      'a revoked one, whatever a person says',
      `@revoked * ssh-ed25519 ${ED25519}`,
      true,
      /revoked in known_hosts:1/,
    ],
    ['one of another type', `vm1 ecdsa-sha2-nistp256 ${ECDSA}`, undefined, /another type only \(ECDSA\)/],
    [
      'one with an authority',
      `@cert-authority vm1 ssh-ed25519 ${OTHER}`,
      undefined,
      /does not read host certificates/,
    ],
  ] as const) {
    test(`refuses ${what}`, async () => {
      const failure = await decide(line, yes);
      assert.equal(failure?.why, 'host-key');
      assert.match(failure?.problem ?? '', says);
    });
  }
});
