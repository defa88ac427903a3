import { type Explanation, explain, type RankedCause } from '../../core/knowledge/explain.ts';
import type { Reading } from '../../core/knowledge/reading.ts';
import { harmless, paint, paragraph, type Style } from '../../core/report/layout.ts';
import { askedText } from './asked-text.ts';
import { print, printJson } from './say.ts';
import { styleOf } from './terminal.ts';

/** What a person sees of a number that has many meanings, or of a whole log. */
const SHOWN = 4;
const SHOWN_CAUSES = 5;
const SHOWN_UNKNOWN = 10;

/**
 * `rdpdoctor explain`: prints what fits the text, returns 0 when something is known and 3 when nothing is.
 * @param argument a text, the name of a file, or `-` for standard input
 */
export async function runExplain(argument: string, json: boolean): Promise<number> {
  const { text, place } = await askedText(argument);
  const explanation = { ...explain(text), input: place ?? text };
  if (json) printJson(explanation);
  else print(render(explanation, styleOf(process.stdout)));
  return explanation.readings.length > 0 ? 0 : 3;
}

function render(
  { input, causes, readings, alternatives, unknown, suggestions }: Explanation,
  style: Style,
): string {
  const asked = input.length > 60 ? `${input.slice(0, 60)}…` : input;
  if (readings.length === 0) {
    return `${[
      ...paragraph(style, '', `rdpdoctor does not recognise "${harmless(asked)}".`),
      ...renderUnknown(
        unknown.filter((code) => code !== input.trim()),
        style,
      ),
      ...(suggestions.length === 0 ? [] : paragraph(style, '', `Did you mean ${suggestions.join(', ')}?`)),
      ...paragraph(
        style,
        '',
        'Expected an error text, a status such as 0xC000006D, a client code such as 0x904, an event such as "Schannel 36871", "alert 70", or a whole log (the name of its file, or - for standard input).',
      ),
    ].join('\n')}\n`;
  }
  const together = readings.length > 1 && !alternatives ? renderCauses(causes, style) : [];
  const shown = readings
    .slice(0, SHOWN)
    .flatMap((reading, index) => [...(index === 0 ? [] : ['']), ...renderReading(reading, style)]);
  const more =
    readings.length > SHOWN
      ? ['', ...paragraph(style, '', `${readings.length - SHOWN} further readings: --json shows all.`)]
      : [];
  const strange = renderUnknown(unknown, style);
  return `${[...together, ...shown, ...more, ...(strange.length === 0 ? [] : ['', ...strange])].join('\n')}\n`;
}

/** The one answer that fits everything. */
function renderCauses(causes: readonly RankedCause[], style: Style): readonly string[] {
  if (causes.length === 0) return [];
  return [
    paint(style, 'bold', 'Taken together, this points to (most likely first):'),
    ...causes.slice(0, SHOWN_CAUSES).flatMap(({ id, title }) => paragraph(style, '  - ', `${id}: ${title}`)),
    '',
  ];
}

function renderUnknown(unknown: readonly string[], style: Style): readonly string[] {
  if (unknown.length === 0) return [];
  const rest = unknown.length - SHOWN_UNKNOWN;
  const names = unknown.slice(0, SHOWN_UNKNOWN).map(harmless).join(', ');
  return paragraph(style, '', `Not recognised: ${names}${rest > 0 ? ` and ${rest} more` : ''}.`);
}

function renderReading(reading: Reading, style: Style): readonly string[] {
  const { title, meaning, causes, look, source, sure } = reading;
  return [
    ...paragraph(style, '', title).map((line) => paint(style, 'bold', line)),
    ...paragraph(style, '  ', meaning),
    ...(causes.length === 0 ? [] : ['  Points to:']),
    ...causes.flatMap((cause) => paragraph(style, '    - ', `${cause.id}: ${cause.title}`)),
    ...(look.length === 0 ? [] : ['  Look at:']),
    ...look.flatMap((place) => paragraph(style, '    - ', place)),
    ...paragraph(style, '  Source: ', `${source} (${SURE[sure]})`),
  ];
}

const SURE: Readonly<Record<Reading['sure'], string>> = {
  verified: 'checked against this source',
  practice: 'found by administrators, not confirmed by a specification',
  unsure: 'not settled: do not conclude anything from this alone',
};
