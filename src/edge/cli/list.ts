import { CAUSES } from '../../core/causes/index.ts';
import { CAUSE_CATALOGUE } from '../../core/knowledge/cause-catalogue.ts';
import { CLIENTS } from '../../core/knowledge/clients.ts';
import { FACT_NAMES, FACTS } from '../../core/model/facts.ts';
import { paragraph } from '../../core/report/layout.ts';
import { LIST_NAMES } from './list-names.ts';
import { print, printJson } from './say.ts';
import { styleOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly [more: string]: unknown;
}

const LISTS: Readonly<Record<(typeof LIST_NAMES)[number], () => readonly Listed[]>> = {
  causes: () => {
    const judged = new Set(CAUSES.map((cause) => cause.id));
    return CAUSE_CATALOGUE.map((entry) => ({
      ...entry,
      judged: judged.has(entry.id),
      title: judged.has(entry.id)
        ? entry.title
        : `${entry.title} (explained, but not yet judged by this version; proof needs: ${entry.vantages.join(', ')})`,
    })).sort((a, b) => Number(b.judged) - Number(a.judged));
  },
  facts: () => FACT_NAMES.map((id) => ({ id, title: FACTS[id] })),
  clients: () => CLIENTS.map((client) => ({ ...client })),
  remedies: () => [],
};

/** `rdpdoctor list`: prints a list, returns the exit status. */
export function runList(what: string, json: boolean): number {
  const name = LIST_NAMES.find((each) => each === what);
  if (name === undefined) {
    throw new UsageError(`"${what}" is not a list: expected one of ${LIST_NAMES.join(', ')}`);
  }
  const rows = LISTS[name]();
  if (json) {
    printJson(rows);
    return 0;
  }
  if (rows.length === 0) {
    print('This version does not repair anything yet, so there are no remedies to list.\n');
    return 0;
  }
  const style = styleOf(process.stdout);
  const width = Math.min(30, Math.max(...rows.map((row) => row.id.length)));
  for (const { id, title } of rows) {
    print(`${paragraph(style, `${id.padEnd(width)}  `, title).join('\n')}\n`);
  }
  return 0;
}
