import { findSuite } from '../knowledge/tls-suites.ts';
import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import { type Evidence, TLS_VERSIONS } from '../model/facts.ts';
import { cannotTellFrom, describeSetting, effective, INSIDE, weigh } from './_inside.ts';
import {
  cannotTell,
  citing,
  type FactNames,
  isSeen,
  judgeByClient,
  likely,
  ruledOut,
  seenValue,
  stoppedBy,
} from './_judge.ts';
import { chosenSuites, everyoneOffersTheChosenSuite, isOutsideFips } from './_suites.ts';
import { acceptedVersions, describeVersions, effectOfSuites, speaksTls } from './_tls.ts';
import { list } from './_words.ts';

/** encryptionMethod of TS_UD_SC_SEC1, [MS-RDPBCGR] 2.2.1.4.3: FIPS_ENCRYPTION_METHOD. */
const FIPS_METHOD = 0x10;
/** encryptionLevel of TS_UD_SC_SEC1: ENCRYPTION_LEVEL_FIPS. */
const FIPS_LEVEL = 4;

type Outside = 'rdp.tls' | 'rdp.standard' | 'rdp.encryption' | 'tls.versions' | 'tls.ciphers';
type Inside =
  | 'fips.machine'
  | 'listener.minEncryptionLevel'
  | 'listener.securityLayer'
  | 'listener.userAuthentication';
type Used = Outside | Inside;

export const fipsOnly = defineCause({
  id: 'fips-only',
  title: 'Only FIPS 140 algorithms are accepted',
  stage: 'negotiate',
  uses: [
    'rdp.tls',
    'rdp.standard',
    'rdp.encryption',
    'tls.versions',
    'tls.ciphers',
    'fips.machine',
    'listener.minEncryptionLevel',
    'listener.securityLayer',
    'listener.userAuthentication',
  ],
  prior: 0.005,
  remedies: [],
  advice:
    'Prefer TLS: with SecurityLayer 2 and TLS 1.2 a FIPS machine serves every current client (Windows 7 and Server 2008 R2 need KB3080079 for TLS 1.2). Switch FIPS off only with the approval of whoever is responsible for it; a policy would switch it on again.',
  ruledOutBy: [
    ['fips.machine', 'listener.minEncryptionLevel'],
    ['fips.machine', 'listener.minEncryptionLevel', 'listener.securityLayer', 'listener.userAuthentication'],
    ['rdp.standard', 'rdp.encryption', 'rdp.tls'],
    ['rdp.standard', 'rdp.tls'],
    ['tls.versions'],
    ['tls.ciphers'],
    ['tls.ciphers', 'tls.versions'],
  ],
  judge(evidence, context) {
    const outside = judgeOutside(evidence, context);
    const inside = judgeSettings(evidence, context);
    // Under TLS a list without other suites is only a hint, and settings without FIPS settle it.
    return inside.verdict === 'ruled-out' && outside.verdict === 'likely' && !usesStandard(evidence, context)
      ? inside
      : weigh(evidence, outside, inside);
  },
});

/** By what the listener does. */
function judgeOutside(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  if (usesStandard(evidence, context)) return judgeStandard(evidence, context);
  const tls = speaksTls(evidence);
  const encryption = seenValue(evidence['rdp.encryption']);
  if (tls === undefined && encryption?.level === FIPS_LEVEL) return judgeLevelAlone(evidence, context);
  if (tls === undefined && !isSeen(evidence['tls.versions']) && !isSeen(evidence['tls.ciphers'])) {
    return cannotTell(
      evidence,
      'whether the server is limited to FIPS algorithms',
      ['rdp.tls', 'tls.versions'],
      ['HOST', '--disk', '--full'],
    );
  }
  if (tls === false) {
    return isSeen(evidence['rdp.standard'])
      ? ruledOut(
          ['rdp.tls', 'rdp.standard'],
          'The listener accepts neither TLS nor standard RDP security, so algorithms do not matter yet.',
        )
      : cannotTell(
          evidence,
          'whether the server is limited to FIPS algorithms',
          ['rdp.standard', 'rdp.encryption'],
          ['HOST', '--disk'],
        );
  }
  return judgeTls(evidence, context);
}

