import { hasCredsspUpdate } from '../knowledge/credssp-versions.ts';
import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import { type ClientProfile, isSure } from '../model/client.ts';
import type { Evidence } from '../model/facts.ts';
import { cannotTellFrom, weigh } from './_inside.ts';
import { cannotTell, isSeen, judgeByClient, ruledOut, seenValue } from './_judge.ts';

/** The update for CVE-2018-0886 brought CredSSP version 5 (outside-probe: an inference, so never confirmed). */
const UPDATED_VERSION = 5;

export const credsspOutdated = defineCause({
  id: 'credssp-outdated',
  title: 'One side lacks the CredSSP update of 2018',
  stage: 'credssp',
  uses: ['credssp.version', 'rdp.nla', 'credssp.fileVersion'],
  ruledOutBy: [['credssp.version'], ['rdp.nla'], ['credssp.fileVersion']],
  prior: 0.02,
  remedies: [],
  advice:
    'Install current updates on the server and restart it. Until then, AllowEncryptionOracle 2 on the client that must connect is a stopgap; set it back afterwards.',
  judge(evidence, context) {
    const outside = judgeOutside(evidence, context);
    // Without CredSSP its version stops nobody, whatever the file is.
    const spoken = seenValue(evidence['credssp.version']) !== undefined;
    if (outside.verdict === 'ruled-out' && !spoken) return outside;
    return weigh(evidence, outside, judgeFile(evidence, context));
  },
});

type Used = 'credssp.version' | 'rdp.nla' | 'credssp.fileVersion';

/** By the file that speaks CredSSP, which proves the update or its want. */
function judgeFile(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const version = seenValue(evidence['credssp.fileVersion']);
  const open = (file: string) =>
    cannotTellFrom(
      evidence,
      `whether ${file} has the CredSSP update of 2018`,
      ['credssp.fileVersion'],
      ['--disk', 'HOST'],
    );
  if (version === undefined) return open('TSpkg.dll');
  const updated = hasCredsspUpdate(version);
  if (updated === undefined) return open(`TSpkg.dll (version ${version})`);
  if (updated) {
    return ruledOut(
      ['credssp.fileVersion'],
      `TSpkg.dll is version ${version}, which has the update for CVE-2018-0886.`,
    );
  }
  return judgeByClient<'stopped' | 'passes' | 'unsettled'>(
    context,
    (client) => effectOn(client, 'stopped'),
    ['credssp.fileVersion'],
    {
      stopped: (names) =>
        `TSpkg.dll is version ${version}, without the update for CVE-2018-0886. By default an updated client refuses such a server: ${names}.`,
      passes: (name) =>
        `TSpkg.dll is version ${version}, without the update for CVE-2018-0886, but that does not stop ${name}.`,
      unsettled: unsettled(evidence, 'credssp.fileVersion'),
    },
  );
}

/** By the version that the server speaks, from which the update is inferred. */
function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const observed = evidence['credssp.version'];
  const version = seenValue(observed);
  if (version === undefined) {
    if (seenValue(evidence['rdp.nla']) === 'refused') {
      return ruledOut(
        ['rdp.nla'],
        'The listener does not offer CredSSP, so its CredSSP version stops nobody.',
      );
    }
    return isSeen(observed)
      ? ruledOut(
          ['credssp.version'],
          'The listener does not speak CredSSP, so its CredSSP version stops nobody.',
        )
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
      `The server speaks CredSSP version ${version}; from version 5 on, the update for CVE-2018-0886 is included.`,
    );
  }
  return judgeByClient<'stopped' | 'suspect' | 'passes' | 'unsettled'>(
    context,
    (client) => effectOn(client, 'suspect'),
    ['credssp.version'],
    {
      stopped: (names) =>
        `The server speaks CredSSP version ${version}, as Windows without the update for CVE-2018-0886 does. By default an updated client refuses such a server: ${names}.`,
      passes: (name) =>
        `The server speaks CredSSP version ${version}, as Windows without the update for CVE-2018-0886 does, but that does not stop ${name}.`,
      unsettled: unsettled(evidence, 'credssp.version'),
    },
  );
}

/** Whether a client refuses such a server is known of Windows; of others it may be a guess, which decides nothing. */
function effectOn<E extends 'stopped' | 'suspect'>(
  client: ClientProfile,
  refused: E,
): E | 'passes' | 'unsettled' {
  if (!client.nla) return 'passes';
  if (client.credsspHardened) return isSure(client.sure.credsspHardened) ? refused : 'unsettled';
  return client.sure.credsspHardened === 'unsettled' ? 'unsettled' : 'passes';
}

/** @param shown the fact that shows the server without the update; it cannot tell what the client does */
function unsettled(evidence: Pick<Evidence, Used>, shown: 'credssp.fileVersion' | 'credssp.version') {
  return {
    remark: (names: string) =>
      `The server seems to lack the update for CVE-2018-0886. It is not known for certain whether that stops ${names}.`,
    open: () =>
      cannotTell(
        evidence,
        'whether the client in question refuses a server without the CredSSP update of 2018',
        [shown],
        ['--client'],
      ),
  };
}
