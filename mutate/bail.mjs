// Stands in for node:test in the bundles: the first test that fails ends the process, for one is enough.
import { describe, test as realTest } from 'node:test';

export { describe };

export function test(name, body) {
  return realTest(name, async (context) => {
    try {
      await body(context);
    } catch {
      process.exit(1);
    }
  });
}
