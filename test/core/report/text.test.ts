import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding, Report } from '../../../src/core/model/report.ts';
import { renderText, type TextOptions } from '../../../src/core/report/text.ts';
import { loadReport, renderings, savedReports } from '../../golden/renderings.ts';
import { findingOf, stagesOf } from '../engine/reports.ts';

const PLAIN = { width: 80, colour: false, verbose: false };

for (const { file, render } of renderings()) {
  test(`golden: ${file.pathname.split('/').at(-1)}`, () => {
    assert.equal(render(), readFileSync(file, 'utf8'), 'npm run golden writes what is rendered now');
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes of colours
const ANSI = /\u001b\[\d+m/g;

for (const name of savedReports()) {
  test(`colour only repeats the words: ${name}`, () => {
    for (const verbose of [false, true]) {
      const plain = renderText(loadReport(name), { ...PLAIN, verbose });
      const coloured = renderText(loadReport(name), { ...PLAIN, verbose, colour: true });
      assert.ok(!plain.includes('\u001b'));
      assert.match(coloured, ANSI);
      assert.equal(coloured.replace(ANSI, ''), plain);
    }
  });
}

test('evidence of another day says so: answers that a person brought may be a week old', () => {
  const report = loadReport('running-member');
  const channel = report.evidence['secureChannel.state'];
  assert.ok(channel?.state === 'present');
  const old = { ...channel, from: { ...channel.from, observedAt: '2026-02-22T11:30:00.000Z' } };
  const aged = { ...report, evidence: { ...report.evidence, 'secureChannel.state': old } };
  assert.match(renderText(report, PLAIN), /secureChannel\.state, live:secure-channel at 12:00:00 UTC/);
  assert.match(renderText(aged, PLAIN), /live:secure-channel at 2026-02-22 11:30:00\s+UTC/);
});

/** No line is too long but one that is a single word, after its head. */
function checkWidth(text: string, width: number): void {
  for (const line of text.split('\n')) {
    if (line.length <= width) continue;
    const words = line.replace(/^ *(?:- |\[.\] )?(?:[a-z-]+:? +)?/, '');
    assert.doesNotMatch(words, /\S \S/, `${line.length} columns: ${line}`);
  }
}

for (const name of savedReports()) {
  for (const width of [20, 40, 57, 80, 100]) {
    test(`width: ${name} at ${width}`, () => {
      for (const verbose of [false, true]) {
        checkWidth(renderText(loadReport(name), { width, colour: false, verbose }), width);
      }
    });
  }
}

test('width: whatever is found, no line is too long', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,14}$/), { maxLength: 60 }).map((list) => list.join(' '));
  const finding = fc.record({
    cause: fc.stringMatching(/^[a-z]{3,12}(-[a-z]{3,12}){0,2}$/),
    title: words,
    explanation: words,
    advice: words,
    verdict: fc.constantFrom<Finding['verdict']>(
      'confirmed',
      'likely',
      'crashed',
      'inconclusive',
      'ruled-out',
    ),
  });
  fc.assert(
    fc.property(
      fc.array(finding, { maxLength: 5 }),
      words,
      fc.integer({ min: 40, max: 100 }),
      fc.boolean(),
      (findings, symptom, width, verbose) => {
        const report: Report = {
          ...loadReport('tls-off'),
          symptom,
          findings: findings.map((each) => ({ ...findingOf(each.cause, each.verdict), ...each })),
        };
        checkWidth(renderText(report, { width, colour: false, verbose }), width);
      },
    ),
  );
});

