import { together } from '../../bytes/batched.ts';
import type { Medium, Range, ReadResult, Walker } from '../walker.ts';
import { type ForeignImage, recogniseForeign } from './foreign.ts';
import type { ImageResult } from './image.ts';
import { openVhd } from './vhd.ts';
import { openVhdx } from './vhdx.ts';

/**
 * Recognises VHDX and VHD, names what other kinds of image it knows, and takes everything else for a
 * raw disk. `parent` is the disk inside the parent image, for a differencing disk whose `parent` link
 * was followed. Without it what stands in the parent cannot be read, and says so. Whether the parent is
 * the right one is for the caller to compare: its `id` against the link's.
 */
export function* openImage(file: Medium, parent?: Medium): Walker<ImageResult> {
  const [vhdx, vhd, foreign] = yield* together<
    Range,
    ReadResult,
    [ImageResult | undefined, ImageResult | undefined, ForeignImage | undefined]
  >([openVhdx(file, parent), openVhd(file, parent), recogniseForeign(file)]);
  const opened = vhdx ?? vhd;
  if (opened !== undefined) return opened;
  if (foreign !== undefined) {
    const { kind, advice } = foreign;
    return {
      ok: false,
      problem: `it is ${/^[AE]/.test(kind) ? 'an' : 'a'} ${kind} image, which is not supported`,
      advice,
    };
  }
  return { ok: true, image: { container: 'raw', disk: file, id: '', anomalies: [] } };
}
