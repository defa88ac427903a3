import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/**
 * Reads names from standard input, one JSON text a line, and prints a line for each as it is found: the
 * number of its line, and its addresses or the code of the error. Ends with its input.
 */
const PROGRAM = `const { lookup } = require('node:dns');
let asked = 0;
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const number = asked++;
  lookup(JSON.parse(line), { all: true, verbatim: true }, (error, rows) =>
    process.stdout.write(JSON.stringify([number, error ? error.code : rows.map((row) => row.address)]) + '\\n'));
}).on('close', () => process.exit());`;

/** Names that one process looks up at a time: each takes a thread, for as long as name servers are silent. */
const THREADS = '64';

/** A process that nobody asks anything any more is ended after so long: whoever asks next takes a new one. */
const IDLE_MILLIS = 200;

/** Not for the child: its options could be anything, and a password is none of its business. */
const isWithheld = (name: string): boolean => name === 'NODE_OPTIONS' || /^RDPDOCTOR_.*PASSWORD$/i.test(name);

export type Lookup = { readonly addresses: readonly string[] } | { readonly code: string };

type Child = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Asks the system's resolver, for any number of names, in one child process. It runs on threads that
 * nothing can stop, and while one waits for a name server that is silent a process cannot end, not even by
 * process.exit: with one dead name server that takes ten seconds, with several and a search list a
 * minute. The resolvers that could be stopped know neither the hosts file nor what else the system asks.
 */
export class Resolver {
  #running: Running | undefined;

  /** @returns `undefined`: not in time. */
  async lookUp(host: string, millis: number): Promise<Lookup | undefined> {
    if (this.#running === undefined || this.#running.hasEnded) this.#running = new Running();
    return this.#running.ask(host, millis);
  }
}

/** One child, from its start until it was idle or died. */
class Running {
  readonly #child: Child;
  readonly #waiting = new Map<number, (found: Lookup | Promise<Lookup>) => void>();
  readonly #hosts: string[] = [];
  readonly #end = (): void => {
    this.hasEnded = true;
    this.#child.kill('SIGKILL');
  };
  #printed = '';
  #idle: NodeJS.Timeout | undefined;
  hasEnded = false;

  constructor() {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isWithheld(name)));
    this.#child = spawn(process.execPath, ['--input-type=commonjs', '--eval', PROGRAM], {
      env: { ...env, UV_THREADPOOL_SIZE: THREADS },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    // What keeps this process alive is whoever waits for an answer, not a resolver that has nothing to do.
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout]) {
      if (stream instanceof Socket) stream.unref();
    }
    // Whoever interrupts this process would otherwise leave the child behind.
    process.once('exit', this.#end);
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('utf8');
    this.#child.stdout.on('data', (text: string) => this.#read(text));
    this.#child.on('error', () => this.#endWith((host) => lookUpHere(host)));
    this.#child.on('close', () => this.#endWith(() => ({ code: 'the resolver ended without an answer' })));
  }

  ask(host: string, millis: number): Promise<Lookup | undefined> {
    clearTimeout(this.#idle);
    return new Promise((resolve) => {
      const number = this.#hosts.push(host) - 1;
      const timer = setTimeout(() => this.#settle(number, undefined, resolve), millis);
      this.#waiting.set(number, (found) => {
        clearTimeout(timer);
        this.#settle(number, found, resolve);
      });
      this.#child.stdin.write(`${JSON.stringify(host)}\n`);
    });
  }

  #settle(
    number: number,
    found: Lookup | Promise<Lookup> | undefined,
    resolve: (found: Lookup | Promise<Lookup> | undefined) => void,
  ): void {
    this.#waiting.delete(number);
    resolve(found);
    if (this.#waiting.size > 0 || this.hasEnded) return;
    // A thread that still waits for a name nobody wants any more would be in the way of the next ones.
    if (found === undefined) this.#end();
    else this.#idle = setTimeout(this.#end, IDLE_MILLIS).unref();
  }

  #read(text: string): void {
    const lines = (this.#printed + text).split('\n');
    this.#printed = lines.pop() ?? '';
    for (const line of lines) {
      const answer = readAnswer(line);
      if (answer !== undefined) this.#waiting.get(answer.number)?.(answer.found);
    }
  }

  #endWith(found: (host: string) => Lookup | Promise<Lookup>): void {
    this.hasEnded = true;
    clearTimeout(this.#idle);
    process.off('exit', this.#end);
    for (const [number, tell] of [...this.#waiting]) tell(found(this.#hosts[number] ?? ''));
  }
}

/** Where no process can be started a lookup that cannot be ended is better than none. */
async function lookUpHere(host: string): Promise<Lookup> {
  try {
    return { addresses: (await lookup(host, { all: true, verbatim: true })).map((row) => row.address) };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? String(error.code) : 'no reason given' };
  }
}

function readAnswer(line: string): { readonly number: number; readonly found: Lookup } | undefined {
  try {
    const answer: unknown = JSON.parse(line);
    if (!Array.isArray(answer) || typeof answer[0] !== 'number') return undefined;
    const [number, found] = answer as [number, unknown];
    return Array.isArray(found)
      ? { number, found: { addresses: found.filter((entry) => typeof entry === 'string') } }
      : { number, found: { code: String(found) } };
  } catch {
    return undefined;
  }
}
