import { isAddress, maskAddresses } from './addresses.ts';
import { maskSids } from './sids.ts';
import { type NameKind, Words } from './words.ts';

/** Accounts and authorities that every Windows has: they name nobody. */
const EVERYBODYS: ReadonlySet<string> = new Set(
  [
    ...['-', 'LOCAL', 'N/A', 'SYSTEM', 'LocalSystem', 'LocalService', 'NetworkService'],
    ...['LOCAL SERVICE', 'NETWORK SERVICE', 'ANONYMOUS LOGON', 'NT AUTHORITY', 'NT SERVICE', 'BUILTIN'],
    ...['Window Manager', 'Font Driver Host', 'Everyone', 'localhost', 'WORKGROUP'],
  ].map((name) => name.toLowerCase()),
);

/** A name as one piece of a text, its parts divided by dots. */
const TOKEN = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu;

/** Of a public key, as ssh-keygen prints it. */
const FINGERPRINT = /SHA256:[A-Za-z0-9+/]{43}/g;

/** Every name that was learnt, masked in values and in texts. Learn everything first: what has a word is found in every text after that. */
export class Mask {
  readonly #words = new Words();
  /** Names with blanks or other characters in which a text is not broken into tokens, the longest first. */
  #whole: readonly string[] = [];

  /** A machine: `vm1`, `vm1.corp.example`. An address is none. */
  host(text: string): string {
    const name = text.replace(/[.$]$/, '');
    if (isNobody(name)) return text;
    if (isAddress(name)) return maskAddresses(text, this.#words);
    const [label = '', ...domain] = name.split('.');
    const rest = text.slice(name.length);
    if (domain.length === 0 || label === '*')
      return (label === '*' ? `*.${this.domain(domain.join('.'))}` : this.#learn('host', label)) + rest;
    return `${this.#learn('host', label)}.${this.domain(domain.join('.'))}${rest}`;
  }

  domain(text: string): string {
    return isNobody(text) ? text : this.#learn('domain', text);
  }

  /** The name without dots that a domain has besides its full one. */
  shortDomain(text: string, full: string | undefined): string {
    if (full !== undefined && full !== '' && !isNobody(text)) {
      this.domain(full);
      this.#words.alias(text, full);
    }
    return this.domain(text);
  }

  /** An account: `alice`, `CORP\alice`, `alice@corp.example`, `VM1$`. */
  user(text: string): string {
    const [first = '', second] = text.split(/\\(.*)/s);
    // What stands before a backslash and is everybody's owns accounts that are everybody's.
    if (second !== undefined)
      return /^(?:NT (?:AUTHORITY|SERVICE)|BUILTIN|\.)$/i.test(first)
        ? `${first}\\${first === '.' ? this.user(second) : second}`
        : `${this.domain(first)}\\${this.user(second)}`;
    const [name = '', domain] = text.split(/@(.*)/s);
    if (domain !== undefined && domain !== '') return `${this.user(name)}@${this.domain(domain)}`;
    if (isNobody(text)) return text;
    return text.endsWith('$') ? this.host(text) : this.#learn('user', text);
  }

  /** Anything else that may say whose machine it is: an organisation, an authority, the place of a disk. */
  other(kind: 'name' | 'disk', text: string): string {
    return isNobody(text) ? text : this.#learn(kind, text);
  }

  /** A text of any kind: addresses, SIDs, and every name that was learnt. */
  text(text: string): string {
    let masked = text;
    for (const name of this.#whole) {
      masked = masked.replace(new RegExp(escaped(name), 'gi'), () => this.#words.find(name) ?? '');
    }
    // Host keys are as good as names: there are catalogues of them.
    masked = masked.replace(FINGERPRINT, (print) => this.#words.wordFor('name', print));
    return maskSids(maskAddresses(masked, this.#words), this.#words).replace(TOKEN, (token) =>
      this.#token(token),
    );
  }

  /** What a person wrote: there, accounts that nobody else mentioned are found by their form as well. */
  prose(text: string): string {
    const withAccounts = text
      .replace(/[\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, (account) => this.user(account))
      .replace(/(?<![\p{L}\p{N}:\\.-])[\p{L}\p{N}._-]+\\[\p{L}\p{N}._$-]+(?!\\)/gu, (account) =>
        /^(?:HK|SOFTWARE|SYSTEM|SECURITY|SAM|Windows|Users)/i.test(account) ? account : this.user(account),
      );
    return this.text(withAccounts);
  }

  #token(token: string): string {
    const known = this.#words.find(token);
    if (known !== undefined) return known;
    const [label = '', ...others] = token.split('.');
    if (others.length === 0) return token;
    // A neighbour in a domain that is known is a machine, and not known by name yet.
    const domain = this.#words.find(others.join('.'));
    if (domain?.startsWith('domain-') === true) return `${this.host(label)}.${domain}`;
    return token
      .split('.')
      .map((part) => this.#words.find(part) ?? part)
      .join('.');
  }

  #learn(kind: NameKind, name: string): string {
    // What is a word already names nobody, and is not masked again.
    if (/^(?:user|host|domain|address|sid|rid|disk|name)-\d+$/.test(name)) return name;
    const word = this.#words.wordFor(kind, name);
    if (!new RegExp(`^${TOKEN.source}$`, 'u').test(name) && !this.#whole.includes(name)) {
      this.#whole = [...this.#whole, name].sort((a, b) => b.length - a.length);
    }
    return word;
  }
}

function isNobody(name: string): boolean {
  return name.trim() === '' || EVERYBODYS.has(name.toLowerCase());
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
