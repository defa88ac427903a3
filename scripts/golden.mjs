// Renders the reports of test/golden again, after a change of the text that is meant. Review the diff.
import { writeFileSync } from 'node:fs';
import { renderings } from '../test/golden/renderings.ts';

for (const { file, render } of renderings()) writeFileSync(file, render());
console.error(`${renderings().length} texts written to test/golden`);
