// Judges the evidence of test/golden again and renders the reports, after a change that is meant. Review the diff.
import { writeFileSync } from 'node:fs';
import { renderings } from '../test/golden/renderings.ts';

for (const { file, render } of renderings()) writeFileSync(file, render());
console.error(`${renderings().length} files written to test/golden`);
