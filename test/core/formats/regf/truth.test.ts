// Every hive of ../shared/data against what independent tools read from it (truth.json): hivex for
// the primary files, yarp for the replay, Windows itself for the hives that it recovered.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { decodeBaseBlock, isDirty } from '../../../../src/core/formats/regf/base-block.ts';
import {
  type KeyTree,
  type OpenedHive,
  openHive,
  readSubtree,
} from '../../../../src/core/formats/regf/index.ts';
import { readSharedData, readSharedJson, requireSharedData } from '../../../shared-data.ts';
import { FACTS, type Opened, type ReadFact } from './facts.ts';
import { drive, filesOf } from './hives.ts';

interface Truth {
  readonly base_block?: {
    readonly seq: readonly [number, number];
    readonly minor: number;
    readonly hbins_size: number;
    readonly file_size: number;
    readonly checksum_ok: boolean;
    readonly dirty: boolean;
  };
  readonly facts_primary_as_is?: Readonly<Record<string, unknown>>;
  readonly facts_after_replay?: Readonly<Record<string, unknown>>;
  readonly after_replay_yarp?: {
    readonly seq: number;
    readonly hbins_size: number;
    readonly sha256_hbins: string;
  };
  readonly expected?: string;
}

const isLog = (name: string) => /\.LOG\d?$/.test(name);

/** Opens a hive with the logs that lie beside it, or without them. */
function open(name: string, withLogs: boolean): { opened: OpenedHive & { ok: true }; bytes: Uint8Array } {
  const logs = withLogs ? ['.LOG1', '.LOG2'].flatMap((end) => readIfThere(name + end)) : [];
  const { bytes, media } = filesOf([readSharedData(name), ...logs]);
  const [primary, ...others] = media;
  assert.ok(primary !== undefined);
  // The order in which the files are named must not matter.
  const opened = drive(openHive(primary, others.toReversed()), bytes).value;
  assert.ok(opened.ok, opened.ok ? '' : opened.problem);
  return { opened, bytes };
}

function readIfThere(name: string): Uint8Array[] {
  try {
    return [readSharedData(name)];
  } catch {
    return [];
  }
}

function checkFacts(opened: Opened, facts: Readonly<Record<string, unknown>>): number {
  const { kind, ...expected } = facts;
  const readers = FACTS[String(kind)];
  assert.ok(readers !== undefined, `no facts of ${String(kind)} are known`);
  for (const [name, value] of Object.entries(expected)) {
    const readFact: ReadFact | undefined = readers[name];
    assert.ok(readFact !== undefined, `no reader for the fact ${name} of ${String(kind)}`);
    assert.deepEqual(readFact(opened, value), value, name);
  }
  return Object.keys(expected).length;
}

/** All hive bins, read through the replay. */
function hiveBins({ opened, bytes }: ReturnType<typeof open>): Uint8Array {
  const { pages, hiveBinsSize } = opened.hive;
  const numbers = Array.from({ length: hiveBinsSize / 4096 }, (_, index) => index + 1);
  drive(pages.load(numbers), bytes);
  const bins = new Uint8Array(hiveBinsSize);
  for (const number of numbers) {
    const page = pages.get(number);
    assert.ok(page?.ok === true, `page ${number}`);
    bins.set(page.bytes, (number - 1) * 4096);
  }
  return bins;
}

function treeOf({ opened, bytes }: ReturnType<typeof open>): {
  tree: KeyTree;
  anomalies: readonly unknown[];
} {
  const { answer, anomalies } = drive(readSubtree(opened.hive, ''), bytes).value;
  assert.ok(answer.kind === 'found');
  return { tree: answer.value, anomalies };
}

function eachHive(t: TestContext, check: (name: string, truth: Truth) => void): void {
  const { hives } = readSharedJson('truth.json') as { hives: Record<string, Truth> };
  let count = 0;
  for (const [file, truth] of Object.entries(hives)) {
    check(file.replace(/\.xz$/, ''), truth);
    count += 1;
  }
  assert.ok(count > 50, `truth.json tells of ${count} files only`);
  t.diagnostic(`${count} files`);
}

