import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import {
  CONTENT_TYPE,
  encodeTlsAlert,
  encodeTlsRecord,
  MAX_RECORD_LENGTH,
  TLS_VERSION,
  tlsRecordLength,
} from '../core/protocol/tls-record.ts';
import type { LabConfig, LabTlsVersion } from './config.ts';
import type { Identity } from './identity.ts';
import { Line } from './line.ts';

/** RFC 5246 section 7.2: fatal, protocol_version. */
const PROTOCOL_VERSION_ALERT = { level: 2, description: 70 } as const;

/** How OpenSSL leaves out one version: a range alone could not have gaps. */
const LEAVE_OUT: Readonly<Record<LabTlsVersion, number>> = {
  '1.0': constants.SSL_OP_NO_TLSv1,
  '1.1': constants.SSL_OP_NO_TLSv1_1,
  '1.2': constants.SSL_OP_NO_TLSv1_2,
  '1.3': constants.SSL_OP_NO_TLSv1_3,
};

/** Everything but suites without a certificate. Security level 0 lets TLS 1.0 and 1.1 sign with SHA-1, without which OpenSSL 3 has neither. */
const EVERY_SUITE = 'ALL:!aNULL:!eNULL';

/** What TLS serves with; `undefined` when every hello is refused, or none can come. */
export function secureContextOf(config: LabConfig, identity: Identity): SecureContext | undefined {
  if (config.tlsAlert !== undefined) return undefined;
  if (config.tlsVersions.length === 0 || config.securityLayer === 'rdp') return undefined;
  const left = Object.entries(LEAVE_OUT).filter(
    ([version]) => !config.tlsVersions.some((served) => served === version),
  );
  return createSecureContext({
    key: identity.privateKeyPem,
    cert: identity.certificatePem,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.3',
    secureOptions: left.reduce((sum, [, option]) => sum | option, 0),
    ciphers: cipherString(config.tlsCiphers ?? EVERY_SUITE),
    dhparam: 'auto',
  });
}

/** Suites of TLS 1.3 alone are no list to OpenSSL, so nothing is added to them; Node then serves TLS 1.3 alone. */
function cipherString(ciphers: string): string {
  return ciphers.split(':').every((name) => name.startsWith('TLS_')) ? ciphers : `${ciphers}:@SECLEVEL=0`;
}

/** Serves one handshake. @returns the inside, or `undefined` when there is none: the connection is over then. */
export async function serveTls(
  line: Line,
  config: LabConfig,
  context: SecureContext | undefined,
): Promise<Line | undefined> {
  if (context === undefined) {
    const hello = await line.receive(tlsRecordLength, MAX_RECORD_LENGTH);
    if (hello !== undefined && config.tlsRefusal === 'alert') {
      const fragment = encodeTlsAlert(
        config.tlsAlert === undefined ? PROTOCOL_VERSION_ALERT : { level: 2, description: config.tlsAlert },
      );
      line.send(encodeTlsRecord({ type: CONTENT_TYPE.alert, version: TLS_VERSION.tls12, fragment }));
    }
    return undefined;
  }
  const secure = new TLSSocket(line.release(), { isServer: true, secureContext: context });
  const done = await new Promise<boolean>((resolve) => {
    secure.once('secure', () => resolve(true));
    // A client that gives up, or has nothing in common with this server: OpenSSL has said so with an alert.
    for (const event of ['error', 'close', '_tlsError']) secure.on(event, () => resolve(false));
  });
  return done ? new Line(secure) : undefined;
}
