import type { Client, ExecChannel } from 'ssh2';

/** A program to run there, and what it reads. */
export interface RemoteCommand {
  /** What the shell of the account is given: short, since it ends at 8,191 characters in cmd.exe. */
  readonly command: string;
  /** Goes in on standard input, which ends with it. */
  readonly stdin: Uint8Array;
}

export interface CarryLimits {
  readonly millis: number;
  /** Of both outputs together. */
  readonly bytes: number;
}

/** What came back, as it came: whoever asked knows the code page. */
export interface Carried {
  /** Missing where the program ended without one. */
  readonly exitCode?: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /**
   * `exit`: by itself; `limit`, `timeout`: we ended it; `disconnected`: the connection broke;
   * `not-started`: the server ran nothing.
   */
  readonly endedBy: 'exit' | 'limit' | 'timeout' | 'disconnected' | 'not-started';
}

/** A channel that closes without an exit status may have gone with its connection, which is known this much later. */
const CLOSING_MILLIS = 500;
const DRAINING_MILLIS = 50;

/** Runs a command on an open connection. Nothing that happens there rejects the promise. */
export async function carry(
  client: Client,
  ended: Promise<void>,
  { command, stdin }: RemoteCommand,
  limits: CarryLimits,
): Promise<Carried> {
  const outputs = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const carried = (endedBy: Carried['endedBy'], exitCode?: number): Carried => ({
    ...(exitCode === undefined ? {} : { exitCode }),
    stdout: Buffer.concat(outputs.stdout),
    stderr: Buffer.concat(outputs.stderr),
    endedBy,
  });
  return new Promise((resolve) => {
    let channel: ExecChannel | undefined;
    let exitCode: number | undefined;
    let total = 0;
    let isDone = false;
    const finish = (endedBy: Carried['endedBy']): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      const result = carried(endedBy, endedBy === 'exit' ? exitCode : undefined);
      if (endedBy === 'limit' || endedBy === 'timeout') channel?.close();
      resolve(result);
    };
    const timer = setTimeout(() => finish('timeout'), limits.millis);
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      if (isDone) return;
      const room = limits.bytes - total;
      total += chunk.length;
      into.push(chunk.length <= room ? chunk : chunk.subarray(0, room));
      if (total > limits.bytes) finish('limit');
    };
    void ended.then(
      // What was read before the end is still on its way to the listeners.
      () => setTimeout(() => finish('disconnected'), DRAINING_MILLIS),
    );
    const start = (error: Error | undefined, opened: ExecChannel): void => {
      if (error !== undefined) {
        finish('not-started');
        return;
      }
      channel = opened;
      if (isDone) {
        opened.close();
        return;
      }
      opened.on('data', take(outputs.stdout));
      opened.stderr.on('data', take(outputs.stderr));
      opened.on('exit', (code: number | null) => {
        exitCode = code ?? undefined;
        hasExited = true;
      });
      opened.on('error', () => {});
      opened.stderr.on('error', () => {});
      opened.on('close', () => {
        if (hasExited) finish('exit');
        else setTimeout(() => finish('exit'), CLOSING_MILLIS);
      });
      // A program that ends early reads no more of it.
      opened.end(Buffer.from(stdin));
    };
    let hasExited = false;
    try {
      client.exec(command, start);
    } catch {
      // The connection is gone.
      finish('disconnected');
    }
  });
}
