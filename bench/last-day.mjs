// node bench/last-day.mjs LOG: how many events the last 24 hours of a log hold, decoded.
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { bottom, openLog, queryEvents, walkBytes } from 'rdpdoctor/evtx';

const DAY_MILLIS = 86_400_000;

export function readLastDay(bytes) {
  const log = walkBytes(openLog(bottom(bytes.length)), bytes);
  return walkBytes(queryEvents(log, { sinceMillisBeforeNewest: DAY_MILLIS, limit: 100_000 }), bytes).events
    .length;
}

if (argv[1] === fileURLToPath(import.meta.url))
  console.log(readLastDay(new Uint8Array(readFileSync(argv[2]))));
