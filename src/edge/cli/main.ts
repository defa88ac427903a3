import { Command, CommanderError, Option } from 'commander';
import { harmless } from '../../core/report/layout.ts';
import { withoutTypedSecrets } from '../secrets.ts';
import { VERSION } from '../version.ts';
import type { CollectFlags } from './collect.ts';
import { type CompletedCommand, SHELLS } from './completed-command.ts';
import type { DiagnoseFlags } from './diagnose-flags.ts';
import { DIAGNOSE_OPTIONS } from './diagnose-options.ts';
import { LIST_NAMES } from './list-names.ts';
import { print, tell } from './say.ts';
import { UsageError } from './usage-error.ts';

/** Vantages of the contract that this version cannot look from; naming one says so instead of ignoring it. */
const LATER = ['--winrm <user@host>', '--dc <host>'];

const EXAMPLES = `
Examples:
  rdpdoctor diagnose vm1.corp.example
  rdpdoctor diagnose --disk osdisk.vhd
  rdpdoctor diagnose 10.0.0.4:3390 --client windows-11 --case ticket-4711
  rdpdoctor diagnose --from ticket-4711 --redact
  rdpdoctor collect > ask.ps1
  rdpdoctor diagnose --answers answer.txt
  rdpdoctor explain 0x904
  rdpdoctor explain "The Local Security Authority cannot be contacted"
  rdpdoctor explain xfreerdp.log

Exit status: 0 healthy, 1 a cause was found, 2 could not run,
3 no cause found or too little seen, 130 interrupted.`;

/**
 * The command line. Prints to stdout and stderr, returns the exit status, never throws.
 * Commands load their code when they are called, so that `--help` stays quick.
 * @param startedAt when the user began to wait, on `performance.now`
 */
export async function main(argv: readonly string[], startedAt = performance.now()): Promise<number> {
  let status = 0;
  // What was typed comes back in messages: without control characters, and without a secret in the wrong place.
  const complain = (message: string): void =>
    tell(`rdpdoctor: ${printable(withoutTypedSecrets(message, argv, optionsOf(program)))}\n`);
  const program = new Command('rdpdoctor')
    .description('Finds out why a Remote Desktop sign-in to a Windows machine fails, and proves it.')
    .exitOverride()
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 80, 100) })
    .configureOutput({
      writeOut: print,
      writeErr: tell,
      outputError: (text) => complain(text.replace(/^error: /, '').trimEnd()),
    })
    .addHelpText('after', EXAMPLES);
  program.version(VERSION, '--version', 'print the version').action(() => {
    const [word] = program.args;
    if (word !== undefined) {
      const known = program.commands.map((command) => command.name()).join(', ');
      throw new UsageError(
        `"${word}" is not a command: expected one of ${known} (to diagnose a machine: rdpdoctor diagnose HOST)`,
      );
    }
    program.outputHelp({ error: true });
    status = 2;
  });

  const diagnose = program
    .command('diagnose')
    .description('say where a sign-in would stop, and why')
    .argument('[host[:port]]', 'host name or address; the port is 3389 unless you give another')
    .action(async (target: string | undefined, flags: DiagnoseFlags) => {
      refuseLater(flags);
      status =
        flags.from === undefined
          ? await (await import('./diagnose.ts')).runDiagnose(target, flags, startedAt)
          : await (await import('./from.ts')).runFrom(flags.from, target, flags);
    });
  for (const { flags, help, repeats } of DIAGNOSE_OPTIONS) {
    if (repeats === true) diagnose.option(flags, help, collect);
    else diagnose.option(flags, help);
  }
  for (const flag of LATER) diagnose.addOption(new Option(flag).hideHelp());

  program
    .command('explain')
    .description('say what an error text, a status code, an event or a whole log means')
    .argument(
      '<text...>',
      'such as 0xC000006D, 0x904, "Schannel 36871" or an error message; a file of at most 1 MiB; - for standard input',
    )
    .option('--json', 'print the explanation as JSON')
    .action(async (words: string[], flags: { readonly json?: true }) => {
      status = await (await import('./explain.ts')).runExplain(words.join(' '), flags.json === true);
    });

  program
    .command('collect')
    .description('print a script that asks the machine, for whoever can reach it')
    .option('--shell <shell>', 'powershell (the default) or cmd')
    .option('--mask-names', 'mask user names, host names, domains and SIDs in what the script prints')
    .action(async (flags: CollectFlags) => {
      status = (await import('./collect.ts')).runCollect(flags);
    });

  program
    .command('list')
    .description('list what rdpdoctor knows')
    .argument('<what>', 'causes, facts, clients or remedies')
    .option('--json', 'print it as JSON')
    .action(async (what: string, flags: { readonly json?: true }) => {
      status = (await import('./list.ts')).runList(what, flags.json === true);
    });

  program
    .command('demo')
    .description('break a practice listener on this machine and diagnose it')
    .action(async () => {
      status = await (await import('./demo.ts')).runDemo();
    });

  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .action(async (shell: string) => {
      print((await import('./completion.ts')).completionScript(shell, completedCommands(program)));
    });

  // The action above names an unknown command; the commands, which would inherit this, refuse the excess.
  program.allowExcessArguments();

  try {
    await program.parseAsync(textsApart(argv), { from: 'user' });
    return status;
  } catch (error) {
    return explainFailure(error, complain);
  }
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The commands as a completion shows them: what is hidden from help is hidden there too. */
function completedCommands({ commands }: Command): readonly CompletedCommand[] {
  return commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    words: FIRST_WORDS[command.name()] ?? [],
    options: command.options.flatMap(({ long, description, hidden, flags }) =>
      long == null || hidden
        ? []
        : [
            {
              long,
              description,
              value: DIAGNOSE_OPTIONS.find((option) => option.flags === flags)?.value ?? 'none',
            },
          ],
    ),
  }));
}

