/** NTFS volumes, read-only: find files by path, list directories, read data as it is stored. */

export * from '../walker.ts';
export type { Entry } from './directory.ts';
export { type NtfsFile, type OpenedFile, openFile } from './file.ts';
export {
  type FoundFile,
  type FoundFiles,
  findFiles,
  type ListedDirectory,
  type Lookup,
  listDirectory,
} from './find-files.ts';
export { type OpenedVolume, openVolume } from './open-volume.ts';
export { readSecurityDescriptor, type SecurityDescriptor } from './security.ts';
export type { Volume } from './volume.ts';
