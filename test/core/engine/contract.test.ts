// Each cause is held to what it says must have been seen before it is ruled out: a machine in order has
// every set of it, and with one fact of the set unknown the cause is not ruled out any more.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CAUSES } from '../../../src/core/causes/index.ts';
import { judgeAll } from '../../../src/core/engine/judge.ts';
import { isRuledOutBy } from '../../../src/core/engine/ruled-out.ts';
import type { Cause, JudgeContext } from '../../../src/core/model/cause.ts';
import type { Evidence, FactName } from '../../../src/core/model/facts.ts';
import { inquireMachine } from '../../../src/core/windows/machine.ts';
import { MODERN, PLAIN, unseen } from '../causes/evidence.ts';
import { ask, CONTEXT } from '../windows/fake-machine.ts';
import { HEALTHY_MACHINE } from '../windows/healthy-machine.ts';
import { IN_ORDER } from './in-order.ts';
import { HEALTHY, seeing } from './reports.ts';

const CONTEXTS: readonly JudgeContext[] = [undefined, MODERN, PLAIN].map((client) => ({
  client,
  supportedClients: [MODERN],
}));

const MACHINE: Evidence = {
  ...seeing(HEALTHY),
  ...ask(HEALTHY_MACHINE, inquireMachine(CONTEXT)).value,
};

/** The evidences in which the set may rule the cause out: most need a member with NLA, some another kind of machine. */
function evidencesFor(cause: Cause, set: readonly FactName[]): readonly Evidence[] {
  return [{}, ...IN_ORDER].map((other) => {
    const all: Evidence = { ...MACHINE, ...other };
    return Object.fromEntries(
      Object.entries(all).filter(
        ([name]) =>
          set.includes(name as FactName) ||
          // Facts that are in no set of it only support what it says.
          (cause.uses.includes(name as FactName) && !cause.ruledOutBy.flat().includes(name as FactName)),
      ),
    );
  });
}

function verdictOf(cause: Cause, evidence: Evidence, context: JudgeContext): string {
  return judgeAll(evidence, context, [cause]).findings[0]?.verdict ?? 'none';
}

for (const cause of CAUSES) {
  describe(cause.id, () => {
    for (const set of cause.ruledOutBy) {
      test(`ruled out by ${set.join(', ')}, and by nothing less`, () => {
        const found = evidencesFor(cause, set)
          .flatMap((evidence) => CONTEXTS.map((context) => ({ evidence, context })))
          .filter(({ evidence, context }) => isRuledOutBy(cause, set, evidence, context));
        assert.ok(found.length > 0, 'no machine in order is ruled out by this set');
        for (const { evidence, context } of found) {
          assert.equal(verdictOf(cause, evidence, context), 'ruled-out');
          for (const name of set) {
            const less: Evidence = { ...evidence, [name]: unseen('denied') };
            const another = cause.ruledOutBy.some((other) => isRuledOutBy(cause, other, less, context));
            if (!another) assert.notEqual(verdictOf(cause, less, context), 'ruled-out', `without ${name}`);
          }
        }
      });
    }

    test('on a machine that was seen whole, every fact of the sets at once unknown', () => {
      const names = [...new Set(cause.ruledOutBy.flat())];
      const blind: Evidence = {
        ...MACHINE,
        ...Object.fromEntries(names.map((name) => [name, unseen('denied')])),
      };
      for (const context of CONTEXTS) {
        assert.notEqual(verdictOf(cause, blind, context), 'ruled-out');
      }
    });
  });
}
