import {
  ALGORITHM_SWITCHES,
  CURVE_LIST_BUILD,
  DEFAULT_CURVES,
  findCurve,
  SUFFIX_CURVES,
  suitesOfWindows,
} from '../knowledge/schannel-suites.ts';
import { findSuite, findSuiteByName, type TlsSuite } from '../knowledge/tls-suites.ts';
import type { AlgorithmOff } from '../model/windows-facts.ts';

/** A suite that Schannel of this Windows uses as a server. */
export interface UsableSuite {
  readonly suite: TlsSuite;
  /** NamedGroups with which it is used, where it needs one. */
  readonly groups: readonly number[];
  /** `windows`: it depends on which Windows this is. `name`: on whether an old one takes it without a curve. */
  readonly doubt?: 'windows' | 'name';
}

/** What is set; what is left out was not read, or is not set. */
export interface SuiteSettings {
  readonly build: number | undefined;
  /** The list that a policy or somebody set; empty where nobody did. */
  readonly list: readonly string[];
  readonly curves: readonly string[];
  readonly off: readonly AlgorithmOff[];
}

/**
 * The suites that are left when the list is cut to what this Windows has and to what is not switched off.
 * Windows 10 and later take the curves from a list of their own; before, they stand behind each suite that
 * needs one (`_P256`), and such a suite without a curve is not a name of that Windows.
 */
export function usableSuites({ build, list, curves, off }: SuiteSettings): readonly UsableSuite[] {
  const rows = suitesOfWindows(build);
  const suffixed = (build ?? CURVE_LIST_BUILD) < CURVE_LIST_BUILD;
  const known = curves.map(findCurve).filter((group) => group !== undefined);
  const listed = curves.length === 0 ? DEFAULT_CURVES : known;
  const entries =
    list.length > 0
      ? list.flatMap((name) => entryOf(name))
      : unique(rows.flatMap((row) => row.byDefault)).flatMap((id) => defaultEntryOf(id));
  return entries.flatMap(({ suite, curve, isDefault }): readonly UsableSuite[] => {
    const having = rows.filter(
      (row) => row.byDefault.includes(suite.id) || (!isDefault && row.also.includes(suite.id)),
    );
    if (having.length === 0 || off.some((one) => isSwitchedOff(suite, one))) return [];
    const needsCurve = /^TLS_(?:ECDHE_|AES_|CHACHA20_)/.test(suite.name);
    const groups = !needsCurve ? [] : suffixed ? (curve === undefined ? SUFFIX_CURVES : [curve]) : listed;
    if (needsCurve && groups.length === 0) return [];
    if (having.length < rows.length) return [{ suite, groups, doubt: 'windows' }];
    const isNamed = !suffixed || !needsCurve || curve !== undefined || isDefault;
    return [isNamed ? { suite, groups } : { suite, groups, doubt: 'name' }];
  });
}

interface Entry {
  readonly suite: TlsSuite;
  readonly curve?: number;
  readonly isDefault: boolean;
}

function entryOf(name: string): readonly Entry[] {
  const [, base = name, bits] = /^(.*?)(?:_P(\d{3}))?$/.exec(name) ?? [];
  const curve = bits === undefined ? undefined : CURVE_BY_BITS.get(bits);
  return entryIfKnown(findSuiteByName(base), { ...(curve === undefined ? {} : { curve }), isDefault: false });
}

const CURVE_BY_BITS: ReadonlyMap<string, number> = new Map([
  ['256', 23],
  ['384', 24],
  ['521', 25],
]);

function defaultEntryOf(id: number): readonly Entry[] {
  return entryIfKnown(findSuite(id), { isDefault: true });
}

function entryIfKnown(suite: TlsSuite | undefined, how: Omit<Entry, 'suite'>): readonly Entry[] {
  return suite === undefined ? [] : [{ suite, ...how }];
}

function isSwitchedOff({ name }: TlsSuite, { folder, name: algorithm }: AlgorithmOff): boolean {
  const found = ALGORITHM_SWITCHES.find((one) => one.folder === folder && one.name === algorithm);
  return found?.suites.test(name) ?? false;
}

function unique(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)];
}
