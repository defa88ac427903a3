import type { Anomaly, Medium } from '../walker.ts';

/** How a differencing disk names the disk that it builds on. */
export interface ParentLink {
  /** The parent's own identifier; another disk must not be taken for it, nor any where this is none (`isDiskId`). */
  readonly id: string;
  /** Another one that it may have instead: a merge was under way. */
  readonly otherId?: string;
  /** Paths as the image gives them, relative ones first. */
  readonly names: readonly string[];
}

/** A disk image of any kind, opened. */
export interface Image {
  /** In words: `raw`, `VHD, dynamic`, `VHDX, fixed, its log replayed`. */
  readonly container: string;
  /** The disk inside. */
  readonly disk: Medium;
  /** Identifier that a child names it by; empty for a raw disk. */
  readonly id: string;
  readonly parent?: ParentLink;
  readonly anomalies: readonly Anomaly[];
}

export type ImageResult =
  | { readonly ok: true; readonly image: Image }
  /** `problem`: lower case, no final stop. `advice`: a sentence on what to do, where there is one. */
  | { readonly ok: false; readonly problem: string; readonly advice?: string };

/** Whether this is an identifier at all: nothing and all zeros are what every disk without one has. */
export function isDiskId(id: string): boolean {
  return /[1-9a-f]/i.test(id);
}
