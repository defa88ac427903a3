// The samples of fact-samples.ts in words: what facts.txt holds.
import { FACT_NAMES, type FactName } from '../../src/core/model/facts.ts';
import { ONLY_RUNNING } from '../../src/core/model/live-facts.ts';
import { absent, type Observation, present, unknown } from '../../src/core/model/observation.ts';
import { describeFacts, type FactLine } from '../../src/core/report/facts-text.ts';
import { FACT_SAMPLES } from './fact-samples.ts';

const FROM = { gatherer: 'test', channel: 'test', locator: 'test', observedAt: '2026-03-01T12:00:00.000Z' };

/** Not seen, in every way; the last two are told elsewhere, under what was not examined, or go without saying. */
const NOT_SEEN: readonly Observation<never>[] = [
  absent(FROM),
  absent(FROM, 'nobody set it'),
  unknown('corrupt'),
  unknown('denied', 'the key was denied'),
  unknown('not-gathered', 'needs --full'),
  unknown('no-channel', ONLY_RUNNING),
  unknown('not-gathered'),
];

/** Each sample on its own line, and below it what is told briefly, and with `+` what at length where that differs. */
export function renderFacts(): string {
  const lines: string[] = [];
  for (const name of FACT_NAMES) {
    lines.push(name);
    for (const value of FACT_SAMPLES[name])
      lines.push(`  ${shown(value)}`, ...told(name, present(value, FROM)));
  }
  lines.push('not seen');
  for (const observation of NOT_SEEN) {
    lines.push(`  ${shown(observation)}`, ...told('rdp.nla', observation));
  }
  return `${lines.join('\n')}\n`;
}

const LONGEST = 100;

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
}

function told(name: FactName, observation: Observation<unknown>): readonly string[] {
  const say = (verbose: boolean): readonly string[] =>
    describeFacts({ [name]: observation }, verbose).map(lineOf);
  const [brief, verbose] = [say(false), say(true)];
  return [
    ...(brief.length === 0 ? ['    (nothing)'] : brief.map((line) => `    ${line}`)),
    ...(brief.join('\n') === verbose.join('\n') ? [] : verbose.map((line) => `  + ${line}`)),
  ];
}

function lineOf({ label, text }: FactLine): string {
  return `${label}| ${text}`;
}
