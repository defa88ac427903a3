// Each row is a lab of other settings; our own look from outside has to read from it what it was set
// to. What is expected is written by hand from the settings (MS-RDPBCGR 3.3.5.3.2, 2.2.1.4.3; RFC 8446).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LabChange, LabTlsVersion } from '../../src/lab/config.ts';
import { diagnoseLab, type Reading, readingOf } from './read-lab.ts';

const CERTIFICATE = {
  subject: 'lab.corp.example',
  notBefore: Date.UTC(2026, 0, 2, 3, 4, 5),
  notAfter: Date.UTC(2046, 6, 8, 9, 10, 11),
};

const HARDENED: Reading = {
  negotiation: ['0x0: failure 5', '0x1: failure 5', '0x3: 2 flags 31', '0xb: 8 flags 31'],
  nla: 'required',
  tls: 'required',
  standard: 'refused',
  encryption: 'absent',
  versions: '(refused 70) (refused 70) 1.2 1.3',
  certificate: 'CN=lab.corp.example 2026-01-02T03:04:05.000Z 2046-07-08T09:10:11.000Z 2048',
  credssp: '6',
  names: 'CORP LAB corp.example lab.corp.example corp.example 10.0.20348',
  refusal: 'absent',
  skew: '0',
};

/** A listener of standard RDP security alone. */
const PLAIN: Partial<Reading> = {
  negotiation: ['0x0: 0 flags 31', '0x1: failure 2', '0x3: failure 2', '0xb: failure 2'],
  nla: 'refused',
  tls: 'refused',
  standard: 'accepted',
  encryption: 'level 3 method 2',
  versions: 'absent',
  certificate: 'absent',
  credssp: 'absent',
  names: 'absent',
  refusal: 'absent',
  skew: 'absent',
};

/** No TLS handshake comes to its end. */
const NO_HANDSHAKE: Partial<Reading> = {
  certificate: 'unknown',
  credssp: 'unknown',
  names: 'unknown',
  refusal: 'unknown',
  skew: 'unknown',
};

/** Without a certificate the listener cannot show what it would do inside TLS. */
const NO_CERTIFICATE: Partial<Reading> = {
  ...PLAIN,
  nla: 'unknown',
  tls: 'unknown',
  credssp: 'unknown',
  names: 'unknown',
  refusal: 'unknown',
  skew: 'unknown',
};

interface Row {
  readonly name: string;
  readonly change: LabChange;
  /** What differs from `HARDENED`. */
  readonly expected: Partial<Reading>;
}

const ALL_VERSIONS: readonly LabTlsVersion[] = ['1.0', '1.1', '1.2', '1.3'];

/** Every set of versions but the empty one. */
const VERSION_ROWS: readonly Row[] = Array.from({ length: 15 }, (_, index): Row => {
  const tlsVersions = ALL_VERSIONS.filter((_, bit) => ((index + 1) & (1 << bit)) !== 0);
  // A server picks the best version that is not above the one it was asked for (RFC 5246 appendix E.1);
  // where it has none below, it says protocol_version. Both are a refusal of the version asked for.
  const words = ALL_VERSIONS.map((version, at) => {
    if (tlsVersions.includes(version)) return version;
    const fallsBack = version !== '1.3' && ALL_VERSIONS.slice(0, at).some((v) => tlsVersions.includes(v));
    return fallsBack ? '(refused)' : '(refused 70)';
  });
  return {
    name: `TLS ${tlsVersions.join(', ')}`,
    change: { tlsVersions },
    expected: { versions: words.join(' ') },
  };
});

