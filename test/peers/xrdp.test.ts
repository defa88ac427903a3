// Everything that the outside shows of xrdp, for every way to configure it. What is expected follows
// from the configuration through `truth` below, never from what the product said.
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { TlsVersion } from '../../src/core/model/facts.ts';
import { type CertificateTruth, makeCertificate, readCertificate } from './certificates.ts';
import { diagnose, type Outside, outsideOf } from './diagnose.ts';
import { temporaryFolder } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { startXrdp, type XrdpConfig } from './xrdp.ts';

/** Two cores: more rows at once only make each of them slower. */
const ROWS_AT_ONCE = 3;

const DAY = 86_400_000;

/** Certificates by what is special about them; `missing` names files that do not exist. */
const CERTIFICATES = {
  good: { bits: 2048, fromDays: -10, toDays: 170 },
  expired: { bits: 2048, fromDays: -200, toDays: -20 },
  'not yet valid': { bits: 2048, fromDays: 20, toDays: 200 },
  '1024 bits': { bits: 1024, fromDays: -10, toDays: 170 },
  '4096 bits': { bits: 4096, fromDays: -10, toDays: 170 },
  missing: undefined,
} as const;

type CertificateName = keyof typeof CERTIFICATES;

interface Row {
  readonly securityLayer: XrdpConfig['securityLayer'];
  readonly cryptLevel: XrdpConfig['cryptLevel'];
  readonly sslProtocols: readonly TlsVersion[];
  readonly certificate: CertificateName;
}

const CRYPT_LEVELS = ['none', 'low', 'medium', 'high', 'fips'] as const;
const VERSION_SETS: readonly (readonly TlsVersion[])[] = [
  ['1.0'],
  ['1.1'],
  ['1.2'],
  ['1.3'],
  ['1.0', '1.1'],
  ['1.0', '1.2'],
  ['1.0', '1.3'],
  ['1.1', '1.2'],
  ['1.1', '1.3'],
  ['1.2', '1.3'],
  ['1.0', '1.1', '1.2'],
  ['1.0', '1.1', '1.3'],
  ['1.0', '1.2', '1.3'],
  ['1.1', '1.2', '1.3'],
  ['1.0', '1.1', '1.2', '1.3'],
];
const TODAY: Omit<Row, 'securityLayer'> = {
  cryptLevel: 'high',
  sslProtocols: ['1.2', '1.3'],
  certificate: 'good',
};

const ROWS: readonly Row[] = [
  ...CRYPT_LEVELS.map((cryptLevel) => ({ ...TODAY, securityLayer: 'rdp' as const, cryptLevel })),
  ...VERSION_SETS.map((sslProtocols) => ({ ...TODAY, securityLayer: 'tls' as const, sslProtocols })),
  // Every encryption level meets three sets of versions: under TLS it must not matter, beside it it must show.
  ...VERSION_SETS.map((sslProtocols, index) => ({
    ...TODAY,
    securityLayer: 'negotiate' as const,
    sslProtocols,
    cryptLevel: CRYPT_LEVELS[index % CRYPT_LEVELS.length] ?? 'high',
  })),
  ...(['rdp', 'tls', 'negotiate'] as const).flatMap((securityLayer) =>
    (['expired', 'missing'] as const).map((certificate) => ({ ...TODAY, securityLayer, certificate })),
  ),
  ...(['not yet valid', '1024 bits', '4096 bits'] as const).map((certificate) => ({
    ...TODAY,
    securityLayer: 'tls' as const,
    certificate,
  })),
];

/** xrdp 0.9 states RNS_UD_SC_EXTENDED_CLIENT_DATA_SUPPORTED in each RDP_NEG_RSP, and nothing else. */
const RESPONSE_FLAGS = 1;

/** encryptionLevel and encryptionMethod by crypt_level, whatever the client offers. */
const ENCRYPTION = {
  none: 'level 0, methods 0',
  low: 'level 1, methods 1',
  medium: 'level 2, methods 1',
  high: 'level 3, methods 2',
  fips: 'level 4, methods 16',
} as const;

/** How xrdp answers requestedProtocols (bit 0 is TLS; it ignores CredSSP). */
function answerOf(row: Row, requested: number): string {
  const wantsTls = (requested & 1) !== 0;
  const hasCertificate = row.certificate !== 'missing';
  const selects = (protocol: number) => `selected ${protocol}, flags ${RESPONSE_FLAGS}`;
  switch (row.securityLayer) {
    case 'rdp':
      return selects(0);
    case 'tls':
      if (!hasCertificate) return 'failure 3';
      return wantsTls ? selects(1) : 'failure 1';
    case 'negotiate':
      return selects(wantsTls && hasCertificate ? 1 : 0);
  }
}

