// All keys and all values of real hives, against hivexml (libhivex) and, for the small ones, regfexport (libregf).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { filetimeToUnixMillis } from '../../../../src/core/bytes/filetime.ts';
import { toHex } from '../../../../src/core/bytes/hex.ts';
import {
  decodeValue,
  type Hive,
  type KeyTree,
  type LookUp,
  lookUp,
  openHive,
  readSubtree,
  recoverHive,
  type TreeValue,
} from '../../../../src/core/formats/regf/index.ts';
import { requirePeer } from '../../../peers/require-peer.ts';
import { readSharedData, requireSharedData } from '../../../shared-data.ts';
import { drive, filesOf } from './hives.ts';

/** Clean hives that hivex opens: large and small, of several versions of Windows and of offreg. */
const HIVES = [
  'win7_domain/SYSTEM',
  'win10_clean/SYSTEM',
  'win81_domain/SECURITY',
  'nt-hive/testhive',
  'yarp/StringValuesHive',
  'yarp/MultiSzHive',
  'yarp/UnicodeHive',
  'hivex/rlenvalue_test_hive',
];

/** It opens its standard output by name, which works for a file and not for Node's pipes, which are sockets. */
function hivexml(path: string): string {
  const output = openSync(`${path}.xml`, 'w');
  try {
    execFileSync('hivexml', [path], { stdio: ['ignore', output, 'inherit'] });
  } finally {
    closeSync(output);
  }
  return readFileSync(`${path}.xml`, 'utf8');
}

/** Runs `use` on a file that other programs can open. */
function withFile(bytes: Uint8Array, use: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'rdpdoctor-regf-'));
  try {
    const path = join(folder, 'hive');
    writeFileSync(path, bytes);
    use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function open(file: Uint8Array): { hive: Hive; bytes: Uint8Array } {
  const { bytes, media } = filesOf([file]);
  const [medium] = media;
  assert.ok(medium !== undefined);
  const opened = drive(openHive(medium), bytes).value;
  assert.ok(opened.ok);
  return { hive: opened.hive, bytes };
}

function treeOf(file: Uint8Array): KeyTree {
  const { hive, bytes } = open(file);
  const { answer, anomalies } = drive(readSubtree(hive, ''), bytes).value;
  assert.deepEqual(anomalies, []);
  assert.ok(answer.kind === 'found');
  return answer.value;
}

/** Keys and values in one line each, in the order of the hive. */
interface Listing {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** hivexml's names of types; others it calls unknown. */
const TYPES: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'string',
  2: 'expand',
  3: 'binary',
  4: 'int32',
  5: 'int32',
  6: 'link',
  7: 'string-list',
  8: 'resource-list',
  9: 'resource-description',
  10: 'resource-requirements',
  11: 'int64',
};

function listOurs(tree: KeyTree): Listing {
  const keys: string[] = [];
  const values: string[] = [];
  const visit = (key: KeyTree, path: string): void => {
    keys.push(`${path} ${new Date(filetimeToUnixMillis(key.lastWritten)).toISOString().slice(0, 19)}`);
    for (const value of key.values) values.push(`${path} : ${value.name} = ${oursAsHivex(value)}`);
    for (const below of key.subkeys) visit(below, `${path}/${below.name}`);
  };
  visit(tree, '');
  return { keys, values };
}

/** A value as hivexml shows it: numbers with a sign, and -1 where they have not their length. */
function oursAsHivex({ type, data }: TreeValue): string {
  const decoded = decodeValue({ type, data });
  const name = TYPES[type] ?? 'unknown';
  if (typeof decoded === 'number') return `${name} ${decoded | 0}`;
  if (typeof decoded === 'bigint') return `${name} ${BigInt.asIntN(64, decoded)}`;
  if (name.startsWith('int')) return `${name} -1`;
  if (Array.isArray(decoded)) return `${name} ${decoded.join('|')}`;
  return `${name} ${typeof decoded === 'string' ? decoded : toHex(decoded)}`;
}

/** hivexml's output → the same listing. */
function listHivex(xml: string): Listing {
  const keys: string[] = [];
  const values: string[] = [];
  const path: string[] = [];
  const here = () => path.map((name, index) => (index === 0 ? '' : `/${name}`)).join('');
  let list: string[] | undefined;
  let pending = '';
  const tokens =
    /<node name="([^"]*)"[^>]*>(?:<mtime>([^<]*)<\/mtime>)?|<(\/node)>|<value ([^>]*)>|<string>([^<]*)<\/string>|<(\/value)>/g;
  for (const [, node, time, endOfNode, attributes, item, endOfValue] of xml.matchAll(tokens)) {
    if (node !== undefined) {
      path.push(unescapeXml(node));
      keys.push(`${here()} ${(time ?? '').slice(0, 19)}`);
    } else if (endOfNode !== undefined) path.pop();
    else if (attributes !== undefined) {
      const attribute = (name: string) =>
        unescapeXml(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
      const type = attribute('type');
      pending = `${here()} : ${attribute('key')} = ${type}`;
      list = type === 'string-list' ? [] : undefined;
      if (list !== undefined) continue;
      const shown = attribute('value');
      const isBase64 = attribute('encoding') === 'base64';
      values.push(`${pending} ${isBase64 ? toHex(new Uint8Array(Buffer.from(shown, 'base64'))) : shown}`);
    } else if (item !== undefined) list?.push(unescapeXml(item));
    else if (endOfValue !== undefined && list !== undefined) {
      // hivex lists up to the end of the data, we up to the first empty text.
      const end = list.indexOf('');
      values.push(`${pending} ${(end === -1 ? list : list.slice(0, end)).join('|')}`);
      list = undefined;
    }
  }
  return { keys, values };
}

function unescapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', apos: "'" };
  return text.replace(/&(?:#x([0-9A-Fa-f]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return names[name] ?? whole;
  });
}

for (const name of HIVES) {
  test(`all keys and values of ${name} as hivex reads them`, (t: TestContext) => {
    if (!requirePeer(t, 'hivexml') || !requireSharedData(t)) return;
    const file = readSharedData(`hives/${name}`);
    const ours = listOurs(treeOf(file));
    withFile(file, (path) => {
      const theirs = listHivex(hivexml(path));
      assert.equal(ours.keys.length, theirs.keys.length);
      assert.equal(ours.values.length, theirs.values.length);
      for (const [index, key] of ours.keys.entries()) assert.equal(key, theirs.keys[index]);
      for (const [index, value] of ours.values.entries()) assert.equal(value, theirs.values[index]);
      t.diagnostic(`${ours.keys.length} keys, ${ours.values.length} values`);
    });
  });
}

for (const name of ['win81_domain/SECURITY', 'nt-hive/testhive', 'yarp/UnicodeHive', 'yarp/BigDataHive']) {
  test(`keys, types and sizes of ${name} as libregf reads them`, (t: TestContext) => {
    if (!requirePeer(t, 'regfexport') || !requireSharedData(t)) return;
    const file = readSharedData(`hives/${name}`);
    const ours: string[] = [];
    const visit = (key: KeyTree, path: string): void => {
      ours.push(path);
      for (const value of key.values) ours.push(`${value.name} ${value.data.length}`);
      for (const below of key.subkeys) visit(below, `${path}\\${below.name}`);
    };
    const tree = treeOf(file);
    visit(tree, tree.name);
    withFile(file, (path) => {
      const text = execFileSync('regfexport', [path], { encoding: 'utf8', maxBuffer: 1 << 26 });
      const theirs: string[] = [];
      let value = '';
      for (const line of text.split('\n')) {
        const [, key] = /^Key path: (.*)$/.exec(line) ?? [];
        const [, named] = /^Value: \d+ (.*)$/.exec(line) ?? [];
        const [, size] = /^Data size: (\d+)$/.exec(line) ?? [];
        if (key !== undefined) theirs.push(key);
        if (named !== undefined) value = named === '(default)' ? '' : named;
        if (size !== undefined) theirs.push(`${value} ${size}`);
      }
      assert.deepEqual(ours.toSorted(), theirs.toSorted());
    });
  });
}

test('every key and value of a SYSTEM hive is found by its path, in any case', (t) => {
  if (!requireSharedData(t)) return;
  // hivex' listing shows that the tree is right; this shows that hashes and names agree with it.
  const { hive, bytes } = open(readSharedData('hives/win10_clean/SYSTEM'));
  const { answer } = drive(readSubtree(hive, ''), bytes).value;
  assert.ok(answer.kind === 'found');
  const requests: LookUp[] = [];
  const expected: unknown[] = [];
  const visit = (key: KeyTree, path: string): void => {
    requests.push({ path: path.toUpperCase() });
    expected.push(key.name);
    for (const { name, data } of key.values) {
      requests.push({ path, name });
      expected.push(data);
    }
    for (const below of key.subkeys) visit(below, `${path}\\${below.name}`);
  };
  visit(answer.value, '');
  const { answers, anomalies } = drive(lookUp(hive, requests), bytes).value;
  assert.deepEqual(anomalies, []);
  for (const [index, found] of answers.entries()) {
    if (found.kind === 'key') assert.equal(found.name, expected[index]);
    else {
      assert.ok(found.kind === 'value', `${JSON.stringify(requests[index])}: ${found.kind}`);
      assert.ok(Buffer.from(found.value.data).equals(Buffer.from(expected[index] as Uint8Array)));
    }
  }
  t.diagnostic(`${requests.length} requests`);
  assert.ok(requests.length > 100_000);
});

test('recovery of a whole hive finds the keys of its tree, each at its path', (t) => {
  if (!requireSharedData(t)) return;
  const { hive, bytes } = open(readSharedData('hives/nt-hive/testhive'));
  const { answer } = drive(readSubtree(hive, ''), bytes).value;
  assert.ok(answer.kind === 'found');
  const keys: string[] = [];
  const visit = (key: KeyTree, path: string): void => {
    keys.push(path);
    for (const below of key.subkeys) visit(below, path === '' ? below.name : `${path}\\${below.name}`);
  };
  visit(answer.value, '');
  const { present, anomalies } = drive(recoverHive(hive), bytes).value;
  assert.deepEqual(anomalies, []);
  assert.deepEqual(present.keys.map(({ path }) => path).sort(), keys.sort());
  assert.deepEqual(present.looseValues, []);
});
