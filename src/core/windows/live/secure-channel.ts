import type { Evidence } from '../../model/facts.ts';
import { absent, type Observation, present, unknown } from '../../model/observation.ts';
import type { SecureChannel } from '../../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  NO_ANSWER,
  provenance,
  type Sought,
  seek,
  seekText,
} from '../answers.ts';
import type { Answer, AnswerValue, Inquiry, Membership, Question } from '../inquiry.ts';

const PRODUCT_TYPE: Question = {
  kind: 'value',
  hive: 'SYSTEM',
  key: 'CurrentControlSet\\Control\\ProductOptions',
  name: 'ProductType',
};
const CONTROLLER = 'LanmanNT';

/**
 * The secure channel of a member to its domain. It is tried first, which may take 40 s, and what Netlogon
 * remembers of it is asked beside: that stands where the channel could not be tried, since it may be stale
 * ([MS-NRPC] 3.5.4.9.1, functions 10 and 6). Two rounds.
 */
export function* inquireSecureChannel(context: InquiryContext): Inquiry<Evidence> {
  const { membership: answer, type } = yield* askAll({
    membership: { kind: 'membership' },
    type: PRODUCT_TYPE,
  });
  return { 'secureChannel.state': yield* observeChannel(context, answer, seekText(type)) };
}

function* observeChannel(
  context: InquiryContext,
  answer: Answer,
  productType: Sought<string>,
): Inquiry<Observation<SecureChannel>> {
  const membership = seek(answer, membershipOf, 'a membership');
  if (membership.state === 'unknown') return unknown(membership.why, membership.detail);
  if (membership.state === 'absent' || membership.value.sid === undefined) {
    return absent(
      provenance(context, 'secure-channel', membership.at),
      'the machine is not a member of a domain',
    );
  }
  // Its word on its own domain is another: the first controller of a domain has no channel to anybody there.
  if (productType.state === 'present' && productType.value === CONTROLLER) {
    return unknown('no-channel', 'a domain controller is not asked about its own domain');
  }
  const { domain = membership.value.netbiosDomain } = membership.value;
  if (domain === undefined) return unknown('corrupt', "the domain's name is not known");
  const answers = yield (['verify', 'query'] as const).map((asked) => ({
    kind: 'secure-channel' as const,
    asked,
    domain,
  }));
  const [tried = NO_ANSWER, remembered = NO_ANSWER] = answers;
  const verified = seek(tried, channelOf, 'the state of a secure channel');
  const queried = seek(remembered, channelOf, 'the state of a secure channel');
  const best = [verified, queried].find(({ state }) => state === 'present') ?? verified;
  if (best.state === 'unknown') return unknown(best.why, best.detail);
  const from = provenance(context, 'secure-channel', best.at);
  return best.state === 'present'
    ? present(best.value, from)
    : absent(from, 'Netlogon knows no channel to that domain');
}

function membershipOf(value: AnswerValue): Membership | undefined {
  return value.kind === 'membership' ? value.membership : undefined;
}

function channelOf(value: AnswerValue): SecureChannel | undefined {
  return value.kind === 'secure-channel' ? value.channel : undefined;
}
