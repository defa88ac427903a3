// What is not finished, as the hives of a real Windows 7 hold it: the values that hivexget prints of them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../peers/processes.ts';
import { lookAtHives } from '../../../peers/windows-hives.ts';
import { readSharedData, requireSharedData } from '../../../shared-data.ts';

/** EndTimeHi and EndTimeLo of the policy engine: hundreds of nanoseconds since 1601. */
const POLICY_ENDED = 0x01cd14f898384f2an;
const UNIX_EPOCH = 116_444_736_000_000_000n;

test('a member of 2012: setup is done, nothing waits, the policy was applied', (t) => {
  if (!requireSharedData(t)) return;
  const folder = temporaryFolder(t, 'real-hives');
  const files = Object.fromEntries(
    (['SYSTEM', 'SOFTWARE'] as const).map((hive) => {
      const file = join(folder, hive);
      writeFileSync(file, readSharedData(`hives/win7_domain/${hive}`));
      return [hive, file];
    }),
  );
  const evidence = lookAtHives(files);
  const value = (name: 'os.setup' | 'os.pendingRestart' | 'policy.refreshedAt' | 'time.source'): unknown => {
    const observation = evidence[name];
    return observation?.state === 'present' ? observation.value : observation;
  };
  assert.deepEqual(value('os.setup'), {
    inProgress: false,
    firstStart: false,
    imageState: 'IMAGE_STATE_COMPLETE',
  });
  assert.deepEqual(value('os.pendingRestart'), { pending: false, reasons: [] });
  const millis = Number((POLICY_ENDED - UNIX_EPOCH) / 10_000n);
  assert.equal(value('policy.refreshedAt'), new Date(millis).toISOString());
  assert.deepEqual(value('time.source'), { type: 'NT5DS' });
});
