// Runs `main` for the tests, in a process of its own: what it prints can be caught there without
// catching what the test runner prints, and what it leaves behind shows.
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../src/edge/cli/main.ts';
import type { Asked, Ran } from './run-main.ts';

const faults: string[] = [];
process.on('unhandledRejection', (reason) => faults.push(`unhandled rejection: ${String(reason)}`));
process.on('uncaughtException', (error) =>
  faults.push(`uncaught exception: ${error.stack ?? error.message}`),
);

/** What keeps a process alive, but for the line to the test. */
const resources = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => !/^(?:Pipe|TTY)Wrap$/.test(name));

async function run({ argv, env, terminal }: Asked): Promise<Ran> {
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    Object.assign(process[stream], {
      write: (text: unknown) => {
        printed[stream] += String(text);
        return true;
      },
      isTTY: terminal !== undefined,
      columns: terminal,
    });
  }
  const before = { ...process.env };
  Object.assign(process.env, env);
  const began = performance.now();
  const status = await main(argv);
  const millis = performance.now() - began;
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
  // What is being closed is gone a moment later, and so is what the loader still writes into its cache.
  for (let tries = 0; resources().length > 0 && tries < 200; tries += 1)
    await sleep(10, undefined, { ref: false });
  return {
    status,
    ...printed,
    millis,
    left: resources(),
    faults: faults.splice(0),
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

process.on('message', (asked: Asked) => {
  void run(asked).then((ran) => process.send?.(ran));
});
process.send?.('ready');
