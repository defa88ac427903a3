import type { Evidence } from '../../model/facts.ts';
import type { PendingReason, PendingRestart, SetupState } from '../../model/windows-facts.ts';
import {
  askAll,
  foundIn,
  type InquiryContext,
  type Named,
  numberOf,
  observe,
  type Sought,
  seek,
  seekIn,
  seekText,
  seekTexts,
  seekValues,
} from '../answers.ts';
import type { Inquiry, Question } from '../inquiry.ts';
import { seekTime } from './moment.ts';

const CBS = 'Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';
const SETUP = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const NAMES = 'CurrentControlSet\\Control\\ComputerName';

const key = (name: string): Question => ({ kind: 'values', hive: 'SOFTWARE', key: name });
const system = (path: string, name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key: path, name });

/**
 * What the machine has begun and not finished: setup, servicing, a restart; and when its policy was last
 * finished. One round, and from a disk as well.
 * Where a restart waits stands in Microsoft's own test for it (ComputerManagementDsc, PendingReboot):
 * servicing, Windows Update, file renames, the computer's name, a domain joined.
 */
export function* inquireUnfinished(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({
    setup: { kind: 'values', hive: 'SYSTEM', key: 'Setup' },
    image: { kind: 'value', hive: 'SOFTWARE', key: SETUP, name: 'ImageState' },
    servicing: key(`${CBS}\\RebootPending`),
    now: key(`${CBS}\\RebootInProgress`),
    update: key('Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired'),
    renames: system('CurrentControlSet\\Control\\Session Manager', 'PendingFileRenameOperations'),
    name: system(`${NAMES}\\ComputerName`, 'ComputerName'),
    active: system(`${NAMES}\\ActiveComputerName`, 'ComputerName'),
    joined: system('CurrentControlSet\\Services\\Netlogon', 'JoinDomain'),
    policy: { kind: 'policy-refresh' },
  });
  return {
    'os.setup': observe(context, 'unfinished', setupOf(answers)),
    'os.pendingRestart': observe(context, 'unfinished', restartOf(answers)),
    'policy.refreshedAt': observe(context, 'unfinished', seekTime(answers.policy)),
  };
}

function setupOf({ setup, image }: Named<'setup' | 'image'>): Sought<SetupState> {
  const values = seekValues(setup);
  if (values.state !== 'present') return values;
  const inProgress = seekIn(values, 'SystemSetupInProgress', numberOf, 'a number');
  const firstStart = seekIn(values, 'OOBEInProgress', numberOf, 'a number');
  for (const sought of [inProgress, firstStart]) if (sought.state === 'unknown') return sought;
  const imageState = foundIn(seekText(image));
  return {
    ...values,
    value: {
      inProgress: (foundIn(inProgress) ?? 0) !== 0,
      firstStart: (foundIn(firstStart) ?? 0) !== 0,
      ...(imageState === undefined ? {} : { imageState }),
    },
  };
}

type Waiting = 'servicing' | 'now' | 'update' | 'renames' | 'name' | 'active' | 'joined';

/** One reason is enough to know that it waits; that it does not takes every place. */
function restartOf(answers: Named<Waiting>): Sought<PendingRestart> {
  const found = {
    servicing: seekValues(answers.servicing),
    now: seekValues(answers.now),
    update: seekValues(answers.update),
    joined: seek(answers.joined, (value) => (value.kind === 'value' ? value.value : undefined), 'a value'),
  };
  const renames = seekTexts(answers.renames);
  const name = seekText(answers.name);
  const active = seekText(answers.active);
  const renamed =
    name.state === 'present' &&
    active.state === 'present' &&
    name.value.toLowerCase() !== active.value.toLowerCase();
  const reasons: readonly PendingReason[] = [
    ...thereIs('servicing-now', found.now),
    ...thereIs('servicing', found.servicing),
    ...thereIs('update', found.update),
    ...(renamed ? [{ reason: 'computer-name' as const, where: active.at }] : []),
    ...thereIs('domain-join', found.joined),
    ...(renames.state === 'present' && renames.value.length > 0
      ? [{ reason: 'file-renames' as const, where: renames.at }]
      : []),
  ];
  const [first] = reasons;
  if (first !== undefined) {
    return { state: 'present', at: first.where, value: { pending: true, reasons } };
  }
  const blind = [...Object.values(found), renames, name, active].find((sought) => sought.state === 'unknown');
  return blind?.state === 'unknown'
    ? blind
    : { state: 'present', at: answers.servicing.at, value: { pending: false, reasons } };
}

function thereIs(reason: PendingReason['reason'], sought: Sought<unknown>): readonly PendingReason[] {
  return sought.state === 'present' ? [{ reason, where: sought.at }] : [];
}
