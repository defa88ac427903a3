// node bench/whole-log.mjs LOG: every event of a log, all fields decoded, in a process that did nothing before.
// Prints how many there are, and how many milliseconds it took from opening the log to the last event.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { bottom, openLog, queryEvents, walkBytes } from 'rdpdoctor/evtx';

const bytes = readFileSync(process.argv[2] ?? '');
const started = performance.now();
const log = walkBytes(openLog(bottom(bytes.length)), bytes);
const { events } = walkBytes(queryEvents(log, { limit: Number.MAX_SAFE_INTEGER }), bytes);
console.log(events.length, performance.now() - started);
