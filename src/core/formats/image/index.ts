/** Disk images, read-only: VHD and VHDX, fixed, dynamic and differencing; everything else is taken for a raw disk. */
export * from '../walker.ts';
export { type Image, type ImageResult, openImage, type ParentLink } from './image.ts';
