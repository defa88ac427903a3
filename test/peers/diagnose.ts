// The product as its user runs it: a process of its own, one Report on stdout, an exit status.
import { fileURLToPath } from 'node:url';
import type { Verdict } from '../../src/core/model/cause.ts';
import type { FactName, Facts, TlsVersion } from '../../src/core/model/facts.ts';
import { TLS_VERSIONS } from '../../src/core/model/facts.ts';
import type { Outcome, Report } from '../../src/core/model/report.ts';
import type { CertificateTruth } from './certificates.ts';
import { run } from './processes.ts';

const COMMAND = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

export interface Diagnosis {
  readonly status: number | undefined;
  readonly report: Report;
  readonly stderr: string;
  readonly millis: number;
}

/** `rdpdoctor diagnose 127.0.0.1:PORT --json ARGS`; `secrets` go into its environment. */
export async function diagnose(
  port: number,
  args: readonly string[] = [],
  secrets: NodeJS.ProcessEnv = {},
): Promise<Diagnosis> {
  const words = [COMMAND, 'diagnose', `127.0.0.1:${port}`, '--json', ...args];
  const { status, stdout, stderr, millis } = await run(process.execPath, words, {
    env: { ...process.env, ...secrets },
  });
  try {
    // The report is checked fact by fact below; that it has this shape is what the tests are about.
    const report: Report = JSON.parse(stdout);
    return { status, report, stderr, millis };
  } catch (cause) {
    throw new Error(
      `no report on stdout (exit status ${status}):\n${stdout.slice(0, 2_000)}\nstderr:\n${stderr}`,
      {
        cause,
      },
    );
  }
}

/** The fact's value where it was seen. */
export function seen<F extends FactName>(report: Report, fact: F): Facts[F] | undefined {
  const observation = report.evidence[fact];
  return observation?.state === 'present' ? observation.value : undefined;
}

/** The fact's value; fails where it was not seen. */
export function mustSee<F extends FactName>(report: Report, fact: F): Facts[F] {
  const observation = report.evidence[fact];
  if (observation?.state === 'present') return observation.value;
  throw new Error(`${fact} was not seen: ${JSON.stringify(observation)}`);
}

/** How a fact that must not be there is not there. */
type Missing = 'absent' | 'unknown';

/** Everything that the outside shows of a server, in the form in which a test states and compares it. */
export interface Outside {
  /** One entry a requested mask: `0xB: selected 1, flags 1`, `0x0: failure 5`. */
  readonly negotiation: readonly string[];
  readonly nla: Facts['rdp.nla'] | Missing;
  readonly tls: Facts['rdp.tls'] | Missing;
  readonly standard: Facts['rdp.standard'] | Missing;
  /** `level 3, methods 2` */
  readonly encryption: string | Missing;
  /** Versions accepted; every other one must be refused, not merely closed or silent. */
  readonly tlsVersions: readonly TlsVersion[] | Missing;
  readonly certificate: CertificateTruth | 'not seen';
  readonly credsspVersion: number | 'not seen';
  readonly ntlm: 'seen' | 'not seen';
  readonly outcome: Outcome;
  readonly exitStatus: number;
  /** Confirmed and likely findings: `fips-only: likely`. */
  readonly findings: readonly string[];
  readonly failedStages: readonly string[];
}

/** What the product says of a server, in that form. */
export function outsideOf({ status, report }: Diagnosis): Outside {
  const missing = (fact: FactName): Missing =>
    report.evidence[fact]?.state === 'absent' ? 'absent' : 'unknown';
  const encryption = seen(report, 'rdp.encryption');
  const versions = seen(report, 'tls.versions');
  const certificate = seen(report, 'tls.certificate');
  const verdicts: readonly (Verdict | 'crashed')[] = ['confirmed', 'likely', 'crashed'];
  return {
    negotiation: (seen(report, 'rdp.negotiation') ?? []).map(({ requested, answer, ...row }) => {
      const words = {
        selected: `selected ${row.selected}, flags ${row.flags}`,
        failure: `failure ${row.failureCode}`,
      };
      const said = answer === 'selected' || answer === 'failure' ? words[answer] : answer;
      return `0x${requested.toString(16).toUpperCase()}: ${said}`;
    }),
    nla: seen(report, 'rdp.nla') ?? missing('rdp.nla'),
    tls: seen(report, 'rdp.tls') ?? missing('rdp.tls'),
    standard: seen(report, 'rdp.standard') ?? missing('rdp.standard'),
    encryption:
      encryption === undefined
        ? missing('rdp.encryption')
        : `level ${encryption.level}, methods ${encryption.methods}`,
    tlsVersions:
      versions === undefined
        ? missing('tls.versions')
        : TLS_VERSIONS.filter((version) => versions[version] !== 'refused').map((version) => {
            if (versions[version] !== 'accepted') {
              throw new Error(`TLS ${version} is neither accepted nor refused but ${versions[version]}`);
            }
            return version;
          }),
    certificate:
      certificate === undefined
        ? 'not seen'
        : {
            subject: certificate.subject,
            issuer: certificate.issuer,
            notBefore: Date.parse(certificate.notBefore),
            notAfter: Date.parse(certificate.notAfter),
            sha1: certificate.sha1,
            keyBits: certificate.keyBits,
          },
    credsspVersion: seen(report, 'credssp.version') ?? 'not seen',
    ntlm: seen(report, 'ntlm.challenge') === undefined ? 'not seen' : 'seen',
    outcome: report.outcome,
    exitStatus: status ?? -1,
    findings: report.findings
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map(({ cause, verdict }) => `${cause}: ${verdict}`),
    failedStages: report.stages.filter(({ state }) => state === 'failed').map(({ stage }) => stage),
  };
}
