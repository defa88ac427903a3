import { basename } from 'node:path';
import { type ConfigLine, parseConfigLines } from './config-lines.ts';
import { matchesAny } from './wildcard.ts';

/** What OpenSSH's configuration says of one host, as far as it matters here: ssh_config(5). */
export interface SshSettings {
  /** The name or address to connect to. */
  readonly hostName: string;
  readonly port: number;
  readonly user?: string;
  /** Paths; empty: the usual key files are meant. */
  readonly identityFiles: readonly string[];
  /** Keys of an agent that are not in `identityFiles` are not offered. */
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket, `SSH_AUTH_SOCK`, or `none`. */
  readonly identityAgent?: string;
  /** `[user@]host[:port]`, the nearest first. */
  readonly jumps: readonly string[];
  /** A command that would carry the connection. */
  readonly proxyCommand?: string;
  readonly hostKeyAlias?: string;
  readonly userKnownHostsFiles?: readonly string[];
  readonly globalKnownHostsFiles?: readonly string[];
  /** Blocks that may have meant this host and were left out, each with the reason. */
  readonly skipped: readonly string[];
}

/** What the configuration is read for. */
export interface ConfigQuery {
  /** As it was named. */
  readonly host: string;
  /** From the command line: these win. */
  readonly user?: string;
  readonly port?: number;
  readonly jumps?: readonly string[];
}

/** What reading needs of this machine. */
export interface ConfigSurroundings {
  readonly home: string;
  readonly localUser: string;
  readonly localHost: string;
  readonly localUserId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's file first. `folder`: what a relative Include means; `mayTilde`: whether `~` is the home folder. */
  readonly files: readonly {
    readonly path: string;
    readonly folder: string;
    readonly mayTilde: boolean;
  }[];
  /** The text of a file; `undefined` where it cannot be read. */
  readonly read: (path: string) => string | undefined;
  /** Paths that a pattern means, in order; the path itself where it is none. */
  readonly glob: (pattern: string) => readonly string[];
}

const DEFAULT_PORT = 22;

/** As OpenSSH: files that include each other end here. */
const DEEPEST_INCLUDE = 16;

/** Settings of which the first one counts. */
const FIRST_COUNTS = [
  'hostname',
  'port',
  'user',
  'identitiesonly',
  'identityagent',
  'hostkeyalias',
  'userknownhostsfile',
  'globalknownhostsfile',
] as const;
type Single = (typeof FIRST_COUNTS)[number];

/** Everything that is read here; a block without any of it is none of our business. */
const OURS: readonly string[] = [...FIRST_COUNTS, 'identityfile', 'proxyjump', 'proxycommand', 'include'];

/** Reads the user's and the system's configuration for a host, as ssh(1) would. */
export function readSshConfig(query: ConfigQuery, around: ConfigSurroundings): SshSettings {
  const reading = new Reading(query, around);
  for (const { path, folder, mayTilde } of around.files) {
    reading.file(path, { folder, mayTilde, depth: 0, active: true });
  }
  return reading.settings();
}

interface Place {
  readonly folder: string;
  readonly mayTilde: boolean;
  readonly depth: number;
  /** Whether the block that includes it holds. */
  readonly active: boolean;
}

class Reading {
  readonly #query: ConfigQuery;
  readonly #around: ConfigSurroundings;
  readonly #single = new Map<Single, readonly string[]>();
  readonly #identityFiles: string[] = [];
  readonly #skipped = new Map<string, string>();
  #proxy: { readonly keyword: 'proxyjump' | 'proxycommand'; readonly value: string } | undefined;

  constructor(query: ConfigQuery, around: ConfigSurroundings) {
    this.#query = query;
    this.#around = around;
  }

