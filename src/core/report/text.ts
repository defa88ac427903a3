import type { FactName } from '../model/facts.ts';
import type { Finding, Report } from '../model/report.ts';
import type { StageResult } from '../model/stage.ts';
import { describeFacts } from './facts-text.ts';
import { type Colour, harmless, paint, paragraph, type Style } from './layout.ts';

export interface TextOptions extends Style {
  /** Every fact and every cause, not only what needs attention. */
  readonly verbose: boolean;
}

const LONGEST_SYMPTOM = 300;

const STAGE_MARKS: Readonly<Record<StageResult['state'], readonly [string, Colour]>> = {
  passed: ['[✓]', 'green'],
  failed: ['[✗]', 'red'],
  unknown: ['[?]', 'dim'],
};

const FINDING_MARKS: Readonly<Record<Finding['verdict'], readonly [string, Colour]>> = {
  confirmed: ['[✗]', 'red'],
  likely: ['[!]', 'yellow'],
  crashed: ['[☠]', 'red'],
  inconclusive: ['[?]', 'dim'],
  'ruled-out': ['[✓]', 'green'],
};

/**
 * A report for a person: where the sign-in stops, why, on which evidence, what to do, and as loudly
 * what was not seen. Ends with a line feed. Text that comes from the target is made harmless.
 */
export function renderText(report: Report, options: TextOptions): string {
  const found = report.findings.filter((finding) =>
    ['confirmed', 'likely', 'crashed'].includes(finding.verdict),
  );
  const open = report.findings.filter((finding) => finding.verdict === 'inconclusive');
  const out = report.findings.filter((finding) => finding.verdict === 'ruled-out');
  const title = (text: string): string => paint(options, 'bold', text);
  const lines: string[] = [
    `${title(report.target)}   ${report.at.slice(0, 16).replace('T', ' ')} UTC${report.client === undefined ? '' : `   client ${report.client}`}`,
    '',
    ...(report.symptom === undefined
      ? []
      : [...paragraph(options, 'The user sees: ', harmless(shorten(report.symptom))), '']),
    ...paragraph(options, '', headline(report, found)).map((line) => title(line)),
    '',
    ...report.stages.flatMap((stage) => stageLines(options, stage)),
  ];
  for (const finding of found) lines.push('', ...findingLines(options, report, finding));

  const facts = describeFacts(report.evidence, options.verbose);
  if (facts.length > 0) {
    lines.push('', title('Seen'));
    for (const { label, text } of facts) {
      lines.push(...paragraph(options, `  ${label.padEnd(13)} `, harmless(text)));
    }
  }
  if (out.length > 0) {
    lines.push('', title('Ruled out'));
    lines.push(
      ...(options.verbose
        ? out.flatMap((finding) => briefLines(options, finding))
        : paragraph(options, '  ', out.map((finding) => finding.cause).join(', '))),
    );
  }
  if (open.length > 0) {
    lines.push('', title('Still open'));
    for (const finding of open) lines.push(...briefLines(options, finding));
  }
  lines.push('', title('Not examined'));
  for (const sentence of report.notExamined) lines.push(...paragraph(options, '  - ', sentence));
  if (report.next.length > 0) {
    lines.push('', title('Look next'));
    for (const { look, why, available } of report.next) {
      lines.push(
        ...paragraph(options, `  ${look.padEnd(9)} `, available ? why : `${why} (not in this version yet)`),
      );
    }
  }
  if (report.warnings.length > 0) {
    lines.push('', paint(options, 'yellow', 'Warnings'));
    for (const warning of report.warnings) lines.push(...paragraph(options, '  - ', harmless(warning)));
  }
  return `${lines.join('\n')}\n`;
}

/** A pasted log is no symptom: its beginning says enough, and the report has the rest. */
function shorten(symptom: string): string {
  const line = symptom.trim().replace(/\s+/g, ' ');
  return line.length > LONGEST_SYMPTOM ? `${line.slice(0, LONGEST_SYMPTOM)}…` : line;
}

function headline(report: Report, found: readonly Finding[]): string {
  const stopped = report.stages.find((stage) => stage.state === 'failed');
  const [first] = found;
  switch (report.outcome) {
    case 'explained':
      if (first?.verdict === 'confirmed') return `The sign-in stops at ${first.stage}: ${first.title}.`;
      return stopped === undefined
        ? `No stage failed here, but some clients or users may be stopped: ${first?.title ?? ''}.`
        : `The sign-in stops at ${stopped.stage}; the likely cause: ${first?.title ?? ''}.`;
    case 'healthy':
      return 'No cause was found in what could be seen from here. What was not examined stands below.';
    case 'unexplained':
      return `The sign-in stops at ${stopped?.stage ?? 'an unknown stage'}, and nothing seen explains it.`;
    case 'blind': {
      const last = report.stages[report.stages.findIndex(({ state }) => state !== 'passed') - 1];
      return last === undefined || last.stage === 'reach'
        ? 'Too little could be seen to say anything about the sign-in.'
        : `No cause was found, but nothing beyond ${last.stage} could be seen well enough to call it healthy.`;
    }
  }
}

function stageLines(options: TextOptions, { stage, state, detail }: StageResult): readonly string[] {
  const [mark, colour] = STAGE_MARKS[state];
  const lines = paragraph(options, `  ${mark} ${stage.padEnd(10)} `, `${harmless(detail)}`);
  return lines.map((line) => line.replace(mark, paint(options, colour, mark)));
}

function findingLines(options: TextOptions, report: Report, finding: Finding): readonly string[] {
  const [mark, colour] = FINDING_MARKS[finding.verdict];
  return [
    `${paint(options, colour, mark)} ${paint(options, 'bold', finding.title)}`,
    `    ${finding.cause} (${finding.verdict})`,
    ...paragraph(options, '    ', harmless(finding.explanation)),
    ...finding.because.flatMap((name) => paragraph(options, '    evidence: ', citation(report, name))),
    ...(finding.advice === '' ? [] : paragraph(options, '    to do:    ', finding.advice)),
  ];
}

function citation(report: Report, name: FactName): string {
  const observation = report.evidence[name];
  if (observation === undefined || observation.state === 'unknown') return name;
  const { locator, observedAt } = observation.from;
  return `${name}, ${locator} at ${observedAt.slice(11, 19)} UTC`;
}

function briefLines(options: TextOptions, finding: Finding): readonly string[] {
  const [mark, colour] = FINDING_MARKS[finding.verdict];
  return [
    `  ${paint(options, colour, mark)} ${finding.cause}`,
    ...paragraph(options, '      ', harmless(finding.explanation)),
  ];
}
