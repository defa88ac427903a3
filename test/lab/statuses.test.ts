// Each status of a refused sign-in, stated by our own listener: rdpdoctor names its cause, with the exit status of a
// cause, and xfreerdp, which nobody here wrote, reads the same status in its log.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Verdict } from '../../src/core/model/cause.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { diagnose } from '../peers/diagnose.ts';
import { requirePeer } from '../peers/require-peer.ts';
import { startDisplay } from '../peers/shadow.ts';
import { xfreerdp } from '../peers/tools.ts';

// Names and numbers: [MS-ERREF] 2.3.1.
const ROWS: readonly (readonly [
  status: number,
  name: string,
  cause: string,
  verdict: Verdict,
  says: RegExp,
])[] = [
  [0xc000006d, 'STATUS_LOGON_FAILURE', 'credentials-wrong', 'confirmed', /does not say which/],
  [0xc000006a, 'STATUS_WRONG_PASSWORD', 'credentials-wrong', 'confirmed', /password is wrong/],
  [0xc0000064, 'STATUS_NO_SUCH_USER', 'credentials-wrong', 'confirmed', /no such user/],
  [0xc0000234, 'STATUS_ACCOUNT_LOCKED_OUT', 'account-locked', 'confirmed', /locked/],
  [0xc0000072, 'STATUS_ACCOUNT_DISABLED', 'account-disabled', 'confirmed', /disabled/],
  [0xc0000193, 'STATUS_ACCOUNT_EXPIRED', 'account-expired', 'confirmed', /expiry date/],
  [0xc0000071, 'STATUS_PASSWORD_EXPIRED', 'password-expired', 'confirmed', /has expired/],
  [0xc0000224, 'STATUS_PASSWORD_MUST_CHANGE', 'password-expired', 'confirmed', /must be changed/],
  [0xc000006e, 'STATUS_ACCOUNT_RESTRICTION', 'account-restricted', 'confirmed', /Protected Users/],
  [0xc000006f, 'STATUS_INVALID_LOGON_HOURS', 'account-restricted', 'confirmed', /logon hours/],
  [0xc0000070, 'STATUS_INVALID_WORKSTATION', 'account-restricted', 'confirmed', /workstation/],
  [0xc000015b, 'STATUS_LOGON_TYPE_NOT_GRANTED', 'user-right-missing', 'confirmed', /right/],
  [0xc0000133, 'STATUS_TIME_DIFFERENCE_AT_DC', 'clock-skew', 'likely', /too far apart/],
  [0xc000005e, 'STATUS_NO_LOGON_SERVERS', 'domain-controller-unreachable', 'likely', /no domain controller/],
  [0xc000018d, 'STATUS_TRUSTED_RELATIONSHIP_FAILURE', 'secure-channel-broken', 'likely', /trust/],
  [0xc0000190, 'STATUS_TRUST_FAILURE', 'secure-channel-broken', 'likely', /trust/],
  [
    0xc000018b,
    'STATUS_NO_TRUST_SAM_ACCOUNT',
    'computer-account-missing',
    'likely',
    /no usable account for this/,
  ],
];

async function labWith(t: TestContext, credssp: { logonStatus?: number; refuse?: number }): Promise<Lab> {
  const lab = await startLab({ credssp });
  t.after(() => lab.close());
  return lab;
}

const SECRET = { RDPDOCTOR_PASSWORD: 'Passw0rd!' };

describe('what the listener answers the one attempt', { concurrency: 2 }, () => {
  for (const [status, name, cause, verdict, says] of ROWS) {
    test(`${name}: ${cause} ${verdict}`, { timeout: 60_000 }, async (t) => {
      const lab = await labWith(t, { logonStatus: status });
      const { report, status: exit } = await diagnose(lab.port, ['--user', 'CORP\\alice'], SECRET);
      const [first] = report.findings;
      assert.deepEqual([first?.cause, first?.verdict], [cause, verdict]);
      assert.match(first?.explanation ?? '', says);
      assert.equal(report.stages.find(({ state }) => state === 'failed')?.stage, 'logon');
      assert.equal(exit, 1);

      if (!requirePeer(t, 'xfreerdp', 'Xvfb')) return;
      const opinion = await xfreerdp(lab.port, await startDisplay(t), SECRET.RDPDOCTOR_PASSWORD);
      const code = status.toString(16).toUpperCase();
      assert.match(opinion.stdout + opinion.stderr, new RegExp(`${name} \\[0x${code}\\]`));
    });
  }
});

test('a sign-in that is accepted rules every state of the account out', { timeout: 60_000 }, async (t) => {
  const lab = await labWith(t, {});
  const { report, status } = await diagnose(lab.port, ['--user', 'CORP\\alice'], SECRET);
  const causes = [...new Set(ROWS.map(([, , cause]) => cause))].filter((cause) =>
    /^acc|^pass|^cred/.test(cause),
  );
  assert.equal(causes.length, 6);
  for (const cause of causes) {
    assert.equal(report.findings.find((finding) => finding.cause === cause)?.verdict, 'ruled-out', cause);
  }
  assert.equal(status, 0);
});

describe('what it answers before any name was sent', { concurrency: 2 }, () => {
  for (const [status, name, cause] of ROWS) {
    test(`${name}: ${cause} likely`, { timeout: 60_000 }, async (t) => {
      const lab = await labWith(t, { refuse: status });
      const { report, status: exit } = await diagnose(lab.port);
      const [first] = report.findings;
      assert.deepEqual([first?.cause, first?.verdict, first?.because], [cause, 'likely', ['ntlm.refusal']]);
      assert.equal(report.stages.find(({ state }) => state === 'failed')?.stage, 'credssp');
      assert.equal(exit, 1);
    });
  }
});