const ROWS: readonly Row[] = [
  { name: 'hardened', change: {}, expected: {} },
  {
    name: 'NLA without early user authorization',
    change: { earlyUserAuth: false },
    expected: { negotiation: ['0x0: failure 5', '0x1: failure 5', '0x3: 2 flags 31', '0xb: 2 flags 31'] },
  },
  { name: 'NLA required, negotiate', change: { securityLayer: 'negotiate' }, expected: {} },
  {
    name: 'TLS, NLA offered',
    change: { nla: false },
    expected: {
      negotiation: ['0x0: failure 1', '0x1: 1 flags 31', '0x3: 2 flags 31', '0xb: 8 flags 31'],
      nla: 'offered',
    },
  },
  {
    name: 'negotiate, everything offered',
    change: { securityLayer: 'negotiate', nla: false },
    expected: {
      negotiation: ['0x0: 0 flags 31', '0x1: 1 flags 31', '0x3: 2 flags 31', '0xb: 8 flags 31'],
      nla: 'offered',
      tls: 'offered',
      standard: 'accepted',
      encryption: 'level 3 method 2',
    },
  },
  { name: 'standard security', change: { securityLayer: 'rdp', nla: false }, expected: PLAIN },
  {
    name: 'a server that knows no negotiation',
    change: { plainConfirm: true },
    expected: {
      ...PLAIN,
      negotiation: [
        '0x0: no-negotiation',
        '0x1: no-negotiation',
        '0x3: no-negotiation',
        '0xb: no-negotiation',
      ],
    },
  },
  ...([0x00, 0x01, 0x0b, 0x3f] as const).map(
    (negotiationFlags): Row => ({
      name: `negotiation flags ${negotiationFlags}`,
      change: { negotiationFlags },
      expected: {
        negotiation: [
          '0x0: failure 5',
          '0x1: failure 5',
          `0x3: 2 flags ${negotiationFlags}`,
          `0xb: 8 flags ${negotiationFlags}`,
        ],
      },
    }),
  ),
  ...(
    [
      ['none', 'level 0 method 0'],
      ['low', 'level 1 method 2'],
      ['client', 'level 2 method 2'],
      ['high', 'level 3 method 2'],
      ['fips', 'level 4 method 16'],
    ] as const
  ).map(
    ([encryption, words]): Row => ({
      name: `encryption level ${encryption}`,
      change: { securityLayer: 'rdp', encryption },
      expected: { ...PLAIN, encryption: words },
    }),
  ),
  ...[1, 2, 3, 4, 5, 6].map((code): Row => {
    const required = code === 1 || code === 5 || code === 6 ? 'required' : 'refused';
    return {
      name: `failure ${code} to everybody`,
      change: { negotiationFailure: code },
      expected: {
        ...(code === 3
          ? NO_CERTIFICATE
          : { ...PLAIN, tls: required, nla: code === 5 ? 'required' : 'refused' }),
        // Where everything else is refused, RDSTLS and Entra sign-in are asked for too.
        negotiation: (code === 3
          ? ['0x0', '0x1', '0x3', '0xb']
          : ['0x0', '0x1', '0x3', '0x4', '0xb', '0x10']
        ).map((mask) => `${mask}: failure ${code}`),
        standard: 'refused',
        encryption: 'absent',
      },
    };
  }),
  {
    name: 'no certificate',
    change: { certificate: 'missing' },
    expected: {
      ...NO_CERTIFICATE,
      negotiation: ['0x0: failure 3', '0x1: failure 3', '0x3: failure 3', '0xb: failure 3'],
      standard: 'refused',
      encryption: 'absent',
    },
  },
  {
    name: 'no certificate, where standard security will do',
    change: { certificate: 'missing', securityLayer: 'negotiate', nla: false },
    expected: {
      ...NO_CERTIFICATE,
      negotiation: ['0x0: 0 flags 31', '0x1: failure 3', '0x3: failure 3', '0xb: failure 3'],
    },
  },
  {
    name: 'certificate of long ago',
    change: { certificate: { subject: 'old', notBefore: 0, notAfter: Date.UTC(1999, 11, 31, 23, 59, 59) } },
    expected: { certificate: 'CN=old 1970-01-01T00:00:00.000Z 1999-12-31T23:59:59.000Z 2048' },
  },
  {
    name: 'certificate of the far future',
    change: {
      certificate: { subject: 'later', notBefore: Date.UTC(2049, 11, 31), notAfter: Date.UTC(2050, 0, 1) },
    },
    expected: { certificate: 'CN=later 2049-12-31T00:00:00.000Z 2050-01-01T00:00:00.000Z 2048' },
  },
  ...VERSION_ROWS,
  {
    name: 'no TLS version, alert',
    change: { tlsVersions: [] },
    expected: { ...NO_HANDSHAKE, versions: '(refused 70) (refused 70) (refused 70) (refused 70)' },
  },
  {
    name: 'no TLS version, closed',
    change: { tlsVersions: [], tlsRefusal: 'close' },
    expected: { ...NO_HANDSHAKE, versions: '(closed) (closed) (closed) (closed)' },
  },
  ...[2, 3, 4, 5].map(
    (version): Row => ({
      name: `CredSSP ${version}`,
      change: { credssp: { version } },
      expected: { credssp: String(version) },
    }),
  ),
  ...[-2400, -1, 300, 129_600].map(
    (clockOffsetSeconds): Row => ({
      name: `clock off by ${clockOffsetSeconds} s`,
      change: { credssp: { clockOffsetSeconds } },
      expected: { skew: String(clockOffsetSeconds) },
    }),
  ),
  {
    name: 'a workgroup machine of Windows 7',
    change: {
      credssp: { names: { nbDomainName: 'WIN7', nbComputerName: 'WIN7' }, osBuild: '6.1.7601' },
    },
    expected: { names: 'WIN7 WIN7 - - - 6.1.7601' },
  },
  {
    name: 'names that are not ASCII',
    change: { credssp: { names: { nbComputerName: 'BÜRO-Ω', dnsComputerName: 'büro-ω.example' } } },
    expected: { names: '- BÜRO-Ω - büro-ω.example - 10.0.20348' },
  },
  ...[0xc000_0418, 0x8009_0302].map(
    (refuse): Row => ({
      name: `NTLM refused with ${refuse.toString(16)}`,
      change: { credssp: { refuse } },
      expected: { names: 'unknown', skew: 'unknown', refusal: refuse.toString(16) },
    }),
  ),
];

