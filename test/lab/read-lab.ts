// A lab, and what our own look from outside reads from it, in the form in which a test states it.
import { diagnoseHost, type HostDiagnosisRequest } from '../../src/app/diagnose-host.ts';
import { type FactName, type Facts, TLS_VERSIONS } from '../../src/core/model/facts.ts';
import type { Report } from '../../src/core/model/report.ts';
import { createNetwork } from '../../src/edge/network/driver.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { systemRandom } from '../../src/edge/system/random.ts';
import type { LabChange } from '../../src/lab/config.ts';
import { startLab } from '../../src/lab/lab.ts';

type Look = Partial<Pick<HostDiagnosisRequest, 'timeoutMillis' | 'full' | 'credential'>>;

/** Starts a lab, diagnoses it, ends it. */
export async function diagnoseLab(change: LabChange, look: Look = {}): Promise<Report> {
  const lab = await startLab(change);
  try {
    return await diagnoseHost(
      { network: createNetwork(systemClock), clock: systemClock, random: systemRandom },
      {
        target: 'lab',
        host: '127.0.0.1',
        port: lab.port,
        timeoutMillis: 15_000,
        full: false,
        client: undefined,
        credential: undefined,
        suspected: [],
        ...look,
      },
    );
  } finally {
    await lab.close();
  }
}

/** Everything that a report says of a lab. What was not seen is `absent` or `unknown`. */
export interface Reading {
  readonly negotiation: readonly string[];
  readonly nla: string;
  readonly tls: string;
  readonly standard: string;
  readonly encryption: string;
  /** Versions accepted; every other one is followed by how it was not. */
  readonly versions: string;
  readonly certificate: string;
  readonly credssp: string;
  readonly names: string;
  readonly refusal: string;
  /** Seconds, rounded. */
  readonly skew: string;
}

export function readingOf(report: Report): Reading {
  const say = <F extends FactName>(fact: F, words: (value: Facts[F]) => string): string => {
    const observation = report.evidence[fact];
    return observation?.state === 'present'
      ? words(observation.value as Facts[F])
      : (observation?.state ?? 'missing');
  };
  const rows = report.evidence['rdp.negotiation'];
  return {
    negotiation:
      rows?.state === 'present'
        ? rows.value.map(({ requested, answer, selected, failureCode, flags }) => {
            const told =
              answer === 'selected'
                ? `${selected} flags ${flags}`
                : answer === 'failure'
                  ? `failure ${failureCode}`
                  : answer;
            return `0x${requested.toString(16)}: ${told}`;
          })
        : [],
    nla: say('rdp.nla', String),
    tls: say('rdp.tls', String),
    standard: say('rdp.standard', String),
    encryption: say('rdp.encryption', ({ level, methods }) => `level ${level} method ${methods}`),
    versions: say('tls.versions', (versions) =>
      TLS_VERSIONS.map((version) => {
        const alert = versions.alerts[version];
        const answer = versions[version];
        return answer === 'accepted' ? version : `(${answer}${alert === undefined ? '' : ` ${alert}`})`;
      }).join(' '),
    ),
    certificate: say(
      'tls.certificate',
      ({ subject, notBefore, notAfter, keyBits }) => `${subject} ${notBefore} ${notAfter} ${keyBits}`,
    ),
    credssp: say('credssp.version', String),
    names: say('ntlm.challenge', (names) =>
      [
        names.netbiosDomain,
        names.netbiosComputer,
        names.dnsDomain,
        names.dnsComputer,
        names.dnsForest,
        names.osBuild,
      ]
        .map((name) => name ?? '-')
        .join(' '),
    ),
    refusal: say('ntlm.refusal', ({ status }) => (status ?? 0).toString(16)),
    skew: say('clock.skewSeconds', (seconds) => String(Math.round(seconds))),
  };
}
