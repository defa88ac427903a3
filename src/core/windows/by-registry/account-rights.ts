import type { UserRights } from '../../model/windows-facts.ts';
import { NO_ANSWER, seekNames, seekNumber } from '../answers.ts';
import type { Answer, Inquiry, PlaceQuestion } from '../inquiry.ts';

const ACCOUNTS = 'Policy\\Accounts';

/** Accounts with rights of their own are a few dozen; a damaged hive must not make it thousands. */
const MOST_ACCOUNTS = 1000;

/** Bits of ActSysAc, the system access mask of an LSA account ([MS-LSAD] 2.2.1.2 and 3.1.1.2.1). */
const BIT = {
  network: 0x2,
  denyNetwork: 0x80,
  remoteInteractive: 0x400,
  denyRemoteInteractive: 0x800,
} as const;

/** Two rounds: the accounts that the LSA policy has, then the mask of each. */
export function* accountRightsByRegistry(): Inquiry<Answer, PlaceQuestion> {
  const [listed = NO_ANSWER] = yield [{ kind: 'subkeys', hive: 'SECURITY', key: ACCOUNTS }];
  const accounts = seekNames(listed);
  if (accounts.state === 'unknown') return { ...accounts, at: listed.at };
  const sids =
    accounts.state === 'absent'
      ? []
      : accounts.value.filter((name) => name.startsWith('S-1-')).slice(0, MOST_ACCOUNTS);
  if (sids.length === 0) {
    return { state: 'unknown', at: listed.at, why: 'corrupt', detail: 'the LSA policy lists no accounts' };
  }
  const answers = yield sids.map((sid) => ({
    kind: 'value' as const,
    hive: 'SECURITY' as const,
    key: `${ACCOUNTS}\\${sid}\\ActSysAc`,
    name: '',
  }));
  const masks = answers.map(seekNumber);
  // An account whose mask is missing holds privileges only; one whose mask cannot be read could hold anything.
  const blind = masks.find((mask) => mask.state === 'unknown');
  if (blind?.state === 'unknown') return { ...blind, at: listed.at };
  const holders = (bit: number): readonly string[] =>
    sids.filter((_, index) => {
      const mask = masks[index];
      return mask?.state === 'present' && (mask.value & bit) !== 0;
    });
  const rights: UserRights = {
    remoteInteractive: holders(BIT.remoteInteractive),
    network: holders(BIT.network),
    denyRemoteInteractive: holders(BIT.denyRemoteInteractive),
    denyNetwork: holders(BIT.denyNetwork),
  };
  return { state: 'present', at: listed.at, value: { kind: 'account-rights', rights } };
}
