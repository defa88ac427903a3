// Other people's clients and scanners, run on the same server for a second opinion.

import { type Finished, run } from './processes.ts';
import { ALICE, type Display } from './shadow.ts';

/** What an nmap script says: the text of its output and its named values. */
export interface NmapOpinion {
  readonly output: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Runs one nmap script on a port of 127.0.0.1. The `+` makes it run whatever the port; -sT needs no raw socket. */
export async function nmap(
  port: number,
  script: 'rdp-enum-encryption' | 'rdp-ntlm-info',
): Promise<NmapOpinion> {
  const words = ['-Pn', '-n', '-sT', '-oX', '-', '-p', String(port), '--script', `+${script}`, '127.0.0.1'];
  const { status, stdout, stderr } = await run('nmap', words);
  const pattern = `<script id="${script}" output="([^"]*)"(?:/>|>([^]*?)</script>)`;
  const [found, output = '', inside = ''] = new RegExp(pattern).exec(stdout) ?? [];
  if (status !== 0 || found === undefined) {
    throw new Error(`nmap ended with ${status} and no word of ${script}:\n${stdout}${stderr}`);
  }
  const values: Record<string, string> = {};
  for (const [, key = '', value = ''] of inside.matchAll(/<elem key="([^"]+)">([^<]*)<\/elem>/g)) {
    values[key] = unescapeXml(value);
  }
  return { output: unescapeXml(output), values };
}

export interface SslscanOpinion {
  /** `2` and `3` of SSL, `1.0` to `1.3` of TLS. */
  readonly ssl: Readonly<Record<string, boolean>>;
  readonly tls: Readonly<Record<string, boolean>>;
  /** IANA numbers by `TLSv1.2`. */
  readonly suites: Readonly<Record<string, ReadonlySet<number>>>;
  /** IANA numbers of named groups by `TLSv1.2`. */
  readonly groups: Readonly<Record<string, ReadonlySet<number>>>;
  readonly secureRenegotiation: boolean;
  readonly certificate: {
    readonly subject: string;
    readonly issuer: string;
    readonly signatureAlgorithm: string;
    readonly keyBits: number;
    readonly selfSigned: boolean;
    readonly expired: boolean;
    /** Milliseconds since 1970. */
    readonly notBefore: number;
    readonly notAfter: number;
  };
}

/** sslscan through the Remote Desktop negotiation. It asks for TLS alone, so NLA must not be required. */
export async function sslscan(port: number): Promise<SslscanOpinion> {
  const { status, stdout, stderr } = await run('sslscan', ['--rdp', '--xml=-', `127.0.0.1:${port}`]);
  if (status !== 0) throw new Error(`sslscan ended with ${status}: ${stderr}`);
  const protocols = (type: string) =>
    Object.fromEntries(
      [
        ...stdout.matchAll(new RegExp(`<protocol type="${type}" version="([^"]+)" enabled="([01])"`, 'g')),
      ].map(([, version, enabled]) => [version, enabled === '1']),
    );
  const numbers = (element: string) => {
    const found: Record<string, Set<number>> = {};
    for (const [tag] of stdout.matchAll(new RegExp(`<${element} [^>]*>`, 'g'))) {
      const version = attribute(tag, 'sslversion');
      found[version] ??= new Set();
      found[version].add(Number(attribute(tag, 'id')));
    }
    return found;
  };
  const field = (name: string) => {
    const text = new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^\\]<]*)`).exec(stdout)?.[1];
    if (text === undefined) throw new Error(`sslscan did not say ${name}:\n${stdout}`);
    return text;
  };
  return {
    ssl: protocols('ssl'),
    tls: protocols('tls'),
    suites: numbers('cipher'),
    groups: numbers('group'),
    secureRenegotiation: stdout.includes('<renegotiation supported="1" secure="1"'),
    certificate: {
      subject: field('subject'),
      issuer: field('issuer'),
      signatureAlgorithm: field('signature-algorithm'),
      keyBits: Number(/<pk [^>]*bits="(\d+)"/.exec(stdout)?.[1]),
      selfSigned: field('self-signed') === 'true',
      expired: field('expired') === 'true',
      notBefore: Date.parse(field('not-valid-before')),
      notAfter: Date.parse(field('not-valid-after')),
    },
  };
}

/**
 * One sign-in by xfreerdp, authentication only. Its exit status says something about a credential
 * only where NLA was selected; 0 elsewhere means that the connection came up.
 */
export function xfreerdp(
  port: number,
  display: Display,
  password: string = ALICE.password,
): Promise<Finished> {
  return run(
    'xfreerdp',
    [`/v:127.0.0.1:${port}`, `/u:${ALICE.user}`, `/p:${password}`, ...XFREERDP_OPTIONS],
    {
      env: { ...process.env, HOME: display.home, DISPLAY: display.name },
    },
  );
}

const XFREERDP_OPTIONS = ['/cert:ignore', '+auth-only', '/log-level:WARN'];

function attribute(tag: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  if (value === undefined) throw new Error(`no ${name} in ${tag}`);
  return value;
}

function unescapeXml(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return names[name] ?? whole;
  });
}
