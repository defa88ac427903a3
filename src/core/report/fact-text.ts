/** One fact in words: a line's label and its text, or several texts below the one label. */
export interface FactText<T> {
  readonly label: string;
  say(value: T, verbose: boolean): string | readonly string[];
}
