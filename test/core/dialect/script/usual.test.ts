import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { together } from '../../../../src/core/bytes/batched.ts';
import { idOf, operationsFor, withoutCovered } from '../../../../src/core/dialect/script/operation.ts';
import { usualOperations } from '../../../../src/core/dialect/script/usual.ts';
import type { Evidence } from '../../../../src/core/model/facts.ts';
import type { HiveName, Inquiry, Question } from '../../../../src/core/windows/inquiry.ts';
import { machineInquiries } from '../../../../src/core/windows/machine.ts';
import { machineOf } from '../../../cases/bases.ts';
import { BASES, nameOf } from '../../../cases/systems.ts';
import { ask, CONTEXT, type FakeMachine } from '../../windows/fake-machine.ts';
import { HEALTHY_MACHINE } from '../../windows/healthy-machine.ts';
import { bring } from './fake-script.ts';

/** The inquiry answered from one script alone; what it did not bring is listed. */
function inquire(machine: FakeMachine): {
  readonly evidence: Evidence;
  readonly missing: readonly Question[];
} {
  const sheet = bring(machine, usualOperations());
  const missing: Question[] = [];
  const all: Inquiry<readonly Evidence[]> = together(machineInquiries(CONTEXT));
  let step = all.next();
  while (!step.done) {
    step = all.next(
      step.value.map((question) => {
        const answer = sheet.answer(question);
        if (answer === undefined) missing.push(question);
        return answer ?? sheet.orElse(question);
      }),
    );
  }
  return { evidence: Object.assign({}, ...step.value), missing };
}

describe('what is usually asked', () => {
  test('one script brings everything that a healthy member is asked', () => {
    const { evidence, missing } = inquire(HEALTHY_MACHINE);
    assert.deepEqual(missing, []);
    const direct = ask(HEALTHY_MACHINE, together(machineInquiries(CONTEXT)));
    assert.deepEqual(evidence, Object.assign({}, ...direct.value));
  });

  for (const base of BASES) {
    test(`one script brings everything that ${nameOf(base)} is asked`, () => {
      const { missing } = inquire(machineOf(base));
      // Before Windows 8 it is asked which updates are installed: some thousands of names, for a further script.
      assert.deepEqual(
        missing.filter(
          (question) => !('key' in question && question.key.includes('Component Based Servicing')),
        ),
        [],
      );
    });
  }

  test('services that no Windows ships are followed', () => {
    const registry = HEALTHY_MACHINE.registry ?? {};
    const services = 'SYSTEM\\CurrentControlSet\\Services';
    const machine: FakeMachine = {
      ...HEALTHY_MACHINE,
      registry: {
        ...registry,
        [`${services}\\Netlogon`]: { ...registry[`${services}\\Netlogon`], DependOnService: ['Foreign'] },
        [`${services}\\Foreign`]: { Start: 2, DependOnService: ['Deeper'] },
        [`${services}\\Deeper`]: { Start: 4 },
      },
    };
    assert.deepEqual(inquire(machine).missing, []);
  });

  test('nothing is asked twice, and no key alone that a tree has', () => {
    const operations = usualOperations();
    assert.equal(new Set(operations.map(idOf)).size, operations.length);
    const alone = operations.filter(
      (operation) =>
        operation.kind === 'key' && operation.depth === 0 && /SCHANNEL|Interfaces/.test(operation.key),
    );
    assert.deepEqual(alone, []);
  });

  test('of the LSA nothing but the time of the password is named', () => {
    const secret = usualOperations().filter(
      (operation) => operation.kind === 'key' && (operation.hive === 'SECURITY' || operation.hive === 'SAM'),
    );
    assert.deepEqual(secret, [
      {
        kind: 'key',
        hive: 'SECURITY',
        key: 'Policy\\Secrets\\$MACHINE.ACC\\CupdTime',
        depth: 0,
        names: [''],
      },
    ]);
  });
});

describe('values that nobody asks for are not carried', () => {
  // Windows keeps a password for automatic logon, one of the listener, and the product's key beside what is asked.
  const registry = HEALTHY_MACHINE.registry ?? {};
  const [winlogon, listener, version] = [
    'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
    'SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp',
    'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion',
  ];
  const machine: FakeMachine = {
    ...HEALTHY_MACHINE,
    registry: {
      ...registry,
      [winlogon]: { ...registry[winlogon], DefaultPassword: 'planted' },
      [listener]: { ...registry[listener], Password: 'planted' },
      [version]: { ...registry[version], DigitalProductId: 'planted' },
      'SECURITY\\Policy\\Secrets\\$MACHINE.ACC\\CurrVal': { '': 'planted' },
    },
  };
  for (const [key, name] of [
    [winlogon, 'DefaultPassword'],
    [listener, 'Password'],
    [version, 'DigitalProductId'],
    ['SECURITY\\Policy\\Secrets\\$MACHINE.ACC\\CurrVal', ''],
  ] as const) {
    test(`${key}!${name}`, () => {
      const [hive = '', ...path] = key.split('\\');
      const question = { kind: 'value', hive: hive as HiveName, key: path.join('\\'), name } as const;
      assert.equal(bring(machine, usualOperations()).answer(question), undefined);
    });
  }
});

describe('operations', () => {
  test('questions for one key are one look at it', () => {
    const key = { hive: 'SYSTEM', key: 'Select' } as const;
    const operations = operationsFor([
      { kind: 'value', ...key, name: 'Current' },
      { kind: 'values', ...key },
      { kind: 'subkeys', hive: 'SYSTEM', key: 'select' },
    ]);
    assert.deepEqual(operations, [{ kind: 'key', ...key, depth: 0 }]);
  });

  test('of a key of which some values are asked, those alone are read', () => {
    const key = { hive: 'SYSTEM', key: 'Select' } as const;
    const operations = operationsFor([
      { kind: 'value', ...key, name: 'Current' },
      { kind: 'subkeys', ...key },
      { kind: 'value', ...key, name: 'Default' },
    ]);
    assert.deepEqual(operations, [{ kind: 'key', ...key, depth: 0, names: ['Current', 'Default'] }]);
  });

  test('a tree covers as deep as it is read', () => {
    const tree = { kind: 'key', hive: 'SYSTEM', key: 'A', depth: 1 } as const;
    const one = { kind: 'key', hive: 'SYSTEM', key: 'A\\B', depth: 0 } as const;
    const two = { kind: 'key', hive: 'SYSTEM', key: 'A\\B\\C', depth: 0 } as const;
    const beside = { kind: 'key', hive: 'SYSTEM', key: 'AB', depth: 0 } as const;
    assert.deepEqual(withoutCovered([one, tree, two, beside]), [tree, two, beside]);
  });
});
