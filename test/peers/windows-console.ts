// A Windows at whose console somebody sits, near or far: Wine's cmd.exe and its programs behind OpenSSH's server, as
// Windows' own OpenSSH runs them. Registry commands and quoting are real there; sc, wevtutil, nltest, w32tm
// and netstat are not what Windows has (test/core/dialect/cmd stands for those).
import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Scope } from './processes.ts';
import { requirePeer } from './require-peer.ts';
import { type SshFolder, sshFolder, startSshd } from './sshd.ts';
import { startWine, type WinePrefix } from './wine.ts';

export function requireWindowsConsole(t: TestContext): boolean {
  return requirePeer(t, 'wine', 'sshd', 'ssh', 'ssh-keygen');
}

export interface WindowsConsole {
  readonly port: number;
  readonly folder: SshFolder;
  readonly wine: WinePrefix;
  /** Writes into the registry, by Wine's own reg.exe: the text of a .reg file. */
  importRegistry(text: string): void;
  /** Runs a command over SSH by OpenSSH's client, with this on its standard input. */
  ask(command: string, input: string): Promise<{ readonly status: number | null; readonly stdout: Buffer }>;
  /** Saves a script as .cmd on drive C and runs it there, as a person does; gives what it printed. */
  runFile(script: string): Promise<Buffer>;
}

export async function startWindowsConsole(scope: Scope): Promise<WindowsConsole> {
  const [wine, folder] = [await startWine(scope), sshFolder(scope)];
  const shell = join(folder.path, 'shell');
  const variables = Object.entries(wine.env).filter(([name]) => name.startsWith('WINE'));
  // Two ways of Wine's own: it escapes the quotes of an argument once more, so a command line goes through a
  // batch file; and its cmd reads a script from a file alone, not from a pipe as Windows' does.
  writeFileSync(
    shell,
    [
      '#!/bin/bash',
      'cd / || exit 98',
      ...variables.map(([name, value]) => `export ${name}='${value}'`),
      'export PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8',
      `input=$(mktemp '${folder.path}/input.XXXXXX') && cat > "$input"`,
      `line=$(mktemp '${wine.driveC}/XXXXXXXX.bat') && printf '@%s\\r\\n' "$SSH_ORIGINAL_COMMAND" > "$line"`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
      'case $SSH_ORIGINAL_COMMAND in "cmd.exe /d /q "*) wine $SSH_ORIGINAL_COMMAND < "$input";; *) wine cmd /c "C:\\\\${line##*/}" < "$input";; esac 2> /dev/null',
      'status=$?',
      'rm -f "$input" "$line"',
      'exit $status',
    ].join('\n'),
  );
  chmodSync(shell, 0o755);
  const { port } = await startSshd(scope, folder, [
    `ForceCommand ${shell}`,
    'PermitRootLogin prohibit-password',
  ]);
  let files = 0;
  return {
    port,
    folder,
    wine,
    importRegistry(text) {
      const file = join(wine.driveC, 'import.reg');
      writeFileSync(file, Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le'));
      wine.run('reg', 'import', 'C:\\import.reg');
    },
    async ask(command, input) {
      const options = [
        'StrictHostKeyChecking=no',
        'UserKnownHostsFile=/dev/null',
        'BatchMode=yes',
        'LogLevel=ERROR',
      ];
      const words = options.flatMap((option) => ['-o', option]);
      const key = ['-F', 'none', '-i', folder.key('id_ed25519'), '-p', String(port)];
      return finished(spawn('ssh', [...key, ...words, 'root@127.0.0.1', command]), input);
    },
    async runFile(script) {
      files += 1;
      writeFileSync(join(wine.driveC, `ask${files}.cmd`), script);
      const child = spawn('wine', ['cmd', '/d', '/c', `C:\\ask${files}.cmd`], { env: wine.env });
      const { status, stdout } = await finished(child, '');
      if (status !== 0)
        throw new Error(`the script ended with ${status}: ${stdout.toString('latin1').slice(-500)}`);
      return stdout;
    },
  };
}

function finished(
  child: ReturnType<typeof spawn>,
  input: string,
): Promise<{ readonly status: number | null; readonly stdout: Buffer }> {
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  child.stderr?.resume();
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(parts) }));
  });
}
