// What must be said and what must never be said, over all fault cases (issue 7, A10): people act on it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KEY_FILE } from '../core/windows/build-certificate.ts';
import { GONE, runOf } from './case.ts';
import { bound, certificate } from './certificates.ts';
import { ADVICE, foundIn, reportsOf, saidIn } from './reports-of-faults.ts';
import { perform } from './run.ts';
import { RDP, rights, type Settings, SSL_POLICY } from './settings.ts';
import { BASES, defaultRights, nameOf, SID, SYSTEMS } from './systems.ts';

const PAGES = readdirSync('docs/causes').map((name) => ({
  name,
  text: readFileSync(`docs/causes/${name}`, 'utf8'),
}));

/** Findings of one machine with these settings. */
const reportOf = (base: string, set: Settings, more: Partial<Parameters<typeof runOf>[0]> = {}) =>
  perform(runOf({ id: '', base, set, expect: {}, source: '', ...more }));

test('whoever restarts TermService is told that this disconnects sessions', async () => {
  const texts = [
    ...ADVICE,
    ...(await reportsOf((base) => base)).flatMap(({ report }) => saidIn(report)),
    ...PAGES.map(({ text }) => text),
  ];
  const restarts = texts.filter((text) =>
    /restart\w*(?: \w+,?){0,3} TermService|Restart-Service (?:-Force )?TermService|net stop TermService/i.test(
      text,
    ),
  );
  assert.ok(restarts.length >= 10, `only ${restarts.length}`);
  assert.deepEqual(
    restarts.filter((text) => !/disconnect|ends? the sessions/i.test(text)),
    [],
  );
});

test('where Windows 7 or Server 2008 R2 is to use TLS 1.2, KB3080079 is named', async () => {
  const uses = /\bTLS 1\.2\b/;
  assert.deepEqual(
    ADVICE.filter((text) => uses.test(text) && !text.includes('KB3080079')),
    [],
  );
  assert.deepEqual(
    PAGES.filter(({ text }) => /Protocols\\TLS 1\.2\\Server/.test(text) && !text.includes('KB3080079')).map(
      ({ name }) => name,
    ),
    [],
  );
  const old = (await reportsOf((base) => base.replace(/^(?:windows|server)-\S+/, 'server-2008-r2'))).filter(
    ({ report: { evidence } }) => {
      const version = evidence['os.version'];
      return version?.state === 'present' && version.value.build === SYSTEMS['server-2008-r2'].build;
    },
  );
  assert.ok(old.length >= 100, `only ${old.length} cases of 2008 R2`);
  const advising = old.flatMap(({ id, report }) =>
    report.findings
      .filter(({ verdict }) => verdict === 'confirmed' || verdict === 'likely')
      .filter(({ advice }) => uses.test(advice))
      .map(({ cause, advice }) => ({ id, cause, advice })),
  );
  assert.ok(advising.length >= 3);
  assert.deepEqual(
    advising.filter(({ advice }) => !advice.includes('KB3080079')),
    [],
  );
});

