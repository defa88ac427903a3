// The probe against servers nobody here wrote, and the decoder on their hellos: node:tls everywhere, openssl where it is.
import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate as NodeCertificate, randomBytes, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { connect as connectTls, createServer, type SecureVersion, type TlsOptions } from 'node:tls';
import { fromHex } from '../../../src/core/bytes/hex.ts';
import { decodeCertificate } from '../../../src/core/crypto/certificate.ts';
import { assembleCertificate, certificateToSign } from '../../../src/core/crypto/self-signed.ts';
import { findSuite, OFFERED_GROUPS, suiteName, suitesFor } from '../../../src/core/knowledge/tls-suites.ts';
import { type Dialog, receive, send } from '../../../src/core/protocol/dialog.ts';
import {
  decodeServerName,
  decodeSupportedVersions,
  EXTENSION,
  findExtension,
} from '../../../src/core/protocol/tls-extensions.ts';
import { type ClientHello, decodeClientHello } from '../../../src/core/protocol/tls-hello.ts';
import { type HelloOptions, probeTls, type TlsProbeAnswer } from '../../../src/core/protocol/tls-probe.ts';
import {
  decodeTlsRecord,
  reassembleHandshake,
  tlsRecordLength,
} from '../../../src/core/protocol/tls-record.ts';
import { tpktLength } from '../../../src/core/protocol/tpkt.ts';
import { freePort, run, startPeer, temporaryFolder, waitUntilReady } from '../../peers/processes.ts';
import { requirePeer } from '../../peers/require-peer.ts';
import { startXrdp } from '../../peers/xrdp.ts';
import { converse } from '../dialog-drivers.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const tbs = certificateToSign({
  commonName: 'vm1.corp.example',
  notBefore: Date.UTC(2026, 0, 1),
  notAfter: Date.UTC(2056, 0, 1),
  serial: Uint8Array.of(1),
  subjectPublicKeyInfo: new Uint8Array(rsa.publicKey.export({ type: 'spki', format: 'der' })),
});
const der = assembleCertificate(tbs, new Uint8Array(sign('sha256', tbs, rsa.privateKey)));
const cert = new NodeCertificate(der).toString();
const key = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const VERSIONS: readonly (readonly [number, SecureVersion])[] = [
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
];

const offer = (version: number, more: Partial<HelloOptions> = {}): HelloOptions => ({
  versions: [version],
  suites: suitesFor(version),
  groups: OFFERED_GROUPS,
  random: new Uint8Array(randomBytes(32)),
  keyShare: new Uint8Array(randomBytes(32)),
  ...more,
});