const FIRST_WORDS: Readonly<Record<string, readonly string[]>> = {
  list: LIST_NAMES,
  completion: SHELLS,
};

/** A text that begins with a dash: a negative number, standard input, or more than one word. */
const DASHED_TEXT = /^-(?:$|\d|[^\s=]*\s)/;

/**
 * The words of the command line, with those of `explain` that begin with a dash and are no options moved
 * behind `--`: `explain -2146893022` asks for a code.
 */
function textsApart(argv: readonly string[]): readonly string[] {
  const [command, ...words] = argv;
  if (command !== 'explain' || words.includes('--') || !words.some((word) => DASHED_TEXT.test(word))) {
    return argv;
  }
  const isOption = (word: string): boolean => word.startsWith('-') && !DASHED_TEXT.test(word);
  return [command, ...words.filter(isOption), '--', ...words.filter((word) => !isOption(word))];
}

/** Every option of every command, with its dashes. */
function optionsOf(program: Command): ReadonlySet<string> {
  return new Set(
    [program, ...program.commands].flatMap(({ options }) =>
      options.flatMap(({ long, short }) => [long, short].filter((name) => typeof name === 'string')),
    ),
  );
}

/** Messages have line feeds of their own, which stay. */
function printable(message: string): string {
  return message.split('\n').map(harmless).join('\n');
}

function refuseLater(flags: object): void {
  for (const flag of LATER) {
    const name = flag.slice(2).split(' ', 1)[0] ?? '';
    if (name in flags) {
      throw new UsageError(
        `--${name} is not available in this version, which looks from the network and at the disk: rdpdoctor diagnose HOST --disk FILE`,
      );
    }
  }
}

function explainFailure(error: unknown, complain: (message: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Error && error.name === 'Interrupted') return 130;
  const message = error instanceof Error ? error.message : 'no reason given';
  complain(
    error instanceof UsageError
      ? message
      : `this is a bug in rdpdoctor: ${message}\nPlease report it, with the command that you ran. RDPDOCTOR_DEBUG=1 shows where it happened.`,
  );
  if (process.env['RDPDOCTOR_DEBUG'] === '1' && error instanceof Error) tell(`${error.stack ?? ''}\n`);
  return 2;
}
