import { fromBase64 } from '../../bytes/base64.ts';
import type { HiveName, RegistryValue } from '../../windows/inquiry.ts';
import type { AnswerSheet } from '../script/sheet.ts';
import { type LineReader, unreadOf } from './line.ts';

const HIVES: readonly HiveName[] = ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM'];

interface OpenKey {
  readonly hive: HiveName;
  readonly path: string;
  readonly values: RegistryValue[];
  only?: readonly string[];
  subkeys?: readonly string[];
  incomplete?: string;
}

/** Lines of part-registry.ts: a key, and what stands below its line until the next. */
export class KeyReader implements LineReader {
  readonly #sheet: AnswerSheet;
  #open: OpenKey | undefined;

  constructor(sheet: AnswerSheet) {
    this.#sheet = sheet;
  }

  take(word: string, fields: readonly string[]): void {
    if (word === 'key') {
      this.end();
      this.#begin(fields);
      return;
    }
    const key = this.#open;
    if (key === undefined) return;
    switch (word) {
      case 'only':
        key.only = fields;
        return;
      case 'subkeys':
        key.subkeys = fields;
        return;
      case 'failed':
        key.incomplete ??= `reading it failed${fields[0] ? ` (${fields[0]})` : ''}`;
        return;
      case 'error':
        key.incomplete ??= fields[0] ?? 'a value could not be read';
        return;
      case 'value': {
        const value = registryValueOf(fields);
        if (value === undefined) key.incomplete ??= 'a value came in a form that no script writes';
        else key.values.push(value);
      }
    }
  }

  end(): void {
    const key = this.#open;
    this.#open = undefined;
    if (key === undefined) return;
    const { hive, path, values, only, subkeys, incomplete } = key;
    this.#sheet.key(hive, path, {
      state: 'present',
      values,
      ...(only === undefined ? {} : { only }),
      ...(subkeys === undefined ? {} : { subkeys }),
      ...(incomplete === undefined ? {} : { incomplete }),
    });
  }

  #begin([name, path = '', ...state]: readonly string[]): void {
    const hive = HIVES.find((one) => one === name);
    if (hive === undefined || path === '') return;
    if (state[0] === 'present') this.#open = { hive, path, values: [] };
    else this.#sheet.key(hive, path, state[0] === 'absent' ? { state: 'absent' } : unreadOf(state));
  }
}

const TYPE = { sz: 1, expand: 2, dword: 4, multi: 7, qword: 11 } as const;

/** Data as a hive's is decoded (formats/regf/value-data.ts): a text ends at its first NUL, a list at its first empty text. */
function registryValueOf([name = '', number, form, ...data]: readonly string[]): RegistryValue | undefined {
  const type = Number(number);
  if (!Number.isInteger(type) || type < 0) return undefined;
  const [first = ''] = data;
  switch (form) {
    case 'number':
      if (!/^(?:[0-9A-F]{8}|[0-9A-F]{16})$/.test(first)) return undefined;
      if (type === TYPE.dword && first.length === 8) return { name, type, data: Number.parseInt(first, 16) };
      return type === TYPE.qword && first.length === 16
        ? { name, type, data: BigInt(`0x${first}`) }
        : undefined;
    case 'text':
      return type === TYPE.sz || type === TYPE.expand
        ? { name, type, data: first.replace(/\0.*$/s, '') }
        : undefined;
    case 'texts': {
      const end = data.indexOf('');
      return type === TYPE.multi ? { name, type, data: end === -1 ? data : data.slice(0, end) } : undefined;
    }
    case 'masked':
      // No text is binary: whoever needs it finds that it cannot be read.
      return { name, type, data: 'masked' };
    case 'bytes':
    case 'hex': {
      const bytes = bytesOf(form, first);
      return bytes && { name, type, data: bytes };
    }
    default:
      return undefined;
  }
}

/** What a script writes of bytes: base64, or digits where it cannot make that. */
export function bytesOf(form: string | undefined, text: string): Uint8Array | undefined {
  if (form === 'bytes') return fromBase64(text);
  if (form !== 'hex' || !/^(?:[0-9A-F]{2})*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}
