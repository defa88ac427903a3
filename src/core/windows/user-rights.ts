import type { Evidence } from '../model/facts.ts';
import type { UserRights } from '../model/windows-facts.ts';
import { type InquiryContext, NO_ANSWER, observe, seek } from './answers.ts';
import type { AnswerValue, Inquiry } from './inquiry.ts';

/** Who may sign in over the network and by Remote Desktop, and who is denied it. */
export function* inquireUserRights(context: InquiryContext): Inquiry<Evidence> {
  const [answer = NO_ANSWER] = yield [{ kind: 'account-rights' }];
  return { 'user.rights': observe(context, 'user-rights', seek(answer, rightsOf, 'a list of rights')) };
}

function rightsOf(value: AnswerValue): UserRights | undefined {
  return value.kind === 'account-rights' ? value.rights : undefined;
}
