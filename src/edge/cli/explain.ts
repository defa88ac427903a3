import { type Explanation, explain } from '../../core/knowledge/explain.ts';
import type { Reading } from '../../core/knowledge/reading.ts';
import { harmless, paint, paragraph, renderJson, type Style } from '../../core/report/layout.ts';
import { print } from './say.ts';
import { styleOf } from './terminal.ts';

/** What a person sees of a number that has many meanings. */
const SHOWN = 4;

/** `rdpdoctor explain`: prints every reading, returns 0 when there is one and 3 when nothing is known. */
export function runExplain(input: string, json: boolean): number {
  const explanation = explain(input);
  print(json ? renderJson(explanation) : render(explanation, styleOf(process.stdout)));
  return explanation.readings.length > 0 ? 0 : 3;
}

function render({ input, readings, suggestions }: Explanation, style: Style): string {
  const asked = input.length > 60 ? `${input.slice(0, 60)}…` : input;
  if (readings.length === 0) {
    return `${[
      ...paragraph(style, '', `Nothing is known of "${harmless(asked)}".`),
      ...(suggestions.length === 0 ? [] : paragraph(style, '', `Near to it: ${suggestions.join(', ')}.`)),
      ...paragraph(
        style,
        '',
        'Expected an error text, a status such as 0xC000006D, a client code such as 0x904, an event such as "Schannel 36871", or "alert 70".',
      ),
    ].join('\n')}\n`;
  }
  const shown = readings
    .slice(0, SHOWN)
    .flatMap((reading, index) => [...(index === 0 ? [] : ['']), ...renderReading(reading, style)]);
  const more =
    readings.length > SHOWN
      ? ['', ...paragraph(style, '', `${readings.length - SHOWN} further readings: --json shows all.`)]
      : [];
  return `${[...shown, ...more].join('\n')}\n`;
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
  verified: 'checked against it',
  practice: 'what administrators have found, not confirmed by a specification',
  unsure: 'not settled: conclude nothing from it alone',
};
