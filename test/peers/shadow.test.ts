// Everything that the outside shows of FreeRDP's shadow server, the peer that does Network Level
// Authentication. What is expected follows from its configuration and from openssl, never from the product.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../src/core/model/report.ts';
import { type CertificateTruth, readCertificate } from './certificates.ts';
import { diagnose, mustSee, type Outside, outsideOf, seen } from './diagnose.ts';
import { requirePeer } from './require-peer.ts';
import { ALICE, startDisplay, startShadow } from './shadow.ts';

/** Server and product share one clock; FreeRDP states whole seconds, and the machine may be busy. */
const SKEW_SECONDS = 3;

const PROGRAMS = ['freerdp-shadow-cli', 'winpr-hash', 'Xvfb', 'openssl'] as const;

interface Row {
  readonly security: readonly string[];
  /** The answers to 0x0, 0x1, 0x3 and 0xB. Flags 3: extended client data and graphics pipeline. */
  readonly answers: readonly [string, string, string, string];
  readonly nla: Outside['nla'];
  readonly tls: Outside['tls'];
  readonly standard: Outside['standard'];
}

const NLA: Row = {
  security: ['/sec:nla', '+auth'],
  answers: ['failure 5', 'failure 5', 'selected 2, flags 3', 'selected 2, flags 3'],
  nla: 'required',
  tls: 'required',
  standard: 'refused',
};

const ROWS: Readonly<Record<string, Row>> = {
  nla: NLA,
  tls: {
    security: ['/sec:tls', '-auth'],
    answers: ['failure 1', 'selected 1, flags 3', 'selected 1, flags 3', 'selected 1, flags 3'],
    nla: 'refused',
    tls: 'required',
    standard: 'refused',
  },
  rdp: {
    security: ['/sec:rdp', '-auth'],
    answers: ['selected 0, flags 3', 'failure 2', 'failure 2', 'failure 2'],
    nla: 'refused',
    tls: 'refused',
    standard: 'accepted',
  },
  all: {
    security: ['+sec-nla', '+sec-tls', '+sec-rdp'],
    answers: ['selected 0, flags 3', 'selected 1, flags 3', 'selected 2, flags 3', 'selected 2, flags 3'],
    nla: 'offered',
    tls: 'offered',
    standard: 'accepted',
  },
};

function truth(row: Row, certificate: CertificateTruth): Outside {
  const speaksTls = row.tls !== 'refused';
  const doesNla = row.nla !== 'refused';
  return {
    negotiation: ['0x0', '0x1', '0x3', '0xB'].map((mask, index) => `${mask}: ${row.answers[index]}`),
    nla: row.nla,
    tls: row.tls,
    standard: row.standard,
    // Unless it is told otherwise it does standard RDP security without encryption.
    encryption: row.standard === 'accepted' ? 'level 0, methods 0' : 'absent',
    // OpenSSL's own defaults on Debian: security level 2 leaves 1.0 and 1.1 without a signature.
    tlsVersions: speaksTls ? ['1.2', '1.3'] : 'absent',
    certificate: speaksTls ? certificate : 'not seen',
    credsspVersion: doesNla ? 6 : 'not seen',
    ntlm: doesNla ? 'seen' : 'not seen',
    outcome: 'healthy',
    exitStatus: 0,
    findings: [],
    failedStages: [],
  };
}

/** FreeRDP states this machine's own name and clock, a Windows 7 that it is not, and no forest. */
function checkChallenge(report: Report): void {
  const { timestamp, ...names } = mustSee(report, 'ntlm.challenge');
  const short = hostname().split('.')[0] ?? '';
  assert.deepEqual(names, {
    netbiosComputer: short.toUpperCase(),
    netbiosDomain: short.toUpperCase(),
    dnsComputer: hostname(),
    dnsDomain: hostname(),
    osBuild: '6.1.7601',
  });
  const age = Math.abs(Date.now() - Date.parse(timestamp ?? ''));
  assert.ok(age < 30_000, `time stamp ${timestamp}`);
  const skew = mustSee(report, 'clock.skewSeconds');
  assert.ok(Math.abs(skew) < SKEW_SECONDS, `skew ${skew}`);
}

test('every fact about the shadow server', async (t) => {
  if (!requirePeer(t, ...PROGRAMS)) return;
  const display = await startDisplay(t);
  for (const [name, row] of Object.entries(ROWS)) {
    await t.test(name, async (t) => {
      const shadow = await startShadow(t, display, row.security);
      const diagnosis = await diagnose(shadow.port);
      assert.deepEqual(outsideOf(diagnosis), truth(row, await readCertificate(shadow.certificate)));
      assert.deepEqual(diagnosis.report.warnings, []);
      if (row.nla !== 'refused') checkChallenge(diagnosis.report);
      // Nobody asked for a sign-in, so none was made.
      assert.equal(diagnosis.report.evidence['nla.logon']?.state ?? 'unknown', 'unknown');
      assert.equal(attemptsIn(shadow.output()), 0);
    });
  }
});

test('one sign-in, and only one', async (t) => {
  if (!requirePeer(t, ...PROGRAMS)) return;
  const display = await startDisplay(t);
  const shadow = await startShadow(t, display, NLA.security);
  const signIn = async (password: string) => {
    const diagnosis = await diagnose(shadow.port, ['--user', ALICE.user], { RDPDOCTOR_PASSWORD: password });
    // The server's log comes through a pipe of its own.
    await sleep(300);
    return diagnosis;
  };

  await t.test('the right password', async () => {
    const { report, status, stderr } = await signIn(ALICE.password);
    assert.deepEqual(seen(report, 'nla.logon'), { status: 0, name: 'STATUS_SUCCESS' });
    assert.deepEqual([report.outcome, status], ['healthy', 0]);
    assert.equal(attemptsIn(shadow.output()), 1);
    checkSecrecy(report, stderr, ALICE.password);
  });

  // FreeRDP 2 drops the connection on a wrong password and states no status: that is not a status 0, and not
  // a wrong password proven either.
  await t.test('a wrong password', async () => {
    const before = attemptsIn(shadow.output());
    const { report, stderr } = await signIn('not-Her-Pa55word');
    assert.equal(report.evidence['nla.logon']?.state, 'unknown');
    assert.equal(attemptsIn(shadow.output()) - before, 1);
    checkSecrecy(report, stderr, 'not-Her-Pa55word');
  });
});

/** AUTHENTICATE messages that the server worked through, good or bad, as its own log counts them. */
function attemptsIn(log: string): number {
  return log.split('SEC_I_COMPLETE_NEEDED').length - 1;
}

function checkSecrecy(report: Report, stderr: string, password: string): void {
  assert.ok(!JSON.stringify(report).includes(password), 'the report holds the password');
  assert.ok(!stderr.includes(password), 'stderr holds the password');
}
