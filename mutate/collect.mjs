// Stands in for node:test in the bundles: tests are gathered, and the runner runs those that it is told.
export function describe(_name, body) {
  body();
}

export function test(name, body) {
  globalThis.__gathered__.push({ name, body });
}
