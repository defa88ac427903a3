// What other people's tools say of the same servers. Where they agree the facts are right twice; where
// they differ the test says who is wrong and why, so that a change on either side is noticed.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { TlsVersion } from '../../src/core/model/facts.ts';
import type { Report } from '../../src/core/model/report.ts';
import { type CertificateFiles, makeCertificate } from './certificates.ts';
import { diagnose, mustSee, seen } from './diagnose.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { type Display, startDisplay, startShadow } from './shadow.ts';
import { type NmapOpinion, nmap, type SslscanOpinion, sslscan, xfreerdp } from './tools.ts';
import { startXrdp, type XrdpConfig } from './xrdp.ts';

const XRDP = ['xrdp', 'openssl'] as const;
const SHADOW = ['freerdp-shadow-cli', 'winpr-hash', 'Xvfb'] as const;

/** Most of a scanner's time is waiting. */
const TWO_AT_ONCE = { concurrency: 2 } as const;

const ALL_VERSIONS: readonly TlsVersion[] = ['1.0', '1.1', '1.2', '1.3'];

function certificateFor(t: Parameters<typeof temporaryFolder>[0]): Promise<CertificateFiles> {
  return makeCertificate(temporaryFolder(t, 'certificate'), {
    commonName: 'vm1.corp.example',
    notBefore: new Date('2026-01-02T03:04:05Z'),
    notAfter: new Date('2046-01-02T03:04:05Z'),
  });
}

test('nmap reads the same NTLM challenge', async (t) => {
  if (!requirePeer(t, ...SHADOW, 'nmap')) return;
  const shadow = await startShadow(t, await startDisplay(t), ['/sec:nla', '+auth']);
  const { values } = await nmap(shadow.port, 'rdp-ntlm-info');
  const { report } = await diagnose(shadow.port);
  const { timestamp, ...names } = mustSee(report, 'ntlm.challenge');
  const { System_Time: nmapTime = '', Target_Name: _target, ...nmapNames } = values;
  assert.deepEqual(
    {
      NetBIOS_Domain_Name: names.netbiosDomain,
      NetBIOS_Computer_Name: names.netbiosComputer,
      DNS_Domain_Name: names.dnsDomain,
      DNS_Computer_Name: names.dnsComputer,
      Product_Version: names.osBuild,
      ...(names.dnsForest === undefined ? {} : { DNS_Tree_Name: names.dnsForest }),
    },
    nmapNames,
  );
  // The two runs are seconds apart, the clock is one.
  const apart = Math.abs(Date.parse(nmapTime) - Date.parse(timestamp ?? ''));
  assert.ok(apart < 30_000, `${nmapTime} and ${timestamp}`);
});

/** nmap's words for encryptionLevel and for the one method that it got when it offered it alone. */
const NMAP_LEVELS: Readonly<Record<number, string>> = {
  1: 'Low',
  2: 'Client Compatible',
  3: 'High',
  4: 'FIPS Compliant',
};
const NMAP_METHODS: Readonly<Record<number, string>> = {
  1: '40-bit RC4',
  2: '128-bit RC4',
  8: '56-bit RC4',
  16: 'FIPS 140-1',
};

test(
  'nmap reads the same encryption levels, and takes every response for success',
  TWO_AT_ONCE,
  async (t) => {
    if (!requirePeer(t, ...XRDP, 'nmap')) return;
    const certificate = await certificateFor(t);
    const rows = (['none', 'low', 'medium', 'high', 'fips'] as const).map((cryptLevel) =>
      t.test(`crypt_level ${cryptLevel}`, async (t) => {
        const xrdp = await startXrdp(t, {
          securityLayer: 'rdp',
          cryptLevel,
          sslProtocols: ['1.2', '1.3'],
          certificate,
        });
        const words = await nmap(xrdp.port, 'rdp-enum-encryption');
        const { report } = await diagnose(xrdp.port, ['--full']);
        const encryption = mustSee(report, 'rdp.encryption');

        // nmap says nothing at all about a server without encryption.
        assert.equal(fieldOf(words, 'RDP Encryption level'), NMAP_LEVELS[encryption.level]);
        const methods = Object.values(NMAP_METHODS).filter((method) => successes(words).includes(method));
        assert.deepEqual(methods, encryption.methods === 0 ? [] : [NMAP_METHODS[encryption.methods]]);
        // Offered one by one: nmap counts a method where the server chose the one that was offered.
        const chosen = (encryption.perMethod ?? []).filter((row) => row.method === row.offered);
        assert.deepEqual(
          chosen.map((row) => NMAP_METHODS[row.offered]),
          methods,
        );

        // nmap is wrong here. It counts any RDP_NEG_RSP as success and never reads selectedProtocol ([MS-RDPBCGR]
        // 2.2.1.2.1): this server answers every offer with "standard RDP security", the opposite of what nmap says.
        assert.deepEqual(
          successes(words).filter((word) => !Object.values(NMAP_METHODS).includes(word)),
          ['CredSSP (NLA)', 'CredSSP with Early User Auth', 'Native RDP', 'RDSTLS', 'SSL'],
        );
        assert.deepEqual(
          [seen(report, 'rdp.nla'), seen(report, 'rdp.tls'), seen(report, 'rdp.standard')],
          ['refused', 'refused', 'accepted'],
        );
      }),
    );
    await Promise.all(rows);
  },
);

