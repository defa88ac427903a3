// Wrote the evidence of the cases of a running machine beside it: node --import tsx test/golden/make-live-cases.ts
// Every name is made up. The machine is the Server 2022 member of test/cases, asked while it runs.
import { writeFileSync } from 'node:fs';
import { diagnose } from '../../src/core/engine/diagnosis.ts';
import { CLIENTS } from '../../src/core/knowledge/clients.ts';
import { inquireMachine } from '../../src/core/windows/machine.ts';
import { type Case, runOf } from '../cases/case.ts';
import { PLENTY, RUNNING, remembered, tried } from '../cases/live.ts';
import { service, TSPOL } from '../cases/settings.ts';
import { ask } from '../core/windows/fake-machine.ts';

const at = '2026-03-01T12:00:00.000Z';
const CBS = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';

/** Its account is disabled, its memory is low, a restart waits; and a policy forces what is set anyway. */
const MEMBER: Case = {
  id: 'golden',
  base: 'server-2022 member',
  set: {
    [`${CBS}\\RebootPending!x`]: 1,
    [`${TSPOL}!UserAuthentication`]: 1,
    [`${service('W32Time')}\\Parameters!Type`]: 'NT5DS',
  },
  live: {
    channel: { verify: tried(0, 1331), query: remembered(0) },
    services: { KeyIso: { state: 'stopped', exitCode: 1067 }, Dnscache: RUNNING },
    resources: { ...PLENTY, memory: { totalBytes: 2 ** 34, availableBytes: 50 * 2 ** 20 } },
  },
  user: { name: 'jsmith', domain: 'CORP' },
  expect: {},
  source: 'golden',
};

const { machine, user } = runOf(MEMBER);
if (machine === undefined || user === undefined) throw new Error('the case has a machine and an account');
const report = diagnose({
  target: 'vm1.corp.example',
  at,
  evidence: ask(machine, inquireMachine({ channel: 'rpc', observedAt: at, account: user })).value,
  context: { client: undefined, supportedClients: CLIENTS.filter(({ supported }) => supported), user },
  warnings: [],
  taken: ['--rpc'],
  available: ['HOST', '--user', '--client', '--full', '--disk', '--rpc'],
  suspected: [],
});
writeFileSync(new URL('running-member.json', import.meta.url), `${JSON.stringify(report, undefined, 2)}\n`);
