// A real PowerShell for Windows, on Wine: registry, services, LSA, files and language modes are real; CIM and event logs
// are stand-ins (stand-ins.ps1), and so are Windows' own programs (canned.cs). It is PowerShell 7: what stands for
// Windows PowerShell is that scripts use nothing newer (test/core/dialect/powershell/script.test.ts); its own behaviour is unproven.
import { spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Scope } from '../processes.ts';
import { isInstalled, requirePeer, requireProgram } from '../require-peer.ts';
import { startWine, type WinePrefix } from '../wine.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FOLDER = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'rdpdoctor',
  'powershell@7.6.9',
);
const COMPLETE = join(FOLDER, 'complete');

/** A start takes three seconds, on a busy machine twenty; one that hangs is a failure. */
const RUN_MILLIS = 280_000;

export function requirePowerShell(t: TestContext): boolean {
  return requirePeer(t, 'wine') && requireProgram(t, COMPLETE, `bash ${HERE}install.sh ${FOLDER}`);
}

/** The same for what is made before the tests, which say themselves what is missing. */
export function hasPowerShell(): boolean {
  return isInstalled('wine') && existsSync(COMPLETE);
}

export interface PowerShellPeer {
  readonly wine: WinePrefix;
  /** C:\peer, in which stand-ins and canned programs find what they say, and in which scripts lie. */
  readonly folder: string;
  /** What Windows' own program prints, by its arguments. */
  program(name: 'nltest' | 'w32tm' | 'netstat', answers: Readonly<Record<string, string>>): void;
  /** What a program in this Windows needs of its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs PowerShell to its end: bytes of its standard output. */
  run(words: readonly string[], stdin?: string): Promise<Buffer>;
}

export async function startPowerShell(scope: Scope): Promise<PowerShellPeer> {
  const wine = await startWine(scope);
  const folder = join(wine.driveC, 'peer');
  const system32 = join(folder, 'windows', 'System32');
  mkdirSync(system32, { recursive: true });
  symlinkSync(join(FOLDER, 'dotnet'), join(wine.driveC, 'dotnet'));
  symlinkSync(join(FOLDER, 'powershell'), join(wine.driveC, 'PowerShell'));
  copyFileSync(join(HERE, 'stand-ins.ps1'), join(folder, 'stand-ins.ps1'));
  for (const file of ['canned.dll', 'canned.runtimeconfig.json']) {
    copyFileSync(join(FOLDER, 'canned', file), join(system32, file));
  }
  const env = {
    ...wine.env,
    WINEDLLOVERRIDES: 'winedbg.exe=',
    DOTNET_ROOT: 'C:\\dotnet',
    // Without it .NET dies in a finalizer on Wine 8.
    DOTNET_EnableWriteXorExecute: '0',
    POWERSHELL_TELEMETRY_OPTOUT: '1',
    POWERSHELL_UPDATECHECK: 'Off',
    NO_COLOR: '1',
  };
  return {
    wine,
    folder,
    env,
    program(name, answers) {
      copyFileSync(join(FOLDER, 'canned', 'canned.exe'), join(system32, `${name}.exe`));
      const text = Object.entries(answers).map(([words, printed]) => `> ${words}\n${printed}\n`);
      writeFileSync(join(folder, `${name}.txt`), text.join(''));
    },
    async run(words, stdin = '') {
      // Wine gives a console only where one of the standard streams is a terminal, and PowerShell prints nothing without.
      const [input, output] = [join(wine.path, 'stdin'), join(wine.path, 'stdout')];
      writeFileSync(input, stdin);
      const quoted = ['C:\\PowerShell\\pwsh.exe', '-NoLogo', '-NoProfile', '-NonInteractive', ...words].map(
        (word) => `'${word.replaceAll("'", "'\\''")}'`,
      );
      const command = `wine ${quoted.join(' ')} <'${input}' >'${output}'`;
      closeSync(openSync(output, 'w'));
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        env,
        stdio: 'ignore',
        timeout: RUN_MILLIS,
      });
      const status = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      if (status !== 0) throw new Error(`PowerShell ended with ${status ?? 'a signal'}`);
      return readFileSync(output);
    },
  };
}
