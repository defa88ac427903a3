import type { Dialog, Interruption } from '../../../core/protocol/dialog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ConnectResult } from '../../ports/network.ts';
import type { Lanes } from './lanes.ts';
import type { CredsspProbe, HelloProbe, Probed, StandardProbe } from './probes.ts';

/**
 * Part of the time left that a first try may take, so that a retry has its chance, and that a retry
 * may take, so that the next one has. Half of ten seconds is five round trips of almost a second.
 */
const FIRST_SHARE = 0.5;
const RETRY_SHARE = 0.6;

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
  readonly #patience: number;
  #deadRetries = 0;
  #lateDrops = 0;

  /**
   * @param end when the whole run must be over, on `Clock.monotonic`
   * @param patience how many milliseconds one try may take at most
   */
  constructor(lanes: Lanes, clock: Clock, end: number, patience = Number.POSITIVE_INFINITY) {
    this.#lanes = lanes;
    this.#clock = clock;
    this.#end = end;
    this.#patience = patience;
  }

  /** @returns `undefined` when nothing was asked, or no connection opened */
  async ask<T extends Probed>(
    label: string,
    dialog: () => Dialog<T>,
    opened?: (connect: ConnectResult) => void,
  ): Promise<T | undefined> {
    const { result } = await this.#lanes.ask(label, dialog, this.#within(FIRST_SHARE), opened);
    if (result !== undefined && !isDropped(result)) return result;
    // Where no connection has ever opened there is nobody to ask again.
    if (!this.#lanes.everOpened) return undefined;

    let tried = false;
    const again = await this.#lanes.askAlone(`${label}, alone`, dialog, () => {
      tried = !this.#isHabit(result);
      return tried ? this.#within(RETRY_SHARE) : undefined;
    });
    if (tried) this.#remember(again.result);
    return further(result, again.result);
  }

  /** Asks once, while nothing else is under way; what is dropped then is not asked again. */
  async askOnce<T>(label: string, dialog: () => Dialog<T>): Promise<T | undefined> {
    const { result } = await this.#lanes.askAlone(label, dialog, () => this.#within(FIRST_SHARE));
    return result;
  }

  #within(share: number): number {
    const now = this.#clock.monotonic();
    return now + Math.min(this.#patience, (this.#end - now) * share);
  }

  #remember(retried: Probed | undefined): void {
    if (retried === undefined || retried.negotiation.kind === 'interrupted') this.#deadRetries += 1;
    else if (isDropped(retried)) this.#lateDrops += 1;
  }

  /** Whether retries alone have shown that this is how the listener answers, so that more of them show nothing new. */
  #isHabit(first: Probed | undefined): boolean {
    return first === undefined || first.negotiation.kind === 'interrupted'
      ? this.#deadRetries >= HABIT
      : this.#lateDrops >= HABIT * 2;
  }
}

/** The retry, unless it came less far than the first try: what that one has learned is not lost. */
function further<T extends Probed>(first: T | undefined, again: T | undefined): T | undefined {
  if (again === undefined) return first;
  return again.negotiation.kind === 'interrupted' ? (first ?? again) : again;
}

/** Whether a connection ended without the server's own word on what it was asked. */
export function isDropped(probe: Probed & Partial<StandardProbe & HelloProbe & CredsspProbe>): boolean {
  return (
    probe.negotiation.kind === 'interrupted' ||
    probe.security?.kind === 'interrupted' ||
    probe.tls?.kind === 'interrupted' ||
    (probe.tls?.kind === 'hello' && isSilence(probe.tls.by)) ||
    probe.secured?.kind === 'closed' ||
    probe.secured?.kind === 'timeout' ||
    probe.challenge?.kind === 'interrupted'
  );
}

function isSilence(by: Interruption | undefined): boolean {
  return by?.kind === 'closed' || by?.kind === 'timeout';
}
