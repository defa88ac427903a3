import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Asked {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Columns of the terminal that stdout and stderr are; undefined: they are none. */
  readonly terminal?: number;
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly millis: number;
  /** What would keep the process alive: none, or the test fails. */
  readonly left: readonly string[];
  readonly faults: readonly string[];
  /** The most memory that the process has had so far. */
  readonly maxRssBytes: number;
}

/** `main` in a process of its own, one run after the other. */
export class MainProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<MainProcess> {
    const child = fork(fileURLToPath(new URL('./main-child.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return new MainProcess(child);
  }

  /** Runs it; fails where something is left behind or went unhandled. */
  async run(argv: readonly string[], options: Partial<Omit<Asked, 'argv'>> = {}): Promise<Ran> {
    const asked: Asked = { env: {}, ...options, argv };
    this.#child.send(asked);
    const [ran]: readonly [Ran] | readonly unknown[] = await once(this.#child, 'message');
    assertRan(ran);
    assert.deepEqual(ran.faults, []);
    assert.deepEqual(ran.left, []);
    return ran;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

function assertRan(value: unknown): asserts value is Ran {
  assert.ok(typeof value === 'object' && value !== null && 'status' in value);
}
