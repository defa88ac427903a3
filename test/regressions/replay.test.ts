// Whatever fuzzing once found stays fixed: every kept input is read again by the reader that it broke.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mutate } from '../../fuzz/mutate.ts';
import { TARGETS } from '../../fuzz/targets.ts';

/** Inputs of each format that every test run tries, always the same ones. */
const INPUTS = 150;

for (const [name, target] of Object.entries(TARGETS)) {
  const folder = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const kept = existsSync(folder) ? readdirSync(folder) : [];
  test(`${name}: ${kept.length} kept inputs and ${INPUTS} damaged ones are read without a crash`, () => {
    for (const file of kept) target.read(new Uint8Array(readFileSync(`${folder}${file}`)));
    const seeds = target.seeds();
    for (const seed of seeds) target.read(seed);
    const count = name === 'vhdx' ? 20 : INPUTS;
    for (let seed = 0; seed < count; seed += 1) target.read(mutate(seeds, seed));
  });
}