test('every mark stands where it belongs, with its word', () => {
  const verdicts = ['confirmed', 'likely', 'crashed'] as const;
  const report: Report = {
    ...loadReport('healthy'),
    outcome: 'explained',
    stages: stagesOf('pfu'),
    findings: [
      ...verdicts.map((verdict) => findingOf(`${verdict}-cause`, verdict)),
      findingOf('open-cause', 'inconclusive', 'reach'),
      findingOf('calm-cause', 'ruled-out'),
    ],
  };
  const text = renderText(report, { ...PLAIN, verbose: true });
  for (const line of [
    '  [✓] reach      detail of reach',
    '  [✗] negotiate  detail of negotiate',
    '  [?] tls        detail of tls',
    '[✗] Title of confirmed-cause',
    '    confirmed-cause (confirmed)',
    '[!] Title of likely-cause',
    '    likely-cause (likely)',
    '[☠] Title of crashed-cause',
    '    crashed-cause (crashed)',
    '  [?] open-cause',
    '  [✓] calm-cause',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
  }
});

const headlines: readonly (readonly [name: string, but: Partial<Report>, words: RegExp])[] = [
  [
    'confirmed',
    { outcome: 'explained', stages: stagesOf('ppf'), findings: [findingOf('a', 'confirmed')] },
    /^The sign-in stops at tls: Title of a\.$/m,
  ],
  [
    'likely, where it stops',
    {
      outcome: 'explained',
      stages: stagesOf('ppf'),
      findings: [findingOf('z', 'likely', 'reach'), findingOf('a', 'likely')],
    },
    /^The sign-in stops at tls; the likely cause: Title of a\.$/m,
  ],
  [
    'likely, and it stops elsewhere',
    { outcome: 'explained', stages: stagesOf('ppppf'), findings: [findingOf('a', 'likely')] },
    /^The sign-in stops at logon, and what was found does not explain that: Title of\na\.$/m,
  ],
  [
    'confirmed behind the stage where it stops',
    {
      outcome: 'explained',
      stages: stagesOf('pf'),
      findings: [findingOf('a', 'confirmed', 'tls'), findingOf('b', 'likely', 'negotiate')],
    },
    /^The sign-in stops at negotiate; the likely cause: Title of b\.$/m,
  ],
  [
    'a status of the attempt names a cause of another stage',
    {
      outcome: 'explained',
      stages: stagesOf('ppppf'),
      findings: [{ ...findingOf('a', 'likely', 'credssp'), because: ['nla.logon'] }],
    },
    /^The sign-in stops at logon; the likely cause: Title of a\.$/m,
  ],
  [
    'a crash at the stage where it stops explains nothing',
    {
      outcome: 'explained',
      stages: stagesOf('ppf'),
      findings: [findingOf('a', 'likely', 'logon'), findingOf('b', 'crashed')],
    },
    /^The sign-in stops at tls, and what was found does not explain that: Title of a\.$/m,
  ],
  [
    'likely, and nothing stops here',
    { outcome: 'explained', stages: stagesOf('pppp'), findings: [findingOf('a', 'likely')] },
    /^No stage failed here, but some clients or users may not get in: Title of a\.$/m,
  ],
  ['healthy', { outcome: 'healthy', findings: [] }, /^No cause was found in what could be seen from here\./m],
  [
    'unexplained',
    { outcome: 'unexplained', stages: stagesOf('pppf'), findings: [] },
    /^The sign-in stops at credssp, and no cause that can be judged from here/m,
  ],
  ['blind', { outcome: 'blind', stages: stagesOf('p'), findings: [] }, /^Too little could be seen/m],
  [
    'blind, after something',
    { outcome: 'blind', stages: stagesOf('pp'), findings: [] },
    /^No cause was found, but nothing beyond negotiate could be seen well enough/m,
  ],
];
for (const [name, but, words] of headlines) {
  test(`headline: ${name}`, () =>
    assert.match(renderText({ ...loadReport('healthy'), ...but }, PLAIN), words));
}

test('what lies behind the stage where it stops is named and not told', () => {
  const report: Report = {
    ...loadReport('healthy'),
    stages: stagesOf('pf'),
    findings: [findingOf('before', 'inconclusive', 'negotiate'), findingOf('behind', 'inconclusive', 'tls')],
  };
  const brief = renderText(report, PLAIN);
  assert.match(brief, /Still open\n {2}\[\?\] before\n {6}Because\.\n {2}not reached: behind\n/);
  const verbose = renderText(report, { ...PLAIN, verbose: true });
  assert.match(verbose, /\[\?\] behind\n {6}Because\./);
});

test('what nobody was asked to look at is named and not told', () => {
  const unasked = {
    ...findingOf('unasked', 'inconclusive', 'negotiate'),
    missing: ['fips.machine' as const],
  };
  const healthy = loadReport('healthy');
  const report: Report = {
    ...healthy,
    evidence: { ...healthy.evidence, 'fips.machine': { state: 'unknown', why: 'not-gathered' } },
    findings: [findingOf('asked', 'inconclusive', 'negotiate'), unasked],
  };
  assert.match(renderText(report, PLAIN), /Because\.\n {2}not looked into: unasked\n/);
  assert.match(renderText(report, { ...PLAIN, verbose: true }), /\[\?\] unasked\n {6}Because\./);
});

test('every report says what was not examined, also a healthy one', () => {
  for (const name of savedReports()) {
    assert.match(renderText(loadReport(name), PLAIN), /^Not examined\n {2}- /m);
  }
});

test('a symptom that is a whole log is shown by its beginning', () => {
  const text = renderText({ ...loadReport('healthy'), symptom: `error\n${'x '.repeat(5000)}` }, PLAIN);
  assert.match(text, /^The user sees: error x x x/m);
  assert.ok(text.length < 5000);
});

/** Every string of a value, replaced. */
function poison(value: unknown, text: string): unknown {
  if (typeof value === 'string') return `${value}${text}`;
  if (Array.isArray(value)) return value.map((each) => poison(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poison(each, text)]));
}

