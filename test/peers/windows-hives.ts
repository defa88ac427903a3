// Hives with settings in them, written by hivexregedit (libhivex) into copies of real, clean ones, and
// read back through our own reader of hives by the inquiry that a disk answers.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inquireOffline } from '../../src/app/gather/disk/answer.ts';
import { openRegistry } from '../../src/app/gather/disk/offline-windows.ts';
import { walkBytes } from '../../src/core/formats/walker.ts';
import type { Evidence } from '../../src/core/model/facts.ts';
import type { HiveName } from '../../src/core/windows/inquiry.ts';
import { inquireMachine } from '../../src/core/windows/machine.ts';
import { filesOf } from '../core/formats/regf/hives.ts';

/** REG_DWORD for a number, REG_SZ for a text, REG_MULTI_SZ for texts, REG_BINARY for bytes; `null` deletes. */
export type Setting = number | string | readonly string[] | Uint8Array | RawSetting | null;

export interface RawSetting {
  readonly type: number;
  readonly bytes: readonly number[];
}

/** By place: `SYSTEM\ControlSet001\Control\Lsa!LmCompatibilityLevel`; a place without `!` is a whole key. */
export type Settings = Readonly<Record<string, Setting>>;

/** The bytes of hives, by name; one that is left out does not exist on that machine. */
export type Hives = Readonly<Partial<Record<HiveName, Uint8Array>>>;

export const HIVE_NAMES: readonly HiveName[] = ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM'];

/** The hives with the settings written into them, as files of the folder, by name. Those of `hives` stay as they are. */
export function writeHives(
  folder: string,
  hives: Hives,
  settings: Settings,
): Partial<Record<HiveName, string>> {
  const files: Partial<Record<HiveName, string>> = {};
  for (const name of HIVE_NAMES) {
    const bytes = hives[name];
    if (bytes === undefined) continue;
    const path = join(folder, name);
    writeFileSync(path, bytes);
    files[name] = path;
    const mine = Object.entries(settings).filter(([place]) => place.startsWith(`${name}\\`));
    if (mine.length === 0) continue;
    const script = join(folder, `${name}.reg`);
    writeFileSync(script, scriptOf(mine));
    execFileSync('hivexregedit', ['--merge', '--prefix', `HKEY_LOCAL_MACHINE\\${name}`, path, script], {
      stdio: 'pipe',
    });
  }
  return files;
}

function scriptOf(settings: readonly (readonly [place: string, Setting])[]): string {
  const lines = ['Windows Registry Editor Version 5.00', ''];
  const made = new Set<string>();
  for (const [place, setting] of settings) {
    const [key = '', name] = place.split('!');
    if (name === undefined) {
      lines.push(setting === null ? `[-HKEY_LOCAL_MACHINE\\${key}]` : `[HKEY_LOCAL_MACHINE\\${key}]`, '');
      continue;
    }
    // It makes no parents by itself.
    const parts = key.split('\\');
    for (let depth = 2; depth < parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join('\\');
      if (!made.has(parent)) lines.push(`[HKEY_LOCAL_MACHINE\\${parent}]`, '');
      made.add(parent);
    }
    lines.push(`[HKEY_LOCAL_MACHINE\\${key}]`, `${name === '' ? '@' : `"${name}"`}=${dataOf(setting)}`, '');
  }
  return `${lines.join('\n')}\n`;
}

function dataOf(setting: Setting): string {
  if (setting === null) return '-';
  if (typeof setting === 'number') return `dword:${setting.toString(16).padStart(8, '0')}`;
  if (typeof setting === 'string') return `"${setting.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (setting instanceof Uint8Array) return `hex:${hexOf(setting)}`;
  if ('type' in setting) return `hex(${setting.type.toString(16)}):${hexOf(setting.bytes)}`;
  return `hex(7):${hexOf(Buffer.from(`${setting.map((text) => `${text}\0`).join('')}\0`, 'utf16le'))}`;
}

function hexOf(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(',');
}

/** What hivexget reads at the place; `undefined` where there is no such value. */
export function readWithHivexget(file: string, place: string): string | undefined {
  const [key = '', name = ''] = place.slice(place.indexOf('\\') + 1).split('!');
  try {
    return execFileSync('hivexget', [file, `\\${key}`, name === '' ? '@' : name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).replace(/\n$/, '');
  } catch {
    return undefined;
  }
}

/** Every fact that the hives give, through our own reader. */
export function lookAtHives(files: Partial<Record<HiveName, string>>): Evidence {
  const names = HIVE_NAMES.filter((name) => files[name] !== undefined);
  const { bytes, media } = filesOf(names.map((name) => new Uint8Array(readFileSync(files[name] ?? ''))));
  return walkBytes(
    (function* () {
      const registry = yield* openRegistry((hive) => ({ primary: media[names.indexOf(hive)], logs: [] }));
      return yield* inquireOffline(
        registry,
        inquireMachine({ channel: 'disk', observedAt: '2026-03-01T12:00:00.000Z' }),
      );
    })(),
    bytes,
  );
}
