import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explain } from '../../../src/core/knowledge/explain.ts';
import { ENGLISH } from './public-reports/english.ts';
import { LATER } from './public-reports/later.ts';
import { OTHER_LANGUAGES } from './public-reports/other-languages.ts';

const ALL = [...ENGLISH, ...OTHER_LANGUAGES, ...LATER];

describe('texts of public reports', () => {
  it('are at least 60, at least 20 of them not in English, and a third was held out', () => {
    assert.ok(ALL.length >= 60, `${ALL.length}`);
    assert.ok(OTHER_LANGUAGES.length >= 20, `${OTHER_LANGUAGES.length}`);
    assert.ok(OTHER_LANGUAGES.every(({ language }) => language !== 'en'));
    assert.ok(ALL.filter(({ heldOut }) => heldOut).length * 3 >= ALL.length);
  });

  for (const { text, cause, language, source } of ALL) {
    it(`${language} ${JSON.stringify(text.slice(0, 60))}: ${cause} (${source.slice(0, 60)})`, () => {
      const { causes, readings } = explain(text);
      assert.equal(
        causes[0]?.id,
        cause,
        `${causes.map(({ id }) => id).join(', ')}\n${readings.map(({ title }) => title).join('\n')}`,
      );
    });
  }
});
