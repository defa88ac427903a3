import { defineCause } from '../model/cause.ts';
import { judgeTakenAlone } from './_alone.ts';
import { RDSTLS } from './_negotiation.ts';

export const rdstlsRequired = defineCause({
  id: 'rdstls-required',
  title: 'The listener accepts only clients sent by a connection broker',
  stage: 'negotiate',
  uses: ['rdp.negotiation'],
  prior: 0.002,
  remedies: [],
  advice:
    "Connect through the connection broker or the feed (Remote Desktop Web Access, Azure Virtual Desktop), not to the machine itself: it belongs to a farm or host pool. For maintenance, use an account and a route that the farm allows, such as the virtual machine's console.",
  ruledOutBy: [['rdp.negotiation']],
  judge(evidence) {
    return judgeTakenAlone(
      evidence,
      RDSTLS,
      'RDSTLS needs credentials that a broker hands out when it redirects a client, so a client that connects directly stops here.',
    );
  },
});
