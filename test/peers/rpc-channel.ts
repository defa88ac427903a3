// The channel `rpc` as `diagnose --rpc` uses it, on a server of the test.
import assert from 'node:assert/strict';
import { Attempts } from '../../src/app/attempts.ts';
import type { MachineSeen } from '../../src/app/ports/machine.ts';
import type { Evidence } from '../../src/core/model/facts.ts';
import type { Inquiry } from '../../src/core/windows/inquiry.ts';
import { machineInquiries } from '../../src/core/windows/machine.ts';
import { type RpcRequest, rpcMachine } from '../../src/edge/guest/rpc/rpc-machine.ts';
import { createNetwork } from '../../src/edge/network/driver.ts';
import type { Transcript } from '../../src/edge/network/transcript.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { systemRandom } from '../../src/edge/system/random.ts';
import type { RegistryContent } from '../channels/contents.ts';
import { answer as answerOf } from '../core/windows/fake-machine.ts';
import { SMB_USER } from './smbd.ts';

/** The first pipe of a server waits for its helpers to start, which takes seconds on a busy machine. */
const LIMIT_MILLIS = 60_000;

export interface Asked {
  readonly account?: RpcRequest['account'];
  readonly password?: string;
  readonly attempts?: Attempts;
  readonly transcript?: Transcript;
  readonly inquiries?: Parameters<ReturnType<typeof rpcMachine>['inquire']>[0];
  readonly limitMillis?: number;
}

/** Asks a server of this machine everything, or what is told. */
export function askByRpc(port: number, asked: Asked = {}): Promise<MachineSeen> {
  const ports = {
    network: createNetwork(systemClock, asked.transcript),
    clock: systemClock,
    random: systemRandom,
    attempts: asked.attempts ?? new Attempts(systemClock),
  };
  const machine = rpcMachine(ports, {
    host: '127.0.0.1',
    port,
    account: asked.account ?? { domain: '', name: SMB_USER.user },
    password: asked.password ?? SMB_USER.password,
  });
  const deadline = systemClock.monotonic() + (asked.limitMillis ?? LIMIT_MILLIS);
  return machine.inquire(asked.inquiries ?? machineInquiries, deadline);
}

/** What was seen in all; fails where the machine was not reached. */
export function evidenceOf(seen: MachineSeen): Evidence {
  if (!seen.ok) return assert.fail(`${seen.problem}. ${seen.advice}`);
  return Object.assign({}, ...seen.parts.map((part) => part ?? assert.fail('not done in time')));
}

const VERSION = 'Microsoft\\Windows NT\\CurrentVersion';

/**
 * Lets a content stand in for what Samba makes up: it has a CurrentVersion of its own, of Windows 7, and lets nobody
 * write there. Everything else comes from the server.
 */
export function* withVersion<T>(inquiry: Inquiry<T>, registry: RegistryContent): Inquiry<T> {
  let step = inquiry.next();
  while (!step.done) {
    const asked = step.value;
    const answers = yield asked;
    step = inquiry.next(
      answers.map((answer, index) => {
        const question = asked[index];
        return question?.kind === 'value' && question.hive === 'SOFTWARE' && question.key === VERSION
          ? answerOf({ registry }, question)
          : answer;
      }),
    );
  }
  return step.value;
}
