import { DEFAULTS } from '../knowledge/windows-defaults.ts';
import type { Evidence } from '../model/facts.ts';
import { absent, type Observation, present, unknown } from '../model/observation.ts';
import type { MachinePassword } from '../model/windows-facts.ts';
import { askAll, type InquiryContext, provenance, type Sought, seek, seekNumber } from './answers.ts';
import type { AnswerValue, Inquiry, Question } from './inquiry.ts';

const NETLOGON = 'CurrentControlSet\\Services\\Netlogon\\Parameters';
const setting = (name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key: NETLOGON, name });

/** When the machine account's password last changed on this machine, and how often it does. */
export function* inquireMachinePassword(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({
    changed: { kind: 'machine-password' },
    disabled: setting('DisablePasswordChange'),
    age: setting('MaximumPasswordAge'),
  });
  return {
    'machinePassword.changedAt': observePassword(
      context,
      seek(answers.changed, changeOf, 'a time'),
      seekNumber(answers.disabled),
      seekNumber(answers.age),
    ),
  };
}

function observePassword(
  context: InquiryContext,
  changed: Sought<string>,
  disabled: Sought<number>,
  age: Sought<number>,
): Observation<MachinePassword> {
  if (changed.state === 'unknown') return unknown(changed.why, changed.detail);
  // How often it changes is not taken for the default where it could not be read.
  for (const sought of [disabled, age]) {
    if (sought.state === 'unknown') return unknown(sought.why, sought.detail);
  }
  const from = provenance(context, 'machine-password', changed.at);
  if (changed.state === 'absent') return absent(from, 'the machine holds no password for a machine account');
  return present(
    {
      changedAt: changed.value,
      changesDisabled: disabled.state === 'present' && disabled.value !== 0,
      maximumAgeDays: age.state === 'present' ? age.value : DEFAULTS.maximumPasswordAgeDays,
    },
    from,
  );
}

function changeOf(value: AnswerValue): string | undefined {
  return value.kind === 'machine-password' ? value.changedAt : undefined;
}
