import { defineCause } from '../model/cause.ts';
import { describeSetting, INSIDE } from './_inside.ts';
import { cannotTell, confirmed, ruledOut, seenValue } from './_judge.ts';

/** AllowEncryptionOracle: 0 force updated clients, 1 mitigated, 2 vulnerable. */
const FORCE_UPDATED = 0;

export const credsspPolicy = defineCause({
  id: 'credssp-policy',
  title: 'The CredSSP policy refuses this client',
  stage: 'credssp',
  uses: ['credssp.allowEncryptionOracle', 'rdp.nla'],
  prior: 0.01,
  remedies: [],
  ruledOutBy: [['credssp.allowEncryptionOracle'], ['rdp.nla']],
  advice:
    'Update the client: any client with the update of May 2018 gets in. For a client that cannot be updated today, AllowEncryptionOracle 1 on the server is a stopgap; set it back afterwards.',
  judge(evidence, { client }) {
    const setting = seenValue(evidence['credssp.allowEncryptionOracle']);
    if (setting === undefined) {
      return seenValue(evidence['rdp.nla']) === 'refused'
        ? ruledOut(['rdp.nla'], 'The listener does not offer CredSSP, so its policy stops nobody.')
        : cannotTell(
            evidence,
            'whether a policy makes CredSSP refuse clients without the update',
            ['credssp.allowEncryptionOracle'],
            INSIDE,
          );
    }
    const word = describeSetting('AllowEncryptionOracle', setting);
    if (setting.effective !== FORCE_UPDATED) {
      return ruledOut(
        ['credssp.allowEncryptionOracle'],
        `This machine also accepts clients without the CredSSP update of 2018: ${word}.`,
      );
    }
    // A client that was named, and is by its profile the one that was shipped before the update.
    if (client?.nla === true && !client.supported && !client.credsspHardened) {
      return confirmed(
        ['credssp.allowEncryptionOracle'],
        `This machine refuses clients without the CredSSP update of 2018: ${word}. ${client.title} was shipped without it.`,
      );
    }
    return ruledOut(
      ['credssp.allowEncryptionOracle'],
      `This machine refuses clients without the CredSSP update of 2018 (${word}), which is normal hardening; ${
        client === undefined
          ? 'every supported client has it'
          : client.nla
            ? `${client.title} has had it since`
            : `${client.title} does not use CredSSP`
      }.`,
    );
  },
});
