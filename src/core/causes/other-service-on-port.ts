import { defineCause } from '../model/cause.ts';
import { cannotTell, confirmed, isSeen, likely, ruledOut } from './_judge.ts';
import { describeRow, isRdpAnswer } from './_negotiation.ts';

export const otherServiceOnPort = defineCause({
  id: 'other-service-on-port',
  title: 'Another program answers on the Remote Desktop port',
  stage: 'reach',
  uses: ['rdp.negotiation'],
  prior: 0.01,
  remedies: [],
  advice:
    'Check the address and the port first. On the machine, find the owner of the port (netstat -abno) and move it, or give the listener another PortNumber.',
  judge(evidence) {
    const negotiation = evidence['rdp.negotiation'];
    if (!isSeen(negotiation)) {
      return cannotTell(evidence, 'what answers on the port', ['rdp.negotiation'], ['HOST', '--disk']);
    }
    const rows = negotiation.state === 'present' ? negotiation.value : undefined;
    const foreign = rows?.filter((row) => row.answer === 'foreign') ?? [];
    const [first] = foreign;
    if (first !== undefined) {
      const what =
        foreign.find((row) => row.detail !== undefined)?.detail ?? 'a protocol that was not recognised';
      const genuine = rows?.find(isRdpAnswer);
      return genuine === undefined
        ? confirmed(['rdp.negotiation'], `What answers on the port does not speak RDP: ${what}.`)
        : likely(
            ['rdp.negotiation'],
            `Some connections meet something that does not speak RDP (${what}), others an RDP listener (${describeRow(genuine)}). Different machines seem to stand behind this address, for instance behind a load balancer.`,
          );
    }
    const rdp = rows?.find(isRdpAnswer);
    if (rdp !== undefined) {
      return ruledOut(['rdp.negotiation'], `An RDP listener answers on the port: ${describeRow(rdp)}.`);
    }
    if (rows === undefined) {
      return ruledOut(['rdp.negotiation'], 'No answer of another service was found on the port.');
    }
    return cannotTell(
      evidence,
      'what stands behind the port, because every connection was closed or left without an answer',
      ['rdp.negotiation'],
      ['--disk', 'HOST'],
    );
  },
});
