import { defineCause } from '../model/cause.ts';
import type { FirewallState } from '../model/windows-facts.ts';
import { describeSource, INSIDE } from './_inside.ts';
import { cannotTell, citing, confirmed, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, findRdpAnswer } from './_negotiation.ts';
import { isPort, portOf } from './_port.ts';

/** Where clients go that name no port. */
const DEFAULT_PORT = 3389;

export const portChanged = defineCause({
  id: 'port-changed',
  title: 'The listener uses a different port from the one tried',
  stage: 'reach',
  uses: ['tcp.connect', 'rdp.negotiation', 'listener.portNumber', 'firewall.rdp'],
  prior: 0.01,
  remedies: [],
  ruledOutBy: [['rdp.negotiation'], ['listener.portNumber'], ['listener.portNumber', 'tcp.connect']],
  advice:
    'Connect to HOST:PORT with the port that the listener uses, or set PortNumber back to 3389 and restart TermService, which disconnects every session. The firewall rules must name the same port.',
  judge(evidence) {
    const setting = seenValue(evidence['listener.portNumber']);
    const answer = findRdpAnswer(evidence);
    if (answer !== undefined) {
      return ruledOut(
        ['rdp.negotiation'],
        `A listener answers on the port tried: ${describeRow(answer)}.${
          setting === undefined || setting.effective === portOf(evidence['tcp.connect'])
            ? ''
            : ` Its PortNumber is ${setting.effective}, so the port is forwarded, or a change takes effect at the next start.`
        }`,
      );
    }
    if (setting === undefined) {
      return cannotTell(
        evidence,
        'which port the listener uses',
        ['listener.portNumber'],
        [...INSIDE, 'HOST'],
      );
    }
    const { effective: port } = setting;
    const word = `The listener uses port ${port} (PortNumber, ${describeSource(setting)})`;
    const tried = portOf(evidence['tcp.connect']);
    if (!isPort(port)) {
      return likely(
        citing(evidence, 'listener.portNumber', 'tcp.connect'),
        `PortNumber is ${port} (${describeSource(setting)}), which is not a valid port: nothing can listen there.`,
      );
    }
    if (tried === undefined) {
      if (port === DEFAULT_PORT) {
        return ruledOut(['listener.portNumber'], `${word}, where clients look for it.`);
      }
      const noted = `${word}. A client that names no port goes to ${DEFAULT_PORT} and finds nothing.`;
      // Whoever moved the listener and made a rule for its port meant it: the clients will know.
      return isMeant(seenValue(evidence['firewall.rdp']))
        ? {
            ...cannotTell(evidence, 'which port the client uses', ['tcp.connect'], ['HOST']),
            remark: `${noted} Connect to HOST:${port}.`,
          }
        : likely(citing(evidence, 'listener.portNumber', 'firewall.rdp'), noted);
    }
    if (tried === port) {
      return ruledOut(['listener.portNumber', 'tcp.connect'], `${word}, which is the port that was tried.`);
    }
    return tried === DEFAULT_PORT
      ? confirmed(
          ['listener.portNumber', 'tcp.connect'],
          `${word}, but port ${tried} was tried, where no listener answered.`,
        )
      : likely(
          ['listener.portNumber', 'tcp.connect'],
          `${word}, but port ${tried} was tried, where no listener answered. If a load balancer or router forwards that port, check which port it forwards it to.`,
        );
  },
});

/** `rules` holds those for the listener's port alone. */
function isMeant(firewall: FirewallState | undefined): boolean {
  return firewall === undefined || firewall.rules.some(({ active, action }) => active && action === 'allow');
}
