import { defineCause } from '../model/cause.ts';
import { cannotTell, isSeen, judgeByClient, ruledOut, seenValue } from './_judge.ts';

/** The update for CVE-2018-0886 brought CredSSP version 5 (outside-probe: an inference, so never confirmed). */
const UPDATED_VERSION = 5;

export const credsspOutdated = defineCause({
  id: 'credssp-outdated',
  title: 'One side lacks the CredSSP update of 2018',
  stage: 'credssp',
  uses: ['credssp.version', 'rdp.nla'],
  prior: 0.02,
  remedies: [],
  advice:
    'Install current updates on the server and restart it. Until then AllowEncryptionOracle 2 on the client that must connect is the bridge; set it back afterwards.',
  judge(evidence, context) {
    const observed = evidence['credssp.version'];
    const version = seenValue(observed);
    if (version === undefined) {
      if (seenValue(evidence['rdp.nla']) === 'refused') {
        return ruledOut(['rdp.nla'], 'The listener does not offer CredSSP, so its version stops nobody.');
      }
      return isSeen(observed)
        ? ruledOut(['credssp.version'], 'The listener speaks no CredSSP, so its version stops nobody.')
        : cannotTell(
            evidence,
            'which CredSSP version the server speaks',
            ['credssp.version', 'rdp.nla'],
            ['HOST', '--disk'],
          );
    }
    if (version >= UPDATED_VERSION) {
      return ruledOut(
        ['credssp.version'],
        `The server speaks CredSSP version ${version}; from version 5 on the update for CVE-2018-0886 is there.`,
      );
    }
    return judgeByClient<'suspect' | 'passes'>(
      context,
      (client) => (client.nla && client.credsspHardened ? 'suspect' : 'passes'),
      ['credssp.version'],
      {
        stopped: (names) =>
          `The server speaks CredSSP version ${version}, as Windows without the update for CVE-2018-0886 does. By default an updated client refuses such a server: ${names}.`,
        passes: (name) =>
          `The server speaks CredSSP version ${version}, as without the update for CVE-2018-0886, but ${name} does not refuse such a server.`,
      },
    );
  },
});
