import { ALGORITHM_SWITCHES } from '../knowledge/schannel-suites.ts';
import { type Observation, present, unknown } from '../model/observation.ts';
import type { AlgorithmOff } from '../model/windows-facts.ts';
import { type InquiryContext, type Named, NO_ANSWER, provenance, seekNumber } from './answers.ts';
import type { Question } from './inquiry.ts';

const SCHANNEL = 'CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL';

type SwitchName = `switch ${string}`;

const nameOf = ({ folder, name }: { readonly folder: string; readonly name: string }): SwitchName =>
  `switch ${folder}\\${name}`;

/** One question a switch, for `askAll`. */
export const SWITCH_QUESTIONS: Readonly<Record<SwitchName, Question>> = Object.fromEntries(
  ALGORITHM_SWITCHES.map((one) => [
    nameOf(one),
    { kind: 'value', hive: 'SYSTEM', key: `${SCHANNEL}\\${one.folder}\\${one.name}`, name: 'Enabled' },
  ]),
);

/** `schannel.algorithms`: the switches that are off. One that could not be read makes the whole unknown. */
export function observeAlgorithms(
  context: InquiryContext,
  answers: Named<SwitchName>,
): Observation<readonly AlgorithmOff[]> {
  const off: AlgorithmOff[] = [];
  for (const one of ALGORITHM_SWITCHES) {
    const enabled = seekNumber(answers[nameOf(one)] ?? NO_ANSWER);
    if (enabled.state === 'unknown') return unknown(enabled.why, enabled.detail);
    if (enabled.state === 'present' && enabled.value === 0) {
      off.push({ folder: one.folder, name: one.name, where: enabled.at });
    }
  }
  return present(off, provenance(context, 'schannel', `SYSTEM\\${SCHANNEL}`));
}
