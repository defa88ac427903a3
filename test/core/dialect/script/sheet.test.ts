import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AnswerSheet } from '../../../../src/core/dialect/script/sheet.ts';
import type { Answer, Question } from '../../../../src/core/windows/inquiry.ts';

const NAME = { name: 'Current', type: 4, data: 1 } as const;
const value = (key: string, name = 'Current'): Question => ({ kind: 'value', hive: 'SYSTEM', key, name });

/** What a sheet says: `present`, `absent`, an unknown's why, or `-` where nobody looked. */
function said(answer: Answer | undefined): string {
  if (answer === undefined) return '-';
  return answer.state === 'unknown' ? answer.why : answer.state;
}

describe('the answer sheet', () => {
  const sheet = new AnswerSheet();
  sheet.key('SYSTEM', 'Select', { state: 'present', values: [NAME], subkeys: ['One'] });
  sheet.key('SYSTEM', 'Cut', {
    state: 'present',
    values: [NAME],
    incomplete: 'one has a type that is not told',
  });
  sheet.key('SYSTEM', 'Some', { state: 'present', values: [NAME], only: ['Current', 'Other'] });
  sheet.key('SYSTEM', 'Gone', { state: 'absent' });
  sheet.key('SYSTEM', 'Shut', { state: 'unknown', why: 'denied', detail: 'access is denied' });
  sheet.folder('\\Keys', { names: ['a'], complete: true });
  sheet.folder('\\Many', { names: ['a'], complete: false });
  sheet.folder('\\None', { state: 'absent' });

  const ROWS: readonly (readonly [string, Question, string])[] = [
    ['a value that is there', value('select', 'CURRENT'), 'present'],
    ['a value that the key does not have', value('Select', 'Default'), 'absent'],
    ['all values', { kind: 'values', hive: 'SYSTEM', key: 'Select' }, 'present'],
    ['subkeys', { kind: 'subkeys', hive: 'SYSTEM', key: 'Select' }, 'present'],
    ['subkeys that nobody listed', { kind: 'subkeys', hive: 'SYSTEM', key: 'Cut' }, '-'],
    ['the same key of another hive', { kind: 'values', hive: 'SOFTWARE', key: 'Select' }, '-'],
    ['a value of a key that was not read whole', value('Cut', 'Default'), 'corrupt'],
    ['a value that is there in such a key', value('Cut'), 'present'],
    ['one of some values', value('Some'), 'present'],
    ['one of some values that is not there', value('Some', 'other'), 'absent'],
    ['a value that was not among those looked for', value('Some', 'Third'), '-'],
    ['all values of a key of which some were read', { kind: 'values', hive: 'SYSTEM', key: 'Some' }, '-'],
    ['a value of a key that is not there', value('Gone'), 'absent'],
    ['a value of a key below one that is not there', value('Gone\\Deep\\Deeper'), 'absent'],
    ['a value of a key that its parent does not list', value('Select\\Two'), 'absent'],
    ['a value of a key that its parent lists', value('Select\\one'), '-'],
    ['a value of a key whose parent was not listed', value('Cut\\One'), '-'],
    ['a value of a key that is denied', value('Shut'), 'denied'],
    ['a value of a key below one that is denied', value('Shut\\Deep'), 'denied'],
    ['a file that a whole list does not have', { kind: 'file', path: '\\keys\\b' }, 'absent'],
    ['a file of such a list', { kind: 'file', path: '\\keys\\A' }, '-'],
    ['a file that a list of the newest does not have', { kind: 'file', path: '\\Many\\b' }, '-'],
    ['a file in a folder that is not there', { kind: 'file', path: '\\None\\b' }, 'absent'],
    ['a question that nobody asked', { kind: 'start-time' }, '-'],
    ['a meaning whose places nobody looked at', { kind: 'policy-refresh' }, '-'],
  ];
  for (const [what, question, expected] of ROWS) {
    test(what, () => assert.equal(said(sheet.answer(question)), expected));
  }

  test('what was denied once and seen another time was seen', () => {
    const two = new AnswerSheet();
    two.key('SYSTEM', 'Select', { state: 'present', values: [NAME] });
    two.key('SYSTEM', 'Select', { state: 'unknown', why: 'denied' });
    two.key('SYSTEM', 'Select', { state: 'present', subkeys: ['One'] });
    assert.equal(said(two.answer(value('Select'))), 'present');
    assert.equal(said(two.answer({ kind: 'subkeys', hive: 'SYSTEM', key: 'Select' })), 'present');
  });

  test('a second script adds to the first', () => {
    const two = new AnswerSheet();
    two.add(sheet);
    const more = new AnswerSheet();
    more.give(
      { kind: 'start-time' },
      { state: 'present', at: '', value: { kind: 'time', at: '2026-01-01T00:00:00.000Z' } },
    );
    two.add(more);
    assert.deepEqual(
      [said(two.answer(value('Select'))), said(two.answer({ kind: 'start-time' }))],
      ['present', 'present'],
    );
  });

  test('where there is no further script, what is missing says why', () => {
    assert.equal(said(sheet.orElse({ kind: 'resources' })), 'not-gathered');
    const cut = new AnswerSheet();
    cut.count();
    cut.lose('SYSTEM\\Select');
    const answer = cut.orElse(value('Select'));
    assert.equal(said(answer), 'corrupt');
    assert.match(answer.state === 'unknown' ? (answer.detail ?? '') : '', /lost on the way, 1 of 2/);
  });
});
