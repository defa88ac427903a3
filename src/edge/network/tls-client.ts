import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Secured } from '../../core/protocol/dialog.ts';
import { alertIn } from './byte-stream.ts';

/** No chain is longer than this in practice; a server that sends a loop is cut off here. */
const MAX_CHAIN = 10;

const VERSION_NAMES: Readonly<Record<string, string>> = {
  SSLv3: 'SSLv3',
  TLSv1: '1.0',
  'TLSv1.1': '1.1',
  'TLSv1.2': '1.2',
  'TLSv1.3': '1.3',
};

export interface TlsStart {
  readonly answer: Secured;
  /** The inside of TLS, present when the answer is `secured`. */
  readonly socket?: TLSSocket;
}

/**
 * TLS as a client that takes whatever the server has: 1.0 to 1.3, every suite of this OpenSSL, any
 * certificate. A certificate that nobody should trust is evidence here, so nothing is verified.
 */
export function startTlsOn(
  socket: Socket,
  serverName: string | undefined,
  left: number,
  now: () => number,
): Promise<TlsStart> {
  return new Promise((resolve) => {
    const secure = connect({
      socket,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.3',
      ciphers: 'ALL:@SECLEVEL=0',
      // A Windows without MS10-049 knows no secure renegotiation (RFC 5746), and OpenSSL 3 refuses it for that.
      secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    let settled = false;
    const settle = (answer: Secured): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (answer.kind !== 'secured') secure.destroy();
      resolve(answer.kind === 'secured' ? { answer, socket: secure } : { answer });
    };
    const timer = setTimeout(
      () => settle({ kind: 'timeout', partial: new Uint8Array(0), at: now() }),
      Math.max(1, left),
    );
    secure.on('error', (error: NodeJS.ErrnoException) => settle(failureOf(error, now())));
    // Before the handshake is done an end is a refusal; afterwards the byte stream sees it.
    secure.on('close', () => settle({ kind: 'closed', how: 'end', partial: new Uint8Array(0), at: now() }));
    secure.on('secureConnect', () => {
      const protocol = secure.getProtocol() ?? 'unknown';
      settle({
        kind: 'secured',
        version: VERSION_NAMES[protocol] ?? protocol,
        cipher: secure.getCipher().standardName,
        certificates: certificatesOf(secure),
        at: now(),
      });
    });
  });
}

function failureOf(error: NodeJS.ErrnoException, at: number): Secured {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
    // Node gives its own message and this code to an end in the middle of a handshake.
    const how = /disconnected before secure/.test(error.message) ? 'end' : 'reset';
    return { kind: 'closed', how, partial: new Uint8Array(0), at };
  }
  const alert = alertIn(error);
  // OpenSSL's own words, such as `wrong version number`.
  const reason =
    'reason' in error && typeof error.reason === 'string'
      ? error.reason
      : (error.code ?? 'no reason given').toLowerCase().replaceAll('_', ' ');
  return alert === undefined ? { kind: 'tls-failed', reason, at } : { kind: 'tls-failed', reason, alert, at };
}

function certificatesOf(secure: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let certificate = secure.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < MAX_CHAIN) {
    chain.push(new Uint8Array(certificate.raw));
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
