import type { NamedUser } from '../../../core/model/cause.ts';
import { WINDOWS_FACT_NAMES } from '../../../core/model/facts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Vantage } from '../../vantage.ts';
import type { DiskRequest } from './look.ts';

/** A disk that is opened beside everything else: a server that keeps it waiting must not keep the listener's look. */
export interface DiskToOpen {
  open(): Promise<DiskOpened>;
}

export type DiskOpened =
  | { readonly ok: true; readonly disk: Omit<DiskRequest, 'timeoutMillis'> }
  /** `problem`: lower case, no final stop. `advice`: a sentence. */
  | { readonly ok: false; readonly problem: string; readonly advice: string };

/** The machine's disk, as `--disk` names it. */
export function diskVantage(clock: Clock, { open }: DiskToOpen, account: NamedUser | undefined): Vantage {
  return {
    look: '--disk',
    needs: [],
    provides: WINDOWS_FACT_NAMES,
    async start(_, millis) {
      const deadline = clock.monotonic() + millis;
      // The readers of disk formats are half of the program: they are loaded when there is a disk to read.
      const loading = import('./look.ts');
      // Loading goes on beside the opening, and is not left behind where that fails.
      const opened = await open().finally(() => loading);
      if (!opened.ok) return notRead(opened);
      const { lookAtDisk } = await loading;
      const seen = await lookAtDisk(clock, {
        ...opened.disk,
        ...(account === undefined ? {} : { account }),
        timeoutMillis: deadline - clock.monotonic(),
      });
      if (!seen.ok) return notRead(seen);
      return { evidence: seen.evidence, warnings: seen.warnings, taken: ['--disk'] };
    },
  };
}

function notRead({ problem, advice }: { readonly problem: string; readonly advice: string }) {
  const text = `the disk was not read: ${problem}. ${advice}`;
  return { evidence: {}, warnings: [{ code: 'disk-not-read' as const, text }], taken: [] };
}
