import type { Evidence } from '../../model/facts.ts';
import type { TimeSource } from '../../model/windows-facts.ts';
import { askAll, foundIn, type InquiryContext, observe, type Sought, seek, seekText } from '../answers.ts';
import type { Inquiry, Question } from '../inquiry.ts';

const SET: Question = {
  kind: 'value',
  hive: 'SYSTEM',
  key: 'CurrentControlSet\\Services\\W32Time\\Parameters',
  name: 'Type',
};
/** Policy "Configure Windows NTP Client". */
const POLICY: Question = {
  kind: 'value',
  hive: 'SOFTWARE',
  key: 'Policies\\Microsoft\\W32time\\Parameters',
  name: 'Type',
};

/** Whom Windows Time follows: how it is set, and while it runs what it says of itself. One round. */
export function* inquireTimeSource(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({ set: SET, policy: POLICY, source: { kind: 'time-source' } });
  const policy = seekText(answers.policy);
  const set = policy.state === 'absent' ? seekText(answers.set) : policy;
  const live = seek(
    answers.source,
    (value) => (value.kind === 'time-source' ? value.source : undefined),
    'a source of time',
  );
  const type = foundIn(set);
  // Either alone is worth telling.
  const sought: Sought<TimeSource> =
    live.state === 'present'
      ? { ...live, value: { ...(type === undefined ? {} : { type }), ...live.value } }
      : set.state === 'present'
        ? { ...set, value: { type: set.value } }
        : live.state === 'absent'
          ? set
          : live;
  return { 'time.source': observe(context, 'time-source', sought) };
}
