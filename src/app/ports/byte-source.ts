import type { Range, ReadResult } from '../../core/formats/walker.ts';

/** A disk image where it lies: a local file, a device, a blob behind an HTTPS URL. */
export interface ByteSource {
  /** How it may be shown and logged: no signature of a URL is in it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * One result a range, in their order, fetched side by side. Never rejects because of what the
   * source does. A range that reaches past the end gives what there is.
   */
  read(ranges: readonly Range[]): Promise<readonly ReadResult[]>;
  /** What reading has cost so far. */
  readonly cost: SourceCost;
  close(): Promise<void>;
}

export interface SourceCost {
  /** Bytes that were transferred. */
  readonly bytes: number;
  /** Requests or system calls. */
  readonly requests: number;
  /** Batches that waited for the one before: round trips that depended on each other. */
  readonly rounds: number;
}

export type OpenedSource =
  | { readonly ok: true; readonly source: ByteSource }
  /** `problem`: lower case, no final stop. `advice`: a sentence on what to do. */
  | { readonly ok: false; readonly problem: string; readonly advice: string };
