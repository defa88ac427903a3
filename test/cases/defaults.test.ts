// Nothing is confirmed on what Windows does where nothing is set, unless a page says what that is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../src/core/model/report.ts';
import { KEY_FILE } from '../core/windows/build-certificate.ts';
import { type Case, GONE, runOf } from './case.ts';
import { event, SYSTEM_LOG } from './logs.ts';
import { perform } from './run.ts';
import { RDP, rights, type Settings, STORES, TS } from './settings.ts';
import { defaultRights, SID } from './systems.ts';

const judge = (base: string, set: Settings, more: Partial<Case> = {}): Promise<Report> =>
  perform(runOf({ id: '', base, set, expect: {}, source: '', ...more }));

const verdictOf = ({ findings }: Report, cause: string) =>
  findings.find((finding) => finding.cause === cause)?.verdict;

const NO_LAYER: Settings = { [`${RDP}!SecurityLayer`]: null };
const NO_STORE: Settings = { [`${STORES}\\Remote Desktop`]: null };
const NO_NEW = {
  [SYSTEM_LOG]: [event('Microsoft-Windows-TerminalServices-RemoteConnectionManager', 1057, 1)],
};
const NO_NAME: Settings = {
  [`${RDP}!SelfSignedCertificate`]: null,
  [`${RDP}!SelfSignedCertStore`]: null,
  ...NO_STORE,
};

/** The cause, what is set, what is taken away, and whatever else the case needs. */
const ROWS: readonly (readonly [cause: string, set: Settings, gone: Settings, more: Partial<Case>])[] = [
  ['certificate-key-unreadable', {}, NO_LAYER, { files: { [KEY_FILE]: GONE } }],
  ['certificate-missing', NO_STORE, NO_LAYER, {}],
  ['certificate-missing', NO_NAME, NO_LAYER, { events: NO_NEW }],
  ['rdp-disabled', { [`${TS}!fDenyTSConnections`]: 1 }, { [`${TS}!fDenyTSConnections`]: null }, {}],
];

for (const [cause, set, gone, more] of ROWS) {
  test(`${cause} is confirmed on a value, and likely where ${Object.keys(gone)[0]} is not set`, async () => {
    const base = 'server-2022 workgroup';
    assert.equal(verdictOf(await judge(base, set, more), cause), 'confirmed');
    const report = await judge(base, { ...set, ...gone }, more);
    assert.equal(verdictOf(report, cause), 'likely');
    assert.match(
      report.findings.find((finding) => finding.cause === cause)?.explanation ?? '',
      /not set|default/,
    );
  });

  test(`${cause}: what could not be read is no value either`, async () => {
    const report = await judge('server-2022 workgroup', set, { ...more, unreadable: Object.keys(gone) });
    assert.notEqual(verdictOf(report, cause), 'confirmed');
  });
}

test('a right that only NLA needs proves nothing where NLA was not read', async () => {
  const denied = rights({ ...defaultRights('workgroup'), denyNetwork: [SID.everyone] });
  const base = 'server-2022 workgroup';
  assert.equal(verdictOf(await judge(base, denied), 'user-right-missing'), 'confirmed');
  const report = await judge(base, denied, { unreadable: [`${RDP}!UserAuthentication`] });
  assert.equal(verdictOf(report, 'user-right-missing'), 'likely');
});
