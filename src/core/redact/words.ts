/** What kinds of names are masked, and the beginning of the word that stands for one. */
export type NameKind = 'user' | 'host' | 'domain' | 'address' | 'sid' | 'rid' | 'disk' | 'name';

/**
 * One word for each name, always the same, whatever its capitals: `user-1`, `host-2`. Two names never
 * share a word, so that what was equal stays equal and what was not stays different: causes judge
 * the masked evidence as they judged the true one.
 */
export class Words {
  readonly #words = new Map<string, string>();
  readonly #counts = new Map<NameKind, number>();

  /** The word for a name; the kind that it was first seen as decides. */
  wordFor(kind: NameKind, name: string): string {
    const known = this.#words.get(name.toLowerCase());
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const word = `${kind}-${count}`;
    this.#words.set(name.toLowerCase(), word);
    return word;
  }

  /** Another name of the same: `CORP` of `corp.example`. What has a word already keeps it. */
  alias(name: string, of: string): void {
    const word = this.#words.get(of.toLowerCase());
    if (word !== undefined && !this.#words.has(name.toLowerCase())) this.#words.set(name.toLowerCase(), word);
  }

  find(name: string): string | undefined {
    return this.#words.get(name.toLowerCase());
  }

  /** Every name that has a word, in lower case. */
  names(): readonly string[] {
    return [...this.#words.keys()];
  }
}