  file(path: string, place: Place): void {
    const text = this.#around.read(path);
    if (text === undefined) return;
    let active = place.active;
    let unread: string | undefined;
    for (const line of parseConfigLines(text)) {
      switch (line.keyword) {
        case 'host':
          unread = undefined;
          active = place.active && matchesAny(this.#query.host, line.words);
          break;
        case 'match': {
          const matched = place.active ? this.#matches(line.words) : false;
          unread =
            matched === 'unclear'
              ? `a Match block of ssh's configuration (${basename(path)}:${line.line}) was skipped: rdpdoctor cannot evaluate it`
              : undefined;
          active = matched === true;
          break;
        }
        default:
          if (unread !== undefined && OURS.includes(line.keyword)) this.#skipped.set(unread, unread);
          if (active) this.#take(line, place);
      }
    }
  }

  settings(): SshSettings {
    const { host, user = this.#word('user'), port = this.#port() } = this.#query;
    const named = this.#word('hostname');
    const hostName = (named === undefined ? host : expand(named, { '%': '%', h: host })).toLowerCase();
    const hostKeyAlias = this.#word('hostkeyalias')?.toLowerCase();
    const remote = user ?? this.#around.localUser;
    const tokens = {
      '%': '%',
      d: this.#around.home,
      h: hostName,
      i: this.#around.localUserId,
      k: hostKeyAlias ?? host,
      L: this.#around.localHost.split('.', 1)[0] ?? '',
      l: this.#around.localHost,
      n: host,
      p: String(port),
      r: remote,
      u: this.#around.localUser,
    };
    const path = (text: string): string | undefined => this.#path(text, tokens);
    const paths = (words: readonly string[]): string[] => words.flatMap((word) => path(word) ?? []);
    const isNone = (words: readonly string[]): boolean => words.length === 1 && words[0] === 'none';
    const files = (keyword: Single): readonly string[] | undefined => {
      const words = this.#single.get(keyword);
      return words === undefined ? undefined : isNone(words) ? [] : paths(words);
    };
    const agent = this.#word('identityagent');
    const identityAgent =
      agent === undefined || agent === 'none' || agent === 'SSH_AUTH_SOCK'
        ? agent
        : agent.startsWith('$')
          ? (this.#around.environment[agent.slice(1).replace(/^\{|\}$/g, '')] ?? 'none')
          : path(agent);
    const userFiles = files('userknownhostsfile');
    const globalFiles = files('globalknownhostsfile');
    const proxy = this.#proxy?.value.toLowerCase() === 'none' ? undefined : this.#proxy;
    const jumpTokens = { '%': '%', h: hostName, n: host, p: String(port), r: remote };
    const jumps =
      this.#query.jumps ?? (proxy?.keyword === 'proxyjump' ? expand(proxy.value, jumpTokens).split(',') : []);
    return {
      hostName,
      port,
      ...(user === undefined ? {} : { user }),
      identityFiles: [...new Set(paths(this.#identityFiles))],
      identitiesOnly: this.#word('identitiesonly')?.toLowerCase() === 'yes',
      ...(identityAgent === undefined ? {} : { identityAgent }),
      jumps,
      ...(proxy?.keyword === 'proxycommand' && this.#query.jumps === undefined
        ? { proxyCommand: proxy.value }
        : {}),
      ...(hostKeyAlias === undefined ? {} : { hostKeyAlias }),
      ...(userFiles === undefined ? {} : { userKnownHostsFiles: userFiles }),
      ...(globalFiles === undefined ? {} : { globalKnownHostsFiles: globalFiles }),
      skipped: [...this.#skipped.keys()],
    };
  }

  #take({ keyword, words }: ConfigLine, place: Place): void {
    switch (keyword) {
      case 'include':
        if (place.depth >= DEEPEST_INCLUDE) return;
        for (const pattern of words) {
          for (const path of this.#around.glob(this.#included(pattern, place))) {
            this.file(path, { ...place, depth: place.depth + 1, active: true });
          }
        }
        return;
      case 'identityfile':
        this.#identityFiles.push(words[0] ?? '');
        return;
      case 'proxyjump':
      case 'proxycommand':
        // They compete: whichever stands first.
        this.#proxy ??= { keyword, value: words.join(' ') };
        return;
      default: {
        const single = FIRST_COUNTS.find((name) => name === keyword);
        if (single !== undefined && !this.#single.has(single)) this.#single.set(single, words);
      }
    }
  }

  #matches(words: readonly string[]): boolean | 'unclear' {
    let result: boolean | 'unclear' = true;
    const left = [...words];
    for (let word = left.shift(); word !== undefined; word = left.shift()) {
      const denied = word.startsWith('!');
      const [criterion = '', joined] = word.replace(/^!/, '').toLowerCase().split('=', 2);
      if (criterion === 'all') continue;
      if (criterion === 'canonical' || criterion === 'final') return 'unclear';
      const wanted = joined === undefined ? left.shift() : word.slice(word.indexOf('=') + 1);
      const value = this.#criterion(criterion);
      if (wanted === undefined) return 'unclear';
      // One that fails decides, whatever the others are.
      if (value === undefined) result = result === false ? false : 'unclear';
      // As OpenSSH does: patterns of hosts are made lower case, what they are compared with is not.
      const patterns = (/host$/.test(criterion) ? wanted.toLowerCase() : wanted).split(',');
      if (value !== undefined && matchesAny(value, patterns) === denied) result = false;
    }
    return result;
  }

  #criterion(name: string): string | undefined {
    const { host, user } = this.#query;
    switch (name) {
      case 'host': {
        const named = this.#word('hostname');
        return named === undefined ? host : expand(named, { '%': '%', h: host });
      }
      case 'originalhost':
        return host;
      case 'user':
        return user ?? this.#word('user') ?? this.#around.localUser;
      case 'localuser':
        return this.#around.localUser;
      default:
        return undefined;
    }
  }

  #word(keyword: Single): string | undefined {
    return this.#single.get(keyword)?.[0];
  }

  #port(): number {
    const port = Number(this.#word('port') ?? DEFAULT_PORT);
    return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : DEFAULT_PORT;
  }

  #included(pattern: string, { folder, mayTilde }: Place): string {
    if (mayTilde && /^~(?:[/\\]|$)/.test(pattern)) return this.#around.home + pattern.slice(1);
    return /^(?:[/\\]|[a-z]:)/i.test(pattern) ? pattern : `${folder}/${pattern}`;
  }

  /** `undefined`: it names a variable that is not set, and is left out as OpenSSH leaves it out. */
  #path(text: string, tokens: Tokens): string | undefined {
    let isWhole = true;
    const known = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
      const value = this.#around.environment[name];
      isWhole &&= value !== undefined;
      return value ?? '';
    });
    if (!isWhole) return undefined;
    const home = /^~(?:[/\\]|$)/.test(known) ? this.#around.home + known.slice(1) : known;
    return expand(home, tokens);
  }
}

type Tokens = Readonly<Record<string, string>>;

/** Puts the values of `%h` and its like in; what is not known stays as it is. */
function expand(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (token, name: string) => tokens[name] ?? token);
}
