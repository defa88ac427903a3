// One file, one test and one page a cause, and a page that says what its cause does.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CAUSES } from '../../../src/core/causes/index.ts';
import { findCatalogueEntry } from '../../../src/core/knowledge/cause-catalogue.ts';

function names(folder: string, ending: string): readonly string[] {
  return readdirSync(new URL(`../../../${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(ending) && !name.startsWith('_'))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

test('one file, one test, one page, one name per cause', () => {
  const ids = CAUSES.map((cause) => cause.id).sort();
  assert.ok(ids.length > 0);
  assert.deepEqual(
    names('src/core/causes', '.ts').filter((name) => name !== 'index'),
    ids,
  );
  assert.deepEqual(
    names('test/core/causes', '.test.ts').filter((name) => name !== 'index' && !name.startsWith('all-')),
    ids,
  );
  assert.deepEqual(names('docs/causes', '.md'), ids);
});

test('every cause is named as the catalogue names it', () => {
  for (const cause of CAUSES) {
    const entry = findCatalogueEntry(cause.id);
    assert.deepEqual(
      { title: cause.title, stage: cause.stage },
      { title: entry?.title, stage: entry?.stage },
      cause.id,
    );
    assert.ok(cause.prior > 0 && cause.prior < 1, cause.id);
    assert.match(cause.advice, /^[A-Z].*\.$/, cause.id);
  }
});

const RULED_OUT_SECTION = 'Before it is ruled out';

test('every page has the title, the sections and the facts of its cause', () => {
  const sections = [
    'What you see',
    'What it means',
    'How rdpdoctor knows',
    RULED_OUT_SECTION,
    'What does not prove it',
    'What to do',
    'What it costs',
    'Sources',
  ];
  for (const cause of CAUSES) {
    const page = readFileSync(new URL(`../../../docs/causes/${cause.id}.md`, import.meta.url), 'utf8');
    const lines = page.split('\n');
    assert.equal(lines[0], `# ${cause.title}`);
    assert.ok(lines.includes(`\`${cause.id}\``), cause.id);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('## ')).map((line) => line.slice(3)),
      sections,
      cause.id,
    );
    for (const fact of cause.uses)
      assert.ok(page.includes(`\`${fact}\``), `${cause.id} does not name ${fact}`);
    // A command that can prompt hangs the only remote channel (the article's reg add without /f).
    for (const line of lines.filter((text) => /^reg (?:add|delete|query|export)/i.test(text))) {
      if (/^reg query/i.test(line))
        assert.doesNotMatch(line, /\/[dt] /, `${cause.id}: reg query changes nothing`);
      else if (/^reg export/i.test(line)) assert.match(line, / \/y$/, `${cause.id}: ${line}`);
      else assert.match(line, / \/f$/, `${cause.id}: ${line}`);
    }
    assert.doesNotMatch(page, /TLS 1\.[01]\\Server.*\/d 1/, `${cause.id} switches an old TLS on`);
    // Other makers' packages stand in these lists: a value that is written whole takes them out.
    assert.doesNotMatch(
      page,
      /reg add .*\/v "?(?:SecurityProviders|Security Packages|Authentication Packages)/i,
      `${cause.id} replaces a list of packages`,
    );
    // Whoever restarts the service from a session is in it.
    for (const text of [cause.advice, page]) {
      if (/restart/i.test(text) && /TermService/.test(text))
        assert.match(text, /session/i, `${cause.id}: TermService's restart disconnects sessions`);
    }
    assert.doesNotMatch(page, /MinEncryptionLevel .*\/d 1/, `${cause.id} sets level 1`);
  }
});

/** The facts that each row of the section names before its colon: one row a set. */
function setsOnPage(page: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(`\n## ${RULED_OUT_SECTION}\n`);
  return (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .map((line) => [...(line.split(': ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, fact]) => fact ?? ''));
}

test('every page names what must be seen before its cause is ruled out, as the cause declares it', () => {
  for (const cause of CAUSES) {
    const page = readFileSync(new URL(`../../../docs/causes/${cause.id}.md`, import.meta.url), 'utf8');
    assert.deepEqual(
      setsOnPage(page),
      cause.ruledOutBy.map((set) => [...set]),
      `${cause.id}: under "## ${RULED_OUT_SECTION}" one row a set, "- \`fact\`, \`fact\`: in words"`,
    );
  }
});
