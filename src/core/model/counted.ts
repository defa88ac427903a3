/** A number with its noun: `0 rules`, `1 address`, `3 addresses`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
