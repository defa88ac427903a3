// A listener that goes on with one suite, one curve or one signature algorithm alone is not healthy: OpenSSL
// itself does the handshakes behind a negotiation that selects TLS.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeTpkt, tpktLength } from '../../src/core/protocol/tpkt.ts';
import { decodeConnectionRequest, PROTOCOL } from '../../src/core/protocol/x224.ts';
import { fails, onPacket, type Server, selects, serve } from '../edge/hostile-servers.ts';
import { MainProcess } from '../edge/run-main.ts';
import { freePort, run, type Scope, startPeer, temporaryFolder, waitUntilReady } from './processes.ts';
import { requirePeer } from './require-peer.ts';

let main: MainProcess | undefined;
before(async () => {
  main = await MainProcess.start();
});
after(() => main?.end());

/** `openssl req`: the kinds of key that it can sign with itself. */
const KEYS = {
  rsa: ['-newkey', 'rsa:2048'],
  ed25519: ['-newkey', 'ed25519'],
  p256: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
} as const;

/** An `openssl s_server` on a port of its own. */
async function startOpenssl(
  scope: Scope,
  key: keyof typeof KEYS,
  options: readonly string[],
): Promise<number> {
  const folder = temporaryFolder(scope, 'openssl-only');
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  const made = await run('openssl', [
    ...['req', '-x509', '-nodes', '-subj', '/CN=vm1', '-days', '30', ...KEYS[key]],
    ...['-keyout', files.key, '-out', files.certificate],
  ]);
  assert.equal(made.status, 0, made.stderr);
  const port = await freePort();
  const peer = startPeer(scope, 'openssl', [
    ...['s_server', '-accept', `127.0.0.1:${port}`, '-www'],
    ...['-cert', files.certificate, '-key', files.key, ...options],
  ]);
  await waitUntilReady(peer, 'openssl s_server', () => peer.output().includes('ACCEPT'));
  return port;
}

/** A listener that selects TLS without CredSSP and leaves what follows to that OpenSSL. */
function front(port: number): Promise<Server> {
  return serve((socket) =>
    onPacket(socket, tpktLength, (packet) => {
      const asked = decodeConnectionRequest(decodeTpkt(packet)).negotiation?.requestedProtocols ?? 0;
      if ((asked & PROTOCOL.ssl) === 0) {
        socket.end(fails(1));
        return;
      }
      const openssl = connect(port, '127.0.0.1');
      const endBoth = (): void => {
        openssl.destroy();
        socket.destroy();
      };
      for (const each of [openssl, socket]) each.on('error', endBoth).on('close', endBoth);
      socket.write(selects(PROTOCOL.ssl));
      socket.pipe(openssl);
      openssl.pipe(socket);
    }),
  );
}

interface Row {
  readonly name: string;
  readonly key?: keyof typeof KEYS;
  readonly options: readonly string[];
  readonly status: number;
  readonly verdict: string;
  /** What the explanation names, and what it must not. */
  readonly says?: readonly string[];
  readonly never?: readonly string[];
  /** With `--client`: the verdict on that client. */
  readonly asClient: Readonly<Record<string, string>>;
  readonly connections?: number;
}

/** Windows' clients, by Microsoft's lists: none offers ChaCha20, P-521 or Ed25519. */
const WINDOWS = ['Windows 10 22H2', 'Windows Server 2016'];

const ROWS: readonly Row[] = [
  {
    name: 'anything of TLS 1.2',
    options: ['-tls1_2'],
    status: 0,
    verdict: 'ruled-out',
    asClient: { 'windows-10': 'ruled-out', 'freerdp-3': 'ruled-out' },
    connections: 7,
  },
  {
    name: 'ChaCha20 alone',
    options: ['-tls1_2', '-cipher', 'ECDHE-RSA-CHACHA20-POLY1305'],
    status: 1,
    verdict: 'likely',
    says: [...WINDOWS, 'CHACHA20'],
    never: ['FreeRDP', 'macOS'],
    asClient: { 'windows-10': 'confirmed', 'windows-11': 'confirmed', 'freerdp-3': 'ruled-out' },
  },
  {
    name: 'the curve P-521 alone',
    options: ['-tls1_2', '-cipher', 'ECDHE+AESGCM', '-curves', 'secp521r1'],
    status: 1,
    verdict: 'likely',
    says: [...WINDOWS, 'the group secp521r1'],
    never: ['FreeRDP'],
    asClient: { 'windows-11': 'confirmed', 'freerdp-3': 'ruled-out', macos: 'inconclusive' },
  },
  {
    name: 'a certificate with an Ed25519 key',
    key: 'ed25519',
    options: ['-tls1_2'],
    status: 1,
    verdict: 'likely',
    says: [...WINDOWS, 'the signature algorithm ed25519'],
    never: ['FreeRDP'],
    // What Server 2019 signs with was taken over from a relative: it decides nothing.
    asClient: {
      'windows-10': 'confirmed',
      'windows-server-2019': 'inconclusive',
      'freerdp-3': 'ruled-out',
    },
  },
  {
    name: 'signatures with SHA-1 alone, as a key of an old provider makes them',
    options: ['-tls1_2', '-cipher', 'ECDHE@SECLEVEL=0', '-sigalgs', 'RSA+SHA1'],
    status: 1,
    verdict: 'likely',
    says: ['FreeRDP 3', 'rsa_pkcs1_sha1'],
    never: ['Windows'],
    asClient: { 'freerdp-3': 'confirmed', 'windows-10': 'ruled-out' },
  },
  {
    name: 'a curve that nobody offers',
    options: ['-tls1_2', '-cipher', 'ECDHE+AESGCM', '-curves', 'brainpoolP256r1'],
    status: 1,
    verdict: 'likely',
    says: [...WINDOWS, 'FreeRDP 3', 'brainpoolP256r1'],
    asClient: { 'windows-10': 'confirmed', 'freerdp-3': 'confirmed' },
  },
  {
    name: 'an ECDSA certificate on P-256',
    key: 'p256',
    options: ['-tls1_2'],
    status: 0,
    verdict: 'ruled-out',
    asClient: { 'windows-server-2016': 'ruled-out' },
    connections: 7,
  },
];

for (const row of ROWS) {
  test(`openssl s_server with ${row.name}`, async (t) => {
    if (!requirePeer(t, 'openssl')) return;
    const server = await front(await startOpenssl(t, row.key ?? 'rsa', row.options));
    t.after(() => server.close());
    const judge = async (...words: readonly string[]) => {
      const { stdout, status } = (await main?.run([
        ...['diagnose', `127.0.0.1:${server.port}`, '--json', ...words],
      ])) ?? { stdout: '', status: -1 };
      const report = JSON.parse(stdout);
      const finding = report.findings.find(({ cause }: { cause: string }) => cause === 'tls-no-common-suite');
      return { status, finding, report };
    };
    const { status, finding, report } = await judge();
    assert.equal(finding.verdict, row.verdict, finding.explanation);
    assert.equal(status, row.status, JSON.stringify(report.findings.slice(0, 2)));
    for (const words of row.says ?? []) assert.ok(finding.explanation.includes(words), finding.explanation);
    for (const words of row.never ?? []) assert.ok(!finding.explanation.includes(words), finding.explanation);
    if (row.connections !== undefined) assert.equal(server.accepted(), row.connections);
    for (const [client, verdict] of Object.entries(row.asClient)) {
      const named = await judge('--client', client);
      assert.equal(named.finding.verdict, verdict, `${client}: ${named.finding.explanation}`);
    }
  });
}
