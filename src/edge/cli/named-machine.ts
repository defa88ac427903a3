import type { Attempts } from '../../app/attempts.ts';
import type { MachineToAsk } from '../../app/gather/machine/vantage.ts';
import type { OutsidePorts } from '../../app/gather/outside/look.ts';
import type { NamedUser } from '../../core/model/cause.ts';
import type { Transcript } from '../network/transcript.ts';

/** A way to the running machine that was named. */
export interface NamedMachine {
  /** The machine, as the report names it. */
  readonly name: string;
  /**
   * Makes it ready to be asked. Where a person has to be asked on the way it is connected at once, so that
   * their answers cost no time of the run.
   * @param account the account that cannot sign in, where it was named
   * @param millis for connecting, without a person's answers
   */
  ready(
    ports: OutsidePorts & { readonly transcript: Transcript },
    attempts: Attempts,
    account: NamedUser | undefined,
    millis: number,
  ): Promise<MachineToAsk>;
}
