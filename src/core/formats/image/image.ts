import type { Anomaly, Medium, Walker } from '../walker.ts';
import { openVhd } from './vhd.ts';
import { openVhdx } from './vhdx.ts';

/** How a differencing disk names the disk that it builds on. */
export interface ParentLink {
  /** The parent's own identifier; another disk must not be taken for it. */
  readonly id: string;
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
  /** `problem`: lower case, no final stop. */
  | { readonly ok: false; readonly problem: string };

/**
 * Recognises VHDX and VHD; everything else is taken for a raw disk. `parent` is the disk inside the
 * parent image, for a differencing disk whose `parent` link was followed. Without it what stands in
 * the parent cannot be read, and says so.
 */
export function* openImage(file: Medium, parent?: Medium): Walker<ImageResult> {
  const opened = (yield* openVhdx(file, parent)) ?? (yield* openVhd(file, parent));
  return opened ?? { ok: true, image: { container: 'raw', disk: file, id: '', anomalies: [] } };
}
