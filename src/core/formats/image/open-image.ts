import { together } from '../../bytes/batched.ts';
import type { Medium, Walker } from '../walker.ts';
import type { ImageResult } from './image.ts';
import { openVhd } from './vhd.ts';
import { openVhdx } from './vhdx.ts';

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