/** The level was seen, and not whether TLS is offered beside it, which would make it harmless. */
function judgeLevelAlone(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const clients = context.client === undefined ? context.supportedClients : [context.client];
  const stopped = clients.filter(
    (client) => !hasFipsMethod(client) && stoppedBy(client.sure.encryptionMethods) === 'stopped',
  );
  return stopped.length === 0
    ? cannotTell(
        evidence,
        'whether the server offers anything but FIPS algorithms',
        ['rdp.tls'],
        ['HOST', '--disk'],
      )
    : likely(
        ['rdp.encryption'],
        `Standard RDP security is at encryption level 4, FIPS only, for which ${list(stopped.map(({ title }) => title))} has no method. It is not known whether TLS is offered as well, which would make that harmless.`,
      );
}

/** By the two switches, and by what they leave to whom. */
function judgeSettings(evidence: Pick<Evidence, Inside>, context: JudgeContext): Judgement {
  const machine = seenValue(evidence['fips.machine']);
  const level = seenValue(evidence['listener.minEncryptionLevel']);
  const layer = effective(evidence['listener.securityLayer']);
  if (machine?.effective === false && level !== undefined && level.effective !== FIPS_LEVEL) {
    return ruledOut(
      ['fips.machine', 'listener.minEncryptionLevel'],
      `Neither switch is on: ${describeSetting('the FIPS mode of Windows', machine)}, ${describeSetting('MinEncryptionLevel', level)}.`,
    );
  }
  const on = [
    ...(machine?.effective === true ? [describeSetting('the FIPS mode of Windows', machine)] : []),
    ...(level?.effective === FIPS_LEVEL ? [describeSetting('MinEncryptionLevel', level)] : []),
  ];
  if (on.length === 0 || machine === undefined || layer === undefined) {
    return cannotTellFrom(
      evidence,
      'whether Windows or the listener is set to FIPS algorithms, and what that leaves',
      ['fips.machine', 'listener.minEncryptionLevel', 'listener.securityLayer'],
      INSIDE,
    );
  }
  const words = `FIPS algorithms only: ${on.join(', ')}`;
  // NLA runs in TLS, so where it is required nobody gets standard RDP security.
  const standard = effective(evidence['listener.userAuthentication']) !== 1;
  return judgeByClient<'stopped' | 'passes' | 'unsettled'>(
    context,
    (client) => {
      const overTls = layer > 1 || (layer === 1 && client.tlsVersions.length > 0);
      if (!overTls) {
        return standard && !hasFipsMethod(client) ? stoppedBy(client.sure.encryptionMethods) : 'passes';
      }
      const allowed = client.tlsSuites.some((id) => findSuite(id)?.fips === true);
      return !machine.effective || allowed || client.tlsVersions.length === 0
        ? 'passes'
        : stoppedBy(client.sure.suites);
    },
    citing(
      evidence,
      'fips.machine',
      'listener.minEncryptionLevel',
      'listener.securityLayer',
      'listener.userAuthentication',
    ),
    {
      stopped: (names) => `${words}. That leaves nothing that ${names} can use.`,
      passes: (name) =>
        `${words}. That is harmless: ${layer === 0 ? `the FIPS method of standard RDP security is available to ${name}` : `FIPS allows AES over TLS, which is available to ${name}`}.`,
      unsettled: {
        remark: (names) => `${words}. Whether ${names} can do that is not known for certain.`,
        open: () => cannotTellMethod(evidence, context),
      },
    },
  );
}

/** Whether the client at hand ends up in standard RDP security: nobody gets TLS, or this one cannot do it. */
function usesStandard(evidence: Pick<Evidence, Used>, context: JudgeContext): boolean {
  if (seenValue(evidence['rdp.standard']) !== 'accepted') return false;
  return speaksTls(evidence) === false || context.client?.tlsVersions.length === 0;
}

function judgeStandard(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  const encryption = evidence['rdp.encryption'];
  if (!isSeen(encryption)) {
    return cannotTell(evidence, 'at which level the server encrypts', ['rdp.encryption'], ['HOST', '--disk']);
  }
  const because: FactNames = citing(evidence, 'rdp.encryption', 'rdp.standard', 'rdp.tls');
  if (encryption.state === 'absent') {
    return ruledOut(because, 'The server states no encryption level, so not the FIPS level either.');
  }
  const { level, methods } = encryption.value;
  const word = `Standard RDP security is in use at encryption level ${level}, method 0x${methods.toString(16)}`;
  if (level !== FIPS_LEVEL) return ruledOut(because, `${word}, which is not the FIPS level (4).`);
  return judgeByClient<'stopped' | 'passes' | 'unsettled'>(
    context,
    (client) => (hasFipsMethod(client) ? 'passes' : stoppedBy(client.sure.encryptionMethods)),
    because,
    {
      stopped: (names) =>
        `${word}: FIPS only. That needs the FIPS method (0x10), which is not offered by ${names}.`,
      passes: (name) => `${word}: FIPS only. That is harmless: the FIPS method (0x10) is offered by ${name}.`,
      unsettled: {
        remark: (names) => `${word}: FIPS only. Whether ${names} can do that is not known for certain.`,
        open: () => cannotTellMethod(evidence, context),
      },
    },
  );
}

