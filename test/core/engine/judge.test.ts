import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeAll } from '../../../src/core/engine/judge.ts';
import type { Cause, Judgement } from '../../../src/core/model/cause.ts';
import { type Evidence, FACT_NAMES } from '../../../src/core/model/facts.ts';
import { STAGES } from '../../../src/core/model/stage.ts';
import { causeOf, HEALTHY, JUDGE, seeing } from './reports.ts';

const CONTEXT = { client: undefined, supportedClients: [] };
const VERDICTS = ['confirmed', 'likely', 'crashed', 'inconclusive', 'ruled-out'] as const;

function rank(...causes: readonly Cause[]): readonly string[] {
  return judgeAll(seeing(HEALTHY), CONTEXT, causes).findings.map(({ cause }) => cause);
}

test('ranked by verdict first, whatever stage and estimate say', () => {
  const causes = VERDICTS.map((verdict, index) =>
    causeOf(verdict, JUDGE[verdict], { stage: STAGES[4 - index] ?? 'reach', prior: index }),
  );
  assert.deepEqual(rank(...causes.toReversed()), VERDICTS);
});

test('then by stage, since an earlier one hides the later ones', () => {
  const causes = STAGES.map((stage, index) => causeOf(stage, JUDGE.likely, { stage, prior: index }));
  assert.deepEqual(rank(...causes.toReversed()), STAGES);
});

test('then by how often it is the reason', () => {
  const rare = causeOf('rare', JUDGE.likely, { prior: 0.01 });
  const frequent = causeOf('frequent', JUDGE.likely, { prior: 0.2 });
  assert.deepEqual(rank(rare, frequent), ['frequent', 'rare']);
});

test('the ranking is the same whatever order the causes come in', () => {
  const causes = VERDICTS.flatMap((verdict) =>
    STAGES.map((stage, index) =>
      causeOf(`${verdict} ${stage}`, JUDGE[verdict], { stage, prior: 0.01 * index }),
    ),
  );
  const ranking = rank(...causes);
  fc.assert(
    fc.property(fc.shuffledSubarray(causes, { minLength: causes.length }), (shuffled) => {
      assert.deepEqual(rank(...shuffled), ranking);
    }),
  );
});

test('a cause receives the facts that it declared and no others', () => {
  const received: Evidence[] = [];
  const cause = causeOf('curious', JUDGE.likely, {
    uses: ['tcp.connect', 'rdp.nla', 'tls.ciphers'],
    judge: (evidence) => {
      received.push(evidence);
      return JUDGE.likely();
    },
  });
  const evidence = seeing(HEALTHY);
  judgeAll(evidence, CONTEXT, [cause]);
  assert.deepEqual(received, [
    {
      'tcp.connect': evidence['tcp.connect'],
      'rdp.nla': evidence['rdp.nla'],
      'tls.ciphers': undefined,
    },
  ]);
  assert.ok(FACT_NAMES.length > 3);
});

test('a cause that throws is crashed, says why, and the others go on', () => {
  const {
    findings: [crashed, other],
  } = judgeAll(seeing(HEALTHY), CONTEXT, [
    causeOf('other', JUDGE['ruled-out']),
    causeOf('broken', JUDGE.crashed, { remedies: ['r'] }),
  ]);
  assert.deepEqual(crashed, {
    cause: 'broken',
    title: 'Title of broken',
    stage: 'tls',
    advice: 'Advice on broken.',
    remedies: ['r'],
    verdict: 'crashed',
    because: [],
    explanation:
      'Judging this cause failed (a fault in judging): this is a bug in rdpdoctor, not a fault of the target.',
  });
  assert.equal(other?.verdict, 'ruled-out');
});

test('whatever is thrown is caught', () => {
  for (const thrown of ['text', undefined, null, 7]) {
    const judge = (): never => {
      throw thrown;
    };
    const [finding] = judgeAll(seeing(HEALTHY), CONTEXT, [causeOf('odd', judge)]).findings;
    assert.equal(finding?.verdict, 'crashed');
    assert.match(finding?.explanation ?? '', /no reason given/);
  }
});

test('an inconclusive finding names what is missing and who could settle it', () => {
  const [finding] = judgeAll(seeing(HEALTHY), CONTEXT, [causeOf('open', JUDGE.inconclusive)]).findings;
  assert.deepEqual(finding?.missing, ['tls.versions']);
  assert.deepEqual(finding?.settledBy, ['--disk']);
  assert.deepEqual(finding?.because, []);
});

test('a remark is told of every verdict, in the order of the findings; where there is none, nothing is', () => {
  const causes = (['inconclusive', 'likely', 'ruled-out'] as const).map((verdict) =>
    causeOf(verdict, () => ({ ...JUDGE[verdict](), remark: `${verdict} too.` })),
  );
  const { remarks } = judgeAll(seeing(HEALTHY), CONTEXT, [...causes, causeOf('mute', JUDGE.likely)]);
  assert.deepEqual(remarks, [
    { code: 'likely', text: 'likely too.' },
    { code: 'inconclusive', text: 'inconclusive too.' },
    { code: 'ruled-out', text: 'ruled-out too.' },
  ]);
});

test('advice of a judgement stands in the place of that of its cause', () => {
  const fitting = causeOf('fitting', () => ({ ...JUDGE.likely(), advice: 'Do this instead.' }) as Judgement);
  const [own] = judgeAll(seeing(HEALTHY), CONTEXT, [fitting]).findings;
  assert.equal(own?.advice, 'Do this instead.');
  const [usual] = judgeAll(seeing(HEALTHY), CONTEXT, [causeOf('usual', JUDGE.likely)]).findings;
  assert.equal(usual?.advice, 'Advice on usual.');
});

test('a finding carries what its cause and its judgement say, and nothing besides', () => {
  const [likely, open] = judgeAll(seeing(HEALTHY), CONTEXT, [
    causeOf('open', JUDGE.inconclusive, { remedies: ['r'] }),
    causeOf('maybe', JUDGE.likely, { remedies: ['r'] }),
  ]).findings;
  const common = { stage: 'tls', remedies: ['r'] };
  assert.deepEqual(likely, {
    ...{ cause: 'maybe', title: 'Title of maybe', advice: 'Advice on maybe.', ...common },
    ...{ verdict: 'likely', because: ['tcp.connect'], explanation: 'Indicated.' },
  });
  assert.deepEqual(open, {
    ...{ cause: 'open', title: 'Title of open', advice: 'Advice on open.', ...common },
    ...{ verdict: 'inconclusive', because: [], missing: ['tls.versions'], explanation: 'Not known.' },
    settledBy: ['--disk'],
  });
});

test('the context reaches the cause', () => {
  const asked = { ...CONTEXT, suspected: ['x'] };
  let received: unknown;
  const cause = causeOf('curious', JUDGE.likely, {
    judge: (_, context) => {
      received = context;
      return JUDGE.likely();
    },
  });
  judgeAll(seeing(HEALTHY), asked, [cause]);
  assert.deepEqual(received, asked);
});
