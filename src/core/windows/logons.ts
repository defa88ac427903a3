import type { Evidence } from '../model/facts.ts';
import { present, unknown } from '../model/observation.ts';
import { type InquiryContext, provenance } from './answers.ts';
import type { Inquiry } from './inquiry.ts';

/** As far back as the timeline: a machine that nobody reaches may have stood for days. */
const WITHIN_MILLIS = 14 * 86_400_000;

/**
 * Under attack a log brings ten failures a second: so many sign-ins are hours of it, and take seconds.
 * A log as large as Windows makes it at first (20 MB) is read whole.
 */
const MOST_SIGN_INS = 60_000;
const MOST_BYTES = 24 * 1024 * 1024;

/** `logon.failures`: what the machine's own Security log has of sign-ins, counted. One round. */
export function* inquireLogons(context: InquiryContext): Inquiry<Evidence> {
  const [answer] = yield [
    {
      kind: 'logons',
      channel: 'Security',
      withinMillis: WITHIN_MILLIS,
      limit: MOST_SIGN_INS,
      bytes: MOST_BYTES,
      ...(context.account === undefined ? {} : { account: context.account }),
    },
  ];
  if (answer === undefined) return { 'logon.failures': unknown('no-channel', 'there was no answer') };
  if (answer.state === 'unknown') return { 'logon.failures': unknown(answer.why, answer.detail) };
  if (answer.state === 'absent') {
    // No log is no word on what would stand in it.
    return { 'logon.failures': unknown('not-gathered', 'there is no Security log') };
  }
  const from = provenance(context, 'logons', answer.at);
  return {
    'logon.failures':
      answer.value.kind === 'logons'
        ? present(answer.value.tally, from)
        : unknown('corrupt', `${answer.at} is not a count of sign-ins`),
  };
}
