// npm run bench [-- start|outside|disk|inside] [--rounds N]      needs the packages of .ci/run, and chntpw for reged
// Figures are medians of whole processes, commands in turn in one run; ratios are what to quote.
import { cpus } from 'node:os';
import { benchDisk } from './disk.ts';
import { benchInside } from './inside.ts';
import { benchOutside, benchStart } from './outside.ts';

const asked = process.argv.slice(2);
const roundsAt = asked.indexOf('--rounds');
const rounds = roundsAt === -1 ? 9 : Number(asked[roundsAt + 1]);
const wanted = (name: string): boolean =>
  asked.every((_, index) => index === roundsAt || index === roundsAt + 1) || asked.includes(name);

const ends: (() => void | Promise<void>)[] = [];
const scope = { after: (end: () => void | Promise<void>) => void ends.push(end) };

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
try {
  if (wanted('start')) await benchStart(rounds);
  if (wanted('outside')) {
    console.log();
    await benchOutside(scope, { rounds });
  }
  if (wanted('disk')) {
    console.log();
    await benchDisk(scope, rounds);
  }
  if (wanted('inside')) {
    console.log();
    await benchInside(rounds);
  }
} finally {
  for (const end of ends.reverse()) await end();
}
