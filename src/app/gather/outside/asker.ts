import type { Dialog } from '../../../core/protocol/dialog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ConnectResult } from '../../ports/network.ts';
import type { Lanes } from './lanes.ts';
import type { CredsspProbe, HelloProbe, Probed, StandardProbe } from './probes.ts';

/** So many retries alone that end the same way are taken for the listener's habit. */
const HABIT = 2;

/**
 * Asks over lanes, and asks again what was dropped. "Closed" and "timeout" are not negative facts:
 * a busy listener drops connections that it would take a moment later, so each is retried alone
 * before it is reported.
 */
export class Asker {
  readonly #lanes: Lanes;
  readonly #clock: Clock;
  readonly #end: number;
  #alone: Promise<unknown> = Promise.resolve();
  #deadRetries = 0;
  #lateDrops = 0;

  /** @param end when the whole run must be over, on `Clock.monotonic` */
  constructor(lanes: Lanes, clock: Clock, end: number) {
    this.#lanes = lanes;
    this.#clock = clock;
    this.#end = end;
  }

  /**
   * @param firstLimit how long the first try may take, in milliseconds
   * @returns `undefined` when no connection opened
   */
  async ask<T extends Probed>(
    label: string,
    dialog: () => Dialog<T>,
    firstLimit = Number.POSITIVE_INFINITY,
    opened?: (connect: ConnectResult) => void,
  ): Promise<T | undefined> {
    const left = this.#end - this.#clock.monotonic();
    // A first try may use half of what is left, so that a retry has its chance.
    const deadline = this.#clock.monotonic() + Math.min(firstLimit, left * 0.5);
    const first = await this.#lanes.ask(label, dialog, deadline, opened);
    if (first.connect.state !== 'open' && !this.#lanes.everOpened) return undefined;
    if (first.result !== undefined && !isDropped(first.result)) return first.result;
    return (await this.#again(label, dialog, first.result)) ?? first.result;
  }

  /** Retries one after the other, each when nothing else is under way. */
  #again<T extends Probed>(
    label: string,
    dialog: () => Dialog<T>,
    first: T | undefined,
  ): Promise<T | undefined> {
    const turn = this.#alone.then(async () => {
      await this.#lanes.idle();
      const now = this.#clock.monotonic();
      if (now >= this.#end || this.#isHabit(first)) return undefined;
      const { result } = await this.#lanes.ask(`${label}, alone`, dialog, now + (this.#end - now) * 0.6);
      if (result === undefined || result.negotiation.kind === 'interrupted') this.#deadRetries += 1;
      else if (isDropped(result)) this.#lateDrops += 1;
      return result;
    });
    this.#alone = turn.catch(() => undefined);
    return turn;
  }

  /** Whether retries alone have shown that this is how the listener answers, so that more of them show nothing new. */
  #isHabit(first: Probed | undefined): boolean {
    return first === undefined || first.negotiation.kind === 'interrupted'
      ? this.#deadRetries >= HABIT
      : this.#lateDrops >= HABIT * 2;
  }
}

/** Whether a connection ended without the server's own word on what it was asked. */
export function isDropped(probe: Probed & Partial<StandardProbe & HelloProbe & CredsspProbe>): boolean {
  return (
    probe.negotiation.kind === 'interrupted' ||
    probe.security?.kind === 'interrupted' ||
    probe.tls?.kind === 'interrupted' ||
    probe.secured?.kind === 'closed' ||
    probe.secured?.kind === 'timeout' ||
    probe.challenge?.kind === 'interrupted'
  );
}
