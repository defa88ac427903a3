/** Partition tables, read-only: MBR with logical partitions, GPT with its backup; and what kind of volume a partition holds. */
export {
  type Anomaly,
  bottom,
  type Medium,
  type Range,
  type ReadResult,
  readAt,
  slice,
  type Walker,
  walkBytes,
} from '../walker.ts';
export { recogniseVolume, type VolumeKind } from './boot-sector.ts';
export { type Partition, type PartitionTable, readPartitions } from './partitions.ts';
