// Fault cases whose expectations were written from documents before the first run: the right cause first, or none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CAUSES } from '../../src/core/causes/index.ts';
import { findCatalogueEntry } from '../../src/core/knowledge/cause-catalogue.ts';
import { runOf } from './case.ts';
import { complaints } from './check.ts';
import { FAULTS } from './faults.ts';
import { PENDING } from './pending.ts';
import { perform } from './run.ts';

/** What the definition of done asks for. */
const LEAST_FAULTS = 120;

for (const row of FAULTS) {
  const pending = PENDING[row.id];
  test(`${row.id} (${[row.base, row.client].filter(Boolean).join(', ') || 'wire'})`, async () => {
    const found = complaints(await perform(runOf(row)), row.expect);
    if (pending === undefined) assert.deepEqual(found, [], row.source);
    else assert.notDeepEqual(found, [], `it is mended: take it out of the pending ones (${pending})`);
  });
}

describe('the list itself', () => {
  test('holds enough faults, each once, each with its source', () => {
    assert.equal(new Set(FAULTS.map(({ id }) => id)).size, FAULTS.length);
    assert.ok(FAULTS.filter(({ expect }) => expect.first !== undefined).length >= LEAST_FAULTS);
    assert.deepEqual(
      FAULTS.filter(({ source }) => source.length < 8),
      [],
    );
  });

  test('every pending row is one of the list', () => {
    const ids = FAULTS.map(({ id }) => id);
    assert.deepEqual(
      Object.keys(PENDING).filter((id) => !ids.includes(id)),
      [],
    );
  });

  test('every cause that is judged is the first of a row', () => {
    const wanted = new Set(FAULTS.flatMap(({ expect: { first = [] } }) => first));
    const known = CAUSES.map(({ id }) => id).filter((id) => findCatalogueEntry(id) !== undefined);
    assert.deepEqual(
      known.filter((id) => !wanted.has(id) && !(id in NEVER_FIRST)),
      [],
    );
  });
});

/** Causes that no row can have first, and why. */
const NEVER_FIRST: Readonly<Record<string, string>> = {
  'domain-credentials-disabled': 'storing of credentials stops no sign-in',
  'policy-override': 'what the policy breaks comes before that it is the policy',
};
