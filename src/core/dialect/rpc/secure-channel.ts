import type { Dialog } from '../../protocol/dialog.ts';
import type { Answer, LiveQuestion } from '../../windows/inquiry.ts';
import type { Pipes } from './pipes.ts';
import { refused, unknown } from './refusals.ts';

export type SecureChannelQuestion = Extract<LiveQuestion, { readonly kind: 'secure-channel' }>;

/**
 * How Netlogon of the machine sees its channel to a domain. It runs in a lane of its own, so that the rest
 * does not wait for it.
 */
// biome-ignore lint/correctness/useYield: it is not asked yet
export function* askSecureChannel(_pipes: Pipes, _question: SecureChannelQuestion): Dialog<Answer> {
  return unknown('netlogon', refused('no-channel', 'Netlogon is not asked over RPC'));
}
