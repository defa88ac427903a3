// xrdp as a peer: standard RDP security and TLS as configured, never NLA.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateFiles } from './certificates.ts';
import {
  answersConnectionRequest,
  freePort,
  type Scope,
  startPeer,
  temporaryFolder,
  waitUntilReady,
} from './processes.ts';

export type XrdpTls = '1.0' | '1.1' | '1.2' | '1.3';

export interface XrdpConfig {
  readonly securityLayer: 'rdp' | 'tls' | 'negotiate';
  readonly cryptLevel: 'none' | 'low' | 'medium' | 'high' | 'fips';
  readonly sslProtocols: readonly XrdpTls[];
  /** OpenSSL's cipher list; TLS 1.0 and 1.1 need security level 0. */
  readonly tlsCiphers?: string;
  /** Where this names files that do not exist, xrdp has no certificate to show. */
  readonly certificate: CertificateFiles;
}

export interface Xrdp {
  readonly port: number;
  readonly config: XrdpConfig;
  log(): string;
  stop(): Promise<void>;
}

/** Starts xrdp on a free port of 127.0.0.1 and waits until it answers a connection request. */
export async function startXrdp(scope: Scope, config: XrdpConfig): Promise<Xrdp> {
  for (let attempt = 1; ; attempt++) {
    const folder = temporaryFolder(scope, 'xrdp');
    const port = await freePort();
    writeFileSync(join(folder, 'xrdp.ini'), configurationFile(config, port, folder));
    const peer = startPeer(scope, 'xrdp', ['-n', '-c', join(folder, 'xrdp.ini')], { env: withServers() });
    try {
      await waitUntilReady(peer, 'xrdp', () => answersConnectionRequest(port));
      return { port, config, log: () => readFileSync(join(folder, 'log'), 'utf8'), stop: peer.stop };
    } catch (error) {
      await peer.stop();
      if (attempt === 3) throw error;
    }
  }
}

function withServers(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` };
}

function configurationFile(config: XrdpConfig, port: number, folder: string): string {
  return `[Globals]
ini_version=1
fork=true
port=tcp://127.0.0.1:${port}
tcp_nodelay=true
allow_channels=true
security_layer=${config.securityLayer}
crypt_level=${config.cryptLevel}
certificate=${config.certificate.certificate}
key_file=${config.certificate.key}
ssl_protocols=${config.sslProtocols.map((version) => `TLSv${version}`.replace('v1.0', 'v1')).join(', ')}
tls_ciphers=${config.tlsCiphers ?? 'ALL:@SECLEVEL=0'}
[Logging]
LogFile=${join(folder, 'log')}
LogLevel=INFO
EnableSyslog=false
EnableConsole=false
`;
}
