/** For the `default` of an exhaustive switch: the compiler proves that it is never called. */
export function unreachable(value: never): never {
  throw new TypeError(`a case is missing for ${JSON.stringify(value)}`);
}