test('nmap counts a TLS answer to a CredSSP offer as CredSSP', TWO_AT_ONCE, async (t) => {
  if (!requirePeer(t, ...SHADOW, 'nmap')) return;
  const display = await startDisplay(t);
  const rows = [
    // FreeRDP's servers answer strictly, so these two are right.
    {
      security: ['/sec:nla', '+auth'],
      nmap: ['CredSSP (NLA)'],
      ours: ['required', 'required', 'refused'],
    },
    {
      security: ['/sec:rdp', '-auth'],
      nmap: ['Native RDP'],
      ours: ['refused', 'refused', 'accepted'],
    },
    // Wrong: the offer is CredSSP and TLS (0x3), the answer is TLS.
    {
      security: ['/sec:tls', '-auth'],
      nmap: ['CredSSP (NLA)', 'SSL'],
      ours: ['refused', 'required', 'refused'],
    },
  ];
  const tests = rows.map((row) =>
    t.test(row.security.join(' '), async (t) => {
      const shadow = await startShadow(t, display, row.security);
      const words = await nmap(shadow.port, 'rdp-enum-encryption');
      const { report } = await diagnose(shadow.port);
      assert.deepEqual(successes(words), row.nmap);
      assert.deepEqual(
        [seen(report, 'rdp.nla'), seen(report, 'rdp.tls'), seen(report, 'rdp.standard')],
        row.ours,
      );
    }),
  );
  await Promise.all(tests);
});

test('sslscan finds the same versions, suites, groups and certificate', TWO_AT_ONCE, async (t) => {
  if (!requirePeer(t, ...XRDP, 'sslscan')) return;
  const certificate = await certificateFor(t);
  const rows: readonly Partial<XrdpConfig>[] = [
    { sslProtocols: ['1.0'] },
    { sslProtocols: ['1.1'] },
    { sslProtocols: ['1.2'] },
    { sslProtocols: ['1.3'] },
    { sslProtocols: ALL_VERSIONS },
    { sslProtocols: ['1.0', '1.2'] },
    { sslProtocols: ['1.2', '1.3'], tlsCiphers: 'HIGH' },
    { sslProtocols: ['1.2'], tlsCiphers: 'ECDHE+AESGCM' },
    { sslProtocols: ['1.0', '1.2'], tlsCiphers: 'AES128-SHA:@SECLEVEL=0' },
    { sslProtocols: ['1.2'], tlsCiphers: 'NULL:@SECLEVEL=0' },
  ];
  const tests = rows.map((row) =>
    t.test(`TLS ${row.sslProtocols?.join(' ')}, ${row.tlsCiphers ?? 'every suite'}`, async (t) => {
      const xrdp = await startXrdp(t, {
        securityLayer: 'tls',
        cryptLevel: 'high',
        sslProtocols: ALL_VERSIONS,
        certificate,
        ...row,
      });
      const opinion = await sslscan(xrdp.port);
      const { report } = await diagnose(xrdp.port, ['--full']);
      checkVersions(report, opinion);
      checkSuites(report, opinion);
      checkGroups(report, opinion);
      checkCertificate(report, opinion);
    }),
  );
  await Promise.all(tests);
});

function checkVersions(report: Report, opinion: SslscanOpinion): void {
  const versions = mustSee(report, 'tls.versions');
  const ours = ALL_VERSIONS.map((version) => [version, versions[version] === 'accepted']);
  assert.deepEqual(Object.fromEntries(ours), opinion.tls);
  assert.equal(seen(report, 'tls.features')?.sslv3, opinion.ssl['3'] ? 'accepted' : 'refused');
}

/** Set against set, version by version: the server's OpenSSL is also sslscan's, so both know the same suites. */
function checkSuites(report: Report, opinion: SslscanOpinion): void {
  const ciphers = mustSee(report, 'tls.ciphers');
  for (const version of ALL_VERSIONS) {
    const theirs = [...(opinion.suites[`TLSv${version}`] ?? [])].sort((a, b) => a - b);
    const ours = (ciphers[version] ?? []).map(({ id }) => id).sort((a, b) => a - b);
    assert.deepEqual(ours, theirs, `suites of TLS ${version}`);
    const chosen = seen(report, 'tls.versions')?.suites[version];
    const names = (ciphers[version] ?? []).map(({ name }) => name);
    assert.ok(chosen === undefined || names.includes(chosen), `${chosen} is among the accepted`);
  }
}