/** Every client of Windows offers it ([MS-RDPBCGR] 4.1.3: 0x1B), and FreeRDP; rdesktop does not. */
function hasFipsMethod({ encryptionMethods }: ClientProfile): boolean {
  return (encryptionMethods & FIPS_METHOD) !== 0;
}

function cannotTellMethod(
  evidence: Pick<Evidence, Used>,
  { client }: JudgeContext,
): Judgement & { readonly verdict: 'inconclusive' } {
  return cannotTell(
    evidence,
    `whether ${client?.title ?? 'any supported client'} has the FIPS method`,
    ['rdp.encryption'],
    ['HOST', '--client'],
  );
}

/** Under TLS only what it leaves in common counts; FIPS mode with AES suites lets everybody in. */
function judgeTls(evidence: Pick<Evidence, Used>, context: JudgeContext): Judgement {
  for (const name of ['tls.versions', 'tls.ciphers'] as const) {
    if (evidence[name]?.state === 'absent') {
      return ruledOut([name], 'The listener does not use TLS, so TLS cannot be limited to FIPS algorithms.');
    }
  }
  const versions = seenValue(evidence['tls.versions']);
  const ciphers = seenValue(evidence['tls.ciphers']);
  const accepted = Object.values(ciphers ?? {}).flat();
  const listed = accepted.find((suite) => !suite.fips)?.name;
  const chosen = versions === undefined ? undefined : chosenSuites(versions).find(isOutsideFips);
  const outside = listed ?? chosen;
  if (outside !== undefined) {
    return ruledOut(
      [listed === undefined ? 'tls.versions' : 'tls.ciphers'],
      `The server accepts ${outside}, which Windows in FIPS mode would not.`,
    );
  }
  if (versions !== undefined && everyoneOffersTheChosenSuite(context, versions)) {
    return ruledOut(
      ['tls.versions'],
      `The server chose ${list(chosenSuites(versions))}, which ${
        context.client?.title ?? 'every supported client'
      } offers. Whether FIPS mode is on or not, it stops nobody here.`,
    );
  }
  if (ciphers !== undefined && accepted.length > 0) {
    const clients = context.client === undefined ? context.supportedClients : [context.client];
    const effects = clients.map((client) => ({ client, effect: effectOfSuites(client, ciphers, versions) }));
    const stopped = effects.filter(({ effect }) => effect === 'stopped').map(({ client }) => client.title);
    if (stopped.length > 0) {
      return likely(
        citing(evidence, 'tls.ciphers', 'tls.versions'),
        `Only suites that FIPS allows are accepted, and ${list(stopped)} can use none of them. That is a weak hint: a normally hardened server looks the same.`,
      );
    }
    if (effects.every(({ effect }) => effect === 'passes')) {
      return ruledOut(
        citing(evidence, 'tls.ciphers', 'tls.versions'),
        `Only suites that FIPS allows are accepted, as on any hardened server; ${
          context.client?.title ?? 'every supported client'
        } offers at least one of them, so FIPS mode stops nobody here.`,
      );
    }
  }
  if (versions !== undefined && acceptedVersions(versions).length === 0) {
    const words = describeVersions(versions);
    return TLS_VERSIONS.every((version) => versions[version] === 'refused')
      ? ruledOut(
          ['tls.versions'],
          `Not even the suites that FIPS allows are accepted (${words}), so FIPS mode is not what stops TLS.`,
        )
      : cannotTell(
          evidence,
          `whether FIPS mode matters here (${words})`,
          ['tls.versions'],
          ['HOST', '--disk'],
        );
  }
  return cannotTell(
    evidence,
    'whether the server is limited to FIPS algorithms',
    versions === undefined ? ['tls.versions', 'tls.ciphers'] : ['tls.ciphers'],
    ['--full', '--client', '--disk'],
  );
}
