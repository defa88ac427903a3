// OpenSSL's own server in the places where proxies stand before Windows: what it refuses, and why.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { diagnoseHost } from '../../src/app/diagnose-host.ts';
import type { Report } from '../../src/core/model/report.ts';
import { createNetwork } from '../../src/edge/network/driver.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { systemRandom } from '../../src/edge/system/random.ts';
import { startLab } from '../../src/lab/lab.ts';
import { type CertificateFiles, makeCertificate } from './certificates.ts';
import { mustSee } from './diagnose.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { negotiateBefore, startOpenssl, wrap } from './tls-front.ts';

const SSL = 1;
const HYBRID = 2;

function certificateFor(t: TestContext): Promise<CertificateFiles> {
  return makeCertificate(temporaryFolder(t, 'refusals'), { commonName: 'proxy.example' });
}

function look(port: number, host = '127.0.0.1'): Promise<Report> {
  return diagnoseHost(
    { network: createNetwork(systemClock), clock: systemClock, random: systemRandom },
    {
      target: `${host}:${port}`,
      host,
      port,
      timeoutMillis: 15_000,
      full: false,
      client: undefined,
      credential: undefined,
      suspected: [],
    },
  );
}

function found(report: Report): readonly string[] {
  return report.findings
    .filter(({ verdict }) => verdict === 'confirmed' || verdict === 'likely')
    .map(({ cause, verdict }) => `${cause} ${verdict}`);
}

for (const [name, options, alert] of [
  ['TLS 1.2, whose request is readable', ['-Verify', '1', '-tls1_2'], 40],
  ['TLS 1.3 alone, whose refusal comes after the handshake', ['-Verify', '1', '-tls1_3'], 116],
] as const) {
  test(`a client certificate is demanded: ${name}`, async (t) => {
    if (!requirePeer(t, 'openssl')) return;
    const behind = await startOpenssl(t, await certificateFor(t), ...options);
    const report = await look(await negotiateBefore(t, behind, HYBRID));
    assert.equal(found(report)[0], 'client-certificate-required confirmed');
    assert.deepEqual(mustSee(report, 'tls.clientCertificate'), { demand: 'required', alert });
  });
}

test('a client certificate is asked for, and not insisted on: a remark', async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const behind = await startOpenssl(t, await certificateFor(t), '-verify', '1', '-tls1_2');
  const report = await look(await negotiateBefore(t, behind, SSL));
  assert.deepEqual(mustSee(report, 'tls.clientCertificate'), { demand: 'requested' });
  assert.ok(!found(report).some((line) => line.startsWith('client-certificate')));
  assert.ok(report.remarks.some(({ code }) => code === 'client-certificate-required'));
});

test('a name that the server does not know', async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const files = await certificateFor(t);
  const second = ['-cert2', files.certificate, '-key2', files.key];
  const behind = await startOpenssl(t, files, '-servername', 'vm1.example', '-servername_fatal', ...second);
  const front = await negotiateBefore(t, behind, SSL);
  const report = await look(front, 'localhost');
  assert.deepEqual(found(report).slice(0, 1), ['server-name-refused likely']);
  assert.deepEqual(mustSee(report, 'tls.serverName'), { name: 'localhost', withoutName: 'accepted' });
  // By address no name is sent, and this server goes on then.
  assert.ok(!found(await look(front)).some((line) => line.startsWith('server-name')));
});

test('TLS from the first byte, with a web server inside', async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const report = await look(await startOpenssl(t, await certificateFor(t)));
  assert.deepEqual(found(report), ['other-service-on-port confirmed']);
  const { answer, subject } = mustSee(report, 'tls.direct');
  assert.deepEqual([answer, subject], ['secured', 'CN=proxy.example']);
  assert.match(report.findings[0]?.advice ?? '', /as the gateway in the connection settings/);
});

test('TLS from the first byte that demands a client certificate', async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const report = await look(await startOpenssl(t, await certificateFor(t), '-Verify', '1', '-tls1_2'));
  assert.deepEqual(found(report), ['other-service-on-port confirmed']);
  assert.deepEqual(mustSee(report, 'tls.direct'), { answer: 'alert', alert: 40 });
});

test('a listener wrapped in TLS, as stunnel does', async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const lab = await startLab({});
  t.after(() => lab.close());
  const report = await look(await wrap(t, await certificateFor(t), lab.port));
  assert.deepEqual(found(report), ['other-service-on-port confirmed']);
  assert.equal(mustSee(report, 'tls.direct').inside, 'rdp');
  assert.match(report.findings[0]?.advice ?? '', /wrapper/);
});

test('a web server in the place of TLS', async (t) => {
  const web = createServer((_, response) => response.end('hello'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  t.after(() => void web.close());
  const address = web.address();
  assert.ok(address !== null && typeof address === 'object');
  const report = await look(await negotiateBefore(t, address.port, SSL));
  assert.deepEqual(found(report), ['tls-answer-foreign confirmed']);
  assert.match(mustSee(report, 'tls.versions').foreign ?? '', /^a web server \(HTTP\/1\.1 400/);
});
