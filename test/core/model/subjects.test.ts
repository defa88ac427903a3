// What was seen of others than the target: put together, masked, saved and shown as the target's own facts are.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AVAILABLE_LOOKS } from '../../../src/app/diagnose-target.ts';
import { inputOf, judgeRedacted, judgeSaved } from '../../../src/app/judge-saved.ts';
import { type DiagnosisInput, diagnose } from '../../../src/core/engine/diagnosis.ts';
import { SUPPORTED_CLIENTS } from '../../../src/core/knowledge/clients.ts';
import { type Observation, present, unknown } from '../../../src/core/model/observation.ts';
import { mergeSubjects, parseSubject, type Subjects, subjectsOf } from '../../../src/core/model/subjects.ts';
import { renderText } from '../../../src/core/report/text.ts';

const named = (name: string, channel: string): Observation<string> =>
  present(name, { gatherer: 'identity', channel, locator: 'SYSTEM', observedAt: '2026-11-27T01:00:00.000Z' });

const denied = unknown<string>('denied', 'access denied');

const SEEN: Subjects = mergeSubjects([
  { 'sibling:vm2': { evidence: { 'computer.name': denied } } },
  undefined,
  {
    'sibling:vm2': { evidence: { 'computer.name': named('VM2', 'ssh') } },
    'sibling:vm3': { evidence: { 'computer.name': named('VM3', 'rpc') } },
  },
]);

const INPUT: DiagnosisInput = {
  target: 'vm1',
  at: '2026-11-27T01:00:00.000Z',
  evidence: {},
  subjects: SEEN,
  context: { client: undefined, supportedClients: SUPPORTED_CLIENTS },
  warnings: [],
  taken: ['HOST'],
  available: AVAILABLE_LOOKS,
  suspected: [],
};

suite('subjects', () => {
  test('a name says its role', () => {
    assert.deepEqual(parseSubject('domain-controller:dc1.corp.example'), {
      role: 'domain-controller',
      name: 'dc1.corp.example',
    });
    for (const text of ['vm2', 'friend:vm2', 'sibling:', ':vm2', '']) {
      assert.equal(parseSubject(text), undefined, text);
    }
  });

  test('witnesses of one subject are weighed, and those of another are another matter', () => {
    assert.deepEqual(SEEN, {
      'sibling:vm2': { evidence: { 'computer.name': { ...named('VM2', 'ssh'), others: [denied] } } },
      'sibling:vm3': { evidence: { 'computer.name': named('VM3', 'rpc') } },
    });
    assert.deepEqual(
      subjectsOf(SEEN, 'sibling').map(({ name }) => name),
      ['vm2', 'vm3'],
    );
    assert.deepEqual(subjectsOf(SEEN, 'domain'), []);
    assert.deepEqual(subjectsOf(undefined, 'domain'), []);
  });

  test('a report has them apart from the target, and judges them again from what was saved', () => {
    const report = diagnose(INPUT);
    assert.deepEqual(report.subjects, SEEN);
    assert.equal(report.evidence['computer.name']?.state, 'unknown');
    assert.deepEqual(inputOf(report).subjects, SEEN);
    assert.deepEqual(judgeSaved(report), report);
  });

  test('two witnesses who contradict each other about a sibling are a warning that names it', () => {
    const subjects = mergeSubjects([
      { 'sibling:vm2': { evidence: { 'computer.name': named('VM2', 'ssh') } } },
      { 'sibling:vm2': { evidence: { 'computer.name': named('VM9', 'rpc') } } },
    ]);
    const [warning] = diagnose({ ...INPUT, subjects }).warnings;
    assert.equal(warning?.code, 'witnesses-disagree');
    assert.match(warning?.text ?? '', /^sibling:vm2: computer\.name /);
  });

  test('the text shows them under their own heading', () => {
    const text = renderText(diagnose(INPUT), { colour: false, width: 80, verbose: false });
    assert.match(text, /^Seen of sibling vm2$/m);
    assert.match(text, /^Seen of sibling vm3$/m);
  });

  test('masked, their names are nobody’s, and the same one is the same word', () => {
    const { report } = judgeRedacted({ ...INPUT, target: 'vm2' });
    const text = JSON.stringify(report.subjects);
    assert.doesNotMatch(text, /vm[23]/i);
    const [first = ''] = Object.keys(report.subjects);
    assert.equal(first, `sibling:${report.target}`);
  });
});
