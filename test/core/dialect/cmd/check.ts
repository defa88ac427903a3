// A row of a question, what the programs of a machine print, and what that must come to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationsFor } from '../../../../src/core/dialect/script/operation.ts';
import type { Answer, AnswerValue, Question } from '../../../../src/core/windows/inquiry.ts';
import { askPrinted, LANGUAGES, type Machine } from './printed.ts';

function ask(question: Question, machine: Machine): Answer {
  return askPrinted(operationsFor([question]), machine, LANGUAGES.english).orElse(question);
}

/** A value, or why there is none. */
type Expected = AnswerValue | 'absent' | readonly [why: string, detail: RegExp];

export function check(name: string, question: Question, machine: Machine, expected: Expected): void {
  test(name, () => {
    const answer = ask(question, machine);
    if (expected === 'absent') assert.equal(answer.state, 'absent');
    else if (Array.isArray(expected)) {
      assert.ok(answer.state === 'unknown', answer.state);
      assert.equal(answer.why, expected[0]);
      assert.match(answer.detail ?? '', expected[1]);
    } else assert.deepEqual(answer.state === 'present' ? answer.value : answer, expected);
  });
}

export const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`;
