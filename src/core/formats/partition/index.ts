/** Partition tables, read-only: MBR with logical partitions, GPT with its backup; and what kind of volume a partition holds. */
export * from '../walker.ts';
export { recogniseVolume, type VolumeKind } from './boot-sector.ts';
export { type Partition, type PartitionTable, readPartitions } from './partitions.ts';
