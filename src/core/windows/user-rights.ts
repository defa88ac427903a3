import type { Evidence } from '../model/facts.ts';
import { present, unknown } from '../model/observation.ts';
import type { UserRights } from '../model/windows-facts.ts';
import { type InquiryContext, provenance, seekNames, seekNumber } from './answers.ts';
import type { Inquiry } from './inquiry.ts';

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

/** Who may sign in over the network and by Remote Desktop, and who is denied it. Two rounds: the accounts, then their masks. */
export function* inquireUserRights(context: InquiryContext): Inquiry<Evidence> {
  const [listed] = yield [{ kind: 'subkeys', hive: 'SECURITY', key: ACCOUNTS }];
  const accounts = seekNames(listed ?? { state: 'unknown', at: '', why: 'no-channel' });
  if (accounts.state !== 'present') {
    return {
      'user.rights':
        accounts.state === 'unknown'
          ? unknown(accounts.why, accounts.detail)
          : unknown('corrupt', 'the LSA policy lists no accounts'),
    };
  }
  const sids = accounts.value.filter((name) => name.startsWith('S-1-')).slice(0, MOST_ACCOUNTS);
  if (sids.length === 0) return { 'user.rights': unknown('corrupt', 'the LSA policy lists no accounts') };
  const answers = yield sids.map((sid) => ({
    kind: 'value' as const,
    hive: 'SECURITY' as const,
    key: `${ACCOUNTS}\\${sid}\\ActSysAc`,
    name: '',
  }));
  const masks = answers.map(seekNumber);
  // An account whose mask is missing holds privileges only; one whose mask cannot be read could hold anything.
  const blind = masks.find((mask) => mask.state === 'unknown');
  if (blind?.state === 'unknown') return { 'user.rights': unknown(blind.why, blind.detail) };
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
  return { 'user.rights': present(rights, provenance(context, 'user-rights', accounts.at)) };
}
