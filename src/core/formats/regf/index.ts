/** Windows registry hives ("regf"), read-only: open one, look things up, list them, and see what a damaged one still holds. */
export type { Anomaly, Medium, ReadResult, Walker } from '../walker.ts';
export type { Hive } from './hive.ts';
export { type Answer, type Answers, type LookUp, lookUp, type Value } from './look-up.ts';
export { type HiveState, type OpenedHive, type OpenHiveOptions, openHive } from './open-hive.ts';
export { decodeValue, REG, type TypedData } from './value-data.ts';
