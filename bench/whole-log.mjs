// node bench/whole-log.mjs LOG: every event of a log, all fields decoded, in a process that did nothing before.
import { readFileSync } from 'node:fs';
import { bottom, openLog, queryEvents, walkBytes } from 'rdpdoctor/evtx';

const bytes = readFileSync(process.argv[2] ?? '');
const log = walkBytes(openLog(bottom(bytes.length)), bytes);
const { events } = walkBytes(queryEvents(log, { limit: Number.MAX_SAFE_INTEGER }), bytes);
console.log(events.length);
