import type { Look, NamedUser } from '../../../core/model/cause.ts';
import { type Evidence, type FactName, WINDOWS_FACT_NAMES } from '../../../core/model/facts.ts';
import { type UnknownWhy, unknown } from '../../../core/model/observation.ts';
import type { SubjectName } from '../../../core/model/subjects.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Machine } from '../../ports/machine.ts';
import type { Sighting, Vantage } from '../../vantage.ts';

/** A running Windows machine, by whatever way `open` leads to it. */
export interface MachineToAsk {
  readonly look: Extract<Look, '--rpc' | '--ssh' | '--answers'>;
  readonly machine: Machine;
  /** Of whom it is, where it is not the target. */
  readonly subject?: SubjectName;
}

/**
 * Asks a running machine everything that rdpdoctor asks one.
 * @param loadInquiries what that is
 */
export function machineVantage(
  clock: Clock,
  { look, machine, subject }: MachineToAsk,
  account: NamedUser | undefined,
  loadInquiries = loadMachineInquiries,
): Vantage {
  return {
    look,
    needs: [],
    provides: subject === undefined ? WINDOWS_FACT_NAMES : [],
    async start(_, millis) {
      const deadline = clock.monotonic() + millis;
      const machineInquiries = await loadInquiries();
      const seen = await machine.inquire(
        (context) => machineInquiries(account === undefined ? context : { ...context, account }),
        deadline,
      );
      if (!seen.ok) {
        const text = `the machine was not asked by ${look}: ${seen.problem}. ${seen.advice}`;
        return {
          ...of(subject, unseenAll(WINDOWS_FACT_NAMES, seen.why, seen.problem)),
          warnings: [{ code: 'machine-not-asked', text }],
          taken: [],
          failed: [look],
        };
      }
      const seenInTime: Evidence = Object.assign({}, ...seen.parts.filter((part) => part !== undefined));
      const late = seen.parts.includes(undefined)
        ? WINDOWS_FACT_NAMES.filter((name) => !(name in seenInTime))
        : [];
      return {
        ...of(subject, {
          ...seenInTime,
          ...unseenAll(late, 'timeout', `${look} had not answered when the time was up`),
        }),
        warnings: seen.warnings,
        taken: [look],
      };
    },
  };
}

/** Loaded when there is a machine to ask: what it is asked is a good part of the program. */
async function loadMachineInquiries() {
  return (await import('../../../core/windows/machine.ts')).machineInquiries;
}

function of(subject: SubjectName | undefined, evidence: Evidence): Pick<Sighting, 'evidence' | 'subjects'> {
  return subject === undefined ? { evidence } : { evidence: {}, subjects: { [subject]: { evidence } } };
}

function unseenAll(names: readonly FactName[], why: UnknownWhy, detail: string): Evidence {
  return Object.fromEntries(names.map((name) => [name, unknown<never>(why, detail)]));
}
