// Judges the evidence of test/golden again and renders the reports, and writes README's table of options, after a
// change that is meant. Review the diff.
import { readFileSync, writeFileSync } from 'node:fs';
import { OPTIONS_HEAD, optionsTable } from '../test/golden/options-table.ts';
import { renderings } from '../test/golden/renderings.ts';

for (const { file, render } of renderings()) writeFileSync(file, render());
const readme = new URL('../README.md', import.meta.url);
const text = readFileSync(readme, 'utf8');
const from = text.indexOf(OPTIONS_HEAD);
const to = text.indexOf('\n\n', from) + 1;
if (from === -1) throw new Error('README has no table of options');
writeFileSync(readme, text.slice(0, from) + optionsTable() + text.slice(to));
console.error(`${renderings().length} files written to test/golden`);
