import { REG_STATUS } from '../../protocol/rpc/winreg-interface.ts';
import type { PlaceQuestion } from '../../windows/inquiry.ts';
import { type Refused, refused } from './refusals.ts';

/** Questions that winreg answers. */
export type RegistryQuestion = Extract<PlaceQuestion, { readonly kind: 'value' | 'values' | 'subkeys' }>;

/** [MS-ERREF] 2.2: the key was deleted while it was looked at. */
const ERROR_KEY_DELETED = 1018;
const ERROR_PATH_NOT_FOUND = 3;

/** A Win32 code of winreg, where it is no success. */
export function ofStatus(what: string, status: number): { readonly kind: 'absent' } | Refused {
  switch (status) {
    case REG_STATUS.ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
      return { kind: 'absent' };
    case REG_STATUS.ERROR_ACCESS_DENIED:
      return refused('denied', `${what}: access denied`);
    case ERROR_KEY_DELETED:
      return refused('corrupt', `${what} was deleted while it was read`);
    default:
      return { ...refused('corrupt', `${what}: the registry answers with error ${status}`), status };
  }
}