/** A TLS server of Node's on a free port, closed after the test. */
async function serve(t: TestContext, options: TlsOptions): Promise<number> {
  const server = createServer({ key, cert, ciphers: 'ALL:@SECLEVEL=0', minVersion: 'TLSv1', ...options });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

function hello(answer: TlsProbeAnswer): Extract<TlsProbeAnswer, { kind: 'hello' }> {
  assert.equal(answer.kind, 'hello', JSON.stringify(answer));
  return answer;
}

for (const [version, name] of VERSIONS) {
  test(`node:tls accepts the hello for ${name}`, async (t) => {
    const port = await serve(t, { minVersion: name, maxVersion: name });
    const answer = hello(await converse(port, probeTls(offer(version, { serverName: 'vm1.corp.example' }))));
    assert.equal(answer.version, version);
    assert.equal(answer.problem, undefined);
    assert.equal(answer.alert, undefined);
    const suite = findSuite(answer.suite) ?? assert.fail(`0x${answer.suite.toString(16)}`);
    assert.ok(suite.versions[0] <= version && version <= suite.versions[1], suite.name);
    assert.equal(answer.group, 29);
    assert.equal(answer.retry, false);
    if (version === 0x0304) {
      assert.deepEqual(answer.certificates, []);
    } else {
      assert.deepEqual(answer.certificates, [der]);
      assert.equal(decodeCertificate(answer.certificates[0] ?? der).subject, 'CN=vm1.corp.example');
      assert.ok(answer.extensions.includes(EXTENSION.renegotiationInfo));
    }
  });

  test(`node:tls without ${name} refuses, or chooses a lower version`, async (t) => {
    const higher =
      version === 0x0304 ? { maxVersion: 'TLSv1.2' as const } : { minVersion: 'TLSv1.3' as const };
    const answer = await converse(await serve(t, higher), probeTls(offer(version)));
    assert.deepEqual(answer, { kind: 'alert', level: 2, description: 70 });
  });
}

test('a server without 1.1 answers a hello for 1.1 with 1.0', async (t) => {
  const port = await serve(t, { maxVersion: 'TLSv1' });
  assert.equal(hello(await converse(port, probeTls(offer(0x0302)))).version, 0x0301);
});

test('a server without X25519 asks again and names version, suite and group', async (t) => {
  const port = await serve(t, { minVersion: 'TLSv1.3', ecdhCurve: 'P-384' });
  const answer = hello(await converse(port, probeTls(offer(0x0304))));
  assert.deepEqual([answer.version, answer.retry, answer.group], [0x0304, true, 24]);
  assert.equal(findSuite(answer.suite)?.strength, 'strong');
});

test('each group alone: the server takes the one it has', async (t) => {
  const port = await serve(t, { ecdhCurve: 'P-256' });
  for (const [version, group, expected] of [
    [0x0304, 23, 'hello'],
    [0x0304, 29, 'alert'],
    [0x0303, 23, 'hello'],
    [0x0303, 24, 'alert'],
  ] as const) {
    const suites = version === 0x0304 ? suitesFor(version) : [0xc030];
    const answer = await converse(port, probeTls(offer(version, { suites, groups: [group] })));
    assert.equal(answer.kind, expected, `0x${version.toString(16)} group ${group}`);
    if (answer.kind === 'hello') assert.equal(answer.group, group);
  }
});

test('a suite that the server lacks is refused with handshake_failure', async (t) => {
  const answer = await converse(await serve(t, {}), probeTls(offer(0x0303, { suites: [0x0005, 0x000a] })));
  assert.deepEqual(answer, { kind: 'alert', level: 2, description: 40 });
});

test('a fallback is refused with inappropriate_fallback by a server that has more', async (t) => {
  const answer = await converse(await serve(t, {}), probeTls(offer(0x0302, { fallbackScsv: true })));
  assert.deepEqual(answer, { kind: 'alert', level: 2, description: 86 });
});

test('several versions: the server takes its best', async (t) => {
  const versions = [0x0304, 0x0303, 0x0302];
  const suites = [...suitesFor(0x0304), ...suitesFor(0x0303)];
  for (const [maxVersion, expected] of [
    ['TLSv1.3', 0x0304],
    ['TLSv1.2', 0x0303],
    ['TLSv1.1', 0x0302],
  ] as const) {
    const port = await serve(t, { maxVersion });
    assert.equal(hello(await converse(port, probeTls(offer(0, { versions, suites })))).version, expected);
  }
});

test('a long name pads the hello past 511 bytes, and it is still understood', async (t) => {
  const port = await serve(t, { maxVersion: 'TLSv1' });
  const serverName = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
  assert.equal(hello(await converse(port, probeTls(offer(0x0301, { serverName })))).version, 0x0301);
});

test('a server that speaks something else is named foreign', async (t) => {
  const server = createTcpServer((socket) =>
    socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const answer = await converse((server.address() as AddressInfo).port, probeTls(offer(0x0303)));
  assert.equal(answer.kind, 'foreign');
  assert.match(answer.problem, /received 72/);
});

/** A port that collects one client's hello and hangs up. */
async function catchHello(): Promise<{ port: number; hello: Promise<ClientHello> }> {
  let caught: (hello: ClientHello) => void;
  let failed: (error: unknown) => void;
  const promise = new Promise<ClientHello>((resolve, reject) => {
    caught = resolve;
    failed = reject;
  });
  const server = createTcpServer((socket) => {
    let bytes: Uint8Array = new Uint8Array(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes = Uint8Array.from([...bytes, ...chunk]);
      try {
        const length = tlsRecordLength(bytes);
        if (length === undefined || bytes.length < length) return;
        const record = decodeTlsRecord(bytes.slice(0, length));
        const [message] = reassembleHandshake(new Uint8Array(0), record.fragment).messages;
        assert.equal(message?.type, 1);
        caught(decodeClientHello(message.body));
      } catch (error) {
        failed(error);
      }
      socket.destroy();
      server.close();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return { port: (server.address() as AddressInfo).port, hello: promise };
}

test("the decoder reads node's ClientHello", async () => {
  const { port, hello } = await catchHello();
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'vm1', rejectUnauthorized: false });
  socket.on('error', () => undefined);
  const caught = await hello;
  socket.destroy();
  assert.equal(caught.version, 0x0303);
  for (const suite of caught.suites) assert.doesNotMatch(suiteName(suite), /^0x/);
  const name = findExtension(caught.extensions, EXTENSION.serverName);
  assert.equal(name && decodeServerName(name.data), 'vm1');
  const versions = findExtension(caught.extensions, EXTENSION.supportedVersions);
  assert.deepEqual(versions && decodeSupportedVersions(versions.data), [0x0304, 0x0303]);
});

test("the decoder reads openssl's ClientHello for TLS 1.0", async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const { port, hello } = await catchHello();
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-tls1', '-cipher', 'ALL:@SECLEVEL=0'];
  startPeer(t, 'openssl', [...args, '-noservername']);
  const caught = await hello;
  assert.equal(caught.version, 0x0301);
  assert.equal(findExtension(caught.extensions, EXTENSION.serverName), undefined);
  assert.ok(caught.suites.length > 20);
});

const ALL_OF_OPENSSL = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';

const OPENSSL_FLAGS: readonly (readonly [number, string])[] = [
  [0x0301, '-tls1'],
  [0x0302, '-tls1_1'],
  [0x0303, '-tls1_2'],
  [0x0304, '-tls1_3'],
];
for (const [version, flag] of OPENSSL_FLAGS) {
  test(`openssl s_server ${flag} accepts every suite that both have, one at a time`, async (t) => {
    if (!requirePeer(t, 'openssl')) return;
    const folder = temporaryFolder(t, 's-server');
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const port = await freePort();
    const files = ['-cert', join(folder, 'cert.pem'), '-key', join(folder, 'key.pem')];
    const ciphers = ['-cipher', ALL_OF_OPENSSL, flag, '-serverpref', '-quiet'];
    const peer = startPeer(t, 'openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...files, ...ciphers]);
    await waitUntilReady(peer, 's_server', async () => {
      const answer = await converse(port, probeTls(offer(version)));
      return answer.kind !== 'interrupted';
    });
    // Strike out what the server chose until nothing is left: what it accepts, in its own order.
    const accepted: number[] = [];
    let suites = suitesFor(version);
    for (;;) {
      const answer = await converse(port, probeTls(offer(version, { suites })));
      if (answer.kind !== 'hello') {
        assert.deepEqual(answer, { kind: 'alert', level: 2, description: 40 });
        break;
      }
      const { suite } = answer;
      assert.equal(answer.version, version);
      assert.ok(suites.includes(suite), suiteName(suite));
      accepted.push(suite);
      suites = suites.filter((id) => id !== suite);
      const anonymous = /anon/.test(suiteName(suite));
      assert.equal(answer.certificates.length, version === 0x0304 || anonymous ? 0 : 1, suiteName(suite));
      assert.equal(
        answer.group !== undefined,
        version === 0x0304 || /ECDH/.test(suiteName(suite)),
        suiteName(suite),
      );
    }
    const able = await run('openssl', ['ciphers', '-s', flag, '-stdname', '-V', ALL_OF_OPENSSL]);
    const expected = able.stdout
      .split('\n')
      .filter((line) => /Au=(?:RSA|None|any)/.test(line) && !/Kx=\S*(?:PSK|SRP)/.test(line))
      .map((line) => / - (\S+)/.exec(line)?.[1]);
    assert.ok(expected.length >= 3);
    assert.deepEqual(accepted.map(suiteName).toSorted(), expected.toSorted());
  });
}

/** [MS-RDPBCGR] 2.2.1.1: a connection request for PROTOCOL_SSL, then the hello on the same connection. */
function* probeBehindX224(options: HelloOptions): Dialog<TlsProbeAnswer> {
  yield* send('connection request', fromHex('03000013 0ee00000000000 01000800 01000000'));
  const confirm = yield* receive('connection confirm', tpktLength, 1024);
  assert.equal(confirm.kind, 'received');
  return yield* probeTls(options);
}

test('xrdp: the versions it was given are accepted, the others refused', async (t) => {
  if (!requirePeer(t, 'xrdp')) return;
  const folder = temporaryFolder(t, 'probe-xrdp');
  const certificate = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(certificate.certificate, cert);
  writeFileSync(certificate.key, key);
  const sslProtocols = ['1.0', '1.2'] as const;
  const xrdp = await startXrdp(t, { securityLayer: 'tls', cryptLevel: 'high', sslProtocols, certificate });
  const answers: Record<string, unknown> = {};
  for (const [version, name] of VERSIONS) {
    const answer = await converse(xrdp.port, probeBehindX224(offer(version)));
    if (answer.kind === 'hello') assert.deepEqual(answer.certificates, [der]);
    answers[name] = answer.kind === 'hello' ? answer.version : answer.kind;
  }
  assert.deepEqual(answers, { TLSv1: 0x0301, 'TLSv1.1': 0x0301, 'TLSv1.2': 0x0303, 'TLSv1.3': 'alert' });
});