describe('a look from outside reads the settings of the lab', { concurrency: 3 }, () => {
  for (const { name, change, expected } of ROWS) {
    test(name, async () => {
      const report = await diagnoseLab({ certificate: CERTIFICATE, ...change });
      assert.deepEqual(readingOf(report), { ...HARDENED, ...expected });
      assert.deepEqual(report.warnings, []);
    });
  }
});

describe('a full look reads suites and methods', { concurrency: 2 }, () => {
  const SUITE_ROWS: readonly {
    readonly change: LabChange;
    readonly suites: Readonly<Record<string, readonly string[]>>;
  }[] = [
    {
      change: { tlsVersions: ['1.2'], tlsCiphers: 'ECDHE-RSA-AES256-GCM-SHA384' },
      suites: { '1.2': ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'] },
    },
    {
      change: { tlsVersions: ['1.0', '1.2'], tlsCiphers: 'AES128-SHA' },
      suites: { '1.0': ['TLS_RSA_WITH_AES_128_CBC_SHA'], '1.2': ['TLS_RSA_WITH_AES_128_CBC_SHA'] },
    },
    {
      change: { tlsVersions: ['1.3'], tlsCiphers: 'TLS_AES_128_GCM_SHA256' },
      suites: { '1.3': ['TLS_AES_128_GCM_SHA256'] },
    },
  ];
  for (const { change, suites } of SUITE_ROWS) {
    test(`suites: ${change.tlsCiphers}`, async () => {
      const { evidence } = await diagnoseLab(change, { full: true });
      const ciphers = evidence['tls.ciphers'];
      assert.ok(ciphers?.state === 'present', JSON.stringify(ciphers));
      const names = Object.entries(ciphers.value).map(([version, list]) => [
        version,
        list?.map(({ name }) => name),
      ]);
      assert.deepEqual(Object.fromEntries(names), suites);
    });
  }

  const METHOD_ROWS = [
    ['low', { 1: 1, 8: 8, 2: 2, 16: 16 }],
    ['high', { 2: 2, 16: 16 }],
    ['fips', { 16: 16 }],
  ] as const;
  for (const [encryption, methods] of METHOD_ROWS) {
    test(`methods at level ${encryption}`, async () => {
      const { evidence } = await diagnoseLab({ securityLayer: 'rdp', encryption }, { full: true });
      const seen = evidence['rdp.encryption'];
      assert.ok(seen?.state === 'present' && seen.value.perMethod !== undefined, JSON.stringify(seen));
      const accepted = seen.value.perMethod.filter(({ answer }) => answer === 'accepted');
      assert.deepEqual(Object.fromEntries(accepted.map(({ offered, method }) => [offered, method])), methods);
    });
  }
});

describe('one sign-in attempt', { concurrency: 3 }, () => {
  const right = { domain: 'CORP', user: 'alice', password: 'Passw0rd!' };
  const LOGON_ROWS: readonly {
    readonly name: string;
    readonly credssp: NonNullable<LabChange['credssp']>;
    readonly credential?: Partial<typeof right>;
    readonly status: number | 'unknown';
  }[] = [
    ...[2, 3, 4, 5, 6].map((version) => ({
      name: `right password, CredSSP ${version}`,
      credssp: { version },
      status: 0,
    })),
    { name: 'without a domain', credssp: {}, credential: { domain: '' }, status: 0 },
    {
      name: 'as user@domain',
      credssp: { users: [{ name: 'alice@corp.example', password: 'x' }] },
      credential: { domain: '', user: 'alice@corp.example', password: 'x' },
      status: 0,
    },
    {
      name: 'name in another case',
      credssp: { users: [{ name: 'Alice', password: 'Passw0rd!' }] },
      credential: { user: 'aLICE' },
      status: 0,
    },
    ...([2, 3, 4, 5, 6] as const).map((version) => ({
      name: `wrong password, CredSSP ${version}`,
      credssp: { version },
      credential: { password: 'wrong' },
      // The field for a status came with version 3 and was left out of version 5.
      status: version === 2 || version === 5 ? ('unknown' as const) : 0xc000_006d,
    })),
    { name: 'nobody of this name', credssp: {}, credential: { user: 'mallory' }, status: 0xc000_006d },
    ...[0xc000_0234, 0xc000_0072, 0xc000_018d, 0x8009_0302].map((logonStatus) => ({
      name: `status ${logonStatus.toString(16)}`,
      credssp: { logonStatus },
      status: logonStatus,
    })),
  ];
  for (const { name, credssp, credential, status } of LOGON_ROWS) {
    test(name, async () => {
      const { evidence } = await diagnoseLab({ credssp }, { credential: { ...right, ...credential } });
      const logon = evidence['nla.logon'];
      assert.equal(
        logon?.state === 'present' ? logon.value.status : logon?.state,
        status,
        JSON.stringify(logon),
      );
    });
  }
});