/** What is true of an xrdp with this configuration. */
function truth(row: Row, certificate: CertificateTruth | undefined): Outside {
  const { securityLayer } = row;
  const servesTls = securityLayer !== 'rdp' && certificate !== undefined;
  const servesStandard = securityLayer !== 'tls';
  // xrdp then says failure 3 to every offer, which tells that the certificate is missing, not what the
  // server would do if it had one.
  const refusesAll = securityLayer === 'tls' && !servesTls;
  const findings = findingsOf(row, servesTls);
  return {
    negotiation: ['0x0', '0x1', '0x3', '0xB'].map((mask) => `${mask}: ${answerOf(row, Number(mask))}`),
    tls: refusesAll ? 'unknown' : securityLayer === 'tls' ? 'required' : servesTls ? 'offered' : 'refused',
    nla: refusesAll ? 'unknown' : 'refused',
    standard: servesStandard ? 'accepted' : 'refused',
    encryption: servesStandard ? ENCRYPTION[row.cryptLevel] : 'absent',
    tlsVersions: servesTls ? row.sslProtocols : 'absent',
    certificate: servesTls ? certificate : 'not seen',
    credsspVersion: 'not seen',
    ntlm: 'not seen',
    outcome: findings.length === 0 ? 'healthy' : 'explained',
    exitStatus: findings.length === 0 ? 0 : 1,
    findings,
    // What is likely stops some clients; it did not stop the one that looked.
    failedStages: refusesAll ? ['negotiate'] : [],
  };
}

function findingsOf(row: Row, servesTls: boolean): readonly string[] {
  const findings: string[] = [];
  if (servesTls) {
    if (row.certificate === 'expired') findings.push('certificate-expired: likely');
    if (row.certificate === 'not yet valid') findings.push('certificate-not-yet-valid: likely');
    // Windows 10 has no TLS 1.3.
    if (row.sslProtocols.join() === '1.3') findings.push('tls-no-common-version: likely');
    // Every Windows that is still serviced has TLS 1.0 and 1.1; what macOS and FreeRDP 3 do without 1.2
    // rests on practice, and is a remark.
  } else if (row.securityLayer === 'tls') {
    // Standard security is refused and TLS cannot be had, so nobody gets in.
    findings.push('certificate-missing: confirmed');
  }
  // Standard security at level FIPS stops no supported client of which that is known, as a disk says too.
  return findings;
}

test('every fact about xrdp, row by row', { concurrency: ROWS_AT_ONCE }, async (t) => {
  if (!requirePeer(t, 'xrdp', 'openssl')) return;
  const certificates = await makeCertificates(t);
  await Promise.all(
    ROWS.map((row) =>
      t.test(
        `${row.securityLayer}, ${row.cryptLevel}, TLS ${row.sslProtocols.join(' ')}, certificate ${row.certificate}`,
        async (t) => {
          const { files, truth: certificate } = certificates[row.certificate];
          const xrdp = await startXrdp(t, { ...row, certificate: files });
          const diagnosis = await diagnose(xrdp.port);
          assert.deepEqual(outsideOf(diagnosis), truth(row, certificate));
          checkAlerts(row, diagnosis);
          assert.deepEqual(diagnosis.report.warnings, []);
        },
      ),
    ),
  );
});

/**
 * OpenSSL refuses a version below its lowest with alert 70, protocol_version ([RFC 5246] 7.2.2). A
 * version in a gap or above the highest it answers with a ServerHello of an older version, which is
 * a refusal too and carries no alert (unless the hello lists its versions, as 1.3's must).
 */
function checkAlerts(row: Row, { report }: Awaited<ReturnType<typeof diagnose>>): void {
  const observation = report.evidence['tls.versions'];
  if (observation?.state !== 'present') return;
  const { alerts, suites, ...answers } = observation.value;
  const lowest = row.sslProtocols[0] ?? '1.0';
  for (const version of ['1.0', '1.1', '1.2', '1.3'] as const) {
    const accepted = answers[version] === 'accepted';
    assert.equal(typeof suites[version], accepted ? 'string' : 'undefined', `suite of TLS ${version}`);
    if (accepted) assert.equal(alerts[version], undefined, `no alert where TLS ${version} is accepted`);
    else if (version < lowest || version === '1.3') assert.equal(alerts[version], 70, `TLS ${version}`);
    else assert.ok([undefined, 70].includes(alerts[version]), `TLS ${version}: alert ${alerts[version]}`);
  }
}

async function makeCertificates(t: TestContext) {
  const make = async (name: CertificateName) => {
    const folder = temporaryFolder(t, 'certificate');
    const wanted = CERTIFICATES[name];
    if (wanted === undefined) {
      return {
        files: { certificate: `${folder}/none.pem`, key: `${folder}/none.key` },
        truth: undefined,
      };
    }
    const files = await makeCertificate(folder, {
      commonName: 'vm1.corp.example',
      bits: wanted.bits,
      notBefore: new Date(Date.now() + wanted.fromDays * DAY),
      notAfter: new Date(Date.now() + wanted.toDays * DAY),
    });
    return { files, truth: await readCertificate(files.certificate) };
  };
  return {
    good: await make('good'),
    expired: await make('expired'),
    'not yet valid': await make('not yet valid'),
    '1024 bits': await make('1024 bits'),
    '4096 bits': await make('4096 bits'),
    missing: await make('missing'),
  };
}
