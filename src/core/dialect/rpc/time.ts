import { filetimeToUnixMillis } from '../../bytes/filetime.ts';
import { Reader } from '../../bytes/reader.ts';
import type { Dialog } from '../../protocol/dialog.ts';
import { remoteTimeOfDay, SRVSVC, type TimeOfDay } from '../../protocol/rpc/srvsvc.ts';
import type { Answer } from '../../windows/inquiry.ts';
import type { Pipes } from './pipes.ts';
import { ofCall, present, type Refused, refused, unknown } from './refusals.ts';
import type { RegistryQuestion } from './registry-question.ts';

const AT = 'srvsvc NetrRemoteTOD';

/** The server's clock, and when it was read here: milliseconds since 1970-01-01 UTC. */
export interface RemoteTime extends TimeOfDay {
  readonly kind: 'time';
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Asks for the server's time of day: one round trip, and the first time two more. */
export function* askTime(pipes: Pipes): Dialog<RemoteTime | Refused> {
  const association = yield* pipes.bound(SRVSVC);
  if ('kind' in association) return association;
  let askedAt = 0;
  let answeredAt = 0;
  const dialog = association.call(remoteTimeOfDay, undefined);
  let step = dialog.next();
  while (!step.done) {
    const answer = yield step.value;
    if (answer.kind === 'sent') askedAt ||= answer.at;
    else answeredAt = answer.at;
    step = dialog.next(answer);
  }
  const answer = step.value;
  if (answer.kind !== 'answered') return ofCall('the time of day', answer);
  return answer.value.kind === 'ok'
    ? { kind: 'time', ...answer.value.value, askedAt, answeredAt }
    : refused('no-channel', `the time of day: the machine answers with error ${answer.value.status}`);
}

/** `clock`: half of the way there and back taken off. */
export function clockAnswer(time: RemoteTime | Refused): Answer {
  if (time.kind === 'refused') return unknown(AT, time);
  const { unixMillis, askedAt, answeredAt } = time;
  const offsetSeconds = (unixMillis - (askedAt + answeredAt) / 2) / 1000;
  return present(AT, { kind: 'clock', offsetSeconds: Math.round(offsetSeconds * 100) / 100 });
}

/** When Windows last shut down properly: it started after that. */
export const SHUTDOWN_TIME: RegistryQuestion = {
  kind: 'value',
  hive: 'SYSTEM',
  key: 'CurrentControlSet\\Control\\Windows',
  name: 'ShutdownTime',
};

/** The milliseconds since the start come modulo this: 49.7 days. */
const WRAP_MILLIS = 2 ** 32;
/** The clock may have been set between the last shutdown and the start. */
const SLACK_MILLIS = 60_000;

/**
 * `start-time`, where it is certain: the count of milliseconds wraps after 49.7 days, so the last proper
 * shutdown must be nearer than that, and before the start.
 */
export function startAnswer(time: RemoteTime | Refused, shutdown: Answer): Answer {
  if (time.kind === 'refused') return unknown(AT, time);
  if (shutdown.state === 'unknown') return { ...shutdown, at: AT };
  const stopped = shutdown.state === 'present' ? millisOf(shutdown) : undefined;
  const { unixMillis, uptimeMillis } = time;
  const startedAt = unixMillis - uptimeMillis;
  const certain =
    stopped !== undefined &&
    stopped <= unixMillis &&
    unixMillis - stopped < WRAP_MILLIS &&
    startedAt >= stopped - SLACK_MILLIS;
  return certain
    ? present(AT, { kind: 'time', at: new Date(startedAt).toISOString() })
    : unknown(
        AT,
        refused(
          'no-channel',
          'the machine counts the time since its start modulo 49.7 days, and nothing says which',
        ),
      );
}

function millisOf({ value }: Answer & { readonly state: 'present' }): number | undefined {
  const data = value.kind === 'value' ? value.value.data : undefined;
  return data instanceof Uint8Array && data.length === 8
    ? filetimeToUnixMillis(new Reader(data, 'FILETIME').u64le())
    : undefined;
}
