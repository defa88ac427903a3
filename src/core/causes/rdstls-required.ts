import { defineCause } from '../model/cause.ts';
import { judgeTakenAlone } from './_alone.ts';
import { RDSTLS } from './_negotiation.ts';

export const rdstlsRequired = defineCause({
  id: 'rdstls-required',
  title: 'The listener takes only clients that a broker sends',
  stage: 'negotiate',
  uses: ['rdp.negotiation'],
  prior: 0.002,
  remedies: [],
  advice:
    'Connect through the connection broker or the feed (Remote Desktop Web Access, Azure Virtual Desktop), not to the machine itself: it is a member of a farm or host pool. For maintenance use an account and path that the farm allows, such as the console of the virtual machine.',
  ruledOutBy: [['rdp.negotiation']],
  judge(evidence) {
    return judgeTakenAlone(
      evidence,
      RDSTLS,
      'RDSTLS needs credentials that a broker hands out with a redirection, so a client that connects directly stops here.',
    );
  },
});
