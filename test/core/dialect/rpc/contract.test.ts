// The contract on a machine in memory: also what Samba lacks or makes up, and how far it is from here.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { machineInquiries } from '../../../../src/core/windows/machine.ts';
import { CONTENTS } from '../../../channels/contents.ts';
import { assertContract } from '../../../channels/contract.ts';
import { HEALTHY_MACHINE } from '../../windows/healthy-machine.ts';
import { askWindows, type FakeWindows } from './fake-windows.ts';

const registryOf = (content: (typeof CONTENTS)[string]): FakeWindows => ({
  registry: { keys: content },
  services: {},
});

suite('the contract: RPC over SMB, in memory', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    test(name, () => {
      const { evidence } = askWindows(registryOf(content), machineInquiries);
      assertContract(evidence, content, 'rpc');
    });
  }

  test('one call at a time: the same facts', () => {
    const content = CONTENTS['a healthy member'] ?? {};
    const { evidence } = askWindows({ ...registryOf(content), oneAtATime: true }, machineInquiries);
    assertContract(evidence, content, 'rpc');
  });

  for (const [name, dialect] of [
    ['2.1', 0x0210],
    ['3.0', 0x0300],
  ] as const) {
    test(`SMB ${name}: the same facts`, () => {
      const content = CONTENTS['a healthy member'] ?? {};
      const { evidence } = askWindows({ ...registryOf(content), dialect }, machineInquiries);
      assertContract(evidence, content, 'rpc');
    });
  }
});

test('a whole inquiry takes at most fifteen round trips from TREE_CONNECT on', () => {
  const { roundTrips } = askWindows(
    {
      registry: { keys: HEALTHY_MACHINE.registry ?? {}, backup: true },
      services: { termservice: { state: 4, processId: 900 } },
      rights: {},
      files: { 'System32\\TSpkg.dll': new Uint8Array(100_000) },
    },
    machineInquiries,
  );
  assert.ok(roundTrips <= 15, `${roundTrips} round trips`);
});
