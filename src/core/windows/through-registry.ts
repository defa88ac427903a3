import { together } from '../bytes/batched.ts';
import { ONLY_RUNNING } from '../model/live-facts.ts';
import { NO_ANSWER } from './answers.ts';
import { accountRightsByRegistry } from './by-registry/account-rights.ts';
import { fileVersionByContent } from './by-registry/file-version.ts';
import { machinePasswordByRegistry } from './by-registry/machine-password.ts';
import { machineSidByRegistry, membershipByRegistry } from './by-registry/membership.ts';
import { policyRefreshByRegistry } from './by-registry/policy-refresh.ts';
import type { Answer, Inquiry, PlaceQuestion, Question } from './inquiry.ts';

/**
 * Lets an inquiry be answered by somebody who has the whole registry and the files, but understands
 * nothing of them: questions with meaning become questions for the places where Windows keeps the answer.
 * Those of one batch go on side by side, in as many rounds as the longest takes (account rights: two).
 */
export function* throughRegistry<T>(inquiry: Inquiry<T>): Inquiry<T, PlaceQuestion> {
  let step = inquiry.next();
  while (!step.done) step = inquiry.next(yield* together(step.value.map(answerByRegistry)));
  return step.value;
}

function answerByRegistry(question: Question): Inquiry<Answer, PlaceQuestion> {
  switch (question.kind) {
    case 'membership':
      return membershipByRegistry();
    case 'machine-sid':
      return machineSidByRegistry();
    case 'account-rights':
      return accountRightsByRegistry();
    case 'machine-password':
      return machinePasswordByRegistry();
    case 'file-version':
      return fileVersionByContent(question.path);
    case 'policy-refresh':
      return policyRefreshByRegistry();
    case 'service-status':
    case 'listener-owner':
    case 'secure-channel':
    case 'start-time':
    case 'clock':
    case 'time-source':
    case 'resources':
      return onlyLive();
    default:
      return askPlace(question);
  }
}

// biome-ignore lint/correctness/useYield: the answer is known without a question.
function* onlyLive(): Inquiry<Answer, PlaceQuestion> {
  return { state: 'unknown', at: '', why: 'no-channel', detail: ONLY_RUNNING };
}

function* askPlace(question: PlaceQuestion): Inquiry<Answer, PlaceQuestion> {
  const [answer = NO_ANSWER] = yield [question];
  return answer;
}
