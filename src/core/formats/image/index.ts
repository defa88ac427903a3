/** Disk images, read-only: VHD and VHDX, fixed, dynamic and differencing; everything else is taken for a raw disk. */
export * from '../walker.ts';
export { type Image, type ImageResult, isDiskId, type ParentLink } from './image.ts';
export { openImage } from './open-image.ts';
