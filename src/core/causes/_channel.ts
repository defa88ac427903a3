import { type ChannelState, findChannelStatus } from '../knowledge/secure-channel-status.ts';
import { findWin32Error } from '../knowledge/win32-errors.ts';
import type { Judgement, Look } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { isUnasked } from '../model/observation.ts';
import type { SecureChannel } from '../model/windows-facts.ts';
import { cannotTell, type FactNames, isSeen, leftOpenBy, seenValue } from './_judge.ts';
import { moment } from './_words.ts';

/**
 * The word of a channel that was tried for this diagnosis. What Netlogon only remembers of its last use may be over or may
 * not have been noticed yet, so that nothing is concluded from it.
 */
export type ChannelWord =
  | { readonly works: true; readonly words: string }
  | {
      readonly works: false;
      /** Undefined for a status that we do not know. */
      readonly state: ChannelState | undefined;
      /** Whether a document says that the status means this. */
      readonly sure: boolean;
      /** Only the verification failed: the connection made before is there, and may serve until it ends. */
      readonly stands: boolean;
      readonly words: string;
    };

type Used = Pick<Evidence, 'secureChannel.state'>;

/** What the machine found when it tried its channel, as it was asked to; undefined where nobody saw it try. */
export function verifiedChannel(evidence: Used): ChannelWord | undefined {
  const observed = evidence['secureChannel.state'];
  if (observed?.state !== 'present' || !observed.value.verified) return undefined;
  const { failed, with: controller } = readChannel(observed.value);
  // Answers that a person brings may be days old: "now" would be a lie.
  const tried = `The machine tried its secure channel at ${moment(observed.from.observedAt)}`;
  if (failed === undefined) return { works: true, words: `${tried}, and it works${controller}` };
  const row = findChannelStatus(failed);
  return {
    works: false,
    state: row?.state,
    sure: row?.sure === 'verified',
    stands: observed.value.status === 0,
    words: `${tried}, and it failed with ${describeStatus(failed)}${controller}`,
  };
}

/** What Netlogon remembers of the last use, where that failed and nobody saw the channel tried: a hint, and no more. */
export function rememberedFailure(evidence: Used): string | undefined {
  const channel = seenValue(evidence['secureChannel.state']);
  if (channel === undefined || channel.verified) return undefined;
  const { failed } = readChannel(channel);
  return failed === undefined
    ? undefined
    : `Netlogon remembers that the channel failed with ${describeStatus(failed)} when it was last used, which may be over`;
}

/**
 * An open question that trying the channel would settle: it is named where somebody was asked for it,
 * beside the logs that do not tell.
 * @param logs those of them that were not read are named; if all were, all of them are
 */
export function leftOpenByChannel(
  evidence: Evidence,
  question: string,
  logs: FactNames,
  settledBy: readonly Look[],
): Judgement & { readonly verdict: 'inconclusive' } {
  if (isUnasked(evidence['secureChannel.state'])) return cannotTell(evidence, question, logs, settledBy);
  const unread = logs.filter((name) => !isSeen(evidence[name]));
  return leftOpenBy(
    evidence,
    question,
    ['secureChannel.state', ...(unread.length === 0 ? logs : unread)],
    settledBy,
  );
}

/** Either status alone may tell: a disabled account leaves the channel's own status at zero. */
function readChannel({ status, pdcStatus = 0, controller = '' }: SecureChannel): {
  readonly failed: number | undefined;
  readonly with: string;
} {
  const failed = pdcStatus === 0 ? status : pdcStatus;
  return {
    failed: failed === 0 ? undefined : failed,
    with: controller === '' ? '' : ` (${controller})`,
  };
}

/** `1787 (ERROR_NO_TRUST_SAM_ACCOUNT)`, as nltest prints it. */
function describeStatus(status: number): string {
  const row = findChannelStatus(status);
  const name = row?.name ?? findWin32Error(status)?.name;
  const code = row?.code ?? status;
  const number = code > 0xffff ? `0x${code.toString(16).toUpperCase().padStart(8, '0')}` : String(code);
  return name === undefined ? number : `${number} (${name})`;
}
