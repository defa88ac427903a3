// The order of methods, as ssh2 asks for them; what a server may do that OpenSSH's does not (test/peers/ssh.test.ts has that).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Authentication, type PasswordAttempt } from '../../../../src/edge/guest/ssh/authentication.ts';
import type { Identity } from '../../../../src/edge/guest/ssh/identities.ts';
import { loadSsh2 } from '../../../../src/edge/guest/ssh/library.ts';

/** What of ssh2's methods is looked at. */
interface Method {
  readonly type: string;
  readonly prompt?: (
    name: string,
    instructions: string,
    language: string,
    prompts: readonly { readonly prompt: string; readonly echo?: boolean }[],
    finish: (answers: readonly string[]) => void,
  ) => void;
}

async function start(given: {
  readonly keys?: readonly string[];
  readonly password?: string;
  readonly refusal?: string;
}) {
  const ssh2 = await loadSsh2();
  const outcomes: string[] = [];
  let aborted = false;
  const password: PasswordAttempt = {
    obtain: async () => given.password,
    enter: async () => given.refusal,
    settle: (outcome) => void outcomes.push(outcome),
  };
  const identities = (given.keys ?? []).map((name): Identity => ({ name, key: new ssh2.BaseAgent() }));
  const authentication = new Authentication(ssh2, 'alice', { identities, unusable: [] }, password, () => {
    aborted = true;
  });
  const next = (methods: readonly string[] | null, partial = false): Promise<Method | false> =>
    new Promise((resolve) => authentication.handler(methods, partial, resolve));
  const type = async (methods: readonly string[] | null, partial = false): Promise<string | false> => {
    const method = await next(methods, partial);
    return method === false ? false : method.type;
  };
  return { authentication, next, type, outcomes, isAborted: () => aborted };
}

describe('signing in', () => {
  test('asks which methods there are, offers keys, then the password, and then ends', async () => {
    const { type, outcomes, authentication } = await start({ keys: ['a', 'b'], password: 'p' });
    assert.equal(await type(null), 'none');
    assert.equal(await type(['publickey', 'password']), 'agent');
    assert.equal(await type(['publickey', 'password']), 'agent');
    assert.equal(await type(['publickey', 'password', 'keyboard-interactive']), 'password');
    // The same password again by another method would be a second attempt.
    assert.equal(await type(['publickey', 'password', 'keyboard-interactive']), false);
    assert.deepEqual(outcomes, ['failed']);
    assert.match(
      authentication.failure('vm1', false).problem,
      /no key was accepted \(a, b\); the password was refused$/,
    );
  });

  test('sends no password where the server takes none', async () => {
    const { type, outcomes } = await start({ password: 'p' });
    await type(null);
    assert.equal(await type(['publickey', 'gssapi-with-mic']), false);
    assert.deepEqual(outcomes, []);
  });

  test('sends no password that may not be tried', async () => {
    const { type, authentication } = await start({ password: 'p', refusal: 'it failed before' });
    await type(null);
    assert.equal(await type(['password']), false);
    assert.match(authentication.failure('vm1', false).problem, /it failed before$/);
  });

  test('a password that stayed without an answer counts as failed', async () => {
    const { type, outcomes, authentication } = await start({ password: 'p' });
    await type(null);
    assert.equal(await type(['password']), 'password');
    assert.match(authentication.failure('vm1', false).problem, /was sent and stayed without an answer/);
    authentication.ended();
    assert.deepEqual(outcomes, ['failed']);
  });

  test('says where Windows looks for the keys of administrators, and nowhere else', async () => {
    const { type, authentication } = await start({ keys: ['a'] });
    await type(null);
    await type(['publickey']);
    await type(['publickey']);
    assert.match(authentication.failure('vm1', true).advice, /administrators_authorized_keys/);
    assert.doesNotMatch(authentication.failure('vm1', false).advice, /administrators_authorized_keys/);
  });

  async function question(password = 'p') {
    const started = await start({ password });
    await started.type(null);
    const method = await started.next(['keyboard-interactive']);
    assert.ok(method !== false && method.type === 'keyboard-interactive' && method.prompt !== undefined);
    const { prompt } = method;
    const ask = (...prompts: readonly { readonly prompt: string; readonly echo?: boolean }[]) => {
      let answers: readonly string[] | undefined;
      prompt('', '', '', prompts, (given: readonly string[]) => {
        answers = given;
      });
      return answers;
    };
    return { ...started, ask };
  }

  test('answers one hidden question with the password, and no second one', async () => {
    const { ask, isAborted, authentication } = await question();
    assert.deepEqual(ask({ prompt: 'Password: ', echo: false }), ['p']);
    assert.equal(isAborted(), false);
    assert.equal(ask({ prompt: 'Password: ', echo: false }), undefined);
    assert.equal(isAborted(), true);
    assert.match(authentication.failure('vm1', false).problem, /asks for more than a password/);
  });

  for (const [what, prompts] of [
    ['a question whose answer shows', [{ prompt: 'Token: ', echo: true }]],
    ['two questions', [{ prompt: 'Password: ' }, { prompt: 'Token: ' }]],
  ] as const) {
    test(`does not answer ${what}, and nothing was tried`, async () => {
      const { ask, isAborted, outcomes } = await question();
      assert.equal(ask(...prompts), undefined);
      assert.equal(isAborted(), true);
      assert.deepEqual(outcomes, ['not-made']);
    });
  }
});
