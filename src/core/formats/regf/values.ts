import { copyBytes } from '../../bytes/copy.ts';
import type { Anomaly } from '../walker.ts';
import { type CellExtent, readCells, readRecord, readRecords } from './cell-reader.ts';
import { BIG_DATA_SEGMENT, decodeBigData, decodeCellList, decodeKeyValue, type KeyValue } from './cells.ts';
import { type Attempt, cellName, type Reading } from './hive.ts';
import type { Key, Search } from './keys.ts';
import { upcase } from './names.ts';
import { all, PAGE_SIZE, type Task } from './pages.ts';

/** Of one key; the largest keys of real hives (firewall rules, component store) have some thousands. */
export const MAX_VALUES = 1 << 16;

/** Of one value: as much as anything in a system hive has, and as much as a lying size may cost. */
const MAX_DATA_BYTES = 16 << 20;

/** Bytes of a key value before its name, and how long a name is guessed to be. */
const KEY_VALUE_SIZE = 20;
const LIKELY_NAME = 16;
/** "Registry element size limits": 16,383 characters. */
const MAX_NAME_BYTES = 16_383 * 2;

/** Key values read in one round. */
const VALUES_A_ROUND = 1024;

/** The first minor version whose hives split data that is longer than a segment. */
const FIRST_WITH_BIG_DATA = 4;

/** A value and where its record lies. */
export interface LocatedValue extends KeyValue {
  readonly cell: number;
}

export interface KeyValues {
  readonly values: readonly LocatedValue[];
  /** Set where values may exist that are not among them. */
  readonly missing?: Anomaly;
}

/** The values of a key, without their data. Two rounds: the list, then all values. */
export function* readKeyValues(reading: Reading, key: Key): Task<KeyValues> {
  const { valueCount, valuesList } = key.node;
  if (valueCount === 0) return { values: [] };
  const where = cellName('key node', key.cell);
  let missing: Anomaly | undefined;
  const count = Math.min(valueCount, MAX_VALUES);
  if (count < valueCount) {
    missing = reading.fail(where, `it counts ${valueCount} values, of which ${MAX_VALUES} were read`).anomaly;
  }
  if (!reading.spend('values', count)) {
    return {
      values: [],
      missing: reading.fail(where, `its ${count} values are more than are read`).anomaly,
    };
  }
  const extent = { likely: Math.min(count * 4, PAGE_SIZE), most: count * 4 };
  const list = yield* readRecord(reading, valuesList, 'key values list', extent, (bytes) =>
    decodeCellList(bytes, count),
  );
  if (!list.ok) return { values: [], missing: list.anomaly };
  if (list.value.length < count) {
    const told = reading.fail(
      where,
      `it counts ${valueCount} values, but its list has room for ${list.value.length}`,
    );
    missing ??= told.anomaly;
  }

  const values: LocatedValue[] = [];
  for (let at = 0; at < list.value.length; at += VALUES_A_ROUND) {
    if (at > 0) yield [];
    const round = list.value.slice(at, at + VALUES_A_ROUND);
    for (const value of yield* readValueRecords(reading, round)) {
      if (!value.ok) missing ??= value.anomaly;
      else if (!value.value.tombstone) values.push(value.value);
    }
  }
  return missing === undefined ? { values } : { values, missing };
}

/** Records of values, without their data. One round. */
export function* readValueRecords(
  reading: Reading,
  cells: readonly number[],
): Task<readonly Attempt<LocatedValue>[]> {
  const extent = { likely: KEY_VALUE_SIZE + LIKELY_NAME, most: KEY_VALUE_SIZE + MAX_NAME_BYTES };
  return yield* readRecords(reading, cells, 'key value', extent, (bytes, cell) => {
    const value = decodeKeyValue(bytes);
    reading.spendName(value.name, 'key value');
    return { ...value, cell };
  });
}

/** The value of this name; an empty name is the key's default value. */
export function findValue({ values, missing }: KeyValues, name: string): Search<KeyValue> {
  const raised = upcase(name);
  const value = values.find((candidate) => upcase(candidate.name) === raised);
  if (value !== undefined) return { kind: 'found', value };
  return missing === undefined ? { kind: 'absent' } : { kind: 'unreadable', anomaly: missing };
}

