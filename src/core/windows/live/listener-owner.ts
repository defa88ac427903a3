import { DEFAULTS } from '../../knowledge/windows-defaults.ts';
import type { Evidence } from '../../model/facts.ts';
import { unknown } from '../../model/observation.ts';
import { type InquiryContext, NO_ANSWER, observe, seek, seekNumber } from '../answers.ts';
import type { Inquiry } from '../inquiry.ts';
import { LISTENER } from '../listener.ts';

/** The highest TCP port; 0 is reserved ([RFC 6335] 6). */
const LAST_PORT = 65_535;

/** Who listens on the port that is set for the listener. Two rounds. */
export function* inquireListenerOwner(context: InquiryContext): Inquiry<Evidence> {
  const [set = NO_ANSWER] = yield [{ kind: 'value', hive: 'SYSTEM', key: LISTENER, name: 'PortNumber' }];
  const number = seekNumber(set);
  if (number.state === 'unknown') return { 'listener.owner': unknown(number.why, number.detail) };
  const port = number.state === 'present' ? number.value : DEFAULTS.portNumber;
  if (!(port > 0 && port <= LAST_PORT)) {
    return { 'listener.owner': unknown('corrupt', `PortNumber is ${port}, which is no port`) };
  }
  const [answer = NO_ANSWER] = yield [{ kind: 'listener-owner', port }];
  const owner = seek(
    answer,
    (value) => (value.kind === 'listener-owner' ? value.owner : undefined),
    'the owner of a port',
  );
  return { 'listener.owner': observe(context, 'listener-owner', owner) };
}
