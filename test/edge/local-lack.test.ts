// What this machine lacks to reach an address is told as such, and is no word on the target.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Report } from '../../src/core/model/report.ts';
import { checkReport } from './check-report.ts';
import { MainProcess } from './run-main.ts';

let program: MainProcess;
before(async () => {
  program = await MainProcess.start();
});
after(() => program.end());

const skip = process.platform === 'linux' ? false : 'error codes of Linux';

for (const [host, says] of [
  [
    '[fe80::1%eth99]',
    'this machine has no network interface eth99, through which fe80::1%eth99 would be reached',
  ],
  ['fe80::1', 'fe80::1 is on every network: name the interface of this machine as well, as in fe80::1%eth0'],
] as const) {
  test(`${host}: too little could be seen, and why`, { skip }, async () => {
    const { status, stdout } = await program.run(['diagnose', host, '--json', '--timeout', '3']);
    const report: Report = JSON.parse(stdout);
    checkReport(report);
    const connect = report.evidence['tcp.connect'];
    assert.deepEqual(connect, { state: 'unknown', why: 'no-channel', detail: says });
    assert.deepEqual([report.outcome, status], ['blind', 3]);
  });
}

for (const host of ['224.0.0.1', 'ff02::1']) {
  test(`${host}: no route is told to be the matter of this machine`, { skip }, async () => {
    const { status, stdout } = await program.run(['diagnose', host, '--json', '--timeout', '3']);
    const report: Report = JSON.parse(stdout);
    checkReport(report);
    const connect = report.evidence['tcp.connect'];
    assert.ok(connect?.state === 'present');
    assert.deepEqual(
      [connect.value.state, connect.value.detail],
      ['unreachable', `this machine has no route to ${host}`],
    );
    assert.equal(report.stages[0]?.detail, `this machine has no route to ${host}`);
    const [first] = report.findings;
    assert.equal(first?.cause, 'port-unreachable');
    assert.match(
      first?.explanation ?? '',
      /The reason is on this machine, not at the target: this machine has no route to /,
    );
    assert.equal(status, 1);
  });
}