/** As many bytes of a value's data as could be read, and why the rest could not. */
export interface ValueData {
  readonly data: Uint8Array;
  readonly missing?: Anomaly;
}

/**
 * The data of values, in their order. No round for what stands in the values themselves, one for
 * what has a cell, three for what is longer than 16,344 bytes (big data).
 */
export function* readValuesData(reading: Reading, values: readonly KeyValue[]): Task<readonly ValueData[]> {
  const data: ValueData[] = new Array(values.length);
  const plain: { index: number; cell: number; extent: CellExtent }[] = [];
  const tasks: Task<void>[] = [];
  for (const [index, value] of values.entries()) {
    const { size } = value;
    if (value.inline !== undefined) data[index] = { data: value.inline };
    else if (size === 0) data[index] = { data: new Uint8Array() };
    else if (size > MAX_DATA_BYTES || !reading.spend('dataBytes', size)) {
      const { anomaly } = reading.fail(dataName(value), `its ${size} bytes are more than are read`);
      data[index] = { data: new Uint8Array(), missing: anomaly };
    } else if (size > BIG_DATA_SEGMENT && reading.hive.minorVersion >= FIRST_WITH_BIG_DATA) {
      tasks.push(
        (function* (): Task<void> {
          data[index] = join(reading, value, yield* readBigData(reading, value));
        })(),
      );
    } else
      plain.push({
        index,
        cell: value.data,
        extent: { likely: Math.min(size, BIG_DATA_SEGMENT), most: size },
      });
  }
  tasks.push(
    (function* (): Task<void> {
      yield* readCells(reading, plain, 'value data', (cell, at) => {
        const index = plain[at]?.index ?? 0;
        const value = values[index];
        if (value !== undefined) data[index] = join(reading, value, [cell]);
      });
    })(),
  );
  yield* all(tasks);
  return data;
}

function* readBigData(reading: Reading, value: KeyValue): Task<readonly Attempt<Uint8Array>[]> {
  const record = yield* readRecord(reading, value.data, 'big data', { likely: 8, most: 8 }, decodeBigData);
  if (!record.ok) return [record];
  const needed = Math.ceil(value.size / BIG_DATA_SEGMENT);
  const { segments, list } = record.value;
  if (segments !== needed) {
    reading.fail(
      cellName('big data', value.data),
      `${value.size} bytes make ${needed} segments, not ${segments}`,
    );
  }
  const count = Math.min(segments, needed);
  const extent = { likely: count * 4, most: count * 4 };
  const cells = yield* readRecord(reading, list, 'list of segments', extent, (bytes) =>
    decodeCellList(bytes, count),
  );
  if (!cells.ok) return [cells];
  const segmentCells = cells.value.map((cell, index) => {
    const length = Math.min(BIG_DATA_SEGMENT, value.size - index * BIG_DATA_SEGMENT);
    return { cell, extent: { likely: length, most: length } };
  });
  return yield* readCells(reading, segmentCells, 'data segment', (segment) => segment);
}

/** Joins parts up to the first that is not there, or is shorter than it must be to have the next in its place. */
function join(reading: Reading, value: KeyValue, parts: readonly Attempt<Uint8Array>[]): ValueData {
  const { size } = value;
  const [only] = parts;
  // A copy, since what the pages keep may be a view of megabytes.
  if (parts.length === 1 && only?.ok === true && only.value.length === size)
    return { data: copyBytes(only.value) };
  const data = new Uint8Array(size);
  let length = 0;
  for (const part of parts) {
    if (!part.ok) return { data: copyBytes(data, 0, length), missing: part.anomaly };
    data.set(part.value, length);
    length += part.value.length;
    if (part.value.length < BIG_DATA_SEGMENT) break;
  }
  if (length === size) return { data };
  const { anomaly } = reading.fail(dataName(value), `${length} of its ${size} bytes are there`);
  return { data: copyBytes(data, 0, length), missing: anomaly };
}

function dataName(value: KeyValue): string {
  return cellName(`data of ${JSON.stringify(value.name)}`, value.data);
}
