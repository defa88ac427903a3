/** One option of `diagnose`: what the command line, its help, README's table and the completions say of it. */
export interface DiagnoseOption {
  /** As the command line reads it: `--disk <file|url>`. */
  readonly flags: string;
  /** In `--help`. */
  readonly help: string;
  /** In README's table: how it is shown, and what it does. Markdown. */
  readonly readme: readonly [shown: string, text: string];
  /** What its value is; `none`: it stands alone. */
  readonly value: 'none' | 'file' | 'folder' | 'client' | 'text';
  /** It may be given several times. */
  readonly repeats?: true;
}

/** Of the listener, from the network. */
const OUTSIDE: readonly DiagnoseOption[] = [
  {
    flags: '--full',
    help: 'also try every cipher suite, with about a hundred connections',
    readme: [
      '`--full`',
      'also try every cipher suite of every TLS version; makes about a hundred connections',
    ],
    value: 'none',
  },
  {
    flags: '--user <name>',
    help: 'the account that cannot sign in, as DOMAIN\\user; with a HOST, one sign-in is attempted',
    readme: [
      '`--user NAME`',
      'the account that cannot sign in, as `DOMAIN\\user` or `user@domain`: with a HOST, rdpdoctor makes **one** sign-in attempt; with a disk, it looks the account up in the event logs; the password comes from a prompt, `RDPDOCTOR_PASSWORD` or `--password-file`',
    ],
    value: 'text',
  },
  {
    flags: '--password-file <file>',
    help: 'a file with the password (- for standard input); without it, RDPDOCTOR_PASSWORD or a prompt',
    readme: [
      '`--password-file FILE`',
      'a file with the password of `--user`; `-` reads it from standard input',
    ],
    value: 'file',
  },
];

/** Of the machine's disk. */
const DISK: readonly DiagnoseOption[] = [
  {
    flags: '--disk <file|url>',
    help: 'read the OS disk: raw, VHD or VHDX, or a SAS URL',
    readme: [
      '`--disk FILE\\|URL`',
      'read the registry and the event logs on the OS disk; alone, or beside HOST as one diagnosis',
    ],
    value: 'file',
  },
  {
    flags: '--parent <file>',
    help: 'the parent of a differencing disk; repeat it for each further parent',
    readme: [
      '`--parent FILE`',
      'the parent of a differencing disk, if it is not in the same folder; repeat the option for each further parent',
    ],
    value: 'file',
    repeats: true,
  },
];

/** Of the running machine, from inside. */
const INSIDE: readonly DiagnoseOption[] = [
  {
    flags: '--rpc <user@host>',
    help: 'ask the running machine by remote registry and services, over SMB (port 445)',
    readme: [
      '`--rpc USER@HOST`',
      'ask the running machine itself, by remote registry, services and event logs over SMB (port 445), as an administrator of it; a sign-in with NTLM that fails is not tried again',
    ],
    value: 'text',
  },
  {
    flags: '--rpc-password-file <file>',
    help: 'a file with its password (- for standard input); without it, RDPDOCTOR_RPC_PASSWORD or a prompt',
    readme: [
      '`--rpc-password-file FILE`',
      'a file with the password for `--rpc`; without it `RDPDOCTOR_RPC_PASSWORD` or a prompt',
    ],
    value: 'file',
  },
  {
    flags: '--ssh <user@host[:port]>',
    help: 'ask the running machine over SSH, with the configuration and the keys of ssh',
    readme: [
      '`--ssh USER@HOST[:PORT]`',
      'ask the running machine over SSH (OpenSSH of Windows): with your keys, your agent or a password, and with `~/.ssh/config` and `known_hosts`; nothing is changed or stored there',
    ],
    value: 'text',
  },
  {
    flags: '--ssh-key <file>',
    help: 'the private key for --ssh; without it, the agent and the usual key files',
    readme: [
      '`--ssh-key FILE`',
      'the private key for `--ssh`; without it, the agent and the usual key files',
    ],
    value: 'file',
  },
  {
    flags: '--ssh-password-file <file>',
    help: 'a file with its password (- for standard input); without it, RDPDOCTOR_SSH_PASSWORD or a prompt',
    readme: [
      '`--ssh-password-file FILE`',
      'a file with the password for `--ssh` (or `RDPDOCTOR_SSH_PASSWORD`, or a prompt), tried once where no key is accepted',
    ],
    value: 'file',
  },
  {
    flags: '--answers <file>',
    help: 'what the script of "rdpdoctor collect" printed on the machine (- for standard input)',
    readme: [
      '`--answers FILE\\|-`',
      'what the script of `rdpdoctor collect` printed on the machine, brought by whoever could reach it; pasted text will do',
    ],
    value: 'file',
  },
];

/** Whom and what the diagnosis is for. */
const ABOUT: readonly DiagnoseOption[] = [
  {
    flags: '--client <os>',
    help: 'the client that cannot sign in, such as windows-11',
    readme: [
      '`--client OS`',
      'judge for this client, because one client can use what another cannot (`rdpdoctor list clients`)',
    ],
    value: 'client',
  },
  {
    flags: '--error <text>',
    help: 'the error that the user sees, or a file with it, such as a log (- for standard input)',
    readme: [
      '`--error TEXT\\|FILE\\|-`',
      'the error that the user sees, or a log that contains it; its causes count for more in "look next"',
    ],
    value: 'text',
  },
];

/** Of the run and its result. */
const RUN: readonly DiagnoseOption[] = [
  {
    flags: '--case <dir>',
    help: 'save the report and the wire transcript in a new folder',
    readme: [
      '`--case DIR`',
      'save the report and every byte sent and received in a new folder, for the ticket',
    ],
    value: 'folder',
  },
  {
    flags: '--from <case>',
    help: 'judge a saved case again, without looking at the target',
    readme: [
      '`--from CASE`',
      'judge a saved case again with the causes of this version, without looking at the target',
    ],
    value: 'folder',
  },
  {
    flags: '--redact',
    help: 'mask user names, host names, addresses and SIDs, for a public ticket',
    readme: [
      '`--redact`',
      'mask user names, host names, addresses and SIDs, each always by the same word, for a public ticket',
    ],
    value: 'none',
  },
  {
    flags: '--timeout <s>',
    help: 'time limit for the whole run, in seconds (default 10; 60 with --full, --disk, --rpc or --ssh)',
    readme: [
      '`--timeout S`',
      'time limit for the whole run in seconds: 10 by default, 60 with `--full`, `--disk`, `--rpc` or `--ssh`',
    ],
    value: 'text',
  },
  {
    flags: '--json',
    help: 'print the report as JSON',
    readme: ['`--json`', 'print the report as JSON, for programs'],
    value: 'none',
  },
  {
    flags: '-v, --verbose',
    help: 'show every fact and every cause',
    readme: ['`-v`, `--verbose`', 'show every fact and every cause, including those that are fine'],
    value: 'none',
  },
];

/** Every option of `diagnose`, in the order in which they are shown. */
export const DIAGNOSE_OPTIONS: readonly DiagnoseOption[] = [...DISK, ...INSIDE, ...OUTSIDE, ...ABOUT, ...RUN];