/** Both try the highest version that is accepted; ours are names, theirs numbers ([IANA] Supported Groups). */
function checkGroups(report: Report, opinion: SslscanOpinion): void {
  const ours = seen(report, 'tls.features')?.groups ?? [];
  const highest = ALL_VERSIONS.findLast((version) => opinion.tls[version]) ?? '1.3';
  const suites = Object.values(opinion.suites).flatMap((ids) => [...ids]);
  // sslscan looks for groups from TLS 1.2 on, and with suites of its own choice: not with NULL encryption,
  // whose key exchange (ECDHE-RSA-NULL-SHA, 0xC010) needs a group like any other.
  if (highest < '1.2' || suites.includes(0xc010)) {
    assert.ok(ours.includes('x25519'), `groups: ${ours}`);
    return;
  }
  const theirs = [...(opinion.groups[`TLSv${highest}`] ?? [])].map((id) => GROUP_NAMES[id] ?? String(id));
  assert.deepEqual([...ours].sort(), theirs.sort());
}

const GROUP_NAMES: Readonly<Record<number, string>> = {
  23: 'secp256r1',
  24: 'secp384r1',
  25: 'secp521r1',
  29: 'x25519',
  30: 'x448',
  256: 'ffdhe2048',
  257: 'ffdhe3072',
  258: 'ffdhe4096',
  259: 'ffdhe6144',
  260: 'ffdhe8192',
};

function checkCertificate(report: Report, opinion: SslscanOpinion): void {
  const certificate = mustSee(report, 'tls.certificate');
  assert.deepEqual(
    {
      // sslscan prints the common name alone.
      subject: certificate.subject.replace('CN=', ''),
      issuer: certificate.issuer.replace('CN=', ''),
      signatureAlgorithm: certificate.signatureAlgorithm.toLowerCase(),
      keyBits: certificate.keyBits,
      selfSigned: certificate.selfSigned,
      expired: Date.parse(certificate.notAfter) < Date.now(),
      notBefore: Date.parse(certificate.notBefore),
      notAfter: Date.parse(certificate.notAfter),
    },
    { ...opinion.certificate, signatureAlgorithm: opinion.certificate.signatureAlgorithm.toLowerCase() },
  );
}

test('xfreerdp gets into what is called healthy', TWO_AT_ONCE, async (t) => {
  if (!requirePeer(t, ...XRDP, ...SHADOW, 'xfreerdp')) return;
  const display = await startDisplay(t);
  const certificate = await certificateFor(t);

  // crypt_level low, medium and high are left out: they are RC4, which OpenSSL 3 has in its legacy provider
  // only, so xrdp finds a wrong MAC in the first encrypted packet (xfreerdp then ends with 131).
  const configs: readonly Pick<XrdpConfig, 'securityLayer' | 'cryptLevel' | 'sslProtocols'>[] = [
    { securityLayer: 'rdp', cryptLevel: 'none', sslProtocols: ['1.2'] },
    { securityLayer: 'tls', cryptLevel: 'high', sslProtocols: ['1.2'] },
    { securityLayer: 'tls', cryptLevel: 'high', sslProtocols: ['1.2', '1.3'] },
    { securityLayer: 'negotiate', cryptLevel: 'high', sslProtocols: ALL_VERSIONS },
  ];
  const ofXrdp = configs.map((config) =>
    t.test(`xrdp ${config.securityLayer}, TLS ${config.sslProtocols.join(' ')}`, async (t) => {
      const xrdp = await startXrdp(t, { ...config, certificate });
      await checkHealthy(xrdp.port, display);
    }),
  );
  const securities = [
    ['/sec:nla', '+auth'],
    ['/sec:tls', '-auth'],
    ['/sec:rdp', '-auth'],
  ];
  const ofShadow = securities.map((security) =>
    t.test(`shadow ${security.join(' ')}`, async (t) => {
      const shadow = await startShadow(t, display, security);
      await checkHealthy(shadow.port, display);
      // Only where NLA was selected does xfreerdp's exit status speak of the password: 147, connection dropped.
      const wrong = await xfreerdp(shadow.port, display, 'not-Her-Pa55word');
      assert.equal(wrong.status, security[0] === '/sec:nla' ? 147 : 0);
    }),
  );
  await Promise.all([...ofXrdp, ...ofShadow]);
});

async function checkHealthy(port: number, display: Display): Promise<void> {
  const { report, status } = await diagnose(port);
  assert.deepEqual([report.outcome, status], ['healthy', 0]);
  const client = await xfreerdp(port, display);
  assert.equal(client.status, 0, client.stdout + client.stderr);
}

/** The lines of rdp-enum-encryption that end in SUCCESS. */
function successes({ output }: NmapOpinion): readonly string[] {
  return [...output.matchAll(/^ *(.*): SUCCESS$/gm)].map(([, word = '']) => word);
}

function fieldOf({ output }: NmapOpinion, name: string): string | undefined {
  return new RegExp(`^ *${name}: (.*)$`, 'm').exec(output)?.[1];
}
