import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { LsaPackages } from '../model/windows-facts.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { INSIDE, weigh } from './_inside.ts';
import { cannotTell, confirmed, likely, ruledOut, seenValue, suspected } from './_judge.ts';
import { list } from './_words.ts';

const PACKAGE_CRASHED = 5000;

export const lsaPackagesDamaged = defineCause({
  id: 'lsa-packages-damaged',
  title: 'The Local Security Authority is misconfigured',
  stage: 'credssp',
  uses: ['ntlm.challenge', 'lsa.packages', 'events.relevant'],
  prior: 0.003,
  remedies: [],
  ruledOutBy: [['ntlm.challenge'], ['lsa.packages']],
  advice:
    'Add what is missing to the existing entries and remove none of them: msv1_0 to Authentication Packages, credssp.dll to SecurityProviders, and on Windows 7 and Server 2008 R2 tspkg to Security Packages. Back up the hive first, because a mistake here stops every sign-in; then restart the machine.',
  judge(evidence) {
    const inside = judgePackages(evidence);
    if (seenValue(evidence['ntlm.challenge']) === undefined) return inside;
    return weigh(
      evidence,
      ruledOut(
        ['ntlm.challenge'],
        'The server answers CredSSP with an NTLM challenge, so both packages are loaded.',
      ),
      inside,
    );
  },
});

function judgePackages(evidence: Pick<Evidence, 'lsa.packages' | 'events.relevant'>): Judgement {
  const packages = seenValue(evidence['lsa.packages']);
  if (packages === undefined) {
    return cannotTell(
      evidence,
      'which packages the Local Security Authority loads',
      ['lsa.packages'],
      INSIDE,
    );
  }
  const missing = missingFrom(packages);
  if (missing.length > 0) {
    return confirmed(
      ['lsa.packages'],
      `What CredSSP needs is missing from the configuration of the Local Security Authority: ${list(missing)}.`,
    );
  }
  if (lacksOldPackage(packages)) {
    return likely(
      ['lsa.packages'],
      `Security Packages lists ${packages.security.length} packages but not tspkg, and older versions of Windows load CredSSP only if tspkg is listed.`,
    );
  }
  const timeline = seenValue(evidence['events.relevant']);
  const crash =
    timeline === undefined
      ? undefined
      : weighEvents(timeline, 'lsa-packages-damaged', {
          proves: (event) => isEvent(event, PROVIDER.lsa, PACKAGE_CRASHED),
        }).proving;
  if (crash !== undefined) {
    return suspected(
      ['lsa.packages', 'events.relevant'],
      `Nothing is missing from the packages, but one of them crashed: ${describeEvent(crash)}, ${Object.values(crash.fields).join(' ').slice(0, 120)}.`,
    );
  }
  return ruledOut(
    ['lsa.packages'],
    `The packages are complete: authentication ${list(packages.authentication)}, providers ${list(packages.providers)}.`,
  );
}

function missingFrom({ authentication, providers }: LsaPackages): readonly string[] {
  return [
    ...(has(authentication, 'msv1_0') ? [] : ['msv1_0 in Authentication Packages']),
    ...(has(providers, 'credssp.dll') ? [] : ['credssp.dll in SecurityProviders']),
  ];
}

/** Up to 2012 R2 the list names what Windows loads; newer Windows keeps it empty and loads its own. */
function lacksOldPackage({ security }: LsaPackages): boolean {
  return has(security, 'kerberos') && has(security, 'schannel') && !has(security, 'tspkg');
}

function has(names: readonly string[], name: string): boolean {
  return names.some((entry) => entry.toLowerCase() === name);
}
