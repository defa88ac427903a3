import { together } from '../../bytes/batched.ts';
import type { Anomaly, Medium, Walker } from '../walker.ts';
import { openVhd } from './vhd.ts';
import { openVhdx } from './vhdx.ts';

/** How a differencing disk names the disk that it builds on. */
export interface ParentLink {
  /** The parent's own identifier; another disk must not be taken for it. */
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
  /** `problem`: lower case, no final stop. */
  | { readonly ok: false; readonly problem: string };

/**
 * Recognises VHDX and VHD; everything else is taken for a raw disk. `parent` is the disk inside the
 * parent image, for a differencing disk whose `parent` link was followed. Without it what stands in
 * the parent cannot be read, and says so. Whether the parent is the right one is for the caller to
 * compare: its `id` against the link's.
 */
export function* openImage(file: Medium, parent?: Medium): Walker<ImageResult> {
  const [vhdx, vhd] = yield* together([openVhdx(file, parent), openVhd(file, parent)]);
  return vhdx ?? vhd ?? { ok: true, image: { container: 'raw', disk: file, id: '', anomalies: [] } };
}
