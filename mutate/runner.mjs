// Runs bundled tests in this process. With COVER it writes down which mutants they came by.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { COVER } = process.env;
if (COVER !== undefined) {
  process.on('exit', () => {
    const cover = globalThis.__stryker__?.mutantCoverage?.static ?? {};
    writeFileSync(COVER, JSON.stringify(Object.keys(cover)));
  });
}
for (const bundle of process.argv.slice(2)) await import(pathToFileURL(bundle).href);
