// Software that we did not write has to read from the lab what the lab was set to.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { fromHex } from '../../src/core/bytes/hex.ts';
import type { LabChange } from '../../src/lab/config.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { readCertificate } from '../peers/certificates.ts';
import { temporaryFolder } from '../peers/processes.ts';
import { requirePeer } from '../peers/require-peer.ts';
import { startDisplay } from '../peers/shadow.ts';
import { nmap, sslscan, xfreerdp } from '../peers/tools.ts';

/** A lab for one test, ended after it. */
async function labFor(t: TestContext, change: LabChange): Promise<Lab> {
  const lab = await startLab(change);
  t.after(() => lab.close());
  return lab;
}

describe('nmap', { concurrency: 4 }, () => {
  /** nmap counts every negotiation response as success, so a mask that it asks for and that is answered with plain RDP shows too. */
  const PLAIN_LAYERS = ['Native RDP', 'RDSTLS'];
  const ROWS: readonly {
    readonly name: string;
    readonly change: LabChange;
    readonly layers: readonly string[];
    readonly level?: string;
    readonly methods?: readonly string[];
  }[] = [
    { name: 'NLA', change: {}, layers: ['CredSSP (NLA)', 'CredSSP with Early User Auth'] },
    { name: 'TLS', change: { nla: false }, layers: ['CredSSP (NLA)', 'CredSSP with Early User Auth', 'SSL'] },
    {
      name: 'low',
      change: { securityLayer: 'rdp', encryption: 'low' },
      layers: PLAIN_LAYERS,
      level: 'Low',
      methods: ['40-bit RC4', '56-bit RC4', '128-bit RC4', 'FIPS 140-1'],
    },
    {
      name: 'client compatible',
      change: { securityLayer: 'rdp', encryption: 'client' },
      layers: PLAIN_LAYERS,
      level: 'Client Compatible',
      methods: ['40-bit RC4', '56-bit RC4', '128-bit RC4', 'FIPS 140-1'],
    },
    {
      name: 'high',
      change: { securityLayer: 'rdp', encryption: 'high' },
      layers: PLAIN_LAYERS,
      level: 'High',
      methods: ['128-bit RC4', 'FIPS 140-1'],
    },
    {
      name: 'FIPS',
      change: { securityLayer: 'rdp', encryption: 'fips' },
      layers: PLAIN_LAYERS,
      level: 'FIPS Compliant',
      methods: ['FIPS 140-1'],
    },
  ];
  for (const { name, change, layers, level, methods } of ROWS) {
    test(`security layers and encryption: ${name}`, async (t) => {
      if (!requirePeer(t, 'nmap')) return;
      const lab = await labFor(t, change);
      const output = (await nmap(lab.port, 'rdp-enum-encryption')).output;
      const [first = '', second = ''] = output.split('RDP Encryption level:');
      const successes = (text: string) =>
        [...text.matchAll(/^ +(.*): SUCCESS$/gm)].map(([, what]) => what).sort();
      assert.deepEqual(successes(first), [...layers].sort(), output);
      assert.equal(second.split('\n', 1)[0]?.trim(), level ?? '', output);
      assert.deepEqual(successes(second), [...(methods ?? [])].sort(), output);
    });
  }

  test('names, build and clock', async (t) => {
    if (!requirePeer(t, 'nmap')) return;
    const lab = await labFor(t, {
      credssp: {
        names: {
          nbDomainName: 'FABRIKAM',
          nbComputerName: 'VM7',
          dnsDomainName: 'fabrikam.example',
          dnsComputerName: 'vm7.fabrikam.example',
          dnsTreeName: 'forest.example',
        },
        osBuild: '10.0.17763',
        clockOffsetSeconds: -2400,
      },
    });
    const values = (await nmap(lab.port, 'rdp-ntlm-info')).values;
    const { System_Time: time = '', ...names } = values;
    assert.deepEqual(names, {
      Target_Name: 'FABRIKAM',
      NetBIOS_Domain_Name: 'FABRIKAM',
      NetBIOS_Computer_Name: 'VM7',
      DNS_Domain_Name: 'fabrikam.example',
      DNS_Computer_Name: 'vm7.fabrikam.example',
      DNS_Tree_Name: 'forest.example',
      Product_Version: '10.0.17763',
    });
    const skew = (Date.parse(time) - Date.now()) / 1000;
    // nmap states whole seconds, and takes a few to end.
    assert.ok(skew > -2400 - 30 && skew < -2400 + 2, `${time}, ${skew} s`);
  });
});

describe('sslscan', { concurrency: 2 }, () => {
  const ROWS = [['1.0'], ['1.0', '1.2'], ['1.1', '1.3'], ['1.2', '1.3']] as const;
  for (const tlsVersions of ROWS) {
    test(`TLS ${tlsVersions.join(', ')}`, async (t) => {
      if (!requirePeer(t, 'sslscan')) return;
      // One suite for the versions before 1.3 keeps the scan short.
      const tlsCiphers = 'AES128-SHA:TLS_AES_128_GCM_SHA256';
      const lab = await labFor(t, { nla: false, tlsVersions, tlsCiphers });
      const { ssl, tls, suites, certificate } = await sslscan(lab.port);
      const enabled = Object.entries(tls).filter(([, on]) => on);
      assert.deepEqual(enabled.map(([version]) => version).sort(), tlsVersions);
      assert.deepEqual(Object.values(ssl), [false, false]);
      const expected = tlsVersions.map((version) => [
        `TLSv${version}`,
        [version === '1.3' ? 0x1301 : 0x002f],
      ]);
      const seen = Object.entries(suites).map(([version, list]) => [version, [...list]]);
      assert.deepEqual(Object.fromEntries(seen), Object.fromEntries(expected));
      assert.equal(certificate.expired, false);
    });
  }

  test('no TLS version', async (t) => {
    if (!requirePeer(t, 'sslscan')) return;
    const lab = await labFor(t, { nla: false, tlsVersions: [] });
    await assert.rejects(sslscan(lab.port), /did not say/);
  });
});

