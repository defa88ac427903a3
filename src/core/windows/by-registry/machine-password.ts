import { filetimeToUnixMillis } from '../../bytes/filetime.ts';
import { Reader } from '../../bytes/reader.ts';
import { answerOf, askAll, seek } from '../answers.ts';
import type { Answer, AnswerValue, Inquiry, PlaceQuestion } from '../inquiry.ts';

/**
 * The time beside the LSA secret $MACHINE.ACC. INVARIANT: the secret itself is never asked for, let
 * alone decrypted.
 */
export function* machinePasswordByRegistry(): Inquiry<Answer, PlaceQuestion> {
  const { changed } = yield* askAll({
    changed: { kind: 'value', hive: 'SECURITY', key: 'Policy\\Secrets\\$MACHINE.ACC\\CupdTime', name: '' },
  });
  return answerOf(seek(changed, timeOf, 'a time'), changed.at, (changedAt) => ({
    kind: 'machine-password',
    changedAt,
  }));
}

/** FILETIME in eight bytes, without a registry type. */
function timeOf(value: AnswerValue): string | undefined {
  if (value.kind !== 'value') return undefined;
  const { data } = value.value;
  if (!(data instanceof Uint8Array) || data.length !== 8) return undefined;
  const millis = filetimeToUnixMillis(new Reader(data, 'FILETIME').u64le());
  return millis < END_OF_CALENDAR ? new Date(millis).toISOString() : undefined;
}

/** Year 10000: ISO 8601 has four digits for a year, and no clock that far ahead is right. */
const END_OF_CALENDAR = Date.UTC(10_000, 0);