test('whatever the target says, nothing in the report drives a terminal', () => {
  const hostile = '\u001b]0;owned\u0007\u009b31m\u202e\r\b\u200b';
  for (const name of savedReports()) {
    const report = loadReport(name);
    // What we say ourselves is not the target's: stages, verdicts and states have fixed words.
    const poisoned: Report = {
      ...report,
      target: `${report.target}${hostile}`,
      symptom: hostile,
      stages: report.stages.map((stage) => ({ ...stage, detail: `${stage.detail}${hostile}` })),
      findings: report.findings.map((each) => ({ ...each, explanation: `${each.explanation}${hostile}` })),
      warnings: [...report.warnings, { code: 'disk-anomaly', text: hostile }],
      evidence: Object.fromEntries(
        Object.entries(report.evidence).map(([fact, observation]) => [
          fact,
          observation.state === 'present'
            ? { ...observation, value: poison(observation.value, hostile) }
            : { ...observation, detail: hostile },
        ]),
      ),
    };
    for (const verbose of [false, true]) {
      const text = renderText(poisoned, { ...PLAIN, verbose });
      assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
  }
});

/** The lines of a report that differs from the healthy one. */
const linesOf = (but: Partial<Report>, options: Partial<TextOptions> = {}): readonly string[] =>
  renderText({ ...loadReport('healthy'), ...but }, { ...PLAIN, ...options }).split('\n');

test('a symptom of 300 characters is whole, one of 301 is cut; blanks and line ends are one blank', () => {
  const shown = (symptom: string): string =>
    linesOf({ symptom }, { width: 1000 }).find((line) => line.includes('xx')) ?? '';
  assert.ok(shown('x'.repeat(300)).endsWith(`: ${'x'.repeat(300)}`));
  assert.ok(shown('x'.repeat(301)).endsWith(`: ${'x'.repeat(300)}…`));
  // Neither what stands around it counts, nor a run of blanks as more than one.
  assert.ok(shown(`  \n${'x'.repeat(300)}\n  `).endsWith(`: ${'x'.repeat(300)}`));
  assert.ok(shown(`${'x'.repeat(298)} \r\n y`).endsWith(`${'x'.repeat(298)} y`));
});

test('marks in ASCII, with their colours', () => {
  const report = {
    stages: stagesOf('pf'),
    findings: [findingOf('a', 'confirmed'), findingOf('b', 'ruled-out')],
  };
  const text = linesOf(report, { ascii: true, verbose: true }).join('\n');
  assert.ok(text.includes('[ok] reach'));
  assert.ok(text.includes('[x] negotiate'));
  assert.ok(text.includes('[x] Title of a'));
  assert.ok(text.includes('[ok] b'));
  const coloured = linesOf(report, { ascii: true, colour: true }).join('\n');
  assert.ok(coloured.includes('\u001b[32m[ok]\u001b[0m reach'));
  assert.ok(coloured.includes('\u001b[31m[x]\u001b[0m negotiate'));
});

test('a part of the report that is empty has no head', () => {
  const only = (finding: Finding): readonly string[] =>
    linesOf({ remarks: [], next: [], warnings: [], findings: [finding] });
  const ruledOut = only(findingOf('a', 'ruled-out'));
  const open = only(findingOf('a', 'inconclusive', 'reach'));
  const heads = (lines: readonly string[]) =>
    lines.filter((line, at) => lines[at - 1] === '' && /^[A-Z]/.test(line));
  assert.equal(heads(ruledOut).length, heads(open).length);
  const remark = { code: 'a', text: 'Something that is no fault.' };
  const withRemark = linesOf({
    remarks: [remark],
    next: [],
    warnings: [],
    findings: [findingOf('a', 'ruled-out')],
  });
  assert.equal(heads(withRemark).length, heads(ruledOut).length + 1);
  assert.ok(withRemark.includes(`  - ${remark.text}`));
  assert.ok(!ruledOut.some((line) => line.includes('no fault')));
});

test('a masked report says so', () => {
  const [plain, masked] = [linesOf({}), linesOf({ redacted: true })];
  assert.equal(masked.length, plain.length + 1);
});

test('target, time and client share a line as long as it fits', () => {
  const line = linesOf({ target: 'vm1:3389', client: 'mstsc' }, { width: 100 })[0] ?? '';
  assert.equal(linesOf({ target: 'vm1:3389', client: 'mstsc' }, { width: line.length })[0], line);
  assert.equal(linesOf({ target: 'vm1:3389', client: 'mstsc' }, { width: line.length - 1 })[0], 'vm1:3389');
});
