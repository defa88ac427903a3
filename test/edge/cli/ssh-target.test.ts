import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSshTarget, type SshTarget } from '../../../src/edge/cli/ssh-target.ts';
import { UsageError } from '../../../src/edge/cli/usage-error.ts';

function check(text: string, expected: SshTarget): void {
  test(`${text} is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(parseSshTarget(text), expected);
  });
}

check('alice@vm1', { user: 'alice', host: 'vm1' });
check('alice@vm1:2222', { user: 'alice', host: 'vm1', port: 2222 });
check('alice@corp.example@vm1', { user: 'alice@corp.example', host: 'vm1' });
check('CORP\\alice@vm1.corp.example', { user: 'CORP\\alice', host: 'vm1.corp.example' });
check('alice@10.0.0.4:22', { user: 'alice', host: '10.0.0.4', port: 22 });
check('alice@[2001:db8::4]:2222', { user: 'alice', host: '2001:db8::4', port: 2222 });
check('alice@2001:db8::4', { user: 'alice', host: '2001:db8::4' });
check('vm1', { host: 'vm1' });
// The configuration of ssh tells VM1 from vm1.
check('alice@VM_1', { user: 'alice', host: 'VM_1' });

for (const text of [
  '',
  'alice@',
  '@vm1',
  'a:secret@vm1',
  'alice@vm1:',
  'alice@vm1:65536',
  'alice@vm1:x',
  'alice@[vm1]',
  'alice@vm 1',
  'ssh://alice@vm1',
  'alice@-x',
]) {
  test(`${JSON.stringify(text)} is refused`, () => {
    assert.throws(
      () => parseSshTarget(text),
      (error) => error instanceof UsageError && !error.message.includes('secret'),
    );
  });
}
