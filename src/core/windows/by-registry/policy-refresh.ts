import { filetimeToIso } from '../../bytes/filetime.ts';
import { NO_ANSWER, numberOf, type Sought, seekIn, seekValues } from '../answers.ts';
import type { Answer, Inquiry, PlaceQuestion } from '../inquiry.ts';

/**
 * What the Group Policy client keeps of the computer's own processing: of the nil GUID, which stands for the
 * engine itself and not for one of its extensions. Practice, no page of Microsoft's documents the values.
 */
const ENGINE: PlaceQuestion = {
  kind: 'values',
  hive: 'SOFTWARE',
  key: 'Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine\\Extension-List\\{00000000-0000-0000-0000-000000000000}',
};

/** The time at which the last processing of the computer's policy ended. */
export function* policyRefreshByRegistry(): Inquiry<Answer, PlaceQuestion> {
  const [answer = NO_ANSWER] = yield [ENGINE];
  const key = seekValues(answer);
  const half = (name: string): Sought<number> => seekIn(key, name, numberOf, 'a number');
  const low = half('EndTimeLo');
  const high = half('EndTimeHi');
  if (low.state === 'absent' || high.state === 'absent') return { state: 'absent', at: answer.at };
  if (low.state === 'unknown') return { ...low, at: answer.at };
  if (high.state === 'unknown') return { ...high, at: answer.at };
  const ticks = (BigInt(high.value >>> 0) << 32n) | BigInt(low.value >>> 0);
  const at = ticks === 0n ? undefined : filetimeToIso(ticks);
  if (at === undefined) {
    return { state: 'unknown', at: answer.at, why: 'corrupt', detail: `${answer.at} does not hold a time` };
  }
  return { state: 'present', at: answer.at, value: { kind: 'time', at } };
}
