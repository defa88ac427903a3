import { defineCause } from '../model/cause.ts';
import { judgeTakenAlone } from './_alone.ts';
import { RDSAAD } from './_negotiation.ts';

export const entraSignInRequired = defineCause({
  id: 'entra-sign-in-required',
  title: 'The listener accepts only sign-ins through Entra ID',
  stage: 'negotiate',
  uses: ['rdp.negotiation'],
  prior: 0.003,
  remedies: [],
  advice:
    'Connect by the machine\'s name with a client that can sign in through Entra ID: tick "Use a web account to sign in to the remote computer", or set enablerdsaadauth:i:1 in the .rdp file. An address will not do, and a local account cannot sign in this way.',
  ruledOutBy: [['rdp.negotiation']],
  judge(evidence) {
    return judgeTakenAlone(
      evidence,
      RDSAAD,
      'A client that is not set to sign in through Entra ID does not ask for it and stops here.',
    );
  },
});
