import type { Evidence } from '../../core/model/facts.ts';
import type { UnknownWhy } from '../../core/model/observation.ts';
import type { Warning } from '../../core/model/report.ts';
import type { InquiryContext } from '../../core/windows/answers.ts';
import type { Inquiry } from '../../core/windows/inquiry.ts';

/** What is asked of a machine, made for whoever carries it: the facts say by which channel they came, and when. */
export type Inquiries = (
  context: Pick<InquiryContext, 'channel' | 'observedAt'>,
) => readonly Inquiry<Evidence>[];

/** A way to a running Windows machine: RPC over SMB, SSH, the answers that a person brought. */
export interface Machine {
  /**
   * Opens the way, has the inquiries answered side by side, closes it. Once.
   * INVARIANT: nothing that the machine does rejects the promise.
   * @param deadline when to be done, on `Clock.monotonic`; what is not answered then is left out of `parts`
   */
  inquire(inquiries: Inquiries, deadline: number): Promise<MachineSeen>;
}

export type MachineSeen =
  | {
      readonly ok: true;
      /** What each inquiry brought, in their order; `undefined`: it was not done in time. */
      readonly parts: readonly (Evidence | undefined)[];
      readonly warnings: readonly Warning[];
    }
  /** It was not reached. `problem`: lower case, no final stop. `advice`: a sentence. */
  | {
      readonly ok: false;
      readonly why: UnknownWhy;
      readonly problem: string;
      readonly advice: string;
    };
