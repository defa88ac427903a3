import { counted } from '../model/counted.ts';
import {
  type Evidence,
  type FactName,
  type Facts,
  TLS_VERSIONS,
  type TlsAsClient,
  type TlsCipher,
} from '../model/facts.ts';
import { ONLY_RUNNING } from '../model/live-facts.ts';
import { isUnasked } from '../model/observation.ts';
import type { FactText } from './fact-text.ts';
import { DESCRIBE_WINDOWS } from './windows-facts-text.ts';

export interface FactLine {
  readonly label: string;
  readonly text: string;
}

/** The facts in words, those worth a line; with `verbose` also what is absent or unknown, and why. */
export function describeFacts(evidence: Evidence, verbose: boolean): readonly FactLine[] {
  return (Object.keys(DESCRIBE) as readonly FactName[]).flatMap((name) =>
    describeOne(evidence, name, verbose),
  );
}

function describeOne<F extends FactName>(evidence: Evidence, name: F, verbose: boolean): readonly FactLine[] {
  const observation = evidence[name];
  const { label, say } = DESCRIBE[name];
  if (observation?.state === 'present') {
    return [say(observation.value as Facts[F], verbose)]
      .flat()
      .map((text, index) => ({ label: index === 0 ? label : '', text }))
      .filter(({ text }) => text !== '');
  }
  if (!verbose) return [];
  // What no vantage was asked for is told once, under what was not examined.
  if (observation === undefined || isUnasked(observation)) return [];
  // Of a disk that goes without saying.
  if (observation.state === 'unknown' && observation.detail === ONLY_RUNNING) return [];
  const why = observation.state === 'unknown' ? `unknown (${observation.why})` : 'absent';
  return [{ label, text: observation.detail === undefined ? why : `${why}: ${observation.detail}` }];
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'RDP',
  1: 'TLS',
  2: 'CredSSP',
  4: 'RDSTLS',
  8: 'CredSSP-EX',
  16: 'RDSAAD',
};
const WEAK: ReadonlySet<string> = new Set(['weak', 'broken']);

const LEVELS = ['none', 'low', 'client compatible', 'high', 'FIPS'];

function describeAsClient({ client, answer, version, suite, alert }: TlsAsClient): string {
  return `${client}: ${answer}${version === undefined ? '' : `, TLS ${version} with ${suite ?? '?'}`}${alert === undefined ? '' : `, alert ${alert}`}`;
}

function describeSuite(suite: TlsCipher): string {
  const marks = [WEAK.has(suite.strength) ? suite.strength : '', suite.fips ? '' : 'not FIPS'].filter(
    (mark) => mark !== '',
  );
  return marks.length === 0 ? suite.name : `${suite.name} (${marks.join(', ')})`;
}

