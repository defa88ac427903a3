/** Windows registry hives ("regf"), read-only: open one, look things up, list them, and see what a damaged one still holds. */

export { decodeValue, REG, type TypedData } from '../../bytes/registry-data.ts';
export * from '../walker.ts';
export type { Hive } from './hive.ts';
export type { Search } from './keys.ts';
export { type Answer, type Answers, type LookUp, lookUp, type Value } from './look-up.ts';
export { type HiveState, type OpenedHive, type OpenHiveOptions, openHive } from './open-hive.ts';
export { type KeyAnswer, type KeyContents, readKey, readKeySecurity, type ValueHeader } from './read-key.ts';
export { type KeyTree, readSubtree, type SubtreeLimits, type TreeValue } from './read-subtree.ts';
export { readValues } from './read-values.ts';
export {
  type LooseValue,
  type Recovered,
  type RecoveredKey,
  type RecoveredRecords,
  recoverHive,
} from './recover.ts';
export type { LogBudget } from './replay.ts';
