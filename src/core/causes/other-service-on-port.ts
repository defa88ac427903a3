import { defineCause, type Judgement } from '../model/cause.ts';
import type { DirectTls, Evidence } from '../model/facts.ts';
import { cannotTell, citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, isRdpAnswer } from './_negotiation.ts';
import { portOf } from './_port.ts';
import { describeAlert } from './_tls.ts';

const WRAPPED_ADVICE =
  'Remove the TLS wrapper (stunnel or a TLS-terminating proxy) and forward plain TCP to the listener, which has its own TLS; or put the matching wrapper on the client side. Remote Desktop clients cannot start with TLS.';
const GATEWAY_ADVICE =
  'If this is a Remote Desktop gateway or a web front end, enter it as the gateway in the connection settings and the machine behind it as the computer. Otherwise check the address and the port: Remote Desktop listens on 3389 unless its PortNumber was changed.';

export const otherServiceOnPort = defineCause({
  id: 'other-service-on-port',
  title: 'Another program answers on the Remote Desktop port',
  stage: 'reach',
  uses: ['rdp.negotiation', 'tls.direct', 'listener.owner', 'listener.portNumber'],
  prior: 0.01,
  remedies: [],
  advice:
    'Check the address and the port first. On the machine, find the program that owns the port (netstat -abno) and move it, or give the listener another PortNumber.',
  ruledOutBy: [['rdp.negotiation'], ['listener.owner']],
  judge(evidence) {
    const outside = judgeOutside(evidence);
    const inside = judgeOwner(evidence);
    if (inside === undefined || outside.verdict === 'ruled-out') return outside;
    if (outside.verdict === 'inconclusive') {
      return inside.verdict === 'ruled-out' && triesAnotherPort(evidence) ? outside : inside;
    }
    return inside.verdict === 'ruled-out'
      ? outside
      : {
          ...outside,
          because: citing(evidence, ...outside.because, 'listener.owner'),
          explanation: `${outside.explanation} ${inside.explanation}`,
        };
  },
});

/** Whether the port that was tried is not the one whose owner the machine tells: it may be forwarded, or another's. */
function triesAnotherPort(evidence: Pick<Evidence, 'rdp.negotiation' | 'listener.portNumber'>): boolean {
  const tried = portOf(evidence['rdp.negotiation']);
  const own = seenValue(evidence['listener.portNumber'])?.effective;
  return tried !== undefined && own !== undefined && tried !== own;
}

/** What the machine itself says of its port; nothing where that tells neither. */
function judgeOwner(
  evidence: Pick<Evidence, 'listener.owner' | 'listener.portNumber'>,
): (Judgement & { readonly verdict: 'likely' | 'ruled-out' | 'confirmed' }) | undefined {
  const observed = evidence['listener.owner'];
  if (!isSeen(observed)) return undefined;
  const port = seenValue(evidence['listener.portNumber'])?.effective ?? 'of the listener';
  if (observed.state === 'absent') {
    return ruledOut(['listener.owner'], `On the machine nobody listens on port ${port}.`);
  }
  const { process, service } = observed.value;
  if (service !== undefined && /\bTermService\b/i.test(service)) {
    return ruledOut(['listener.owner'], `On the machine port ${port} belongs to TermService.`);
  }
  // A host process tells nothing without its service, nor does the kernel.
  if (service === undefined && (process === undefined || HOSTS.test(process))) return undefined;
  return likely(
    citing(evidence, 'listener.owner', 'listener.portNumber'),
    `On the machine port ${port} belongs to ${[process, service].filter((name) => name !== undefined).join(', ')} and not to TermService.`,
  );
}

const HOSTS = /^(?:svchost(?:\.exe)?|system)$/i;

type Outside = Pick<Evidence, 'rdp.negotiation' | 'tls.direct'>;

function judgeOutside(evidence: Outside): Judgement {
  const negotiation = evidence['rdp.negotiation'];
  if (!isSeen(negotiation)) {
    return cannotTell(evidence, 'what answers on the port', ['rdp.negotiation'], ['HOST', '--rpc']);
  }
  const rows = negotiation.state === 'present' ? negotiation.value : undefined;
  const rdp = rows?.find(isRdpAnswer);
  const direct = seenValue(evidence['tls.direct']);
  if (rdp === undefined && (direct?.answer === 'secured' || direct?.answer === 'alert')) {
    return judgeDirect(evidence, direct);
  }
  const foreign = rows?.filter((row) => row.answer === 'foreign') ?? [];
  if (foreign.length > 0) {
    const what = foreign.find((row) => row.detail !== undefined)?.detail ?? 'an unrecognised protocol';
    return rdp === undefined
      ? confirmed(['rdp.negotiation'], `What answers on the port does not speak RDP: ${what}.`)
      : likely(
          ['rdp.negotiation'],
          `Some connections reach something that does not speak RDP (${what}), others an RDP listener (${describeRow(rdp)}). There seem to be different machines behind this address, for instance behind a load balancer.`,
        );
  }
  if (rdp !== undefined) {
    return ruledOut(['rdp.negotiation'], `An RDP listener answers on the port: ${describeRow(rdp)}.`);
  }
  if (rows === undefined) {
    return ruledOut(['rdp.negotiation'], 'No other service answered on the port.');
  }
  return cannotTell(
    evidence,
    'what is behind the port, because every connection was closed or left unanswered',
    ['rdp.negotiation'],
    ['--rpc', 'HOST'],
  );
}

/** The port spoke TLS at once, and no connection request before it was answered. */
function judgeDirect(
  evidence: Pick<Evidence, 'rdp.negotiation' | 'tls.direct'>,
  { answer, version, alert, subject, inside }: DirectTls,
): Judgement {
  const because = citing(evidence, 'tls.direct', 'rdp.negotiation');
  const shown =
    answer === 'secured'
      ? `TLS ${version ?? ''}${subject === undefined ? '' : `, certificate ${subject}`}`
      : `it answers a TLS hello with ${alert === undefined ? 'an alert' : describeAlert(alert)}`;
  const first = `The port speaks TLS from the first byte (${shown}) and does not answer the Remote Desktop negotiation that every client starts with.`;
  if (inside === 'rdp') {
    return {
      ...confirmed(
        because,
        `${first} Inside that TLS a Remote Desktop listener answers: a TLS wrapper such as stunnel is in front of it.`,
      ),
      advice: WRAPPED_ADVICE,
    };
  }
  return {
    ...confirmed(
      because,
      typeof inside === 'object'
        ? `${first} Inside it, ${inside.foreign} answers.`
        : `${first} A gateway, a web server or a TLS-terminating proxy behaves like this.`,
    ),
    advice: GATEWAY_ADVICE,
  };
}