const DESCRIBE: { readonly [F in FactName]: FactText<Facts[F]> } = {
  ...DESCRIBE_WINDOWS,
  'tcp.connect': {
    label: 'address',
    say: ({ addresses }) =>
      addresses.map(({ address, state, millis }) => `${address} ${state} (${millis} ms)`).join(', '),
  },
  'rdp.negotiation': {
    label: 'negotiation',
    say: (rows) =>
      rows
        .map((row) => {
          const asked = `0x${row.requested.toString(16)}`;
          if (row.answer === 'selected') return `${asked} → ${PROTOCOLS[row.selected ?? -1] ?? row.selected}`;
          if (row.answer === 'failure') return `${asked} → failure ${row.failureCode}`;
          return `${asked} → ${row.answer}`;
        })
        .join(', '),
  },
  'rdp.nla': { label: 'NLA', say: (value) => value },
  'rdp.tls': { label: 'TLS', say: (value) => value },
  'rdp.standard': { label: 'standard RDP', say: (value) => value },
  'rdp.encryption': {
    label: 'encryption',
    say: ({ level, methods }) =>
      `level ${level} (${LEVELS[level] ?? 'unknown'}), method 0x${methods.toString(16)}`,
  },
  'tls.versions': {
    label: 'TLS versions',
    say: (versions) =>
      TLS_VERSIONS.map((version) => {
        const alert = versions.alerts[version];
        return `${version} ${versions[version]}${alert === undefined ? '' : ` (alert ${alert})`}`;
      }).join(', '),
  },
  'tls.ciphers': {
    label: 'cipher suites',
    say: (ciphers, verbose) =>
      Object.entries(ciphers).map(([version, suites]) => {
        const weak = suites.filter((suite) => WEAK.has(suite.strength));
        const fips = suites.filter((suite) => suite.fips);
        const count = `${version}: ${counted(suites.length, 'suite')}, ${fips.length} allowed by FIPS 140, ${weak.length} weak`;
        return verbose ? `${count}: ${suites.map(describeSuite).join(', ')}` : count;
      }),
  },
  'tls.features': {
    label: 'TLS features',
    say: (features) =>
      [
        `SSLv3 ${features.sslv3}`,
        `fallback protection ${features.fallbackScsv}`,
        `secure renegotiation ${features.secureRenegotiation ? 'yes' : 'no'}`,
        `compression ${features.compression ? 'yes' : 'no'}`,
        `heartbeat ${features.heartbeat ? 'yes' : 'no'}`,
        `groups ${features.groups.join(' ') || 'none'}`,
      ].join(', '),
  },
  'tls.asClient': {
    label: 'as client',
    say: describeAsClient,
  },
  'tls.asClients': {
    label: 'as clients',
    say: (rows, verbose) =>
      rows.every(({ hello }) => hello === 'common') && !verbose
        ? `all ${rows.length} supported clients that speak TLS 1.2: ${rows[0]?.answer ?? 'none'}`
        : rows.map(describeAsClient),
  },
  'tls.certificate': {
    label: 'certificate',
    say: (certificate) =>
      `${certificate.subject}${certificate.selfSigned ? ' (self-signed)' : `, issued by ${certificate.issuer}`}, ${certificate.notBefore.slice(0, 10)} to ${certificate.notAfter.slice(0, 10)}, ${certificate.keyBits} bits, ${certificate.signatureAlgorithm}, SHA-1 ${certificate.sha1}`,
  },
  'tls.clientCertificate': {
    label: 'client cert.',
    // That none is requested is how every ordinary listener is.
    say: ({ demand, alert }, verbose) =>
      demand === 'none' && !verbose
        ? ''
        : `${demand === 'none' ? 'not requested' : demand}${alert === undefined ? '' : ` (alert ${alert})`}`,
  },
  'tls.serverName': {
    label: 'server name',
    say: ({ name, withoutName, alert }) =>
      `${name} is not accepted; a hello without it: ${withoutName}${alert === undefined ? '' : ` (alert ${alert})`}`,
  },
  'tls.direct': {
    label: 'direct TLS',
    say: ({ answer, version, alert, subject, inside }) =>
      [
        `${answer}${version === undefined ? '' : `, TLS ${version}`}${alert === undefined ? '' : ` ${alert}`}`,
        ...(subject === undefined ? [] : [subject]),
        ...(inside === undefined ? [] : [`inside: ${typeof inside === 'string' ? inside : inside.foreign}`]),
      ].join(', '),
  },
  'credssp.version': { label: 'CredSSP', say: (version) => `version ${version}` },
  'ntlm.challenge': {
    label: 'names',
    say: (names) =>
      [
        names.dnsComputer ?? names.netbiosComputer,
        names.dnsDomain === undefined && names.netbiosDomain === undefined
          ? undefined
          : `domain ${names.dnsDomain ?? names.netbiosDomain}`,
        names.osBuild === undefined ? undefined : `Windows ${names.osBuild}`,
        names.timestamp === undefined
          ? undefined
          : `clock ${names.timestamp.slice(0, 19).replace('T', ' ')} UTC`,
      ]
        .filter((part) => part !== undefined)
        .join(', '),
  },
  'ntlm.refusal': { label: 'NTLM', say: ({ name }) => `refused: ${name}` },
  'clock.skewSeconds': {
    label: 'clock',
    say: (seconds) =>
      seconds === 0
        ? 'the same as the clock here'
        : `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the clock here`,
  },
  'nla.logon': {
    label: 'sign-in',
    say: ({ status, name }) => `${name} (0x${status.toString(16).padStart(8, '0')})`,
  },
};
