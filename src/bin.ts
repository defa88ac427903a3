#!/usr/bin/env node
import { main } from './edge/cli/main.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`rdpdoctor … | head`) is no fault.
  if (error.code === 'EPIPE') return;
  process.exitCode = 2;
  process.stderr.write(`rdpdoctor: the result could not be written (${error.code ?? 'no reason given'})\n`);
});
// Where stderr is gone there is nobody left to tell.
process.stderr.on('error', () => undefined);

// Nothing is pending that an exit could cut off: a diagnosis changes nothing, and prints only at its end.
// biome-ignore lint/plugin: whoever interrupts wants the end now, and status 130 also where no shell computes it
process.on('SIGINT', () => process.exit(130));

const processStart = 0;
// No await at the top: the command is built as CommonJS, which starts sooner.
void main(process.argv.slice(2), processStart).then((status) => {
  process.exitCode ??= status;
});
