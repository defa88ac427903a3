// The JSON Schema of the report: every saved report fits it, and its words are those of the code.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { LOOKS } from '../../../src/core/model/cause.ts';
import { FACT_NAMES } from '../../../src/core/model/facts.ts';
import { UNKNOWN_WHYS } from '../../../src/core/model/observation.ts';
import { WARNING_CODES } from '../../../src/core/model/report.ts';
import { STAGES } from '../../../src/core/model/stage.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const SCHEMA = read('../../../docs/report.schema.json');
const validate = new Ajv2020({ allErrors: true }).compile(SCHEMA);

const names = readdirSync(new URL('../../golden', import.meta.url)).filter((name) => name.endsWith('.json'));

test('every saved report fits', () => {
  assert.ok(names.length > 10);
  for (const name of names) {
    assert.ok(validate(read(`../../golden/${name}`)), `${name}: ${JSON.stringify(validate.errors)}`);
  }
});

test('its words are those of the code', () => {
  const { $defs } = SCHEMA;
  assert.deepEqual($defs.fact.enum, [...FACT_NAMES]);
  assert.deepEqual($defs.warning.enum, [...WARNING_CODES]);
  assert.deepEqual($defs.why.enum, [...UNKNOWN_WHYS]);
  assert.deepEqual($defs.look.enum, [...LOOKS]);
  assert.deepEqual($defs.stage.enum, [...STAGES]);
});

const healthy = read('../../golden/healthy.json');
const name = { state: 'present', value: 'VM1', from: healthy.evidence['rdp.nla'].from };
const rows: readonly (readonly [what: string, report: unknown, fits: boolean])[] = [
  ['another witness', { ...healthy, evidence: { 'computer.name': { ...name, others: [name] } } }, true],
  ['another schema', { ...healthy, schema: 1 }, false],
  ['a warning without a code', { ...healthy, warnings: ['a text'] }, false],
  ['a warning with another code', { ...healthy, warnings: [{ code: 'x', text: 'y' }] }, false],
  ['a fact that is none', { ...healthy, evidence: { 'computer.nam': name } }, false],
  [
    'a value of a fact that is unknown',
    { ...healthy, evidence: { 'computer.name': { ...name, state: 'unknown' } } },
    false,
  ],
  ['a field that is none', { ...healthy, colour: 'red' }, false],
];
for (const [what, report, fits] of rows) {
  test(`${fits ? 'fits' : 'does not fit'}: ${what}`, () => assert.equal(validate(report), fits));
}
