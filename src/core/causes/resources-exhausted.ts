import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { ResourcesState } from '../model/windows-facts.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { refusedOnTheWire } from './_logons.ts';

/** Statuses of a server that could not get what it needed. */
const NO_RESOURCES: ReadonlySet<number> = new Set([
  0xc0000017, // STATUS_NO_MEMORY
  0xc000009a, // STATUS_INSUFFICIENT_RESOURCES
  0xc000012d, // STATUS_COMMITMENT_LIMIT
  0x80090300, // SEC_E_INSUFFICIENT_MEMORY
]);

/** Of the commit limit: what is left is less than one more session takes; and where it is worth a word. */
const FULL = 0.99;
const MUCH = 0.9;

/** Below it Windows calls memory low: 32 MB for each 4 GB, 64 MB at the most (CreateMemoryResourceNotification). */
const LOW_BYTES = 32 * 2 ** 20;
const LOW_PER_BYTES = 4 * 2 ** 30;
const LOW_AT_MOST = 2 * LOW_BYTES;

/** Windows diagnosed that virtual memory is low; a pool of the kernel was empty. */
const LOW_VIRTUAL_MEMORY = 2004;
const EMPTY_POOL = [2019, 2020];
/** A session began. */
const SESSION = 21;

export const resourcesExhausted = defineCause({
  id: 'resources-exhausted',
  title: 'The machine has run out of memory or handles',
  stage: 'session',
  uses: ['resources.state', 'events.relevant', 'os.startedAt', 'nla.logon', 'ntlm.refusal'],
  ruledOutBy: [['resources.state', 'events.relevant']],
  prior: 0.01,
  remedies: [],
  advice:
    'Find the program that takes the memory (event 2004 names the three largest; tasklist shows the rest) and end or restart it, or give the machine a larger paging file or more memory. If nobody gets in at all, restart the machine, and look at what grows afterwards.',
  judge(evidence) {
    const refusal = refusedOnTheWire(evidence, NO_RESOURCES);
    if (refusal !== undefined) {
      return likely([refusal.fact], `${refusal.words}: it could not get the memory that a sign-in needs.`);
    }
    const resources = seenValue(evidence['resources.state']);
    const commit = resources?.commit;
    if (commit !== undefined && shareOf(commit) >= FULL) {
      return likely(
        ['resources.state'],
        `${describeCommit(commit)}: unless its paging file can still grow, a new session fails until something is given back.`,
      );
    }
    return judgeLogs(evidence, resources);
  },
});

function judgeLogs(
  evidence: Pick<Evidence, 'resources.state' | 'events.relevant' | 'os.startedAt'>,
  resources: ResourcesState | undefined,
): Judgement {
  const remark = remarkOn(resources);
  const told = remark === undefined ? {} : { remark };
  const timeline = seenValue(evidence['events.relevant']);
  const word =
    timeline === undefined
      ? undefined
      : weighEvents(timeline, 'resources-exhausted', {
          proves: (event) =>
            isEvent(event, PROVIDER.exhaustion, LOW_VIRTUAL_MEMORY) ||
            isEvent(event, PROVIDER.server, ...EMPTY_POOL),
          refutes: (event) => isEvent(event, PROVIDER.sessions, SESSION),
        });
  const startedAt = seenValue(evidence['os.startedAt']);
  // A restart gives everything back (both times are by the machine's clock). And what is left now says more
  // of virtual memory than what was missing then.
  const over =
    word?.proving !== undefined &&
    ((startedAt !== undefined && Date.parse(startedAt) > Date.parse(word.proving.at)) ||
      (resources?.commit !== undefined && isEvent(word.proving, PROVIDER.exhaustion, LOW_VIRTUAL_MEMORY)));
  if (word?.later === 'proving' && !over) {
    return {
      ...likely(
        citing(evidence, 'events.relevant'),
        `Windows had run out of memory (${describeEvent(word.proving)}), and no session began since.`,
      ),
      ...told,
    };
  }
  if (resources?.commit === undefined || timeline === undefined) {
    return {
      ...cannotTell(
        evidence,
        'whether the machine has the memory that a new session needs',
        isSeen(evidence['resources.state']) ? ['resources.state', 'events.relevant'] : ['resources.state'],
        ['--rpc'],
      ),
      ...told,
    };
  }
  return {
    ...ruledOut(
      ['resources.state', 'events.relevant'],
      `${describeCommit(resources.commit)}, and no event since the last session or start tells of a shortage that lasts.`,
    ),
    ...told,
  };
}

/** What slows a machine down and stops nobody by itself. */
function remarkOn(resources: ResourcesState | undefined): string | undefined {
  const { memory, commit } = resources ?? {};
  if (memory !== undefined && memory.availableBytes <= lowFor(memory.totalBytes)) {
    return `Only ${mib(memory.availableBytes)} MiB of ${mib(memory.totalBytes)} MiB memory are free, which Windows itself calls low: sign-ins may be so slow that they time out.`;
  }
  return commit !== undefined && shareOf(commit) >= MUCH
    ? `${describeCommit(commit)}; if it grows on, new sessions will fail.`
    : undefined;
}

function lowFor(totalBytes: number): number {
  return Math.min(LOW_AT_MOST, Math.max(LOW_BYTES, (totalBytes / LOW_PER_BYTES) * LOW_BYTES));
}

function shareOf({ limitBytes, usedBytes }: NonNullable<ResourcesState['commit']>): number {
  return limitBytes > 0 ? usedBytes / limitBytes : 0;
}

function describeCommit(commit: NonNullable<ResourcesState['commit']>): string {
  return `Windows has committed ${mib(commit.usedBytes)} MiB of ${mib(commit.limitBytes)} MiB virtual memory (${Math.floor(shareOf(commit) * 100)} %)`;
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