test('base blocks of all hives and logs are read as recorded', (t) => {
  if (!requireSharedData(t)) return;
  eachHive(t, (name, { base_block: expected }) => {
    if (expected === undefined) return;
    const bytes = readSharedData(name);
    const base = decodeBaseBlock(bytes);
    assert.deepEqual(
      {
        seq: [base.primarySequence, base.secondarySequence],
        minor: base.minorVersion,
        hbins_size: base.hiveBinsSize,
        file_size: bytes.length,
        checksum_ok: base.checksumValid,
        dirty: isDirty(base),
      },
      expected,
      name,
    );
  });
});

test('facts of all hives, without their logs', (t) => {
  if (!requireSharedData(t)) return;
  let facts = 0;
  eachHive(t, (name, { base_block: base, facts_primary_as_is: expected }) => {
    if (expected === undefined) return;
    const { opened, bytes } = open(name, false);
    assert.equal(opened.state, base?.dirty === true ? 'dirty-without-log' : 'clean', name);
    facts += checkFacts({ hive: opened.hive, bytes }, expected);
  });
  t.diagnostic(`${facts} facts`);
  assert.ok(facts > 100);
});

test('facts, number, size and bytes of all dirty hives, after their logs', (t) => {
  if (!requireSharedData(t)) return;
  let replayed = 0;
  eachHive(t, (name, { after_replay_yarp: expected, facts_after_replay: facts }) => {
    if (expected === undefined) return;
    const read = open(name, true);
    const { opened } = read;
    assert.equal(opened.state, 'replayed', name);
    assert.deepEqual(opened.anomalies, [], name);
    assert.equal(opened.sequence, expected.seq, name);
    assert.equal(opened.hive.hiveBinsSize, expected.hbins_size, name);
    const hash = createHash('sha256').update(hiveBins(read)).digest('hex');
    assert.equal(hash, expected.sha256_hbins, name);
    if (facts !== undefined) checkFacts({ hive: opened.hive, bytes: read.bytes }, facts);
    replayed += 1;
  });
  assert.ok(replayed >= 6, `${replayed} hives replayed`);
});

test('what truth.json expects of damaged hives', (t) => {
  if (!requireSharedData(t)) return;
  let expectations = 0;
  eachHive(t, (name, { expected }) => {
    if (expected === undefined || isLog(name)) return;
    const read = open(name, true);
    if (/no valid recovery/.test(expected)) {
      assert.equal(read.opened.state, 'dirty-without-log', name);
      assert.equal(read.opened.replayed, 0);
      assert.ok(read.opened.anomalies.length > 0, name);
    } else {
      assert.match(expected, /must not crash, must report corruption/);
      const { tree, anomalies } = treeOf(read);
      assert.ok(anomalies.length > 0, name);
      // Most of it can be read all the same.
      assert.ok(tree.subkeys.length > 0, name);
    }
    expectations += 1;
  });
  assert.equal(expectations, 3);
});

test('a clean hive takes nothing from logs', (t) => {
  if (!requireSharedData(t)) return;
  const files = ['win10_clean/SYSTEM', 'synth_B/SYSTEM.LOG1', 'synth_B/SYSTEM.LOG2'].map((name) =>
    readSharedData(`hives/${name}`),
  );
  const { bytes, media } = filesOf(files);
  const [primary, ...logs] = media;
  assert.ok(primary !== undefined);
  const opened = drive(openHive(primary, logs), bytes).value;
  assert.ok(opened.ok);
  assert.deepEqual([opened.state, opened.replayed, opened.sequence], ['clean', 0, 228]);
});

/** Hives that Windows itself recovered, beside the dirty ones they came from. */
const RECOVERED_BY_WINDOWS = [
  ['hives/yarp/NewDirtyHive1/NewDirtyHive', 'hives/yarp/NewDirtyHive1/RecoveredHive_Windows10'],
  ['hives/yarp/OldDirtyHive/OldDirtyHive', 'hives/yarp/OldDirtyHive/RecoveredHive_Windows7'],
] as const;

for (const [dirty, recovered] of RECOVERED_BY_WINDOWS) {
  test(`${dirty} reads after its logs as Windows left it`, (t) => {
    if (!requireSharedData(t)) return;
    const ours = treeOf(open(dirty, true));
    const theirs = treeOf(open(recovered, false));
    assert.deepEqual(ours.anomalies, theirs.anomalies);
    assert.deepEqual(ours.tree, theirs.tree);
    assert.notDeepEqual(treeOf(open(dirty, false)).tree, theirs.tree, 'without its logs it does not');
  });
}
