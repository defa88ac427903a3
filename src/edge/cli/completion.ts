import { CLIENTS } from '../../core/knowledge/clients.ts';
import { type CompletedCommand, type CompletedOption, SHELLS } from './completed-command.ts';
import { UsageError } from './usage-error.ts';

/** A script that completes the commands and options of rdpdoctor, for a shell to read. Throws `UsageError`. */
export function completionScript(shell: string, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
    case 'powershell':
      return powershell(commands);
    default:
      throw new UsageError(`"${shell}" is not a shell that is known here: expected ${SHELLS.join(', ')}`);
  }
}

const clients = (): string => CLIENTS.map(({ id }) => id).join(' ');

/** Where a word may be anything else, files are offered. */
function wordsOf({ words, options }: CompletedCommand): string {
  return [...words, ...options.map(({ long }) => long)].join(' ');
}

function withValue(commands: readonly CompletedCommand[], value: CompletedOption['value']): string {
  const names = commands.flatMap(({ options }) =>
    options.filter((option) => option.value === value).map(({ long }) => long),
  );
  return [...new Set(names)].join('|');
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map((command) => `    ${command.name}) words='${wordsOf(command)}' ;;`);
  return `# rdpdoctor: completion for bash. Read it once a session:  source <(rdpdoctor completion bash)
_rdpdoctor() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  case "$before" in
    ${withValue(commands, 'client')}) COMPREPLY=($(compgen -W '${clients()}' -- "$word")); return ;;
    ${withValue(commands, 'file')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    ${withValue(commands, 'folder')}) COMPREPLY=($(compgen -d -- "$word")); return ;;
    ${withValue(commands, 'text')}) return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words='${commands.map(({ name }) => name).join(' ')} --help --version' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -o filenames -F _rdpdoctor rdpdoctor
`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const quote = (text: string): string => text.replace(/[[\]:]/g, '\\$&').replaceAll("'", "'\\''");
  const kinds = {
    none: '',
    file: ':file:_files',
    folder: ':folder:_files -/',
    client: `:client:(${clients()})`,
    text: ':value: ',
  } as const;
  const cases = commands.map(({ name, options, words }) => {
    const specs = options.map(
      ({ long, description, value }) => `'${long}[${quote(description)}]${kinds[value]}'`,
    );
    const first = words.length > 0 ? `'1:what:(${words.join(' ')})'` : "'*:file:_files'";
    return `      ${name}) _arguments ${[...specs, first].join(' ')} ;;`;
  });
  const described = commands.map(({ name, description }) => `'${name}:${quote(description)}'`);
  return `#compdef rdpdoctor
# rdpdoctor: completion for zsh. Read it once a session:  source <(rdpdoctor completion zsh)
_rdpdoctor() {
  local line state
  _arguments -C '1:command:->command' '*::argument:->argument'
  case $state in
    command) local -a commands=(${described.join(' ')}); _describe command commands ;;
    argument)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}
compdef _rdpdoctor rdpdoctor
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const kinds = {
    none: '',
    file: ' -r -F',
    folder: ' -r -F',
    client: ` -x -a '${clients()}'`,
    text: ' -x',
  } as const;
  const lines = commands.flatMap(({ name, description, options, words }) => [
    `complete -c rdpdoctor -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
    ...words.map((word) => `complete -c rdpdoctor -n '__fish_seen_subcommand_from ${name}' -f -a ${word}`),
    ...options.map(
      ({ long, description: what, value }) =>
        `complete -c rdpdoctor -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)}${kinds[value]} -d ${quote(what)}`,
    ),
  ]);
  return `# rdpdoctor: completion for fish. Read it once a session:  rdpdoctor completion fish | source
${lines.join('\n')}
`;
}

function powershell(commands: readonly CompletedCommand[]): string {
  const list = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
  const cases = commands.map(
    (command) => `    '${command.name}' { @(${list(wordsOf(command).split(' ').filter(Boolean))}) }`,
  );
  return `# rdpdoctor: completion for PowerShell. Read it once a session:
#   rdpdoctor completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName rdpdoctor -ScriptBlock {
  param($word, $line, $position)
  $typed = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $before = if ($typed.Count -gt 0) { $typed[-1] } else { '' }
  $words = if (@(${list(withValue(commands, 'client').split('|'))}) -contains $before) { @(${list(clients().split(' '))}) }
  elseif (@(${list(['file', 'folder', 'text'].flatMap((value) => withValue(commands, value as CompletedOption['value']).split('|')))}) -contains $before) { @() }
  elseif ($typed.Count -le 1) { @(${list([...commands.map(({ name }) => name), '--help', '--version'])}) }
  else { switch ($typed[1]) {
${cases.join('\n')}
    default { @() }
  } }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
