import type { Style } from '../../core/report/layout.ts';

const NARROWEST = 40;
const WIDEST = 100;

/** Width and colour for stdout: 80 columns and none when it is not a terminal; NO_COLOR is obeyed. */
export function styleOf(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): Style {
  // A terminal that does not know its size says 0.
  const columns = stream.isTTY === true && stream.columns > 0 ? stream.columns : 80;
  const refused = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    colour: stream.isTTY === true && !refused,
  };
}
