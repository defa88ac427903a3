// Certificates made by openssl, and what openssl itself reads from them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.ts';

const DAY = 86_400_000;

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateTruth {
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-1 of the DER, lower-case hexadecimal. */
  readonly sha1: string;
  readonly keyBits: number;
}

async function openssl(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run('openssl', args);
  if (status !== 0) throw new Error(`openssl ${args[0]} ended with ${status}: ${stderr}`);
  return stdout;
}

/**
 * A self-signed RSA certificate with chosen dates, or one that is in date. `openssl ca` is the one command of OpenSSL 3.0 that
 * takes both dates (`req -not_before` came with 3.4), so a little authority signs its own request.
 */
export async function makeCertificate(
  folder: string,
  options: { commonName: string; bits?: number; notBefore?: Date; notAfter?: Date },
): Promise<CertificateFiles> {
  const at = (file: string) => join(folder, file);
  const config = at('ca.conf');
  writeFileSync(at('index.txt'), '');
  writeFileSync(
    config,
    `[ca]
default_ca = here
[here]
new_certs_dir = ${folder}
database = ${at('index.txt')}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = listener
[any]
commonName = supplied
[listener]
extendedKeyUsage = serverAuth
keyUsage = digitalSignature, keyEncipherment
`,
  );
  const subject = `/CN=${options.commonName}`;
  const bits = String(options.bits ?? 2048);
  const newKey = ['-newkey', `rsa:${bits}`, '-nodes', '-keyout', at('key.pem'), '-out', at('request.pem')];
  await openssl('req', '-new', ...newKey, '-subj', subject);
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY);
  const notAfter = options.notAfter ?? new Date(Date.now() + 180 * DAY);
  const dates = ['-startdate', opensslTime(notBefore), '-enddate', opensslTime(notAfter)];
  const files = ['-in', at('request.pem'), '-keyfile', at('key.pem'), '-out', at('cert.pem'), '-notext'];
  await openssl('ca', '-batch', '-config', config, '-selfsign', ...files, ...dates);
  return { certificate: at('cert.pem'), key: at('key.pem') };
}

/** What openssl says about a certificate in a PEM file. */
export async function readCertificate(file: string): Promise<CertificateTruth> {
  const wanted = ['-subject', '-issuer', '-dates', '-fingerprint', '-sha1', '-text'];
  const text = await openssl('x509', '-in', file, '-noout', '-nameopt', 'RFC2253', ...wanted);
  const field = (pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`openssl did not say ${pattern}`);
    return found.trim();
  };
  return {
    subject: field(/^subject=(.*)$/m),
    issuer: field(/^issuer=(.*)$/m),
    notBefore: Date.parse(field(/^notBefore=(.*)$/m)),
    notAfter: Date.parse(field(/^notAfter=(.*)$/m)),
    sha1: field(/^sha1 Fingerprint=(.*)$/im)
      .replaceAll(':', '')
      .toLowerCase(),
    keyBits: Number(field(/Public-Key: \((\d+) bit\)/)),
  };
}

/** GeneralizedTime: YYYYMMDDHHMMSSZ. */
function opensslTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
