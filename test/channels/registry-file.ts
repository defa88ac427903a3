// A registry as the text of a .reg file: what regedit, `reg import` and hivexregedit read.
import type { Data, Key } from '../core/windows/fake-machine.ts';
import type { RegistryContent } from './contents.ts';

/**
 * `Windows Registry Editor Version 5.00`, lines ended by LF. Each key is taken away first, with all below it, so
 * that nothing is left of what was there.
 * @param controlSet what stands for `CurrentControlSet`: a hive on a disk has no such key
 * @param clear keys to take away as well, in the form of `content`
 */
export function registryFile(
  content: RegistryContent,
  { controlSet = 'CurrentControlSet', clear = [] as readonly string[] } = {},
): string {
  const pathOf = (place: string): string =>
    `HKEY_LOCAL_MACHINE\\${place.replace(/^SYSTEM\\CurrentControlSet/, `SYSTEM\\${controlSet}`)}`;
  const lines = ['Windows Registry Editor Version 5.00', ''];
  for (const place of clear) lines.push(`[-${pathOf(place)}]`, '');
  const made = new Set<string>();
  for (const [place, values] of Object.entries(content)) {
    // Not every reader makes the parents of a key by itself.
    const parts = pathOf(place).split('\\');
    for (let depth = 3; depth <= parts.length; depth += 1) {
      const path = parts.slice(0, depth).join('\\');
      if (made.has(path)) continue;
      made.add(path);
      if (depth < parts.length) lines.push(`[${path}]`, '');
    }
    lines.push(`[${pathOf(place)}]`, ...valuesOf(values), '');
  }
  return `${lines.join('\n')}\n`;
}

function valuesOf(values: Key): readonly string[] {
  return Object.entries(values).map(
    ([name, data]) => `${name === '' ? '@' : `"${escaped(name)}"`}=${dataOf(data)}`,
  );
}

function dataOf(data: Data): string {
  if (typeof data === 'number') return `dword:${data.toString(16).padStart(8, '0')}`;
  if (typeof data === 'string') return textOf(1, data);
  if (data instanceof Uint8Array) return `hex:${hexOf(data)}`;
  if (Array.isArray(data)) return textsOf(data);
  if (!('type' in data)) throw new TypeError('data of no known form');
  const { type, data: value } = data;
  if (value instanceof Uint8Array) return `hex(${type.toString(16)}):${hexOf(value)}`;
  if (typeof value === 'string') return textOf(type, value);
  if (typeof value === 'bigint' || typeof value === 'number') {
    const bytes = new Uint8Array(type === 4 ? 4 : 8);
    const view = new DataView(bytes.buffer);
    if (type === 4) view.setUint32(0, Number(value), true);
    else view.setBigUint64(0, BigInt(value), true);
    return `hex(${type.toString(16)}):${hexOf(bytes)}`;
  }
  return textsOf(value);
}

/** In hexadecimal where its characters, or its type, have no other form that all readers take. */
function textOf(type: number, text: string): string {
  return type === 1 && /^[ -~]*$/.test(text)
    ? `"${escaped(text)}"`
    : `hex(${type.toString(16)}):${hexOf(utf16(`${text}\0`))}`;
}

function textsOf(texts: readonly string[]): string {
  return `hex(7):${hexOf(utf16(`${texts.map((text) => `${text}\0`).join('')}\0`))}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le');
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(',');
}
