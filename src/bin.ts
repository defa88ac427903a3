#!/usr/bin/env node
import { main } from './edge/cli/main.ts';

// A reader that has seen enough (`rdpdoctor … | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));
