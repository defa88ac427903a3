import type { FactName } from '../model/facts.ts';
import { LIVE_LOOKS, ONLY_LIVE } from '../model/live-facts.ts';
import { isUnasked } from '../model/observation.ts';
import type { Finding, Report } from '../model/report.ts';
import type { StageResult } from '../model/stage.ts';
import { describeFacts } from './facts-text.ts';
import { type Colour, harmless, inAscii, paint, paragraph, type Style, wrap } from './layout.ts';

export interface TextOptions extends Style {
  /** Every fact and every cause, not only what needs attention. */
  readonly verbose: boolean;
}

const LONGEST_SYMPTOM = 300;

type Mark = readonly [sign: string, colour: Colour];

const STAGE_MARKS: Readonly<Record<StageResult['state'], Mark>> = {
  passed: ['[✓]', 'green'],
  failed: ['[✗]', 'red'],
  unknown: ['[?]', 'dim'],
};

const FINDING_MARKS: Readonly<Record<Finding['verdict'], Mark>> = {
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
    ...topLines(options, report),
    '',
    ...(report.symptom === undefined
      ? []
      : [...paragraph(options, 'The user sees: ', harmless(shorten(report.symptom))), '']),
    ...paragraph(options, '', headline(report, found)).map(title),
    // Where little was seen, why it was not is the news.
    ...(report.outcome === 'blind' ? warningLines(options, report) : []),
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
  for (const [name, { evidence }] of Object.entries(report.subjects)) {
    lines.push('', title(`Seen of ${harmless(name.replace(':', ' '))}`));
    for (const { label, text } of describeFacts(evidence, options.verbose)) {
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
  if (open.length > 0) lines.push('', title('Still open'), ...openLines(options, report, open));
  if (report.remarks.length > 0) {
    lines.push('', title('Worth knowing'));
    for (const { text } of report.remarks) lines.push(...paragraph(options, '  - ', harmless(text)));
  }
  lines.push('', title('Not examined'));
  for (const { text } of report.notExamined) lines.push(...paragraph(options, '  - ', text));
  if (report.next.length > 0) {
    lines.push('', title('Look next'));
    for (const { look, why, available } of report.next) {
      lines.push(
        ...paragraph(options, `  ${look.padEnd(9)} `, available ? why : `${why} (not in this version yet)`),
      );
    }
  }
  if (report.outcome !== 'blind') lines.push(...warningLines(options, report));
  return `${lines.join('\n')}\n`;
}

function warningLines(options: TextOptions, { warnings }: Report): readonly string[] {
  if (warnings.length === 0) return [];
  return [
    '',
    paint(options, 'yellow', 'Warnings'),
    ...warnings.flatMap(({ text }) => paragraph(options, '  - ', harmless(text))),
  ];
}

function markFor({ ascii }: Style, mark: Mark): Mark {
  return ascii === true ? [inAscii(mark[0]), mark[1]] : mark;
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
    case 'explained': {
      if (first === undefined) return 'A cause was found.';
      if (stopped === undefined) {
        return `No stage failed here, but some clients or users may not get in: ${first.title}.`;
      }
      // What is likely at an earlier stage, which was passed, is another matter.
      const there = found.find((finding) => explainsStop(finding, stopped));
      if (there === undefined) {
        return `The sign-in stops at ${stopped.stage}, and what was found does not explain that: ${first.title}.`;
      }
      return there.verdict === 'confirmed'
        ? `The sign-in stops at ${stopped.stage}: ${there.title}.`
        : `The sign-in stops at ${stopped.stage}; the likely cause: ${there.title}.`;
    }
    case 'healthy':
      return 'No cause was found in what could be seen from here. What was not examined is listed below.';
    case 'unexplained':
      return `The sign-in stops at ${stopped?.stage ?? 'an unknown stage'}, and no cause that can be judged from here explains it.`;
    case 'blind': {
      const last = report.stages[report.stages.findIndex(({ state }) => state !== 'passed') - 1];
      return last === undefined || last.stage === 'reach'
        ? 'Too little could be seen to say anything about the sign-in.'
        : `No cause was found, but nothing beyond ${last.stage} could be seen well enough to call it healthy.`;
    }
  }
}

/** A status that ends one stage may speak of another: a server that finds no controller says so before any name was sent. */
const STATED: Readonly<Partial<Record<StageResult['stage'], FactName>>> = {
  credssp: 'ntlm.refusal',
  logon: 'nla.logon',
};

function explainsStop({ verdict, stage, because }: Finding, stopped: StageResult): boolean {
  if (verdict !== 'confirmed' && verdict !== 'likely') return false;
  const stated = STATED[stopped.stage];
  return stage === stopped.stage || (stated !== undefined && because.includes(stated));
}

/** What was looked at, when, and for whom: in one line where it fits. */
function topLines(options: TextOptions, report: Report): readonly string[] {
  const target = harmless(report.target);
  const rest = [
    `${report.at.slice(0, 16).replace('T', ' ')} UTC`,
    ...(report.client === undefined ? [] : [`client ${report.client}`]),
  ];
  const gap = '   ';
  return [
    ...([target, ...rest].join(gap).length <= options.width
      ? [[paint(options, 'bold', target), ...rest].join(gap)]
      : // A host and a disk below each other: a path must stay whole to be copied.
        [...target.split(/(?<=,) /).map((part) => paint(options, 'bold', part)), ...rest]),
    ...(report.redacted === true
      ? paragraph(options, '', 'Users, hosts, domains, addresses and SIDs are masked.')
      : []),
  ];
}

function stageLines(options: TextOptions, { stage, state, detail }: StageResult): readonly string[] {
  const [sign, colour] = markFor(options, STAGE_MARKS[state]);
  const [first = '', ...more] = paragraph(options, `  ${sign} ${stage.padEnd(10)} `, harmless(detail));
  return [first.replace(sign, paint(options, colour, sign)), ...more];
}

function findingLines(options: TextOptions, report: Report, finding: Finding): readonly string[] {
  const [sign, colour] = markFor(options, FINDING_MARKS[finding.verdict]);
  const [first = '', ...more] = wrap(finding.title, options.width - 4).map((line) =>
    paint(options, 'bold', line),
  );
  return [
    `${paint(options, colour, sign)} ${first}`,
    ...more.map((line) => `    ${line}`),
    ...paragraph(options, '    ', `${finding.cause} (${finding.verdict})`),
    ...paragraph(options, '    ', harmless(finding.explanation)),
    ...citations(report, finding.because).flatMap((text) => paragraph(options, '    evidence: ', text)),
    ...(finding.advice === '' ? [] : paragraph(options, '    to do:    ', finding.advice)),
  ];
}

/** Facts with their place and time; those that share both share a line. */
function citations(report: Report, names: readonly FactName[]): readonly string[] {
  const places = new Map<string, FactName[]>();
  for (const name of names) {
    const observation = report.evidence[name];
    const place =
      observation === undefined || observation.state === 'unknown'
        ? ''
        : `, ${observation.from.locator} at ${timeIn(report, observation.from.observedAt)}`;
    places.set(place, [...(places.get(place) ?? []), name]);
  }
  return [...places].map(([place, same]) => harmless(`${same.join(', ')}${place}`));
}

/** The time of day, with the day where that is another than the report's: answers that a person brings may be old. */
function timeIn({ at }: Report, observedAt: string): string {
  const [day, time] = [observedAt.slice(0, 10), observedAt.slice(11, 19)];
  return `${day === at.slice(0, 10) ? '' : `${day} `}${time} UTC`;
}

/** Asked of nobody who could know: of some things a disk knows nothing. */
function isUnaskedOf(report: Report, name: FactName): boolean {
  const observation = report.evidence[name];
  return (
    isUnasked(observation) ||
    (ONLY_LIVE.includes(name) &&
      observation?.state === 'unknown' &&
      !LIVE_LOOKS.some((look) => report.looks.includes(look)))
  );
}

/**
 * What was not settled, with the reason. What lies behind the stage at which the sign-in stops is
 * only named: nobody comes that far.
 */
function openLines(options: TextOptions, report: Report, open: readonly Finding[]): readonly string[] {
  const stop = report.stages.findIndex(({ state }) => state === 'failed');
  const isBehind = ({ stage }: Finding): boolean =>
    stop !== -1 && report.stages.findIndex((result) => result.stage === stage) > stop;
  // What no vantage of this run was asked for is not an open question, it is one nobody looked into.
  const isNobodys = ({ missing = [], settledBy = [] }: Finding): boolean =>
    (missing.length > 0 && missing.every((name) => isUnaskedOf(report, name))) ||
    // An account has half a dozen states; that no attempt was made is told once.
    (settledBy[0] === '--user' && settledBy.length === 1 && !report.looks.includes('--user'));
  const named = (head: string, findings: readonly Finding[]): readonly string[] =>
    findings.length === 0
      ? []
      : paragraph(options, '  ', `${head}: ${findings.map(({ cause }) => cause).join(', ')}`);
  if (options.verbose) return open.flatMap((finding) => briefLines(options, finding));
  const behind = open.filter(isBehind);
  const unasked = open.filter((finding) => !isBehind(finding) && isNobodys(finding));
  const told = open.filter((finding) => !isBehind(finding) && !isNobodys(finding));
  // A way that did not open leaves half of all causes open: that is one reason, and told once.
  const reasons = told.map((finding) => commonReason(report, finding));
  const isShared = (reason: string | undefined): reason is string =>
    reason !== undefined && reasons.filter((other) => other === reason).length >= SHARED_BY;
  const alone = told.filter((_, index) => !isShared(reasons[index]));
  const [sign, colour] = markFor(options, FINDING_MARKS.inconclusive);
  const shared = [...new Set(reasons.filter(isShared))].flatMap((reason) => {
    const causes = told.filter((_, index) => reasons[index] === reason).map(({ cause }) => cause);
    const [head = '', ...more] = paragraph(options, `  ${sign} `, `${causes.length} causes, for one reason`);
    return [
      head.replace(sign, paint(options, colour, sign)),
      ...more,
      ...paragraph(options, '      ', `${harmless(sentence(reason))} ${causes.join(', ')}`),
    ];
  });
  return [
    ...alone.flatMap((finding) => briefLines(options, finding)),
    ...shared,
    ...named('not reached', behind),
    ...named('not looked into', unasked),
  ];
}

/** So many causes that are open for one reason are told in one breath. */
const SHARED_BY = 4;

/** Why nothing of what a finding misses was read, where it is the same reason for all of it. */
function commonReason({ evidence }: Report, { missing = [] }: Finding): string | undefined {
  const asked = missing.map((name) => evidence[name]).filter((observation) => !isUnasked(observation));
  const reasons = new Set(
    asked.map((observation) => (observation?.state === 'unknown' ? observation.detail : undefined)),
  );
  const [reason] = reasons;
  return reasons.size === 1 ? reason : undefined;
}

/** `port 445 of vm1 refuses connections` → `Port 445 of vm1 refuses connections:` */
function sentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}:`;
}

function briefLines(options: TextOptions, finding: Finding): readonly string[] {
  const [sign, colour] = markFor(options, FINDING_MARKS[finding.verdict]);
  return [
    `  ${paint(options, colour, sign)} ${finding.cause}`,
    ...paragraph(options, '      ', harmless(finding.explanation)),
  ];
}
