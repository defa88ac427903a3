import { together } from '../../bytes/batched.ts';
import { NO_ANSWER } from '../../windows/answers.ts';
import { fileVersionByContent } from '../../windows/by-registry/file-version.ts';
import { machinePasswordByRegistry } from '../../windows/by-registry/machine-password.ts';
import { policyRefreshByRegistry } from '../../windows/by-registry/policy-refresh.ts';
import type { Answer, Inquiry, Question } from '../../windows/inquiry.ts';

/** Turns what only the registry or a file can tell over RPC into questions for the places where it stands. */
export function* throughRpc<T>(inquiry: Inquiry<T>): Inquiry<T> {
  let step = inquiry.next();
  while (!step.done) {
    step = inquiry.next(step.value.length === 0 ? yield [] : yield* together(step.value.map(answerOne)));
  }
  return step.value;
}

function answerOne(question: Question): Inquiry<Answer> {
  switch (question.kind) {
    case 'machine-password':
      return machinePasswordByRegistry();
    case 'policy-refresh':
      return policyRefreshByRegistry();
    case 'file-version':
      return fileVersionByContent(question.path);
    default:
      return askAsItIs(question);
  }
}

function* askAsItIs(question: Question): Inquiry<Answer> {
  const [answer = NO_ANSWER] = yield [question];
  return answer;
}
