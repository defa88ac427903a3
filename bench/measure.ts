import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';

export interface Timing {
  /** Wall time in milliseconds: least, median, most. */
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

export function summarise(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { least: sorted[0] ?? Number.NaN, median: middle, most: sorted.at(-1) ?? Number.NaN };
}

/** Runs a whole process once, its output thrown away; milliseconds. */
export async function timeProcess(command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, NO_COLOR: '1' } });
  await once(child, 'exit');
  return performance.now() - started;
}

/** Runs a whole process once; milliseconds, which it measured itself and printed as the last word. */
export async function timeByItself(command: string, args: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(command, [...args]);
  return Number(stdout.trim().split(/\s+/).at(-1));
}

/**
 * Runs several commands in turn, A B C A B C …, so that a machine whose speed drifts is fair to all.
 * The first round warms up and is not counted.
 */
export async function timeInTurn<K extends string>(
  commands: Readonly<Record<K, () => Promise<number>>>,
  rounds: number,
): Promise<Readonly<Record<K, Timing>>> {
  const names = Object.keys(commands) as K[];
  const samples = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const millis = await commands[name]();
      if (round > 0) samples.get(name)?.push(millis);
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarise(samples.get(name) ?? [])])) as Record<
    K,
    Timing
  >;
}

export function show(millis: number): string {
  return millis >= 1000 ? `${(millis / 1000).toFixed(2)} s` : `${millis.toFixed(0)} ms`;
}

/** Rows under a header, columns aligned; the first column to the left, the others to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}