describe('openssl', () => {
  const ROWS = [
    {
      subject: 'expired.example',
      notBefore: Date.UTC(2001, 1, 3, 4, 5, 6),
      notAfter: Date.UTC(2002, 2, 4, 5, 6, 7),
    },
    { subject: 'server.corp.example', notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2056, 0, 1) },
  ];
  for (const certificate of ROWS) {
    test(`reads the certificate of ${certificate.subject}`, async (t) => {
      if (!requirePeer(t, 'openssl')) return;
      const lab = await labFor(t, { certificate });
      const file = join(temporaryFolder(t, 'lab'), 'certificate.pem');
      writeFileSync(file, await shownCertificate(lab));
      const { subject, issuer, notBefore, notAfter, keyBits } = await readCertificate(file);
      const name = `CN=${certificate.subject}`;
      assert.deepEqual(
        { subject, issuer, notBefore, notAfter, keyBits },
        { ...certificate, subject: name, issuer: name, keyBits: 2048 },
      );
    });
  }
});

describe('xfreerdp', { concurrency: 2 }, () => {
  // What it logs when the server's settings have arrived: NLA, or what stood for it, is passed then. The lab ends there.
  const SETTINGS_REACHED = /mcs_recv_attach_user_confirm/;
  const CONNECTION_LOST = 147;
  const ROWS: readonly {
    readonly name: string;
    readonly change: LabChange;
    readonly password?: string;
    readonly status: number;
    readonly says: RegExp;
    readonly saysNot?: RegExp;
  }[] = [
    ...[2, 3, 4, 5, 6].map((version) => ({
      name: `right password, CredSSP ${version}`,
      change: { credssp: { version } },
      status: CONNECTION_LOST,
      says: SETTINGS_REACHED,
      saysNot: /nla|STATUS_/,
    })),
    ...[3, 4, 6].map((version) => ({
      name: `wrong password, CredSSP ${version}`,
      change: { credssp: { version } },
      password: 'wrong',
      status: 134,
      says: /STATUS_LOGON_FAILURE \[0xC000006D\]/,
      saysNot: SETTINGS_REACHED,
    })),
    ...[2, 5].map((version) => ({
      name: `wrong password, CredSSP ${version}: no status`,
      change: { credssp: { version } },
      password: 'wrong',
      status: CONNECTION_LOST,
      says: /BIO_read returned/,
      saysNot: /STATUS_LOGON_FAILURE|mcs_recv_attach_user_confirm/,
    })),
    {
      name: 'a status of its own',
      change: { credssp: { logonStatus: 0xc000_0072 } },
      status: 151,
      says: /STATUS_ACCOUNT_DISABLED \[0xC0000072\]/,
      saysNot: SETTINGS_REACHED,
    },
    {
      name: 'NTLM blocked',
      change: { credssp: { refuse: 0xc000_0418 } },
      status: 132,
      says: /STATUS_NTLM_BLOCKED \[0xC0000418\]/,
      saysNot: SETTINGS_REACHED,
    },
    {
      name: 'no certificate',
      change: { certificate: 'missing' },
      status: 133,
      says: /SSL_CERT_NOT_ON_SERVER/,
    },
    {
      name: 'no TLS version',
      change: { tlsVersions: [] },
      status: 143,
      says: /ERRCONNECT_TLS_CONNECT_FAILED/,
    },
    { name: 'TLS without NLA', change: { nla: false }, status: CONNECTION_LOST, says: SETTINGS_REACHED },
    {
      // It asks downwards, so it is refused twice before it asks for standard security, whose certificate it reads.
      name: 'standard security',
      change: { securityLayer: 'rdp' },
      status: CONNECTION_LOST,
      says: /SSL_NOT_ALLOWED_BY_SERVER[\s\S]*mcs_recv_attach_user_confirm/,
      saysNot: /certificate|signature/,
    },
  ];
  for (const { name, change, password, status, says, saysNot } of ROWS) {
    test(name, async (t) => {
      if (!requirePeer(t, 'xfreerdp', 'Xvfb')) return;
      const display = await startDisplay(t);
      const lab = await labFor(t, change);
      const opinion = await xfreerdp(lab.port, display, password);
      const log = opinion.stdout + opinion.stderr;
      assert.equal(opinion.status, status, log);
      assert.match(log, says);
      if (saysNot !== undefined) assert.doesNotMatch(log, saysNot);
    });
  }
});

/** The certificate that the lab shows in TLS, in PEM. */
async function shownCertificate(lab: Lab): Promise<string> {
  const raw = connect({ host: '127.0.0.1', port: lab.port });
  raw.write(fromHex('03000013 0e e0 0000 0000 00 01 00 0800 03000000'));
  await once(raw, 'data');
  const secure = connectTls({ socket: raw, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const certificate = secure.getPeerX509Certificate();
  secure.destroy();
  assert.ok(certificate !== undefined);
  return certificate.toString();
}
