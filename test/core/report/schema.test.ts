// The shape of the JSON that scripts rely on: names, states and what is always there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { diagnose } from '../../../src/core/engine/diagnosis.ts';
import { type Evidence, FACT_NAMES } from '../../../src/core/model/facts.ts';
import { unknown } from '../../../src/core/model/observation.ts';
import { type Report, WARNING_CODES } from '../../../src/core/model/report.ts';
import { renderJson } from '../../../src/core/report/layout.ts';
import { causeOf, HEALTHY, JUDGE, seeing } from '../engine/reports.ts';

function reportOf(evidence: Evidence, symptom?: string): Report {
  return diagnose({
    target: 'vm1',
    at: '2026-03-01T12:00:00.000Z',
    evidence,
    context: { client: undefined, supportedClients: [] },
    warnings: [{ code: 'disk-anomaly', text: 'a warning' }],
    taken: ['HOST'],
    available: ['HOST', '--user'],
    suspected: [],
    ...(symptom === undefined ? {} : { symptom }),
  });
}

const dead = { state: 'timeout', millis: 5000, address: '192.0.2.4', addresses: [] } as const;
const REPORTS: Readonly<Record<string, Report>> = {
  healthy: reportOf(seeing(HEALTHY)),
  failing: reportOf(
    { ...seeing({ 'tcp.connect': dead }), 'rdp.nla': unknown('no-channel', 'x') },
    'an error',
  ),
  crashed: diagnose(
    {
      target: 'vm1',
      at: '2026-03-01T12:00:00.000Z',
      evidence: {},
      context: { client: undefined, supportedClients: [] },
      warnings: [],
      taken: [],
      available: [],
      suspected: [],
    },
    [causeOf('broken', JUDGE.crashed), causeOf('open', JUDGE.inconclusive)],
  ),
};

/** Reads what a program would read. */
function read(name: string): Record<string, unknown> {
  return JSON.parse(renderJson(REPORTS[name]));
}

function oneOf(value: unknown, ...words: readonly string[]): void {
  assert.ok(typeof value === 'string' && words.includes(value), `${value} is none of ${words.join(', ')}`);
}

function rows(value: unknown): readonly Record<string, unknown>[] {
  assert.ok(Array.isArray(value));
  return value;
}

function strings(value: unknown): void {
  for (const each of rows(value)) assert.equal(typeof each, 'string');
}

for (const name of Object.keys(REPORTS)) {
  test(`schema: the report, ${name}`, () => {
    const report = read(name);
    assert.deepEqual(
      Object.keys(report).filter((key) => !['symptom', 'suspected', 'client', 'user'].includes(key)),
      [
        'schema',
        'target',
        'at',
        'looks',
        'outcome',
        'stages',
        'evidence',
        'subjects',
        'findings',
        'remarks',
        'notExamined',
        'next',
        'warnings',
      ],
    );
    assert.equal(report['schema'], 2);
    assert.match(String(report['at']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    oneOf(report['outcome'], 'healthy', 'explained', 'unexplained', 'blind');
    strings(report['looks']);
    for (const place of ['notExamined', 'warnings', 'remarks']) {
      for (const { code, text, ...others } of rows(report[place])) {
        assert.match(String(code), /^[a-z]+(?:-[a-z]+)*$/);
        assert.match(String(text), /\S/);
        assert.deepEqual(others, {});
      }
    }
  });

  test(`schema: stages, ${name}`, () => {
    const stages = rows(read(name)['stages']);
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      ['reach', 'negotiate', 'tls', 'credssp', 'logon', 'session'],
    );
    for (const { state, detail } of stages) {
      oneOf(state, 'passed', 'failed', 'unknown');
      assert.equal(typeof detail, 'string');
    }
  });

  test(`schema: evidence, ${name}`, () => {
    const { evidence } = read(name);
    assert.ok(typeof evidence === 'object' && evidence !== null);
    assert.deepEqual(Object.keys(evidence), [...FACT_NAMES]);
    for (const observation of Object.values(evidence)) {
      oneOf(observation.state, 'present', 'absent', 'unknown');
      if (observation.state === 'unknown') {
        oneOf(observation.why, 'not-gathered', 'no-channel', 'denied', 'timeout', 'corrupt');
        assert.ok(!('from' in observation) && !('value' in observation));
      } else {
        assert.deepEqual(Object.keys(observation.from), ['gatherer', 'channel', 'locator', 'observedAt']);
        assert.equal('value' in observation, observation.state === 'present');
      }
    }
  });

  test(`schema: findings, ${name}`, () => {
    const findings = rows(read(name)['findings']);
    assert.ok(findings.length > 0);
    for (const finding of findings) {
      oneOf(finding['verdict'], 'confirmed', 'likely', 'ruled-out', 'inconclusive', 'crashed');
      for (const key of ['cause', 'title', 'stage', 'explanation', 'advice']) {
        assert.equal(typeof finding[key], 'string', key);
      }
      strings(finding['because']);
      strings(finding['remedies']);
      const open = finding['verdict'] === 'inconclusive';
      assert.equal('missing' in finding, open);
      assert.equal('settledBy' in finding, open);
      const rests = rows(finding['because']).length > 0;
      assert.equal(rests, !open && finding['verdict'] !== 'crashed', String(finding['cause']));
    }
  });

  test(`schema: next, ${name}`, () => {
    for (const { look, why, available, ...others } of rows(read(name)['next'])) {
      assert.equal(typeof look, 'string');
      assert.equal(typeof why, 'string');
      assert.equal(typeof available, 'boolean');
      assert.deepEqual(others, {});
    }
  });
}

test('every code of a warning stands in docs/report.md, and no other', () => {
  const page = readFileSync(new URL('../../../docs/report.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split('## Codes of warnings');
  const codes = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
  assert.deepEqual(codes, [...WARNING_CODES]);
});

test('schema: the outside facts have the names of the contract', () => {
  const contract = [
    'tcp.connect',
    'rdp.negotiation',
    'rdp.nla',
    'rdp.tls',
    'rdp.standard',
    'rdp.encryption',
    'tls.versions',
    'tls.ciphers',
    'tls.certificate',
    'credssp.version',
    'ntlm.challenge',
    'clock.skewSeconds',
    'nla.logon',
  ];
  const names: readonly string[] = FACT_NAMES;
  assert.deepEqual(
    contract.filter((name) => !names.includes(name)),
    [],
  );
});

test('schema: what was found is what the report says', () => {
  assert.equal(read('healthy')['outcome'], 'healthy');
  assert.equal(read('failing')['outcome'], 'explained');
  assert.equal(read('failing')['symptom'], 'an error');
  assert.ok(!('symptom' in read('healthy')));
  assert.equal(read('crashed')['outcome'], 'blind');
});
