// What a controller's Netlogon answers about its channel to another domain, in the states that a broken
// trust has: asked through the product's dialog, and beside it by impacket. What is expected was measured
// with both before the dialog was written.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CAUSES } from '../../../src/core/causes/index.ts';
import {
  askSecureChannel,
  type SecureChannelQuestion,
} from '../../../src/core/dialect/rpc/secure-channel.ts';
import { judgeAll } from '../../../src/core/engine/judge.ts';
import type { SecureChannel } from '../../../src/core/model/windows-facts.ts';
import { NETLOGON_FLAG } from '../../../src/core/protocol/rpc/netlogon.ts';
import { sideBySide } from '../../../src/core/protocol/smb2/side-by-side.ts';
import type { Answer } from '../../../src/core/windows/inquiry.ts';
import { MEMBER, onDisk } from '../../core/causes/windows-evidence.ts';
import { logonControl } from './impacket.ts';
import { LAB, startTrustLab, type TrustLab } from './lab.ts';
import { hasLab, requireLab } from './require-lab.ts';
import { inSession, pipesOf } from './session.ts';

const { administrator, alice, other } = LAB;

/** Asks in one session, all questions side by side, each on pipes of its own. */
function ask(
  lab: TrustLab,
  questions: readonly Omit<SecureChannelQuestion, 'kind'>[],
  credential: typeof administrator | typeof alice = administrator,
  limitMillis = 60_000,
): Promise<readonly Answer[]> {
  return inSession({ port: lab.port, credential, limitMillis }, function* (session) {
    const pipes = yield* pipesOf(session, credential);
    return yield* sideBySide(
      questions.map((question) => askSecureChannel(pipes(), { kind: 'secure-channel', ...question })),
    );
  });
}

function channelIn(answer: Answer | undefined): SecureChannel {
  assert.ok(answer?.state === 'present' && answer.value.kind === 'secure-channel', JSON.stringify(answer));
  return answer.value.channel;
}

async function verified(lab: TrustLab): Promise<SecureChannel> {
  const [answer] = await ask(lab, [{ asked: 'verify', domain: other.dnsDomain }]);
  return channelIn(answer);
}

/** What is found first on a member whose channel answers so; nothing where nothing is. */
function firstFound(channel: SecureChannel): string | undefined {
  const evidence = { 'domain.membership': MEMBER, 'secureChannel.state': onDisk(channel) };
  const [first] = judgeAll(evidence, { client: undefined, supportedClients: [] }, CAUSES).findings;
  return first?.verdict === 'likely' || first?.verdict === 'confirmed' ? first.cause : undefined;
}

/** A verification that ended with these statuses, that impacket sees as well, and what is made of it. */
async function checkBroken(
  lab: TrustLab,
  pdcStatus: number,
  status: number,
  cause: string | undefined,
): Promise<void> {
  const seen = await verified(lab);
  assert.equal(firstFound(seen), cause);
  assert.deepEqual(
    { verified: seen.verified, status: seen.status, pdcStatus: seen.pdcStatus },
    { verified: true, status, pdcStatus },
  );
  const theirs = await logonControl(
    { host: lab.controller, address: lab.controller.address, account: administrator },
    10,
    other.dnsDomain,
  );
  assert.deepEqual([theirs.error, theirs.pdc, theirs.tc], [0, pdcStatus, status]);
}

/** Function 9 changes something, so nothing of ours sends it. */
async function changePassword(lab: TrustLab): Promise<void> {
  const asking = { host: lab.controller, address: lab.controller.address, account: administrator };
  const { error } = await logonControl(asking, 9, other.dnsDomain);
  assert.equal(error, 0, 'impacket has the password of the trust changed');
}