test('no command puts a new list in place of SecurityProviders or Security Packages', () => {
  const replacing =
    /(?:reg(?:\.exe)? add[^\n]*\/v "?(?:SecurityProviders|Security Packages|Authentication Packages)\b|set (?:SecurityProviders|Security Packages) to)/i;
  const texts = [...ADVICE, ...PAGES.map(({ text }) => text)];
  assert.deepEqual(
    texts.filter((text) => replacing.test(text)),
    [],
  );
  // What PowerShell writes there begins with what was read there.
  const writes = texts.flatMap((text) =>
    [
      ...text.matchAll(
        /(?:Set|New)-ItemProperty[^\n]*-Name '?(?:SecurityProviders|Security Packages)[^\n]*/g,
      ),
    ].map(([line]) => line),
  );
  assert.ok(writes.length >= 1);
  assert.deepEqual(
    writes.filter((line) => !/-Value \(\(\$list \+/.test(line)),
    [],
  );
});

for (const [name, set] of [
  ['the self-signed certificate', {}],
  ['an assigned certificate', bound(certificate(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)))],
] as const) {
  test(`a key file of ${name} that is gone is restored or enrolled again, and has no rights to mend`, async () => {
    for (const base of BASES.map(nameOf)) {
      const report = await reportOf(base, set, { files: { [KEY_FILE]: GONE } });
      const head = report.findings[0];
      assert.equal(head?.cause, 'certificate-key-unreadable', base);
      assert.match(head.advice, /^Restore .* (?:enrol|make a new|create)/, base);
      assert.deepEqual(
        foundIn(report).filter((text) =>
          /\brights?\b|permission|\bgrant|\baccess to\b|full control/i.test(text),
        ),
        [],
        base,
      );
    }
  });
}

for (const port of [0, 65_536]) {
  test(`port ${port} is said to be no valid port`, async () => {
    const report = await reportOf('server-2022 member', { [`${RDP}!PortNumber`]: port });
    assert.equal(report.findings[0]?.cause, 'port-changed');
    assert.match(report.findings[0].explanation, new RegExp(`PortNumber is ${port} .*not a valid port`));
  });
}

test('who is denied as a local account on a member is sent to a domain account, not to the deny right', async () => {
  const hardened = rights({
    ...defaultRights('member'),
    denyNetwork: [SID.localAccount],
    denyRemote: [SID.localAccount],
  });
  const report = await reportOf('server-2022 member', hardened, { user: { name: 'bob', domain: 'VM1' } });
  const head = report.findings[0];
  assert.equal(head?.cause, 'user-right-missing');
  assert.match(head.explanation, /sign in with a domain account/);
  assert.match(head.advice, /leave what a security baseline denies alone/);
  assert.doesNotMatch(`${head.explanation} ${head.advice}`, /remove|undo|take .* out of/i);
});

test('RestrictReceivingNTLMTraffic 1 is said to admit local accounts, wherever it is spoken of', async () => {
  const texts = (await reportsOf((base) => base.replace(/\bmember\b/, 'workgroup'))).flatMap(({ report }) =>
    [...foundIn(report), ...report.remarks.map(({ text }) => text)].filter((text) =>
      /RestrictReceivingNTLMTraffic/.test(text),
    ),
  );
  assert.ok(texts.length >= 4, `only ${texts.length}`);
  assert.deepEqual(
    texts.filter(
      (text) => !/[Ll]ocal accounts? (?:can|are stopped|.*only from)|admits local accounts/.test(text),
    ),
    [],
  );
});

/**
 * Suites for RSA keys and the build with which they came: Microsoft's pages "TLS Cipher Suites in Windows …"
 * of 7, 8.1, 10 v1607, 10 v22H2, Server 2022 and 11. `Infinity`: in none of them.
 */
const SUITES: readonly (readonly [string, number])[] = [
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 10_240],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 10_240],
  ['TLS_AES_256_GCM_SHA384', 20_348],
  ['TLS_AES_128_GCM_SHA256', 20_348],
  ['TLS_CHACHA20_POLY1305_SHA256', 20_348],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', Number.POSITIVE_INFINITY],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 0],
];

for (const os of Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[]) {
  test(`on ${os} no suite is called usable that it does not have`, async () => {
    for (const [suite, since] of SUITES) {
      const suffixed = SYSTEMS[os].build < 10_240 && suite.startsWith('TLS_ECDHE');
      const names = suffixed ? [suite, `${suite}_P256`] : [suite];
      const report = await reportOf(`${os} workgroup`, { [`${SSL_POLICY}!Functions`]: names.join(',') });
      const finding = report.findings.find(({ cause }) => cause === 'tls-no-common-suite');
      const text = `${finding?.explanation} ${finding?.advice}`;
      if (SYSTEMS[os].build < since) {
        assert.equal(finding?.verdict, 'confirmed', `${suite}: ${text}`);
        assert.doesNotMatch(text, /TLS_[A-Z]/, suite);
      } else {
        assert.match(text, new RegExp(suite));
        assert.notEqual(finding?.verdict, 'confirmed', `${suite}: ${text}`);
      }
    }
  });
}
