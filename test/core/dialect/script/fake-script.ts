// What a script would bring from a machine in memory: each operation performed on it, without any shell.
import type { Operation } from '../../../../src/core/dialect/script/operation.ts';
import { SERVICES } from '../../../../src/core/dialect/script/operation.ts';
import { AnswerSheet, type KeyReading } from '../../../../src/core/dialect/script/sheet.ts';
import { OWN_PORT } from '../../../../src/core/dialect/script/usual.ts';
import type { Answer, HiveName, Inquiry, Question } from '../../../../src/core/windows/inquiry.ts';
import { ask, type FakeMachine } from '../../windows/fake-machine.ts';

export function bring(machine: FakeMachine, operations: readonly Operation[]): AnswerSheet {
  const sheet = new AnswerSheet();
  for (const operation of operations) perform(machine, operation, sheet);
  return sheet;
}

function perform(machine: FakeMachine, operation: Operation, sheet: AnswerSheet): void {
  switch (operation.kind) {
    case 'key':
      readTree(machine, sheet, operation.hive, operation.key, operation.depth, operation.names);
      return;
    case 'services': {
      const open = [...operation.names];
      const seen = new Set<string>();
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        if (seen.has(name.toLowerCase())) continue;
        seen.add(name.toLowerCase());
        readTree(machine, sheet, 'SYSTEM', SERVICES + name, 0, undefined);
        const needs = one(machine, {
          kind: 'value',
          hive: 'SYSTEM',
          key: SERVICES + name,
          name: 'DependOnService',
        });
        const data = needs.state === 'present' && needs.value.kind === 'value' ? needs.value.value.data : [];
        if (Array.isArray(data)) open.push(...data);
      }
      return;
    }
    case 'listing': {
      const paths = Object.keys(machine.files ?? {}).filter((path) => path.startsWith(`${operation.path}\\`));
      for (const path of paths) sheet.give({ kind: 'file', path }, one(machine, { kind: 'file', path }));
      const names = paths.map((path) => path.slice(operation.path.length + 1));
      sheet.folder(operation.path, { names, complete: true });
      return;
    }
    case 'ask': {
      const question = meant(machine, operation.question);
      sheet.give(question, one(machine, question));
    }
  }
}

/** Where no port is said, the script looks for the listener's own. */
function meant(machine: FakeMachine, question: Question): Question {
  if (question.kind !== 'listener-owner' || question.port !== OWN_PORT) return question;
  const key = 'CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp';
  const set = one(machine, { kind: 'value', hive: 'SYSTEM', key, name: 'PortNumber' });
  const data = set.state === 'present' && set.value.kind === 'value' ? set.value.value.data : undefined;
  return { ...question, port: typeof data === 'number' ? data : 3389 };
}

function readTree(
  machine: FakeMachine,
  sheet: AnswerSheet,
  hive: HiveName,
  key: string,
  depth: number,
  names: readonly string[] | undefined,
): void {
  const values = one(machine, { kind: 'values', hive, key });
  const subkeys = one(machine, { kind: 'subkeys', hive, key });
  sheet.key(hive, key, readingOf(values, subkeys, names));
  if (depth === 0 || subkeys.state !== 'present' || subkeys.value.kind !== 'names') return;
  for (const name of subkeys.value.names) readTree(machine, sheet, hive, `${key}\\${name}`, depth - 1, names);
}

function readingOf(values: Answer, subkeys: Answer, names: readonly string[] | undefined): KeyReading {
  if (subkeys.state !== 'present' || subkeys.value.kind !== 'names') {
    return subkeys.state === 'unknown' ? subkeys : { state: 'absent' };
  }
  const all = values.state === 'present' && values.value.kind === 'values' ? values.value.values : [];
  return {
    state: 'present',
    values: all.filter(({ name }) => names === undefined || names.includes(name)),
    subkeys: subkeys.value.names,
    ...(names === undefined ? {} : { only: names }),
  };
}

function one(machine: FakeMachine, question: Question): Answer {
  return ask(machine, asking(question)).value;
}

function* asking(question: Question): Inquiry<Answer> {
  const [answer] = yield [question];
  if (answer === undefined) throw new Error('no answer');
  return answer;
}
