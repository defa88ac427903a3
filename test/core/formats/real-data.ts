// Real hives, logs and disks with recorded truth, in ../shared/data beside the repository. Tests against
// them skip in plain words where that folder is missing, and fail where CI is set.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
/** The largest file unpacks to 272 MB. */
const UNPACKED_SIZE_MAX = 512 << 20;

/** The bytes of a file of that folder, unpacked where its name ends in `.xz`; undefined: the test was skipped. */
export function readRealData(t: TestContext, name: string): Uint8Array | undefined {
  const path = join(FOLDER, name);
  if (!existsSync(path)) {
    if (process.env['CI'] !== undefined)
      throw new Error(`${path} is not there; with CI set nothing is skipped`);
    t.skip(`${path} is not there`);
    return undefined;
  }
  const bytes = name.endsWith('.xz')
    ? execFileSync('xz', ['-dc', path], { maxBuffer: UNPACKED_SIZE_MAX })
    : readFileSync(path);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What independent tools read from such a file: its row of truth.json. */
export function truthOf(kind: 'disk' | 'hives' | 'evtx', name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, 'truth.json'), 'utf8'))[kind][name];
}