describe('Netlogon control with controllers of Samba', () => {
  const ends: (() => void | Promise<void>)[] = [];
  let started: TrustLab | undefined;
  before(async () => {
    if (hasLab()) started = await startTrustLab({ after: (end) => ends.push(end) });
  });
  after(async () => {
    for (const end of ends) await end();
  });
  /** Rows are in order: each leaves the trust as the next one needs it. */
  function row(name: string, check: (lab: TrustLab) => Promise<void>): void {
    test(name, async (t: TestContext) => {
      if (requireLab(t)) await check(started ?? assert.fail('the lab did not start'));
    });
  }
  const inOther = (lab: TrustLab, ...words: readonly string[]): Promise<string> =>
    lab.other.must('samba-tool', words);
  const healthy = { controller: other.controller, status: 0 };

  row('healthy, remembered: its controller by name, and nothing verified', async (lab) => {
    const [answer] = await ask(lab, [{ asked: 'query', domain: other.dnsDomain }]);
    const { flags = 0, ...seen } = channelIn(answer);
    assert.deepEqual(seen, { asked: 'query', verified: false, ...healthy });
    assert.equal(flags & NETLOGON_FLAG.verifyStatusReturned, 0);
  });

  row('healthy, verified: the same as impacket reads', async (lab) => {
    const seen = await verified(lab);
    assert.deepEqual(seen, { asked: 'verify', verified: true, ...healthy, pdcStatus: 0, flags: 0xb0 });
    const asking = { host: lab.controller, address: lab.controller.address, account: administrator };
    const theirs = await logonControl(asking, 10, other.dnsDomain);
    assert.deepEqual(theirs, { error: 0, flags: 0xb0, pdc: 0, tc: 0, name: other.controller });
  });

  row('its own domain: a controller has no controller of itself', async (lab) => {
    const [answer] = await ask(lab, [{ asked: 'verify', domain: LAB.dnsDomain }]);
    assert.equal('controller' in channelIn(answer), false);
  });

  row('a domain that nobody knows', async (lab) => {
    const [answer] = await ask(lab, [{ asked: 'verify', domain: 'NOPE' }]);
    assert.ok(answer?.state === 'unknown' && answer.why === 'no-channel', JSON.stringify(answer));
    assert.match(answer.detail ?? '', /knows no domain NOPE \(error 1355\)/);
  });

  row('a user like any other is denied', async (lab) => {
    const [answer] = await ask(lab, [{ asked: 'query', domain: other.dnsDomain }], alice);
    assert.ok(answer?.state === 'unknown' && answer.why === 'denied', JSON.stringify(answer));
    assert.match(answer.detail ?? '', /^asking Netlogon: access denied; it answers administrators/);
  });

  row(
    'account disabled: what is remembered is fine, and so is the channel; the verification is not',
    async (lab) => {
      await inOther(lab, 'user', 'disable', `${LAB.domain}$`);
      const [answer] = await ask(lab, [{ asked: 'query', domain: other.dnsDomain }]);
      assert.deepEqual([channelIn(answer).verified, channelIn(answer).status], [false, 0], 'stale');
      await checkBroken(lab, 0x533, 0, 'secure-channel-broken');
    },
  );

  row('enabled again', async (lab) => {
    await inOther(lab, 'user', 'enable', `${LAB.domain}$`);
    await checkBroken(lab, 0, 0, undefined);
  });

  row(
    'network cut: verifying takes its time and ends by itself; who waits less does not know',
    async (lab) => {
      await lab.other.must('ip', ['link', 'set', 'lab0', 'down']);
      const began = performance.now();
      const question = { asked: 'verify', domain: other.dnsDomain } as const;
      const [[verify, query], [late]] = await Promise.all([
        ask(lab, [question, { ...question, asked: 'query' }]),
        ask(lab, [question], administrator, 10_000),
      ]);
      const millis = performance.now() - began;
      await lab.other.must('ip', ['link', 'set', 'lab0', 'up']);
      // A controller that was not there is tried again after a while.
      for (let turn = 0; turn < 20 && (await verified(lab)).pdcStatus !== 0; turn += 1) await sleep(500);
      const { verified: isVerified, status, pdcStatus } = channelIn(verify);
      assert.deepEqual([isVerified, status, pdcStatus], [true, 0x51f, 0x51f]);
      assert.equal(firstFound(channelIn(verify)), 'domain-controller-unreachable');
      const { verified: isRemembered, status: remembered } = channelIn(query);
      assert.equal(isRemembered, false);
      assert.ok([0, 0x51f].includes(remembered), `stale or not: ${remembered}`);
      assert.ok(millis > 5_000 && millis < 40_000, `${millis} ms`);
      assert.ok(late?.state === 'unknown' && late.why === 'timeout', JSON.stringify(late));
    },
  );

  row('rolled back to an older password', async (lab) => {
    // A controller tries the password before the last as well.
    for (let turn = 0; turn < 2; turn += 1) await changePassword(lab);
    await lab.rollBackOther();
    await checkBroken(lab, 5, 5, 'machine-password-mismatch');
    const [answer] = await ask(lab, [{ asked: 'query', domain: other.dnsDomain }]);
    assert.deepEqual([channelIn(answer).verified, channelIn(answer).status], [false, 5]);
    assert.equal(firstFound(channelIn(answer)), undefined, 'what is remembered proves nothing');
  });

  row('account deleted', async (lab) => {
    await inOther(lab, ...['domain', 'trust', 'delete', LAB.dnsDomain, '--delete-location=local']);
    await lab.restartOther();
    await checkBroken(lab, 0x6fb, 0x6fb, 'computer-account-missing');
    const [answer] = await ask(lab, [{ asked: 'query', domain: other.dnsDomain }]);
    assert.deepEqual([channelIn(answer).verified, channelIn(answer).status], [false, 0x6fb]);
  });
});
