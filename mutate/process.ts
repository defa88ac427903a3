// One process of mutate/runner.mjs: orders go in, answers come out, and one that takes too long is ended.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A test, by the bundle that it is in and its place there. */
export interface TestPlace {
  readonly bundle: string;
  readonly index: number;
}

/** What one bundle comes by without a mutant. */
export interface Covered {
  /** Mutants that loading it came by: a process in which it is loaded cannot switch them any more. */
  readonly atLoad: readonly string[];
  readonly tests: readonly { readonly millis: number; readonly mutants: readonly string[] }[];
}

export interface Outcome {
  readonly noticed: boolean;
  /** The test that failed fails without the mutant too, from now on. */
  readonly soiled: boolean;
}

type Order =
  | { readonly kind: 'load'; readonly bundles: readonly string[] }
  | { readonly kind: 'cover' }
  | { readonly kind: 'run'; readonly tests?: readonly TestPlace[]; readonly mutant?: string };

const PROGRAM = fileURLToPath(new URL('runner.mjs', import.meta.url));

export class TestProcess {
  readonly #child: ChildProcess;

  /** @param env with `__STRYKER_ACTIVE_MUTANT__` a mutant is on while the tests are loaded, too */
  constructor(root: string, env: Readonly<Record<string, string>> = {}) {
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
    this.#child = fork(PROGRAM, [], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: { ...inherited, ...env },
    });
  }

  /** @returns undefined where loading fails */
  async load(bundles: readonly string[], longest: number): Promise<object | undefined> {
    return this.#ask({ kind: 'load', bundles }, longest);
  }

  async cover(longest: number): Promise<Covered> {
    const answer = await this.#ask<Covered>({ kind: 'cover' }, longest);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  /** @returns undefined where it took too long, or the process died of it */
  async run(
    order: { readonly tests?: readonly TestPlace[]; readonly mutant?: string },
    longest: number,
  ): Promise<Outcome | undefined> {
    return this.#ask<Outcome>({ kind: 'run', ...order }, longest);
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #ask<T>(order: Order, longest: number): Promise<T | undefined> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(undefined), longest);
      const answered = (answer: unknown): void => {
        const { failed, reason } = answer as { readonly failed?: string; readonly reason?: string };
        if (failed === undefined) settle(answer as T);
        else if (failed === 'load') settle(undefined);
        else settle(new Error(`${failed}: ${reason}`));
      };
      const died = (): void => settle(undefined);
      function settle(what: T | Error | undefined): void {
        clearTimeout(timer);
        child.off('message', answered).off('exit', died);
        if (what instanceof Error) reject(what);
        else resolve(what);
      }
      child.on('message', answered).on('exit', died);
      if (child.exitCode !== null || child.signalCode !== null) died();
      else child.send(order);
    });
  }
}
